"""A file is written all or nothing."""

import os
import stat
from pathlib import Path

import pytest

from archive_search import atomic
from archive_search.atomic import atomic_write


@pytest.mark.parametrize("durable", [False, True])
def test_what_was_written_takes_the_place(tmp_path, durable):
    """The target holds what was written, folders above it are made, and nothing lies beside it."""
    target = tmp_path / "new" / "settings.toml"
    for text in ("first", "second"):
        with atomic_write(target, durable) as part:
            assert part.suffix == ".toml"
            part.write_text(text, encoding="utf-8")
        assert target.read_text(encoding="utf-8") == text
    assert [*target.parent.iterdir()] == [target]


def test_a_failure_leaves_the_target_as_it_was(tmp_path):
    """What raises half-way changes nothing and leaves nothing behind."""
    target = tmp_path / "list.csv"
    target.write_text("whole", encoding="utf-8")

    def fail():
        with atomic_write(target) as part:
            part.write_text("ha", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text(encoding="utf-8") == "whole"
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_may_read_it(tmp_path):
    """The file has the rights that any new file has."""
    with atomic_write(tmp_path / "a.txt") as part:
        part.write_text("a", encoding="utf-8")
    (tmp_path / "b.txt").write_text("b", encoding="utf-8")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == stat.S_IMODE((tmp_path / "b.txt").stat().st_mode)


def test_a_target_that_is_being_read_is_waited_for(tmp_path, monkeypatch):
    """Windows refuses to replace a file while somebody reads it: it is tried again, and given up in the end."""
    target, refusals = tmp_path / "CURRENT", [PermissionError(13, "in use")] * 3
    replace = Path.replace

    def windows(part, place):
        if refusals:
            raise refusals.pop()
        return replace(part, place)

    monkeypatch.setattr(Path, "replace", windows)
    monkeypatch.setattr(atomic, "TRIES", 4)
    with atomic_write(target) as part:
        part.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    refusals += [PermissionError(13, "in use")] * 4
    with pytest.raises(PermissionError), atomic_write(target) as part:
        part.write_text("newer", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    assert [*tmp_path.iterdir()] == [target]
