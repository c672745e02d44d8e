"""Harvests: kept page by page, gone on with, never asked twice for the same, and stopped between pages."""

from __future__ import annotations

import threading
import zlib

import pytest

from archive_search.archive import Archive
from archive_search.pictures.kept import kept_picture
from archive_search.types import SourceError, UnknownNameError
from ingest.harvest.kept_items import harvest_file, original
from ingest.ledger import Ledger
from ingest.recipe import run
from ingest.source import Rejected
from ingest.testing import Desk, Encoder, picture
from tests.ingest.shelf import ChangingShelf, Shelf, stock


@pytest.fixture
def take(tmp_path):
    """Ingest a source into one archive, whose index is in memory."""
    desk = Desk(tmp_path / "archive")
    desk.directory.mkdir()

    def ingest(source, on_remark=None, stop=None, **how):
        stop = stop or threading.Event()
        with source.opened(desk.directory, stop) as opened:
            for remark in opened.remarks:
                (on_remark or str)(remark)
            return desk.run(opened, Encoder(), stop=stop, **how)

    return ingest


def records(source, archive, stop=None):
    """What a source gives in an archive."""
    archive.mkdir(exist_ok=True)
    with source.opened(archive, stop or threading.Event()) as opened:
        return list(opened.records())


@pytest.mark.usefixtures("hashes")
def test_a_harvest_becomes_an_archive(server, tmp_path):
    """Every object is a record with its picture, its original can be read by its id, and its picture is kept."""
    stock(server, 25)
    summary = run(tmp_path / "archive", Shelf(url=server.url), embedders=["hash"])
    assert (summary.added, summary.rejected, summary.published) == (25, 0, True)
    archive = Archive.open(tmp_path / "archive")
    assert archive.picture_file("o00003").read_bytes() == picture(3)
    item = original(archive.directory, server.url, "o00003")
    assert (item.content["title"], item.url) == ("Axe o00003", f"{server.url}/o00003")
    assert original(archive.directory, server.url, "no such") is None


def test_a_first_harvest_says_so_before_it_asks(server, take):
    """What a first harvest does is told before its first record, so that whoever stops it then is heard."""
    stock(server, 2)
    told = []
    take(Shelf(url=server.url), on_remark=lambda said: told.append((said, server.count())))
    assert told == [("nothing is kept from an earlier harvest: all records are taken", 0)]


def test_a_second_harvest_fetches_nothing_again(server, take):
    """Nothing but the list is asked for, and no picture is read."""
    stock(server, 25)
    take(Shelf(url=server.url))
    server.forget()
    assert take(Shelf(url=server.url)).unchanged == 25
    assert server.paths() == [f"/list?page={number}" for number in (1, 2, 3)]


def test_known_pages_are_not_sent_again(server, tmp_path):
    """Pages with an ETag are answered with the word that nothing is new, and give the same records."""
    items = stock(server, 3)
    server.clear("/list")
    server.answer("/list", {"total": 3, "items": items, "next": ""}, etag='"list"')
    first = records(Shelf(url=server.url), tmp_path)
    assert records(Shelf(url=server.url), tmp_path) == first
    assert server.asked[-1].headers["if-none-match"] == '"list"'


def test_only_what_changed_is_asked_for(server, take):
    """A service that tells changes is asked for those since the last whole harvest; the rest comes from the archive."""
    items = stock(server, 25)
    take(ChangingShelf(url=server.url))
    server.clear("/list")
    server.pages("/list", [{**items[4], "title": "Polished axe"}, {"id": "o00007", "gone": "yes"}])
    server.forget()
    summary = take(ChangingShelf(url=server.url), on_remark=(told := []).append)
    assert (summary.relabelled, summary.unchanged, summary.gone) == (1, 23, ("o00007",))
    assert "since=20" in server.paths()[0]
    assert server.paths()[1:] == ["/robots.txt", "/o00004.png"]
    assert server.asked[2].headers["if-none-match"] == '"o00004"'
    assert "asks for what has changed since" in told[0]


def test_what_vanished_stays_until_it_is_pruned(server, take, tmp_path):
    """A record that the service has no longer is told and kept; --prune removes it; its original stays readable."""
    items = stock(server, 5)
    take(Shelf(url=server.url))
    del items[2]
    assert take(Shelf(url=server.url)).gone == ("o00002",)
    assert take(Shelf(url=server.url), options={"prune": True}).pruned == 1
    assert original(tmp_path / "archive", server.url, "o00002").removed
    assert not kept_picture(tmp_path / "archive", f"{server.url}/o00002.png").exists()
    assert kept_picture(tmp_path / "archive", f"{server.url}/o00001.png").exists()


