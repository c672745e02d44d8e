"""The source `iiif`: manifests, collections, folders and streams of changes."""

import json
import threading

import pytest

from archive_search.types import Record, SourceError
from ingest.source import Rejected
from ingest.sources.iiif import Iiif
from ingest.testing import Desk, Encoder, picture
from tests.ingest.records import real


class Museum:
    """Publishes manifests, each of one canvas, with an image server of level 1."""

    def __init__(self, server):
        self.server = server

    def manifest(self, name, **more):
        """A manifest and all that it leads to."""
        at = f"{self.server.url}/iiif/{name}"
        info = {"id": at, "type": "ImageService3", "profile": "level1", "width": 4000, "height": 3000}
        self.server.answer(f"/iiif/{name}/info.json", info, etag=f'"{name}"')
        self.server.answer(f"/iiif/{name}/full/800,/0/default.jpg", picture(len(name)), type="image/png")
        body = {"id": f"{at}/full/max/0/default.jpg", "type": "Image", "width": 9, "height": 9}
        body["service"] = [{"id": at, "type": "ImageService3", "profile": "level1"}]
        painted = {"type": "Annotation", "motivation": "painting", "body": body}
        data = {
            "id": f"{self.server.url}/{name}", "type": "Manifest", "label": {"en": [name]},
            "items": [{"id": f"{at}/p1", "type": "Canvas", "items": [{"type": "AnnotationPage", "items": [painted]}]}],
            **more,
        }  # fmt: skip
        self.server.clear(f"/{name}")
        self.server.answer(f"/{name}", data)
        return data

    def entry(self, name, kind="Manifest"):
        """What a collection says of it."""
        return {"id": f"{self.server.url}/{name}", "type": kind}

    def collection(self, name, *entries, **more):
        """A collection."""
        data = {"id": f"{self.server.url}/{name}", "type": "Collection", "items": list(entries), **more}
        self.server.clear(f"/{name}")
        self.server.answer(f"/{name}", data)
        return data


@pytest.fixture
def museum(server):
    """A museum that has published nothing yet."""
    return Museum(server)


def source(where, **settings):
    """The source, which may ask this machine."""
    return Iiif(str(where), **{"allow_private": True, "rate": 1000.0, "pixels": 800, **settings})


def given(where, archive, stop=None, **settings):
    """What the source gives in an archive."""
    archive.mkdir(exist_ok=True)
    with source(where, **settings).opened(archive, stop or threading.Event()) as opened:
        return list(opened.records())


def names(found):
    """The ends of ids."""
    return [one.id.rpartition("/")[2] for one in found]


def test_a_collection_becomes_an_archive(server, museum, tmp_path):
    """Collections within are entered, pictures are asked for in the size that their server can give, and only once."""
    for name in ("a", "b", "c", "d"):
        museum.manifest(name)
    museum.collection("inner", museum.entry("b"), museum.entry("c"))
    museum.collection("top", museum.entry("a"), museum.entry("inner", "Collection"), museum.entry("d"))
    desk = Desk(tmp_path)
    summary = desk.run(source(f"{server.url}/top"), Encoder())
    assert (summary.added, summary.rejected, summary.published) == (4, 0, True)
    found = desk.index.open().points([f"{server.url}/b"])[0].payload
    assert (found["title"], found["object_id"]) == ("b", f"{server.url}/b")
    assert found["image"] == f"{server.url}/iiif/b/full/800,/0/default.jpg"
    server.forget()
    assert desk.run(source(f"{server.url}/top"), Encoder()).unchanged == 4
    assert not [path for path in server.paths() if path.endswith(".jpg")]


def test_pages_of_a_collection_follow_one_another(server, museum, tmp_path):
    """A collection that lists nothing itself leads to its first page, each page to the next."""
    for name in ("a", "b", "c"):
        museum.manifest(name)
    museum.collection("p2", museum.entry("c"))
    museum.collection("p1", museum.entry("a"), museum.entry("b"), next=f"{server.url}/p2")
    server.answer(
        "/top", {"@id": f"{server.url}/top", "@type": "sc:Collection", "first": f"{server.url}/p1", "total": 3}
    )
    assert names(given(f"{server.url}/top", tmp_path)) == ["a", "b", "c"]


def test_a_collection_in_itself_is_not_entered_again(server, museum, tmp_path):
    """Circles and pages that lead back are told and end."""
    museum.manifest("a")
    museum.collection("inner", museum.entry("top", "Collection"), museum.entry("a"), next=f"{server.url}/inner")
    museum.collection("top", museum.entry("inner", "Collection"))
    refused, taken = given(f"{server.url}/top", tmp_path)
    assert "lies within itself" in refused.reason
    assert isinstance(taken, Record)


