"""The dataset source: folders named by class, Parquet, JSON lines and tar files with pictures in them."""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archive_search.pictures.kept import kept_picture
from archive_search.types import InvalidInputError, MetadataError, PictureError, Record
from ingest.datasets.names import read_names
from ingest.source import Rejected
from ingest.sources.dataset import Dataset
from ingest.testing import Desk, Encoder, picture
from tests.ingest.replay import Replay


def records(source: Dataset) -> list[Record]:
    """The records, where nothing is rejected."""
    found = list(source.records())
    assert [one for one in found if isinstance(one, Rejected)] == []
    return [one for one in found if isinstance(one, Record)]


def labels(source: Dataset) -> dict[str, Any]:
    """The labels by id."""
    return {one.id: one.metadata.get("object_type") for one in records(source)}


def reasons(source: Dataset) -> dict[str, str]:
    """The reasons of what was rejected, by id."""
    return {one.id: one.reason for one in source.records() if isinstance(one, Rejected)}


def classes(folder: Path, *paths: str) -> Path:
    """Pictures at these paths."""
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(picture(number))
    return folder


def tar(path: Path, members: Mapping[str, bytes]) -> Path:
    """A tar file with these members."""
    with tarfile.open(path, "w") as file:
        for name, data in members.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            file.addfile(one, io.BytesIO(data))
    return path


def huggingface(path: Path, rows: int, names: list[str] | None = None, group: int = 40) -> Path:
    """A Parquet file as Hugging Face writes them: the picture as bytes with a path, the label as a number."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {
        "image": [{"bytes": picture(number), "path": f"p{number}.png"} for number in range(rows)],
        "label": [number % 3 for number in range(rows)],
        "caption": [f"Thing {number}" for number in range(rows)],
    }
    table = arrow.table(columns)
    if names is not None:
        features = {"label": {"names": names, "_type": "ClassLabel"}, "image": {"_type": "Image"}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    parquet.write_table(table, path, row_group_size=group)
    return path


# ------------------------------------------------------------------ folders


def test_folders_named_by_class(tmp_path: Path) -> None:
    """The folder that a picture lies in is its label, with the split above it kept apart; ids are the paths."""
    source = Dataset(classes(tmp_path, "train/axe/1.png", "train/bead/2.png", "val/axe/3.png", "loose.png"))
    assert labels(source) == {
        "loose.png": None,
        "train/axe/1.png": "axe",
        "train/bead/2.png": "bead",
        "val/axe/3.png": "axe",
    }
    assert [one.metadata.get("extra") for one in records(source)[1:]] == [
        {"split": "train"},
        {"split": "train"},
        {"split": "val"},
    ]
    assert source.count() == 4
    assert source.remarks == (f"4 pictures below {tmp_path} in 3 classes",)


def test_labels_fill_the_field_named(tmp_path: Path) -> None:
    """Labels fill another field where one is named, and nothing that holds no terms."""
    source = Dataset(classes(tmp_path, "bronze/1.png"), label_field="material")
    assert records(source)[0].metadata["material"] == "bronze"
    with pytest.raises(InvalidInputError, match="Labels can fill no field 'point'. Possible: object_type"):
        Dataset(tmp_path, label_field="point")


def test_labels_that_are_periods(tmp_path: Path) -> None:
    """Labels that name periods date their pictures, as the region says, an archive's own names before it."""
    folder = classes(tmp_path, "Bronze Age/1.png")
    assert records(Dataset(folder, "period"))[0].metadata["date_from"] == -1700
    assert records(Dataset(folder, "period", region="greece"))[0].metadata["date_from"] == -3100
    assert records(Dataset(folder, "period", periods=("Bronze Age=900-200 BC",)))[0].metadata["date_from"] == -900


