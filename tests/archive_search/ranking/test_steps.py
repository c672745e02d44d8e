"""What every step must keep to, and what each step does, on an archive small enough to check by hand."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archive_search.embedders.palette import PaletteEmbedder
from archive_search.plan import Plan, from_json, run, to_json, trace
from archive_search.ranking import STEPS
from archive_search.ranking.attribute import Attribute
from archive_search.ranking.browse import Browse
from archive_search.ranking.chosen import Chosen
from archive_search.ranking.cutoff import Cutoff
from archive_search.ranking.diffusion import Diffusion
from archive_search.ranking.diversity import Diversity
from archive_search.ranking.duplicates import Duplicates
from archive_search.ranking.feedback import Feedback
from archive_search.ranking.filters import Filters
from archive_search.ranking.fuse import Fuse
from archive_search.ranking.gate import Gate
from archive_search.ranking.hubness import Hubness
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.objects import Objects
from archive_search.ranking.palette import Palette
from archive_search.ranking.pseudo_feedback import PseudoFeedback
from archive_search.ranking.text import Text
from archive_search.ranking.tiles import Tiles
from archive_search.ranking.within import Within
from archive_search.search import SearchContext
from archive_search.testing import MemoryStore
from archive_search.types import Example, InvalidInputError, Match, Missing, Point, Query

# similarity to "east" is the cosine of the angle: a 0°, b 30°, c 60°, d 90°, e 180°
ANGLES = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 180}
METAL = {"a": "bronze", "b": "iron", "c": "bronze", "d": None, "e": "iron"}


def at(degrees: float) -> np.ndarray:
    """A vector in the plane."""
    return np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], dtype=np.float32)


class Compass:
    """An embedder of four words, and an archive of five records, in the plane."""

    name, dim, modalities, checkpoint = "compass", 2, frozenset({"text"}), "0" * 64
    words = {"east": 0, "north": 90, "west": 180, "south": 270}

    def __init__(self) -> None:
        self.store = MemoryStore({"compass": 2})
        self.store.upsert(
            [
                Point(
                    name,
                    {"compass": at(angle)},
                    {"id": name, "title": name, **({"material": METAL[name]} if METAL[name] else {})},
                )
                for name, angle in ANGLES.items()
            ]
        )

    def preprocess(self, item, modality):
        """The word's angle."""
        return self.words[item]

    def encode(self, batch, modality):
        """Vectors of angles."""
        return np.stack([at(angle) for angle in batch])

    def remarks(self, text):
        """Nothing to say."""
        return ()

    def context(self, query, space=""):
        """What a step may see."""
        return SearchContext(self.store, query, "compass", lambda: self, lambda source: None)


def text(words: str, weight: float = 1.0) -> Example:
    """A text example."""
    return Example("text", words, weight)


def ids(ranking) -> str:
    """The ids of a ranking, in order."""
    return "".join(hit.id for hit in ranking)


class Workshop(Compass):
    """
    The compass with all that any step looks at: tiles, palette, hubness, words, objects, near-duplicates.

    "red" is east, and what the catalogue calls red lies elsewhere.
    """

    words = {**Compass.words, "red": 0}
    angles = {"a": 0, "b": 30, "c": 60, "d": 90, "e": 180, "f": 31}

    def __init__(self) -> None:
        palette = PaletteEmbedder()
        colours = {"a": "blue", "b": "blue", "c": "red", "d": "green", "e": "red", "f": "blue"}
        self.store = MemoryStore({"compass": 2, "compass-tiles": 2, "palette": palette.dim})
        tiles = {"d": np.stack([at(5), at(200)]), "e": np.stack([at(170)])}
        self.store.upsert(
            [
                Point(
                    name,
                    {
                        "compass": at(angle),
                        "palette": palette.preprocess(Image.new("RGB", (64, 64), colours[name]), "image"),
                        **({"compass-tiles": tiles[name]} if name in tiles else {}),
                    },
                    {
                        "id": name,
                        "title": "red ware" if name == "c" else "ware",
                        "material": "bronze" if name in "ac" else "iron",
                        "object_id": "one" if name in "ab" else name,
                        "hubness": {"compass": [0.9, 0.2, 0.1] if name == "a" else [0.1, 0.2, 0.1]},
                    },
                )
                for name, angle in self.angles.items()
            ]
        )


