"""The small checkpoints, written once and found as fetched ones are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archive_search.models.checkpoints.known import KNOWN


@pytest.fixture(scope="session")
def small_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models directory with a small checkpoint of every family that transformers reads; only read."""
    pytest.importorskip("transformers")
    from tests.archive_search.embedders import small_checkpoints

    directory = tmp_path_factory.mktemp("models")
    for name in small_checkpoints.NAMES:
        small_checkpoints.write(name, directory / name)
    return directory


@pytest.fixture
def fetched(small_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That directory as the one where fetched weights lie."""
    use_only(monkeypatch)(small_models)
    return small_models


@pytest.fixture
def models_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes a directory the only place where weights are looked for."""
    return use_only(monkeypatch)


def use_only(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """A function that makes a directory the only place where weights are looked for."""

    def use(directory: Path) -> None:
        for one in KNOWN.values():
            monkeypatch.delenv(one.variable, raising=False)
        monkeypatch.delenv("HF_HUB_CACHE", raising=False)
        monkeypatch.setenv("HF_HOME", str(directory / "no hub"))
        monkeypatch.setenv("ARCHIVE_SEARCH_MODELS", str(directory))

    return use
