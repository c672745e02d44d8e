"""XML from outside: parsed in one place, without document types, entities or network, and within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, TypeAlias, cast

from lxml import etree

from archive_search.types import ArchiveSearchError, SourceError

Element: TypeAlias = "etree._Element"

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST = 64_000_000
"""Bytes of one element that `elements` gives, and of what stands between two."""
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,  # 256 elements within one another, 10 MB of text in one
    "remove_comments": True,
    "remove_pis": True,
}


def parse_xml(text: str | bytes, what: str, error: type[ArchiveSearchError] = SourceError) -> Element:
    """
    The root of an XML document.

    Bytes are read in the encoding that they declare; a text has been decoded already, whatever it declares.

    Args:
        what: how errors name it: 'The answer of https://...'.
        error: what is raised if it is no XML, is cut short, has a document type, or goes beyond the bounds.
    """
    parser = etree.XMLParser(**_SAFE, encoding="utf-8" if isinstance(text, str) else None)
    try:
        root = etree.fromstring(text.encode() if isinstance(text, str) else text, parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as problem:
        raise error(_said(problem, what)) from problem
    _without_document_type(root, what, error)
    return root


def elements(
    stream: IO[bytes], names: tuple[str, ...], what: str, error: type[ArchiveSearchError] = SourceError
) -> Iterator[Element]:
    """
    The elements of these names, one by one and in bounded memory: each holds until the next is asked for.

    Raises as `parse_xml`, and beyond `LONGEST`, where the document has been read so far; what came before holds.
    """
    read = _Reading(stream)
    try:
        for _, element in etree.iterparse(cast(Any, read), events=("end",), tag=names, **_SAFE):
            _without_document_type(element, what, error)
            read.since = 0
            yield element
            element.clear()
            for one in (element, *element.iterancestors()):
                above = one.getparent()
                while above is not None and one.getprevious() is not None:
                    del above[0]
    except etree.XMLSyntaxError as problem:
        raise error(_said(problem, what)) from problem
    except _TooLongError as problem:
        much = f"more than {LONGEST / 1e6:g} MB without a record's end"
        raise error(f"{what} is not read: it has {much}.") from problem


class _TooLongError(Exception):
    """Too much was read since the last element."""


class _Reading:
    """A stream that counts what was read of it `since` the last element."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.since = stream, 0

    def read(self, size: int = -1) -> bytes:
        """Some more of it."""
        data = self._stream.read(size)
        self.since += len(data)
        if self.since > LONGEST:
            raise _TooLongError
        return data


def as_text(element: Element) -> str:
    """An element as XML, complete with its namespaces."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def words(element: Element | None) -> str:
    """The text of an element and of all within it, spaces and line ends at its ends left out."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def _without_document_type(element: Element, what: str, error: type[ArchiveSearchError]) -> None:
    if element.getroottree().docinfo.doctype:
        raise error(f"{what} has a document type (<!DOCTYPE ...>), which may define entities: it is not read.")


def _said(problem: Exception, what: str) -> str:
    line = getattr(problem, "lineno", None)
    return (
        f"{what} cannot be read as XML{f' from line {line}' if line else ''}: {str(problem).partition(', line ')[0]}."
    )