EXAMPLES = {
    "cutoff": Cutoff(),
    "diffusion": Diffusion(neighbours=2),
    "hubness": Hubness(),
    "objects": Objects(),
    "palette": Palette(),
    "pseudo_feedback": PseudoFeedback(),
    "text": Text(),
    "fuse": Fuse(),
    "tiles": Tiles(),
    "attribute": Attribute(text("north")),
    "browse": Browse(),
    "chosen": Chosen(("d", "nowhere", "a", "d")),
    "diversity": Diversity(0.5),
    "duplicates": Duplicates(0.85),
    "feedback": Feedback(("d",), ("b",)),
    "filters": Filters((Match("material", ("bronze",)),)),
    "gate": Gate(count=2),
    "nearest": Nearest(k=4),
    "within": Within(text("north"), 0.5, at_least=1),
}


RED = Query((Example("text", "red"),))


@pytest.mark.parametrize("name", STEPS)
def test_every_step_keeps_ids_unique_and_survives_json(name):
    """A step keeps ids unique, best first, invents no record, and a plan with it goes to JSON and back unchanged."""
    plan = Plan(RED, (Nearest(), EXAMPLES[name]))
    assert from_json(json.dumps(to_json(plan))) == plan
    ranking = run(plan, Workshop())
    assert len(set(ids(ranking))) == len(ranking)
    assert set(ids(ranking)) <= set(Workshop.angles)
    assert [hit.score for hit in ranking] == sorted((hit.score for hit in ranking), reverse=True)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_does_something(name):
    """On an archive that has all that steps look at, each changes the ranking, or tells something about it."""
    plain = trace(Plan(RED, (Nearest(),)), Workshop())
    happened = trace(Plan(RED, (Nearest(), EXAMPLES[name])), Workshop())
    assert (happened.ranking, happened.cut, happened.stacks) != (plain.ranking, plain.cut, plain.stacks)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_repeatable(name):
    """The same step on the same archive gives the same ranking, also on an empty one before it."""
    plan = Plan(RED, (Nearest(), EXAMPLES[name]))
    assert run(plan, Workshop()) == run(plan, Workshop())
    nothing = Query((Example("text", "red"),), (Match("material", ("gold",)),))
    assert set(ids(run(Plan(nothing, (Nearest(), EXAMPLES[name])), Workshop()))) <= set()


def test_nearest_ranks_by_cosine():
    """Nearest ranks by cosine similarity and keeps k."""
    ranking = run(Plan(Query((text("east"),)), (Nearest(k=3),)), Compass())
    assert ids(ranking) == "abc"
    assert [hit.score for hit in ranking] == pytest.approx([1, math.sqrt(3) / 2, 0.5], abs=1e-6)
    assert ranking[1].payload["material"] == "iron"


def test_nearest_looks_within_the_ranking_so_far():
    """A second nearest ranks only what the first let through."""
    plan = Plan(Query((text("east"),)), (Nearest(k=3), Nearest((text("north"),), k=2)))
    assert ids(run(plan, Compass())) == "cb"


def test_nearest_keeps_a_share_but_never_fewer_than_asked():
    """A share of the archive passes, at least `at_least` of them."""
    assert ids(run(Plan(Query((text("east"),)), (Nearest(share=0.4),)), Compass())) == "ab"
    assert ids(run(Plan(Query((text("east"),)), (Nearest(share=0.4, at_least=4),)), Compass())) == "abcd"


def test_filters_of_the_query_apply_before_ranking():
    """A query's filters leave fewer records to rank, and k counts only those."""
    query = Query((text("east"),), (Match("material", ("iron",)),))
    assert ids(run(Plan(query, (Nearest(k=2),)), Compass())) == "be"


def test_negative_examples_push_away():
    """A negative example lowers what is like it; alone it ranks the least similar first."""
    assert ids(run(Plan(Query((text("north", -1.0),)), (Nearest(),)), Compass()))[-1] == "d"


def test_examples_that_cancel_out_are_refused():
    """East and west together point nowhere: refused with what to do."""
    with pytest.raises(InvalidInputError, match="cancel each other out"):
        run(Plan(Query((text("east"), text("west"))), (Nearest(),)), Compass())


