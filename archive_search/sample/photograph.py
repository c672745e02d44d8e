"""Photographs: a form lit from the upper left on a museum's grey background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.sample.canvas import Canvas, Plane, blurred, noise
from archive_search.sample.decoration import marks
from archive_search.sample.depiction import Depiction
from archive_search.sample.form import Form
from archive_search.sample.knapping import scars
from archive_search.sample.materials import PAINTS, SURFACES, Surface, shade

Picture = NDArray[np.float32]
"""(n, n, 3), 0 to 1."""

Light = tuple[float, float, float]
"""Direction towards the light: right, down, towards the viewer; length 1."""


@dataclass(frozen=True)
class Exposed:
    """
    An object in the light, before there is a background.

    Attributes:
        colour: What reaches the camera from the object.
        seen: How much of the object is seen, 0 to 1; glass lets some of the background through.
        open: How bright the background is through its openings, 1 elsewhere.
    """

    colour: Picture
    seen: Plane
    open: Plane


def photograph(
    form: Form, depiction: Depiction, canvas: Canvas, shape: np.random.Generator, scene: np.random.Generator
) -> Picture:
    """
    Take a photograph.

    Args:
        shape: Decides what belongs to the object (its texture).
        scene: Decides what belongs to the occasion (light and background).
    """
    it = exposed(form, depiction, canvas, shape, direction(scene))
    ground = _ground(form.mask(), it.colour, depiction, canvas, scene)
    ground *= it.open[..., None]
    picture: Picture = ground + (it.colour - ground) * it.seen[..., None]
    return grainy(picture, scene)


def exposed(form: Form, depiction: Depiction, canvas: Canvas, shape: np.random.Generator, light: Light) -> Exposed:
    """Light a form; see `photograph`."""
    surface = SURFACES[depiction.material]
    mask, height = form.mask(), form.height()
    colour = _colour(depiction, surface, canvas, shape)
    height, colour = _marked(form, depiction, canvas, shape, height, colour)
    height = height + _grain(canvas.n, shape) * np.float32(surface.grain * 0.0026)
    colour, gloss, body = _painted(form, colour, surface)
    lit = _lit(colour, height, gloss, body, surface, canvas, light)
    dark = np.float32(0.22 if depiction.kind in ("car", "axe", "arrowhead") else 0.5)
    seen, through = np.zeros_like(mask), np.ones_like(mask)
    for part in form.parts:
        if part.paint == "gap":
            seen = seen * (1 - part.mask)
            through = through * (1 - (1 - dark) * (part.mask * mask))
        else:
            seen = np.maximum(seen, part.mask)
    if depiction.material == "glass" and depiction.kind in ("pot", "bowl"):
        seen = seen * np.float32(0.8)  # light passes through the wall of a vessel
    return Exposed(lit, seen, through)


def grainy(picture: Picture, scene: np.random.Generator) -> Picture:
    """The picture with the grain of the film."""
    grain = scene.normal(0, 0.008, (*picture.shape[:2], 1)).astype(np.float32)
    seen: Picture = np.clip(picture + grain, 0, 1)
    return seen


def _painted(form: Form, colour: Picture, surface: Surface) -> tuple[Picture, Plane, Plane]:
    """Colour and gloss with every part in its paint, and where the object's own material is seen."""
    gloss = np.full_like(form.parts[0].mask, surface.gloss)
    body = np.ones_like(gloss)
    if all(part.paint in ("body", "gap") for part in form.parts):
        return colour, gloss, body
    shown, inside = colour.copy(), colour * np.float32(0.45)
    fresh: Picture
    for part in form.parts:
        if part.paint == "gap":
            continue
        paint, shine = PAINTS.get(part.paint, (None, surface.gloss if part.paint == "body" else 0.0))
        if paint is not None:
            fresh = np.array(paint, dtype=np.float32) / np.float32(255)
        else:
            fresh = colour if part.paint == "body" else inside
        shown += (fresh - shown) * part.mask[..., None]
        gloss += (np.float32(shine) - gloss) * part.mask
        body += (np.float32(part.paint in ("body", "inside")) - body) * part.mask
    return shown, gloss, body


