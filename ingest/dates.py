"""Years from the words of a catalogue: "c. 3400-2900 BC", "2. halvdel af 3. årh. e.Kr.", "Vikingetid"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from ingest.periods import SOUTHERN_SCANDINAVIA, Periods, Span

OPEN_YEARS = 100
"""How many years "before 1200" and "after 300 BC" are taken to reach."""

LAST_YEAR = 2100
_FIRST_BARE_YEAR = 100
_OLDEST = 5_000_000


def parse_years(text: str, periods: Periods = SOUTHERN_SCANDINAVIA) -> Span | None:
    """
    First and last year that a dating in English, Danish or German means; None where any of it is not understood.

    Years before Christ are negative. There is no year 0: the 1st century BC is -100 to -1, the 1st century AD 1 to 100.
    What it chooses where words leave a choice (both bounds included):

    - A century without an era is AD; a millennium from the 3rd on without one is BC.
    - "1800s" and "1700-tallet" are a hundred years from 1800 and 1700, "1880s" and "1880erne" ten.
    - "early", "mid" and "late" are thirds; halves, thirds and quarters are exact.
    - "before 1200" is the hundred years up to 1200, "after 300 BC" the hundred years from then.
    - "4500 BP", calibrated or not, is 1950 less 4500. "Around" and "probably" change nothing.
    - Bare years are AD, from 100 on. A pair that may be shortened or not ("480-70 BC"), and a descending pair without
      an era ("490-480"), say nothing.
    - "Early" and "late" before a period that the table does not have by that name leave the whole period.
    - Several datings are joined; where one lies inside the others, it holds ("19th century (1850-1860)").

    Args:
        periods: years by the name of the period, in lower case.
    """
    lexicon = _lexicon(tuple(periods.items()))
    spans: list[Span] = []
    for part in re.split(r"[;()\[\]\n]|,(?!\d{3}(?!\d))|:(?=\s)", _plain(text)):
        tokens, unknown = _tokens(part, lexicon)
        span = None if unknown else _span_of(tokens)
        if span is not None:
            spans.append(span)
        elif any(token.kind != "sep" for token in tokens) or re.search(r"\d", part):
            return None  # about the date, and not understood; a part that names a ruler or a place is passed over
    if not spans:
        return None
    inner = max(low for low, _ in spans), min(high for _, high in spans)
    return inner if inner in spans else (min(low for low, _ in spans), max(high for _, high in spans))


# ------------------------------------------------------------------ words to tokens

Kind = Literal[
    "number", "ordinal", "tens", "era", "unit", "third", "part", "sep", "open", "from", "after", "period", "noise"
]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    value: Any = None
    signed: bool = False


_WORDS: dict[tuple[Kind, Any], str] = {
    ("era", "BC"): """b c | b c e | bc | bce | before christ | f kr | fkr | f v t | fvt | før kristus |
        før kristi fødsel | v chr | v u z | vor christus | vor christi geburt""",
    ("era", "AD"): """a d | ad | c e | ce | anno domini | e kr | ekr | e v t | evt | efter kristus |
        efter kristi fødsel | n chr | n u z | nach christus | nach christi geburt""",
    ("era", "BP"): "b p | bp | before present | før nutid",
    ("unit", 100): """century | centuries | cent | cents | cen | århundrede | århundreder | århundredet |
        århundredes | århundredets | årh | jahrhundert | jahrhunderte | jahrhunderts | jahrh | jh | jhs | jhdt | jhd""",
    ("unit", 1000): """millennium | millennia | millenium | mill | årtusinde | årtusinder | årtusindet | årtusind |
        årt | jahrtausend | jahrtausends | jahrtausende | jtsd | jt""",
    ("part", 2): "half | halvdel | hälfte | h",
    ("third", None): "third",
    ("part", 3): "tredjedel | drittel",
    ("part", 4): "quarter | fjerdedel | viertel",
    ("part", "last"): "last | final | sidste | letzte | letzter | letztes | letzten",
    ("part", "early"): """early | earlier | earliest | beginning | beg | start | tidlig | tidligt | tidlige |
        tidligere | begyndelsen | begyndelse | ældre | older | früh | früher | frühe | frühes | frühen | anfang |
        anf | ältere""",
    ("part", "mid"): "mid | middle | midt | midten | medio | mitte | mittleres | mittleren",
    ("part", "late"): """late | later | latest | end | sen | sent | sene | slutningen | slutning | slut | yngre |
        younger | spät | später | späte | spätes | späten | ende | jüngere""",
    ("sep", None): "to | til | bis | through | and | og | und | or | eller | oder",
    ("from", None): "from | between | fra | mellem | von | zwischen | vom",
    ("open", "before"): """before | prior to | pre | ante | terminus ante quem | taq | not after | not later than |
        no later than | by | until | till | predates | før | inden | senest | indtil | vor | spätestens""",
    ("open", "after"): """after | post | terminus post quem | tpq | not before | not earlier than | no earlier than |
        since | efter | siden | tidligst | nach | seit | ab | frühestens""",
    ("after", "after"): """or later | or after | and later | and after | onward | onwards | and on | ff |
        eller senere | og senere | og frem | og fremefter | eller efter | oder später | und später""",
    ("after", "before"): """or earlier | or before | and earlier | eller tidligere | og tidligere | eller før |
        oder früher""",
    ("noise", None): """circa | ca | c | o | around | about | approximately | approx | roughly | omkring | omk |
        cirka | um | etwa | gegen | probably | prob | possibly | poss | perhaps | likely | presumably | most likely |
        formentlig | sandsynligvis | muligvis | måske | vist | vermutlich | wahrscheinlich | wohl | vielleicht |
        cal | uncal | calibrated | the | of | in | a | is | det | den | i | af | des | der | im | dem | das | die |
        year | years | år | året | årene | jahr | jahre | jahren | anno |
        date | dated | dates | dating | dat | dateret | datering | datiert | datierung |
        made | manufactured | executed | produced | designed | modeled | modelled | cast | painted | printed |
        published | carved | woven | built | fremstillet | produceret | trykt | hergestellt | gedruckt |
        period | periode | era | culture | kultur""",
}
_ORDINALS = """first første erste | second anden andet zweite | tredje dritte | fourth fjerde vierte |
    fifth femte fünfte | sixth sjette sechste | seventh syvende siebte | eighth ottende achte | ninth niende neunte |
    tenth tiende zehnte | eleventh ellevte elfte | twelfth tolvte zwölfte | thirteenth trettende |
    fourteenth fjortende | fifteenth femtende | sixteenth sekstende | seventeenth syttende | eighteenth attende |
    nineteenth nittende | twentieth tyvende | twenty-first"""
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
_MONTHS = """january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|
    marts|maj|juni|juli|oktober|dezember|märz|mai|jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec|dez"""

_Lexicon = Mapping[tuple[str, ...], _Token]


@lru_cache(maxsize=16)
def _lexicon(periods: tuple[tuple[str, Span], ...]) -> _Lexicon:
    """Every phrase that is understood, as words, with its meaning."""
    found: dict[tuple[str, ...], _Token] = {}
    for (kind, value), phrases in _WORDS.items():
        for phrase in phrases.split("|"):
            found[tuple(phrase.split())] = _Token(kind, value)
    for number, words in enumerate(_ORDINALS.split("|"), 1):
        for word in words.split():
            # German ordinals are inflected: "zweites", "zweiter", "zweiten".
            for form in (word, f"{word}s", f"{word}r", f"{word}n") if word.endswith("te") else (word,):
                found[tuple(_split(form))] = _Token("ordinal", number)
    found.update({(word,): _Token("ordinal", number) for number, word in enumerate(_ROMAN.split(), 2)})
    for name, span in periods:
        found[tuple(_split(_plain(name)))] = _Token("period", span)
    return found


def _plain(text: str) -> str:
    """Lower case, one kind of dash and apostrophe, days and months left out of dates."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = re.sub("[‐‑‒–—―−]", "-", text)
    text = re.sub("[’‘`´]", "'", text).replace("+/-", "±")
    text = re.sub(r"(?<!\d)(\d{4})-\d{2}-\d{2}(?!\d)(?:t[\d:.]+z?)?", r"\1", text)
    text = re.sub(r"(?<![\d.])\d{1,2}[./]\s?\d{1,2}[./]\s?(?=\d{4}(?!\d))", "", text)
    months = re.sub(r"\s", "", _MONTHS)
    text = re.sub(rf"(?<!\w)(?:{months})\.? \d{{1,2}}(?:st|nd|rd|th)?, (?=\d{{4}}(?!\d))", "", text)
    return re.sub(rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|\.)? )?(?:{months})\.? (?=\d{{4}}(?!\d))", "", text)


