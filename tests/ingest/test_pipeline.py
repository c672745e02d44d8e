"""The ingest: what it stores, skips, rejects and reports."""

import hashlib
import io
import os
import threading

import numpy as np
import pytest
from PIL import Image

import ingest.progress
from archive_search.metadata.words import document, number, stems
from archive_search.types import EmbedderError, InvalidInputError, MetadataError, Record
from ingest.progress import Progress
from ingest.source import Rejected
from ingest.sources.folder import Folder
from ingest.testing import Desk, Encoder, Pictures, picture
from ingest.vectors import PrecomputedVectors
from tests.permissions import forbidden


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def counts(summary, *names):
    return tuple(getattr(summary, name) for name in names)


def test_stores_every_picture_with_payload_vector_and_thumbnail(desk):
    """Every picture becomes a point with its vector, its fields, and a thumbnail named by its content."""
    source, encoder = Pictures.of(10), Encoder()
    source.metadata["r003"] = {"title": "Axe", "date_from": -3900, "extra": {"Shelf": "B 7"}, "width": "7 cm"}
    summary = desk.run(source, encoder)
    assert counts(summary, "added", "rejected", "generation", "published") == (10, 0, "gen-000001", True)
    (point,) = desk.index.open().points(["r003"], "hash")
    digest = hashlib.sha256(source.files["r003"]).hexdigest()
    assert point.payload == {
        "title": "Axe",
        "date_from": -3900,
        "id": "r003",
        "ingested_from": "pictures",
        "image": "r003.png",
        "file": "r003.png",
        "thumbnail": f"{digest[:2]}/{digest}.jpg",
        "width": 60,
        "height": 40,
        "content_hash": digest,
        "extra": {"Shelf": "B 7"},
        "numbers": ["r003"],
    }
    with Image.open(desk.directory / "thumbnails" / point.payload["thumbnail"]) as thumbnail:
        assert thumbnail.size == (60, 40)
    drawn = Image.open(io.BytesIO(source.files["r003"]))
    expected = encoder.encode([encoder.preprocess(drawn, "image")], "image")
    np.testing.assert_allclose(point.vectors["hash"], expected[0], atol=1e-6)


def test_numbers_are_kept_to_be_looked_up(desk):
    """A record's numbers are stored as they are compared: its id, its object's, those of columns named so."""
    source = Pictures.of(2)
    source.metadata["r001"] = {"object_id": "A 1426", "extra": {"Inv. no.": "86.AE.205", "Shelf": "B 7"}}
    desk.run(source, Encoder())
    (point,) = desk.index.open().points(["r001"])
    assert point.payload["numbers"] == ["r001", "a1426", "86ae205"]


