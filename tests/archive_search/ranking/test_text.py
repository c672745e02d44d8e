"""The catalogue's words as evidence: what stands in a record finds it, and what nobody says is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive_search.calibration import hubness
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.words import tokens
from archive_search.plan import CHANCE, Plan, run, trace
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.text import Text
from archive_search.search import SearchContext
from archive_search.strategies import STRATEGIES
from archive_search.testing import MemoryStore
from archive_search.types import EmbedderError, Example, Point, Query

KNOWN = {"krater": 0, "bowl": 1, "horse": 2}
"""Words of the model, each an axis; any other word means nothing to it."""
DIM = 6


class Vases:
    """Records whose pictures show a krater, bowl or horse, and whose metadata says what it says."""

    name, dim, modalities, checkpoint = "axes", DIM, frozenset({"text"}), "0" * 64

    def __init__(self, records, reads_texts=True, outspoken=True, measured=False):
        """`records`: (what the picture shows, payload) by id; `outspoken`: remarks name the words that mean nothing."""
        self.reads_texts, self.outspoken = reads_texts, outspoken
        self.store = MemoryStore({"axes": DIM})
        for number, (one, (shown, payload)) in enumerate(records.items()):
            vector = np.full(DIM, 0.02, dtype=np.float32)
            vector[KNOWN[shown]] = 1
            vector[3] = number / 200
            vector[5] = 0.1 * (number * 37 % 83) / 83  # what unknown words find: chance
            self.store.upsert([Point(one, {"axes": vector / np.linalg.norm(vector)}, payload)])
        if measured:
            hubness.update(self.store, "axes", np.eye(DIM, dtype=np.float32)[3:])

    def preprocess(self, item, modality):
        """The axes of the known words; the sixth where there is none."""
        found = np.zeros(DIM, dtype=np.float32)
        for word in tokens(item):
            if word in KNOWN:
                found[KNOWN[word]] = 1
        if not found.any():
            found[5] = 1
        return found

    def encode(self, batch, modality):
        """Unit vectors."""
        return np.stack([one / np.linalg.norm(one) for one in batch])

    def remarks(self, text):
        """The words that mean nothing, where the model tells."""
        unknown = [word for word in tokens(text) if word not in KNOWN]
        return (f"Not known: {', '.join(unknown)}.",) if unknown and self.outspoken else ()

    def context(self, query, space=""):
        """What a step may see."""

        def embedder():
            if not self.reads_texts:
                raise EmbedderError("computed elsewhere")
            return self

        return SearchContext(self.store, query, "axes", embedder, lambda source: None, reads_texts=self.reads_texts)


def many(**special):
    """Forty kraters and forty bowls that say what they are, and these records."""
    records = {f"krater-{i:02}": ("krater", {"title": "Krater"}) for i in range(40)}
    records |= {f"bowl-{i:02}": ("bowl", {"title": "Bowl"}) for i in range(40)}
    return records | special


def ids(archive, *texts, limit=100, strategy=None, **knobs):
    """What the default strategy finds for these texts, best first."""
    examples = tuple(Example("text", text.lstrip("-"), -1.0 if text[0] == "-" else 1.0) for text in texts)
    plan = STRATEGIES[strategy or "staged"](**knobs).plan(Query(examples), limit)
    return [hit.id for hit in run(plan, archive)]


SIGNED = ("bowl", {"title": "Bowl", "extra": {"attribution": "Myson", "essay": "unlike any other " * 100}})


def test_a_name_that_the_model_does_not_know_finds_its_record():
    """A painter's name in a column without a field comes first, alone and with other words."""
    archive = Vases(many(signed=SIGNED))
    assert ids(archive, "Myson")[0] == "signed"
    assert ids(archive, "a bowl by Myson")[0] == "signed"
    assert ids(archive, "bowl", "Myson")[0] == "signed"
    assert ids(archive, "krater", "Myson")[0] == "signed"


def test_a_name_that_the_model_does_not_see_finds_its_record():
    """The same where the model says nothing of the words that mean nothing to it."""
    archive = Vases(many(signed=SIGNED, another=("krater", {"extra": {"painter": "myson"}})), outspoken=False)
    assert set(ids(archive, "Myson")[:2]) == {"signed", "another"}
    assert ids(archive, "krater by Myson")[0] == "another"


