"""EDM: what the aggregation, the object and what is described beside it say."""

import pytest

from ingest.harvest.formats import edm
from ingest.harvest.xml import parse_xml
from tests.ingest.records import record

TEXT = record("edm.xml").decode()


def read(text=TEXT, languages=("en",)):
    """The records of an EDM record."""
    return list(edm.records_of(parse_xml(text, "It"), "oai:9", languages))


def test_the_object_the_aggregation_and_their_context_fill_fields():
    """What is named by an address is told by its label, in the language wanted; places give a point."""
    first = read()[0]
    assert (first.id, first.image) == ("oai:9", "https://museum.example/9.jpg")
    assert first.metadata == {
        "title": "Brooch",
        "object_type": "brooches",
        "description": "Spänne av silver.",
        "date": "850",
        "date_from": 850,
        "date_to": 850,
        "dated_by": "date",
        "material": "silver",
        "measurements": "Längd 5 cm",
        "place": "Gothenburg",
        "point": {"lat": 57.7, "lon": 11.97},
        "object_id": "oai:9",
        "location": "Museet",
        "source": "Förmedlaren",
        "record_url": "https://museum.example/9",
        "licence": "Public Domain Mark",
        "rights": "http://creativecommons.org/publicdomain/mark/1.0/",
        "image_url": "https://museum.example/9.jpg",
        "extra": {
            "subject": ["jewellery"],
            "inventory number": ["SHM 9"],
            "concepts": [
                "http://vocab.getty.edu/aat/300045995",
                "http://vocab.getty.edu/aat/300011029",
                "https://sws.geonames.org/2711537/",
            ],
        },
    }


def test_a_view_is_a_record_with_rights_of_its_own():
    """A further picture shares the object; its own licence and credit come before the record's; a PDF is no view."""
    assert [one.image for one in read()] == ["https://museum.example/9.jpg", "https://museum.example/9-b.tif"]
    view = read()[1].metadata
    assert (view["object_id"], view["licence"], view["credit"]) == ("oai:9", "CC BY 4.0", "Foto: A. Berg, CC BY 4.0")


def test_the_preferred_language_is_taken():
    """Titles and labels of places are in the language that is wanted."""
    said = read(languages=("sv",))[0].metadata
    assert (said["title"], said["place"]) == ("Spänne", "Göteborg")


@pytest.mark.parametrize(
    ("old", "new", "images"),
    [
        ("9.jpg", "9.mp3", ["https://museum.example/9-b.tif"]),
        ('<edm:type>IMAGE', '<edm:type>TEXT', ["https://museum.example/9.jpg", "https://museum.example/9-b.tif"]),
    ],
)  # fmt: skip
def test_only_pictures_are_shown(old, new, images):
    """A recording is no picture; a picture of a text is one by its name."""
    assert [one.image for one in read(TEXT.replace(old, new))] == images


def test_without_pictures_the_small_one_serves_or_the_record_is_refused():
    """The picture for lists is taken where there is no other; without any the reason is told."""
    without = TEXT.replace("9.jpg", "9.mp3").replace("9-b.tif", "9-b.mp3")
    assert [one.image for one in read(without)] == ["https://museum.example/9-small.jpg"]
    assert "links no picture" in read(without.replace("edm:object ", "edm:other "))[0].reason
    assert "ore:Aggregation" in read(TEXT.replace("ore:Aggregation", "ore:Other"))[0].reason
