"""The IIIF Image API: the address of a picture as large as is needed."""

import pytest

from ingest.harvest.formats.image_api import picture_address, read_service, service_of

ID = "https://images.example/a"
LISTED = [{"width": 400, "height": 300}, {"width": 1000, "height": 750}, {"width": 2000, "height": 1500}]


def size(longest=1600, region="full", told=True, **said):
    """The size that is asked for of a service that says so of itself, and its quality."""
    service = read_service({"id": ID, "type": "ImageService3", **said}, told=told)
    assert service is not None
    address = picture_address(service, longest, region)
    assert address.startswith(f"{ID}/{region}/")
    assert address.endswith(".jpg")
    return address.removeprefix(f"{ID}/{region}/").partition("/0/")[0]


WHOLE = {"width": 6000, "height": 4000}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"profile": "level2", **WHOLE}, "1600,"),
        ({"profile": "level1", **WHOLE}, "1600,"),
        ({"profile": "level1", "width": 4000, "height": 6000}, "1066,"),
        ({"profile": "level1", "width": 1200, "height": 900}, "max"),
        ({"profile": "level1", "width": 1200, "height": 900, "type": "ImageService2"}, "full"),
        ({"profile": "level1", **WHOLE, "maxWidth": 800}, "800,"),
        ({"profile": "level1", "width": 4000, "height": 6000, "maxWidth": 800}, "533,"),
        ({"profile": "level1", **WHOLE, "maxHeight": 400, "maxWidth": 5000}, "600,"),
        ({"profile": "level1", **WHOLE, "maxArea": 600_000}, "948,"),
        ({"profile": ["http://iiif.io/api/image/2/level1.json", {"maxWidth": 800}], "type": "", **WHOLE}, "800,"),
        ({"profile": "level1", **WHOLE, "sizes": LISTED}, "2000,1500"),
        ({"profile": "level1", **WHOLE, "sizes": LISTED, "type": "ImageService2"}, "2000,"),
        ({"profile": "level0", **WHOLE, "sizes": LISTED}, "2000,1500"),
        ({"profile": "level0", **WHOLE, "sizes": LISTED[:2]}, "1000,750"),
        ({"profile": "level0", **WHOLE, "sizes": LISTED[:1]}, "max"),
        ({"profile": "level0", **WHOLE}, "max"),
        ({"profile": "level3", **WHOLE}, "1600,"),
        ({**WHOLE}, "max"),
    ],
)
def test_a_size_that_the_server_can_give_is_asked_for(said, wanted):
    """Within limits, of those listed where only they can be had, never larger than the image."""
    assert size(**said) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"profile": "level2", "width": 100, "height": 100}, "!1600,1600"),
        ({"profile": "level2", "maxWidth": 800}, "!800,800"),
        ({"profile": "level1"}, "max"),
        ({"profile": "level0", "sizes": LISTED}, "2000,1500"),
    ],
)
def test_what_a_manifest_says_of_a_size_is_not_trusted(said, wanted):
    """A box fits an image of any size; where the server cannot do that, the whole is asked for."""
    assert size(told=False, **said) == wanted


def test_a_part_of_an_image_is_asked_for_in_its_own_size():
    """Of a region so much is asked for as it has pixels."""
    assert size(region="10,20,3200,800", profile="level1", **WHOLE) == "1600,"
    assert size(region="10,20,300,800", profile="level1", **WHOLE) == "max"
    assert size(region="pct:0,0,50,50", profile="level2", **WHOLE) == "1600,"


def test_the_first_version_has_a_quality_of_its_own():
    """Version 1.1 says native for default."""
    data = {"@id": ID, "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2"}
    service = read_service({**data, "@context": "http://library.stanford.edu/iiif/image-api/1.1/context.json"})
    assert picture_address(service, 800) == f"{ID}/full/!800,800/0/native.jpg"


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ({"id": ID, "type": "ImageService3", "profile": "level1"}, (3, 1)),
        ([{"id": "x", "type": "AuthService"}, {"@id": f"{ID}/info.json", "@type": "ImageService2"}], (2, None)),
        ({"@id": f"{ID}/", "@context": "http://iiif.io/api/image/2/context.json"}, (2, None)),
        ({"@id": ID, "profile": "http://iiif.io/api/image/2/level0.json"}, (2, 0)),
        ({"id": ID, "profile": "http://iiif.io/api/search/1"}, None),
        ({"type": "ImageService3"}, None),
        ("https://images.example/a", None),
        (None, None),
    ],
)  # fmt: skip
def test_the_service_of_a_picture_is_found_in_any_of_its_shapes(block, found):
    """Alone or among others, by its type, context or profile; what is no image service is none."""
    service = service_of({"service": block})
    assert (service and (service.id, service.version, service.level)) == (found and (ID, *found))


def test_only_what_can_be_asked_for_unseen_needs_no_info():
    """A server is asked for what it knows where only that tells a good size."""
    unseen = [{"profile": "level2"}, {"profile": "level0", **WHOLE, "sizes": LISTED}]
    seen = [{"profile": "level1", **WHOLE}, {"profile": "level0"}, {}]
    assert [read_service({"id": ID, **one}).can_do_without for one in (*unseen, *seen)] == [True] * 2 + [False] * 3