def test_a_broken_off_harvest_goes_on_behind_the_last_page(server, take):
    """Where the service fails, what came is kept and said; the next harvest asks for the rest only."""
    stock(server, 30)
    server.clear("/list")
    server.answer("/list?page=3", status=404, times=1)
    stock_list = [{"id": f"o{n:05}", "title": "Axe", "image": f"{server.url}/o{n:05}.png"} for n in range(30)]
    server.pages("/list", stock_list, 10)
    with pytest.raises(SourceError, match="20 items are kept"):
        take(Shelf(url=server.url))
    server.forget()
    summary = take(Shelf(url=server.url), on_remark=(told := []).append)
    assert summary.added + summary.unchanged == 30
    assert server.count("/list") == 1
    assert "goes on where" in told[0]


def test_a_place_that_the_service_has_forgotten_means_to_begin_anew(server, tmp_path):
    """Where the place of a broken-off harvest is not known any more, all is asked for again; nothing comes twice."""
    items = stock(server, 30)
    source = Shelf(url=server.url)
    with source.opened(tmp_path, threading.Event()) as opened:
        given = opened.records()
        first = [next(given) for _ in range(15)]
    assert [one.id for one in first] == [one["id"] for one in items[:15]]
    server.clear("/list")
    server.answer("/list?page=3", status=410)
    server.pages("/list", items, 15)
    with source.opened(tmp_path, threading.Event()) as opened:
        assert [one.id for one in opened.records()] == [one["id"] for one in items]
        (told,) = opened.told()
    assert "(410); all is asked for from the beginning, and what is kept is not fetched again" in told


def test_nothing_is_asked_for_once_all_pages_came(server, tmp_path):
    """Broken off while the records of the last page are taken, a harvest goes on without asking for a page again."""
    stock(server, 30)
    source = Shelf(url=server.url)
    with source.opened(tmp_path, threading.Event()) as opened:
        given = opened.records()
        for _ in range(25):
            next(given)
    server.forget()
    assert len(records(source, tmp_path)) == 30
    assert server.asked == []
    assert len(records(source, tmp_path)) == 30
    assert server.count("/list") == 3


def test_a_bomb_of_a_picture_is_refused(server, take, tmp_path):
    """A small file that would unpack to 400 million pixels is rejected by its header; the other records come."""
    stock(server, 3)
    rows = zlib.compress(bytes(2_501 * 20_000), 1)
    parts = [(b"IHDR", (20_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])), (b"IDAT", rows), (b"IEND", b"")]
    sums = [zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in parts]
    chunks = [len(data).to_bytes(4, "big") + kind + data + sum for (kind, data), sum in zip(parts, sums, strict=True)]
    server.clear("/o00001.png")
    server.answer("/o00001.png", b"\x89PNG\r\n\x1a\n" + b"".join(chunks), type="image/png")
    summary = take(Shelf(url=server.url))
    assert (summary.added, summary.rejected) == (2, 1)
    with Ledger(tmp_path / "archive" / "ledger.sqlite") as ledger:
        (rejected,) = ledger.rejected()
    assert "raise the limit of megapixels" in rejected.reason


def test_what_came_broken_is_fetched_anew(server, take):
    """A picture that arrived as no picture is fetched again by --retry, not taken from what was kept."""
    stock(server, 3)
    server.clear("/o00001.png")
    server.answer("/o00001.png", picture(1)[:60], type="image/png", etag='"1"', times=1)
    server.answer("/o00001.png", picture(1), type="image/png", etag='"1"')
    assert take(Shelf(url=server.url)).rejected == 1
    assert take(Shelf(url=server.url), options={"retry": True}).added == 1


def test_ids_that_change_are_other_records(server, take):
    """Where a service calls an object differently, the old record is told as gone; its picture is not sent again."""
    items = stock(server, 3)
    take(Shelf(url=server.url))
    items[1]["id"] = "new"
    server.forget()
    summary = take(Shelf(url=server.url))
    assert (summary.added, summary.unchanged, summary.gone) == (1, 2, ("o00001",))
    assert server.asked[-1].headers["if-none-match"] == '"o00001"'


def test_it_stops_between_pages(server, tmp_path):
    """Once it is told to stop no further page is asked for; the next harvest gives everything."""
    stock(server, 30)
    stop = threading.Event()
    with Shelf(url=server.url).opened(tmp_path, stop) as opened:
        given = opened.records()
        next(given)
        stop.set()
        assert len(list(given)) == 9
    assert server.count("/list") == 1
    assert len(records(Shelf(url=server.url), tmp_path)) == 30


def test_stopping_rejects_nothing(server, take, tmp_path):
    """Records that wait for a slow picture when an ingest is stopped are neither rejected nor lost."""
    stock(server, 4)
    server.clear("/o00002.png")
    server.answer("/o00002.png", status=503, headers={"Retry-After": "60"}, times=1)
    server.answer("/o00002.png", picture(2), type="image/png")
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    assert take(Shelf(url=server.url), stop=stop).stopped
    summary = take(Shelf(url=server.url))
    assert (summary.rejected, summary.still_rejected, summary.added + summary.unchanged) == (0, 0, 4)