def test_pages_that_lead_in_a_circle_end(server, museum, tmp_path):
    """A page that was turned to before is not turned to again."""
    for name in ("a", "b"):
        museum.manifest(name)
    museum.collection("p1", museum.entry("a"), next=f"{server.url}/p2")
    museum.collection("p2", museum.entry("b"), next=f"{server.url}/p3")
    museum.collection("p3", next=f"{server.url}/p2")
    assert names(given(f"{server.url}/p1", tmp_path)) == ["a", "b"]


@pytest.mark.parametrize("items", [["a"], []])
def test_a_collection_without_an_end_is_left(server, museum, tmp_path, items):
    """Pages that all list the same, or nothing, under ever new addresses, are given up."""
    museum.manifest("a")
    numbers = iter(range(10_000))
    page = {"type": "Collection", "items": [museum.entry(one) for one in items]}
    server.answer("/p", lambda _: {**page, "next": f"{server.url}/p?{next(numbers)}"})
    with pytest.raises(SourceError, match="has no end"):
        given(f"{server.url}/p", tmp_path)
    assert server.count("/p") < 110


def test_what_is_not_there_is_told_and_the_rest_is_taken(server, museum, tmp_path):
    """A manifest that is gone, one that is none, and an address that is none are refused each by itself."""
    museum.manifest("a")
    server.answer("/page", {"type": "AnnotationPage"})
    server.answer("/broken", status=418)
    server.answer("/html", "<html/>", type="text/html")
    gone, none, nowhere = museum.entry("gone"), museum.entry("page"), {"id": "urn:uuid:1", "type": "Manifest"}
    server.answer("/list", "<html/>", type="text/html")
    broken = museum.entry("broken"), museum.entry("html"), museum.entry("list", "Collection")
    museum.collection("top", gone, museum.entry("lost", "Collection"), none, nowhere, *broken, museum.entry("a"))
    found = given(f"{server.url}/top", tmp_path)
    assert [type(one) for one in found] == [Rejected] * 7 + [Record]
    assert "is no manifest but of the type AnnotationPage" in found[2].reason


def test_a_server_that_fails_ends_the_harvest_and_the_next_goes_on(server, museum, tmp_path):
    """What came is kept; the rest is asked for where it was left, deep within collections."""
    for name in ("a", "b", "c", "d"):
        museum.manifest(name)
    museum_inner = museum.collection("inner", museum.entry("b"), museum.entry("c"))
    museum.collection("top", museum.entry("a"), museum.entry("inner", "Collection"), museum.entry("d"))
    server.clear("/c")
    server.answer("/c", status=418)
    server.clear("/inner")
    server.answer("/inner", museum_inner, times=1)
    server.answer("/inner", status=418)
    with pytest.raises(SourceError, match="kept: run the same again"):
        given(f"{server.url}/top", tmp_path)
    museum.manifest("c")
    museum.collection("inner", museum.entry("b"), museum.entry("c"))
    server.forget()
    assert names(given(f"{server.url}/top", tmp_path)) == ["a", "b", "c", "d"]
    assert [path for path in server.paths() if path in ("/a", "/b", "/c", "/d")] == ["/c", "/d"]


def test_without_info_what_the_manifest_says_has_to_do(server, museum, tmp_path):
    """Where a server does not tell of its image the whole is asked for."""
    museum.manifest("a")
    server.clear("/iiif/a/info.json")
    assert given(f"{server.url}/a", tmp_path)[0].image.endswith("/iiif/a/full/max/0/default.jpg")


