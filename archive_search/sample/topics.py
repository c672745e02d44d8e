"""Topics and judgements: what is asked of the sample archive, and which records answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive_search.sample.depiction import Depiction
from archive_search.sample.plate import Plate
from archive_search.sample.varieties import VARIETIES

COLOURS = frozenset(
    colour for variety in VARIETIES.values() for shades in variety.colours.values() for colour in shades
)

CLOSE: Mapping[str, str] = {"handle": "two handles"}
"""What answers a refinement though it is not quite what was asked: a pot with two handles, for a pot with a handle."""


@dataclass(frozen=True)
class Topic:
    """
    A query with a known answer.

    Attributes:
        text: The whole query in words.
        category: One of `KINDS`.
        refinements: What else must be seen: a material, a colour, a decoration, a detail, "broken", "drawing" ...; a
            minus in front means that it must not be seen.
        group: "product", "category" or "category+attribute".
    """

    id: str
    text: str
    category: str
    refinements: tuple[str, ...]
    group: str


def grade(topic: Topic, shown: Depiction | Plate) -> int | None:
    """
    Judge a picture: 2 if it shows all that is asked, 1 if it comes close (`CLOSE`), 0 if only the category is right.

    A drawing shows no colour, so it never answers a colour. A plate is as good as the best find on it: one find must
    show all that is asked. None means another category, which goes unjudged.
    """
    if isinstance(shown, Plate):
        grades = (grade(topic, depiction) for depiction in shown.depictions)
        return max((relevance for relevance in grades if relevance is not None), default=None)
    if shown.kind != topic.category:
        return None
    return min((_grade(refinement, shown) for refinement in topic.refinements), default=2)


def _grade(refinement: str, depiction: Depiction) -> int:
    if refinement.startswith("-"):
        return 0 if _grade(refinement[1:], depiction) else 2
    if refinement in COLOURS:
        return 2 if depiction.style == "photograph" and depiction.colour == refinement else 0
    if refinement == "decorated":
        return 2 if depiction.decoration else 0
    seen = {depiction.material, depiction.decoration, *depiction.details, depiction.condition, depiction.style}
    if refinement in seen:
        return 2
    return 1 if refinement in CLOSE and CLOSE[refinement] in seen else 0


PRODUCT = (
    ("A car", "car", ()),
    ("A red car", "car", ("red",)),
    ("A gray car", "car", ("grey",)),
    ("An archeological drawing of a flint axe head", "axe", ("flint", "drawing")),
    ("An archeological drawing of a flint arrow head", "arrowhead", ("flint", "drawing")),
)
CATEGORY = (
    ("An arrowhead", "arrowhead"),
    ("An axe head", "axe"),
    ("A pot", "pot"),
    ("A bowl", "bowl"),
    ("A brooch", "brooch"),
    ("A bead", "bead"),
    ("A comb", "comb"),
    ("A sword", "sword"),
    ("A coin", "coin"),
    ("A figurine", "figurine"),
)
ATTRIBUTE = (
    ("An orange car", "car", ("orange",)),
    ("A barbed arrowhead", "arrowhead", ("barbed",)),
    ("An arrowhead with a hollow base", "arrowhead", ("hollow base",)),
    ("A leaf-shaped arrowhead", "arrowhead", ("leaf-shaped",)),
    ("A socketed arrowhead", "arrowhead", ("socketed",)),
    ("A bone arrowhead", "arrowhead", ("bone",)),
    ("A barbed and tanged flint arrowhead", "arrowhead", ("barbed", "tanged", "flint")),
    ("A brown flint arrowhead", "arrowhead", ("brown", "flint")),
    ("A green bronze arrowhead", "arrowhead", ("green", "bronze")),
    ("A broken arrowhead", "arrowhead", ("broken",)),
    ("A flint arrowhead, not a drawing", "arrowhead", ("flint", "-drawing")),
    ("An axe head with a shaft hole", "axe", ("shaft hole",)),
    ("A polished flint axe head", "axe", ("polished", "flint")),
    ("A knapped flint axe head", "axe", ("knapped", "flint")),
    ("A bronze axe head", "axe", ("bronze",)),
    ("A socketed axe head", "axe", ("socketed",)),
    ("An iron axe head", "axe", ("iron",)),
    ("A green axe head", "axe", ("green",)),
    ("A stone axe head with a shaft hole", "axe", ("stone", "shaft hole")),
    ("A grey flint axe head", "axe", ("grey", "flint")),
    ("A broken axe head", "axe", ("broken",)),
    ("A photograph of a flint axe head", "axe", ("flint", "photograph")),
    ("A decorated axe head", "axe", ("decorated",)),
    ("A red pot", "pot", ("red",)),
    ("A black pot", "pot", ("black",)),
    ("A pot with a handle", "pot", ("handle",)),
    ("A pot with two handles", "pot", ("two handles",)),
    ("A pot with a funnel neck", "pot", ("funnel neck",)),
    ("A pot with a zigzag decoration", "pot", ("zigzag",)),
    ("A pot with spirals", "pot", ("spiral",)),
    ("A pot decorated with dots", "pot", ("dots",)),
    ("A pot with cord impressions", "pot", ("cord impressions",)),
    ("A broken pot", "pot", ("broken",)),
    ("An archaeological drawing of a pot", "pot", ("drawing",)),
    ("A pot on a foot", "pot", ("foot",)),
    ("A glass pot", "pot", ("glass",)),
    ("A pot without decoration", "pot", ("-decorated",)),
    ("A bowl with a handle", "bowl", ("handle",)),
    ("A bowl on a foot", "bowl", ("foot",)),
    ("A silver bowl", "bowl", ("silver",)),
    ("A wooden bowl", "bowl", ("wood",)),
    ("An archaeological drawing of a bowl", "bowl", ("drawing",)),
    ("A bowl with a zigzag decoration", "bowl", ("zigzag",)),
    ("A broken bowl", "bowl", ("broken",)),
    ("A disc brooch", "brooch", ("disc",)),
    ("A bow brooch", "brooch", ("bow",)),
    ("An oval brooch with bosses", "brooch", ("oval", "bosses")),
    ("A penannular brooch", "brooch", ("penannular",)),
    ("A trefoil brooch", "brooch", ("trefoil",)),
    ("A brooch with garnet inlay", "brooch", ("garnet inlay",)),
    ("A golden brooch", "brooch", ("golden",)),
    ("A brooch with interlace", "brooch", ("interlace",)),
    ("A blue bead", "bead", ("blue",)),
    ("A red bead", "bead", ("red",)),
    ("An amber bead", "bead", ("amber",)),
    ("A melon bead", "bead", ("melon",)),
    ("A string of beads", "bead", ("string",)),
    ("A bead with stripes", "bead", ("stripes",)),
    ("A white bead", "bead", ("white",)),
    ("A double-sided comb", "comb", ("double-sided",)),
    ("A comb with ring-and-dot decoration", "comb", ("ring-and-dot",)),
    ("A comb with a long handle", "comb", ("long handle",)),
    ("A comb with missing teeth", "comb", ("broken",)),
    ("A bronze sword", "sword", ("bronze",)),
    ("A single-edged sword", "sword", ("single-edged",)),
    ("A sword with a disc pommel", "sword", ("disc pommel",)),
    ("A broken sword", "sword", ("broken",)),
    ("A drawing of a sword", "sword", ("drawing",)),
    ("A golden coin", "coin", ("golden",)),
    ("A coin with a ship", "coin", ("ship",)),
    ("A coin with a portrait", "coin", ("portrait",)),
    ("A coin with a cross", "coin", ("cross",)),
    ("A pierced coin", "coin", ("pierced",)),
    ("A silver coin with a cross", "coin", ("silver", "cross")),
    ("A figurine of a horse", "figurine", ("horse",)),
    ("A figurine of a bird", "figurine", ("bird",)),
    ("A human figurine", "figurine", ("human",)),
    ("A figurine with raised arms", "figurine", ("raised arms",)),
)


def topics(records: Iterable[Depiction | Plate]) -> tuple[Topic, ...]:
    """The topics that these records answer: the product's five, and of the others those with two answers or more."""
    shown = tuple(records)
    asked = [(*topic, "product") for topic in PRODUCT]
    asked += [(text, category, (), "category") for text, category in CATEGORY]
    asked += [(*topic, "category+attribute") for topic in ATTRIBUTE]
    kept: list[Topic] = []
    for text, category, refinements, group in asked:
        topic = Topic(f"t{len(kept) + 1:02d}", text, category, refinements, group)
        answers = sum((grade(topic, one) or 0) > 0 for one in shown)
        if answers >= (1 if group == "product" else 2):
            kept.append(topic)
    return tuple(kept)
