from collections import Counter

import pytest

from archive_search.sample.depiction import KINDS, SAMPLE_SEEDS_FROM
from archive_search.sample.inventory import inventory
from archive_search.sample.plate import Plate
from archive_search.sample.topics import topics
from archive_search.types import InvalidInputError


def finds_in(objects):
    """The objects with pictures of their own."""
    return [pictured for pictured in objects if not isinstance(pictured.depictions[0], Plate)]


def plates_in(objects):
    """The plates."""
    return [pictured.depictions[0] for pictured in objects if isinstance(pictured.depictions[0], Plate)]


def test_three_finds_for_four_records_without_plates():
    """Of 600 records 240 are plates; the other 360 show 270 finds, 90 of them twice."""
    objects = inventory(7, 600)
    assert len(plates_in(objects)) == 240
    assert len(finds_in(objects)) == 270
    assert sum(len(pictured.depictions) for pictured in objects) == 600


def test_seeds_are_those_of_the_sample():
    """Every find, on a plate or alone, has a seed of its own that training never uses."""
    objects = inventory(7, 600)
    seeds = [pictured.depictions[0].seed for pictured in finds_in(objects)]
    seeds += [depiction.seed for plate in plates_in(objects) for depiction in plate.depictions]
    assert len(set(seeds)) == len(seeds)
    assert min(seeds) >= SAMPLE_SEEDS_FROM
    assert max(seeds) < 2**32


@pytest.mark.parametrize("records", [20, 600])
def test_there_are_plates_of_each_sort(records):
    """Two of five records are plates, in ink and before the camera, of one kind and of several."""
    plates = plates_in(inventory(7, records))
    assert 0.3 < len(plates) / records <= 0.4
    assert {(plate.style, plate.typology) for plate in plates} >= {("drawing", True), ("photograph", False)}
    assert len({plate.title.split()[1] for plate in plates}) == len(plates)


def test_ids_are_unique_words():
    """Record ids are unique and have no spaces, as a file of judgements needs."""
    ids = [record for pictured in inventory(7, 600) for record in pictured.record_ids()]
    assert len(set(ids)) == 600
    assert all(record.isalnum() for record in ids)


def test_pictures_of_an_object_show_the_same_object():
    """Two pictures of an object differ in view or style and in nothing else."""
    for pictured in finds_in(inventory(7, 200)):
        if len(pictured.depictions) == 2:
            one, other = pictured.depictions
            assert one.seed == other.seed
            assert (one.kind, one.material, one.colour, one.details) == (
                other.kind,
                other.material,
                other.colour,
                other.details,
            )
            assert (one.view, one.style) != (other.view, other.style)


@pytest.mark.parametrize("records", [20, 40, 200, 600])
def test_every_kind_and_the_cars_are_there(records):
    """Even a small archive has a picture of its own of every kind, and a red, an orange and a grey car."""
    objects = finds_in(inventory(3, records))
    kinds = Counter(pictured.depictions[0].kind for pictured in objects)
    assert set(kinds) == set(KINDS)
    cars = {pictured.depictions[0].colour for pictured in objects if pictured.depictions[0].kind == "car"}
    assert {"red", "orange", "grey"} <= cars


@pytest.mark.parametrize("seed", range(5))
def test_a_small_archive_answers_the_product_queries(seed):
    """Even the smallest archive answers the five queries that the program is judged by."""
    kept = topics(depiction for pictured in inventory(seed, 20) for depiction in pictured.depictions)
    assert sum(topic.group == "product" for topic in kept) == 5


def test_too_few_records():
    """An archive too small for its topics is refused with the number that would do."""
    with pytest.raises(InvalidInputError, match="at least 20 records; 12 were asked for"):
        inventory(7, 12)
