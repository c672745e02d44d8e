"""Materials: what colour they have in each colour word, and how their surface takes the light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Surface:
    """
    How a material looks under light.

    Attributes:
        gloss: Strength of the highlight, 0 to 1.
        sharpness: How small the highlight is; an exponent.
        mirror: How much of the light is reflected from the surroundings, as by bare metal, 0 to 1.
        glow: How much light passes through, as in amber and glass, 0 to 1.
        grain: Fine roughness.
        mottle: How much the colour varies from place to place, 0 to 1.
        stretch: How much the variation follows fibres, 1 for none.
        stain, stained: A second colour, and the share of the surface that has it.
    """

    gloss: float = 0.1
    sharpness: float = 12
    mirror: float = 0.0
    glow: float = 0.0
    grain: float = 0.3
    mottle: float = 0.15
    stretch: float = 1.0
    stain: Rgb = (90, 80, 70)
    stained: float = 0.0


SURFACES: Mapping[str, Surface] = {
    "flint": Surface(gloss=0.35, sharpness=18, grain=0.05, mottle=0.2, glow=0.1),
    "stone": Surface(gloss=0.08, grain=0.7, mottle=0.16),
    "bronze": Surface(gloss=0.3, mirror=0.15, grain=0.35, mottle=0.2, stain=(70, 84, 66), stained=0.16),
    "iron": Surface(gloss=0.06, grain=1.2, mottle=0.25, stain=(146, 82, 44), stained=0.25),
    "copper": Surface(gloss=0.4, mirror=0.35, grain=0.3, mottle=0.15, stain=(120, 70, 50), stained=0.15),
    "gold": Surface(gloss=0.7, sharpness=22, mirror=0.75, grain=0.08, mottle=0.05),
    "silver": Surface(gloss=0.65, sharpness=20, mirror=0.7, grain=0.12, mottle=0.1, stain=(84, 82, 84), stained=0.1),
    "antler": Surface(gloss=0.18, grain=0.35, mottle=0.16, stretch=6.0, stain=(140, 112, 76), stained=0.14),
    "bone": Surface(gloss=0.2, grain=0.25, mottle=0.14, stretch=5.0, stain=(150, 124, 84), stained=0.1),
    "amber": Surface(gloss=0.9, sharpness=30, glow=0.75, grain=0.04, mottle=0.3),
    "glass": Surface(gloss=1.0, sharpness=40, glow=0.4, grain=0.02, mottle=0.06),
    "clay": Surface(gloss=0.05, grain=0.55, mottle=0.18, stain=(74, 64, 58), stained=0.12),
    "wood": Surface(gloss=0.1, grain=0.35, mottle=0.25, stretch=0.14),
    "metal": Surface(gloss=0.9, sharpness=30, mirror=0.25, grain=0.0, mottle=0.0),
}

COLOURS: Mapping[str, Rgb] = {
    "red": (178, 32, 32),
    "orange": (228, 116, 24),
    "yellow": (232, 194, 60),
    "green": (58, 122, 74),
    "blue": (38, 76, 164),
    "brown": (120, 80, 50),
    "grey": (138, 138, 138),
    "black": (46, 44, 45),
    "white": (228, 225, 216),
    "golden": (218, 168, 58),
}

SHADES: Mapping[tuple[str, str], Rgb] = {
    ("clay", "red"): (172, 70, 48),
    ("clay", "orange"): (212, 128, 74),
    ("clay", "brown"): (126, 90, 64),
    ("clay", "grey"): (136, 131, 124),
    ("clay", "black"): (58, 54, 51),
    ("bronze", "green"): (88, 144, 112),
    ("bronze", "brown"): (112, 78, 46),
    ("bronze", "golden"): (198, 148, 62),
    ("iron", "brown"): (112, 70, 46),
    ("iron", "black"): (56, 51, 49),
    ("iron", "grey"): (118, 117, 118),
    ("copper", "orange"): (206, 112, 66),
    ("copper", "green"): (84, 150, 128),
    ("amber", "orange"): (222, 118, 24),
    ("amber", "yellow"): (234, 180, 62),
    ("amber", "red"): (164, 44, 20),
    ("bone", "white"): (224, 214, 192),
    ("bone", "yellow"): (212, 182, 112),
    ("bone", "brown"): (132, 97, 62),
    ("antler", "white"): (220, 210, 188),
    ("antler", "yellow"): (206, 176, 108),
    ("antler", "brown"): (128, 94, 62),
    ("stone", "green"): (88, 116, 92),
    ("stone", "brown"): (124, 98, 74),
    ("flint", "brown"): (120, 86, 58),
    ("flint", "grey"): (128, 128, 126),
    ("glass", "blue"): (24, 62, 168),
    ("glass", "green"): (40, 124, 74),
    ("glass", "red"): (166, 22, 28),
    ("silver", "grey"): (160, 161, 164),
    ("silver", "white"): (222, 222, 222),
    ("silver", "black"): (70, 69, 70),
    ("wood", "brown"): (118, 80, 46),
    ("metal", "grey"): (118, 120, 123),
    ("metal", "red"): (196, 18, 24),
    ("metal", "orange"): (240, 110, 10),
    ("metal", "yellow"): (242, 204, 30),
    ("metal", "green"): (24, 106, 56),
    ("metal", "blue"): (26, 70, 172),
    ("metal", "white"): (236, 236, 234),
    ("metal", "black"): (34, 34, 36),
}

PAINTS: Mapping[str, tuple[Rgb, float]] = {
    "garnet": ((150, 14, 30), 0.9),
    "rivet": ((104, 74, 50), 0.2),
    "leather": ((92, 62, 42), 0.1),
    "thread": ((90, 84, 76), 0.0),
    "window": ((52, 62, 70), 0.6),
    "tyre": ((36, 36, 38), 0.1),
    "chrome": ((190, 192, 196), 0.8),
    "lamp": ((240, 236, 210), 0.9),
    "tail lamp": ((150, 20, 20), 0.6),
}
"""The colour and gloss of parts that are not of the object's own material."""


def shade(material: str, colour: str) -> Rgb:
    """The colour that a colour word means on a material."""
    return SHADES.get((material, colour), COLOURS[colour])
