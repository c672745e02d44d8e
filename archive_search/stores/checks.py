"""What every store refuses: spaces and fields that do not exist, vectors that do not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.fields import FACETS, YEAR_FIELDS
from archive_search.types import InvalidInputError, Payload, Point, UnknownNameError, Vector, Vectors
from archive_search.words import SPACE as TEXT

KEYWORD_FIELDS = (*FACETS, "object_id", "content_hash")
"""Text fields with an index: what `facet` can count."""
NUMBER_FIELDS = tuple(YEAR_FIELDS)
"""Number fields with an index."""


def check_space(name: str, spaces: Mapping[str, int]) -> int:
    """The dimension of a space; UnknownNameError where there is none of that name."""
    if name not in spaces:
        raise UnknownNameError(f"No space is called {name!r}. Known: {', '.join(sorted(spaces)) or 'none'}.")
    return spaces[name]


def check_facet(field: str) -> None:
    """UnknownNameError where the values of a field cannot be counted."""
    if field not in KEYWORD_FIELDS:
        raise UnknownNameError(f"The values of field {field!r} are not counted. Known: {', '.join(KEYWORD_FIELDS)}.")


def check_new_space(name: str, dim: int, spaces: Mapping[str, int]) -> bool:
    """Whether a space must still be made; InvalidInputError on a dimension below 1 or other than what is there."""
    if name == TEXT:
        raise InvalidInputError(f"The name {name!r} is kept for the words of the metadata: name the space otherwise.")
    if not name or dim < 1:
        raise InvalidInputError(f"A space needs a name and a dimension of at least 1, got {name!r} and {dim}.")
    if name in spaces and spaces[name] != dim:
        raise InvalidInputError(f"Space {name!r} has {spaces[name]} dimensions, not {dim}.")
    return name not in spaces


def unit(vector: Vector, space: str, dim: int) -> Vector:
    """A vector as float32 of length 1 (zeros stay); InvalidInputError where it does not fit its space."""
    array = np.asarray(vector, dtype=np.float32)
    if array.ndim != 1:
        raise InvalidInputError(f"A vector has one axis, got an array of shape {array.shape}.")
    row: Vector = unit_rows(array[None, :], space, dim)[0]
    return row


def unit_rows(vectors: Vectors | Sequence[Any], space: str, dim: int) -> Vectors:
    """Vectors as (n, dim) float32 rows of length 1 (zeros stay); InvalidInputError where they do not fit."""
    rows = np.asarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or rows.shape[1] != dim:
        got = rows.shape[1] if rows.ndim == 2 else f"shape {rows.shape}"
        raise InvalidInputError(f"Space {space!r} has {dim} dimensions, got a vector with {got}.")
    if not np.isfinite(rows).all():
        raise InvalidInputError(f"A vector for space {space!r} holds a value that is not a finite number.")
    lengths: NDArray[np.float32] = np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True).astype(np.float32)
    near = np.abs(lengths - 1) < 1e-6  # already of unit length: keep every bit
    return np.where(near | (lengths == 0), rows, rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def check_points(points: Sequence[Point], spaces: Mapping[str, int]) -> list[Point]:
    """
    Points fit to be stored: of several with one id the last, vectors of unit length, the record id in the payload.

    Raises:
        UnknownNameError: On a vector for a space that does not exist.
        InvalidInputError: On an empty id, or a vector that does not fit its space.
    """
    found: dict[str, Point] = {}
    for point in points:
        if not point.id:
            raise InvalidInputError("A point needs an id that is not empty.")
        vectors = {space: unit(vector, space, check_space(space, spaces)) for space, vector in point.vectors.items()}
        found[point.id] = Point(point.id, vectors, stored_payload(point.id, point.payload))
    return list(found.values())


def stored_payload(record_id: str, payload: Payload) -> dict[str, Any]:
    """A payload as it comes back, with the record id, tuples as lists; InvalidInputError on what JSON cannot say."""
    try:
        found: dict[str, Any] = json.loads(json.dumps({**payload, "id": record_id}, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"The payload of {record_id!r} cannot be stored: {error}.") from error
    return found


def check_pairs(ids: Sequence[str], others: Sequence[Any] | Vectors, what: str) -> None:
    """InvalidInputError where there is not one of `others` for each id, or an id comes twice."""
    if len(ids) != len(others):
        raise InvalidInputError(f"{len(ids)} ids came with {len(others)} {what}.")
    if len(set(ids)) != len(ids):
        raise InvalidInputError("An id came twice.")


def unknown_ids(ids: Sequence[str]) -> UnknownNameError:
    """The error for ids that no point has."""
    shown = ", ".join(ids[:5]) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
    return UnknownNameError(f"No point has the id {shown}.")


def field_path(field: str) -> str:
    """The name of a field as Qdrant reads it; InvalidInputError where it cannot be said."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", field):
        return field
    if not field or '"' in field:
        raise InvalidInputError(f"No filter can be put on a field called {field!r}.")
    return f'"{field}"'
