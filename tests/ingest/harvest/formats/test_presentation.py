"""IIIF manifests and collections of versions 2 and 3: canvases as records."""

import json

import pytest

from archive_search.types import Record
from ingest.harvest.formats.presentation import id_of, kind_of_data, listed, next_page, records_of, services
from tests.ingest.records import real

KEY = "https://museum.example/m"


def image(name="a", **more):
    """A picture with a service of level 2."""
    service = {"id": f"https://images.example/{name}", "type": "ImageService3", "profile": "level2"}
    return {
        "id": f"https://images.example/{name}/full/max/0/default.jpg",
        "type": "Image",
        "service": [service],
        **more,
    }


def canvas(*bodies, name="p1", **more):
    """A canvas of version 3 that shows pictures."""
    painted = [
        {"type": "Annotation", "motivation": "painting", "body": body, "target": f"{KEY}/{name}"} for body in bodies
    ]
    return {"id": f"{KEY}/{name}", "type": "Canvas", "items": [{"type": "AnnotationPage", "items": painted}], **more}


def manifest(*canvases, **more):
    """A manifest of version 3."""
    return {"id": KEY, "type": "Manifest", "label": {"en": ["Axe"]}, "items": list(canvases), **more}


def read(data, languages=("en",), longest=800, infos=None):
    """The records of a manifest."""
    return list(records_of(data, id_of(data), languages, longest, infos))


def one(data, *languages):
    """The metadata of the only record."""
    (record,) = read(data, languages or ("en",))
    return record.metadata


def pair(label, value):
    """A pair of metadata in English."""
    return {"label": {"en": [label]}, "value": {"en": [value]}}


VERSION_2 = {
    "@id": KEY,
    "@type": "sc:Manifest",
    "label": [{"@value": "Økse", "@language": "da"}, {"@value": "Axe", "@language": "en"}],
    "description": "<p>Of bronze.</p>",
    "attribution": "The museum<br/>License: <a href='http://creativecommons.org/licenses/by/4.0/'>CC BY</a>",
    "license": "http://creativecommons.org/licenses/by/4.0/",
    "related": {"@id": "https://museum.example/page", "format": "text/html"},
    "metadata": [{"label": "Materiale", "value": ["bronze", "træ"]}, {"label": "Date", "value": "1700 BC"}],
    "sequences": [
        {
            "canvases": [
                {
                    "@id": f"{KEY}/p1",
                    "images": [
                        {
                            "motivation": "sc:painting",
                            "resource": {
                                "@id": "https://images.example/a/full/full/0/default.jpg",
                                "@type": "dctypes:Image",
                                "service": {
                                    "@id": "https://images.example/a",
                                    "profile": "http://iiif.io/api/image/2/level2.json",
                                },
                            },
                        }
                    ],
                }
            ]
        }
    ],
}


def test_version_2_is_read():
    """Labels, metadata, licence, attribution, page and picture stand where version 2 has them."""
    (record,) = read(VERSION_2)
    assert (record.id, record.image) == (KEY, "https://images.example/a/full/!800,800/0/default.jpg")
    assert record.metadata == {
        "title": "Axe",
        "description": "Of bronze.",
        "material": ["bronze", "træ"],
        "date": "1700 BC",
        "date_from": -1700,
        "date_to": -1700,
        "dated_by": "date",
        "object_id": KEY,
        "licence": "CC BY 4.0",
        "rights": "http://creativecommons.org/licenses/by/4.0/",
        "credit": "The museum\nLicense: CC BY",
        "record_url": "https://museum.example/page",
        "image_url": "https://images.example/a/full/!800,800/0/default.jpg",
    }


def test_version_3_is_read():
    """Labels in several languages, rights, required statement, provider and homepage fill their fields."""
    data = manifest(
        canvas(image()),
        label={"da": ["Økse"], "en": ["Axe"]},
        summary={"en": ["<p>Of <b>bronze</b>.</p>"]},
        rights="http://creativecommons.org/licenses/by-sa/4.0/",
        requiredStatement={"label": {"en": ["Attribution"]}, "value": {"en": ["Provided by the museum"]}},
        provider=[{"type": "Agent", "label": {"en": ["The museum", "1 Street", "E mail@museum.example"]}}],
        homepage=[{"id": "https://museum.example/page", "type": "Text"}],
        metadata=[
            {"label": {"en": ["Inventory number"]}, "value": {"none": ["A 1"]}},
            {"label": {"cy": ["Dyddiad"], "en": ["Date"]}, "value": {"none": ["1700 BC"]}},
            {"label": {"de": ["Maße"]}, "value": {"none": ["H. 12 cm"]}},
            pair("Held by", "The store"),
            pair("Fabric", "coarse"),
        ],
    )
    assert one(data, "da", "en") == {
        "title": "Økse",
        "description": "Of bronze.",
        "object_id": KEY,
        "date": "1700 BC",
        "date_from": -1700,
        "date_to": -1700,
        "dated_by": "date",
        "measurements": "H. 12 cm",
        "height_mm": 120.0,
        "licence": "CC BY-SA 4.0",
        "rights": "http://creativecommons.org/licenses/by-sa/4.0/",
        "credit": "Provided by the museum",
        "source": "The museum",
        "location": "The store",
        "record_url": "https://museum.example/page",
        "image_url": "https://images.example/a/full/!800,800/0/default.jpg",
        "extra": {"Inventory number": "A 1", "Fabric": "coarse"},
    }


