"""What records of museums' services mean: each field from where its service tells it, with the faults they have."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archive_search.metadata.licences import is_open
from archive_search.metadata.numbers import numbers_of
from archive_search.types import InvalidInputError, MetadataError, Record
from ingest.harvest.harvested import Harvested
from ingest.harvest.pictured import Picture, records_of
from ingest.harvest.plain_text import plain_text
from ingest.harvest.remote import Item
from ingest.harvest.values import objects, text, texts
from ingest.source import Rejected
from ingest.sources.artic import Artic
from ingest.sources.cleveland import Cleveland
from ingest.sources.europeana import Europeana
from ingest.sources.met import Met
from ingest.sources.natmus import Natmus, record_in
from ingest.sources.opencontext import OpenContext
from ingest.sources.pas import Pas
from ingest.sources.sciencemuseum import ScienceMuseum
from ingest.sources.smk import Smk
from ingest.sources.vam import Vam
from tests.ingest.museums import natmus_page


def records(source: Harvested, content: Any, key: str = "1", url: str = "") -> list[Record]:
    """The records of one item."""
    made = list(source.described(Item(key, content, url)))
    assert [one for one in made if isinstance(one, Rejected)] == []
    return [one for one in made if isinstance(one, Record)]


def told(source: Harvested, content: Any, key: str = "1") -> dict[str, Any]:
    """The metadata of an item's first record."""
    return dict(records(source, content, key)[0].metadata)


def reason(source: Harvested, content: Any) -> str:
    """Why an item becomes no record."""
    (made,) = source.described(Item("1", content))
    assert isinstance(made, Rejected)
    return made.reason


def among(metadata: Mapping[str, Any], **expected: Any) -> None:
    """These fields hold just this."""
    assert {name: metadata.get(name) for name in expected} == expected


# ------------------------------------------------------------------ values, texts, pictures


def test_values_by_path() -> None:
    """A path leads through lists and objects alike; numbers are texts, markup goes, each text comes once."""
    answer = {"a": [{"b": 1.0}, {"b": ["x", "x", " <i>y</i> &amp; z"]}], "c": True, "d": {"b": None}}
    assert texts(answer, "z", "a.b") == ["1", "x", "y & z"]
    assert (text(answer, "c", "d.b"), texts(answer, "a")) == ("", [])
    assert objects(answer, "a") == answer["a"]
    assert objects(answer, "d") == [{"b": None}]


def test_text_of_a_page() -> None:
    """Paragraphs become lines, entities characters, and scripts nothing; a < that begins no tag stays."""
    page = "<p>Æ <em>b</em>&nbsp;c</p>\n<script>x()</script><ul><li>d<li>e</ul>"
    assert plain_text(page) == "Æ b c\nd\ne"
    assert text({"a": "3 < 4 and 5 > 4"}, "a") == "3 < 4 and 5 > 4"


def test_pictures_of_an_object() -> None:
    """The first picture has the object's id, the others their own name; what is no web address is told by itself."""
    addresses = ("https://x.example/a.jpg", "https://x.example/b.jpg?w=1", "https://y.example/b.jpg", "file:///etc/x")
    pictures = [Picture(one) for one in (*addresses, addresses[0], "http://[")]
    made = list(records_of("o1", {"title": "T"}, pictures))
    assert [one.id for one in made] == ["o1", "o1/b", "o1/b-2", "o1/x", "o1/["]
    assert [isinstance(one, Record) for one in made] == [True, True, True, False, False]
    assert {one.metadata["object_id"] for one in made if isinstance(one, Record)} == {"o1"}


# ------------------------------------------------------------------ museums

CAT = {
    "objectID": 544120,
    "accessionNumber": "15.43.26",
    "isPublicDomain": True,
    "primaryImage": "https://images.metmuseum.org/CRDImages/eg/original/15.43.26_rp.jpg",
    "additionalImages": ["https://images.metmuseum.org/CRDImages/eg/original/DP228708.jpg"],
    "constituents": None,
    "department": "Egyptian Art",
    "objectName": "Amulet, Cat",
    "title": "Cat amulet",
    "period": "Late Period",
    "dynasty": "Dynasty 26–29",
    "objectDate": "664–380 B.C.",
    "objectBeginDate": -664,
    "objectEndDate": -712,
    "medium": "Faience",
    "dimensions": "h. 2.3 cm (7/8 in)",
    "geographyType": "From",
    "country": "Egypt",
    "region": "Upper Egypt, Thebes",
    "repository": "Metropolitan Museum of Art, New York, NY",
    "objectURL": "https://www.metmuseum.org/art/collection/search/544120",
    "tags": [{"term": "Cats", "AAT_URL": "http://vocab.getty.edu/page/aat/300265960"}],
}


