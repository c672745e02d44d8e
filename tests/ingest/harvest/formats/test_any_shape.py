"""Whatever stands where a list, a text or an object should: reading it raises nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ingest.harvest.formats import changes, dublin_core, edm, lido
from ingest.harvest.formats.image_api import picture_address, read_service
from ingest.harvest.formats.presentation import id_of, kind_of_data, listed, next_page, records_of, services
from ingest.harvest.xml import parse_xml
from tests.ingest.records import record

NAMES = st.sampled_from(
    [
        *("id", "@id", "type", "@type", "items", "sequences", "canvases", "images", "resource", "body", "target", "on"),
        *("service", "profile", "sizes", "width", "height", "maxWidth", "label", "metadata", "value", "@value", "en"),
        *("summary", "rights", "license", "requiredStatement", "provider", "homepage", "related", "navDate", "source"),
        *("selector", "region", "default", "motivation", "object", "orderedItems", "endTime", "last", "prev", "next"),
    ]
)
WORDS = st.sampled_from(
    [
        *("Manifest", "sc:Canvas", "Collection", "Image", "oa:Choice", "SpecificResource", "painting", "ImageService3"),
        *(
            "level0",
            "level1",
            "level2",
            "https://a.example/a.jpg",
            "1,2,3,4",
            "#xywh=1,2,3,4",
            "Update",
            "Date",
            "",
            "-",
        ),
        *("2020-01-01T00:00:00Z", "<b>", "http://[", "pct:1,1,...,1", "xywh=1,1,.,."),
    ]
)
LEAVES = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(-5, 10**9), st.floats(allow_nan=False), st.text(max_size=5)
)
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=40
)


@settings(max_examples=60, deadline=None)
@given(SHAPES, st.dictionaries(NAMES, SHAPES, max_size=6))
def test_json_in_any_shape_is_read(data, other):
    """Manifests, collections, services and streams of changes, misshapen anywhere, give something or nothing."""
    for held in (
        data,
        {"type": "Manifest", "items": [{"items": [{"items": [other]}]}]},
        {"sequences": [{"canvases": data}]},
    ):
        kind_of_data(held), id_of(held)
        if isinstance(held, dict):
            listed(held), next_page(held), changes.read(held), changes.last_page(held), changes.page_before(held)
            services(held)
            list(records_of(held, "key", ["en"], 800, other))
            if found := read_service(held):
                assert picture_address(found, 800).endswith(".jpg")


PARTS = [
    etree.QName(one)
    for name in ("lido-1.0.xml", "edm.xml", "oai_dc.xml")
    for one in parse_xml(record(name), name).iter()
]


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([("lido-1.0.xml", lido), ("lido-1.1.xml", lido), ("edm.xml", edm), ("oai_dc.xml", dublin_core)]),
    st.data(),
)
def test_xml_with_anything_anywhere_is_read(one, data):
    """Records from which parts are taken, and into which others are put, give records or the reason why not."""
    name, format = one
    root = parse_xml(record(name), name)
    root = root if root.tag != f"{{{lido.NAMESPACE}}}lidoWrap" else root[0]
    for _ in range(data.draw(st.integers(1, 8))):
        every = [element for element in root.iter() if element is not root]
        taken = data.draw(st.sampled_from(every))
        if data.draw(st.booleans()) and len(every) > 1:
            taken.getparent().remove(taken)
        else:
            taken.text = data.draw(WORDS)
            taken.append(taken.makeelement(data.draw(st.sampled_from(PARTS)).text))
        for attribute in list(taken.attrib):
            taken.attrib[attribute] = data.draw(WORDS)
    assert list(format.records_of(root, "key", ["en"]))
