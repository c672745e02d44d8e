"""What is wrong with a weight file: cut short, no checkpoint at all, keys missing, another hash."""

from __future__ import annotations

import importlib
import pickle
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from archive_search.models.checkpoints.fetching import FIRST_SEEN
from archive_search.models.checkpoints.hashes import sha256
from archive_search.models.checkpoints.known import Checkpoint, size_label
from archive_search.models.checkpoints.places import home, read_json, require, weights_file
from archive_search.types import EmbedderError

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]
"""The shape of every tensor, by its key."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What verifying found; `problems` is empty for a file that can be used.

    `remarks` say what was held against what, and what could not be.
    """

    path: Path
    size: int
    sha256: str
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def verify(checkpoint: Checkpoint, on_progress: Callable[[int, int], None] | None = None) -> Verdict:
    """
    Read the weights of an embedder anew and hold them to what is known.

    Raises:
        EmbedderError: If they are not here.
    """
    path = require(checkpoint.name)
    file = weights_file(checkpoint.name)
    size, problems, remarks = file.stat().st_size, [], []
    official = file.name == checkpoint.weights.name
    try:
        found = shapes(file)
    except EmbedderError as error:
        problems.append(str(error))
        if checkpoint.weights.size and size < checkpoint.weights.size and official:
            problems.append(f"It has {size_label(size)} of the {size_label(checkpoint.weights.size)} published.")
        return Verdict(path, size, "", tuple(problems), ())
    expected = _expected(checkpoint, path)
    if expected is None:
        remarks.append("Which keys it should have is not known here: they were not checked.")
    else:
        problems += differences(found, expected)
        remarks.append(f"{len(expected)} keys checked.")
    digest = sha256(file, again=True, on_progress=on_progress)
    published = checkpoint.weights.sha256 if official else None
    first = read_json(FIRST_SEEN).get(checkpoint.weights.url) if official else None
    whose = "published hash" if published else "hash of the first fetch"
    if not (published or first):
        remarks.append("No published hash is known for this file: note the SHA-256 to recognise it.")
    elif digest == (published or first):
        remarks.append(f"The SHA-256 is the {whose}.")
    elif path == home(checkpoint) or size == checkpoint.weights.size:
        problems.append(f"The SHA-256 is not the {whose} {published or first}: it is damaged, or was replaced.")
    else:
        remarks.append(f"The SHA-256 is not the {whose} {published or first}: it is another version of the model.")
    return Verdict(path, size, digest, tuple(problems), tuple(remarks))


def shapes(file: Path) -> dict[str, tuple[int, ...]]:
    """
    The shape of every tensor in a .safetensors, .pth or .bin file; its index is read, not its data.

    Raises:
        EmbedderError: If it is no checkpoint; the text says what it is instead.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        raise EmbedderError(f"{file} cannot be read: {error.strerror}.") from error
    if other := _no_checkpoint(start):
        raise EmbedderError(f"{file} is not a checkpoint: {other}.")
    if start[:4] == b"PK\x03\x04":
        return _of_zip(file)
    if start[8:9] == b"{":
        return _of_safetensors(file)
    raise EmbedderError(f"{file} is not a checkpoint: it is neither a PyTorch nor a safetensors file.")


def differences(found: Shapes, expected: Shapes) -> list[str]:
    """Sentences on keys that are missing or of another shape; keys too many are no fault."""
    missing = [key for key in expected if key not in found]
    other = [key for key in expected if key in found and tuple(found[key]) != tuple(expected[key])]
    said = []
    if missing:
        said.append(f"{len(missing)} of {len(expected)} keys are missing: {_some(missing)}.")
    if other:
        shown = [f"{key} is {_times(found[key])}, not {_times(expected[key])}" for key in other]
        said.append(f"{len(other)} keys have another shape: {_some(shown)}.")
    return said


def _expected(checkpoint: Checkpoint, path: Path) -> Shapes | None:
    """The shapes that the model family asks for; None where it cannot say."""
    try:
        family = importlib.import_module(checkpoint.family)
    except ModuleNotFoundError:
        return None
    expected: Callable[[Path], Shapes] | None = getattr(family, "expected", None)
    return None if expected is None else expected(path)


def _no_checkpoint(start: bytes) -> str:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "it is empty"
    if not start.strip(b"\0"):
        return "it begins with zeros only, as a file does whose copying failed"
    if text.startswith((b"<!doctype html", b"<html")):
        return "it is a web page, as a sign-in or error page that was saved in its place"
    if text.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer; fetch the file itself"
    if text.startswith((b"<?xml", b"{")) or (start.isascii() and b"\0" not in start):
        return "it is text"
    return ""


def _of_zip(file: Path) -> dict[str, tuple[int, ...]]:
    import torch

    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise EmbedderError(f"{file} is cut short: its index, which stands at the end, is not there.") from error
    if not any(name.endswith("/data.pkl") for name in names):
        raise EmbedderError(f"{file} is not a checkpoint: it is a ZIP archive of other things.")
    try:
        # on the meta device the index alone is read, however large the file
        state = torch.load(file, map_location="meta", weights_only=True, mmap=True)
    except pickle.UnpicklingError as error:
        raise EmbedderError(f"{file} holds more than tensors, which is not safe to load.") from error
    except (RuntimeError, EOFError, KeyError, ValueError) as error:
        raise EmbedderError(f"{file} is damaged: {_first_line(error)}.") from error
    if not isinstance(state, dict):
        raise EmbedderError(f"{file} holds no table of tensors.")
    return {key: tuple(tensor.shape) for key, tensor in state.items() if isinstance(tensor, torch.Tensor)}


def _of_safetensors(file: Path) -> dict[str, tuple[int, ...]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="np") as tensors:
            return {key: tuple(tensors.get_slice(key).get_shape()) for key in tensors.keys()}  # noqa: SIM118
    except SafetensorError as error:
        text = str(error)
        if "incomplete" in text.lower() or "invalidheaderlength" in text.lower().replace(" ", ""):
            raise EmbedderError(f"{file} is cut short: its index tells of more than is there.") from error
        raise EmbedderError(f"{file} is damaged: {_first_line(error)}.") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "a number"