def test_met() -> None:
    """An object of the Met: its pictures share its number, an end before its beginning is turned, CC0 is open."""
    first, second = records(Met(), CAT, "544120")
    assert (first.id, second.id) == ("met-544120", "met-544120/DP228708")
    assert second.image == "https://images.metmuseum.org/CRDImages/eg/web-large/DP228708.jpg"
    among(first.metadata, object_id="Met 15.43.26", title="Cat amulet", object_type="Amulet, Cat", material="Faience")
    among(first.metadata, date_from=-712, date_to=-664, date="664–380 B.C.", height_mm=23.0)
    among(first.metadata, findspot="Upper Egypt, Thebes, Egypt", collection="Egyptian Art", language="en")
    assert first.metadata["period"] == ["Late Period", "Dynasty 26–29"]
    assert first.metadata["extra"] == {"inventory number": "15.43.26", "tags": ["Cats"]}
    assert "154326" in numbers_of(first.metadata)
    assert is_open(first.metadata["licence"])


def test_met_as_it_was_and_in_full() -> None:
    """Older answers have tags as words; pictures are had as large as there are; makers come from constituents."""
    made = told(Met(size="original"), {**CAT, "tags": ["Cats", "Amulets"], "constituents": [{"name": "A"}, {}, 3]})
    assert made["extra"]["tags"] == ["Cats", "Amulets"]
    among(made, creator="A", image_url=CAT["primaryImage"])


def test_met_without_rights() -> None:
    """An object that is not in the public domain has no pictures, and is rejected with that reason."""
    assert "public domain" in reason(Met(), {**CAT, "isPublicDomain": False, "primaryImage": ""})
    assert reason(Met(), {**CAT, "primaryImage": "", "additionalImages": []}).startswith("The service gives no picture")


def test_met_asks_only_what_it_can() -> None:
    """What the Met's search does not take is refused before anything is asked."""
    for wrong in ({"year_from": -500}, {"place": "Egypt"}, {"query": "cat", "department": (3, 10)}):
        with pytest.raises(InvalidInputError):
            Met(**wrong)


def test_artic() -> None:
    """A work of the Art Institute: pictures by its image ids in the width wanted; only what is in the public domain."""
    work = {
        "id": 11,
        "title": "Self-Portrait",
        "main_reference_number": "1887.234",
        "is_public_domain": True,
        "image_id": "7b7a",
        "alt_image_ids": ["3b21"],
        "date_start": 1878,
        "date_end": 1878,
        "date_display": "1878",
        "artwork_type_title": "Painting",
        "artist_titles": ["Walter Shirlaw"],
        "material_titles": ["oil paint (paint)", "organic material"],
        "dimensions": "70.2 × 53.4 cm (27 5/8 × 21 in.)",
        "description": "<p>A man <em>alone</em>.</p>",
        "place_of_origin": "United States",
    }
    first, second = records(Artic(width=600), work, "11")
    assert (first.id, second.id) == ("artic-11", "artic-11/3b21")
    assert first.image == "https://www.artic.edu/iiif/2/7b7a/full/600,/0/default.jpg"
    among(
        first.metadata,
        object_id="AIC 1887.234",
        date_from=1878,
        height_mm=702.0,
        width_mm=534.0,
        creator="Walter Shirlaw",
    )
    among(first.metadata, description="A man alone.", origin="United States", object_type="Painting")
    assert first.metadata["material"] == ["oil paint (paint)", "organic material"]
    assert "public domain" in reason(Artic(), {**work, "is_public_domain": None})


