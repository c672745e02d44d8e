"""Result sets: what a search gives, as hits, as a table, as a file."""

import json

import jsonschema
import pandas as pd
import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.plan import to_json
from archive_search.results import ResultSet
from archive_search.saved import schema
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, InvalidInputError, Point

HOSTILE = ["=1+1", "<b>axe</b>", "a\nb", "\u202eaxe", "\x1b[31m", "Økse; 'flint'", "ð\U0001f600"]


@pytest.fixture
def archive(tmp_path):
    """An archive of pictures with hostile titles, published."""
    embedder = HashEmbedder()
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: embedder)
    with EMBEDDERS.register("hash", info):
        made = Archive.create(tmp_path / "archive", Settings("Museum", ("hash",)))
        rows = embedder.encode([embedder.preprocess(f"axe {n}", "text") for n in range(300)], "text")
        about = {"material": ["flint", "bone"], "date_from": -3000, "extra": {"Regal": "7", "title": "other"}}
        made.thumbnails.mkdir()
        Image.new("RGB", (8, 8), "red").save(made.thumbnails / "red.webp")
        build = made.index.begin({"hash": 64})
        build.store.upsert(
            [
                Point(f"r{n}", {"hash": row}, {"title": HOSTILE[n % len(HOSTILE)], "thumbnail": "red.webp", **about})
                for n, row in enumerate(rows)
            ]
        )
        build.publish()
        yield made


def test_a_search_gives_hits_with_payloads(archive):
    """Hits by place, by slice and one after the other are the same, best first, with what is known of them."""
    found = archive.search("axe 7", limit=290)
    assert len(found) == 290
    assert [hit.id for hit in found] == [hit.id for hit in found[:]] == [found[n].id for n in range(290)]
    assert found[0].payload["material"] == ["flint", "bone"]
    assert found[0].score >= found[-1].score
    assert found.trace.stages[0].name == "nearest"


def test_a_set_says_what_it_is(archive, tmp_path):
    """Printed, a set tells its hits, its question, its archive and generation; once it was saved as well."""
    found = archive.search("axe 7", refine=["worn"], exclude=["new"], where={"material": "flint"}, limit=20)
    told = f"in 'Museum', generation {archive.generation}>"
    assert repr(found) == f"<ResultSet: 20 hits for 'axe 7', 'worn', less of 'new' with 1 filter {told}"
    assert repr(ResultSet.load(found.save(tmp_path / "found.json"))) == repr(found)
    assert repr(archive.search(like="r1", limit=1)) == f"<ResultSet: 1 hit for record 'r1' {told}"
    assert repr(archive.search(limit=2)) == f"<ResultSet: 2 hits for everything {told}"


def test_a_search_by_plan_is_the_same_search(archive):
    """The plan of a result set, run again, gives the same ids and scores."""
    found = archive.search("axe 7", refine=["worn"], exclude=["new"], years=(-4000, 0), limit=20)
    again = archive.search(plan=found.plan)
    assert again.ranking == found.ranking
    assert again.plain == found.plain


def test_ranks_in_plain_search(archive):
    """Each hit is told its rank in plain search; the plain search agrees with itself."""
    found = archive.search("axe 7", strategy="nearest", limit=20)
    assert [found.plain[hit.id] for hit in found] == list(range(1, 21))


def test_provenance_names_what_is_needed_to_repeat_it(archive):
    """Archive, generation, weights, strategy with all its settings, versions, time and person are named."""
    told = archive.search("axe", strategy="staged", settings={"hubness": 0.1}, who="Ann").provenance
    assert (told.archive, told.archive_id) == ("Museum", archive.settings.id)
    assert told.generation == archive.generation == "gen-000001"
    assert told.records == 300
    assert (told.space, told.embedder, told.weights) == ("hash", "hash", HashEmbedder.checkpoint)
    assert told.strategy == "staged"
    assert told.settings["hubness"] == 0.1
    assert told.settings["width"] == 0.95
    assert {"python", "numpy", "qdrant-edge-py"} <= set(told.versions)
    assert told.who == "Ann"
    assert told.time.endswith("+00:00")


def test_as_a_table(archive):
    """A row per hit, a column per field, several values joined, columns of the metadata by their own names."""
    frame = archive.search("axe 7", limit=3).to_frame()
    assert list(frame.columns[:4]) == ["rank", "plain_rank", "score", "id"]
    assert frame["rank"].tolist() == [1, 2, 3]
    assert frame["material"].tolist() == ["flint; bone"] * 3
    assert frame["Regal"].tolist() == ["7"] * 3
    assert frame["extra.title"].tolist() == ["other"] * 3
    assert frame["date_from"].dtype == "int64"
    empty = archive.search(where={"material": "gold"}).to_frame()
    assert isinstance(empty, pd.DataFrame)
    assert list(empty.columns) == ["rank", "plain_rank", "score", "id"]


def test_the_archive_as_a_table(archive):
    """Every record that passes is a row, with its fields and the columns that fill none."""
    frame = archive.to_frame()
    assert len(frame) == 300
    assert set(frame["id"]) == {f"r{n}" for n in range(300)}
    assert set(frame["material"]) == {"flint; bone"}
    assert list(archive.to_frame(where={"material": "gold"}).columns) == ["id"]


def test_saved_and_loaded(archive, tmp_path):
    """What was saved is read back whole, hostile titles too, and follows the schema."""
    found = archive.search("axe 7", refine=["worn"], limit=50)
    back = ResultSet.load(found.save(tmp_path / "axes.json"))
    assert back.ranking == found.ranking
    assert back[:] == found[:]
    assert back.provenance == found.provenance
    assert to_json(back.plan) == to_json(found.plan)
    assert back.trace.cut == found.trace.cut
    assert back.plain == {hit.id: found.plain[hit.id] for hit in found}
    data = json.loads((tmp_path / "axes.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, schema())
    assert archive.search(plan=back.plan).ranking == found.ranking


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "something else"}', "\x00"])
def test_what_is_no_result_set_is_refused(tmp_path, text):
    """A file of another kind is refused by name, with the field that is wrong."""
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InvalidInputError, match=r"x\.json is no saved result set: "):
        ResultSet.load(tmp_path / "x.json")


def test_in_a_notebook(archive):
    """A notebook shows thumbnails, and titles as they are written."""
    shown = archive.search("axe 1", limit=30)._repr_html_()
    assert shown.count("<img") == 24
    assert "<b>" not in shown
    assert "6 more" in shown
