"""What every export format must keep to, on a set with hostile titles; each file is read by another program."""

import json
import random
import zipfile

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.escape import unescape
from PIL import Image

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.exporting import EXPORTS, Outgoing, export, format_of
from archive_search.settings import Settings
from archive_search.spreadsheet_cells import as_it_was
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, InvalidInputError, Point, UnknownNameError

BAD = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "../../etc/passwd", "C:\\con", "<script>alert(1)</script>"),
    *("x" * 300, "\U0001f3fa\U0001f3fa", "\u202eesrever", "tab\there", "line\nbreak", '"quoted", with comma', "; =2+2"),
    *(
        "\u0007bell",
        "&amp; <b>",
        "https://example.org/?a=1&b=<>",
        "Økse",
        "花瓶",
        "'apostrophe",
        " space ",
        "\ufeffmark",
    ),
]


def titles() -> list[str]:
    """Five hundred hostile titles."""
    rng = random.Random(7)
    return [*BAD, *(rng.choice(BAD) + rng.choice(BAD) + str(n) for n in range(500 - len(BAD)))]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A result set of all five hundred, some of them closed or sensitive."""
    embedder = HashEmbedder()
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: embedder)
    with EMBEDDERS.register("hash", info):
        archive = Archive.create(tmp_path_factory.mktemp("archive") / "a", Settings("Museum & <Sons>", ("hash",)))
        archive.thumbnails.mkdir()
        Image.new("RGB", (90, 60), "red").save(archive.thumbnails / "red.webp")
        rows = embedder.encode([embedder.preprocess(f"axe {n}", "text") for n in range(500)], "text")
        build = archive.index.begin({"hash": 64})
        build.store.upsert(
            [
                Point(
                    f"r{n}",
                    {"hash": row},
                    {
                        "title": title,
                        "thumbnail": "red.webp",
                        "material": ["flint", "bone"],
                        "date_from": -3000 + n,
                        "licence": "CC BY 4.0" if n % 2 else "All rights reserved",
                        "record_url": f"https://example.org/{n}",
                        **({"sensitive": "yes"} if n == 3 else {}),
                        "extra": {"=col": title},
                    },
                )
                for n, (row, title) in enumerate(zip(rows, titles(), strict=True))
            ]
        )
        build.publish()
        yield archive.search("axe 7", limit=500, who="Ann")


def read(name: str, file) -> pd.DataFrame:
    """The rows of an export, as pandas reads them."""
    if name == "csv":
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig", lineterminator=None)
        frame.columns = [as_it_was(column) for column in frame.columns]
        return frame.map(as_it_was)
    if name == "jsonl":
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")[1:] if line]
        return pd.DataFrame([{"id": one["id"], "rank": one["rank"], "title": one["payload"]["title"]} for one in lines])
    if name == "parquet":
        return pd.read_parquet(file)
    frame = pd.read_excel(file, sheet_name="Hits", dtype=str, keep_default_na=False)
    return frame.map(unescape)  # control characters as XML can write them, which spreadsheets read back


TABLES = {"csv": ".csv", "jsonl": ".jsonl", "parquet": ".parquet", "xlsx": ".xlsx"}


@pytest.mark.parametrize("name", TABLES)
def test_every_hit_leaves_whole(name, found, tmp_path):
    """Each record that may leave is there once, in order, with its title as it was."""
    target = tmp_path / f"set{TABLES[name]}"
    told = export(found, target)
    assert (told.format, told.records, told.left_out) == (name, 499, {"sensitive": 1})
    frame = read(name, target)
    assert list(frame["id"]) == [hit.id for hit in found if hit.id != "r3"]
    wanted = {hit.id: hit.payload["title"] for hit in found}
    for record, title in zip(frame["id"], frame["title"], strict=True):
        assert title == wanted[record]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", TABLES)
def test_only_what_is_open_leaves(name, found, tmp_path):
    """With only_open what is not licensed openly stays, and is counted; a sensitive record leaves if it is named."""
    told = export(found, tmp_path / f"set{TABLES[name]}", only_open=True, sensitive=["r3"])
    assert told.left_out == {"licence": 250}
    assert told.records == 250
    assert "r3" in set(read(name, told.target)["id"])


@pytest.mark.parametrize("name", EXPORTS)
def test_a_failure_leaves_nothing(name, found, tmp_path):
    """Where the writing fails half-way, what was there before stays, and nothing else is there."""
    target = tmp_path / "set"
    target.write_text("before")

    def fail(done, total):
        if done > 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(found, target, name, progress=fail)
    assert target.read_text() == "before"
    assert [*tmp_path.iterdir()] == [target]


def test_provenance_is_carried(found, tmp_path):
    """Plan, weights and who searched are beside the CSV, in the first line, in the metadata and on the second sheet."""
    for ending in TABLES.values():
        export(found, tmp_path / f"set{ending}")
    told = [
        json.loads((tmp_path / "set.csv.provenance.json").read_text(encoding="utf-8")),
        json.loads((tmp_path / "set.jsonl").read_text(encoding="utf-8").partition("\n")[0]),
        json.loads(pq.read_schema(tmp_path / "set.parquet").metadata[b"archive-search"]),
    ]
    sheet = openpyxl.load_workbook(tmp_path / "set.xlsx")["Provenance"]
    told.append(json.loads("\n".join(str(row[0].value) for row in sheet.iter_rows())))
    for one in told:
        assert one["provenance"]["who"] == "Ann"
        assert one["provenance"]["weights"] == HashEmbedder.checkpoint
        assert one["plan"]["query"]["examples"][0]["value"] == "axe 7"
        assert one["left_out"] == {"sensitive": 1}


def test_a_workbook_computes_nothing(found, tmp_path):
    """No cell is a formula; the header is frozen and filtered; thumbnails and links are there."""
    export(found, tmp_path / "set.xlsx", settings={"pixels": 48})
    book = openpyxl.load_workbook(tmp_path / "set.xlsx")
    sheet = book["Hits"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref
    with zipfile.ZipFile(tmp_path / "set.xlsx") as parts:
        assert any(name.startswith("xl/media/") for name in parts.namelist())
    links = [cell.hyperlink.target for row in sheet.iter_rows(min_row=2) for cell in row if cell.hyperlink]
    assert len(links) == 499
    assert all(link.startswith("https://example.org/") for link in links)


def test_formats_are_chosen_by_name_or_ending(tmp_path, found):
    """A name goes before an ending; what chooses none is told, with what there is."""
    assert format_of(tmp_path / "a.CSV") == "csv"
    assert format_of(tmp_path / "a.csv", "jsonl") == "jsonl"
    with pytest.raises(UnknownNameError, match=r"chooses no format: name one of csv \(\.csv\)"):
        format_of(tmp_path / "a.doc")
    with pytest.raises(UnknownNameError, match="No export format is called 'doc'"):
        export(found, tmp_path / "a.csv", "doc")
    with pytest.raises(InvalidInputError, match="pixels must be"):
        export(found, tmp_path / "a.xlsx", settings={"pixels": 1})


def test_ranks_tell_what_is_left_out(found):
    """Ranks stay those of the result set, so that a gap shows where a record was left out."""
    outgoing = Outgoing(found)
    ranks = [rank for rank, _ in outgoing]
    assert len(ranks) == 499
    assert ranks[-1] in (499, 500)
    assert set(range(1, 501)) - set(ranks) == {found.ranks["r3"]}
