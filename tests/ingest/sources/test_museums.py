"""What holds for every museum's service: paging, going on after a stop, faults of servers and of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive_search.types import InvalidInputError, Record, SourceError
from ingest.harvest.harvested import Harvested
from ingest.harvest.remote import Item
from ingest.request import Request, request_of
from ingest.source import Rejected
from ingest.sources import SOURCES
from ingest.sources.met import Met
from ingest.testing import Desk, Encoder, picture
from tests.ingest.museums import KEY, MUSEUMS, Museum
from tests.ingest.replay import Replay

every_museum = pytest.mark.parametrize("name", MUSEUMS)


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "secret")


def opened(server: Replay, name: str) -> tuple[Harvested, Museum]:
    """A service on the server, and what is known of it."""
    museum = MUSEUMS[name]
    return museum.opened(server, museum.objects), museum


def items(source: Harvested, server: Replay, resume: str = "", pages: int | None = None) -> tuple[list[Item], str]:
    """The items of so many pages, and where the next one begins."""
    found: list[Item] = []
    with server.client(backoff_s=0.002) as client:
        for number, page in enumerate(source.pages(client, resume, ""), 1):
            found += [one for one in page.items if isinstance(one, Item)]
            resume = page.resume
            if number == pages:
                break
    return found, resume


def asked(server: Replay) -> list[str]:
    """What the service was asked; web pages are fetched only where robots.txt allows it, which is looked at first."""
    return [one for one in server.paths() if one != "/robots.txt"]


def records(source: Harvested, found: list[Item]) -> list[Record]:
    """The records of items, none of which is rejected."""
    made = [one for item in found for one in source.described(item)]
    assert [one for one in made if isinstance(one, Rejected)] == []
    return [one for one in made if isinstance(one, Record)]


@every_museum
def test_every_object_becomes_a_record(server: Replay, name: str) -> None:
    """All pages together give every object once, with a picture's address and who has it, the same at each harvest."""
    source, museum = opened(server, name)
    found, resume = items(source, server)
    made = records(source, found)
    assert (len(found), len(made), resume) == (museum.objects, museum.objects, "")
    assert len({one.id for one in made}) == len({one.key for one in found}) == museum.objects
    assert all(one.image.startswith(("http://", "https://")) for one in made)
    assert all(one.metadata["source"] and one.metadata["image_url"] == one.image for one in made)
    assert all("language" in one.metadata for one in made) or name == "europeana"
    assert asked(server)[0].partition("?")[0] == museum.list
    assert items(source, server)[0] == found


@every_museum
def test_a_harvest_goes_on_where_it_was_broken_off(server: Replay, name: str) -> None:
    """What the first page says is enough to go on: the pages behind it bring the rest, and nothing twice."""
    source, museum = opened(server, name)
    first, resume = items(source, server, pages=1)
    assert resume
    rest, _ = items(source, server, resume)
    assert len({one.key for one in (*first, *rest)}) == len(first) + len(rest) == museum.objects


@every_museum
def test_passing_faults_are_waited_out(server: Replay, name: str) -> None:
    """A server without time, one asked too often, a connection that breaks off and a slow answer take longer only."""
    path = MUSEUMS[name].list
    server.answer(path, status=503, headers={"Retry-After": "0"}, times=1)
    server.answer(path, status=429, headers={"Retry-After": "0"}, times=1)
    server.answer(path, "x" * 5000, cut=100, wait=0.05, times=1)
    source, museum = opened(server, name)
    assert len(items(source, server)[0]) == museum.objects
    assert asked(server)[3].partition("?")[0] == path


def test_the_wall_before_the_met_is_waited_out(server: Replay) -> None:
    """A page that asks for a browser, in the place of an answer, is a wall that goes away: the harvest waits."""
    for path in ("/objects", "/objects/7"):
        server.answer(path, "<html>Are you a browser?</html>", status=403, type="text/html", times=1)
    source, museum = opened(server, "met")
    assert len(items(source, server)[0]) == museum.objects


@every_museum
def test_what_is_no_answer_stops_the_harvest(server: Replay, name: str) -> None:
    """An answer of another shape ends the harvest with a sentence that names who answered."""
    source = source_at(server.url, name)
    for answer in ({"message": "no such thing"}, [], '"word"', {"data": "x", "items": 1}):
        server.clear(MUSEUMS[name].list)
        server.answer(MUSEUMS[name].list, answer, type="application/json")
        if name == "natmus":  # a page without a record is one fault among many pages
            assert items(source, server)[0] == []
            continue
        with pytest.raises(SourceError, match="127.0.0.1"):
            items(source, server)


def source_at(url: str, name: str) -> Harvested:
    """A source whose server, at this address, has been told nothing."""
    nobody = Replay()
    nobody.__class__ = type("Nobody", (Replay,), {"url": url})
    return MUSEUMS[name].opened(nobody, 1)


@every_museum
def test_a_server_that_is_not_there_is_told(server: Replay, name: str) -> None:
    """Where nothing is at the address that is asked, the harvest says so, with the address."""
    source = source_at(server.url, name)
    if name == "natmus":  # an object that is not there is one that is gone
        found = items(source, server)[0]
        assert [one.removed for one in found] == [True]
        return
    with pytest.raises(SourceError, match="127.0.0.1"):
        items(source, server)


@every_museum
def test_records_of_unknown_shapes_are_rejected(name: str) -> None:
    """A record that has nothing of what is expected is rejected with a reason, and breaks nothing."""
    source = source_at("http://museum.example", name)
    for content in (None, 7, "word", [], [[]], {}, {"record": None}, {"record": []}, {"data": []}, {"attributes": "x"}):
        made = list(source.described(Item("X-1", content)))
        assert len(made) == 1
        assert isinstance(made[0], Rejected)
        assert made[0].reason