def test_names_of_classes(tmp_path: Path) -> None:
    """Labels are called as a file of names says, and stay beside it; a label without a name is itself."""
    classes(tmp_path / "d", "n03000684/1.png", "n09999999/2.png")
    (tmp_path / "names.txt").write_text("n03000684 chain saw, chainsaw\n", encoding="utf-8")
    found = records(Dataset(tmp_path / "d", names=tmp_path / "names.txt"))
    assert [one.metadata["object_type"] for one in found] == ["chain saw, chainsaw", "n09999999"]
    assert [one.metadata.get("extra") for one in found] == [{"class": "n03000684"}, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n01\tfish\nn02\tcat\n", {"n01": "fish", "n02": "cat"}),
        ('"n01","a fish"\n', {"n01": "a fish"}),
        ("fish\nbig cat\n", {"0": "fish", "1": "big cat"}),
        ('{"n01": "fish"}', {"n01": "fish"}),
        ('{"0": ["n01", "big_fish"]}', {"0": "big fish", "n01": "big fish"}),
        ('["fish", "cat"]', {"0": "fish", "1": "cat"}),
    ],
)
def test_files_of_names(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    """Names are read from text and JSON in the forms that datasets come with."""
    (tmp_path / "names").write_text(text, encoding="utf-8")
    assert read_names(tmp_path / "names") == expected


@pytest.mark.parametrize("text", ["", "{}", "[[]]", "n01,fish\nnothing\n"])
def test_files_that_name_nothing(tmp_path: Path, text: str) -> None:
    """A file that names no class, or one line of which is none, is refused."""
    (tmp_path / "names").write_text(text, encoding="utf-8")
    with pytest.raises(MetadataError):
        read_names(tmp_path / "names")


def test_tables_beside_folders(tmp_path: Path) -> None:
    """Tables in a folder that only say something about pictures are passed over: its pictures lie in folders."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"words": ["a"]}), tmp_path / "words.parquet")
    (tmp_path / "classes.jsonl").write_text('{"label": "axe", "words": "a flint axe"}\n', encoding="utf-8")
    assert labels(Dataset(classes(tmp_path, "axe/1.png"))) == {"axe/1.png": "axe"}


# ------------------------------------------------------------------ Parquet


def test_parquet(tmp_path: Path) -> None:
    """Rows of Parquet give their pictures, the names of their numbered classes, and what else they say."""
    source = Dataset(huggingface(tmp_path / "a.parquet", 5, ["axe", "bead", "comb"]))
    found = records(source)
    assert [(one.id, one.metadata["object_type"], one.metadata["title"]) for one in found] == [
        ("a.parquet/0", "axe", "Thing 0"),
        ("a.parquet/1", "bead", "Thing 1"),
        ("a.parquet/2", "comb", "Thing 2"),
        ("a.parquet/3", "axe", "Thing 3"),
        ("a.parquet/4", "bead", "Thing 4"),
    ]
    assert [source.read(one) for one in found] == [picture(number) for number in range(5)]
    assert found[0].metadata["file"] == "p0.png"
    assert source.count() == 5
    assert source.stamp(found[0]) == source.stamp(found[4]) != ""


def test_parquet_in_any_order(tmp_path: Path) -> None:
    """Pictures of many row groups are had one after the other, backwards and with great strides."""
    source = Dataset(huggingface(tmp_path / "a.parquet", 300, group=40))
    found = records(source)
    for number in (*range(300), 299, 3, 41, 40, 39, 38, 200, 80, 81, 0, 299, 40, *range(299, 0, -17)):
        assert source.read(found[number]) == picture(number)


def test_parquet_without_names(tmp_path: Path) -> None:
    """Numbered classes without names are named by a file of names, else they are their numbers."""
    huggingface(tmp_path / "a.parquet", 2)
    (tmp_path / "names").write_text("axe\nbead\n", encoding="utf-8")
    assert labels(Dataset(tmp_path / "a.parquet")) == {"a.parquet/0": "0", "a.parquet/1": "1"}
    assert labels(Dataset(tmp_path / "a.parquet", names=tmp_path / "names")) == {
        "a.parquet/0": "axe",
        "a.parquet/1": "bead",
    }


def test_parquet_that_is_none(tmp_path: Path) -> None:
    """A file that is no Parquet, and one without a column of pictures, are refused with what they have."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(MetadataError, match="a.parquet cannot be read as a Parquet file"):
        list(Dataset(tmp_path / "a.parquet").records())
    parquet.write_table(arrow.table({"words": ["a"]}), tmp_path / "b.parquet")
    with pytest.raises(MetadataError, match="no column of pictures: name the column. Columns: words"):
        list(Dataset(tmp_path / "b.parquet").records())


# ------------------------------------------------------------------ JSON lines


def test_json_lines(tmp_path: Path) -> None:
    """Pictures in JSON lines stand in base64, in an object with bytes, in a data address, or beside the file."""
    data = [base64.b64encode(picture(number)).decode() for number in range(3)]
    classes(tmp_path, "pictures/beside.png")
    rows = [
        {"image": data[0], "label": "axe", "caption": "One"},
        {"image": {"bytes": data[1], "path": "x/two.png"}, "label": ["bead", "comb"]},
        {"image": f"data:image/png;base64,{data[2]}"},
        {"file_name": "pictures/beside.png", "label": "axe"},
    ]
    (tmp_path / "d.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    source = Dataset(tmp_path / "d.jsonl")
    found = records(source)
    assert labels(source) == {"d.jsonl/1": "axe", "d.jsonl/2": ["bead", "comb"], "d.jsonl/3": None, "d.jsonl/4": "axe"}
    assert [source.read(one) for one in found] == [picture(0), picture(1), picture(2), picture(0)]
    assert source.file(found[3]) == tmp_path / "pictures" / "beside.png"
    assert [one.metadata.get("file") for one in found] == [None, "two.png", None, "beside.png"]


def test_json_lines_with_faults(tmp_path: Path) -> None:
    """Lines without a picture, that are no JSON, that lead out of the dataset or are no whole link are told singly."""
    rows = ['{"label": "axe"}', "{", '["a"]', '{"image": "../../secret.png"}', '{"image": "https://a.example/a b.png"}']
    (tmp_path / "d.jsonl").write_text("\n".join(rows), encoding="utf-8")
    said = reasons(Dataset(tmp_path / "d.jsonl"))
    assert list(said) == ["d.jsonl, line 1", "d.jsonl, line 2", "d.jsonl, line 3", "d.jsonl/4", "d.jsonl/5"]
    assert "no picture" in said["d.jsonl, line 1"]
    assert "not JSON" in said["d.jsonl, line 2"]
    assert said["d.jsonl/4"] == "Its path leads out of the dataset."
    assert said["d.jsonl/5"] == "a link holds no spaces"


def linked(folder: Path, kind: str, url: str) -> Path:
    """Six rows with links to pictures of a server; the last picture is gone."""
    rows = [{"image": f"{url}/{number}.png?big=1", "label": "axe", "licence": "CC0"} for number in range(6)]
    if kind == "jsonl":
        rows[0] = {"image": base64.b64encode(picture(0)).decode(), "label": "bead", "licence": "all rights reserved"}
        (folder / "d.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return folder / "d.jsonl"
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.Table.from_pylist(rows), folder / "d.parquet")
    return folder / "d.parquet"


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_links_are_fetched_once_and_kept(tmp_path: Path, server: Replay, kind: str) -> None:
    """Pictures behind links are fetched, kept and not asked for again; one that is gone is rejected by itself."""
    for number in range(5):
        server.answer(f"/{number}.png", picture(number), type="image/png")
    source = Dataset(linked(tmp_path, kind, server.url), allow_private=True, rate=1000.0)
    desk = Desk(tmp_path)
    summary = desk.run(source, Encoder())
    assert (summary.added, summary.rejected) == (5, 1)
    assert "(404)" in desk.reasons()[f"d.{kind}/{5 + (kind == 'jsonl')}"]
    (found,) = desk.index.open().points([f"d.{kind}/3"])
    assert (found.payload["object_type"], found.payload["file"]) == ("axe", f"{2 + (kind == 'parquet')}.png")
    assert found.payload["image"] == found.payload["image_url"] == f"{server.url}/{found.payload['file']}?big=1"
    assert kept_picture(tmp_path, found.payload["image"]).read_bytes() == picture(int(found.payload["file"][0]))
    server.forget()
    assert desk.run(source, Encoder()).unchanged == 5
    assert server.paths() == []


def test_what_may_be_shown_of_a_dataset(tmp_path: Path, server: Replay) -> None:
    """Only open licences are taken where that is asked for, of links and of what lies in the file."""
    for number in range(6):
        server.answer(f"/{number}.png", picture(number), type="image/png")
    source = Dataset(linked(tmp_path, "jsonl", server.url), allow_private=True, only_open=True, rate=1000.0)
    desk = Desk(tmp_path)
    assert desk.run(source, Encoder()).added == 5
    assert list(desk.reasons()) == ["d.jsonl/1"]


def test_links_are_read_only_in_an_archive(tmp_path: Path) -> None:
    """Without an archive to keep it in no picture is fetched, and what has to be done is said."""
    source = Dataset(linked(tmp_path, "jsonl", "https://a.example"))
    with pytest.raises(PictureError, match="an ingest into an archive fetches"):
        source.read(records(source)[1])
    assert source.remarks == (f"1 file with pictures in {tmp_path / 'd.jsonl'}",)
    (tmp_path / "p").mkdir()
    only = Dataset(linked(tmp_path / "p", "parquet", "https://a.example"))
    assert only.remarks == (f"1 file with links to pictures in {tmp_path / 'p' / 'd.parquet'}: 6 pictures",)


def test_what_is_no_picture_in_base64(tmp_path: Path) -> None:
    """Text that is no base64 is no picture, and is told when it is read."""
    (tmp_path / "d.jsonl").write_text('{"image": "not base64 at all!"}', encoding="utf-8")
    source = Dataset(tmp_path / "d.jsonl")
    with pytest.raises(PictureError, match="neither a picture in base64 nor a file"):
        source.read(records(source)[0])


# ------------------------------------------------------------------ tar


def test_tar(tmp_path: Path) -> None:
    """A sample of a tar file is what has one name: its picture, its class, its caption and its metadata."""
    tar(
        tmp_path / "s-0.tar",
        {
            "0001.jpg": picture(1, kind="JPEG"),
            "0001.json": b'{"material": "flint", "length_mm": 120}',
            "0001.cls": b"axe",
            "0001.txt": b"A flint axe",
            "0002.left.png": picture(2),
            "0002.right.png": picture(3),
            "0002.cls": b"1",
            "readme.md": b"hello",
        },
    )
    source = Dataset(tmp_path)
    found = records(source)
    assert [one.id for one in found] == ["s-0.tar/0001", "s-0.tar/0002", "s-0.tar/0002.right.png"]
    assert found[0].metadata == {
        "object_type": "axe",
        "material": "flint",
        "title": "A flint axe",
        "length_mm": 120.0,
        "file": "0001.jpg",
    }
    assert found[1].metadata["object_id"] == found[2].metadata["object_id"] == "s-0.tar/0002"
    assert [source.read(one) for one in found] == [picture(1, kind="JPEG"), picture(2), picture(3)]


def test_tar_with_hostile_names(tmp_path: Path) -> None:
    """Names that lead elsewhere are only names, links are passed over, and nothing is written."""
    path = tmp_path / "in" / "s.tar"
    path.parent.mkdir()
    with tarfile.open(path, "w") as file:
        for name, data in (("../../out.png", picture(1)), ("/etc/out.png", picture(2))):
            one = tarfile.TarInfo(name)
            one.size = len(data)
            file.addfile(one, io.BytesIO(data))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    source = Dataset(path)
    assert [source.read(one) for one in records(source)] == [picture(1), picture(2)]
    assert source.file(records(source)[0]) is None
    assert sorted(tmp_path.rglob("*")) == before


def test_tar_that_breaks_off(tmp_path: Path) -> None:
    """A tar file that breaks off gives what is whole, and says where it could not be read."""
    whole = tar(tmp_path / "whole.tar", {f"{number:04}.png": picture(number) for number in range(6)}).read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2 - 700])
    found = list(Dataset(tmp_path / "cut.tar").records())
    assert [one.id for one in found if isinstance(one, Record)][:2] == ["cut.tar/0000", "cut.tar/0001"]
    tar(tmp_path / "no.tar", {}).write_bytes(b"this is no tar file" * 100)
    assert "cannot be read" in reasons(Dataset(tmp_path / "no.tar"))["no.tar behind its start"]