def test_a_folder_of_manifests_is_taken_with_pictures_beside_them(server, museum, tmp_path):
    """Files are read in the order of their names; a path is beside its manifest; what is no manifest is told."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    body = {"type": "Image", "id": "axe.png"}
    canvas = {"id": "c", "type": "Canvas", "items": [{"items": [{"motivation": "painting", "body": body}]}]}
    manifest = {"id": "{{ id }}", "type": "Manifest", "label": {"en": ["Axe"]}, "items": [canvas]}
    (folder / "sub" / "a.json").write_text(json.dumps(manifest))
    (folder / "sub" / "axe.png").write_bytes(picture(1))
    (folder / "b.json").write_text(json.dumps(museum.manifest("b")))
    (folder / "c.json").write_text("[" * 500)
    (folder / "d.json").write_text('{"type": "AnnotationPage"}')
    found = given(folder, tmp_path / "archive")
    assert names(found) == ["b", "c.json", "d.json", "a.json"]
    assert (found[3].id, found[3].image) == ("sub/a.json", "sub/axe.png")
    assert [isinstance(one, Record) for one in found] == [True, False, False, True]
    (one,) = given(folder / "sub" / "a.json", tmp_path / "other")
    assert one.image == "axe.png"


@pytest.mark.parametrize(
    ("data", "said"),
    [({"type": "AnnotationPage"}, "AnnotationPage: manifests, collections"), ([], "no document of IIIF")],
)
def test_what_is_no_iiif_is_said(server, tmp_path, data, said):
    """An address that leads to something else is an error in a sentence."""
    server.answer("/x", data)
    with pytest.raises(SourceError, match=said):
        given(f"{server.url}/x", tmp_path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    """A wrong path, and a folder without manifests."""
    with pytest.raises(SourceError, match="There is no file"):
        given(tmp_path / "no.json", tmp_path / "archive")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no JSON file"):
        given(tmp_path / "empty", tmp_path / "archive")


# ------------------------------------------------------------------ streams of changes


def activity(server, kind, name, at):
    """An activity about a manifest."""
    return {"type": kind, "object": {"id": f"{server.url}/{name}", "type": "Manifest"}, "endTime": at}


def stream(server, *pages):
    """Publish a stream of these pages of activities."""
    url = server.url
    server.clear("/changes")
    head = {"id": f"{url}/changes", "type": "OrderedCollection", "last": {"id": f"{url}/changes/{len(pages) - 1}"}}
    server.answer("/changes", head)
    for number, activities in enumerate(pages):
        page = {"type": "OrderedCollectionPage", "orderedItems": activities}
        if number:
            page["prev"] = {"id": f"{url}/changes/{number - 1}"}
        server.clear(f"/changes/{number}")
        server.answer(f"/changes/{number}", page)


def test_a_stream_of_changes_gives_what_is_there_and_then_what_is_new(server, museum, tmp_path):
    """At first all that is there now, each once; later only what changed, and what was deleted goes."""
    for name in ("a", "b", "c"):
        museum.manifest(name)
    old = [activity(server, "Create", name, "2020-01-01T00:00:00Z") for name in ("a", "b")]
    newer = [
        activity(server, "Update", "a", "2021-01-01T00:00:00Z"),
        activity(server, "Delete", "x", "2021-01-02T00:00:00Z"),
    ]
    stream(server, old, [*newer, activity(server, "Create", "c", "2021-01-03T00:00:00Z")])
    assert sorted(names(given(f"{server.url}/changes", tmp_path))) == ["a", "b", "c"]
    assert server.count("/a") == 1
    museum.manifest("b", label={"en": ["another"]})
    stream(
        server,
        old,
        newer,
        [
            activity(server, "Update", "b", "2999-01-01T00:00:00Z"),
            activity(server, "Delete", "c", "2999-01-02T00:00:00Z"),
        ],
    )
    server.forget()
    found = given(f"{server.url}/changes", tmp_path)
    assert {one.metadata["title"] for one in found} == {"a", "another"}
    assert server.count("/b") == 1
    assert not server.count("/a")
    assert not server.count("/changes/0")


def test_a_stream_without_an_end_ends(server, museum, tmp_path):
    """Pages that tell nothing new, one after another, are the end of a stream."""
    museum.manifest("a")
    numbers = iter(range(10_000))
    told = {"orderedItems": [activity(server, "Update", "a", "2020-01-01T00:00:00Z")]}
    server.answer("/p", lambda _: {**told, "prev": f"{server.url}/p?{next(numbers)}"})
    server.answer("/changes", {"type": "OrderedCollection", "last": f"{server.url}/p"})
    assert names(given(f"{server.url}/changes", tmp_path)) == ["a"]
    assert server.count("/p") < 110


def test_what_a_stream_says_is_there_and_is_not_is_removed(server, museum, tmp_path):
    """A manifest that is gone by the time it is asked for is no error."""
    museum.manifest("a")
    told = [activity(server, "Update", name, "2020-01-01T00:00:00Z") for name in ("a", "gone")]
    stream(server, told)
    assert names(given(f"{server.url}/changes", tmp_path)) == ["a"]


# ------------------------------------------------------------------ what was published


def test_real_folders_are_taken_whole(tmp_path, monkeypatch):
    """Every file of three folders is a manifest with pictures, or is refused with a reason; nothing is asked."""
    counted = {}
    for folder in ("iiif-v2", "iiif-v3", "iiif-v3-cookbook"):
        monkeypatch.setattr("ingest.harvest.client.Client.json", _unreachable)
        found = given(real(folder), tmp_path / folder)
        assert all(one.reason for one in found if isinstance(one, Rejected))
        counted[folder] = [sum(isinstance(one, kind) for one in found) for kind in (Record, Rejected)]
    # two of the first folder have the same id
    assert counted == {"iiif-v2": [697, 11], "iiif-v3": [64, 9], "iiif-v3-cookbook": [66, 8]}


def _unreachable(*_, **__):
    from ingest.harvest.answers import AnswerError

    raise AnswerError("no network in tests", 404)
