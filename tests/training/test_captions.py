"""Captions of the training pictures state what is true, and truth is computed, not guessed."""

from __future__ import annotations

import numpy as np
import pytest

from archive_search.sample.depiction import KINDS, Depiction, random_depiction
from archive_search.sample.varieties import VARIETIES
from training.captions import FACTS, facts_of, multi_hot, sample_caption, term, truth
from training.vocabulary import vocabulary

POT = Depiction("pot", "clay", "red", "incised lines", ("narrow neck", "two handles"), "broken", "drawing", 0, 1)
CAR = Depiction("car", "metal", "red", None, ("coupe",), "complete", "photograph", 0, 2)


def test_facts_name_what_is_there_and_what_follows() -> None:
    """A pot with two handles has a handle, is a vessel and is decorated; what it lacks is a fact too."""
    facts = facts_of(POT)
    assert {"pot", "vessel", "clay", "red", "broken", "drawing", "two handle", "handle", "neck"} <= set(facts)
    assert {"incised line", "incised", "decorated", "without foot", "without lug"} <= set(facts)
    assert not {"without handle", "without decorated", "car", "complete"} & set(facts)


def test_truth_is_having_every_fact_that_is_stated() -> None:
    """Of two red objects, `red` is true of both, `red car` of one, `blue` of none, and stating nothing of all."""
    pictures = multi_hot([facts_of(POT), facts_of(CAR)])
    captions = multi_hot([("red",), ("red", "car"), ("blue",), ()])
    assert truth(pictures, captions).tolist() == [[True, False, False, True], [True, True, False, True]]


@pytest.mark.parametrize("kind", KINDS)
def test_captions_are_true_and_read_as_they_are_meant(kind: str) -> None:
    """Every sampled caption is true of its depiction, and the vocabulary reads its words unchanged."""
    rng = np.random.default_rng(7)
    words = vocabulary(FACTS)
    for _ in range(100):
        depiction = random_depiction(rng, kind)
        caption = sample_caption(rng, depiction)
        assert truth(multi_hot([facts_of(depiction)]), multi_hot([caption])).all()
        assert words.read(" ".join(caption)).known == tuple(" ".join(caption).split())


def test_every_term_of_the_generator_is_a_word_of_the_encoder() -> None:
    """Materials, colours, details and decorations as the catalogue writes them are read as the facts they are."""
    words = vocabulary(FACTS)
    for variety in VARIETIES.values():
        forms = {name for several in variety.forms.values() for form in several for name in form}
        colours = {colour for several in variety.colours.values() for colour in several}
        for name in forms | colours | {*variety.colours, *variety.extras, *variety.decorations}:
            assert words.read(name).known == tuple(term(name).split()), name
            assert words.read(name).unknown == (), name