def test_records_beyond_the_candidates_are_found():
    """A record is found by its words although its picture is not among the nearest, and says so in the stages."""
    archive = Vases(many(signed=SIGNED))
    query = Query((Example("text", "krater"), Example("text", "Myson")))
    found = trace(Plan(query, (Nearest((Example("text", "krater"),), k=10), Text())), archive)
    assert [stage.kept for stage in found.stages] == [10, 41]  # the other kraters and the one that is signed
    assert found.ranking[0].id == "signed"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([*STANDARD.words, "extra"]),
    st.from_regex(r"[b-df-hj-np-tv-z][aeiou][b-df-hj-np-tv-z]{2}[aeiou][b-df-hj-np-tv-z]{2}", fullmatch=True),
    st.sampled_from(["", "a krater and ", "horse "]),
    st.booleans(),
)
def test_a_word_of_any_field_finds_its_record(field, word, before, outspoken):
    """Whatever stands in any field of a record finds it, first of all, whether the model tells that it knows or not."""
    payload = {"extra": {"a column": f"{before}{word}"}} if field == "extra" else {field: f"{before}{word}"}
    archive = Vases(many(meant=("bowl", payload)), outspoken=outspoken)
    assert ids(archive, word)[0] == "meant"
    assert "meant" in ids(archive, "krater", word)[:3]


def test_pictures_rank_what_pictures_show():
    """Of what the model sees, records that say it too gain little: a better picture without a word stays above."""
    archive = Vases({"silent": ("krater", {}), **many()})
    found = ids(archive, "krater")
    assert found.index("silent") < found.index("krater-39") < found.index("bowl-00")
    heavy = ids(archive, "krater", catalogue=10.0)
    assert heavy.index("silent") > heavy.index("krater-39")


def test_rare_words_weigh_more():
    """Of two names, the one that fewer records say decides."""
    archive = Vases(
        many(
            **{f"common-{i}": ("horse", {"title": "Attika"}) for i in range(20)},
            rare=("horse", {"title": "Myson"}),
        )
    )
    assert ids(archive, "Attika Myson")[0] == "rare"


def test_less_of_a_word_lowers_who_says_it():
    """A refinement with a minus lowers the records that say it."""
    archive = Vases(many(signed=SIGNED))
    without = ids(archive, "bowl", "-Myson")
    assert without.index("signed") > ids(archive, "bowl").index("signed")


def test_words_that_mean_nothing_do_not_cancel_each_other():
    """Of two words that mean nothing to the model, one may be wanted and one not: that is no contradiction."""
    archive = Vases(many(signed=SIGNED, other=("bowl", {"title": "Berlin painter"})))
    assert ids(archive, "Myson", "-plugh")[0] == "signed"
    found = trace(
        STRATEGIES["staged"]().plan(Query((Example("text", "xyzzy"), Example("text", "plugh", -1.0)))), archive
    )
    assert "Not known: xyzzy." in found.remarks
    assert "No record says 'xyzzy'." in found.remarks


# ------------------------------------------------------------------ nothing stands out


def searched(archive, *texts):
    """The trace of the default strategy."""
    return trace(STRATEGIES["staged"]().plan(Query(tuple(Example("text", text) for text in texts))), archive)


def test_what_nobody_says_is_told():
    """Where no picture stands out and no record says the words, that is the first remark; pictures are shown still."""
    found = searched(Vases(many(), measured=True), "helicopter")
    assert found.chance
    assert found.remarks[0] == CHANCE
    assert "No record says 'helicopter'." in found.remarks
    assert found.ranking


def test_what_is_shown_or_said_is_no_chance():
    """Where pictures stand out, or a record says a word that most others do not say, nothing is left to chance."""
    archive = Vases(many(signed=SIGNED), measured=True)
    for words in ("krater", "Myson", "krater by Myson", "helicopter by Myson"):
        found = searched(archive, words)
        assert not found.chance, words
        assert CHANCE not in found.remarks


def test_where_nothing_stands_out_the_words_decide():
    """A word that the model may know, but for which no picture stands out, is looked for in the catalogue first."""
    horse = ("bowl", {"title": "Bowl", "description": "With a horse"})
    archive = Vases(many(horse=horse), measured=True)
    assert searched(archive, "horse").cut == 0
    assert ids(archive, "horse")[0] == "horse"