def test_packed_tar(tmp_path: Path) -> None:
    """A packed tar file is refused with what to do."""
    (tmp_path / "a.tar.gz").write_bytes(b"")
    with pytest.raises(MetadataError, match=r"Unpack it from its .gz first"):
        list(Dataset(tmp_path / "a.tar.gz").records())


# ------------------------------------------------------------------ all of them


def made(folder: Path, kind: str) -> Dataset:
    """A small dataset of one kind."""
    if kind == "folders":
        return Dataset(classes(folder, *(f"{name}/{number}.png" for name in "ab" for number in range(4))))
    if kind == "parquet":
        huggingface(folder / "0.parquet", 5), huggingface(folder / "1.parquet", 3)
    elif kind == "jsonl":
        rows = [{"image": base64.b64encode(picture(number)).decode(), "label": "a"} for number in range(8)]
        (folder / "d.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        tar(folder / "0.tar", {f"{number}.png": picture(number) for number in range(5)})
        tar(folder / "1.tar", {f"{number}.png": picture(number) for number in range(3)})
    return Dataset(folder)


@pytest.mark.parametrize("kind", ["folders", "parquet", "jsonl", "tar"])
def test_ingest(tmp_path: Path, kind: str) -> None:
    """Every kind is ingested whole, has the same ids each time, and a second ingest reads no picture again."""
    (tmp_path / "data").mkdir()
    source = made(tmp_path / "data", kind)
    assert [one.id for one in records(source)] == [one.id for one in records(made(tmp_path / "data", kind))]
    desk, encoder = Desk(tmp_path), Encoder()
    summary = desk.run(source, encoder)
    assert (summary.added, summary.rejected) == (8, 0)
    again = desk.run(Dataset(tmp_path / "data"), encoder)
    assert (again.unchanged, again.added, sum(encoder.batches)) == (8, 0, 8)


def test_nothing_there(tmp_path: Path) -> None:
    """A path that is not there, and a file of another kind, are refused in a sentence."""
    with pytest.raises(MetadataError, match="There is no folder or file"):
        list(Dataset(tmp_path / "none").records())
    (tmp_path / "a.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(MetadataError, match=r"a.csv is no dataset \(.parquet"):
        list(Dataset(tmp_path / "a.csv").records())
