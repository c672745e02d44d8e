"""Colour evidence, the catalogue's words, and fusion, on archives small enough to check by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive_search.embedders.palette import PaletteEmbedder
from archive_search.plan import Plan, run
from archive_search.ranking.fuse import Fuse, dbsf, rrf
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.palette import Palette
from archive_search.ranking.parts.asked import asked_words
from archive_search.ranking.parts.spelling import looked_for
from archive_search.ranking.text import Text
from archive_search.search import SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, Hit, Point, Query

TITLES = {"red": "Rød perle", "blue": "Bead", "grey": "Perle af rav", "none": None}


class Beads:
    """Four records at growing angles from every text; three with a palette."""

    name, dim, modalities, checkpoint = "plane", 2, frozenset({"text"}), "0" * 64

    def __init__(self):
        self.store = MemoryStore({"plane": 2, "palette": 23})
        palette = PaletteEmbedder()
        for i, (name, title) in enumerate(TITLES.items()):
            angle = math.radians(10 * (3 - i))
            vectors = {"plane": np.array([math.cos(angle), math.sin(angle)], dtype=np.float32)}
            if name != "none":
                vectors["palette"] = palette.preprocess(Image.new("RGB", (20, 20), name), "image")
            self.store.upsert([Point(name, vectors, {"title": title})])

    def preprocess(self, item, modality):
        """Nothing to prepare."""
        return item

    def encode(self, batch, modality):
        """Every text points east."""
        return np.array([[1.0, 0.0]] * len(batch), dtype=np.float32)

    def remarks(self, text):
        """Nothing to say."""
        return ()

    def context(self, query, space=""):
        """What a step may see."""
        return SearchContext(self.store, query, "plane", lambda: self, lambda source: None)


def found(*steps, words="bead", weight=1.0, more=()):
    """The ids that a query finds, best first."""
    query = Query((Example("text", "bead"), Example("text", words, weight), *more))
    return [hit.id for hit in run(Plan(query, (Nearest((Example("text", "bead"),)), *steps)), Beads())]


PLAIN = ["none", "grey", "blue", "red"]


def test_the_named_colour_comes_first():
    """A colour named raises what shows it, in any of three languages; a negative one lowers it."""
    for word in ("red", "a Red one", "rød", "rote"):
        assert found(Palette(weight=3.0), words=word)[0] == "red"
    assert found(Palette(weight=3.0), words="blå")[0] == "blue"
    assert found(Palette(weight=3.0), words="grey", weight=-1.0)[-1] == "grey"


def test_without_colour_words_nothing_changes():
    """No colour word, no weight, or no palette: the ranking stays as it is, scores too."""
    assert found(Palette(weight=3.0), words="polished") == PLAIN
    assert found(Palette(weight=0.0), words="red") == PLAIN


def test_the_catalogue_raises_what_it_names():
    """What the metadata says is raised, in the other language too; without a match nothing changes."""
    assert set(found(Text(weight=9.0), words="amber")[:1]) == {"grey"}
    assert found(Text(weight=9.0), words="xyzzy", more=())[:3] != []
    assert found(Text((Example("text", "xyzzy"),), weight=9.0)) == PLAIN
    assert found(Text((Example("text", "rav", -1.0),), weight=9.0))[-1] == "grey"


def test_known_words_are_asked_in_every_language():
    """A word of the vocabulary is looked for in English, Danish and German; others as they are."""
    assert {"axe", "økse", "beil"} <= set(asked_words("a broken axe"))
    assert set(asked_words("xyzzy")) == {"xyzzy"}


def test_fusing_brings_in_what_only_the_words_find():
    """A record that the ranking had dropped comes back if its metadata matches."""
    query = Query((Example("text", "amber"),))
    steps = (Nearest(k=1), Fuse())
    assert [hit.id for hit in run(Plan(query, steps), Beads())] == ["none", "grey"]


def ranking(names):
    """A ranking of these names, scores falling by one."""
    return tuple(Hit(name, float(-i)) for i, name in enumerate(names))


def test_rrf_by_hand():
    """Two ranks add as reciprocals: 1 / (60 + 2) and half of 1 / (60 + 1)."""
    fused = rrf([(ranking("ab"), 1.0), (ranking("b"), 0.5)])
    assert {hit.id: hit.score for hit in fused} == {"a": 1 / 61, "b": pytest.approx(1 / 62 + 0.5 / 61)}


def test_dbsf_by_hand():
    """Of two scores each lies one standard deviation from the mean: at two thirds and one third of the width."""
    fused = dbsf([(ranking("ab"), 1.0)])
    assert [hit.score for hit in fused] == pytest.approx([2 / 3, 1 / 3])
    assert [hit.score for hit in dbsf([((Hit("a", 1.0), Hit("b", 1.0)), 1.0)])] == [0.5, 0.5]


RANKINGS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcdefgh"), unique=True).map(ranking), st.floats(0.0, 5.0)), max_size=4
)


@given(RANKINGS, st.randoms())
def test_the_order_of_branches_does_not_matter(branches, random):
    """RRF and DBSF give the same ranking, to the last bit, whatever the order of their branches."""
    mixed = list(branches)
    random.shuffle(mixed)
    assert rrf(branches) == rrf(mixed)
    assert dbsf(branches) == dbsf(mixed)


# ------------------------------------------------------------------ spelling


def looked(words, **payload):
    """What is looked for in the beads, one of which has this payload, and what is remarked."""
    archive = Beads()
    archive.store.set_payload(["none"], [payload])
    search = archive.context(Query((Example("text", words),)))
    return set(looked_for(search, words)), search.findings.remarks


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bronse", "bronze"),  # another letter
        ("brnze", "bronze"),  # a letter less
        ("bronzze", "bronze"),  # a letter more
        ("borgnholm", "bornholm"),
        ("brognholm", "bornholm"),  # two edits, of a long word
        ("bonrholm", "bornholm"),  # two letters exchanged
    ],
)
def test_a_misspelled_word_is_taken_for_one_of_the_archive(typed, meant):
    """A word that no record holds is replaced by the nearest of the archive's terms, and people are told."""
    words, remarks = looked(typed, material="Bronze", place=["Bornholm", "Samsø"])
    assert meant in words
    assert typed not in words
    assert remarks == [f"No record says {typed!r}: looked for {meant!r}."]


