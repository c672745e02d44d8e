"""What every store refuses: spaces and fields that do not exist, vectors that do not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive_search.metadata.fields import SAME_PICTURE
from archive_search.metadata.numbers import FIELD as NUMBERS
from archive_search.metadata.words import SPACE as TEXT
from archive_search.spaces import is_tiled
from archive_search.types import FieldTable, InvalidInputError, Payload, Point, UnknownNameError, Vector, Vectors

COUNTED = (NUMBERS, "content_hash", SAME_PICTURE)
"""What the pipeline writes and has an index as well, beside the fields of the table."""
NAME = re.compile(r"\w([\w.+ -]{0,98}[\w+-])?")
"""A space's name: part of a directory's, so without what Windows or the way to a file takes for something else."""
MOST_NUMBERS = 1 << 20
"""Numbers that one point may not reach in a space: Qdrant keeps them in one piece."""


def check_space(name: str, spaces: Mapping[str, int]) -> int:
    """The dimension of a space; UnknownNameError where there is none of that name."""
    if name not in spaces:
        raise UnknownNameError(f"No space is called {name!r}. Known: {', '.join(sorted(spaces)) or 'none'}.")
    return spaces[name]


def check_facet(field: str, fields: FieldTable) -> None:
    """UnknownNameError where the values of a field cannot be counted."""
    known = keywords(fields)
    if field not in known:
        raise UnknownNameError(f"The values of field {field!r} are not counted. Known: {', '.join(known)}.")


def check_number(field: str, fields: FieldTable) -> None:
    """UnknownNameError where a field holds no numbers."""
    if field not in fields.numbers:
        raise UnknownNameError(f"The field {field!r} holds no numbers. Known: {', '.join(fields.numbers)}.")


def keywords(fields: FieldTable) -> tuple[str, ...]:
    """The fields with an index of their values: what `facet` can count."""
    return (*fields.keywords, *COUNTED)


def check_new_space(name: str, dim: int, spaces: Mapping[str, int]) -> bool:
    """Whether a space must still be made; InvalidInputError on a name or dimension that no space can have."""
    if name == TEXT:
        raise InvalidInputError(f"The name {name!r} is kept for the words of the metadata: name the space otherwise.")
    if not name or dim < 1:
        raise InvalidInputError(f"A space needs a name and a dimension of at least 1, got {name!r} and {dim}.")
    if name in spaces and spaces[name] != dim:
        raise InvalidInputError(f"Space {name!r} has {spaces[name]} dimensions, not {dim}.")
    if name not in spaces and not NAME.fullmatch(name):
        raise InvalidInputError(
            f"No space can be called {name!r}: its files carry the name, which not every system takes. Use up to 100 "
            "letters, digits, spaces and - _ . +, with a letter or digit first."
        )
    return name not in spaces


def unit(vector: Vector, space: str, dim: int) -> Vector:
    """A vector as float32 of length 1 (zeros stay); InvalidInputError where it does not fit its space."""
    array = _array(vector, space)
    if array.ndim != 1:
        raise InvalidInputError(f"One vector has one axis, got an array of shape {array.shape} for space {space!r}.")
    row: Vector = _unit_rows(array[None, :], space, dim)[0]
    return row


def held(vectors: Vector | Vectors, space: str, dim: int) -> Vector | Vectors:
    """
    What a point holds in a space, as float32: (dim,) of length 1, or, in a space of tiles, (t, dim), rows of length 1.

    Raises:
        InvalidInputError: Where it does not fit: other axes, another dimension, no row, too many rows.
    """
    if not is_tiled(space):
        return unit(vectors, space, dim)
    array = _array(vectors, space)
    if array.ndim != 2 or not len(array):
        raise InvalidInputError(
            f"A point has one row or more in space {space!r}: an array (rows, {dim}), got one of shape {array.shape}."
        )
    if array.size >= MOST_NUMBERS:
        most = (MOST_NUMBERS - 1) // dim
        raise InvalidInputError(f"A point has at most {most} rows in space {space!r}, got {len(array)}.")
    return _unit_rows(array, space, dim)


def held_each(vectors: Vectors | Sequence[Vectors], space: str, dim: int) -> Vectors | list[Vectors]:
    """What each of several points holds in a space; InvalidInputError where one does not fit."""
    if is_tiled(space):
        return [held(one, space, dim) for one in vectors]
    return _unit_rows(_array(vectors, space), space, dim)


def _array(vectors: Any, space: str) -> NDArray[np.float32]:
    try:
        return np.asarray(vectors, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"A vector for space {space!r} is no array of numbers: {error}.") from error


def _unit_rows(rows: NDArray[np.float32], space: str, dim: int) -> Vectors:
    if rows.ndim != 2:
        raise InvalidInputError(f"Space {space!r} has one vector per point: (n, {dim}), got an array {rows.shape}.")
    if rows.shape[1] != dim:
        raise InvalidInputError(f"Space {space!r} has {dim} dimensions, got a vector with {rows.shape[1]}.")
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
        vectors = {space: held(vector, space, check_space(space, spaces)) for space, vector in point.vectors.items()}
        found[point.id] = Point(point.id, vectors, stored_payload(point.id, point.payload))
    return list(found.values())


def stored_payload(record_id: str, payload: Payload) -> dict[str, Any]:
    """A payload as it comes back, with the record id, tuples as lists; InvalidInputError on what JSON cannot say."""
    try:
        found: dict[str, Any] = json.loads(
            json.dumps({**payload, "id": record_id}, allow_nan=False, ensure_ascii=False).encode()
        )
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