def test_each_canvas_is_a_record_of_the_same_object():
    """The first has the manifest's id, the others a name behind it; titles tell them apart."""
    first, second, third = read(
        manifest(
            canvas(image("a"), name="p1", label={"none": ["front"]}),
            canvas(image("b"), name="p2", label={"none": ["back"]}),
            canvas(image("c"), name="p3", label={"none": ["-"]}),
        )
    )
    assert [one.id for one in (first, second, third)] == [KEY, f"{KEY}/p2", f"{KEY}/p3"]
    assert [one.metadata["title"] for one in (first, second, third)] == ["Axe, front", "Axe, back", "Axe"]
    assert {one.metadata["object_id"] for one in (first, second, third)} == {KEY}


def test_canvases_whose_ids_do_not_differ_are_numbered():
    """Ids stay unique whatever canvases are called."""
    data = manifest(*[canvas(image(name), name="p") for name in "abc"])
    assert [one.id for one in read(data)] == [KEY, f"{KEY}/2", f"{KEY}/3"]


def test_what_the_canvas_says_comes_before_what_the_manifest_says():
    """Metadata, credit and rights of one canvas are that picture's."""
    statement = {"label": {"en": ["By"]}, "value": {"en": ["The photographer"]}}
    said = one(
        manifest(
            canvas(image(), metadata=[pair("Date", "1900")], requiredStatement=statement),
            metadata=[pair("Date", "1800"), pair("Material", "clay")],
            requiredStatement={"value": {"en": ["The museum"]}},
        )
    )
    assert (said["date"], said["material"], said["credit"]) == ("1900", "clay", "The photographer")


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ({"type": "Choice", "items": [image("a"), image("b")]}, "https://images.example/a/full/!800,800/0/default.jpg"),
        ({"type": "SpecificResource", "source": image("a"), "selector": {"region": "1,2,30,40"}},
         "https://images.example/a/1,2,30,40/!800,800/0/default.jpg"),
        ({"id": "https://a.example/a.png", "type": "Image"}, "https://a.example/a.png"),
        ({"id": "pictures/a.png", "type": "Image"}, "pictures/a.png"),
        ("https://a.example/a.png", "https://a.example/a.png"),
        ([{"type": "Sound", "id": "https://a.example/a.mp3"}, image("b")], "https://images.example/b/full/!800,800/0/default.jpg"),
    ],
)  # fmt: skip
def test_bodies_in_all_shapes_give_a_picture(body, address):
    """Of a choice the first, of a part that part, of a picture without a service the picture itself."""
    assert [one.image for one in read(manifest(canvas(body)))] == [address]


def test_of_several_pictures_on_a_canvas_the_one_that_covers_most_is_taken():
    """A detail that is laid on the whole is not taken for it."""
    data = manifest(canvas(image("detail"), image("whole"), width=100, height=100))
    data["items"][0]["items"][0]["items"][0]["target"] = f"{KEY}/p1#xywh=10,10,20,20"
    assert "whole" in read(data)[0].image


@pytest.mark.parametrize("body", [{"id": "https://a.example/a.mp4", "type": "Video"}, {"type": "Choice"}, {}, None, 5])
def test_a_canvas_without_a_still_picture_says_so(body):
    """Films, recordings and what is no body at all are refused, each with the reason."""
    (refused,) = read(manifest(canvas(body)))
    assert (refused.id, "no still picture" in refused.reason) == (KEY, True)


def test_the_canvases_beside_a_film_are_taken():
    """What cannot be shown is told by its canvas; the first picture has the manifest's id."""
    film, picture = read(manifest(canvas({"type": "Video", "id": "https://a.example/a"}), canvas(image(), name="p2")))
    assert (film.id, picture.id) == (f"{KEY}/p1", KEY)


def test_what_a_server_tells_of_its_image_counts():
    """Its own word on the image's size and what it can do comes before the manifest's."""
    info = {"https://images.example/a": {"profile": "level1", "width": 500, "height": 400, "type": "ImageService3"}}
    assert read(manifest(canvas(image())), infos=info)[0].image == "https://images.example/a/full/max/0/default.jpg"