def test_the_catalogue_tells_what_it_knows():
    """Of words that the model does not know people are told how many records say them."""
    found = searched(Vases(many(signed=SIGNED)), "Myson krater plugh")
    assert "In the catalogue 1 record says 'Myson'; none says 'plugh'." in found.remarks


def ornaments():
    """Eight beads that are called ornaments, which the kraters do not become for being ornamented."""
    return {f"bead-{i}": ("horse", {"title": "Ornament, glass"}) for i in range(8)}


@pytest.mark.parametrize("measured", [True, False])
def test_another_form_of_a_word_cannot_push_out_what_is_looked_for(measured):
    """Records that say an "ornament" do not come before kraters where one is to be ornamented; who says so does."""
    archive = Vases(many(**ornaments()), measured=measured)
    assert all(one.startswith("krater") for one in ids(archive, "krater", "ornamented")[:40])
    ornamented = Vases(many(**ornaments(), said=("krater", {"title": "Krater, ornamented"})), measured=measured)
    found = ids(ornamented, "krater", "ornamented")
    assert found[0] == "said"
    assert all(one.startswith("krater") for one in found[1:41])


def test_another_form_of_a_word_is_found_where_pictures_tell_nothing():
    """Alone, a word that the model does not know finds the records that say another form of it, before all others."""
    archive = Vases(many(**ornaments()))
    assert {*ids(archive, "ornamented")[:8]} == {*ornaments()}


def test_remarks_quote_the_catalogue():
    """A remark says how the records write a word, each form that they have, and not how it was typed."""
    archive = Vases(many(**ornaments()))
    assert "In the catalogue 8 records say 'Ornament'." in searched(archive, "krater", "ornamented").remarks
    two = Vases(many(**ornaments(), said=("bowl", {"title": "Bowl, ornamented"})))
    assert "In the catalogue 9 records say 'Ornament' or 'ornamented'." in searched(two, "krater", "ornamented").remarks


def test_records_that_are_not_read_count_as_those_that_are(monkeypatch):
    """Of more records than are read, none is lifted where none of those that are read says the word itself."""
    monkeypatch.setattr("archive_search.ranking.text.HOLDERS", 3)
    assert all(one.startswith("krater") for one in ids(Vases(many(**ornaments())), "krater", "ornamented")[:40])


def test_what_most_records_say_tells_nothing():
    """A word that every record says does not make another one said; alone it is said."""
    archive = Vases({f"vase-{i}": ("krater", {"title": "Vase"}) for i in range(20)}, measured=True)
    assert searched(archive, "vase helicopter").chance
    assert not searched(archive, "vase").chance


# ------------------------------------------------------------------ no text encoder


@pytest.mark.parametrize("strategy", ["staged"])
def test_without_a_text_encoder_the_words_answer(strategy):
    """Where no model reads words, the records that say them are found, and only those; a remark says why."""
    archive = Vases(many(signed=SIGNED), reads_texts=False)
    assert ids(archive, "Myson", strategy=strategy) == ["signed"]
    assert set(ids(archive, "krater", strategy=strategy)) == {f"krater-{i:02}" for i in range(40)}
    assert ids(archive, "krater", "Myson", strategy=strategy)[0] == "signed"
    assert any("cannot be searched by words" in remark for remark in searched(archive, "Myson").remarks)


def test_without_a_text_encoder_plain_search_finds_nothing():
    """Plain search looks at pictures only: it says why it finds nothing."""
    archive = Vases(many(signed=SIGNED), reads_texts=False)
    found = trace(STRATEGIES["nearest"]().plan(Query((Example("text", "krater"),))), archive)
    assert found.ranking == ()
    assert any("cannot be searched by words" in remark for remark in found.remarks)


def test_a_record_refined_by_words():
    """More like a record, refined by a word that no model reads: its neighbours, of which those that say it come up."""
    archive = Vases(many(signed=SIGNED), reads_texts=False)
    query = Query((Example("record", "bowl-00"), Example("text", "Myson")))
    found = [hit.id for hit in run(STRATEGIES["staged"]().plan(query), archive)]
    assert found[0] == "signed"
    assert all(one.startswith("bowl") for one in found[1:41])
