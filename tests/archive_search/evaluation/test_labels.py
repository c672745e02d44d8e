"""Topics and judgements made from a field's values."""

import pytest

from archive_search.evaluation.evaluate import evaluate
from archive_search.evaluation.labels import MOST, labelled
from archive_search.evaluation.ranked import named
from archive_search.testing import MemoryStore
from archive_search.types import InvalidInputError, Point, UnknownNameError


def test_each_value_is_a_topic(archive):
    """Every value is looked for by its words, and the records that hold it, alone or among others, are its answers."""
    archive.store.upsert([Point("both", {"hash": archive.vector("blue axe")}, {"place": ["Ribe", "Møn"]})])
    topics, qrels = labelled(archive.store, "place")
    assert [(one.id, one.query.examples[0].value) for one in topics] == [("Møn", "Møn"), ("Ribe", "Ribe")]
    assert {name: len(records) for name, records in qrels.items()} == {"Møn": 13, "Ribe": 13}
    assert qrels["Ribe"]["both"] == qrels["Møn"]["both"] == 1


def test_rankings_are_measured_by_labels(archive):
    """Rankings are measured by a field's values without a judgement: whoever finds the words of a label finds it."""
    for point in list(archive.store.scan()):
        _, kind = point.id.split("-")
        archive.store.upsert([Point(point.id, {"hash": archive.vector(kind)}, {"object_type": kind})])
    topics, qrels = labelled(archive.store, "object_type")
    found = evaluate(archive, topics, qrels, named(["nearest"]), ["P@4", "AP"])
    assert {one.measure: one.mean for one in found.means("all")} == {"P@4": 1.0, "AP": 1.0}


def test_fields_that_sort_nothing(archive):
    """A field that there is not, one without values and one with too many are refused with what is possible."""
    with pytest.raises(UnknownNameError, match="no field of terms 'kind'. Known: .*object_type"):
        labelled(archive.store, "kind")
    with pytest.raises(InvalidInputError, match="material has 0 value"):
        labelled(archive.store, "material")
    store = MemoryStore({"hash": 64})
    vector = archive.vector("axe")
    store.upsert([Point(f"r{n}", {"hash": vector}, {"place": f"p{n}"}) for n in range(MOST + 1)])
    with pytest.raises(InvalidInputError, match="place has more than 1,000 values"):
        labelled(store, "place")