_WORD = re.compile(
    r"""
      \d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)                                      # 12,500
    | \d{2,4}(?:\ ?'?s|\ ?'?er(?:ne)?(?:[\ -]år(?:ene)?|[\ ]jahren?)?|-?tal(?:let)?)(?![^\W\d_])   # 1880s, 1700-tallet
    | \d+(?:st|nd|rd|th|de|te)(?![^\W\d_])                                    # 5th
    | \d{1,2}\.(?!\d)                                                         # 5.
    | (?<![^\s/-])-\d+                                                        # -490
    | \d+ | [^\W\d_]+ | [-/&±]
    | [.?*"'~\s]                                                              # says nothing
    | .
    """,
    re.VERBOSE,
)


def _split(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in "?*\"'~." and not word.isspace()]


def _tokens(part: str, lexicon: _Lexicon) -> tuple[list[_Token], bool]:
    """The tokens of a part, and whether some of it is unknown."""
    words = _split(part.strip(" ."))
    found: list[_Token] = []
    unknown = False
    at = 0
    while at < len(words):
        for length in range(min(6, len(words) - at), 0, -1):
            token = lexicon.get(tuple(words[at : at + length])) if length > 1 else _one(words[at], lexicon)
            if token is not None:
                break
        else:
            unknown, length, token = True, 1, _Token("noise")
        if words[at] == "c" and length == 1 and found and found[-1].kind == "ordinal":
            token = _Token("unit", 100)  # "5th c."
        found.append(token)
        at += length
    return list(_tidied(found)), unknown