def test_artic_saved(tmp_path: Path) -> None:
    """A folder of the museum's data dump gives the works that may be taken, page by page, without asking anybody."""
    work = {"is_public_domain": True, "image_id": "i", "title": "T"}
    for number in range(150):
        one = {"id": number, **work, **({"is_public_domain": False} if number == 7 else {})}
        (tmp_path / f"{number:03}.json").write_text(json.dumps(one), encoding="utf-8")
    (tmp_path / "faulty.json").write_text("{", encoding="utf-8")
    source = Artic(saved=tmp_path)
    pages = list(source.pages(None, "", ""))  # type: ignore[arg-type]
    assert [(len(page.items), page.resume) for page in pages] == [(99, "099.json"), (51, "")]
    assert [one.id for page in pages for one in page.items if isinstance(one, Rejected)] == ["faulty.json"]
    assert list(source.pages(None, "099.json", "")) == pages[1:]  # type: ignore[arg-type]
    assert all(records(source, one.content, one.key) for one in pages[0].items if isinstance(one, Item))
    with pytest.raises(InvalidInputError):
        Artic(saved=tmp_path, query="cat")
    with pytest.raises(MetadataError, match="data dump"):
        list(Artic(saved=tmp_path.parent).pages(None, "", ""))  # type: ignore[arg-type]


def test_cleveland() -> None:
    """A work of the Cleveland Museum: every picture in the size wanted, and none that is not CC0."""
    work = {
        "id": 96887,
        "accession_number": "1916.586.a",
        "share_license_status": "CC0",
        "title": "Scent Bottle",
        "type": "Glass",
        "technique": "glass with enamel decoration",
        "culture": ["Germany, 18th century"],
        "creation_date": "1700s",
        "creation_date_earliest": 1700,
        "creation_date_latest": 1799,
        "creators": [],
        "measurements": "Overall: 10.2 cm (4 in.)",
        "find_spot": "Dresden",
        "images": {"web": {"url": "https://c.example/a_web.jpg"}, "print": {"url": "https://c.example/a_print.jpg"}},
        "alternate_images": [{"web": {"url": "https://c.example/b_web.jpg"}}, {"full": None}],
    }
    assert [one.image for one in records(Cleveland(), work)] == [
        "https://c.example/a_web.jpg",
        "https://c.example/b_web.jpg",
    ]
    made = told(Cleveland(size="print"), work)
    among(made, image_url="https://c.example/a_print.jpg", object_id="CMA 1916.586.a", date_from=1700, date_to=1799)
    among(made, culture="Germany, 18th century", technique="glass with enamel decoration", findspot="Dresden")
    assert "CC0" in reason(Cleveland(), {**work, "share_license_status": "Copyrighted"})


def test_smk() -> None:
    """A work of Statens Museum for Kunst: years out of moments, sizes with their names, Danish words as Danish."""
    work = {
        "object_number": "KKS1615",
        "public_domain": True,
        "rights": "https://creativecommons.org/share-your-work/public-domain/cc0/",
        "titles": [{"title": "Jomfru Maria med barnet"}],
        "object_names": [{"name": "kobberstik"}],
        "techniques": ["Kobberstik"],
        "production": [{"creator": "Altdorfer, Albrecht"}],
        "production_date": [
            {"start": "1479-11-29T00:00:00.000Z", "end": "1537-11-29T00:00:00.000Z", "period": "1479-1537"}
        ],
        "dimensions": [
            {"part": "bladmaal", "type": "hojde", "unit": "mm", "value": "64"},
            {"part": "bladmaal", "type": "bredde", "unit": "mm", "value": "55"},
        ],
        "image_iiif_id": "https://iip.smk.dk/iiif/jp2/kks1615.tif.jp2",
        "alternative_images": [{"iiif_id": "https://iip.smk.dk/iiif/jp2/KKSgb6458.tif.jp2"}],
    }
    first, second = records(Smk(width=800), work, "KKS1615")
    assert (first.id, second.id) == ("smk-KKS1615", "smk-KKS1615/KKSgb6458")
    assert first.image == "https://iip.smk.dk/iiif/jp2/kks1615.tif.jp2/full/!800,/0/default.jpg"
    among(first.metadata, date_from=1479, date_to=1537, height_mm=64.0, width_mm=55.0, language="da")
    among(first.metadata, creator="Altdorfer, Albrecht", title="Jomfru Maria med barnet", object_type="kobberstik")
    assert is_open(first.metadata["licence"])
    assert "public domain" in reason(Smk(), {**work, "public_domain": False})