def test_nothing_new_copies_and_publishes_nothing(desk):
    """Without any change no picture is read, no build begun and no generation published."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    source.read_ids.clear()
    again = Encoder()
    summary = desk.run(source, again)
    assert counts(summary, "unchanged", "published", "generation") == (6, False, "gen-000001")
    assert (source.read_ids, again.batches, desk.index.copies) == ([], [], 1)


def test_a_missing_thumbnail_is_made_again(desk):
    """What was deleted below thumbnails comes back with the next ingest, and no picture is encoded for it."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    thumbnails = sorted((desk.directory / "thumbnails").glob("??/*.jpg"))
    before = [one.read_bytes() for one in thumbnails]
    thumbnails[2].unlink()
    thumbnails[4].write_bytes(b"")
    source.metadata["r000"] = {"title": "Corrected"}
    again = Encoder()
    assert counts(desk.run(source, again), "restored", "unchanged", "relabelled", "published") == (2, 3, 1, True)
    assert [one.read_bytes() for one in thumbnails] == before
    assert again.batches == []
    for one in thumbnails:
        one.unlink()
    source.put("r001", b"no picture", "2")
    summary = desk.run(source, again)
    assert counts(summary, "restored", "unchanged", "rejected", "published") == (5, 0, 1, False)
    assert sum(one.exists() for one in thumbnails) == 5


def test_changed_stamp_with_the_same_picture_is_not_encoded(desk):
    """A file that was only touched is read once, not encoded, and not read the next time."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    source.stamps["r002"] = "2"
    again = Encoder()
    assert counts(desk.run(source, again), "unchanged", "published") == (6, False)
    source.read_ids.clear()
    desk.run(source, again)
    assert (source.read_ids, again.batches, desk.index.copies) == ([], [], 1)


def test_source_without_stamps_is_read_but_not_encoded_again(desk):
    """Where no stamp can be had, the content decides."""
    source = Pictures.of(3)
    source.stamps.clear()
    desk.run(source, Encoder())
    again = Encoder()
    assert desk.run(source, again).unchanged == 3
    assert again.batches == []


def test_changed_picture_is_encoded_again(desk):
    """A record whose picture changed gets a new vector, hash and thumbnail; the others keep theirs."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    before = desk.index.open().points(["r002", "r003"], "hash")
    source.put("r002", picture(77), "2")
    again = Encoder()
    summary = desk.run(source, again)
    assert counts(summary, "changed", "unchanged", "generation") == (1, 5, "gen-000002")
    after = desk.index.open().points(["r002", "r003"], "hash")
    assert after[0].payload["content_hash"] == hashlib.sha256(picture(77)).hexdigest()
    assert not np.allclose(before[0].vectors["hash"], after[0].vectors["hash"])
    np.testing.assert_array_equal(before[1].vectors["hash"], after[1].vectors["hash"])
    assert again.batches == [1]


def test_changed_metadata_changes_the_payload_only(desk):
    """Corrected metadata reaches the index without reading or encoding a picture."""
    source = Pictures.of(6)
    desk.run(source, Encoder())
    before = desk.index.open().points(["r001"], "hash")[0]
    source.metadata["r001"] = {"title": "Corrected", "material": ["flint", "wood"]}
    source.read_ids.clear()
    again = Encoder()
    summary = desk.run(source, again)
    assert counts(summary, "relabelled", "unchanged") == (1, 5)
    after = desk.index.open().points(["r001"], "hash")[0]
    assert after.payload == {**before.payload, "title": "Corrected", "material": ["flint", "wood"]}
    np.testing.assert_array_equal(before.vectors["hash"], after.vectors["hash"])
    assert (source.read_ids, again.batches) == ([], [])


def test_removed_records_are_reported_and_stay_until_pruned(desk):
    """What a source no longer has is named, and removed with its thumbnail only on request."""
    source = Pictures.of(6)
    source.put("r005", source.files["r004"], "1")
    desk.run(source, Encoder())
    thumbnails = {one: desk.index.open().points([one])[0].payload["thumbnail"] for one in ("r001", "r005")}
    del source.files["r001"], source.files["r005"]
    summary = desk.run(source, Encoder())
    assert counts(summary, "gone", "pruned", "published") == (("r001", "r005"), 0, False)
    assert desk.index.open().count() == 6
    summary = desk.run(source, Encoder(), options={"prune": True})
    assert counts(summary, "gone", "pruned", "published") == (("r001", "r005"), 2, True)
    assert desk.index.open().count() == 4
    assert not (desk.directory / "thumbnails" / thumbnails["r001"]).exists()
    assert (desk.directory / "thumbnails" / thumbnails["r005"]).exists(), "another record has the same picture"
    with desk.ledger() as ledger:
        assert list(ledger.ids()) == sorted(source.files)


def test_what_another_source_gave_is_never_gone(desk):
    """Two folders may fill one archive: an ingest of the second takes nothing of the first for gone, nor prunes it."""
    desk.run(Pictures.of(3), Encoder())
    second = Pictures({"s000": picture(9)}, {}, {"s000": "1"}, before=[Rejected("s1", "", "record", "no")], origin="b")
    assert counts(desk.run(second, Encoder(), options={"prune": True}), "gone", "pruned", "added") == ((), 0, 1)
    first = Pictures.of(2)
    assert counts(desk.run(first, Encoder(), options={"prune": True}), "gone", "pruned") == (("r002",), 1)
    with desk.ledger() as ledger:
        assert [one.id for one in ledger.rejected()] == ["s1"]


def test_an_id_of_another_source_is_not_taken(desk):
    """A second source whose ids collide replaces nothing: its record is rejected, naming the first and what to do."""
    desk.run(Pictures.of(2), Encoder())
    before = desk.index.open().points(["r000", "r001"], "hash")
    second = Pictures.of(3)
    second.origin = "else where"
    second.put("r001", picture(50), "1")
    summary = desk.run(second, Encoder())
    assert counts(summary, "added", "rejected", "gone") == (1, 2, ())
    assert summary.taken == {"pictures": 2}
    after = desk.index.open().points(["r000", "r001"], "hash")
    assert [one.payload for one in after] == [one.payload for one in before]
    np.testing.assert_array_equal(after[1].vectors["hash"], before[1].vectors["hash"])
    assert desk.reasons()["r001"] == (
        "record: The id 'r001' belongs to a record from pictures (r001.png). To keep both, give these records ids of "
        "their own, by a beginning for all of them or by another column; where these are the same pictures, moved or "
        "copied here, say that they are moved from there."
    )
    assert desk.run(Pictures.of(3), Encoder()).taken == {"else where": 1}
    assert "belongs to a record from else where (" in desk.reasons()["r002"]


def test_what_could_not_be_looked_at_is_not_pruned(desk, tmp_path):
    """Records below a folder that is forbidden, or empty for now, and one whose file is forbidden, outlive --prune."""
    folder = tmp_path / "pictures"
    for place, name in enumerate(("a.png", "b.png", "shut/c.png", "shut/deep/d.png", "disk/e.png", "gone.png")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture(place))
    table = tmp_path / "rows.csv"
    table.write_text("id,file\nA,a.png\nB,b.png\nC,shut/c.png\nD,shut/deep/d.png\nE,disk/e.png\nG,gone.png\n")

    def ingest():
        return desk.run(Folder(folder, table), Encoder(), options={"prune": True, "retry": True})

    assert ingest().added == 6
    (folder / "disk/e.png").rename(tmp_path / "e.png")
    (folder / "gone.png").unlink()
    with forbidden(folder / "shut"), forbidden(folder / "b.png"):
        os.utime(folder / "b.png")
        summary = ingest()
    assert counts(summary, "gone", "pruned", "out_of_reach") == (("G",), 1, ("C", "D", "E"))
    assert [point.id for point in desk.index.open().points(list("ABCDEG"))] == ["A", "B", "C", "D", "E"]
    (tmp_path / "e.png").rename(folder / "disk/e.png")
    assert counts(ingest(), "unchanged", "gone", "out_of_reach") == (5, (), ())


def test_an_empty_source_prunes_nothing(desk):
    """A source without a single record, such as a drive that is not mounted, does not empty the archive."""
    desk.run(Pictures.of(3), Encoder())
    summary = desk.run(Pictures(), Encoder(), options={"prune": True})
    assert counts(summary, "gone", "pruned") == (("r000", "r001", "r002"), 0)
    assert desk.index.open().count() == 3


def test_added_space_is_encoded_alone(desk):
    """Another embedder encodes every picture once; the vectors that are there are not made again and stay."""
    source = Pictures.of(6)
    desk.run(source, Encoder("one"))
    before = desk.index.open().points(["r004"], "one")[0].vectors["one"]
    one, two = Encoder("one"), Encoder("two")
    summary = desk.run(source, one, two)
    assert counts(summary, "extended", "unchanged") == (6, 0)
    assert (one.batches, two.batches) == ([], [4, 2])
    store = desk.index.open()
    np.testing.assert_array_equal(store.points(["r004"], "one")[0].vectors["one"], before)
    assert store.points(["r004"], "two")[0].vectors["two"].shape == (64,)
    with desk.ledger() as ledger:
        assert ledger.spaces() == {"one": {"c1": 6}, "two": {"c1": 6}}


def test_another_checkpoint_replaces_all_vectors_of_its_space(desk):
    """With new weights every picture is encoded again; what cannot be keeps no vector that nothing compares with."""
    source = Pictures.of(5)
    desk.run(source, Encoder("one"), Encoder("two"))
    del source.files["r000"]
    source.put("r001", b"missing", "2")
    new = Encoder("one", "c2")
    summary = desk.run(source, new, Encoder("two"))
    assert counts(summary, "extended", "rejected", "gone") == (3, 1, ("r000",))
    with desk.ledger() as ledger:
        assert ledger.spaces() == {"one": {"c2": 3}, "two": {"c1": 5}}
    store = desk.index.open()
    assert [point.id for point in store.scan(space="one") if "one" in point.vectors] != []
    assert {point.id for point in store.scan(space="one") if "one" in point.vectors} == {"r002", "r003", "r004"}
    assert {point.id for point in store.scan(space="two") if "two" in point.vectors} == set(source.files) | {"r000"}
    assert store.points(["r000"])[0].payload["title"] == "Object r000"


def test_the_same_picture_under_several_ids_is_several_records(desk):
    """Two records may show the same picture; both are stored, with one thumbnail."""
    source = Pictures.of(3)
    source.put("r002", source.files["r000"], "1")
    assert desk.run(source, Encoder()).added == 3
    assert len(list((desk.directory / "thumbnails").glob("??/*.jpg"))) == 2


# ------------------------------------------------------------------ rejections


def test_each_bad_picture_is_one_row_with_its_reason(desk):
    """Cut short, no picture, too large, empty, missing, no id, twice the same id: each is a row; the rest is stored."""
    source = Pictures.of(4)
    source.put("cut", picture(50, (600, 400), "JPEG")[:-500], "1")
    source.put("text", b"this is no picture", "1")
    source.put("large", picture(51, (1500, 1000)), "1")
    source.put("empty", b"", "1")
    source.put("gone", b"missing", "1")
    source.put("", picture(1), "1")
    source.twice.append("r001")
    source.before.append(Rejected("line 7", "", "record", "The row has no picture."))
    summary = desk.run(source, Encoder(), options={"max_megapixels": 1.0})
    assert counts(summary, "added", "rejected") == (4, 8)
    reasons = desk.reasons()
    assert set(reasons) == {"cut", "text", "large", "empty", "gone", "", "r001", "line 7"}
    assert "cut short" in reasons["cut"]
    assert "not a picture" in reasons["text"]
    larger = "It has 1.5 megapixels; the limit is 1: make it smaller, or raise the limit of megapixels."
    assert reasons["large"] == f"opened: {larger}"
    assert reasons["empty"] == "opened: The file is empty."
    assert reasons["gone"] == "opened: The file does not exist."
    assert reasons["r001"].startswith("record: Another record before it has the same id")
    assert sorted(one.id for one in desk.index.open().scan()) == ["r000", "r001", "r002", "r003"]
    with desk.ledger() as ledger:
        assert ledger.reasons() == {"opened": 5, "record": 3}
        assert ledger.rejected_count() == 8


def test_a_rejected_record_does_not_block_a_good_one_of_its_id(desk, tmp_path):
    """The next row of an id is taken, with its own vector, where the picture of the one before is bad."""
    folder, table = tmp_path / "pictures", tmp_path / "rows.csv"
    folder.mkdir()
    for name, data in enumerate((b"no picture", b"", picture(3), picture(4), picture(5), picture(6))):
        (folder / f"{name}.png").write_bytes(data)
    named = ["A,0,zero", "A,1,one", "B,5,five", "A,2,two", "A,3,three", "B,4,four"]
    rows = [f"{id},{name}.png,{title}" for id, name, title in (row.split(",") for row in named)]
    table.write_text("\n".join(["id,file,title", *rows]), encoding="utf-8")
    given = PrecomputedVectors("given", np.eye(6, dtype=np.float32))

    def ingest():
        return desk.run(Folder(folder, table, ("id=id",)), Encoder(), precomputed=[given])

    assert counts(ingest(), "added", "rejected") == (2, 4)
    points = {point.id: point for point in desk.index.open().scan((), "given")}
    assert {id: point.payload["title"] for id, point in points.items()} == {"A": "two", "B": "five"}
    assert np.argmax(points["A"].vectors["given"]) == 3  # its own row, not the first of its id
    with desk.ledger() as ledger:
        assert [(one.id, one.image, one.stage) for one in ledger.rejected()] == [
            ("A", "0.png", "opened"),
            ("A", "1.png", "opened"),
            ("A", "3.png", "record"),
            ("B", "4.png", "record"),
        ]
    again = ingest()
    assert counts(again, "unchanged", "still_rejected", "rejected") == (2, 2, 2)
    assert not again.published
    (folder / "0.png").write_bytes(picture(7))
    assert counts(ingest(), "changed", "unchanged", "rejected") == (1, 1, 4)
    assert desk.index.open().points(["A"])[0].payload["title"] == "zero"


def test_a_failing_batch_is_split_until_the_bad_record_is_alone(desk):
    """A picture that the model cannot take costs nobody else in its batch theirs."""
    source, encoder = Pictures.of(16), Encoder()
    encoder.choke_on(source.files["r005"])
    encoder.choke_on(source.files["r012"])
    summary = desk.run(source, encoder, options={"batch": 16})
    assert counts(summary, "added", "rejected") == (14, 2)
    assert desk.reasons() == dict.fromkeys(("r005", "r012"), "encoded: ValueError: the model choked.")
    assert desk.index.open().count() == 14


def test_values_that_are_not_numbers_are_rejected(desk):
    """A vector with NaN is a rejected record, never a point."""

    class Broken(Encoder):
        def encode(self, batch, modality):
            rows = super().encode(batch, modality)
            rows[0, 3] = np.nan
            return rows

    assert counts(desk.run(Pictures.of(8), Broken()), "added", "rejected") == (6, 2)
    assert desk.reasons()["r000"] == "encoded: The model returned values that are not numbers."


def test_a_model_that_fails_on_everything_stops_the_ingest(desk):
    """A broken model raises, and does not reject a hundred thousand good pictures."""

    class Broken(Encoder):
        def encode(self, *_):
            raise RuntimeError("no device")

    with pytest.raises(EmbedderError, match="hash failed on all of 8 pictures: no device"):
        desk.run(Pictures.of(20), Broken(), options={"batch": 8})
    with desk.ledger() as ledger:
        assert ledger.rejected_count() == 0
        assert "no device" in ledger.last_run().summary["error"]
    assert desk.run(Pictures.of(20), Encoder()).added == 20


def test_preprocessing_failures_are_rows(desk):
    """A picture that cannot be prepared is rejected at that stage."""

    class Fussy(Encoder):
        def preprocess(self, item, modality):
            if item.size == (9, 9):
                raise ValueError("too small for me")
            return super().preprocess(item, modality)

    source = Pictures.of(3)
    source.put("tiny", picture(1, (9, 9)), "1")
    assert desk.run(source, Fussy()).rejected == 1
    assert desk.reasons() == {"tiny": "prepared: ValueError: too small for me."}


def test_rejected_pictures_are_retried_when_they_change_or_on_request(desk):
    """A rejected picture is left alone until its file changes, a limit or model does, or a retry is asked for."""
    source = Pictures.of(3)
    source.put("bad", b"no picture", "1")
    assert desk.run(source, Encoder()).rejected == 1
    source.read_ids.clear()
    summary = desk.run(source, Encoder())
    assert counts(summary, "rejected", "still_rejected") == (0, 1)
    assert source.read_ids == []
    assert set(desk.reasons()) == {"bad"}
    assert desk.run(source, Encoder(), options={"retry": True}).rejected == 1
    assert source.read_ids == ["bad"]
    assert desk.run(source, Encoder(), options={"max_megapixels": 500}).rejected == 1
    source.put("bad", picture(9), "2")
    assert desk.run(source, Encoder()).added == 1
    assert desk.reasons() == {}


def test_records_that_the_source_now_rejects_are_gone(desk):
    """A record whose row lost its picture is rejected by the source, named as gone, and removed on request."""
    source = Pictures.of(3)
    desk.run(source, Encoder())
    del source.files["r001"]
    source.before.append(Rejected("r001", "r001.png", "record", "There is no such picture."))
    assert counts(desk.run(source, Encoder()), "rejected", "gone", "pruned") == (1, ("r001",), 0)
    assert desk.run(source, Encoder(), options={"prune": True}).pruned == 1
    assert desk.reasons() == {"r001": "record: There is no such picture."}


def test_an_id_rejected_before_may_still_be_a_record(desk):
    """A source may reject one picture of a row and give the row's id to the next."""
    source = Pictures.of(3)
    source.before.append(Rejected("r001", "first.png", "record", "There is no such picture."))
    assert counts(desk.run(source, Encoder()), "added", "rejected") == (3, 1)
    assert counts(desk.run(source, Encoder()), "unchanged", "rejected") == (3, 1)


def test_rejections_of_what_is_gone_are_forgotten(desk):
    """A rejected record that the source no longer has is no longer listed."""
    source = Pictures.of(3)
    source.put("bad", b"no picture", "1")
    desk.run(source, Encoder())
    del source.files["bad"]
    desk.run(source, Encoder())
    assert desk.reasons() == {}


def test_a_picture_that_went_bad_keeps_its_earlier_one(desk):
    """A record whose file broke is reported and stays searchable as it was, under its present metadata."""
    source = Pictures.of(3)
    desk.run(source, Encoder())
    before = desk.index.open().points(["r001"], "hash")[0]
    good, bad = source.files["r001"], source.files["r001"][:40]
    source.put("r001", bad, "2")
    assert counts(desk.run(source, Encoder()), "rejected", "gone", "published") == (1, (), False)
    source.metadata["r001"] = {"title": "Renamed"}
    assert counts(desk.run(source, Encoder()), "still_rejected", "relabelled") == (1, 1)
    after = desk.index.open().points(["r001"], "hash")[0]
    assert (after.payload["title"], after.payload["content_hash"]) == ("Renamed", before.payload["content_hash"])
    assert set(desk.reasons()) == {"r001"}
    source.put("r001", good, "3")
    assert desk.run(source, Encoder()).rejected == 0
    assert desk.reasons() == {}


# ------------------------------------------------------------------ settings


def test_refuses_impossible_settings(desk):
    """An ingest without a space, with the same space twice, or with options out of range is refused at once."""
    with pytest.raises(InvalidInputError, match="needs an embedder"):
        desk.run(Pictures.of(1))
    with pytest.raises(InvalidInputError, match="Two sets of vectors are for the space 'hash'"):
        desk.run(Pictures.of(1), Encoder(), Encoder())
    with pytest.raises(InvalidInputError, match="batch must be between 1 and 4096"):
        desk.run(Pictures.of(1), Encoder(), options={"batch": 0})
    deaf = Encoder()
    deaf.modalities = frozenset({"text"})
    with pytest.raises(InvalidInputError, match="takes no pictures, only text"):
        desk.run(Pictures.of(1), deaf)
    with desk.ledger() as ledger:
        assert ledger.last_run() is None


def test_a_source_that_gives_up_keeps_what_was_done(desk):
    """When a source fails in the middle, its error is raised and what was encoded is not encoded again."""

    class Failing(Pictures):
        def records(self):
            yield from list(super().records())[:12]
            raise MetadataError("the line broke")

    source = Failing.of(20)
    with pytest.raises(MetadataError, match="the line broke"):
        desk.run(source, Encoder(), options={"batch": 2})
    assert desk.index.generation() is None
    again = Encoder()
    assert desk.run(Pictures.of(20), again).published
    assert 8 <= sum(again.batches) < 20
    assert desk.index.open().count() == 20


# ------------------------------------------------------------------ progress, stopping, memory


def test_progress_only_grows_and_ends_complete(desk, monkeypatch):
    """Progress never goes back, knows the total where the source does, tells time left once some are done, and ends."""
    monkeypatch.setattr(ingest.progress, "_AFTER_S", 0.0)
    source, seen = Pictures.of(30), []
    source.put("bad", b"no picture", "1")
    desk.run(source, Encoder(seconds=0.02), on_progress=seen.append)
    assert all(isinstance(one, Progress) for one in seen)
    done = [one.done for one in seen]
    assert done == sorted(done)
    assert len(seen) > 3
    assert seen[-1] == Progress("done", 31, 31, 30, 1, seen[-1].rate, 0.0)
    assert [one.phase for one in seen][-2:] == ["publishing", "done"]
    reading = [one for one in seen if one.phase == "reading" and one.done]
    early = [one for one in reading if one.done < 20]
    assert early
    assert all((one.rate, one.left_s) == (0.0, None) for one in early)
    late = [one for one in reading if one.done >= 20]
    assert all(one.rate > 0 and (one.left_s is None) == (one.done == 31) for one in late)
    assert [one.left_s for one in seen if one.phase == "publishing"] == [None]


def test_progress_without_a_total(desk):
    """A source that cannot count gives progress without total and time left."""
    source, seen = Pictures.of(3), []
    source.count = lambda: None
    desk.run(source, Encoder(), on_progress=seen.append)
    assert (seen[-1].done, seen[-1].total, seen[-1].left_s) == (3, None, None)


def test_stop_finishes_the_batch_and_the_next_run_goes_on(desk):
    """A stopped ingest publishes nothing and reports nothing as gone; the next one encodes only the rest."""
    source, stop, encoder = Pictures.of(40), threading.Event(), Encoder()

    def after_three() -> None:
        if len(encoder.batches) == 2:
            stop.set()

    encoder.before = after_three
    summary = desk.run(source, encoder, stop=stop)
    assert counts(summary, "stopped", "published", "generation", "gone") == (True, False, None, ())
    assert 12 <= summary.added < 40
    with desk.ledger() as ledger:
        assert (ledger.stored_count(), ledger.pending_count()) == (0, summary.added)
        assert ledger.last_run().summary["stopped"]
    again = Encoder()
    finished = desk.run(source, again)
    assert counts(finished, "added", "unchanged", "published") == (40 - summary.added, summary.added, True)
    assert sum(again.batches) == 40 - summary.added
    assert desk.index.open().count() == 40


def test_reading_ahead_is_bounded(desk):
    """However long the source, only two batches are read ahead of the model."""
    source, encoder = Pictures.of(90), Encoder()
    ahead = []
    encoder.before = lambda: ahead.append(source.asked - sum(encoder.batches))
    desk.run(source, encoder, options={"batch": 5})
    assert max(ahead) <= 5 + 2 * 5 + 1
    assert ahead[0] > 5, "loading does run ahead"


def test_loading_goes_on_while_the_model_works(desk):
    """While the model is busy with a batch, the next one is read."""
    source, encoder = Pictures.of(20), Encoder()
    read = []

    def note() -> None:
        threading.Event().wait(0.2)
        read.append(len(source.read_ids))

    encoder.before = note
    desk.run(source, encoder)
    assert read[0] >= 8


def test_records_are_asked_for_once(desk):
    """The source is walked once, and each picture read once."""
    source = Pictures.of(12)
    desk.run(source, Encoder("one"), Encoder("two"))
    assert source.asked == 12
    assert sorted(source.read_ids) == sorted(source.files)


def test_unreadable_stamp_changes_nothing(desk):
    """A record is what it is by id, image and metadata; a renamed file with the same picture is not encoded again."""
    source = Pictures.of(2)
    desk.run(source, Encoder())

    class Renamed(Pictures):
        def records(self):
            return (Record(one.id, f"new/{one.image}", one.metadata) for one in super().records())

    renamed, again = Renamed(source.files, source.metadata, source.stamps), Encoder()
    assert desk.run(renamed, again).relabelled == 2
    assert again.batches == []
    assert desk.index.open().points(["r001"])[0].payload["image"] == "new/r001.png"


def test_changed_languages_take_hold_of_every_record_at_the_next_ingest(desk):
    """Words are stemmed anew in the archive's languages without a picture being read; a record's own language stays."""
    source = Pictures.of(3)
    source.metadata |= {"r000": {"title": "Økser"}, "r001": {"title": "Økser", "language": "en"}}
    desk.run(source, Encoder())
    source.read_ids.clear()
    danish = desk.run(source, Encoder(), languages=["da"])
    assert (danish.relabelled, source.read_ids) == (3, [])
    assert desk.run(source, Encoder(), languages=["da"]).unchanged == 3
    payloads = {point.id: point.payload for point in desk.index.open().points(["r000", "r001"])}
    assert set(document(payloads["r000"])) == {number(stem) for stem in stems("økser", ("da",))}
    assert set(document(payloads["r001"])) == {number(stem) for stem in stems("økser", ("en",))}
    assert desk.run(source, Encoder(), languages=["en", "da", "de"]).relabelled == 3
    assert "languages" not in desk.index.open().points(["r000"])[0].payload


def test_half_characters(desk):
    """A record whose id holds half of a surrogate pair is rejected; in its metadata U+FFFD stands there."""
    source = Pictures.of(2)
    source.put("r\ud800", source.files["r000"], "1")
    source.metadata["r001"] = {"title": "Axe \ud83d", "extra": {"Shelf \udc00": ["B", "\udfff"]}}
    summary = desk.run(source, Encoder())
    assert counts(summary, "added", "rejected") == (2, 1)
    (point,) = desk.index.open().points(["r001"])
    assert point.payload["title"] == "Axe \ufffd"
    assert point.payload["extra"] == {"Shelf \ufffd": ["B", "\ufffd"]}
    assert counts(desk.run(source, Encoder()), "unchanged", "rejected") == (2, 1)
