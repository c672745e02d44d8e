"""Precomputed vectors: a NumPy file with one row for each row of the metadata file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from archive_search.adapter import SUFFIX as ADAPTED
from archive_search.counted import count
from archive_search.embedders import EMBEDDERS, auxiliary_embedders
from archive_search.metadata.words import SPACE as WORDS
from archive_search.spaces import is_tiled
from archive_search.types import InvalidInputError, MetadataError, Record, Vector
from ingest.ledger import GIVEN
from ingest.source import AnySource

_BLOCK = 8192
"""Rows checked at once: 32 MB of 1024 float32."""
_SHOWN = 5


@runtime_checkable
class Tabled(Protocol):
    """A source whose records come from the rows of one metadata file."""

    def row_count(self) -> int:
        """How many rows of data the metadata file has, those that become no record included."""
        ...

    def row_of(self, record: Record) -> int | None:
        """The row that a record came from, counting from 0; None where it came from none."""
        ...


@dataclass(frozen=True, slots=True)
class PrecomputedVectors:
    """
    Vectors that were made elsewhere: row i belongs to row i of the metadata file (0 is its first row of data).

    The rows may be of any length and of float16, float32 or float64; they are handed out as float32 of length 1.

    Raises:
        MetadataError: On another shape or type, and on rows that hold NaN or infinity or only zeros, by number.
        InvalidInputError: On a space that the archive fills itself, or an embedder's of other dimensions.
    """

    space: str
    array: NDArray[Any]
    name: str = "the vectors"

    @classmethod
    def load(cls, path: Path, space: str) -> PrecomputedVectors:
        """
        Open a `.npy` file; it is mapped, not read into memory.

        Raises:
            MetadataError: If it is not such a file, or not of vectors.
            InvalidInputError: If they cannot be those of the space.
        """
        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise MetadataError(f"{path}: no vectors can be read from this file: {error}.") from error
        if not isinstance(array, np.ndarray):
            array.close()
            raise MetadataError(f"{path}: this is an .npz archive of several arrays; one .npy array is needed.")
        return cls(space, array, str(path))

    def __post_init__(self) -> None:
        if self.array.ndim != 2 or 0 in self.array.shape:
            raise MetadataError(f"{self.name}: a table (rows, dimensions) is needed, not shape {self.array.shape}.")
        if self.array.dtype.kind != "f" or self.array.dtype.itemsize not in (2, 4, 8):
            raise MetadataError(f"{self.name}: float16, float32 or float64 is needed, not {self.array.dtype}.")
        _check_space(self.space, self.dim)
        self._check_rows()

    @property
    def dim(self) -> int:
        """Dimensions of the space."""
        return int(self.array.shape[1])

    def _check_rows(self) -> None:
        broken: list[int] = []
        empty: list[int] = []
        for start in range(0, len(self.array), _BLOCK):
            block = np.asarray(self.array[start : start + _BLOCK])
            finite = np.isfinite(block).all(axis=1)
            broken += (start + np.flatnonzero(~finite)).tolist()
            empty += (start + np.flatnonzero(finite & ~block.any(axis=1))).tolist()
        if broken:
            raise MetadataError(f"{self.name}: NaN or infinity in {_numbered(broken)}; counting starts at 0.")
        if empty:
            raise MetadataError(f"{self.name}: only zeros in {_numbered(empty)}; counting starts at 0.")

    def vector(self, row: int) -> tuple[str, Vector]:
        """
        The vector of a metadata row, float32 of length 1, and a mark that changes when it does.

        Raises:
            MetadataError: If there is no such row.
        """
        if not 0 <= row < len(self.array):
            rows = count(len(self.array), "row")
            raise MetadataError(f"{self.name}: it has {rows}; there is no row {row}, counting from 0.")
        values = np.asarray(self.array[row])
        mark = GIVEN + hashlib.sha256(values.tobytes()).hexdigest()[:16]
        wide = values.astype(np.float64)
        wide /= np.abs(wide).max()  # keeps the squares of very large and very small numbers within reach
        return mark, (wide / np.linalg.norm(wide)).astype(np.float32)


def check_precomputed(source: AnySource, precomputed: Sequence[PrecomputedVectors]) -> None:
    """
    Hold precomputed vectors to the source that they are for.

    Raises:
        MetadataError: If the source has no metadata file, or another number of rows.
    """
    for one in precomputed:
        if not isinstance(source, Tabled):
            raise MetadataError(f"{one.name}: precomputed vectors need a source with a metadata file, row for row.")
        rows = source.row_count()
        if rows != len(one.array):
            raise MetadataError(
                f"{one.name}: it has {count(len(one.array), 'row')} and the metadata file has {rows:,}; "
                "row i of the one must belong to row i of the other."
            )


def _check_space(space: str, dim: int) -> None:
    if not re.fullmatch(r"\w[\w.-]{0,99}", space):
        raise InvalidInputError(f"A space is named with letters, digits, dots, dashes and underscores; got {space!r}.")
    if space == WORDS or space in auxiliary_embedders() or is_tiled(space) or space.endswith(ADAPTED):
        raise InvalidInputError(f"The space {space!r} is filled by archive-search itself: name the vectors' otherwise.")
    if space in EMBEDDERS and EMBEDDERS[space].dim != dim:
        raise InvalidInputError(
            f"The space {space!r} is the embedder's, with {EMBEDDERS[space].dim} dimensions, and the vectors have "
            f"{dim}: name their space otherwise."
        )


def _numbered(rows: list[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:_SHOWN])
    more = len(rows) - _SHOWN
    return f"row{'s' if len(rows) > 1 else ''} {shown}" + (f" and {more} more" if more > 0 else "")