@every_museum
def test_values_of_unknown_shapes_are_passed_over(server: Replay, name: str) -> None:
    """A record whose values are all of another kind than usual is described all the same, or rejected."""

    def spoilt(value: object, kind: int) -> object:
        if isinstance(value, dict):
            return {one: spoilt(two, kind) for one, two in value.items()}
        if isinstance(value, list):
            return [spoilt(one, kind) for one in value]
        return value if isinstance(value, bool) else (None, 3.5, {"x": value}, [[value]], "\x00")[kind]

    source, _ = opened(server, name)
    found, _ = items(source, server, pages=1)
    for kind in range(5):
        item = Item(found[0].key, spoilt(found[0].content, kind))
        assert list(source.described(item))


@every_museum
def test_sources_are_asked_for_again_as_data(name: str) -> None:
    """A source can be said as data and made from it again; what was asked of the service is part of its name."""
    source = source_at("http://museum.example", name)
    request = request_of(source)
    assert request is not None
    assert type(source) is SOURCES[name]
    assert Request(request.source, request.settings).made() == source
    assert "http://museum.example" in source.origin
    assert "secret" not in source.origin + request.to_json()


def test_keys_stay_out_of_what_is_kept(server: Replay) -> None:
    """Europeana's key is in no item, and without one the source says where to get it."""
    source, _ = opened(server, "europeana")
    assert "secret" not in str(items(source, server, pages=1)[0])


def test_europeana_needs_a_key(server: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key in the environment Europeana is not asked."""
    monkeypatch.delenv(KEY)
    source, _ = opened(server, "europeana")
    with pytest.raises(InvalidInputError, match=KEY):
        items(source, server)
    assert server.count() == 0


def changed(source: Harvested, server: Replay, since: str) -> Iterator[str]:
    """What is asked when only changes are wanted."""
    with server.client() as client:
        list(source.pages(client, "", since))
    yield from server.paths()


@pytest.mark.parametrize(
    ("name", "said"),
    [("met", "metadataDate=2026-11-22"), ("artic", "updated_at"), ("europeana", "timestamp_update")],
)
def test_changes_are_asked_for(server: Replay, name: str, said: str) -> None:
    """Services that can tell what changed since the last harvest are asked for that."""
    source, _ = opened(server, name)
    assert source.tells_changes
    assert said in next(changed(source, server, "2026-11-22T03:00:00Z"))


def test_more_than_a_search_gives(server: Replay) -> None:
    """Where a search finds more than it ever gives, nothing is taken, and it is said what narrows it."""
    server.answer("/objects/search", {"info": {"record_count": 12_000}, "records": []})
    with pytest.raises(
        SourceError, match="finds 12,000 records, and gives only the first 10,000.*: ask for less"
    ) as told:
        items(source_at(server.url, "vam"), server)
    assert told.value.settings == ("query", "kind", "place", "year_from", "year_to")


def test_a_museum_becomes_an_archive(server: Replay, tmp_path: Path) -> None:
    """Objects with several pictures become an archive; pictures that are refused are told; nothing is fetched twice."""
    told = {"isPublicDomain": True, "title": "Cat", "accessionNumber": "15.43", "objectURL": "https://m.example/1"}
    for number in range(1, 4):
        names = [f"{server.url}/original/{number}{letter}.png" for letter in "ab"]
        pictures = {"primaryImage": names[0], "additionalImages": names[1:]}
        server.answer(f"/objects/{number}", {"objectID": number, **told, **pictures})
        server.answer(f"/original/{number}a.png", picture(number), type="image/png")
    server.answer("/objects", {"total": 4, "objectIDs": [1, 2, 3, 4]})
    server.answer("/original/1b.png", picture(9), type="image/png")
    server.answer("/original/2b.png", "<html>no</html>", status=403, type="text/html")
    source = Met(api=server.url, size="original", rate=1000.0, allow_private=True)
    desk = Desk(tmp_path)
    summary = desk.run(source, Encoder())
    assert (summary.added, summary.rejected) == (4, 2)
    points = {point.id: point.payload for point in desk.index.open().points(["met-1", "met-1/1b", "met-3"])}
    assert {one["object_id"] for one in points.values()} == {"Met 15.43"}
    assert points["met-1/1b"]["image_url"] == f"{server.url}/original/1b.png"
    server.forget()
    again = desk.run(source, Encoder())
    assert (again.unchanged, again.added) == (4, 0)
    assert not [path for path in server.paths() if "/original/" in path]


def test_live_pages_are_asked_for_as_robots_may(server: Replay) -> None:
    """Pages for people are fetched only where their server lets programs do so."""
    server.answer("/robots.txt", "User-agent: *\nDisallow: /DO/\n", type="text/plain")
    source, _ = opened(server, "natmus")
    with pytest.raises(SourceError, match="robots.txt"):
        items(source, server)


@pytest.mark.parametrize("name", ["cleveland", "smk", "opencontext", "sciencemuseum", "europeana"])
def test_a_service_without_an_end(server: Replay, name: str) -> None:
    """A service that gives the same page for ever is left, not asked for ever."""
    whole, museum = opened(server, name)
    first = items(whole, server, pages=1)[0]
    page = {"europeana": "items", "smk": "items", "opencontext": "oc-api:has-results"}.get(name, "data")
    server.clear(museum.list)
    server.answer(museum.list, {page: [one.content for one in first], "nextCursor": "again"})
    if name == "europeana":
        assert len(items(whole, server)[0]) == 2 * len(first)
        return
    with pytest.raises(SourceError, match="no end"):
        items(whole, server)