def test_opencontext() -> None:
    """A find in Open Context: years that may be fractions, its place from near to far, its point, its own licence."""
    find = {
        "uri": "http://opencontext.org/subjects/7ac0",
        "label": "PC 19810027",
        "citation uri": "https://n2t.net/ark:/28722/k2ft8jj6n",
        "project": {"label": "Murlo"},
        "context": {"label": "Europe/Italy/Poggio Civitate/Tesoro 23"},
        "latitude": 43.15,
        "longitude": 11.4,
        "early bce/ce": -700.0,
        "late bce/ce": -535.0,
        "item category": "Object",
        "thumbnail": "https://iiif.archivelab.org/iiif/opencontext-1jpg/full/150,/0/default.jpg",
        "Consists of": [{"label": "ivory (material)", "id": "https://vocab.getty.edu/aat/300011857"}],
        "Creator": [{"label": "Anthony Tuck"}],
        "License": [{"label": "CC BY 4.0", "id": "https://creativecommons.org/licenses/by/4.0"}],
    }
    made = told(OpenContext(), find, "http://opencontext.org/subjects/7ac0")
    among(made, date_from=-700, date_to=-535, findspot="Tesoro 23, Poggio Civitate, Italy, Europe", material="ivory")
    among(made, point={"lat": 43.15, "lon": 11.4}, credit="Anthony Tuck", collection="Murlo")
    among(made, image_url="https://iiif.archivelab.org/iiif/opencontext-1jpg/full/1024,/0/default.jpg")
    assert is_open(made["licence"])
    assert told(OpenContext(width=0), find)["image_url"] == find["thumbnail"]


def test_opencontext_items_by_themselves() -> None:
    """The file of one item names its properties by project: what they say is taken, and each of its pictures."""
    coin = {
        "label": "DT# 5019",
        "oc-gen:has-context-path": {"oc-gen:has-path-items": [{"label": "Turkey"}, {"label": "Domuztepe"}]},
        "oc-gen:has-obs": [
            {
                "oc-pred:material--1": [{"label": "Billon"}],
                "oc-pred:artifact-name--1": [{"label": "Coin"}],
                "oc-pred:diameter--1": [17.0],
                "oc-pred:description--1": [{"xsd:string": "Two soldiers"}],
                "oc-pred:link": [
                    {"oc-gen:thumbnail-uri": "http://x.example/thumbs/1.jpg"},
                    {"oc-gen:thumbnail-uri": "http://x.example/thumbs/2.jpg"},
                ],
            }
        ],
        "features": [
            {"geometry": {"type": "Point", "coordinates": [37.04, 37.33]}, "when": {"start": 330, "stop": 363}}
        ],
    }
    made = records(OpenContext(), coin, "http://opencontext.org/subjects/766E")
    assert [one.id for one in made] == ["opencontext-766E", "opencontext-766E/2"]
    among(
        made[0].metadata, material="Billon", object_type="Coin", date_from=330, date_to=363, description="Two soldiers"
    )
    among(made[0].metadata, findspot="Domuztepe, Turkey", point={"lat": 37.33, "lon": 37.04})
    assert made[0].metadata["extra"]["diameter"] == ["17"]


def test_pas() -> None:
    """A find of the scheme: words in capitals made small, markup taken out, numbers in millimetres and grams."""
    find = {
        "id": "828850",
        "old_findID": "IOW-647A2A",
        "objecttype": "BRIDLE BIT",
        "broadperiod": "BRONZE AGE",
        "numdate1": "-1600",
        "numdate2": "-1100",
        "description": "<p>An incomplete boss.</p>\n\n<p>It is domed &amp; flat.</p>",
        "notes": None,
        "primaryMaterial": "Copper alloy",
        "length": "27",
        "thickness": "5.4",
        "weight": "5.03",
        "knownas": "Isle of Wight",
        "county": "Isle of Wight",
        "fourFigureLat": "50.6",
        "fourFigureLon": "-1.3",
        "imagedir": "images/fbasford/",
        "filename": "IOW 2017#825.JPG",
        "imageLicense": "Attribution-ShareAlike License",
        "imageCopyrightHolder": "The Portable Antiquities Scheme",
    }
    for content in (find, {"record": [find]}):
        made = told(Pas(), content, "828850")
        among(made, object_id="IOW-647A2A", object_type="Bridle bit", period="Bronze age", material="Copper alloy")
        among(made, description="An incomplete boss.\nIt is domed & flat.", length_mm=27.0, depth_mm=5.4, weight_g=5.03)
        among(made, date_from=-1600, date_to=-1100, findspot="Isle of Wight", point={"lat": 50.6, "lon": -1.3})
        among(made, image_url="https://finds.org.uk/images/fbasford/IOW%202017%23825.JPG", licence="CC BY-SA")


