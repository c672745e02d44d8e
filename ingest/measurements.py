"""
Sizes and weights as catalogues write them, in millimetres and grams.

"H. 12,5 cm", "L: 3 1/2 in.", "Ø 4 cm", "H 12 x B 5 x T 3 cm", "2 5/8 x 3 in. (6.7 x 7.6 cm)", "125 g": in English,
Danish, German, French and Dutch. What is said of a part ("diam. of rim", "Frame: ...") is no size of the object. Two or
three numbers without a name are height, width and depth, in the order in which museums write them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, TypeAlias, cast

Size: TypeAlias = Literal["height_mm", "length_mm", "width_mm", "depth_mm", "diameter_mm", "weight_g"]


def _named(*rows: tuple[str, float]) -> dict[str, float]:
    return {name: size for names, size in rows for name in names.split()}


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word.casefold() for line in lines for word in line.split())


LENGTHS: Mapping[str, float] = _named(
    ("mm millimetre millimetres millimeter millimeters millimètre millimètres", 1.0),
    ("cm centimetre centimetres centimeter centimeters zentimeter centimètre centimètres", 10.0),
    ("dm decimetre decimetres decimeter decimeters", 100.0),
    ("m metre metres meter meters mètre mètres", 1000.0),
    ('in inch inches " ” ″ tomme tommer zoll pouce pouces duim', 25.4),
    ("ft foot feet ' ’ ′ fod fuss pied pieds voet", 304.8),
)
"""Millimetres of each unit of length, by its folded names."""
WEIGHTS: Mapping[str, float] = _named(
    ("mg", 0.001),
    ("g gr gm gram grams gramm grammes gramme", 1.0),
    ("kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes", 1000.0),
    ("oz ounce ounces", 28.349523),
    ("lb lbs pound pounds", 453.59237),
)
"""Grams of each unit of weight, by its folded names."""
NAMES: Mapping[str, str] = {
    name: size
    for size, names in (
        ("height_mm", "h ht hgt height high højde høj höhe hoehe hoch hauteur haut hoogte hoog"),
        ("length_mm", "lg lgth length long længde laengde lang länge laenge longueur lengte"),
        ("width_mm", "w wd width wide b br breadth bredde bred breite breit larg largeur large breedte breed"),
        ("depth_mm", "t th thk thickness thick depth deep dybde dyb tykkelse tyk tiefe tief dicke dick"),
        ("depth_mm", "p prof profondeur ép épaisseur diepte diep dikte dik"),
        ("diameter_mm", "diam dia dm ø diameter durchmesser diamètre doorsnede"),
        ("weight_g", "wt weight weighs vægt vejer gewicht gew poids"),
        ("d", "d"),
        ("l", "l"),
    )
    for name in names.split()
}  # fmt: skip
"""What the folded names of sizes mean; a D alone, and an l beside an L, mean one thing here and another there."""

_TOGETHER = (({"ft", "foot", "feet", "'", "’", "′"}, {"in", "inch", "inches", '"', "”", "″"}), ({"lb", "lbs"}, {"oz"}))
"""Units that stand side by side for one size: 5 ft. 3 in."""
_METRIC = frozenset(("mm", "cm", "dm", "m", "mg", "g", "kg"))
_BEHIND = _words(
    "high wide thick deep long høj bred tyk dyb lang hoch breit tief dick haut large hoog breed diep dik",
    "diameter diamètre durchmesser doorsnede",
)
"""Names that may stand behind their number: 5 cm wide."""
_SLIGHT = _words(
    "max maximum maximal min overall total greatest gr largest ca c circa approx approximately about estimated est in",
    "and the a preserved pres extant surviving maks største samlet bevaret og i et maximale größte gesamt erhalten",
    "erhaltene noch und environ conservée totale le la les de grootste totaal bewaard en",
)
"""Words beside a size that change nothing."""
_WHOLE = _words("overall object total whole unframed dimensions measurements size mål maße afmetingen")
_AROUND = _words("frame framed mat mount mounted mounting case box stand base lip lid cover other ramme rahmen")
MOST_MM, MOST_G = 1e5, 1e8
"""Larger numbers are no sizes of an object: a hundred metres, a hundred tonnes."""

_VULGAR = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8}
_NUMBER = (
    r"\d+(?:\s*-\s*|\s+)\d+\s*[/⁄]\s*\d+|\d+\s*[/⁄]\s*\d+"
    rf"|\d*\s?[{''.join(_VULGAR)}]|\d+(?:[.,]\d+)*|(?<![\w.,])[.,]\d+"
)
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+)|(?P<sign>[×*–—\"”″'’′-])")
_END = re.compile(r";|\n|([^\W\d_]{3,})\.\s+(?=[A-ZÆØÅÄÖÜ0-9])|(?<=\))\s+(?=[A-ZÆØÅ][^\d;:()]*:)|,\s+(?=\D)")


def read_sizes(text: str, unit: str = "") -> dict[Size, float]:
    """
    The sizes that a text tells, by field, in millimetres and grams; {} where it tells none.

    Args:
        unit: that of numbers without one, as the name of the column may tell it.
    """
    about: dict[str, list[_Item]] = {}
    name = ""
    for clause in _clauses(html.unescape(text)):
        prefix, rest = _prefix(clause)
        name = prefix or name
        runs = about[name][-1].run if about.get(name) else 0
        about.setdefault(name, []).extend(_items(rest, runs))
    sizes = [_sizes(about[one], unit) for one in sorted(about, key=_rank)]
    found = next((one for one in sizes if one.keys() - {"weight_g"}), {})
    weight: dict[Size, float] = next(({"weight_g": one["weight_g"]} for one in sizes if "weight_g" in one), {})
    return {**weight, **found}


def read_size(text: str, size: Size, unit: str = "") -> float | None:
    """The one size that a cell of its own tells: "12,5 cm", "H. 12 cm", "12.5" where the column names its unit."""
    items = _items(html.unescape(text))
    if len(items) == 1 and not items[0].name:
        items[0].name = size
    return _sizes(items, unit).get(size)


def unit_of(column: str) -> tuple[str, str]:
    """A column's name without the unit that it ends in, and that unit: "Højde (mm)" is "Højde" and "mm"."""
    apart = re.sub(r"(?<=[a-zæøåäöü])(?=[A-Z])", " ", column)
    found = re.fullmatch(r"(.*?[^\W\d_].*?)(?:[\W_]+(?:in|i|en))?[\W_]+([^\W\d_]+)[\W_]*", apart)
    if not found or found[2].casefold() not in {*LENGTHS, *WEIGHTS}:
        return column, ""
    return found[1], found[2].casefold()


