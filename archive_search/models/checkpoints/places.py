"""Where the weights of an embedder lie on this machine; nothing here uses the network."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from archive_search.atomic import atomic_write
from archive_search.models.checkpoints.known import Checkpoint, known
from archive_search.types import EmbedderError

DIRECTORY = "ARCHIVE_SEARCH_MODELS"
"""The environment variable that names the directory of all fetched weights."""
WEIGHT_FILES = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)


def directory() -> Path:
    """Where fetched weights lie: $ARCHIVE_SEARCH_MODELS, else `models` in the user's cache directory."""
    if named := os.environ.get(DIRECTORY):
        return Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("archive-search", appauthor=False) / "models"


def find(name: str) -> Path | None:
    """
    The weights of an embedder: the file, or the folder with its config.json; None where there are none.

    Looked for, in this order: the path in the checkpoint's environment variable, the path given to `use`, the fetched
    file, and the cache that other programs share with transformers. A path that was named and is not there is never
    replaced by another.
    """
    checkpoint = known(name)
    path, _ = _named(checkpoint)
    if path is not None:
        return path if _is_there(checkpoint, path) else None
    return next((path for path in _candidates(checkpoint) if _is_there(checkpoint, path)), None)


def require(name: str) -> Path:
    """
    The weights of an embedder.

    Raises:
        EmbedderError: If they are not here; the text says what to run.
    """
    path = find(name)
    if path is None:
        raise EmbedderError(not_here(name))
    return path


def missing(name: str) -> str:
    """A sentence on what must be done before an embedder can be loaded; '' where it can."""
    return not_installed(name) or not_here(name)


def not_installed(name: str) -> str:
    """A sentence on the package that an embedder lacks; '' where it lacks none."""
    checkpoint = known(name)
    if not checkpoint.package or importlib.util.find_spec(checkpoint.package) is not None:
        return ""
    fetch = "" if find(name) else f", then 'archive-search models fetch {name}'"
    return f"{checkpoint.title} needs {checkpoint.package}: pip install 'archive-search[{checkpoint.extra}]'{fetch}."


def not_here(name: str) -> str:
    """A sentence on the weights that an embedder lacks; '' where they are here."""
    checkpoint = known(name)
    if find(name) is not None:
        return ""
    path, who = _named(checkpoint)
    if path is not None:
        why = _lacks(checkpoint, path)
        return f"The weights of {checkpoint.title} are not at {path}, the path that {who} names: {why}."
    what = "FOLDER" if checkpoint.is_folder else "FILE"
    return (
        f"The weights of {checkpoint.title} ({checkpoint.size_label}, licence {checkpoint.licence}) are not here: "
        f"run 'archive-search models fetch {name}', or 'archive-search models use {name} {what}' if you have them; "
        f"without weights, search by a record, or use the embedder 'demo'."
    )


def home(checkpoint: Checkpoint) -> Path:
    """Where `fetch` puts it: the folder, or the file."""
    return directory() / (checkpoint.name if checkpoint.is_folder else checkpoint.weights.name)


def weights_file(name: str) -> Path:
    """
    The file with the weights of an embedder.

    Raises:
        EmbedderError: If they are not here.
    """
    return weights_in(require(name))


def weights_in(path: Path) -> Path:
    """The file with the weights in a folder that has them; a file is its own."""
    return path if path.is_file() else next(path / file for file in WEIGHT_FILES if (path / file).is_file())


def use(name: str, path: str | Path) -> Path:
    """
    Use weights that lie elsewhere, from now on; the path is only remembered, nothing is copied.

    Raises:
        EmbedderError: If there is nothing of the kind at the path.
    """
    checkpoint, path = known(name), Path(path).expanduser().resolve()
    if not _is_there(checkpoint, path):
        raise EmbedderError(f"{path} cannot be used for {checkpoint.title}: {_lacks(checkpoint, path)}.")
    write_json("used.json", {**read_json("used.json"), name: str(path)})
    return path


def forget(name: str) -> bool:
    """Undo `use`; the weights stay. False where nothing was remembered."""
    used = read_json("used.json")
    if known(name).name not in used:
        return False
    write_json("used.json", {key: path for key, path in used.items() if key != name})
    return True


def read_json(file: str) -> dict[str, Any]:
    """A file of notes in the models directory; empty where there is none or it is damaged."""
    try:
        data = json.loads((directory() / file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_json(file: str, data: Mapping[str, Any]) -> None:
    """
    Write a file of notes, all or nothing.

    Raises:
        EmbedderError: If the models directory cannot be written.
    """
    target = directory() / file
    try:
        with atomic_write(target) as part:
            part.write_text(json.dumps(data, indent=1, sort_keys=True), encoding="utf-8")
    except OSError as error:
        raise EmbedderError(
            f"{target} cannot be written ({error.strerror}): name another directory in {DIRECTORY}."
        ) from error


def _named(checkpoint: Checkpoint) -> tuple[Path | None, str]:
    """The path that a person named, and where."""
    if named := os.environ.get(checkpoint.variable):
        return Path(named).expanduser(), checkpoint.variable
    if named := read_json("used.json").get(checkpoint.name):
        return Path(named), "'archive-search models use'"
    return None, ""


def _candidates(checkpoint: Checkpoint) -> Iterator[Path]:
    yield home(checkpoint)
    if checkpoint.is_folder:
        cached = _hub_cache() / f"models--{checkpoint.repository.replace('/', '--')}"
        yield cached / "snapshots" / checkpoint.revision
        with contextlib.suppress(OSError):
            yield cached / "snapshots" / (cached / "refs" / "main").read_text(encoding="utf-8").strip()


def _hub_cache() -> Path:
    """Where huggingface_hub keeps models; its documented variables and layout, so that listing need not import it."""
    if named := os.environ.get("HF_HUB_CACHE"):
        return Path(named).expanduser()
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface"
    return Path(home).expanduser() / "hub"


def _is_there(checkpoint: Checkpoint, path: Path) -> bool:
    return not _lacks(checkpoint, path)


def _lacks(checkpoint: Checkpoint, path: Path) -> str:
    """Why a path is not the checkpoint, '' where it may be."""
    if not checkpoint.is_folder:
        return "" if path.is_file() else "it is a directory, not a file" if path.is_dir() else "there is no such file"
    if not path.is_dir():
        return "it is a file, not a folder" if path.is_file() else "there is no such folder"
    if not (path / "config.json").is_file():
        return "the folder has no config.json"
    if not any((path / file).is_file() for file in WEIGHT_FILES):
        return f"the folder has no {WEIGHT_FILES[0]}"
    return ""