def test_labels_are_text_and_values_lose_their_markup():
    """A script in a label stays the text that it is; in a value or summary it goes."""
    script = "<script>alert(1)</script>Axe"
    said = one(
        manifest(canvas(image()), label={"en": [script]}, summary={"en": [script]}, metadata=[pair("Fabric", script)])
    )
    assert (said["title"], said["description"], said["extra"]["Fabric"]) == (script, "Axe", "Axe")


def test_a_licence_in_the_statement_is_found_where_no_other_is_told():
    """The address of a licence within what must be shown is the licence; the name alone without an address is none."""
    told = {"value": {"en": ["A. Berg, <a href='http://creativecommons.org/licenses/by/4.0/'>licence</a>"]}}
    assert one(manifest(canvas(image()), requiredStatement=told))["licence"] == "CC BY 4.0"
    assert "licence" not in one(manifest(canvas(image()), requiredStatement={"value": {"en": ["A. Berg"]}}))


def test_the_date_to_sort_by_serves_where_no_other_is_told():
    """The navDate gives the years only where the metadata has no date."""
    assert one(manifest(canvas(image()), navDate="1885-01-01T00:00:00Z"))["date_from"] == 1885
    dated = manifest(canvas(image()), navDate="1885-01-01T00:00:00Z", metadata=[pair("Date", "1700")])
    assert one(dated)["date_from"] == 1700


def test_a_canvas_alone_is_a_manifest_of_one():
    """Some services answer with a single canvas."""
    assert [one.id for one in read({**canvas(image()), "label": {"en": ["A page"]}})] == [f"{KEY}/p1"]


def test_collections_list_each_once_and_lead_on():
    """Members, manifests, collections and items are one list; pages lead to the next, an empty head to the first."""
    data = {
        "@type": "sc:Collection",
        "members": [{"@id": "m1", "@type": "sc:Manifest"}, {"@id": "r", "@type": "sc:Range"}],
        "manifests": [{"@id": "m1", "@type": "sc:Manifest"}, "m2"],
        "collections": [{"@id": "c1", "@type": "sc:Collection"}],
        "next": "page2",
    }
    assert [id_of(one) for one in listed(data)] == ["m1", "c1", "m2"]
    assert next_page(data) == "page2"
    assert next_page({"@type": "sc:Collection", "first": "page1"}) == "page1"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"type": "Manifest"}, "manifest"),
        ({"@type": "sc:Collection"}, "collection"),
        ({"type": "OrderedCollection"}, "changes"),
        ({"sequences": []}, "manifest"),
        ({"@type": "sc:AnnotationList"}, ""),
        ([], ""),
        ("Manifest", ""),
    ],
)
def test_documents_are_told_apart(data, kind):
    """What is none of those that are read is none."""
    assert kind_of_data(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        manifest(),
        {"id": KEY, "type": "Manifest"},
        manifest(
            canvas(image()), metadata="x", label=5, provider="x", homepage=5, rights={"a": 1}, requiredStatement=[]
        ),
        manifest({"id": 5, "items": "x"}, "x", canvas({"id": ["x"], "type": 5, "service": [5, None]})),
        {**VERSION_2, "sequences": [{"canvases": [{"images": "x", "@id": None}]}], "label": {"@value": None}},
    ],
)
def test_misshapen_manifests_raise_nothing(data):
    """Whatever stands in the place of a list or a text, each canvas is a record or is refused."""
    assert read(data)


@pytest.mark.parametrize(
    ("folder", "manifests", "pictures", "refused", "others"),
    [
        ("iiif-v2", 24, 698, 0, 11),
        ("iiif-v3", 13, 64, 7, 2),
        ("iiif-v3-cookbook", 28, 66, 4, 4),
    ],
)
def test_real_manifests_are_read(folder, manifests, pictures, refused, others):
    """Every manifest that was published gives a record for each canvas with a picture, with a title and an address."""
    found, read_, other = [], 0, 0
    for file in sorted(real(folder).glob("*.json")):
        data = json.loads(file.read_text())
        if kind_of_data(data) not in ("manifest", "canvas"):
            other += 1
            continue
        read_ += 1
        of_this = read(data, longest=1600)
        assert len({record.id for record in of_this}) == len(of_this)
        assert len(services(data)) <= len(of_this)
        found += of_this
    records = [record for record in found if isinstance(record, Record)]
    assert (read_, len(records), len(found) - len(records), other) == (manifests, pictures, refused, others)
    assert all(record.image.startswith("http") and record.metadata["title"] for record in records)
