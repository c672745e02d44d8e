"""
Measure what an ingest takes for the same picture: `python -m benchmarks.sameness FOLDER ... [--copies 200]`.

Takes every picture below the folders, makes copies of some of them in each of a dozen ways, and prints, for each way,
the share of copies that are found. Then it compares every picture with every other whose fingerprint is near, and
prints those that are taken for one though their files differ, the least alike first: to be looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from archive_search.pictures.decoding import EXTENSIONS, decode
from archive_search.pictures.sameness import ALIKE, BITS, Look, likeness, look
from archive_search.types import PictureError
from ingest.same_pictures import Fingerprints
from ingest.thumbnails import LONGEST, QUALITY

SMALL = 200
"""Pixels of the longer side below which a picture counts as small."""


def main() -> None:
    """Print what is found of each kind of copy, and what else is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--copies", type=int, default=200, help="pictures that copies are made of")
    chosen = parser.parse_args()
    every = (file for folder in chosen.folders for file in folder.rglob("*") if file.suffix.lower() in EXTENSIONS)
    files = sorted({hashlib.sha256(file.read_bytes()).hexdigest(): file for file in every}.values())
    some = set(random.Random(0).sample(files, min(chosen.copies, len(files))))
    with ProcessPoolExecutor() as pool:
        made = [one for one in pool.map(partial(_looks, some), files, chunksize=32) if one]
    print(f"{len(made)} pictures, each another file; {sum(one[2][''] is None for one in made)} show one tone only")
    for kind in COPIES:
        for large in (True, False):
            pairs = [(one[2][""], one[2][kind]) for one in made if kind in one[2] and (one[1] >= SMALL) == large]
            found = [_near(one, copy) and _alike(one, copy) >= ALIKE for one, copy in pairs if one and copy]
            if found:
                size = "large" if large else "small"
                print(f"{kind:22} {size}  {sum(found) / len(found):6.1%} of {len(found)} found")
    _others([(file, seen) for file, _, copies in made if (seen := copies[""]) is not None])


def _others(made: list[tuple[Path, Look]]) -> None:
    """Print which pictures are taken for one, and how long that takes."""
    began = time.perf_counter()
    fingerprints = Fingerprints((number, *seen.fingerprint) for number, (_, seen) in enumerate(made))
    pairs = [(one, other) for one in range(len(made)) for other in fingerprints.near(one) if other > one]
    looked_up = time.perf_counter()
    found = sorted((_alike(made[one][1], made[other][1]), one, other) for one, other in pairs)
    compared = time.perf_counter()
    print(
        f"{len(pairs)} pairs are near, looked up in {1000 * (looked_up - began) / max(len(made), 1):.2f} ms a picture, "
        f"compared in {1000 * (compared - looked_up) / max(len(pairs), 1):.2f} ms a pair"
    )
    print(f"{sum(alike >= ALIKE for alike, *_ in found)} pairs are taken for one picture; from a little below on:")
    for alike, one, other in found:
        if ALIKE - 0.3 <= alike < 0.97:
            print(f"{'same ' if alike >= ALIKE else 'other'} {alike:.3f}  {made[one][0]}  {made[other][0]}")


def _looks(some: set[Path], file: Path) -> tuple[Path, int, dict[str, Look | None]] | None:
    """The look of a picture under '', and those of its copies."""
    try:
        picture = decode(file)
    except PictureError:
        return None
    copies = COPIES if file in some else {}
    return (
        file,
        max(picture.size),
        {"": _kept(picture), **{kind: _kept(copy(picture)) for kind, copy in copies.items()}},
    )


def _kept(picture: Image.Image) -> Look | None:
    """The look of a picture as its thumbnail has it."""
    small = picture.copy()
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.BICUBIC)
    return look(_saved(small, "JPEG", quality=QUALITY))


def _alike(one: Look, other: Look) -> float:
    return max(likeness(one, other), likeness(one, other.turned))


def _near(one: Look, other: Look) -> bool:
    prints = product(one.fingerprint, (*other.fingerprint, *other.turned.fingerprint))
    return any(((a ^ b) & (1 << 64) - 1).bit_count() <= BITS for a, b in prints)


def _saved(picture: Image.Image, kind: str, **how: int) -> Image.Image:
    data = io.BytesIO()
    picture.save(data, kind, **how)
    return Image.open(data).convert("RGB")


def _resized(share: float, picture: Image.Image) -> Image.Image:
    small = picture.resize((max(1, int(picture.width * share)), max(1, int(picture.height * share))))
    return _saved(small, "JPEG", quality=85)


def _cropped(share: float, picture: Image.Image) -> Image.Image:
    left, top = (int(side * (1 - share) / 2) for side in picture.size)
    return picture.crop((left, top, picture.width - left, picture.height - top))


def _framed(colour: str, picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, max(4, picture.width // 12), colour)


def _copies() -> Iterator[tuple[str, Callable[[Image.Image], Image.Image]]]:
    yield "JPEG at quality 60", lambda picture: _saved(picture, "JPEG", quality=60)
    yield "6 in 10 as large", partial(_resized, 0.6)
    yield "a third as large", partial(_resized, 1 / 3)
    yield "a quarter brighter", lambda picture: ImageEnhance.Brightness(picture).enhance(1.25)
    yield "more contrast", lambda picture: ImageEnhance.Contrast(picture).enhance(1.3)
    yield "grey", lambda picture: picture.convert("L").convert("RGB")
    yield "a white border", partial(_framed, "white")
    yield "a black border", partial(_framed, "black")
    yield "upside down", lambda picture: picture.rotate(180)
    for share in (0.95, 0.85, 0.7):
        yield f"cropped to {share:.0%}", partial(_cropped, share)


COPIES = dict(_copies())


if __name__ == "__main__":
    main()
