"""What a file is by its ending (a picture, a film or a recording), and a still picture that stands for it."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from archive_search.pictures.decoding import EXTENSIONS

if TYPE_CHECKING:
    from PIL.Image import Image

Medium: TypeAlias = Literal["image", "video", "audio"]

FILMS = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ogv", ".wmv")
RECORDINGS = (".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma")
ALL = (*EXTENSIONS, *FILMS, *RECORDINGS)
"""Every ending that is taken for a record, with its dot, in small letters."""

_WIDTH, _HEIGHT = 640, 240
_PAPER, _INK = (245, 243, 238), (92, 78, 66)


def medium(name: str) -> Medium:
    """What a file is by its name; a picture where the ending says nothing."""
    ending = PurePath(name).suffix.lower()
    return "video" if ending in FILMS else "audio" if ending in RECORDINGS else "image"


def still(file: Path) -> Image:
    """
    A picture of a film (a frame near its middle) or of a recording (how loud it is at its start, middle and end).

    Raises:
        InvalidInputError: If it cannot be read, or holds nothing to be seen or heard.
        NotInstalledError: If PyAV is missing.
    """
    from PIL import Image

    from archive_search.models import clips

    if medium(file.name) == "video":
        pairs = clips.pairs_of_frames(file, 3)
        return Image.fromarray(pairs[len(pairs) // 2][0])
    return _loudness(clips.sounds(file, 3))


def _loudness(sounds: list[NDArray[np.float32]]) -> Image:
    """Bars of the loudest sound in each moment, mirrored, on paper; a gap between one clip and the next."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    count = _WIDTH // 4 // len(sounds)
    clips = [[float(np.abs(part).max(initial=0.0)) for part in np.array_split(one, count - 3)] for one in sounds]
    loudest = max(max(max(bars) for bars in clips), 1e-6)
    for clip, bars in enumerate(clips):
        for number, bar in enumerate(bars):
            left, tall = 4 * (clip * count + number), max(round(bar / loudest * (_HEIGHT / 2 - 12)), 1)
            draw.rectangle((left, _HEIGHT // 2 - tall, left + 1, _HEIGHT // 2 + tall), fill=_INK)
    return picture
