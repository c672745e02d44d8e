"""What is true of a depiction, and captions that state some of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from archive_search.sample.depiction import Depiction
from archive_search.sample.varieties import VARIETIES
from training.vocabulary import BROADER

WORDING: dict[str, str] = {
    "incised lines": "incised line",
    "cord impressions": "cord impression",
    "ring-and-dot": "ring dot",
    "two handles": "two handle",
    "leaf-shaped blade": "leaf blade",
    "lugs": "lug",
    "dots": "dot",
    "stripes": "stripe",
    "bosses": "boss",
    "rivets": "rivet",
    "raised arms": "raised arm",
}
"""Terms of the sample generator whose words of the encoder do not follow from dropping hyphens and `shaped`."""

IMPLIED: dict[str, tuple[str, ...]] = {
    "two handle": ("handle",),
    "long handle": ("handle",),
    "leaf blade": ("leaf",),
    "lobed pommel": ("pommel",),
    "disc pommel": ("pommel",),
    "curved blade": ("curved",),
    "incised line": ("incised",),
    "cord impression": ("cord",),
    "hollow base": ("hollow",),
    "shaft hole": ("hole",),
    "pierced": ("hole",),
    "funnel neck": ("neck",),
    "narrow neck": ("neck",),
    "everted rim": ("rim",),
    "straight rim": ("rim",),
    "broad blade": ("broad",),
    "curved back": ("curved",),
    "garnet inlay": ("garnet", "inlay"),
}
"""Details and decorations that include others."""

DENIABLE: dict[str, tuple[str, ...]] = {
    "handle": ("pot", "bowl"),
    "lug": ("pot", "bowl"),
    "foot": ("pot", "bowl"),
    "shaft hole": ("axe",),
    "pommel": ("sword",),
    "barbed": ("arrowhead",),
    "rivet": ("comb",),
    "pierced": ("coin",),
    "decorated": tuple(kind for kind, variety in VARIETIES.items() if variety.decorations and variety.decorated < 1),
}
"""What a caption may say is absent, and of which kinds."""


@cache
def term(name: str) -> str:
    """Write a term of the sample generator in words of the encoder: `leaf-shaped` is `leaf`."""
    return WORDING.get(name, name.replace("-shaped", "").replace("-", " "))


@cache
def facts_of(depiction: Depiction) -> dict[str, str]:
    """What is true of a depiction, each fact with its aspect: kind, material, colour, detail, decoration and so on."""
    facts = {depiction.kind: "kind", depiction.material: "material", depiction.colour: "colour"}
    facts |= {depiction.condition: "condition", depiction.style: "style"}
    for name in map(term, depiction.details):
        facts |= dict.fromkeys((name, *IMPLIED.get(name, ())), "detail")
    if depiction.decoration:
        name = term(depiction.decoration)
        facts |= dict.fromkeys((name, *IMPLIED.get(name, ()), "decorated"), "decoration")
    if depiction.kind == "sword" and not {"tang", "single-edged"} & set(depiction.details):
        facts["handle"] = "detail"  # single-edged ones are drawn with and without: not stated
    for broader, narrower in BROADER.items():
        for fact in narrower:
            if fact in facts:
                facts[broader] = {"kind": "kind", "material": "material"}.get(facts[fact], "detail")
    for absent, kinds in DENIABLE.items():
        if depiction.kind in kinds and absent not in facts:
            facts[f"without {absent}"] = "absent"
    return facts


def _all_facts() -> tuple[str, ...]:
    """Collect the facts of every kind from the vocabulary of the sample."""
    facts: set[str] = {"complete", "broken", "photograph", "drawing", *BROADER}
    for kind, variety in VARIETIES.items():
        facts |= {kind, *variety.colours, *(colour for colours in variety.colours.values() for colour in colours)}
        details = {name for forms in variety.forms.values() for form in forms for name in form}
        facts |= {term(name) for name in details | set(variety.extras) | set(variety.decorations)}
    facts |= {included for several in IMPLIED.values() for included in several}
    facts |= {f"without {absent}" for absent in DENIABLE} | {"decorated"}
    return tuple(sorted(facts))


FACTS: tuple[str, ...] = _all_facts()
"""Every fact that a caption can state."""
_INDEX = {fact: i for i, fact in enumerate(FACTS)}


def multi_hot(stated: Sequence[Iterable[str]]) -> NDArray[np.float32]:
    """Write sets of facts as rows of zeros and ones, (n, len(FACTS))."""
    rows = np.zeros((len(stated), len(FACTS)), dtype=np.float32)
    for row, facts in zip(rows, stated, strict=True):
        row[[_INDEX[fact] for fact in facts]] = 1
    return rows


def truth(pictures: NDArray[np.float32], captions: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which captions are true of which pictures: a caption is when the picture has every fact it states. (n, m)."""
    return np.asarray(pictures @ captions.T == captions.sum(1))


_HOW_MANY = (0.14, 0.36, 0.26, 0.14, 0.10)
"""Shares of captions with 0, 1, 2, 3 and all facts beside the kind."""
_NATURAL = ("style", "condition", "colour", "material", "kind", "absent", "detail", "decoration")
_WEIGHT = {
    "style": 0.6,
    "condition": 0.8,
    "colour": 1.6,
    "material": 1.4,
    "absent": 0.15,
    "detail": 1.0,
    "decoration": 1.0,
}
"""How often an aspect is stated, relative to the others."""


def sample_caption(rng: np.random.Generator, depiction: Depiction) -> tuple[str, ...]:
    """State some facts of a depiction, from "a pot" to all of them, in natural or random order."""
    facts = facts_of(depiction)
    kinds = [fact for fact, aspect in facts.items() if aspect == "kind"]
    others = [fact for fact, aspect in facts.items() if aspect != "kind"]
    many = int(rng.choice(5, p=_HOW_MANY))
    named = rng.random() < 0.82
    if not named:
        many = max(1, min(many, 3))
    weights = np.array([_WEIGHT[facts[fact]] for fact in others])
    if depiction.style == "drawing":  # ink shows no colour
        weights[[facts[fact] == "colour" for fact in others]] *= 0.3
    count = min(len(others), many if many < 4 else 7)
    picked = [others[i] for i in rng.choice(len(others), count, replace=False, p=weights / weights.sum())]
    if named:
        picked.append(kinds[0] if len(kinds) == 1 or rng.random() < 0.8 else kinds[1])
    if rng.random() < 0.5:
        rng.shuffle(picked)
    else:
        picked.sort(key=lambda fact: _NATURAL.index(facts[fact]))
    return tuple(picked)