def test_gate_keeps_the_best():
    """A gate keeps the best by count or share, whichever is fewer, in order, and never empties the ranking."""
    query = Query((text("east"),))
    assert ids(run(Plan(query, (Nearest(), Gate(count=2))), Compass())) == "ab"
    assert ids(run(Plan(query, (Nearest(), Gate(share=0.5))), Compass())) == "abc"
    assert ids(run(Plan(query, (Nearest(), Gate(count=2, share=0.01))), Compass())) == "a"
    assert ids(run(Plan(query, (Nearest(), Gate())), Compass())) == "abcde"


def test_chosen_records_come_in_the_order_in_which_they_were_named():
    """Those that are there and pass the filters come as they were named; a remark tells of those that are not."""
    happened = trace(Plan(Query(), (Chosen(("e", "gone", "b", "a")),)), Compass())
    assert ids(happened.ranking) == "eba"
    assert happened.remarks == ("1 of 4 chosen records are not in this archive.",)
    iron = Query((), (Match("material", ("iron",)),))
    assert ids(run(Plan(iron, (Chosen(("e", "b", "a")),)), Compass())) == "eb"


def test_filters_step_narrows_a_ranking():
    """The filters step drops hits and keeps order and scores."""
    plan = Plan(Query((text("east"),)), (Nearest(), Filters((Missing("material"),))))
    ranking = run(plan, Compass())
    assert ids(ranking) == "d"
    assert ranking[0].score == pytest.approx(0, abs=1e-6)


def test_browse_lists_what_passes():
    """Browsing lists what passes the filters, as many as are asked for, in the order of the index."""
    passing = Query((), (Match("material", ("bronze", "iron")),))
    archive = Compass()
    every = ids(run(Plan(passing, (Browse(),)), archive))
    assert sorted(every) == list("abce")
    assert every == "".join(archive.store.ids(passing.where))
    assert ids(run(Plan(passing, (Browse(k=2),)), archive)) == every[:2]


def test_attribute_adds_evidence():
    """Evidence for north moves c, 60° from east, up; evidence against it moves it down; nothing is dropped."""
    query = Query((text("east"),))
    assert ids(run(Plan(query, (Nearest(k=4), Attribute(text("north"), 2.0))), Compass())) == "cdba"
    assert ids(run(Plan(query, (Nearest(k=4), Attribute(text("north", -1.0), 2.0))), Compass())) == "abcd"
    assert len(run(Plan(query, (Nearest(), Attribute(text("north")))), Compass())) == 5


def test_attribute_by_hand():
    """On two hits standardised evidence is plus and minus one spread."""
    ranking = run(Plan(Query((text("east"),)), (Nearest(k=2), Attribute(text("north"), 0.5))), Compass())
    first, second = 1.0, math.sqrt(3) / 2
    spread = (first - second) / 2
    assert ids(ranking) == "ab"
    assert [hit.score for hit in ranking] == pytest.approx([first - 0.5 * spread, second + 0.5 * spread], abs=1e-5)


@given(st.floats(-10, 10))
def test_an_attribute_without_weight_changes_nothing(weight):
    """Weight 0 on the step leaves order and scores; two negative weights are the same evidence as two positive."""
    archive = Compass()
    query = Query((text("east"),))
    plain = run(Plan(query, (Nearest(),)), archive)
    assert run(Plan(query, (Nearest(), Attribute(text("north"), 0.0))), archive) == plain
    if weight:
        one = run(Plan(query, (Nearest(), Attribute(text("north", 1.0), weight))), archive)
        other = run(Plan(query, (Nearest(), Attribute(text("north", -1.0), -weight))), archive)
        assert one == other


def test_an_attribute_of_weight_zero_is_refused():
    """An example that weighs nothing is a mistake, and said so."""
    with pytest.raises(InvalidInputError, match="has weight 0"):
        Attribute(text("north", 0.0))


def test_trace_counts_every_stage():
    """A trace names every step, what it kept of what, and how many it moved up."""
    query = Query((text("east"),), (Match("material", ("bronze", "iron")),))
    happened = trace(Plan(query, (Nearest(k=3), Attribute(text("north"), 5.0), Gate(count=1))), Compass())
    assert [(stage.name, stage.kept, stage.of) for stage in happened.stages] == [
        ("filters", 4, 5),
        ("nearest", 3, 4),
        ("attribute", 3, 3),
        ("gate", 1, 3),
    ]
    assert (ids(happened.stages[1].ranking), ids(happened.stages[2].ranking), happened.stages[2].raised) == (
        "abc",
        "cba",
        1,
    )
    assert ids(happened.ranking) == "c"
