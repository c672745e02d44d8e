"""Links to pictures as records write them."""

import pytest

from ingest.harvest.links import is_address, joined, kind_of, link_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("\n   https://a.example/a\n  .jpg ", "https://a.example/a.jpg"),
        ("//a.example/a.jpg", "https://a.example/a.jpg"),
        ("www.a.example/a.jpg", "http://www.a.example/a.jpg"),
        ("pictures/a.jpg", "pictures/a.jpg"),
    ],
)
def test_addresses_are_made_whole(written, meant):
    """Line ends around an address go, and what is left out of one is put there; a path stays."""
    assert link_of(written) == meant


@pytest.mark.parametrize(
    ("link", "format", "kind"),
    [
        ("https://a.example/a.JPG?x=1", "", "picture"),
        ("https://a.example/a", "image/tiff", "picture"),
        ("https://a.example/a", "jpg", "picture"),
        ("https://a.example/iiif/x/full/!800,800/0/default.jpg", "", "picture"),
        ("https://a.example/a.pdf", "", "other"),
        ("https://a.example/a.jpg", "text/html", "other"),
        ("https://a.example/a", "", ""),
    ],
)
def test_a_link_leads_to_a_picture_by_its_format_or_its_end(link, format, kind):
    """The format that is told counts, then how the link ends; otherwise nobody knows."""
    assert kind_of(link, format) == kind


def test_only_the_web_has_addresses():
    """Files, scripts and data are no addresses."""
    links = ("https://a.example", "file:///a", "javascript:a()", "data:image/png,x", "http://", "http://[", "a.jpg")
    assert [is_address(link) for link in links] == [True, *[False] * 6]


def test_links_are_joined_to_their_document():
    """A relative link begins at its document; what cannot be joined stays."""
    assert joined("https://a.example/b/c.json", "d.png") == "https://a.example/b/d.png"
    assert joined("https://a.example/b/c.json", "http://[") == "http://["
