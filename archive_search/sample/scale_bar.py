"""The scale bar that a museum lays beside an object."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

BLACK, WHITE = (28, 28, 28), (244, 244, 242)


def with_scale_bar(picture: Image.Image, scene: np.random.Generator, ink: bool) -> Image.Image:
    """
    Add a bar of black and white centimetres near the lower edge.

    Args:
        ink: Draw a thin bar as on a drawing, not the card of a photograph.
    """
    size = picture.width
    blocks = int(scene.choice([4, 5, 5, 6]))
    step = max(3, round(size * scene.uniform(0.05, 0.075)))
    tall = max(2, round(size * (0.012 if ink else 0.024)))
    left = round((size - blocks * step) * (scene.choice([0.5, 0.5, 0.12, 0.88])))
    left = min(left, size - blocks * step - size // 8)  # room for the label
    top = round(size * 0.945) - tall
    draw_bar(picture, left, top, step, tall, blocks, ink)
    pen = ImageDraw.Draw(picture)
    if size >= 200:
        font = ImageFont.load_default(max(9, size // 30))
        bright = np.asarray(picture.convert("L"))[top : top + tall, -size // 9 :].mean() > 110
        pen.text(
            (left + blocks * step + 5, top - size // 70),
            f"{blocks} cm",
            fill=BLACK if bright or ink else WHITE,
            font=font,
        )
    return picture


def draw_bar(picture: Image.Image, left: int, top: int, step: int, tall: int, blocks: int, ink: bool) -> None:
    """Draw a bar of so many blocks, each `step` pixels long, without a label."""
    pen = ImageDraw.Draw(picture)
    if not ink:
        pen.rectangle((left - 1, top - 1, left + blocks * step + 1, top + tall + 1), fill=WHITE, outline=BLACK)
    for i in range(blocks):
        box = (left + i * step, top, left + (i + 1) * step, top + tall)
        pen.rectangle(box, fill=BLACK if i % 2 == 0 else WHITE, outline=BLACK)
