"""Years from the words of a catalogue: "c. 3400-2900 BC", "1700-500 f.Kr.", "2. Hälfte 5. Jh. v. Chr.", "Neolithic"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from archive_search.metadata.dates.periods import SOUTHERN_SCANDINAVIA, THIS_YEAR, Periods, Span
from archive_search.metadata.dates.words import Token, lexicon_of, plain, tokens_of

OPEN_YEARS = 100
"""How many years "before 1200" and "after 300 BC" are taken to reach."""

TURN_YEARS = 10
"""How many years before and after it the turn of a century is taken to reach."""

LAST_YEAR = 2100
"""The last number that is taken for a year."""
_FIRST_BARE_YEAR = 100
_OLDEST = 5_000_000
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Dating:
    """The first and the last year that a text means; `written` tells that figures say so, and no table of periods."""

    years: Span
    written: bool


def parse_years(text: str, periods: Periods = SOUTHERN_SCANDINAVIA) -> Span | None:
    """The years of `parse_dating`."""
    found = parse_dating(text, periods)
    return found.years if found else None


def parse_dating(text: str, periods: Periods = SOUTHERN_SCANDINAVIA) -> Dating | None:
    """
    First and last year that a dating means; None where it says none, or any of what it says is not understood.

    It may be in English, Danish, Norwegian, Swedish, German, French, Italian or Dutch; centuries and years in Spanish
    and Romanian as well. Years before Christ are negative. There is no year 0: the 1st century BC is -100 to -1, the
    1st century AD 1 to 100, and a 0 at one end of a range is the turn of the era (`turn_of_era`).
    What it chooses where words leave a choice (both bounds included):

    - Years that are written count, whatever the table of periods says of a name beside them ("Viking Age, 750-1066").
    - A century without an era is AD; a millennium from the 3rd on without one is BC.
    - "1800s" and "1700-tallet" are a hundred years from 1800 and 1700, "1880s" and "années 1880" ten.
    - "early", "mid" and "late" are thirds; halves, thirds and quarters are exact.
    - "before 1200" is the hundred years up to 1200, "after 300 BC" the hundred years from then, "4th century or later"
      the 4th century and the hundred years after it; an end that nobody knows ("1850-?") is as open. None of these
      reaches beyond this year, and "present" is this year.
    - The turn of a century is ten years to either side of its beginning: of the 19th, 1791 to 1810.
    - "4500 BP", calibrated or not, is 1950 less 4500. "Around" and "probably" change nothing.
    - Bare years are AD, from 100 on. A pair whose end may be shortened by one or two figures or not ("480-70 BC"), a
      descending pair without an era ("490-480"), and "-1964", which may be an end as well, say nothing.
    - "Early" and "late" before a period that the table does not have by that name leave the whole period.
    - Of several datings the years that they share hold ("Edo period (1603-1867), 19th century"), or all where they
      share none, follow each other, or are years in a list ("1805, 1805-10"). "Reprinted 1892" and its like,
      "published 1807" behind another date, and names without years ("period II"), are passed over.

    Args:
        periods: what names of periods mean.
    """
    if len(text) > _LONGEST:
        return None
    found = _dating(text, periods)
    return _where_all_are_known(text, periods) if found is None and periods.regions else found


@lru_cache(maxsize=20_000)
def _dating(text: str, periods: Periods) -> Dating | None:
    """As `parse_dating`: catalogues write the same dates again and again."""
    lexicon = lexicon_of(periods)
    written: list[Span] = []
    named: list[Span] = []
    subdivided = unclear = era = listed = skipped = False
    whole: Span | None = None  # a century or decade, of which a part may be named behind it
    pieces = _PARTS.split(plain(text))
    for before, part in zip(("", *pieces[1::2]), pieces[::2], strict=True):
        listed &= before in _LISTING
        tokens, unknown = tokens_of(part, lexicon)
        if any(token.kind == "again" for token in tokens):
            continue
        if tokens and tokens[0].kind == "issued":
            if written:
                continue  # "1763, published 1800-07"
            tokens = tokens[1:]
        subdivided |= skipped and tokens[:1] == [_OR]  # "Islamic, or Ottoman": more than what is known
        figures = [token for token in tokens if token.kind not in ("name", "period")]
        bare = _without_names(tokens) if len(figures) < len(tokens) else []
        span = None
        if not unknown and len(bare) > 2 and any(token.kind == "sep" for token in bare):
            span = _span_of(bare)  # "Viking Age - 750-1066"
        if span is None and not unknown:
            span = _span_of([token for token in tokens if token.kind != "name"])
        if span is None and not unknown and bare:
            span = _span_of(bare)  # "Viking Age 750"
        if span is not None and _is_unsure(tokens):
            return None
        if span is None and whole is not None and tokens and not unknown and (share := _share_only(tokens)):
            written[-1], whole = _part(whole, *share), None  # "17e eeuw (tweede helft)"
            continue
        if span is not None and _is_named(tokens):
            named.append(span)
        elif span is not None:
            only_years = all(token.kind in ("number", "era", "sep") for token in tokens)
            if listed and only_years:
                last = written.pop()  # "1805, 1805-10": one after the other, and not one within the other
                span = min(last[0], span[0]), max(last[1], span[1])
            written.append(span)
            listed = only_years
            whole = span if _is_whole(tokens) else None
        if span is not None:
            era |= any(token.kind in ("era", "now") or token.signed for token in tokens)
        elif not unknown and tokens and all(token.kind in ("name", "sep") for token in tokens):
            continue
        elif not unknown and len(tokens) == 1 and _is_count(tokens[0]):
            unclear = True  # "16: 0-100 CE"
        elif any(_tells_years(token) for token in tokens):
            return None  # about the date, and not understood
        elif any(token.kind == "period" for token in tokens):
            subdivided = True  # "Iron Age II": no table knows its years, but they may be written beside it
        elif figures and not unknown:
            return None
        elif re.search(r"\d", part):
            skipped = unclear = True  # "18th Dynasty", "Fig. 12": no harm beside years with an era
        elif unknown:
            skipped = True
    if (subdivided and not written) or (unclear and not era):
        return None
    spans = written or named
    if not spans:
        return None
    shared = max(low for low, _ in spans), min(high for _, high in spans)
    every = min(low for low, _ in spans), max(high for _, high in spans)
    follow = shared[0] == shared[1] and all(low < high for low, high in spans)  # one ends as the other begins
    return Dating(every if follow or shared[0] > shared[1] else shared, bool(written))


def _where_all_are_known(text: str, periods: Periods) -> Dating | None:
    """What a text means in the one region that has all of its names: "Ptolemaic or Roman" is of Egypt."""
    tokens, _ = tokens_of(plain(text), lexicon_of(periods))
    names = [token.value is not None for token in tokens if token.kind == "period"]
    if all(names) or not any(names):
        return None
    found = {_dating(text, one) for one in periods.regions} - {None}
    return found.pop() if len(found) == 1 else None


_PARTS = re.compile(r"([;()\[\]\n=]|,(?!\d{3}(?!\d))|:(?=\s))")
_LISTING = frozenset(",;:")
_OR = Token("sep", "and")


def turn_of_era(before: bool) -> int:
    """What a year 0 at one end of a range means: 1 BC as its last year, AD 1 as its first."""
    return -1 if before else 1


def _tells_years(token: Token) -> bool:
    """Whether a token speaks of years by itself, which a name or a number of pieces does not."""
    return token.kind in ("tens", "era", "unit") or (
        token.kind == "number" and (token.signed or token.value >= _FIRST_BARE_YEAR)
    )


def _is_count(token: Token) -> bool:
    """Whether it is the number of something in a list, too small to be a year by itself."""
    return token.kind == "number" and 0 <= token.value < _FIRST_BARE_YEAR and not token.signed


def _is_unsure(tokens: Sequence[Token]) -> bool:
    """Whether a year such as "-1964" stands alone, which may mean until 1964 or 1964 BC."""
    return len(tokens) == 1 and tokens[0].signed and -LAST_YEAR <= tokens[0].value <= -1000


def _is_whole(tokens: Sequence[Token]) -> bool:
    kinds = [token.kind for token in tokens]
    return ("unit" in kinds or "tens" in kinds) and set(kinds) <= {"number", "ordinal", "unit", "tens", "era"}


def _share_only(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Which part of how many, where that is all that the tokens say; "possibly later" is none."""
    point = _point(tokens)
    if point is None or point.kind is not None or point.era or point.unit > 1 or not point.counted:
        return None
    return point.share


