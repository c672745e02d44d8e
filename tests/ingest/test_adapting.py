"""Adapting an archive: a space beside the others, only where it is better; the next ingest has nothing to do over."""

import numpy as np
import pytest

from app.commands.status import gather
from archive_search.adapter import Training, load
from archive_search.archive import Archive
from archive_search.calibration.hubness import FIELD
from archive_search.embedders import EMBEDDERS
from archive_search.plan import Plan, run
from archive_search.ranking.nearest import Nearest
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import ArchiveError, EmbedderError, EmbedderInfo, Example, InvalidInputError, Point, Query
from ingest import pipeline
from ingest.adapting import adapt, adapted_in_hand, keep_adapted
from ingest.hub_correction import Banks
from ingest.ledger import Ledger
from ingest.pipeline import Options
from ingest.testing import Pictures, picture

WORDS = ["axe", "bead", "coin", "comb"]
FAST = Training(rank=16, epochs=40, rate=0.01)


@pytest.fixture(autouse=True)
def _hashes():
    """The hash embedder by its name, as archives find embedders."""
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", HashEmbedder)
    with EMBEDDERS.register("hash", info):
        yield


@pytest.fixture
def archive(tmp_path) -> Archive:
    """Eighty records of four kinds; what a kind is called has nothing to do with how it looks to the embedder."""
    made = Archive.create(tmp_path / "archive", Settings("test", ("hash",)))
    made._embedders["hash"] = HashEmbedder()
    rng = np.random.default_rng(0)
    looks = rng.standard_normal((4, 64))
    build = made.index.begin({"hash": 64})
    rows = looks[np.arange(80) % 4] + 0.5 * rng.standard_normal((80, 64))
    build.store.upsert(
        [Point(f"r{i}", {"hash": row}, {"object_type": WORDS[i % 4]}) for i, row in enumerate(rows.astype(np.float32))]
    )
    build.publish()
    with Ledger(made.ledger) as ledger:
        ledger.published(build.generation)
    return made


def kinds(archive: Archive, space: str) -> list[str]:
    """The kinds of the first ten hits for "coin"."""
    plan = Plan(Query((Example("text", "coin"),)), (Nearest(),), limit=10, space=space)
    return [hit.payload["object_type"] for hit in run(plan, archive)]


def test_a_better_adapter_becomes_a_space_of_its_own(archive):
    """The adapted space finds coins by name; the old space and the default are as they were; the ledger follows."""
    before = kinds(archive, "")
    report = adapt(archive, training=FAST)
    assert report.better
    assert kinds(archive, "hash-adapted") == ["coin"] * 10
    assert archive.default_space() == "hash"
    assert kinds(archive, "") == before
    with Ledger(archive.ledger) as ledger:
        assert ledger.generation == archive.generation
        assert ledger.pending is None
    first = archive.embedder("hash-adapted").checkpoint
    assert adapt(archive, training=FAST) == report  # again, in the place of the first
    adapt(archive, training=Training(rank=4, epochs=40, rate=0.01), anyway=True)
    assert archive.embedder("hash-adapted").checkpoint != first
    with pytest.raises(InvalidInputError, match="adapted already"):
        adapt(archive, "hash-adapted")


def test_an_adapter_that_is_not_better_is_not_kept(archive):
    """Where nothing is learned nothing is published, unless it is asked for anyway."""
    generation = archive.generation
    timid = Training(rank=1, epochs=1, rate=1e-6)
    assert not adapt(archive, training=timid).better
    assert archive.generation == generation
    assert not archive.adapter_file("hash-adapted").exists()
    adapt(archive, training=timid, anyway=True)
    assert "hash-adapted" in archive.store.spaces


def test_judgements_are_pairs_as_well(archive):
    """A text that records were judged relevant to counts among the pairs."""
    plain = adapt(archive, training=FAST)
    judged = adapt(archive, judged={"r1": ["green glass"], "r5": ["green glass"]}, training=FAST)
    assert judged.pairs == plain.pairs + 2


def test_other_weights_are_refused(archive):
    """An adapted space is not searched by text with other weights than it was trained on."""
    adapt(archive, training=FAST)
    again = Archive.open(archive.directory)
    other = HashEmbedder()
    other.checkpoint = "f" * 64
    again._embedders["hash"] = other
    with pytest.raises(EmbedderError, match="other weights"):
        kinds(again, "hash-adapted")


def test_an_unfinished_ingest_comes_first(archive):
    """While an ingest is unfinished, nothing is adapted."""
    archive.index.begin({"hash": 64}).close()
    with pytest.raises(ArchiveError, match="unfinished"):
        adapt(archive, training=FAST)


def test_what_is_ingested_later_has_adapted_vectors(archive):
    """New records get a vector in the adapted space, and changed ones another."""
    adapt(archive, training=FAST, anyway=True)
    source, embedder = Pictures.of(3), archive.embedder("hash")

    def ingest():
        with Ledger(archive.ledger) as ledger:
            banks = Banks(archive.directory / "banks", ledger)
            pipeline.run(
                source,
                index=archive.index,
                ledger=ledger,
                thumbnails=archive.thumbnails,
                embedders=[embedder],
                options=Options(threads=1),
                in_hand=[adapted_in_hand(archive, embedder, banks)],
                finish=[keep_adapted(archive, embedder, banks)],
            )

    def adapted():
        names = ["r000", "r001", "r002", "r7"]
        before = np.stack([point.vectors["hash"] for point in archive.store.points(names, "hash")])
        after = archive.store.points(names, "hash-adapted")
        assert np.allclose(
            np.stack([point.vectors["hash-adapted"] for point in after]),
            load(archive.adapter_file("hash-adapted"))(before),
            atol=1e-5,
        )
        return [point.payload.get(FIELD, {}).get("hash-adapted") for point in after]

    ingest()
    source.put("r001", picture(90), "2")
    ingest()
    assert gather(archive)["spaces"]["hash-adapted"]["without"] == 0
    first = adapted()
    assert all(first)  # hub correction knows them as well
    source.put("r002", picture(91), "2")
    ingest()
    second = adapted()
    assert second[:2] == first[:2]
    assert second[2] != first[2]


def test_an_adapter_of_other_weights_adapts_nothing(archive):
    """Vectors of other weights than the adapter was trained on get no adapted vector."""
    adapt(archive, training=FAST, anyway=True)
    other = HashEmbedder()
    other.checkpoint = "f" * 64
    build = archive.index.begin({})
    build.store.upsert([Point("new", {"hash": np.full(64, 0.125, dtype=np.float32)}, {})])
    with Ledger(archive.ledger) as ledger:
        keep_adapted(archive, other, Banks(archive.directory / "banks", ledger))(build.store)
    assert "hash-adapted" not in build.store.points(["new"], "hash-adapted")[0].vectors
    build.close()
