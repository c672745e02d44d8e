"""
What a generation holds, written beside it when it is complete: by this, damage is noticed.

The length of every file is looked at, and the contents of those of a few KB, which say how the others are to be read;
that costs a few milliseconds. The contents of large files are not.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from archive_search.atomic import atomic_write
from archive_search.types import StoreError

SMALL = 1 << 16
"""Bytes of a file whose contents are looked at, at most."""


class DamagedError(StoreError):
    """A generation that does not hold what it did when it was complete."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    The files of a generation by their path: length in bytes and, of small ones, CRC-32.

    `points` is how many it holds; `log` the length of the log of its build; `unheld` are the fields that none of them
    holds, with the kind of the index they would have.
    """

    points: int
    log: int
    files: Mapping[str, tuple[int, int | None]]
    unheld: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, points: int, log: int, unheld: Mapping[str, str]) -> Manifest:
        """What a generation holds that nobody writes to."""
        files = (one for one in path.rglob("*") if one.is_file())
        looked = {one.relative_to(path).as_posix(): _look(one) for one in files}
        return cls(points, log, looked, dict(unheld))

    def check(self, path: Path) -> None:
        """
        Compare with what is there; files besides are no damage.

        Raises:
            DamagedError: If a file is missing or is not what it was, or the directory is missing.
            StoreError: If it cannot be looked at.
        """
        if not path.is_dir():
            raise DamagedError("its directory is missing")
        wrong: list[str] = []
        for name, about in self.files.items():
            try:
                there = _look(path / name, about[0])
            except (FileNotFoundError, NotADirectoryError):
                wrong.append(f"{name} is missing")
            except OSError as error:
                raise StoreError(f"{path / name} cannot be read: {error.strerror or error}.") from error
            else:
                if there[0] != about[0]:
                    wrong.append(f"{name} holds {there[0]:,} bytes instead of {about[0]:,}")
                elif there != about:
                    wrong.append(f"{name} holds something else")
        if wrong:
            others = f" and {len(wrong) - 1} more files" if len(wrong) > 2 else " and 1 more file"
            raise DamagedError(wrong[0] + (others if len(wrong) > 1 else ""))

    def write(self, file: Path) -> None:
        """Put the manifest on the disk in one step."""
        with atomic_write(file, durable=True) as part:
            part.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_manifest(file: Path) -> Manifest | None:
    """The manifest in a file; None where there is none, or nobody can read it: then nothing is known."""
    try:
        said = json.loads(file.read_bytes())
        files = {str(name): (int(length), crc) for name, (length, crc) in said["files"].items()}
        unheld = {str(name): str(kind) for name, kind in said.get("unheld", {}).items()}
        return Manifest(int(said["points"]), int(said["log"]), files, unheld)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _look(file: Path, expected: int = SMALL) -> tuple[int, int | None]:
    """The length of a file and, of a small one, its CRC-32; of one that has another length than expected only that."""
    length = file.stat().st_size
    return length, zlib.crc32(file.read_bytes()) if length <= min(SMALL, expected) else None
