"""Dublin Core: what its few terms say of an object."""

from ingest.harvest.formats import dublin_core
from ingest.harvest.xml import parse_xml
from tests.ingest.records import record

TEXT = record("oai_dc.xml").decode()


def read(text=TEXT, languages=("en",)):
    """The records of a Dublin Core record."""
    return list(dublin_core.records_of(parse_xml(text, "It"), "oai:3", languages))


def test_terms_fill_fields_and_addresses_are_told_apart():
    """Numbers, pages and pictures all stand among the identifiers; types of files are no types of objects."""
    first, second = read()
    assert first.metadata == {
        "title": "Fibula",
        "creator": "Unknown",
        "object_type": "fibula",
        "date": "200 BC",
        "date_from": -200,
        "date_to": -200,
        "dated_by": "date",
        "place": "Lyon",
        "object_id": "oai:3",
        "record_url": "https://museum.example/3",
        "image_url": "https://museum.example/3.jpg",
        "licence": "CC BY 4.0",
        "rights": "http://creativecommons.org/licenses/by/4.0/",
        "credit": "Museum of Lyon",
        "extra": {"format": ["bronze"], "inventory number": ["INV-3"]},
    }
    assert (second.id, second.image) == ("oai:3/2", "https://museum.example/3-b.png")


def test_the_preferred_language_is_taken():
    """A title in several languages is taken in the one wanted."""
    assert read(languages=("fr",))[0].metadata["title"] == "Fibule"


def test_a_record_without_a_picture_says_what_may_help():
    """Where no address is a picture's, the reason names the formats that have a place for one."""
    (refused,) = read(TEXT.replace(".jpg", "").replace(".png", ""))
    assert "lido or edm" in refused.reason


def test_qualified_terms_come_before_plain_ones():
    """The terms of dcterms fill what the fifteen elements have no place for."""
    text = TEXT.replace('xmlns:dc=', 'xmlns:t="http://purl.org/dc/terms/" xmlns:dc=').replace(
        "<dc:creator>",
        "<t:medium>bronze</t:medium><t:extent>H. 3 cm</t:extent><t:created>300 BC</t:created><dc:creator>",
    )  # fmt: skip
    said = read(text)[0].metadata
    assert (said["material"], said["height_mm"], said["date_from"]) == ("bronze", 30.0, -300)
