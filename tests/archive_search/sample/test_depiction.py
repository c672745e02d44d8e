import numpy as np
import pytest

from archive_search.sample.depiction import KINDS, SAMPLE_SEEDS_FROM, random_depiction
from archive_search.sample.varieties import VARIETIES


def test_same_generator_same_depictions():
    """Two generators with the same seed give the same depictions."""
    one, other = np.random.default_rng(5), np.random.default_rng(5)
    assert [random_depiction(one) for _ in range(20)] == [random_depiction(other) for _ in range(20)]


def test_seeds_stay_below_the_sample():
    """Random depictions, which models learn from, never use a seed of the sample archive."""
    rng = np.random.default_rng(1)
    assert all(random_depiction(rng).seed < SAMPLE_SEEDS_FROM for _ in range(200))


@pytest.mark.parametrize("kind", KINDS)
def test_words_come_from_the_vocabulary(kind):
    """Material, colour, decoration and details of a depiction are those that its kind may have."""
    rng, variety = np.random.default_rng(2), VARIETIES[kind]
    forms = {detail for sets in variety.forms.values() for details in sets for detail in details}
    for _ in range(50):
        depiction = random_depiction(rng, kind)
        assert depiction.kind == kind
        assert depiction.colour in variety.colours[depiction.material]
        assert depiction.decoration is None or depiction.decoration in variety.decorations
        assert set(depiction.details) <= forms | set(variety.extras)
        assert depiction.condition in ("complete", "broken")
        assert depiction.style in ("photograph", "drawing")


def test_never_decorated():
    """Flint axes and strings of beads bear no decoration."""
    rng = np.random.default_rng(3)
    axes = [random_depiction(rng, "axe") for _ in range(100)]
    beads = [random_depiction(rng, "bead") for _ in range(100)]
    assert all(axe.decoration is None for axe in axes if axe.material == "flint")
    assert all(bead.decoration is None for bead in beads if "string" in bead.details)