@pytest.mark.parametrize("typed", ["boot", "axe", "bru", "a1234", "brunzze", "xyzzy", "perle", "bone", "bread"])
def test_other_words_are_left_alone(typed):
    """What a record or a vocabulary has, short words, numbers, and what is too far from any word stay as they are."""
    words, remarks = looked(typed, material="Bronze", place="Bornholm", culture="Breed")
    assert typed in words or not words
    assert remarks == []


def test_a_misspelled_word_speaks_every_language():
    """A word meant is asked in the other languages as well: what the archive calls by another name is found."""
    words, remarks = looked("glss", title="Glas")
    assert {"glass", "glas"} <= words
    assert len(remarks) == 1


def test_steps_forgive_spelling():
    """Text and fuse rank as if the word had been spelled right."""
    for step in (Text(weight=9.0), Fuse(weight=5.0)):
        archive = Beads()
        archive.store.set_payload(["red"], [{"title": "Thing", "material": "Bronze"}])
        ranked = [
            [hit.id for hit in run(Plan(Query((Example("text", word),)), (Nearest(), step)), archive)]
            for word in ("bronze", "bronse")
        ]
        assert ranked[0] == ranked[1] != PLAIN


@given(st.text(max_size=12))
def test_nothing_that_is_held_is_changed(text):
    """Whatever is typed, words that a record holds are looked for, and nothing is remarked about them."""
    words, remarks = looked(text, title=text)
    assert set(asked_words(text)) <= words
    assert remarks == []