def test_pas_periods_are_british() -> None:
    """A find without years is dated by its period as the scheme uses its name, in Britain."""
    find = {"id": "1", "broadperiod": "IRON AGE", "imagedir": "a", "filename": "b.jpg"}
    among(told(Pas(), find), date_from=-800, date_to=43, dated_by="period")


COIN = {
    "id": "/2022704/lod_1",
    "title": ["Moneda", "Coin"],
    "dcTitleLangAware": {"def": ["Moneda"], "en": ["Coin"]},
    "dcCreator": ["http://hispana.mcu.es/lod/ent2"],
    "dcCreatorLangAware": {"def": ["http://hispana.mcu.es/lod/ent2"]},
    "edmAgentLabelLangAware": {"es": ["Villemin, Charles"]},
    "dcDescriptionLangAware": {"def": ["Plata.", "Reverso liso."]},
    "edmTimespanLabelLangAware": {"def": ["184?"], "en": ["19-th century"]},
    "edmConceptPrefLabelLangAware": {"en": ["Coins"]},
    "year": ["1840"],
    "edmPlaceLatitude": ["42.7"],
    "edmPlaceLongitude": ["-3.4"],
    "language": ["es"],
    "rights": ["http://creativecommons.org/publicdomain/zero/1.0/"],
    "dataProvider": ["Biblioteca Digital"],
    "provider": ["Hispana"],
    "edmIsShownBy": ["http://b.example/1.jpg"],
    "edmIsShownAt": ["http://b.example/1"],
}


def test_europeana() -> None:
    """A record of Europeana: arrays of texts, words in the wanted language, no links where names are meant."""
    made = told(Europeana(), COIN, "/2022704/lod_1")
    among(made, title="Coin", creator="Villemin, Charles", description="Plata.\n\nReverso liso.", date="1840")
    among(made, date_from=1840, date_to=1840, location="Biblioteca Digital", source="Hispana", language="es")
    among(made, point={"lat": 42.7, "lon": -3.4}, record_url="http://b.example/1", object_id="/2022704/lod_1")
    assert is_open(made["licence"])
    assert told(Europeana(language=("es",)), COIN)["title"] == "Moneda"


def test_europeana_thumbnails() -> None:
    """Where the museum's own picture is not wanted, Europeana's copy of it is asked for by its address."""
    made = told(Europeana(pictures="thumbnail"), COIN)
    assert made["image_url"].endswith("uri=http%3A%2F%2Fb.example%2F1.jpg")
    preview = {**COIN, "edmIsShownBy": [], "edmPreview": ["https://api.example/t?uri=x"]}
    assert told(Europeana(pictures="thumbnail"), preview)["image_url"] == "https://api.example/t?uri=x"


def test_vam() -> None:
    """An object of the V&A by itself has all its pictures and materials; as a search tells it, what that knows."""
    found = {
        "systemNumber": "O211276",
        "accessionNumber": "9-1877",
        "objectType": "Tile panel",
        "_primaryMaker": {"name": "Unknown"},
        "_primaryImageId": "2010EC9943",
        "_primaryDate": "1600-1625",
        "_primaryPlace": "Iran",
    }
    among(
        told(Vam(), found), title="Tile panel", date_from=1600, date_to=1625, origin="Iran", creator=None, licence=None
    )
    record = {
        "accessionNumber": "9-1877",
        "objectType": "Tile panel",
        "titles": [{"title": "Garden party"}],
        "materials": [{"text": "Fritware"}],
        "techniques": [{"text": "Painted"}, {"text": "Glazed"}],
        "productionDates": [{"date": {"text": "17th century", "earliest": "1600-01-01", "latest": "1699-12-31"}}],
        "placesOfOrigin": [{"place": {"text": "Isfahan"}}],
        "dimensions": [{"dimension": "Height", "value": "104.1", "unit": "cm"}],
        "images": ["2010EC9943", "2006AM7421"],
    }
    first, second = records(Vam(width=500), {"meta": {}, "record": record}, "O211276")
    assert first.image == "https://framemark.vam.ac.uk/collections/2010EC9943/full/!500,500/0/default.jpg"
    assert second.id == "vam-O211276/2006AM7421"
    among(first.metadata, material="Fritware", technique=["Painted", "Glazed"], date_from=1600, date_to=1699)
    among(first.metadata, height_mm=1041.0, origin="Isfahan", title="Garden party")