def _is_named(tokens: Sequence[Token]) -> bool:
    """Whether what a dating says comes from the table of periods alone."""
    return any(token.kind == "period" for token in tokens) and not any(
        token.kind in ("number", "ordinal", "tens", "unit", "era") for token in tokens
    )


def _without_names(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without names of periods: nor "early" and "late" before one, nor the number of its part after it."""
    kept: list[Token] = []
    numbered = not any(token.kind == "unit" for token in tokens)
    before = None
    for token in tokens:
        if token.kind in ("name", "period"):
            while kept and kept[-1].kind == "part":
                kept.pop()
        elif not (numbered and token.kind == "ordinal" and before is not None and before.kind == "period"):
            kept.append(token)
        before = token
    while len(kept) < len(tokens) and kept and kept[0].kind == "sep":
        kept.pop(0)
    while len(kept) < len(tokens) and kept and kept[-1].kind == "sep":
        kept.pop()
    return kept


# ------------------------------------------------------------------ tokens to years


class _Point(NamedTuple):
    """One end of a dating, with what it may take from its neighbour."""

    number: int | None = None
    kind: Literal["number", "ordinal", "tens", "period"] | None = None
    unit: int = 1
    unit_first: bool = False
    era: str = ""
    era_first: bool = False
    era_shared: bool = False
    signed: bool = False
    share: tuple[int, int] | None = None
    counted: bool = False
    span: Span | None = None


def _span_of(tokens: Sequence[Token]) -> Span | None:
    """The years of one dating; None where the tokens make no sense together."""
    tokens = list(tokens)
    if len(tokens) > 1 and tokens[0] == Token("sep", "and"):
        tokens.pop(0)
    open_end = onward = ""
    turn = bool(tokens) and tokens[0].kind == "turn"
    if turn:
        tokens.pop(0)
        if not any(token.kind == "unit" for token in tokens):
            return None
    if tokens and tokens[0].kind == "open":
        open_end = tokens.pop(0).value
    elif tokens and tokens[-1].kind == "onward":
        onward = tokens.pop().value
    elif len(tokens) > 2 and tokens[-1].kind == "now" and tokens[-2].kind == "sep":
        del tokens[-2:]
        onward = "now"
    elif len(tokens) > 1 and tokens[-1] == Token("sep", "-"):
        tokens.pop()
        if tokens[0].kind == "number" and tokens[0].value < 1000:
            return None  # librarians write "185-" for the 1850s
        onward = "after"
    began = bool(tokens) and tokens[0].kind == "from"
    if began:
        tokens.pop(0)
    groups = _groups(tokens)
    if groups is None:
        return None
    until = ""
    if len(groups) == 2 and len(groups[1][0]) > 1 and groups[1][0][0].kind == "open" and not onward:
        until = groups[1][0].pop(0).value  # "1860-after 1870"
    points = [_point(group) for group, _ in groups]
    if any(point is None for point in points):
        return None
    known = [point for point in points if point is not None]
    if len(known) == 1:
        span = _years(known[0])
        if span is None:
            return None
        if turn:
            return None if open_end or onward or began else _turned(span)
        if open_end:
            return _opened((span[1], span[1]) if open_end == "after" else (span[0], span[0]), open_end)
        return _opened(span, onward or "after") if onward or began else span
    if open_end and not until:
        return None  # "after 1850-60": after the whole, or from then on?
    span = _between(known, [joint for _, joint in groups[1:]])
    if span is None or (turn and (open_end or onward or until)):
        return None
    if turn:
        return _turned(span)
    if open_end == "before":
        span = _opened(span, "before")
    return _opened(span, onward or "after") if onward or until == "after" else span


def _turned(span: Span) -> Span | None:
    """Ten years to either side of where a century begins, or where two meet; None where it is neither."""
    first, last = map(_on_line, span)
    length = last - first + 1
    if length not in (100, 200):
        return None
    middle = first if length == 100 else first + 100
    return _off_line(middle - TURN_YEARS), _off_line(middle + TURN_YEARS - 1)


def _groups(tokens: Sequence[Token]) -> list[tuple[list[Token], Any]] | None:
    """The tokens between separators, each with the separator before it; None where one stands at an end."""
    groups: list[tuple[list[Token], Any]] = [([], None)]
    for token in tokens:
        if token.kind == "sep":
            groups.append(([], token.value))
        elif token.signed and groups[-1][0] and groups[-1][0][-1].kind == "number":
            # "1850 -1860": the dash belongs between the two, unless the first is before Christ by its own sign.
            if groups[-1][0][-1].signed:
                return None
            groups.append(([Token("number", -token.value)], "-"))
        else:
            groups[-1][0].append(token)
    return groups if all(group for group, _ in groups) else None


def _point(tokens: Sequence[Token]) -> _Point | None:
    """What the words between two separators say; None where they say it twice or in no possible order."""
    point = _Point()
    pending: list[Token] = []
    for position, token in enumerate(tokens):
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.kind == "part":
            share = _share(pending.pop() if pending else None, token)
            if share is None and token.value == "last" and following is not None and following.kind == "part":
                pending.append(token)
            elif share is None or point.share is not None or pending:
                return None
            else:
                point = point._replace(share=share, counted=token.value in (2, 3, 4))
        elif token.kind == "ordinal" and following is not None and following.kind == "part":
            pending.append(token)
        elif token.kind in ("number", "ordinal", "tens") and point.kind is None:
            point = point._replace(number=token.value, kind=token.kind, signed=token.signed)
        elif token.kind == "period" and point.kind is None:
            point = point._replace(span=token.value, kind="period")
        elif token.kind == "unit" and point.unit == 1 and point.kind in ("number", "ordinal"):
            point = point._replace(unit=token.value)
        elif token.kind == "unit" and point.unit == 1 and following is not None and following.kind == "ordinal":
            point = point._replace(unit=token.value, unit_first=True)  # "sec. XIX"
        elif token.kind == "era" and not point.era:
            point = point._replace(era=token.value, era_first=point.kind is None)
        else:
            return None
    return None if pending else point


def _share(before: Token | None, token: Token) -> tuple[int, int] | None:
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
        completed = _completed(points[at], points[at + 1])
        if completed is None:
            return None
        points[at] = completed
    for at in range(1, len(points)):
        before, point = points[at - 1], points[at]
        if before.unit_first and point.kind == "ordinal" and point.unit == 1:
            points[at] = point = point._replace(unit=before.unit, unit_first=True)  # "sec. III-II"
        if not point.era and not point.signed and before.era:
            if not before.era_first and point.number != 0:
                return None  # "100 BC - 50": before Christ or after?
            points[at] = point = point._replace(era=before.era, era_shared=True)
        if before.signed and not point.signed and not point.era and joints[at - 1] == "-" and point.number != 0:
            return None
        shortened = _shortened(before, point)
        if shortened is None:
            return None
        points[at] = point._replace(number=shortened) if point.kind != "period" else point
    spans = [_turn_or_years(point, at) for at, point in enumerate(points)]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans):
        return None
    descending = any(later[1] < earlier[0] for earlier, later in pairwise(known))
    if descending and not all(point.era in ("BC", "BP") for point in points):
        return None
    return min(low for low, _ in known), max(high for _, high in known)


def _turn_or_years(point: _Point, at: int) -> Span | None:
    """The years of one end of a range, of which a 0 is the turn of the era."""
    if point.kind == "number" and point.number == 0 and point.era != "BP" and point.unit == 1:
        year = turn_of_era(before=at > 0)
        return (year, year)
    return _years(point)


def _completed(point: _Point, right: _Point) -> _Point | None:
    """A point with what it leaves to the one on its right: "early" to "mid 5th century BC"."""
    if point.kind is None and right.kind == "period":
        return point  # "older/younger Bronze Age" names two periods of which only one is known
    if point.kind is None:
        era = point.era or right.era
        return right._replace(share=point.share, era=era, era_first=point.era_first)
    if point.kind == "ordinal" and point.unit == 1 and point.share is None and right.share is not None:
        which, parts = right.share
        if parts > 2 and right.counted and (point.number or 0) < which:
            # "second-third quarters of the 1st century"
            return right._replace(share=(point.number or 0, parts), counted=True)
        if right.counted and (point.number or 0) < which:
            return None  # "1st-2nd half of the 3rd century"
    if point.unit == 1 and right.unit > 1 and (point.kind == "ordinal" or (point.number or 0) <= 40):
        point = point._replace(unit=right.unit)
    if not point.era and not point.signed and right.era and not right.era_first:
        point = point._replace(era=right.era, era_shared=True)
    return point


def _shortened(before: _Point, point: _Point) -> int | None:
    """The year meant by the second of a pair: 59 after 1653 is 1659; None where it may be either or neither."""
    number, first = point.number or 0, before.number or 0
    plain = before.kind in ("number", "tens") and point.kind in ("number", "tens") and before.unit == point.unit == 1
    if point.era and not (point.era_shared or before.era_shared):
        return number  # each was written out with its own era
    if not plain or point.signed or before.signed or before.era != point.era or number >= first or number < 0:
        return number
    width = 10 ** len(str(number))
    full = first // width * width + number
    if point.era in ("BC", "BP"):
        # 480-70 may be 480-470; nobody writes 1700-1500 as 1700-500, nor 27-24 as 27-4
        shortens = first >= 100 and number < 100 and full < first
        return None if shortens else number
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
    """A span that goes on before its beginning or after its end."""
    if end == "now":
        return span[0], max(THIS_YEAR, span[1])
    if end == "before":
        return _off_line(_on_line(span[0]) - OPEN_YEARS), span[1]
    return span[0], min(_off_line(_on_line(span[1]) + OPEN_YEARS), max(THIS_YEAR, span[1]))


def _on_line(year: int) -> int:
    """Years on a line without a gap: 1 BC is 0."""
    return year if year > 0 else year + 1


def _off_line(position: int) -> int:
    return position if position > 0 else position - 1


def _ordered(one: int, other: int) -> Span:
    return min(one, other), max(one, other)
