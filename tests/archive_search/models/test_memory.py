"""Memory given back: pages of mapped files, which are the same when read again, and blocks that were freed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from archive_search.models.memory import release, trim


def mapped_kb() -> int:
    """Memory of this process that lies in files, in kB."""
    status = Path("/proc/self/status")
    if not status.is_file():
        pytest.skip("this system does not tell what is resident")
    [line] = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("RssFile")]
    return int(line.split()[1])


def test_released_pages_are_read_again(tmp_path: Path) -> None:
    """Pages of a mapped file that were given back no longer count, and hold the same when they are touched."""
    torch.save({"a": torch.arange(4_000_000), "b": torch.arange(5)}, tmp_path / "a.pt")
    state = torch.load(tmp_path / "a.pt", mmap=True, weights_only=True)
    total = state["a"].sum()
    touched = mapped_kb()
    release(state["a"])
    assert mapped_kb() < touched - 25_000
    assert state["a"].sum() == total
    assert state["b"].tolist() == [0, 1, 2, 3, 4]


def test_less_than_a_page_stays(tmp_path: Path) -> None:
    """A tensor smaller than a page shares it with others: nothing happens."""
    torch.save({"a": torch.arange(5)}, tmp_path / "a.pt")
    state = torch.load(tmp_path / "a.pt", mmap=True, weights_only=True)
    release(state["a"])
    assert state["a"].tolist() == [0, 1, 2, 3, 4]


def test_trimming_changes_nothing() -> None:
    """Values that are in use stay as they are."""
    kept = torch.arange(1_000_000)
    trim()
    assert kept.sum() == 499_999_500_000
