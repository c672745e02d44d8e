import csv
import json
import re
from collections import defaultdict

import pytest
from PIL import Image

from archive_search.sample.archive import write_sample
from archive_search.sample.catalogue import COLUMNS, entries
from archive_search.sample.inventory import inventory
from archive_search.sample.plate import Plate

FIVE = [
    "A car",
    "A red car",
    "A gray car",
    "An archeological drawing of a flint axe head",
    "An archeological drawing of a flint arrow head",
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A whole sample archive with very small pictures."""
    directory = tmp_path_factory.mktemp("sample")
    return write_sample(directory, seed=7, records=600, size=32)


@pytest.fixture(scope="module")
def rows(sample):
    """The catalogue of the sample."""
    with (sample.directory / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def topics(sample):
    """The topics of the sample."""
    return [json.loads(line) for line in (sample.directory / "topics.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def relevant(sample):
    """For each topic, the grade of each judged record."""
    grades = defaultdict(dict)
    for line in (sample.directory / "qrels.txt").read_text(encoding="utf-8").splitlines():
        topic, zero, record, relevance = line.split()
        assert zero == "0"
        grades[topic][record] = int(relevance)
    return grades


def share_missing(rows, column):
    return sum(row[column] == "" for row in rows) / len(rows)


def test_counts(sample, rows):
    """600 records of 510 objects, 240 of them plates larger than the size asked for, which the others have."""
    assert (sample.records, sample.objects) == (600, 510)
    assert len(rows) == 600
    assert len({row["object_id"] for row in rows}) == 510
    sizes = []
    for row in rows:
        with Image.open(sample.directory / row["file"]) as picture:
            sizes.append(picture.size)
    assert sizes.count((32, 32)) == 360
    assert all(59 <= max(size) <= 92 for size in sizes if size != (32, 32))
    assert len(list((sample.directory / "pictures").iterdir())) == 600


@pytest.fixture(scope="module")
def plates():
    """The record ids of the plates of the sample."""
    return {one.record_ids()[0] for one in inventory(7, 600) if isinstance(one.depictions[0], Plate)}


def test_metadata_is_sparse(rows, plates):
    """About a third of the finds lack a period and half a material; places and dates are missing here and there."""
    assert tuple(rows[0]) == COLUMNS
    rows = [row for row in rows if row["id"] not in plates]
    assert 0.25 < share_missing(rows, "period") < 0.42
    assert 0.4 < share_missing(rows, "material") < 0.6
    assert 0.15 < share_missing(rows, "place") < 0.4
    assert 0.3 < share_missing(rows, "date_from") < 0.6
    assert share_missing(rows, "description") > 0.8
    assert 0.2 < sum(row["language"] == "da" for row in rows) / len(rows) < 0.5


def test_a_plate_has_a_number_and_hardly_more(rows, plates):
    """The row of a plate bears its number, never a kind of find nor a material, and rarely where or when."""
    rows = [row for row in rows if row["id"] in plates]
    assert len(rows) == 240
    for row in rows:
        assert re.match(r"(Plate|Tavle) ([IVXLC]+|[0-9]+)(\.|$)", row["title"])
        assert row["object_type"] in ("plate", "tavle", "")
    assert share_missing(rows, "material") == 1
    assert share_missing(rows, "period") > 0.6
    assert 0.4 < share_missing(rows, "place") < 0.8


def test_dates_agree(rows):
    """Dates are whole years that begin before they end, and stand beside their text."""
    for row in rows:
        assert (row["date"] == "") == (row["date_from"] == "") == (row["date_to"] == "")
        if row["date_from"]:
            assert int(row["date_from"]) < int(row["date_to"])


def test_metadata_does_not_tell_what_the_picture_shows(rows):
    """Colour, decoration and style are not in the catalogue."""
    told = {"barbed", "zigzag", "spiral", "handle", "broken", "drawing", "photograph", "red", "green", "blue"}
    for row in rows:
        written = f"{row['title']} {row['description']}".lower().replace(",", " ").replace(".", " ")
        assert not told & set(written.split())


def test_topics(topics, relevant):
    """There are at least 40 topics, the product's five first, each with an answer and something to confuse it with."""
    assert len(topics) >= 40
    assert [topic["text"] for topic in topics[:5]] == FIVE
    assert sum(topic["group"] == "category+attribute" for topic in topics) > len(topics) / 2
    for topic in topics:
        grades = relevant[topic["id"]].values()
        assert max(grades) == 2
        if topic["refinements"]:
            assert 0 in grades


def test_judged_records_exist(rows, relevant):
    """Every judgement is about a record of the catalogue, with grade 0, 1 or 2."""
    ids = {row["id"] for row in rows}
    for grades in relevant.values():
        assert set(grades) <= ids
        assert set(grades.values()) <= {0, 1, 2}


def test_the_folder_says_what_it_is(sample):
    """The README tells that a program drew everything."""
    text = (sample.directory / "README.txt").read_text(encoding="utf-8")
    assert "drawn by a program" in text
    assert "600 pictures of 510 objects: 240 plates" in text


def test_same_seed_same_files(tmp_path):
    """The same seed writes the same bytes, however many processes draw; another seed writes others."""
    for name, seed, processes in (("one", 7, 1), ("same", 7, 2), ("other", 8, 1)):
        write_sample(tmp_path / name, seed=seed, records=40, size=32, processes=processes)

    def contents(name):
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / name): path.read_bytes() for path in files}

    assert contents("one") == contents("same")
    assert contents("one") != contents("other")


@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_sample_leaves_what_was_there(tmp_path, processes):
    """Stopped in the middle of drawing, nothing is left of a new sample, and an earlier one stays whole."""
    told = []

    def interrupt(done, total):
        told.append((done, total))
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path / "new", records=20, size=32, processes=processes, progress=interrupt)
    assert not (tmp_path / "new").exists()
    assert told == [(done, 20) for done in range(1, 6)]
    write_sample(tmp_path / "old", seed=8, records=20, size=32)
    before = {path: path.read_bytes() for path in (tmp_path / "old").rglob("*") if path.is_file()}
    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path / "old", seed=7, records=20, size=32, processes=processes, progress=interrupt)
    assert {path: path.read_bytes() for path in (tmp_path / "old").rglob("*") if path.is_file()} == before


def test_an_entry_says_the_same_for_each_picture():
    """The rows of an object differ only in id and file."""
    for pictured in inventory(7, 80):
        if len(pictured.depictions) == 2:
            one, other = entries(pictured, 7)
            differing = {column for column in COLUMNS if one[column] != other[column]}
            assert differing == {"id", "file"}