def test_sciencemuseum() -> None:
    """An object of the Science Museum Group: pictures with a Creative Commons licence, each with its own."""
    rights = {"legal": {"rights": [{"usage_terms": "CC-BY-NC-SA 4.0", "details": "© The Board of Trustees"}]}}
    engine = {
        "identifier": [{"value": "A163983"}],
        "title": [{"value": "Pair of votive breasts"}],
        "name": [{"value": "votive breast"}],
        "description": [{"value": "Marble."}, {"value": "Marble, on an inscribed slab."}],
        "categories": [{"name": "Classical & Medieval Medicine", "value": "SCM - Classical"}],
        "lifecycle": {
            "creation": [
                {
                    "date": [{"earliest": 600, "latest": 583, "value": "1610"}],
                    "maker": [{"summary_title": "Unknown maker"}],
                    "places": [{"summary_title": "Greece"}],
                }
            ]
        },
        "measurements": {"display": "overall: 155 mm x 270 mm x 78 mm, 3.72 kg"},
        "multimedia": [
            {"admin": {"uid": "i1"}, "processed": {"large": {"location": "57/1.jpg"}}, "source": rights},
            {"admin": {"uid": "i2"}, "processed": {"large": {"location": "57/2.jpg"}}, "source": {"legal": {}}},
            {"admin": {"uid": "i3"}, "processed": {"large": {"location": "57/3.jpg"}}, "source": rights},
        ],
    }
    answer = {"attributes": engine, "links": {"self": "https://c.example/co1"}}
    made = records(ScienceMuseum(), answer, "co1")
    assert [one.id for one in made] == ["sciencemuseum-co1", "sciencemuseum-co1/i3"]
    assert made[0].image == "https://coimages.sciencemuseumgroup.org.uk/images/57/1.jpg"
    among(made[0].metadata, description="Marble, on an inscribed slab.", origin="Greece", creator=None, date_from=1610)
    among(made[0].metadata, licence="CC BY-NC-SA 4.0", weight_g=3720.0, record_url="https://c.example/co1")
    assert not is_open(made[0].metadata["licence"])
    without = {"attributes": {**engine, "multimedia": engine["multimedia"][1:2]}}
    assert reason(ScienceMuseum(), without) == "None of its pictures has a Creative Commons licence."


# ------------------------------------------------------------------ the National Museum of Denmark

PENNY = {
    "id": 294,
    "collection": "KMM",
    "type": "object",
    "objectIdentification": "FP 5756.2",
    "workDescription": "Mønt",
    "nominal": "penning",
    "authority": "Svend 2 Estridsen",
    "nation": "Danmark",
    "place": "Lund, Bosi",
    "creationEvents": [{"yearFrom": "1047", "yearTo": "1075"}],
    "materials": [{"material": "sølv?"}],
    "measurements": [{"unit": "Gram", "dimension": "Vægt", "data": 0.85}],
    "foundEvents": [{"place": "Roskilde"}],
    "related": {"assets": [{"id": "KMM-117497", "type": "still"}, {"id": "KMM-117498", "photographer": "A. B."}]},
}
AXE = {
    "id": "77",
    "samling": "DO",
    "identifikation": {"nummer": "A1234", "betegnelse": "Økse"},
    "beskrivelser": [{"beskrivelse": "Tyndnakket økse."}, {"beskrivelse": "Sleben."}],
    "materialer": [{"materiale": "flint"}],
    "maalinger": [{"maal": "Længde", "vaerdi": "12,5", "enhed": "cm"}],
    "haendelser": [
        {"type": "Fremstilling", "aarFra": "-3900", "aarTil": "-3500", "periode": "Tidligneolitikum"},
        {"type": "Fund", "sted": "Ribe"},
    ],
    "assets": [{"id": "DO-88"}],
}


