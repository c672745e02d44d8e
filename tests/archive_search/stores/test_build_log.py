"""The log of a build keeps what was committed, whatever happens to its end."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from archive_search.stores import build_log
from archive_search.stores.build_log import FRAME, BuildLog
from archive_search.testing import MemoryStore
from archive_search.types import Point, StoreError

ROWS = np.eye(3, dtype=np.float32)


def written(path: Path) -> BuildLog:
    """A log with two commits and one operation after them."""
    log = BuildLog.begin(path, "gen-000004", {"a": 3})
    log.upsert([Point("x", {"a": ROWS[0]}, {"title": "Økse"}), Point("y", {}, {})])
    log.add_space("b", 2)
    log.commit()
    log.set_vectors("b", ["y"], np.array([[0, 1]], dtype=np.float32))
    log.set_payload(["x"], [{"title": "axe"}])
    log.upsert([Point("z", {"a": ROWS[2]}, {})])
    log.delete(["z"])
    log.commit()
    log.upsert([Point("late", {"a": ROWS[1]}, {})])
    return log


def replayed(path: Path) -> MemoryStore:
    """What a replay of a log makes of an empty store."""
    store = MemoryStore({"a": 3})
    build_log.replay(path, build_log.read(path), store)
    return store


def test_replay(tmp_path: Path) -> None:
    """A replay does every committed operation again, and none after the last commit."""
    written(tmp_path / "log").close()
    store = replayed(tmp_path / "log")
    assert {p.id: p.payload for p in store.scan()} == {"x": {"id": "x", "title": "axe"}, "y": {"id": "y"}}
    np.testing.assert_array_equal(store.points(["x"], "a")[0].vectors["a"], ROWS[0])
    np.testing.assert_array_equal(store.points(["y"], "b")[0].vectors["b"], [0, 1])


def test_tiles(tmp_path: Path) -> None:
    """A replay gives every point of a space of tiles the rows that it was given, however many, beside its others."""
    held = np.random.default_rng(0).standard_normal((6, 3)).astype(np.float32)
    held /= np.linalg.norm(held, axis=1, keepdims=True)
    log = BuildLog.begin(tmp_path / "log", None, {"a": 3, "a-tiles": 3})
    log.upsert(
        [Point("x", {"a": ROWS[0], "a-tiles": held[:4]}, {}), Point("y", {"a-tiles": held[4:], "a": ROWS[1]}, {})]
    )
    log.upsert([Point("z", {}, {}), Point("w", {"a-tiles": held[:1]}, {})])
    log.set_vectors("a-tiles", ["z", "x"], [held[:5], held[5:]])
    log.set_vectors("a", ["w"], ROWS[2:])
    log.commit()
    log.close()
    store = MemoryStore({"a": 3, "a-tiles": 3})
    build_log.replay(tmp_path / "log", build_log.read(tmp_path / "log"), store)
    expected = {"x": held[5:], "y": held[4:], "z": held[:5], "w": held[:1]}
    for point in store.scan(space="a-tiles"):
        np.testing.assert_array_equal(point.vectors["a-tiles"], expected[point.id])
    found = [point.vectors["a"] for point in store.points(["x", "y", "w"], "a")]
    np.testing.assert_array_equal(found, ROWS)


def test_logs_without_shapes(tmp_path: Path) -> None:
    """A log written before there were spaces of tiles is read: of each vector it says the dimension only."""
    operations = [
        ({"op": "begin", "base": None, "spaces": {"a": 3}}, b""),
        ({"op": "upsert", "points": [["x", {}, {"a": 3}], ["y", {}, {}]]}, ROWS[0].tobytes()),
        ({"op": "set_vectors", "space": "a", "ids": ["y"]}, ROWS[2].tobytes()),
        ({"op": "commit"}, b""),
    ]
    with (tmp_path / "log").open("wb") as file:
        for operation, raw in operations:
            text = json.dumps(operation).encode()
            file.write(FRAME.pack(zlib.crc32(raw, zlib.crc32(text)), len(text), len(raw)) + text + raw)
    found = replayed(tmp_path / "log").points(["x", "y"], "a")
    np.testing.assert_array_equal([point.vectors["a"] for point in found], ROWS[[0, 2]])


def test_read(tmp_path: Path) -> None:
    """A log says from which generation its build started and how much was committed."""
    written(tmp_path / "log").close()
    found = build_log.read(tmp_path / "log")
    assert (found.base, found.spaces, found.operations) == ("gen-000004", {"a": 3}, 6)


def test_torn_at_every_byte(tmp_path: Path) -> None:
    """Wherever the end of a log is torn off, the commits before it are whole."""
    written(tmp_path / "log").close()
    whole = (tmp_path / "log").read_bytes()
    begun = len(whole)
    for end in range(len(whole)):
        (tmp_path / "torn").write_bytes(whole[:end])
        try:
            found = build_log.read(tmp_path / "torn")
        except StoreError:
            assert end < begun
            continue
        begun = min(begun, end)
        assert found.operations in (0, 2, 6)
        assert found.end <= end
    assert begun < 200


def test_damaged_byte(tmp_path: Path) -> None:
    """A byte that changed on the disk ends the log there: what was committed before it is used."""
    written(tmp_path / "log").close()
    data = bytearray((tmp_path / "log").read_bytes())
    at = data.index(b"set_vectors")
    data[at] ^= 1
    (tmp_path / "log").write_bytes(bytes(data))
    assert build_log.read(tmp_path / "log").operations == 2
    assert replayed(tmp_path / "log").count() == 2


def test_resume(tmp_path: Path) -> None:
    """A resumed log goes on behind its last commit."""
    written(tmp_path / "log").close()
    log = BuildLog.resume(tmp_path / "log", build_log.read(tmp_path / "log"))
    log.upsert([Point("w", {}, {})])
    log.commit()
    log.close()
    assert [p.id for p in sorted(replayed(tmp_path / "log").scan(), key=lambda p: p.id)] == ["w", "x", "y"]


def test_not_a_log(tmp_path: Path) -> None:
    """A file that is no log is refused."""
    (tmp_path / "log").write_bytes(b"something else entirely, longer than a frame's head")
    with pytest.raises(StoreError, match="is not the log of a build"):
        build_log.read(tmp_path / "log")