# ------------------------------------------------------------------ clauses


def _clauses(text: str) -> Iterator[str]:
    """A text divided where another size or another thing begins, never within parentheses."""
    ends = {
        found.end(1) if found[1] else found.start(): found.end() for found in _END.finditer(text) if _ends(found[1])
    }
    start = depth = 0
    for at, sign in enumerate(text):
        if not depth and at in ends and at >= start:
            yield text[start:at]
            start = ends[at]
        depth += (sign == "(") - (sign == ")" and depth > 0)
    yield text[start:]


def _ends(word: str | None) -> bool:
    """Whether a full stop behind this word ends a sentence, and is not that of an abbreviation."""
    return word is None or word.casefold() not in {*NAMES, *LENGTHS, *WEIGHTS, *_SLIGHT}


def _prefix(clause: str) -> tuple[str, str]:
    """What a clause is about ("Frame: 12 x 5 cm"), '' where it does not say, and the rest of it."""
    before, colon, rest = clause.partition(":")
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", re.sub(r"\([^)]*\)?", " ", before))]
    named = any(word in NAMES for word in words if len(word) > 1) or all(word in NAMES or word == "x" for word in words)
    if not colon or not words or named or len(before) > 80:
        return "", clause
    return " ".join(words), rest


def _rank(name: str) -> int:
    """The order in which what a text is about is asked for the sizes of the object."""
    words = set(name.split())
    return 0 if not words or words & _WHOLE else 2 if words & _AROUND else 1


