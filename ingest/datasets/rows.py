"""Rows that hold pictures: what of a row is the picture, what its class, and what else it says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from archive_search.pictures.kept import is_link
from archive_search.pictures.media import ALL
from archive_search.types import PictureError
from ingest.mapping import text_of

PICTURES = ("image", "img", "picture", "photo", "jpg", "jpeg", "png", "bytes", "image_bytes", "file_name", "image_url")
"""What a column of pictures is usually called."""
LABELS = ("label", "labels", "class", "category", "fine_label", "class_name", "class_label", "target", "cls")
"""What a column of classes is usually called."""


def named(columns: Sequence[str], wanted: str, usual: Sequence[str]) -> str:
    """The column that is wanted, else the first of those that are usual; '' where there is none."""
    if wanted:
        return wanted if wanted in columns else ""
    folded = {one.casefold(): one for one in reversed(columns)}
    return next((folded[one] for one in usual if one in folded), "")


def bytes_of(value: Any) -> bytes:
    """
    The picture in a cell: bytes, base64, a `data:` address, or an object with `bytes` (and `path`).

    Raises:
        PictureError: If it holds none.
    """
    if isinstance(value, Mapping):
        value = value.get("bytes")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, str) and value:
        head, comma, rest = value.partition(",")
        text = rest if comma and head.startswith("data:") else value
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise PictureError("what stands for the picture is neither a picture in base64 nor a file") from error
    raise PictureError("it holds no picture")


def path_of(value: Any) -> str:
    """The path or address of the picture that a cell tells; '' where it tells none."""
    said = value.get("path") or "" if isinstance(value, Mapping) else value
    if not isinstance(said, str) or said.startswith("data:") or len(said) > 4096:
        return ""
    return said if is_link(said) or PurePosixPath(said).suffix.lower() in ALL else ""


def is_embedded(value: Any) -> bool:
    """Whether a cell holds the picture itself."""
    if isinstance(value, Mapping):
        return bool(value.get("bytes"))
    return isinstance(value, bytes | bytearray | memoryview) or (isinstance(value, str) and not path_of(value))


def labels_of(value: Any, names: Sequence[str]) -> tuple[str, ...]:
    """The classes in a cell; numbers are places in `names`, where there are names."""
    found = []
    for one in value if isinstance(value, list | tuple) else [value]:
        said = "" if one is None else text_of(one).strip()
        if names and said.lstrip("-").isdigit():
            said = names[int(said)] if 0 <= int(said) < len(names) else ""
        if said:
            found.append(said)
    return tuple(found)


def cells_of(row: Mapping[str, Any], without: Sequence[str]) -> dict[str, Any]:
    """What else a row says; bytes and what is empty are left out."""
    return {
        str(name): value
        for name, value in row.items()
        if name not in without and value not in (None, "", [], {}) and not isinstance(value, bytes | bytearray)
    }
