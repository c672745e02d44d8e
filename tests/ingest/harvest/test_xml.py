"""XML from outside: what is read, and what is refused before it can do harm."""

import io
import tracemalloc

import pytest

from archive_search.types import SourceError
from ingest.harvest.xml import as_text, elements, parse_xml, words

BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
ATTRIBUTE_BOMB = (
    "<!DOCTYPE a ["
    + '<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    + ']><a b="&e9;"/>'
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BOMB, "document type"),
        (ATTRIBUTE_BOMB, "cannot be read as XML|document type"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "document type"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "document type"),
        ("<a>" * 400 + "</a>" * 400, "cannot be read as XML"),
        ("<a><b></a>", "from line 1"),
        ("<a><b>", "cannot be read as XML"),
        ("", "cannot be read as XML"),
        ("{}", "cannot be read as XML"),
        (b'<?xml version="1.0" encoding="utf-8"?><a>\xf8kse</a>', "cannot be read as XML"),
        ("<a>\ud800</a>", "cannot be read as XML"),
    ],
)
@pytest.mark.parametrize("way", ["whole", "by element"])
def test_what_may_do_harm_or_is_none_is_refused_in_a_sentence(text, why, way):
    """Entities, document types, depth, broken and wrongly encoded documents raise an error that says which it is."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    def read():
        return parse_xml(text, "The file") if way == "whole" else list(elements(io.BytesIO(data), ("a",), "The file"))

    with pytest.raises(SourceError, match=f"The file.*({why})"):
        read()


def test_bytes_are_read_in_the_encoding_that_they_declare_and_texts_as_they_are():
    """A file in ISO 8859-1 is read as such; a text that was decoded already keeps its letters, whatever it declares."""
    declared = '<?xml version="1.0" encoding="iso-8859-1"?><a>økse</a>'
    assert words(parse_xml(declared.encode("iso-8859-1"), "The file")) == "økse"
    assert words(parse_xml(declared, "The answer")) == "økse"


def test_comments_and_instructions_are_no_content():
    """What a comment or a processing instruction says is no text of its element."""
    assert words(parse_xml("<a>on<!-- not --><?and not?>ly</a>", "The file")) == "only"


def test_an_element_is_written_with_its_namespaces():
    """An element that is taken out of its document can be read by itself."""
    inner = next(elements(io.BytesIO(b'<o xmlns:x="urn:x"><x:a>1</x:a> tail</o>'), ("{urn:x}a",), "The file"))
    assert as_text(inner) == '<x:a xmlns:x="urn:x">1</x:a>'


def test_what_came_before_a_break_is_given():
    """A document that breaks off gives the elements before that place, then says so."""
    given = map(words, elements(io.BytesIO(b"<o><a>1</a><a>2</a><a>3"), ("a",), "The file"))
    assert [next(given), next(given)] == ["1", "2"]
    with pytest.raises(SourceError, match="cannot be read as XML"):
        next(given)


class Many(io.RawIOBase):
    """A document of so many elements, made as it is read."""

    def __init__(self, count: int) -> None:
        self._parts = iter([b"<o>", *[b"<r><a>" + b"x" * 1000 + b"</a></r>"] * count, b"</o>"])

    def read(self, size: int = -1) -> bytes:
        """Some more of it."""
        return next(self._parts, b"")


def test_what_has_no_end_is_not_read_on(monkeypatch):
    """A record without an end, and a long document of something else, are given up."""
    monkeypatch.setattr("ingest.harvest.xml.LONGEST", 100_000)
    assert sum(1 for _ in elements(Many(1000), ("a",), "The file")) == 1000
    for wanted in ("o", "none"):
        with pytest.raises(SourceError, match="without a record's end"):
            list(elements(Many(1000), (wanted,), "The file"))


def test_memory_does_not_grow_with_the_number_of_elements():
    """Fifty times as many elements, wrapped as a service wraps them, need no more memory."""

    def peak(count: int) -> int:
        import resource

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tracemalloc.start()
        assert sum(1 for _ in elements(Many(count), ("a",), "The file")) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most + (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024

    peak(200)
    assert peak(10_000) < 4_000_000