def direction(scene: np.random.Generator) -> Light:
    """Where the light comes from: somewhere at the upper left."""
    x, y, z = -scene.uniform(0.4, 0.65), -scene.uniform(0.45, 0.7), scene.uniform(0.55, 0.75)
    length = float(np.sqrt(x * x + y * y + z * z))
    return x / length, y / length, z / length


def _grain(n: int, shape: np.random.Generator) -> Plane:
    """Unevenness of three sizes, so that no grid shows."""
    grain: Plane = noise(shape, n, 23)
    for cells, share in ((53, 0.6), (131, 0.35)):
        grain = grain + noise(shape, n, cells) * np.float32(share)
    return grain


def _colour(depiction: Depiction, surface: Surface, canvas: Canvas, shape: np.random.Generator) -> Picture:
    """The colour of the material everywhere, with its stains, mottles and fibres."""
    n = canvas.n
    base = np.array(shade(depiction.material, depiction.colour), dtype=np.float32) / np.float32(255)
    base = np.clip(
        base * np.float32(shape.uniform(0.9, 1.1)) + shape.normal(0, 0.004, 3).astype(np.float32), 0.02, 0.97
    )
    if surface.stretch >= 1:
        cells, stretch = (18 if surface.stretch == 1 else 46), surface.stretch
        veins = noise(shape, n, cells, stretch)
    else:
        veins = noise(shape, n, 44, 1 / surface.stretch).T
    clouds = noise(shape, n, 6)
    variation = 1 + np.float32(surface.mottle * 0.5) * (veins * np.float32(0.5) + clouds * np.float32(0.5))
    colour: Picture = base * variation[..., None]
    if surface.stained:
        limit = 1.5 - 3.0 * surface.stained
        stain = np.clip((clouds + veins * np.float32(0.6) - np.float32(limit)) * 1.5, 0, 1) * np.float32(0.5)
        colour += (np.array(surface.stain, np.float32) / 255 - colour) * stain[..., None]
    if depiction.material == "stone":
        specks = noise(shape, n, 120) * np.float32(0.05)
        colour += specks[..., None]
    return colour


def _marked(
    form: Form, depiction: Depiction, canvas: Canvas, shape: np.random.Generator, height: Plane, colour: Picture
) -> tuple[Plane, Picture]:
    """Height and colour after flaking, creases and decoration."""
    if form.flaked is not None:
        knapped = scars(canvas, form.flaked, shape)
        height = (
            height
            + (knapped.height + np.sin(knapped.ripples * np.float32(2 * np.pi)) * np.float32(0.0012)) * form.flaked
        )
        colour = colour * (1 + (knapped.ridges * np.float32(0.16) * form.flaked)[..., None])
    if form.creases is not None:
        height = height - form.creases * np.float32(0.008)
        colour = colour * (1 - np.float32(0.38) * form.creases[..., None])
    if depiction.decoration is not None and depiction.kind != "coin":
        cut = marks(depiction.decoration, form.u, form.v, canvas.pixel) * form.zone
        if depiction.kind == "bead":
            inlay = (0.93, 0.91, 0.85) if depiction.colour not in ("white", "yellow") else (0.14, 0.16, 0.3)
            colour = colour + (np.array(inlay, np.float32) - colour) * (cut * np.float32(0.92))[..., None]
        else:
            height = height - cut * np.float32(0.018)
            fill = np.float32(0.16 if depiction.colour == "black" else 0.0)  # dirt in the grooves; pale on black
            colour = colour * (1 - np.float32(0.62) * cut[..., None]) + (cut * fill * 3)[..., None]
    return height, colour