def test_natmus_in_english() -> None:
    """A record of the API that was: years as texts, materials with a doubt, weights, and pictures by their numbers."""
    first, second = records(Natmus(collection="KMM", objects=("294",)), PENNY, "KMM-294", "https://x.example/294")
    assert (first.id, second.id) == ("natmus-KMM-294", "natmus-KMM-294/117498")
    assert first.image == "https://samlinger.natmus.dk/kmm/asset/117497.jpg?maxsize=1200"
    among(
        first.metadata,
        object_id="NM FP 5756.2",
        title="Mønt penning",
        object_type="Mønt",
        material="sølv",
        weight_g=0.85,
    )
    among(
        first.metadata,
        weight_g=0.85,
        date_from=1047,
        date_to=1075,
        findspot="Roskilde",
        origin="Lund, Bosi",
        licence="CC BY-SA",
    )
    among(first.metadata, collection="Den Kongelige Mønt- og Medaillesamling", record_url="https://x.example/294")
    assert second.metadata["credit"] == "Foto: A. B., Nationalmuseet"


def test_natmus_in_danish() -> None:
    """A record of a page, with Danish names of everything, means the same fields."""
    made = told(Natmus(collection="DO", objects=("77",), size=0), AXE, "DO-77")
    among(made, object_id="NM A1234", object_type="Økse", material="flint", description="Tyndnakket økse.\n\nSleben.")
    among(made, date_from=-3900, date_to=-3500, period="Tidligneolitikum", findspot="Ribe", length_mm=125.0)
    among(made, image_url="https://samlinger.natmus.dk/do/asset/88.jpg?maxsize=org&download=true", language="da")


def test_natmus_in_parts() -> None:
    """A number in three parts and a making told in days are taken where there is neither a number nor a year."""
    apart = {name: value for name, value in PENNY.items() if name not in ("objectIdentification", "creationEvents")}
    apart |= {"numberPrefix": "BP", "numberData": 1207, "numberSuffix": "a"}
    apart |= {"creationEvents": [{"dateFrom": "1658-02-26", "dateTo": "1660-05-27"}]}
    made = told(Natmus(collection="KMM", objects=("294",)), apart, "KMM-294")
    among(made, object_id="NM BP 1207a", date_from=1658, date_to=1660)


def test_natmus_pages() -> None:
    """The record in a page is found behind its heading, and the page's own description where it says nothing."""
    read = record_in(natmus_page({"id": 3, "collection": "DO", "note": 'a "{" and <b>'}))
    assert read is not None
    assert (read["note"], read["descriptions"]) == ('a "{" and <b>', [{"description": "Gravfund"}])
    for page in ("", "<html>Rådata</html>", "Rådata {", "Rådata [1]", "Rådata " + '{"a":' * 100_000):
        assert record_in(page) is None


def test_natmus_saved(tmp_path: Path) -> None:
    """Saved pages, answers of the search and lines are read together, each fault by itself."""
    (tmp_path / "a.html").write_text(natmus_page(AXE), encoding="utf-8")
    (tmp_path / "b.html").write_text("<html>Log ind</html>", encoding="utf-8")
    hits = {"hits": {"total": 2, "hits": [{"_id": "KMM-294", "_source": PENNY}, {"_source": {"nation": "x"}}]}}
    (tmp_path / "c.json").write_text(json.dumps(hits), encoding="utf-8")
    (tmp_path / "d.jsonl").write_text(json.dumps({**PENNY, "id": 5}) + "\n{\n", encoding="utf-8")
    (tmp_path / "note.txt").write_text("hello", encoding="utf-8")
    source = Natmus(saved=tmp_path)
    pages = list(source.pages(None, "", ""))  # type: ignore[arg-type]
    found = [one for page in pages for one in page.items]
    assert [one.key for one in found if isinstance(one, Item)] == ["DO-77", "KMM-294", "KMM-5"]
    assert [one.id for one in found if isinstance(one, Rejected)] == ["b.html", "c.json, record 2", "d.jsonl, line 2"]
    assert [page.resume for page in pages] == ["a.html", "b.html", "c.json", ""]
    behind = [one for page in source.pages(None, "b.html", "") for one in page.items]  # type: ignore[arg-type]
    assert behind == found[2:]
    for item in (one for one in found if isinstance(one, Item)):
        assert records(source, item.content, item.key)


