"""LIDO: what a record says, by field, and its pictures."""

import re
from collections import Counter

import pytest

from archive_search.types import Record
from ingest.harvest.formats import lido
from ingest.harvest.xml import elements, parse_xml
from tests.ingest.records import HERE, real, record


def read(name, languages=("en",)):
    """The records of all LIDO records in a file of the test's own."""
    root = parse_xml(record(name), name)
    return [one for held in root.iter(lido.TAG) for one in lido.records_of(held, lido.key_of(held), languages)]


@pytest.fixture(scope="module")
def axe():
    """The records of an axe with two pictures, and one without."""
    return read("lido-1.0.xml")


def test_every_part_of_a_record_fills_its_field(axe):
    """Titles, types, measurements, events, repository and rights are told apart and become fields."""
    assert axe[0].metadata == {
        "title": "Bronzeøkse",
        "object_type": "axe (weapon)",
        "description": "Økse med skafthul.\n\nÆggen er skadet.\n\nHele øksen.",
        "measurements": "Længde 12,5 cm; Vægt 340 g",
        "length_mm": 125.0,
        "weight_g": 340.0,
        "material": ["bronze", "træ", "læder"],
        "technique": ["støbt", "slebet"],
        "creator": "Mester Ole",
        "culture": "Nordisk",
        "period": "Nordic Bronze Age",
        "origin": "Jylland",
        "findspot": "Gudenåen, Danmark",
        "place": "Sjælland",
        "point": {"lat": 56.45, "lon": 9.61},
        "language": "da",
        "date": "ældre bronzealder",
        "date_from": -1700,
        "date_to": -1100,
        "dated_by": "columns",
        "location": "Museet",
        "object_id": "Museet A 1",
        "source": "Samlingen",
        "record_url": "https://museum.example/id/A1",
        "licence": "CC BY-SA 4.0",
        "rights": "http://creativecommons.org/licenses/by-sa/4.0/",
        "rights_holder": "Fotografen",
        "credit": "Foto: Fotografen, Museet",
        "image_url": "https://museum.example/A1.jpg",
        "extra": {
            "inventory number": "A 1",
            "classification": ["arkæologi"],
            "subject": ["agriculture"],
            "concepts": [
                "http://vocab.getty.edu/aat/300024680",
                "http://vocab.getty.edu/aat/300019279",
                "http://vocab.getty.edu/aat/300010957",
                "https://d-nb.info/gnd/4002671-6",
            ],
        },
    }


def test_each_picture_is_a_record_of_the_same_object(axe):
    """Pictures come in their own order, the provided one before that for lists; what is no picture is none."""
    assert [(one.id, one.image) for one in axe[:2]] == [
        ("MUS/A1", "https://museum.example/A1.jpg"),
        ("MUS/A1/2", "https://museum.example/A1-back.jpg"),
    ]
    back = axe[1].metadata
    assert (back["object_id"], back["extra"]["view"]) == ("Museet A 1", "bagside")
    assert not {"licence", "credit", "rights_holder"} & back.keys()


def test_a_record_without_a_picture_says_so(axe):
    """It is refused with its id and the reason."""
    assert (axe[2].id, axe[2].stage) == ("MUS/A2", "record")
    assert "links no picture" in axe[2].reason
    assert len(axe) == 3


def test_the_language_that_is_wanted_is_taken_term_by_term():
    """Where a term stands in several languages the wanted one counts, for each term by itself."""
    assert read("lido-1.0.xml", ("da",))[0].metadata["object_type"] == "økse"
    assert read("lido-1.1.xml", ("de", "en"))[0].metadata["object_type"] == "Schrank"


