"""IIIF Change Discovery: what a page of a stream of changes tells."""

import pytest

from ingest.harvest.formats.changes import Change, last_page, page_before, read


def activity(kind, id="m1", at="2024-01-02T00:00:00Z", **more):
    """An activity about a manifest."""
    return {"type": kind, "object": {"id": id, "type": "Manifest"}, "endTime": at, **more}


def told(*activities, since=""):
    """What a page with these activities, the earliest first, tells."""
    return read({"orderedItems": list(activities)}, since)


def test_the_latest_comes_first():
    """Activities stand in the order of time and are read from their end."""
    found = told(activity("Create", "m1"), activity("Update", "m2"), activity("Delete", "m3"))
    assert found.changes == [
        Change("m3", "manifest", True),
        Change("m2", "manifest", False),
        Change("m1", "manifest", False),
    ]
    assert not found.ended


@pytest.mark.parametrize("since", ["2024-01-02T00:00:00Z", "2024-01-02T01:00:00+01:00"])
def test_what_was_before_the_last_harvest_is_known(since):
    """An earlier activity ends the reading; one of the same moment is read."""
    found = told(activity("Update", "m1", "2024-01-01T00:00:00Z"), activity("Update", "m2"), since=since)
    assert ([one.id for one in found.changes], found.ended) == (["m2"], True)


def test_a_refresh_ends_the_first_reading_only():
    """Behind a refresh lies nothing new for who reads the first time; others go on."""
    activities = (
        activity("Delete", "m1"),
        {"type": "Refresh", "startTime": "2024-01-02T00:00:00Z"},
        activity("Update", "m2"),
    )
    assert [one.id for one in told(*activities).changes] == ["m2"]
    assert [one.id for one in told(*activities, since="2023-01-01T00:00:00Z").changes] == ["m2", "m1"]


def test_a_move_is_an_end_and_a_beginning():
    """The old address is gone, the new one is there."""
    moved = activity("Move", "old", target={"id": "new", "type": "Manifest"})
    assert told(moved).changes == [Change("new", "manifest", False), Change("old", "manifest", True)]


def test_misshapen_activities_are_passed_over():
    """What is no activity, is about nothing, or about what is no manifest, tells nothing."""
    canvas = {"type": "Update", "object": {"id": "c", "type": "Canvas"}}
    assert not told("x", None, {}, {"type": "Update"}, {"type": "Like", "object": "m"}, canvas).changes
    assert not read({"orderedItems": "x"}).changes


def test_pages_lead_backwards():
    """A stream names its last page, a page the one before; a stream without pages is its own."""
    assert last_page({"id": "s", "last": {"id": "p9"}, "first": "p0"}) == "p9"
    assert last_page({"id": "s"}) == "s"
    assert page_before({"prev": {"id": "p8"}}) == "p8"
    assert page_before({}) == ""
