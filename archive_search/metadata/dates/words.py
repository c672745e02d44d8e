"""The words of datings in English, Danish, German, French and Dutch, as tokens."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from archive_search.metadata.dates.periods import Span

Kind = Literal[
    "number", "ordinal", "tens", "era", "unit", "third", "part",
    "sep", "open", "from", "onward", "period", "again", "name", "noise",
]  # fmt: skip
"""
What a word is in a dating: 1850, 5th, 1880s, BC, century, "third" (an ordinal or a part), early or half; a word between
two points, before, from, "or later", Bronze Age, "reprinted", "period II" (a name of which no table knows the years),
and what changes nothing.
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or phrase of a dating; a signed number had its own minus."""

    kind: Kind
    value: Any = None
    signed: bool = False


# What a key means, then the phrases for it: English, Danish, German, French, Dutch.
_WORDS: list[tuple[Kind, Any, str]] = [
    ("era", "BC", "b c | b c e | bc | bce | before christ"),
    ("era", "BC", "f kr | fkr | f v t | fvt | før kristus | før kristi fødsel"),
    ("era", "BC", "v chr | v u z | vor christus | vor christi geburt"),
    ("era", "BC", "av j - c | av j c | av jc | avant j - c | avant j c | avant jc | avant jésus - christ | av n è"),
    ("era", "BC", "avant notre ère | voor chr | voor christus | v g t | v o j"),
    ("era", "AD", "a d | ad | c e | ce | anno domini"),
    ("era", "AD", "e kr | ekr | e v t | evt | efter kristus | efter kristi fødsel"),
    ("era", "AD", "n chr | n u z | nach christus | nach christi geburt"),
    ("era", "AD", "ap j - c | ap j c | ap jc | apr j - c | apr j c | apr jc | après j - c | après j c | après jc"),
    ("era", "AD", "après jésus - christ | de notre ère | na chr | na christus"),
    ("era", "BP", "b p | bp | before present | før nutid"),
    ("unit", 100, "century | centuries | cent | cents | cen"),
    ("unit", 100, "århundrede | århundreder | århundredet | århundredes | århundredets | årh"),
    ("unit", 100, "jahrhundert | jahrhunderte | jahrhunderts | jahrh | jh | jhs | jhdt | jhd"),
    ("unit", 100, "siècle | siècles | siecle | eeuw | eeuwen"),
    ("unit", 1000, "millénaire | millénaires | millenaire"),
    ("unit", 1000, "millennium | millennia | millenium | mill"),
    ("unit", 1000, "årtusinde | årtusinder | årtusindet | årtusind | årt"),
    ("unit", 1000, "jahrtausend | jahrtausends | jahrtausende | jtsd | jt"),
    ("part", 2, "half | halvdel | hälfte | h"),
    ("part", 2, "moitié | helft"),
    ("third", None, "third"),
    ("part", 3, "tredjedel | drittel | tiers"),
    ("part", 4, "quarter | quarters | fjerdedel | viertel | quart | kwart"),
    ("part", "last", "last | final | sidste | letzte | letzter | letztes | letzten"),
    ("part", "early", "early | earlier | earliest | beginning | beg | start | older"),
    ("part", "early", "tidlig | tidligt | tidlige | tidligere | begyndelsen | begyndelse | ældre"),
    ("part", "early", "früh | früher | frühe | frühes | frühen | anfang | anf | ältere"),
    ("part", "early", "début | begin | vroeg | vroege"),
    ("part", "mid", "milieu | midden"),
    ("part", "late", "fin | eind | einde | laat | late"),
    ("part", "mid", "mid | middle | midt | midten | medio | mitte | mittleres | mittleren"),
    ("part", "late", "late | later | latest | end | younger"),
    ("part", "late", "sen | sent | sene | slutningen | slutning | slut | yngre"),
    ("part", "late", "spät | später | späte | spätes | späten | ende | jüngere"),
    ("sep", "to", "to | through | til | bis | à | au | tot"),
    ("sep", "and", "and | or | og | eller | und | oder | et | ou | en"),
    ("from", None, "from | between | fra | mellem | von | zwischen | vom"),
    ("from", None, "entre | depuis | tussen | vanaf"),
    ("open", "before", "before | prior to | pre | ante | terminus ante quem | taq | by | until | till | predates"),
    ("open", "before", "not after | not later than | no later than"),
    ("open", "before", "før | inden | senest | indtil | vor | spätestens"),
    ("open", "after", "after | post | terminus post quem | tpq | since | not before | not earlier than"),
    ("open", "after", "no earlier than | efter | siden | tidligst | nach | seit | ab | frühestens"),
    ("open", "before", "avant | voor"),
    ("open", "after", "après | na"),
    ("onward", "after", "or later | or much later | or after | and later | and after | onward | onwards | and on | ff"),
    ("onward", "after", "eller senere | og senere | og frem | og fremefter | eller efter | oder später | und später"),
    ("onward", "before", "or earlier | or before | and earlier | eller tidligere | og tidligere | eller før"),
    ("onward", "before", "oder früher"),
    ("again", None, "reprinted | reprint | restored | recast | reissued | reproduced | restoration | restorations"),
    ("again", None, "genoptrykt | restaureret | nachgedruckt | restauriert"),
    ("noise", None, "circa | ca | c | o | around | about | approximately | approx | roughly"),
    ("noise", None, "omkring | omk | cirka | um | etwa | gegen"),
    ("noise", None, "vers | environ | env | omstreeks | rond"),
    ("noise", None, "probably | prob | possibly | poss | perhaps | likely | presumably | most likely | quite | more"),
    ("noise", None, "formentlig | sandsynligvis | muligvis | måske | vist"),
    ("noise", None, "vermutlich | wahrscheinlich | wohl | vielleicht"),
    ("noise", None, "cal | uncal | calibrated | the | of | in | a | is | det | den | i | af"),
    (
        "noise",
        None,
        "des | der | im | dem | das | die | year | years | år | året | årene | jahr | jahre | jahren | anno",
    ),
    ("noise", None, "de | du | le | la | les | l | van | het | jaar | an | ans | année | années"),
    ("noise", None, "date | dated | dates | dating | dat | dateret | datering | datiert | datierung"),
    ("noise", None, "made | manufactured | executed | produced | designed | modeled | modelled | cast | painted"),
    ("noise", None, "drawn | printed | published | carved | woven | built | fremstillet | produceret | trykt"),
    ("noise", None, "hergestellt | gedruckt | period | periode | era | culture | kultur"),
]
_ORDINALS = """first første erste | second anden andet zweite | tredje dritte | fourth fjerde vierte |
    fifth femte fünfte | sixth sjette sechste | seventh syvende siebte | eighth ottende achte | ninth niende neunte |
    tenth tiende zehnte | eleventh ellevte elfte | twelfth tolvte zwölfte | thirteenth trettende |
    fourteenth fjortende | fifteenth femtende | sixteenth sekstende | seventeenth syttende | eighteenth attende |
    nineteenth nittende | twentieth tyvende | twenty-first"""
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
_SUBDIVIDED = "period periode per phase fase stufe dynasty dynastie dynasti"
"""What a number after it names, and does not date: "period II", "Dynasty 18"."""
_MONTHS = """january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|
    marts|maj|juni|juli|oktober|dezember|märz|mai|jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec|dez"""

Lexicon: TypeAlias = Mapping[tuple[str, ...], Token]


@lru_cache(maxsize=16)
def lexicon_of(periods: tuple[tuple[str, Span], ...]) -> Lexicon:
    """Every phrase that is understood, as words, with its meaning."""
    found: dict[tuple[str, ...], Token] = {}
    for kind, value, phrases in _WORDS:
        for phrase in phrases.split("|"):
            found[tuple(phrase.split())] = Token(kind, value)
    for number, words in enumerate(_ORDINALS.split("|"), 1):
        for word in words.split():
            # German ordinals are inflected: "zweites", "zweiter", "zweiten".
            for form in (word, f"{word}s", f"{word}r", f"{word}n") if word.endswith("te") else (word,):
                found[tuple(_split(form))] = Token("ordinal", number)
    for number, word in enumerate(_ROMAN.split(), 2):
        found.update({(form,): Token("ordinal", number) for form in (word, f"{word}e", f"{word}ème")})
    found.update({(form,): Token("ordinal", 1) for form in ("ier", "premier")})
    for name in _SUBDIVIDED.split():
        for number, word in enumerate(("i", *_ROMAN.split()), 1):
            found.update({(name, word): Token("name"), (name, str(number)): Token("name")})
    for name, span in periods:
        found[tuple(_split(plain(name)))] = Token("period", span)
    return found


def plain(text: str) -> str:
    """Lower case, one kind of dash and apostrophe, days and months left out of dates."""
    text = unicodedata.normalize("NFC", html.unescape(text)).casefold()
    text = re.sub("[‐‑−]", "-", text)
    text = re.sub("[‒–—―]", " - ", text)  # these join and are no minus
    text = re.sub("[’‘`´]", "'", text).replace("+/-", "±")
    text = re.sub(r"(?<!\d)(\d{4})-\d{2}-\d{2}(?!\d)(?:t[\d:.]+z?)?", r"\1", text)
    text = re.sub(r"(?<!\d)(\d{4})-0\d(?!\d)", _month_or_year, text)
    text = re.sub(r"(?<![\d.])\d{1,2}[./]\s?\d{1,2}[./]\s?(?=\d{4}(?!\d))", "", text)
    months = re.sub(r"\s", "", _MONTHS)
    text = re.sub(rf"(?<!\w)(?:{months})\.? \d{{1,2}}(?:st|nd|rd|th)?, (?=\d{{4}}(?!\d))", "", text)
    return re.sub(rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|\.)? )?(?:{months})\.? (?=\d{{4}}(?!\d))", "", text)


def _month_or_year(match: re.Match[str]) -> str:
    """`1914-08` is a month, `1903-05` may be two years."""
    return match[1] if match[1][2:] >= match[0][-2:] else match[0]


_WORD = re.compile(
    r"""
      \d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)                                      # 12,500
    | \d{2,4}(?:\ ?'?s|\ ?'?er(?:ne)?(?:[\ -]år(?:ene)?|[\ ]jahren?)?|-?tal(?:let)?)(?![^\W\d_])   # 1880s, 1700-tallet
    | \d+(?:st|nd|rd|th|de|te|ste|e|er|ère|ème)(?![^\W\d_])                  # 5th
    | \d{1,2}\.(?!\d)                                                         # 5.
    | (?<![^\s/-])-\d+                                                        # -490
    | \d+ | [^\W\d_]+ | [-/&±]
    | [.?*"'~\s]                                                              # says nothing
    | .
    """,
    re.VERBOSE,
)


_ORDINAL_ENDINGS = (".", "st", "nd", "rd", "th", "de", "te", "ste", "e", "er", "ère", "ème")


def _split(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in "?*\"'~." and not word.isspace()]


def tokens_of(part: str, lexicon: Lexicon) -> tuple[list[Token], bool]:
    """The tokens of a part, and whether some of it is unknown."""
    words = _split(part.strip(" ."))
    found: list[Token] = []
    unknown = False
    at = 0
    while at < len(words):
        for length in range(min(6, len(words) - at), 0, -1):
            token = lexicon.get(tuple(words[at : at + length])) if length > 1 else _one(words[at], lexicon)
            if token is not None:
                break
        else:
            unknown, length, token = True, 1, Token("noise")
        if words[at] == "c" and length == 1 and found and found[-1].kind == "ordinal":
            token = Token("unit", 100)  # "5th c."
        found.append(token)
        at += length
    return list(_tidied(found)), unknown


def _one(word: str, lexicon: Lexicon) -> Token | None:
    """What one word means."""
    if word in ("-", "/", "&"):
        return Token("sep", word)
    if word == "±":
        return Token("sep", "±")
    digits = re.match(r"-?\d+", word)
    if not digits:
        return lexicon.get((word,))
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", word):
        return Token("number", int(re.sub("[.,]", "", word)))
    if word.startswith("-"):
        return Token("number", -int(word[1:]), signed=True)
    rest = word[digits.end() :]
    kind: Kind = "number" if not rest else "ordinal" if rest in _ORDINAL_ENDINGS else "tens"
    return Token(kind, int(digits[0]))


def _tidied(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without noise and the dashes inside compounds ("mid-19th-century", "pre-1850"); "third" as what it stands for."""
    kept = [token for token in tokens if token.kind != "noise"]
    before: Token | None = None
    for position, token in enumerate(kept):
        after = kept[position + 1] if position + 1 < len(kept) else None
        if token.kind == "third":
            counted = before is not None and (before.kind == "ordinal" or before == Token("part", "last"))
            token = Token("part", 3) if counted else Token("ordinal", 3)
        elif token == Token("sep", "-") and before is not None and after is not None:
            compound = (
                before.kind == "open"
                or (before.kind == "part" and after.kind != "part")
                or after.kind in ("unit", "sep")
            )
            if compound:
                continue
        before = token
        yield token
