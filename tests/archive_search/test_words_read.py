"""Questions in other languages: they find what the English question finds, and stay what they were when repeated."""

import pytest

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.plan import from_json, read_plan, to_json
from archive_search.results import ResultSet
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, Point

RECORDS = [
    {"title": "Økse", "object_type": "økse"},
    {"title": "Axe", "object_type": "axe"},
    {"title": "Yxa"},
    {"title": "Kølle"},
    {"title": "Sword", "material": "bronze"},
    *({"title": f"Thing {n}"} for n in range(20)),
]


def filled(folder, languages=("en", "da", "de")):
    """An archive whose pictures lie where the hashes of texts do."""
    embedder = HashEmbedder()
    archive = Archive.create(folder, Settings("Words", ("hash",), languages=languages))
    texts = ["axe", "axe", "axe", "club", "sword", *(f"thing {n}" for n in range(20))]
    rows = embedder.encode([embedder.preprocess(one, "text") for one in texts], "text")
    build = archive.index.begin({"hash": 64})
    build.store.upsert(
        [Point(f"r{n}", {"hash": row}, one) for n, (row, one) in enumerate(zip(rows, RECORDS, strict=True))]
    )
    build.publish()
    return archive


@pytest.fixture
def archive(tmp_path):
    """The archive, with an embedder that reads only English."""
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder)
    with EMBEDDERS.register("hash", info):
        yield filled(tmp_path / "a")


def ranking(found):
    """Ids and scores."""
    return [(hit.id, hit.score) for hit in found.ranking]


@pytest.mark.parametrize("strategy", ["nearest", "staged"])
@pytest.mark.parametrize("typed", ["økse", "Axt", "øks"])
def test_another_language_finds_what_english_finds(archive, strategy, typed):
    """The ranking is that of the English question, to the last score, and people are told how it was read."""
    found = archive.search(typed, strategy=strategy)
    assert ranking(found) == ranking(archive.search("axe", strategy=strategy))
    assert f"“{typed.casefold()}” was read as “axe”." in found.trace.remarks


def test_a_compound_and_a_refinement_are_read(archive):
    """Every text of a question is read: what it is, what sets it apart, what it should be less like."""
    said = archive.search("sværd", refine=["bronze"], exclude=["kølle", "Tonscherbe"])
    english = archive.search("sword", refine=["bronze"], exclude=["kølle", "clay sherd"])
    assert ranking(said) == ranking(english)


def test_an_english_question_is_asked_as_it_is(archive):
    """Nothing is read, nothing is told, and its plan says no more than before."""
    found = archive.search("bronze sword", refine=["gold hilt"])
    assert found.plan.query.words == ()
    assert "words" not in to_json(found.plan)["query"]
    assert not any("was read as" in one for one in found.trace.remarks)


def test_a_multilingual_embedder_gets_the_words_as_they_are(tmp_path):
    """What the embedder reads itself is not put into English; the catalogue is asked for both."""
    info = EmbedderInfo(
        "hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder, languages=("en", "da", "sv")
    )
    with EMBEDDERS.register("hash", info):
        archive = filled(tmp_path / "a")
        found = archive.search("yxa", strategy="nearest")
        assert ranking(found) != ranking(archive.search("axe", strategy="nearest"))
        assert not any("was read as" in one for one in found.trace.remarks)
        hits = [hit.id for hit in archive.search("yxa", strategy="staged", settings={"catalogue": 10.0})]
        assert {"r0", "r1", "r2"} <= set(hits[:5])


def test_an_archives_own_words_count_from_the_next_search_on(archive):
    """A row of `vocabulary.csv` is what the next search goes by; a faulty one is told with its line."""
    before = archive.search("skæftehakke", strategy="nearest")
    file = archive.directory / "vocabulary.csv"
    file.write_text("term,language,prompt\nskæftehakke,da,axe\n,da,axe\n", encoding="utf-8")
    found = archive.search("skæftehakke", strategy="nearest")
    assert ranking(found) == ranking(archive.search("axe", strategy="nearest")) != ranking(before)
    assert any("vocabulary.csv is not used as a whole: line 3" in one for one in found.trace.remarks)


def test_a_set_is_repeated_as_it_was_when_the_vocabulary_has_changed(archive, tmp_path):
    """How words were read stands in the plan: a saved set and its plan give the same ranking ever after."""
    file = archive.directory / "vocabulary.csv"
    file.write_text("term,prompt\nkølle,sword\n", encoding="utf-8")
    found = archive.search("kølle", strategy="nearest")
    english = archive.search("axe", strategy="nearest")
    saved, plain = found.save(tmp_path / "set.json"), english.save(tmp_path / "axe.json")
    file.write_text("term,prompt\nkølle,axe\naxe,club\n", encoding="utf-8")
    assert ranking(archive.search("kølle", strategy="nearest")) != ranking(found)
    assert ranking(archive.answer(ResultSet.load(saved).plan)) == ranking(found)
    assert ranking(archive.answer(from_json(to_json(found.plan)))) == ranking(found)
    assert ranking(archive.answer(read_plan(plain))) == ranking(english)


def test_names_in_the_archives_languages_are_looked_for(tmp_path):
    """In a Swedish archive the English word finds what the catalogue calls by the Swedish one."""
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder)
    with EMBEDDERS.register("hash", info):
        archive = filled(tmp_path / "a", ("sv", "en"))
        assert archive.search("axe").plan.query.words[0].also[:1] == ("yxa",)
        assert ranking(archive.search("yxa")) == ranking(archive.search("axe"))