# ------------------------------------------------------------------ numbers


@dataclass(slots=True)
class _Item:
    """One number with its name and its unit, as far as the text tells them."""

    value: float
    name: str = ""
    part: bool = False
    """Whether it is said of a part, not of the whole, or cannot be read."""
    unit: str = ""
    run: int = 0
    """Numbers with a × between them are of one run."""
    other: tuple[float, str] = (0.0, "")
    """The same in another unit, as it stands in parentheses."""


@dataclass(slots=True)
class _Reading:
    """What was read of a clause so far."""

    items: list[_Item] = field(default_factory=list)
    runs: int = 0
    names: list[tuple[str, bool]] = field(default_factory=list)
    """Names that wait for their numbers, and whether they are said of a part."""
    last: str = ""
    """What the last thing was: number, unit, name, word, times or dash."""
    word: bool = False
    """Whether a word that makes a difference stands before what comes next."""

    def take(self, text: str) -> None:
        """Read a text without parentheses."""
        for token in _TOKEN.finditer(text):
            if token["number"]:
                self._number(token["number"])
            elif token["word"]:
                self._word(token["word"])
            elif token["sign"] in "×*":
                self.last = "times"
            elif token["sign"] in LENGTHS:
                self._unit(token["sign"])
            elif self.last in ("number", "unit"):
                self.last = "dash"

    def _number(self, text: str) -> None:
        value = _value(text)
        if self.last == "dash" and value is not None:  # from 10 to 12 cm: at its largest it is 12 cm
            self.items[-1].value = max(self.items[-1].value, value)
        else:
            name, part = self.names.pop(0) if self.names else ("", False)
            self.runs += self.last != "times"
            self.items.append(_Item(value or 0.0, name, part or value is None, run=self.runs))
        self.last = "number"

    def _word(self, text: str) -> None:
        word = text.casefold()
        if self.last in ("number", "dash") and (word in LENGTHS or word in WEIGHTS):
            self._unit(word)
        elif word in ("x", "by"):
            self.last = "times"
        elif word in _BEHIND and self.last == "unit" and not self.items[-1].name:
            self.items[-1].name = word
        elif word in NAMES:
            if self.last in ("number", "unit"):
                self.names.clear()
            self.names.append(("small l" if text == "l" else word, self.word))
            self.last, self.word = "name", False
        elif word not in _SLIGHT:
            if self.last == "name" and self.names:
                self.names[-1] = (self.names[-1][0], True)
            else:
                self.last, self.word = "word", True

    def _unit(self, unit: str) -> None:
        if self.last != "number":
            return
        self.items[-1].unit, self.last = unit, "unit"
        before, after = (self.items[-2], self.items[-1]) if len(self.items) > 1 else (_Item(0), self.items[-1])
        one_size = not after.name and before.run != after.run
        if one_size and any(before.unit in large and unit in small for large, small in _TOGETHER):
            before.value += after.value * _factor(unit) / _factor(before.unit)
            self.items.pop()
            self.runs = before.run


def _items(clause: str, runs: int = 0) -> list[_Item]:
    """The numbers of a clause; what stands in parentheses says the same in another unit, or what was left out."""
    read = _Reading(runs=runs)
    since = 0
    for text in re.split(r"(\([^()]*\))", clause):
        if not text.startswith("("):
            read.take(text)
            continue
        aside = _Reading()
        for part in re.split(r",\s+", text[1:-1]):
            aside.take(part)
        _join(read, read.items[since:], aside, text[1:-1].strip(" .").casefold())
        since = len(read.items)
    return read.items


