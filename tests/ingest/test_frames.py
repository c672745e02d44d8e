"""A DataFrame is read as the file is that it could be saved to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from archive_search.types import InvalidInputError, MetadataError, Record
from ingest.frames import Frame
from ingest.sources.folder import Folder
from ingest.tables import Row


def cells(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The cells of its rows."""
    return [row.cells for row in Frame(frame).table().rows() if isinstance(row, Row)]


def test_cells() -> None:
    """Cells are text, what is missing is absent, lists stay lists, and whole numbers have no point."""
    frame = pd.DataFrame(
        {
            "nr": ["00123", "1E5", None],
            "year": [-490, None, 1850],
            "height": np.array([1.5, 2.0, np.nan], np.float32),
            "small": np.array([0.1, 0.2, 0.3], np.float32),
            "count": pd.array([1, None, 3], dtype="Int64"),
            "found": pd.to_datetime(["1931-05-02", None, "1931-05-02T12:30"], format="ISO8601"),
            "shown": [True, False, None],
            "tags": [["a", "b"], np.array(["c"]), []],
            "kind": pd.Categorical(["axe", None, " bead "]),
            "day": [datetime.date(1931, 5, 2), pd.NaT, pd.NA],
            "note": ["", "nan", "x"],
        }
    )
    first, second, third = cells(frame)
    assert first == {
        "nr": "00123",
        "year": "-490",
        "height": "1.5",
        "small": "0.1",
        "count": "1",
        "found": "1931-05-02",
        "shown": "true",
        "tags": ["a", "b"],
        "kind": "axe",
        "day": "1931-05-02",
    }
    assert second == {"nr": "1E5", "height": "2", "small": "0.2", "shown": "false", "tags": ["c"], "note": "nan"}
    assert third == {
        "year": "1850",
        "small": "0.3",
        "count": "3",
        "found": "1931-05-02T12:30:00",
        "kind": "bead",
        "note": "x",
    }


def test_index() -> None:
    """A named index is a column; another one only names the rows in messages."""
    frame = pd.DataFrame({"id": ["b", "a"], "title": ["Axe", "Bead"]})
    assert cells(frame.set_index("id")) == cells(frame) == [{"id": "b", "title": "Axe"}, {"id": "a", "title": "Bead"}]
    assert [row.where for row in Frame(frame.set_index("id")).table().rows()] == ["row b", "row a"]
    assert [row.where for row in Frame(frame[::-1]).table().rows()] == ["row 1", "row 0"]
    with pytest.raises(MetadataError, match="its index is called as a column is"):
        Frame(frame.rename_axis("id")).table()


def test_refusals(tmp_path: Path) -> None:
    """What is no DataFrame, or has two columns of one name, or none with a name, is refused."""
    with pytest.raises(InvalidInputError, match="a pandas DataFrame, not a list"):
        Folder(tmp_path, [{"id": 1}])  # type: ignore[arg-type]
    with pytest.raises(MetadataError, match="more than one column named 'a'"):
        Frame(pd.DataFrame([[1, 2]], columns=["a", "a"])).table()
    with pytest.raises(MetadataError, match="the DataFrame has no header"):
        Frame(pd.DataFrame([["x.jpg", "y"]])).table()
    with pytest.raises(MetadataError, match="the DataFrame has no header"):
        Frame(pd.DataFrame()).table()


def source(folder: Path, frame: pd.DataFrame) -> Folder:
    """A folder with three pictures, described by a DataFrame."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_bytes(name.encode())
    return Folder(folder, metadata=frame)  # type: ignore[arg-type]


def test_as_the_file(tmp_path: Path) -> None:
    """A DataFrame gives the records that its CSV gives: ids, their order, and every word."""
    frame = pd.DataFrame(
        {"id": ["00123", "7", "008"], "file": ["b.jpg", "a.jpg", "c.jpg"], "year": [1850, None, -490], "Titel": "Axe"}
    )
    found = source(tmp_path, frame)
    text = frame.assign(year=["1850", "", "-490"])
    text.to_csv(tmp_path.parent / f"{tmp_path.name}.csv", index=False)
    same = Folder(tmp_path, tmp_path.parent / f"{tmp_path.name}.csv")
    records = list(found.records())
    assert [one.id for one in records] == ["00123", "7", "008"]
    assert records == list(same.records()) == list(found.records())
    assert found.origin == same.origin
    assert "3 rows in the DataFrame" in found.remarks
    assert [found.row_of(one) for one in records if isinstance(one, Record)] == [0, 1, 2]
    assert found.row_count() == 3


def test_equality(tmp_path: Path) -> None:
    """Sources with equal frames are equal, and what happens to a frame afterwards does not change its source."""
    frame = pd.DataFrame({"file": ["a.jpg"], "title": ["Axe"]})
    found = source(tmp_path, frame)
    assert found == source(tmp_path, frame.copy())
    assert hash(found) == hash(source(tmp_path, frame.copy()))
    before = list(found.records())
    frame.loc[0, "title"] = "Bead"
    assert list(found.records()) == before
    assert found != source(tmp_path, frame)