def test_pictures_that_cannot_be_had_are_tried_again_by_retry(server, take, tmp_path):
    """A refused picture is one rejected record with its reason; --retry fetches it, an ordinary ingest does not ask."""
    stock(server, 4)
    server.clear("/o00001.png")
    server.answer("/o00001.png", status=404)
    assert (take(Shelf(url=server.url)).added, take(Shelf(url=server.url)).still_rejected) == (3, 1)
    with Ledger(tmp_path / "archive" / "ledger.sqlite") as ledger:
        (rejected,) = ledger.rejected()
    assert "(404)" in rejected.reason
    server.clear("/o00001.png")
    server.answer("/o00001.png", picture(1), type="image/png")
    assert take(Shelf(url=server.url), options={"retry": True}).added == 1


def test_only_open_licences_are_taken(server, tmp_path):
    """Of records whose licence lets nobody show them it is said why they are left out."""
    items = stock(server, 3)
    items[0]["licence"], items[1]["licence"] = "CC BY 4.0", "All rights reserved"
    found = records(Shelf(url=server.url, only_open=True), tmp_path)
    assert [isinstance(one, Rejected) for one in found] == [False, True, True]
    assert "All rights reserved" in found[1].reason


def test_names_of_periods_mean_what_the_settings_say(server, tmp_path):
    """A region, and an archive's own names before it, hold for whatever a service says; without one the usual do."""
    items = stock(server, 2)
    items[0]["period"], items[1]["period"] = "Bronze Age", "Early Horizon"

    def starts(**settings):
        found = records(Shelf(url=server.url, **settings), tmp_path / f"archive{len(list(tmp_path.iterdir()))}")
        return [one.metadata.get("date_from") for one in found]

    assert starts() == [-1700, None]
    assert starts(region="britain") == [-2600, None]
    assert starts(periods=("Early Horizon=900-200 BC",)) == [-1700, -900]
    with pytest.raises(UnknownNameError, match="no table of periods for 'peru'"):
        starts(region="peru")


def test_duplicates_and_odd_items_do_no_harm(server, tmp_path):
    """The same object on two pages is one record; one that nobody understands, and one with no link, are rejected."""
    items = stock(server, 12)
    items[11] = dict(items[0])
    items[3] = {"id": "../../etc/passwd", "title": "x", "image": f"{server.url}/../../etc/passwd"}
    items[4] = {"id": "o00004", "image": "x"}
    items[5]["image"] = "file:///etc/passwd"
    found = records(Shelf(url=server.url), tmp_path)
    assert len(found) == 11
    assert [one.reason for one in found if isinstance(one, Rejected)] == [
        "The record cannot be understood: KeyError: 'title'",
        "'file:///etc/passwd' is no link to a picture.",
    ]


def test_pictures_need_not_be_kept(server, take, tmp_path):
    """Without them only thumbnails are in the archive, and a second ingest fetches none again."""
    stock(server, 4)
    assert take(Shelf(url=server.url, keep_pictures=False)).added == 4
    assert not [one for one in (tmp_path / "archive" / "pictures").rglob("*") if one.is_file()]
    server.forget()
    assert take(Shelf(url=server.url, keep_pictures=False)).unchanged == 4
    assert server.count("/o00001.png") == 0


def test_recheck_asks_whether_pictures_have_changed(server, take):
    """Every picture is asked for by its version; one that is another is taken, and the next ingest asks for none."""
    stock(server, 4)
    take(Shelf(url=server.url))
    server.clear("/o00001.png")
    server.answer("/o00001.png", picture(99), type="image/png", etag='"new"')
    server.forget()
    summary = take(Shelf(url=server.url, recheck=True))
    assert (summary.changed, summary.unchanged) == (1, 3)
    server.forget()
    assert take(Shelf(url=server.url)).unchanged == 4
    assert len(server.asked) == 1


def test_a_limit_takes_the_first_and_takes_nothing_for_gone(server, take):
    """Of a limited ingest no further page is asked for, and the rest comes with the next."""
    stock(server, 30)
    summary = take(Shelf(url=server.url), options={"limit": 5, "prune": True})
    assert (summary.added, summary.gone) == (5, ())
    assert server.count("/list") == 1
    assert take(Shelf(url=server.url)).added == 25
    assert take(Shelf(url=server.url), options={"limit": 5, "prune": True}).gone == ()


def test_progress_knows_how_many_there_are(server, take):
    """The total is what the service says, as soon as it has said it."""
    stock(server, 25)
    seen = []
    take(Shelf(url=server.url), on_progress=seen.append)
    assert seen[-1].total == 25


def test_a_damaged_file_is_told(server, tmp_path):
    """What to do about a file that is no harvest any more is said."""
    from archive_search.types import ArchiveError

    file = harvest_file(tmp_path, server.url)
    file.parent.mkdir()
    file.write_bytes(b"nothing of the kind" * 1000)
    with pytest.raises(ArchiveError, match="move it elsewhere"):
        records(Shelf(url=server.url), tmp_path)