def _join(read: _Reading, before: Sequence[_Item], aside: _Reading, text: str) -> None:
    """Take what stands in parentheses: a unit, names, the same numbers in another unit, or the numbers themselves."""
    if text in LENGTHS or text in WEIGHTS:
        for item in before:
            item.unit = item.unit or text
    elif not aside.items and len(aside.names) == len(before) and not any(item.name for item in before):
        for item, (name, _) in zip(before, aside.names, strict=True):
            item.name = name
    elif before and len(aside.items) == len(before):
        for item, other, unit in zip(before, aside.items, _units(aside.items), strict=True):
            item.other = (other.value, unit)
    elif not before and read.names and 0 < len(aside.items) <= len(read.names):
        for item, (item.name, item.part) in zip(aside.items, read.names, strict=False):
            read.items.append(item)
        read.names.clear()


def _value(text: str) -> float | None:
    """A number as it is written; None where nobody knows whether 1,250 is a thousand or one and a quarter."""
    text = text.strip()
    if text[-1] in _VULGAR:
        return float(text[:-1].strip() or 0) + _VULGAR[text[-1]]
    if found := re.fullmatch(r"(?:(\d+)(?:\s*-\s*|\s+))?(\d+)\s*[/⁄]\s*(\d+)", text):
        whole, above, below = int(found[1] or 0), int(found[2]), int(found[3])
        return whole + above / below if below else None
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", text) or not re.fullmatch(r"\d*(?:[.,]\d+)?", text):
        return None
    return float(text.replace(",", "."))


# ------------------------------------------------------------------ sizes


def _sizes(items: Sequence[_Item], unit: str) -> dict[Size, float]:
    """The sizes that these numbers are, the first of each."""
    found: dict[Size, float] = {}
    read = [(item, *_in_metric(item, own, unit)) for item, own in zip(items, _units(items), strict=True)]
    names = {item.name for item in items}
    beside = {NAMES.get(name) for name in names} & {"width_mm", "length_mm", "diameter_mm", "l"}
    for item, value, is_weight in read:
        size = NAMES.get(item.name, item.name)
        if item.name in ("l", "small l"):
            size = "width_mm" if item.name == "small l" and "l" in names else "length_mm"
        elif size == "d":  # depth beside a width, else it may be a diameter as well
            size = "depth_mm" if beside or "small l" in names else ""
        elif not size and is_weight:
            size = "weight_g"
        if value is not None and size and not item.part and is_weight == (size == "weight_g"):
            found.setdefault(cast(Size, size), value)
    if not found.keys() - {"weight_g"}:
        found |= _in_order(read)
    return found


def _in_order(read: Sequence[tuple[_Item, float | None, bool]]) -> dict[Size, float]:
    """Height, width and depth of the first two or three numbers without names that stand with × between them."""
    order: tuple[Size, ...] = ("height_mm", "width_mm", "depth_mm")
    for _, run in groupby(read, key=lambda one: one[0].run):
        lengths = [(item, value) for item, value, is_weight in run if not is_weight]
        if 2 <= len(lengths) <= 3 and all(
            value is not None and not (item.name or item.part) for item, value in lengths
        ):
            return {size: value for size, (_, value) in zip(order, lengths, strict=False) if value is not None}
    return {}


def _units(items: Sequence[_Item]) -> list[str]:
    """The unit of each number: its own, or the length that the next one has: 12 x 5 cm."""
    units: list[str] = []
    later = ""
    for item in reversed(items):
        units.append(item.unit or (later if later in LENGTHS else ""))
        later = units[-1]
    return units[::-1]


def _in_metric(item: _Item, own: str, usual: str) -> tuple[float | None, bool]:
    """A number in millimetres or grams, and whether it is a weight; what was measured metric goes first."""
    told = [(item.value, own), item.other]
    metric = [(value, unit) for value, unit in told if unit in _METRIC]
    value, unit = next(iter((*metric, *(one for one in told if one[1]))), (item.value, usual))
    if not unit or not 0 < value * _factor(unit) <= (MOST_G if unit in WEIGHTS else MOST_MM):
        return None, unit in WEIGHTS
    return round(value * _factor(unit), 2), unit in WEIGHTS


def _factor(unit: str) -> float:
    return LENGTHS.get(unit) or WEIGHTS[unit]
