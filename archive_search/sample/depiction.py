"""A depiction: everything that determines one drawn picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from archive_search.sample.varieties import VARIETIES

KINDS: tuple[str, ...] = tuple(VARIETIES)
"""What can be drawn, in the order of the vocabulary."""

SAMPLE_SEEDS_FROM = 2**31
"""
The split between what a model may learn from and what it is judged on.

`random_depiction` gives seeds in [0, SAMPLE_SEEDS_FROM); the sample archive uses seeds in [SAMPLE_SEEDS_FROM, 2**32).
A seed determines proportions, texture and light, so no picture of the sample can be seen in training.
"""


@dataclass(frozen=True)
class Depiction:
    """
    One picture of one object, before it is drawn.

    Two depictions that differ only in `view` or `style` show the same object.
    """

    kind: str
    material: str
    colour: str
    decoration: str | None
    details: tuple[str, ...]
    condition: str
    style: str
    view: int
    seed: int


def random_depiction(rng: np.random.Generator, kind: str | None = None) -> Depiction:
    """
    Draw a depiction from the vocabulary; the seed is one that the sample archive never uses.

    Args:
        rng: Decides everything.
        kind: One of `KINDS`; any of them when None.
    """
    kind = kind or str(rng.choice(KINDS))
    variety = VARIETIES[kind]
    material = str(rng.choice(list(variety.colours), p=variety.shares()))
    colour = str(rng.choice(variety.colours[material]))
    forms = variety.forms.get(material, variety.forms["any"])
    details = forms[int(rng.integers(len(forms)))]
    details += tuple(extra for extra in variety.extras if extra not in details and rng.random() < 0.3)
    decorations = variety.decorations
    room = bool(decorations) and not {material, *details} & set(variety.plain)
    decorated = room and rng.random() < variety.decorated
    breakable = not set(details) & set(variety.whole)
    return Depiction(
        kind=kind,
        material=material,
        colour=colour,
        decoration=str(rng.choice(decorations)) if decorated else None,
        details=details,
        condition="broken" if breakable and rng.random() < variety.broken else "complete",
        style="drawing" if rng.random() < variety.drawn else "photograph",
        view=int(rng.random() < 0.25),
        seed=int(rng.integers(SAMPLE_SEEDS_FROM)),
    )
