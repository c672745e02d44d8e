"""What a search of a large index finds of the truly nearest; and that measuring always searches exactly."""

import dataclasses
import json

import numpy as np
import pytest

from archive_search.archive import Archive
from archive_search.evaluation.asked_once import AskedOnce
from archive_search.evaluation.explain import explain
from archive_search.evaluation.ranked import ranked
from archive_search.evaluation.recall import FILE, LIMITS, measure_recall, read_recall
from archive_search.evaluation.repeated import Repeated
from archive_search.plan import Plan, run
from archive_search.ranking.nearest import Nearest
from archive_search.settings import Settings
from archive_search.strategies.nearest import NearestStrategy
from archive_search.testing import MemoryStore
from archive_search.types import ArchiveError, Point


class Hasty(MemoryStore):
    """A store whose searches miss the best; the exact one misses nothing."""

    def nearest(self, space, vector, limit, where=()):
        """All but the best."""
        return super().nearest(space, vector, limit + 1, where)[1:]

    def exactly(self):
        """The same points."""
        exact = MemoryStore(self.spaces)
        exact.upsert([point for space in self.spaces for point in self.scan(space=space)])
        return exact


@pytest.fixture
def hasty(archive):
    """The small collection in a store that misses the best."""
    store = Hasty(archive.store.spaces)
    store.upsert(list(archive.store.scan(space="hash")))
    archive.store = store
    return archive


def test_rankings_that_are_measured_are_exact(hasty, ask):
    """What evaluation and tuning rank is what an exact search finds, whatever a search of the index misses."""
    query = ask("red axe")
    assert ranked(NearestStrategy(), query, hasty, 5)[0].id == "red-axe"
    for archive in (hasty, AskedOnce(hasty)):
        ((ranking, _),) = Repeated(archive, 8)(Plan(query, (Nearest(),)))
        assert ranking[0].id == "red-axe"
    assert run(Plan(query, (Nearest(),)), hasty)[0].id != "red-axe"


def test_an_explanation_is_exact(hasty, ask):
    """A record is followed through exact searches."""
    found = explain(Plan(ask("red axe"), (Nearest(),)), hasty, "red-axe")
    assert (found.rank, found.plain_rank) == (1, 1)


@pytest.fixture
def museum(tmp_path):
    """An archive of 120 records in a space without an embedder, kept with 4 bits as its settings say."""
    made = Archive.create(tmp_path / "museum", Settings("Museum", precision="4-bit"))
    build = made.index.begin({"elsewhere": 64, "elsewhere-tiles": 64})
    chance = np.random.default_rng(1)
    build.store.upsert(
        [
            Point(
                f"r{number}",
                {"elsewhere": chance.standard_normal(64), "elsewhere-tiles": chance.standard_normal((2, 64))},
                {"title": f"axe {number}"},
            )
            for number in range(120)
        ]
    )
    build.publish()
    return made


def test_recall_is_measured_and_kept(museum):
    """Every space is searched by pictures at both limits, by phrases only where it reads them; the file says so too."""
    assert read_recall(museum) is None
    told = []
    found = measure_recall(museum, queries=4, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (16, 16)
    rows = [(one.space, one.asked, one.queries, one.limit) for one in found.measured]
    assert rows == [(s, "pictures", 4, limit) for s in ("elsewhere", "elsewhere-tiles") for limit in LIMITS]
    assert (found.precision, found.records, found.generation) == ("4-bit", 120, museum.generation)
    assert 0.99 <= found.least <= 1
    assert read_recall(museum) == found
    (museum.directory / FILE).write_text(json.dumps({"measured": 3}))
    assert read_recall(museum) is None


def test_a_wrong_precision_is_refused(museum):
    """A name in archive.toml that is none is told with those that are, before anything is written."""
    file = museum.directory / "archive.toml"
    file.write_text(file.read_text().replace('"4-bit"', '"5-bit"'))
    with pytest.raises(ArchiveError, match=r"archive\.toml: There is no precision '5-bit'. Known: float32, 4-bit, 2"):
        Archive.open(museum.directory)


def test_settings_that_change_count_for_the_next_ingest(museum):
    """An archive that is open goes by what archive.toml says now."""
    museum.save(dataclasses.replace(museum.settings, precision="float32"))
    build = museum.index.begin({})
    build.publish()
    assert museum.store.precision == "float32"
