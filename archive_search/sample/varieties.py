"""The vocabulary of the sample archive: what each kind of object may be made of, look like and bear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Variety:
    """
    How one kind of object varies.

    Attributes:
        colours: For each material, the colours it comes in; earlier materials are more common.
        forms: For each material, or for "any", the sets of details that define a shape.
        extras: Details that any of the shapes may bear in addition.
        decorations: What may be drawn on the surface.
        decorated, broken, drawn: Shares, 0 to 1.
        plain: Materials and details that are never decorated.
        whole: Details of what would be another thing if it were broken.
    """

    colours: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, tuple[tuple[str, ...], ...]]
    extras: tuple[str, ...] = ()
    decorations: tuple[str, ...] = ()
    decorated: float = 0.5
    broken: float = 0.2
    drawn: float = 0.3
    plain: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def shares(self) -> NDArray[np.float64]:
        """Probability of each material: proportional to 1, 1/2, 1/3, ..."""
        weights = 1 / np.arange(1, len(self.colours) + 1)
        return np.asarray(weights / weights.sum(), dtype=np.float64)


METAL_PATINA = ("green", "brown", "golden")
RUST = ("brown", "black")

VARIETIES: Mapping[str, Variety] = {
    "arrowhead": Variety(
        colours={
            "flint": ("grey", "brown", "black", "white"),
            "bronze": METAL_PATINA,
            "iron": RUST,
            "bone": ("white", "yellow", "brown"),
        },
        forms={
            "flint": (("barbed", "tanged"), ("tanged",), ("hollow base",), ("leaf-shaped",), ("triangular",)),
            "any": (("barbed", "tanged"), ("tanged",), ("leaf-shaped", "tanged"), ("socketed",)),
        },
        drawn=0.45,
    ),
    "axe": Variety(
        colours={
            "flint": ("grey", "brown", "black", "white"),
            "stone": ("grey", "black", "green", "brown"),
            "bronze": METAL_PATINA,
            "iron": RUST,
            "copper": ("orange", "green"),
            "antler": ("white", "brown"),
        },
        forms={
            "flint": (("polished",), ("knapped",), ("thin-butted", "polished"), ("thick-butted", "knapped")),
            "stone": (("shaft hole",), ("shaft hole", "boat-shaped"), ("polished",), ("grooved",)),
            "bronze": (("flanged",), ("socketed", "loop"), ("socketed",), ("flat",)),
            "copper": (("flat",), ("shaft hole",)),
            "iron": (("bearded",), ("broad blade",)),
            "any": (("shaft hole",),),
        },
        decorations=("incised lines", "zigzag", "dots"),
        decorated=0.3,
        plain=("flint",),
        drawn=0.45,
    ),
    "pot": Variety(
        colours={
            "clay": ("brown", "red", "black", "grey", "orange"),
            "bronze": METAL_PATINA,
            "glass": ("green", "blue"),
        },
        forms={
            "any": (
                ("funnel neck",),
                ("everted rim",),
                ("straight rim",),
                ("everted rim", "handle"),
                ("narrow neck", "handle"),
                ("narrow neck", "two handles"),
                ("funnel neck", "lugs"),
                ("straight rim", "lugs"),
                ("biconical",),
            )
        },
        extras=("foot",),
        decorations=("incised lines", "zigzag", "dots", "spiral", "cord impressions", "crosshatching"),
        decorated=0.6,
        broken=0.3,
        drawn=0.35,
    ),
    "bowl": Variety(
        colours={
            "clay": ("brown", "red", "black", "grey", "orange"),
            "wood": ("brown", "black"),
            "silver": ("grey", "white"),
            "bronze": METAL_PATINA,
            "glass": ("green", "blue"),
        },
        forms={"any": (("straight rim",), ("everted rim",), ("handle",), ("lugs",), ("two handles",))},
        extras=("foot",),
        decorations=("incised lines", "zigzag", "dots", "spiral", "crosshatching"),
        broken=0.3,
        drawn=0.35,
    ),
    "brooch": Variety(
        colours={
            "bronze": METAL_PATINA,
            "silver": ("grey", "white", "black"),
            "gold": ("golden",),
            "iron": RUST,
        },
        forms={"any": (("disc",), ("bow",), ("oval", "bosses"), ("penannular",), ("cruciform",), ("trefoil",))},
        extras=("garnet inlay",),
        decorations=("dots", "spiral", "ring-and-dot", "interlace", "zigzag"),
        decorated=0.6,
        plain=("penannular",),
    ),
    "bead": Variety(
        colours={
            "glass": ("blue", "green", "yellow", "red", "white", "black", "orange"),
            "amber": ("orange", "yellow", "red"),
            "bone": ("white", "brown"),
            "clay": ("red", "grey", "brown"),
            "gold": ("golden",),
        },
        forms={
            "amber": (("round",), ("barrel-shaped",), ("disc-shaped",), ("string",), ("hammer-shaped",)),
            "any": (("round",), ("barrel-shaped",), ("disc-shaped",), ("melon",), ("string",)),
        },
        decorations=("stripes", "dots", "zigzag", "spiral"),
        decorated=0.45,
        broken=0.12,
        drawn=0.25,
        plain=("string", "melon"),
        whole=("string",),
    ),
    "comb": Variety(
        colours={"antler": ("white", "brown", "yellow"), "bone": ("white", "brown", "yellow"), "bronze": METAL_PATINA},
        forms={"any": (("single-sided",), ("double-sided",), ("single-sided", "curved back"), ("long handle",))},
        extras=("rivets",),
        decorations=("ring-and-dot", "incised lines", "zigzag", "crosshatching"),
        decorated=0.6,
        broken=0.35,
    ),
    "sword": Variety(
        colours={"iron": ("brown", "black", "grey"), "bronze": METAL_PATINA},
        forms={
            "bronze": (("leaf-shaped blade",), ("leaf-shaped blade", "disc pommel"), ("tang",)),
            "any": (
                ("fuller", "lobed pommel"),
                ("fuller", "disc pommel"),
                ("fuller", "tang"),
                ("single-edged",),
                ("single-edged", "curved blade"),
            ),
        },
        broken=0.25,
        drawn=0.35,
    ),
    "coin": Variety(
        colours={
            "silver": ("grey", "white", "black"),
            "bronze": METAL_PATINA,
            "gold": ("golden",),
            "copper": ("orange", "green"),
        },
        forms={"any": (("beaded border",), ("plain border",), ("lettered border",))},
        extras=("pierced",),
        decorations=("portrait", "cross", "ship"),
        decorated=1.0,
        broken=0.15,
        drawn=0.15,
    ),
    "figurine": Variety(
        colours={
            "clay": ("red", "brown", "grey", "orange"),
            "bronze": METAL_PATINA,
            "stone": ("grey", "white", "black"),
            "amber": ("orange", "yellow"),
            "bone": ("white", "brown"),
            "gold": ("golden",),
        },
        forms={
            "any": (("human",), ("human", "raised arms"), ("horse",), ("bird",), ("boar",)),
        },
        decorations=("incised lines", "dots", "zigzag"),
        decorated=0.3,
        broken=0.25,
    ),
    "car": Variety(
        colours={"metal": ("red", "orange", "grey", "blue", "green", "black", "white", "yellow")},
        forms={"any": (("saloon",), ("coupe",), ("estate",), ("convertible",))},
        broken=0.0,
        drawn=0.1,
    ),
}