def test_lido_1_1_is_read_with_its_concepts():
    """SKOS concepts give terms, units and addresses; materials may stand with the object; a picture may be a path."""
    (cabinet,) = read("lido-1.1.xml")
    assert (cabinet.id, cabinet.image) == ("MUS/B7", "pictures/B7.jpg")
    said = cabinet.metadata
    assert (said["object_type"], said["material"], said["height_mm"]) == ("cabinet", "Ebenholz", 1060.0)
    assert (said["licence"], said["object_id"]) == ("CC0", "MUS/B7")
    assert said["extra"]["concepts"] == ["http://vocab.getty.edu/aat/300038888", "https://d-nb.info/gnd/7697258-6"]
    assert "image_url" not in said


def changed(*pairs):
    """The records of the axe after changes to its XML."""
    text = record("lido-1.0.xml").decode()
    for old, new in pairs:
        assert re.search(old, text)
        text = re.sub(old, new, text)
    held = parse_xml(text, "It").find(lido.TAG)
    return list(lido.records_of(held, lido.key_of(held), ("en",)))


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("lido00007", "eventType/production", "origin", "Jylland"),
        ("lido00007", "x", "origin", "Jylland"),
        ('<lido:term xml:lang="da">Udgravning', '<lido:term xml:lang="en">Finding', "findspot", "Gudenåen, Danmark"),
        ('xml:lang="(..)"', r'lido:lang="\1"', "object_type", "axe (weapon)"),
        ("(?s)<lido:objectWorkTypeWrap>.*?</lido:objectWorkTypeWrap>", "", "object_type", "arkæologi"),
        ("(?s)<lido:displayDate>ældre.*?</lido:displayDate>", "", "date_from", -1700),
        ("http://creativecommons.org/licenses/by-sa/4.0/", "", "licence", "CC BY-SA 4.0"),
        ("<lido:workID>A 1</lido:workID>", "", "object_id", "MUS/A1"),
        (
            "(<lido:repositoryName>)(.*Museet)",
            r"\1<lido:legalBodyID>http://ld.zdb-services.de/resource/organisations/DE-68</lido:legalBodyID>\2",
            "object_id",
            "DE-68 A 1",
        ),
    ],
)
def test_what_museums_write_otherwise_means_the_same(old, new, field, value):
    """Other addresses and words for events, draft attributes, missing terms and numbers are understood."""
    assert changed((old, new))[0].metadata[field] == value


def test_what_an_acquisition_says_is_not_said_of_the_making():
    """Neither the place nor the year of another event becomes the object's, where no event of making is told."""
    said = changed(("lido00007", "lido00001"), ("Fremstilling", "Køb"))[0].metadata
    assert not {"origin", "creator", "date", "date_from", "material"} & said.keys()


def test_records_are_valid_lido():
    """The test's own records are LIDO by the official schema."""
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(real("lido") / "schema-1.1" / "lido-v1.1.xsd")))
    for name in ("lido-1.0.xml", "lido-1.1.xml"):
        schema.assertValid(etree.parse(str(HERE / name)))


@pytest.mark.parametrize(
    ("file", "objects", "pictures"),
    [
        ("nfdi4objects_example2.xml", 20, 32),
        ("inp_romania_first120.xml", 120, 120),
        ("LIDO-Extended-Example.xml", 3, 5),
        ("LIDO-Test.xml", 1, 1),
        ("nfdi4objects_example1.xml", 1, 3),
        ("nfdi4objects_defaultLido.xml", 1, 3),
        ("europeana_contrib_lido-draft-v1.0.xml", 1, 1),
    ],
)
def test_real_records_are_read(file, objects, pictures):
    """Every record that museums have published becomes one record per picture, each with what it is and where."""
    found, keys = [], []
    with (real("lido") / file).open("rb") as stream:
        for held in elements(stream, (lido.TAG,), file):
            keys.append(lido.key_of(held))
            found += lido.records_of(held, keys[-1], ("en",))
    assert (len(set(keys)), len(found)) == (objects, pictures)
    assert all(isinstance(one, Record) for one in found)
    filled = Counter(field for one in found for field in one.metadata)
    assert all(filled[field] == pictures for field in ("title", "object_type", "object_id", "location", "source"))