def test_natmus_saved_in_long_files(tmp_path: Path) -> None:
    """A long file comes in pages; broken off within it, a harvest goes on at its beginning, never at the end."""
    lines = "\n".join(json.dumps({**PENNY, "id": number}) for number in range(1, 701))
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(lines, encoding="utf-8")
    source = Natmus(saved=tmp_path)
    pages = list(source.pages(None, "", ""))  # type: ignore[arg-type]
    assert [len(page.items) for page in pages] == [500, 200, 500, 200]
    assert [page.resume for page in pages] == [" ", "a.jsonl", "a.jsonl", ""]
    assert len(list(source.pages(None, " ", ""))) == 4  # type: ignore[arg-type]


def test_natmus_needs_to_know_what() -> None:
    """Neither saved files nor numbers, both of them, an unknown collection and wrong ranges are refused."""
    wrong: list[dict[str, Any]] = [
        {},
        {"collection": "DO"},
        {"saved": "x", "collection": "DO", "objects": ("1",)},
        {"collection": "XX", "objects": ("1",)},
        {"collection": "DO", "objects": ("9-1",)},
        {"collection": "DO", "objects": ("1-99999999",)},
    ]
    for settings in wrong:
        with pytest.raises(InvalidInputError):
            Natmus(**settings)
    with pytest.raises(MetadataError, match="no file or folder"):
        list(Natmus(saved="not there").pages(None, "", ""))  # type: ignore[arg-type]


# ------------------------------------------------------------------ real answers

REAL = Path(os.environ.get("ARCHIVE_SEARCH_RECORDS", ""))
real = pytest.mark.skipif(
    not os.environ.get("ARCHIVE_SEARCH_RECORDS"), reason="ARCHIVE_SEARCH_RECORDS names no folder of recorded answers"
)


def recorded(pattern: str, path: str = "") -> list[Any]:
    """The records in recorded files."""
    data = [json.loads(file.read_text(encoding="utf-8-sig")) for file in sorted(REAL.glob(pattern))]
    assert data
    return [one for some in data for one in (some[path] if path else [some])]


@real
@pytest.mark.parametrize(
    ("source", "pattern", "path", "objects", "made", "fields"),
    [
        (Met(), "met-api/object_[0-9]*[0-9].json", "", 3, 13, ("title", "material", "date_from", "credit")),
        (Met(), "openverse-recorded/metropolitan_museum_of_art/sample_response*.json", "", 2, 4, ("title", "credit")),
        (Artic(), "aic/artworks_*.json", "", 10, 11, ("title", "material", "date_from", "creator", "height_mm")),
        (Cleveland(), "openverse-recorded/clevelandmuseum/handle_response_data.json", "data", 100, 100,
         ("title", "technique", "culture", "date_from", "measurements", "description")),
        (Smk(), "openverse-recorded/smk/item.json", "", 1, 1, ("title", "technique", "date_from", "height_mm")),
        (Pas(), "pas-finds-json/finds.org.uk_record_828850.json", "", 1, 1, ("material", "date_from", "length_mm")),
        (Europeana(), "openverse-recorded/europeana/europeana_example.json", "items", 27, 27, ("title", "licence")),
        (ScienceMuseum(), "openverse-recorded/sciencemuseum/response_success.json", "data", 1, 3, ("title", "licence")),
        (OpenContext(), "opencontext/opencontext-new-format.json", "", 1, 1, ("material", "point", "date_from")),
        (OpenContext(), "opencontext/Archaeological-coin.json", "", 1, 24, ("material", "point", "date_from")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Harvested) else None,
)  # fmt: skip
def test_recorded_answers(
    source: Harvested, pattern: str, path: str, objects: int, made: int, fields: tuple[str, ...]
) -> None:
    """What services really answered becomes records, each with the fields that its museum fills."""
    found = recorded(pattern, path)
    described = [one for content in found for one in records(source, content, "k")]
    assert (len(found), len(described)) == (objects, made)
    for one in described:
        assert not [name for name in (*fields, "source", "image_url", "object_id") if name not in one.metadata]
