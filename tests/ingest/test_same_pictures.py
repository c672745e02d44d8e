"""Records that show the same picture are named as one group when an ingest ends, whatever came first."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from archive_search.metadata.fields import SAME_PICTURE
from archive_search.pictures.sameness import BITS, TURNED, look, same
from archive_search.types import StoreError
from ingest import same_pictures as grouping
from ingest.ledger import Ledger
from ingest.same_pictures import Fingerprints, same_pictures
from ingest.testing import Desk, Encoder, Pictures
from ingest.thumbnails import Thumbnails
from ingest.writing import Finish


def drawn(seed: int) -> Image.Image:
    """A picture of a find, unlike that of any other seed."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (320, 240), (235, 232, 225))
    pen = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y, size = rng.integers(30, 230), rng.integers(30, 150), rng.integers(15, 70)
        pen.ellipse((x, y, x + size, y + size * 0.8), fill=tuple(rng.integers(20, 200, 3).tolist()))
    return picture


def saved(picture: Image.Image, kind: str = "JPEG", **how: int) -> bytes:
    """A file of a picture."""
    data = io.BytesIO()
    picture.save(data, kind, **how)
    return data.getvalue()


def smaller(picture: Image.Image) -> Image.Image:
    """Half its size."""
    return picture.resize((picture.width // 2, picture.height // 2))


ONE = saved(drawn(1), quality=92)
FILES = {
    "a1": ONE,
    "a2": ONE,
    "a3": saved(smaller(drawn(1)), quality=80),
    "a4": saved(ImageOps.expand(drawn(1), 20, "black"), "PNG"),
    "b1": saved(drawn(2)),
    "b2": saved(drawn(2).rotate(180), "PNG"),
    "c1": saved(drawn(3)),
    "d1": saved(Image.new("RGB", (320, 240), "white")),
    "d2": saved(Image.new("RGB", (320, 240), "white"), "PNG"),
}
GROUPS = {"a1": "a1", "a2": "a1", "a3": "a1", "a4": "a1", "b1": "b1", "b2": "b1", "c1": None, "d1": None, "d2": None}


class Museum:
    """An archive into which pictures are taken, with the work that groups them."""

    def __init__(self, directory: Path) -> None:
        self.desk = Desk(directory)
        self.source = Pictures()

    def take(self, files: dict[str, bytes], finish: Finish | None = None, **options: bool) -> None:
        """Ingest these files of the source."""
        self.source.files = dict(files)
        self.source.stamps = {name: str(hash(data)) for name, data in files.items()}
        with self.desk.ledger() as ledger:
            work = [same_pictures(ledger, Thumbnails(self.desk.directory / "thumbnails")), *filter(None, [finish])]
            self.summary = self.desk.run(self.source, Encoder(), finish=work, options=options)

    def groups(self) -> dict[str, str | None]:
        """The name of every record's group."""
        return {point.id: point.payload.get(SAME_PICTURE) for point in self.desk.index.open().scan()}


@pytest.fixture
def museum(tmp_path):
    """An empty one."""
    return Museum(tmp_path)


def test_copies_are_one_group(museum):
    """Equal files, a smaller copy, one with a frame and one upside down are a group; what shows nothing is none."""
    museum.take(FILES)
    assert museum.groups() == GROUPS


def turned(bits: int) -> int:
    """A fingerprint of the picture upside down."""
    return int(np.uint64(bits % (1 << 64) ^ TURNED).astype(np.int64))


def test_no_fingerprint_that_is_near_is_missed(monkeypatch):
    """What differs from a fingerprint by seven bits at most is found, upright and upside down, and nothing else is."""
    rng = np.random.default_rng(0)
    values = rng.integers(-(2**63), 2**63 - 1, 400)
    for place in range(200, 400):  # like one of the first, but for up to nine bits
        flipped = sum(1 << int(bit) for bit in rng.choice(63, place % 10, replace=False))
        like = int(values[place - 200]) ^ flipped
        values[place] = like if place % 3 else turned(like)
    table = [(number, int(value), int(value)) for number, value in enumerate(values)]
    monkeypatch.setattr(grouping, "_AT_ONCE", 500)  # several shares of them
    found = Fingerprints(table)
    every = values.view(np.uint64)
    for number, value in enumerate(every.tolist()):
        ways = [np.bitwise_count(every ^ np.uint64(one % (1 << 64))) <= BITS for one in (value, turned(value))]
        near = np.flatnonzero(ways[0] | ways[1])
        assert found.near(number) == [one for one in near.tolist() if one != number]
    numbers = [399, 3, 500, 0]
    assert found.near_each(numbers) == {number: found.near(number) for number in numbers}
    assert Fingerprints(table[:1]).near(0) == Fingerprints([]).near(0) == []


def test_only_what_is_new_is_looked_at(museum, monkeypatch):
    """Once every picture has a fingerprint, an ingest looks for those of its own records only."""
    museum.take({name: FILES[name] for name in ("a1", "b1")})
    asked: list[str] = []
    real = Ledger._all
    monkeypatch.setattr(Ledger, "_all", lambda self, sql, values=(): [asked.append(sql), real(self, sql, values)][1])
    museum.take(FILES)
    monkeypatch.undo()
    assert museum.groups() == GROUPS
    (query,) = {one for one in asked if "NOT IN (SELECT content_hash FROM pictures)" in one}
    assert "stored" not in query


@settings(max_examples=3, deadline=None)
@given(order=st.permutations(sorted(FILES)), cut=st.integers(1, len(FILES) - 1))
def test_groups_do_not_depend_on_the_order(tmp_path_factory, order, cut):
    """Whatever comes first, and in however many ingests, the groups are the same."""
    museum = Museum(tmp_path_factory.mktemp("museum"))
    museum.take({name: FILES[name] for name in order[:cut]})
    museum.take(FILES)
    assert museum.groups() == GROUPS


def test_what_goes_mends_its_group(museum):
    """A group without its first record takes the name of the next; one record alone is no group."""
    museum.take(FILES)
    museum.take({name: data for name, data in FILES.items() if name not in ("a1", "b1")}, prune=True)
    assert museum.groups() == {"a2": "a2", "a3": "a2", "a4": "a2", "b2": None, "c1": None, "d1": None, "d2": None}


def test_what_changes_leaves_its_group(museum):
    """A record that gets another picture goes to the group of that one."""
    museum.take(FILES)
    museum.take({**FILES, "b2": FILES["a3"]})
    assert museum.groups() == {**GROUPS, "b1": None, "b2": "a1"}


def test_a_bridge_that_goes_parts_what_it_joined(museum):
    """Two pictures that only a third links are two groups once it is gone."""
    museum.take(FILES)
    museum.take({**FILES, "a3": FILES["c1"], "a4": FILES["c1"]})
    assert museum.groups() == {**GROUPS, "a3": "a3", "a4": "a3", "c1": "a3"}


def test_one_picture_of_several_objects_is_no_group(museum):
    """Where one source tells two objects apart a picture joins nothing; where two sources number one, it does."""
    museum.source.metadata = {"a1": {"object_id": "1969.1"}, "a2": {"object_id": "1969.2"}, "b1": {"object_id": "7"}}
    museum.take(FILES)
    assert museum.groups() == {**GROUPS, **dict.fromkeys(("a1", "a2", "a3", "a4"))}
    museum.source = Pictures(metadata={"z": {"object_id": "other/7"}}, origin="elsewhere")
    museum.take({"z": FILES["b1"]})
    assert museum.groups()["z"] == "b1"


def test_nothing_new_writes_nothing(museum):
    """A second ingest of the same publishes nothing."""
    museum.take(FILES)
    museum.take(FILES)
    assert not museum.summary.published
    assert museum.desk.index.copies == 1


def test_what_was_there_before_is_grouped_by_its_thumbnail(museum):
    """Records of an archive without fingerprints are grouped with the next that comes."""
    museum.desk.run(Pictures(dict(FILES)), Encoder())
    with museum.desk.ledger() as ledger:
        ledger._db.execute("DELETE FROM pictures")
    museum.take({**FILES, "e": FILES["c1"]})
    assert museum.groups() == {**GROUPS, "c1": "c1", "e": "c1"}


def test_an_ingest_that_breaks_while_it_groups_is_looked_at_again(museum):
    """Groups that were written to a build that was not published are written again with the rest."""
    museum.take({"a1": FILES["a1"], "b1": FILES["b1"]})

    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    with pytest.raises(StoreError):
        museum.take(FILES, fail)
    assert museum.groups() == {"a1": None, "b1": None}
    museum.desk.index.crash()
    museum.take(FILES)
    assert museum.groups() == GROUPS


def test_two_finds_beside_one_scale_bar_are_not_one():
    """Pictures that are alike but for the find are not the same, and brighter ones are."""

    def plate(seed: int) -> Image.Image:
        picture = Image.new("RGB", (320, 240), "white")
        pen = ImageDraw.Draw(picture)
        for square in range(8):
            pen.rectangle((square * 40, 120 + square % 2 * 40, square * 40 + 40, 160 + square % 2 * 40), fill="black")
        picture.paste(drawn(seed).resize((60, 45)), (130, 30))
        return picture

    one, other = look(plate(1)), look(plate(2))
    assert not same(one, other)
    assert same(one, look(ImageEnhance.Brightness(plate(1)).enhance(1.1)))