def _one(word: str, lexicon: _Lexicon) -> _Token | None:
    """What one word means."""
    if word in ("-", "/", "&"):
        return _Token("sep", word)
    if word == "±":
        return _Token("sep", "±")
    digits = re.match(r"-?\d+", word)
    if not digits:
        return lexicon.get((word,))
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", word):
        return _Token("number", int(re.sub("[.,]", "", word)))
    if word.startswith("-"):
        return _Token("number", -int(word[1:]), signed=True)
    rest = word[digits.end() :]
    kind: Kind = "number" if not rest else "ordinal" if rest in (".", "st", "nd", "rd", "th", "de", "te") else "tens"
    return _Token(kind, int(digits[0]))


def _tidied(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Without noise and the dashes inside compounds ("mid-19th-century", "pre-1850"); "third" as what it stands for."""
    kept = [token for token in tokens if token.kind != "noise"]
    before: _Token | None = None
    for position, token in enumerate(kept):
        after = kept[position + 1] if position + 1 < len(kept) else None
        if token.kind == "third":
            counted = before is not None and (before.kind == "ordinal" or before == _Token("part", "last"))
            token = _Token("part", 3) if counted else _Token("ordinal", 3)
        elif token == _Token("sep", "-") and before is not None and after is not None:
            compound = (
                before.kind == "open"
                or (before.kind == "part" and after.kind != "part")
                or after.kind in ("unit", "sep")
            )
            if compound:
                continue
        before = token
        yield token


# ------------------------------------------------------------------ tokens to years


@dataclass(frozen=True, slots=True)
class _Point:
    """One end of a dating, with what it may take from its neighbour."""

    number: int | None = None
    kind: Literal["number", "ordinal", "tens", "period"] | None = None
    unit: int = 1
    era: str = ""
    era_first: bool = False
    signed: bool = False
    share: tuple[int, int] | None = None
    span: Span | None = None


def _span_of(tokens: Sequence[_Token]) -> Span | None:
    """The years of one dating; None where the tokens make no sense together."""
    tokens = list(tokens)
    open_end = ""
    if tokens and tokens[0].kind == "open":
        open_end = tokens.pop(0).value
    elif tokens and tokens[-1].kind == "after":
        open_end = tokens.pop().value
    elif len(tokens) > 1 and tokens[-1] == _Token("sep", "-"):
        tokens.pop()
        open_end = "after"
    began = bool(tokens) and tokens[0].kind == "from"
    if began:
        tokens.pop(0)
    groups = _groups(tokens)
    if groups is None:
        return None
    points = [_point(group) for group, _ in groups]
    if any(point is None for point in points):
        return None
    known = [point for point in points if point is not None]
    if len(known) == 1:
        span = _years(known[0])
        if span is None:
            return None
        return _opened(span, open_end or "after") if open_end or began else span
    joints = [joint for _, joint in groups[1:]]
    return None if open_end else _between(known, joints)


def _groups(tokens: Sequence[_Token]) -> list[tuple[list[_Token], Any]] | None:
    """The tokens between separators, each with the separator before it; None where one stands at an end."""
    groups: list[tuple[list[_Token], Any]] = [([], None)]
    for token in tokens:
        if token.kind == "sep":
            groups.append(([], token.value))
        elif token.signed and groups[-1][0] and groups[-1][0][-1].kind == "number":
            # "1850 -1860": the dash belongs between the two, unless the first is before Christ by its own sign.
            if groups[-1][0][-1].signed:
                return None
            groups.append(([_Token("number", -token.value)], "-"))
        else:
            groups[-1][0].append(token)
    return groups if all(group for group, _ in groups) else None


def _point(tokens: Sequence[_Token]) -> _Point | None:
    """What the words between two separators say; None where they say it twice or in no possible order."""
    point = _Point()
    pending: list[_Token] = []
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.kind == "part":
            share = _share(pending.pop() if pending else None, token)
            if share is None and token.value == "last" and following is not None and following.kind == "part":
                pending.append(token)
            elif share is None or point.share is not None or pending:
                return None
            else:
                point = replace(point, share=share)
        elif token.kind == "ordinal" and following is not None and following.kind == "part":
            pending.append(token)
        elif token.kind in ("number", "ordinal", "tens") and point.kind is None:
            point = replace(point, number=token.value, kind=token.kind, signed=token.signed)
        elif token.kind == "period" and point.kind is None:
            point = replace(point, span=token.value, kind="period")
        elif token.kind == "unit" and point.unit == 1 and point.kind in ("number", "ordinal"):
            point = replace(point, unit=token.value)
        elif token.kind == "era" and not point.era:
            point = replace(point, era=token.value, era_first=point.kind is None)
        else:
            return None
    return None if pending else point


def _share(before: _Token | None, token: _Token) -> tuple[int, int] | None:
    """Which of how many equal parts: "early" is the first of three, "2nd half" the second of two."""
    named = {"early": (1, 3), "mid": (2, 3), "late": (3, 3)}
    if token.value in named:
        return named[token.value] if before is None else None
    if before is None or token.value == "last":
        return None
    which = token.value if before.value == "last" else before.value
    return (which, token.value) if 1 <= which <= token.value else None


def _between(points: list[_Point], joints: list[Any]) -> Span | None:
    """The years from the first to the last of several points, which share what only one of them says."""
    if "±" in joints:
        return _measured(points, joints)
    for at in range(len(points) - 2, -1, -1):
        points[at] = _completed(points[at], points[at + 1])
    for at in range(1, len(points)):
        before, point = points[at - 1], points[at]
        if not point.era and not point.signed and before.era:
            if not before.era_first:
                return None  # "100 BC - 50": before Christ or after?
            points[at] = point = replace(point, era=before.era)
        if before.signed and not point.signed and not point.era and joints[at - 1] == "-":
            return None
        shortened = _shortened(before, point)
        if shortened is None:
            return None
        points[at] = replace(point, number=shortened) if point.kind != "period" else point
    spans = [_years(point) for point in points]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return None
    descending = any(later[1] < earlier[0] for earlier, later in pairwise(known))
    if descending and not all(point.era in ("BC", "BP") for point in points):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _completed(point: _Point, right: _Point) -> _Point:
    """A point with what it leaves to the one on its right: "early" to "mid 5th century BC"."""
    if point.kind is None and right.kind == "period":
        return point  # "older/younger Bronze Age" names two periods of which only one is known
    if point.kind is None:
        era = point.era or right.era
        return replace(right, share=point.share, era=era, era_first=point.era_first)
    if point.unit == 1 and right.unit > 1 and (point.kind == "ordinal" or (point.number or 0) <= 40):
        point = replace(point, unit=right.unit)
    if not point.era and not point.signed and right.era and not right.era_first:
        point = replace(point, era=right.era)
    return point


def _shortened(before: _Point, point: _Point) -> int | None:
    """The year meant by the second of a pair: 59 after 1653 is 1659; None where it may be either or neither."""
    number, first = point.number or 0, before.number or 0
    plain = before.kind in ("number", "tens") and point.kind in ("number", "tens") and before.unit == point.unit == 1
    if not plain or point.signed or before.signed or before.era != point.era or number >= first or number < 0:
        return number
    width = 10 ** len(str(number))
    full = first // width * width + number
    if point.era in ("BC", "BP"):
        return None if width * 10 <= first * 10 and full < first and width <= first else number
    return full if full > first else None


def _measured(points: list[_Point], joints: list[Any]) -> Span | None:
    """A radiocarbon age with its error: "4500 ± 50 BP"."""
    if joints != ["±"] or points[1].era != "BP" or any(point.kind != "number" for point in points):
        return None
    age, error = points[0].number or 0, points[1].number or 0
    return _ordered(_before_present(age + error), _before_present(age - error)) if 0 < error < age else None


# ------------------------------------------------------------------ years


def _years(point: _Point) -> Span | None:
    """The years of one point that says everything it needs."""
    if point.kind == "period":
        return point.span if not point.era and point.unit == 1 else None
    if point.kind is None or point.number is None:
        return None
    number = point.number
    if point.kind == "tens":
        span = _tens(number, point.era)
    elif point.unit > 1:
        span = _hundreds(number, point.unit, point.era)
    elif point.kind == "ordinal":
        return None
    else:
        span = _year(number, point)
    if span is None or point.share is None or span[0] == span[1]:
        return span
    return _part(span, *point.share)


def _year(number: int, point: _Point) -> Span | None:
    if point.signed:
        return (number, number) if not point.era and -_OLDEST <= number < 0 else None
    if point.era == "BP":
        year = _before_present(number)
        return (year, year) if 0 < number <= _OLDEST else None
    if point.era == "BC":
        return (-number, -number) if 0 < number <= _OLDEST else None
    first = 1 if point.era == "AD" else _FIRST_BARE_YEAR
    return (number, number) if first <= number <= LAST_YEAR else None


def _before_present(age: int) -> int:
    return 1950 - age or -1


def _tens(number: int, era: str) -> Span | None:
    if number < 100 or number % 10 or number > LAST_YEAR or era == "BP":
        return None
    last = number + (99 if number % 100 == 0 else 9)
    return (-last, -number) if era == "BC" else (number, last)


def _hundreds(number: int, unit: int, era: str) -> Span | None:
    """The span of a century or millennium by its ordinal."""
    if not era and unit == 1000:
        if number < 3:
            return None  # the 2nd millennium before Christ or after?
        era = "BC"
    last = number * unit
    if era == "BC":
        return (-last, -last + unit - 1) if 0 < last <= _OLDEST else None
    return (last - unit + 1, last) if 0 < last <= max(LAST_YEAR, 3000 if unit == 1000 else 0) and era != "BP" else None


def _part(span: Span, which: int, parts: int) -> Span:
    """One of several equal parts of a span."""
    low, high = map(_on_line, span)
    length = high - low + 1
    return _off_line(low + round(length * (which - 1) / parts)), _off_line(low + round(length * which / parts) - 1)


def _opened(span: Span, end: str) -> Span:
    if end == "before":
        return _off_line(_on_line(span[0]) - OPEN_YEARS), span[0]
    return span[1], min(_off_line(_on_line(span[1]) + OPEN_YEARS), max(LAST_YEAR, span[1]))


def _on_line(year: int) -> int:
    """Years on a line without a gap: 1 BC is 0."""
    return year if year > 0 else year + 1


def _off_line(position: int) -> int:
    return position if position > 0 else position - 1


def _ordered(one: int, other: int) -> Span:
    return min(one, other), max(one, other)