def _lit(
    colour: Picture, height: Plane, gloss: Plane, body: Plane, surface: Surface, canvas: Canvas, light: Light
) -> Picture:
    """The colour that reaches the camera."""
    n = canvas.n
    per_pixel = np.float32(n / 2 * canvas.scale)
    gy, gx = np.gradient(height * per_pixel)
    gx, gy = np.clip(gx, -3, 3), np.clip(gy, -3, 3)
    nz = 1 / np.sqrt(gx * gx + gy * gy + 1)
    nx, ny = -gx * nz, -gy * nz
    diffuse = np.maximum(nx * np.float32(light[0]) + ny * np.float32(light[1]) + nz * np.float32(light[2]), 0)
    hollow = np.clip((blurred(height, 0.03) - height) * np.float32(3.0), 0, 0.5)
    brightness = (np.float32(0.34) + np.float32(0.95) * diffuse) * (1 - hollow)
    if surface.mirror:
        room = np.float32(0.62) + np.float32(0.5) * np.sin(
            ny * np.float32(-4.0) + nx * np.float32(-1.5) + np.float32(0.4)
        )
        brightness = brightness * (1 - np.float32(surface.mirror) * body) + room * np.float32(surface.mirror) * body * (
            1 - hollow
        )
    if surface.glow:
        through = np.clip(0.9 - 0.9 * (nx * light[0] + ny * light[1]) * 1.2, 0.2, 1.7) * nz**0.3
        brightness = brightness * (1 - np.float32(surface.glow) * body) + through * np.float32(surface.glow) * body
    hx, hy, hz = light[0], light[1], light[2] + 1
    length = float(np.sqrt(hx * hx + hy * hy + hz * hz))
    shine = np.clip((nx * np.float32(hx) + ny * np.float32(hy) + nz * np.float32(hz)) / np.float32(length), 0, 1)
    spot = gloss * shine ** np.float32(surface.sharpness) * np.float32(0.55)
    tint = np.float32(0.6 if surface.mirror > 0.5 else 0.0)
    lit: Picture = colour * brightness[..., None]
    lit += spot[..., None] * (tint * colour * np.float32(1.5) + (1 - tint))
    return np.clip(lit, 0, 1)


def _ground(mask: Plane, lit: Picture, depiction: Depiction, canvas: Canvas, scene: np.random.Generator) -> Picture:
    """The background with the object's shadow on it."""
    brightness = brightness_of(lit, mask)
    tone = background_tone(scene)
    if abs(tone - brightness) < 0.2:
        tone = brightness + 0.24 if brightness < 0.55 else brightness - 0.26
    grey = backdrop(tone, canvas.n, scene)
    if depiction.kind == "car":
        shadow = np.exp(-(((canvas.y - np.float32(0.42)) / np.float32(0.05)) ** 2) - (canvas.x / np.float32(0.75)) ** 4)
        floor = canvas.y > np.float32(0.36)
        grey = grey + np.where(floor, np.float32(-0.05), np.float32(0.03))
        grey = grey * (1 - np.float32(0.6) * shadow)
    else:
        grey = grey * (1 - cast_shadow(mask, scene))
    return tinted(grey, scene)


def brightness_of(colour: Picture, mask: Plane) -> float:
    """How bright the object is on average, 0 to 1."""
    return float((colour.mean(axis=2) * mask).sum() / (mask.sum() + 1))


def background_tone(scene: np.random.Generator) -> float:
    """How bright a background may be: mostly light grey, sometimes nearly black."""
    return float(scene.uniform(0.5, 0.86) if scene.random() < 0.85 else scene.uniform(0.08, 0.2))


def backdrop(tone: float, n: int, scene: np.random.Generator) -> Plane:
    """An empty background that gets a little darker downwards and towards its corners."""
    axis = np.linspace(-1, 1, n, dtype=np.float32)
    slope, fall = scene.uniform(0.02, 0.09), scene.uniform(0.0, 0.06)
    grey: Plane = (
        np.float32(tone)
        - np.float32(slope) * axis[:, None]
        - np.float32(fall) * (axis[None, :] ** 2 + axis[:, None] ** 2)
    )
    return grey


def cast_shadow(mask: Plane, scene: np.random.Generator) -> Plane:
    """How much of the light an object takes from the ground to its lower right, 0 to 1."""
    reach = max(1, int(mask.shape[0] * scene.uniform(0.016, 0.028)))
    soft = blurred(mask, scene.uniform(0.012, 0.022))
    cast = np.zeros_like(soft)
    cast[reach:, reach:] = soft[:-reach, :-reach]
    taken: Plane = np.float32(0.5) * cast
    return taken


def tinted(grey: Plane, scene: np.random.Generator) -> Picture:
    """A grey that is hardly warm or cold."""
    warm = scene.uniform(-0.008, 0.008)
    ground: Picture = np.clip(grey[..., None] * np.array([1 + warm, 1.0, 1 - warm], np.float32), 0, 1)
    return ground
