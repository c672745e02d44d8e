"""LIDO files as a source: museum records in XML, whose pictures are links."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from archive_search.counted import count
from archive_search.knobs import Knob, knob
from archive_search.types import Record, SourceError
from ingest.harvest.beside import HarvestedFiles, placed
from ingest.harvest.formats import lido
from ingest.harvest.remote import Item, LostPlaceError, Page
from ingest.harvest.xml import Element, as_text, elements, parse_xml
from ingest.source import Rejected

if TYPE_CHECKING:
    from ingest.harvest.client import Client

_ENDINGS = (".xml", ".lido", ".zip")
_UNREADABLE = (OSError, RuntimeError, NotImplementedError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)
"""What zip files raise that are damaged, locked, or packed in an unknown way."""
_TOGETHER = 100
"""Records on a page."""
_BOMB_BYTES, _BOMB_TIMES = 100_000_000, 200
"""A file in a zip that unpacks to more than so many bytes, and to so many times its packed size, is not read."""


@dataclass(frozen=True)
class Lido(HarvestedFiles):
    """
    Museum records in LIDO 1.0 or 1.1: an XML file, a zip, or a folder of both, with links to pictures.

    A picture may also be a path that begins where the file lies.
    The files are read element by element, however long they are. A file that breaks off gives the records before that
    place; the rest is told. Where a record describes an object in several languages, the first of those preferred
    counts.
    """

    path: Path = field(metadata={"knob": Knob("File", help="A LIDO file, a zip of them, or a folder of both.")})
    language: tuple[str, ...] = knob(("en",), "Language", help="Preferred languages of records, the first one first.")

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).expanduser())

    @property
    def origin(self) -> str:
        """The file's whole path."""
        return f"lido {self.path.resolve()}"

    @property
    def folder(self) -> Path:
        """The folder, or that of the file."""
        return self.path if self.path.is_dir() else self.path.resolve().parent

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """The records of all files, in the order of their names; nobody is asked, and all are given each time."""
        (number, _, before), mark = resume.partition(" "), self._mark()
        if resume and before != mark:
            raise LostPlaceError(f"{self.path} has changed since the last harvest was broken off")
        done = int(number or 0)
        items = islice(self._items(), done, None)
        while some := list(islice(items, _TOGETHER)):
            done += len(some)
            yield Page(some, f"{done} {mark}" if len(some) == _TOGETHER else "")

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """The records of a LIDO record, one per picture."""
        root = parse_xml(item.content, f"The LIDO record {item.key}")
        yield from (placed(one, item.url) for one in lido.records_of(root, item.key, self.language))

    def _items(self) -> Iterator[Item | Rejected]:
        found = False
        for name, opened in self._files():
            found = True
            number = 0
            try:
                with opened() as stream:
                    for element in elements(stream, (lido.TAG,), name):
                        number += 1
                        yield _item(element, name, number)
            except SourceError as error:
                before = f" What came before that ({count(number, 'record')}) is taken." if number else ""
                yield Rejected(name, name, "record", f"{error}{before}")
            except _UNREADABLE as error:
                yield Rejected(name, name, "record", f"{name} cannot be read: {error}.")
            else:
                if not number:
                    yield Rejected(name, name, "record", f"{name} holds no LIDO record (no element lido:lido)")
        if not found:
            raise SourceError(f"{self.path} holds no XML file and no zip.")

    def _mark(self) -> str:
        """Changes when the file does, or the files of the folder."""
        about = [(one.stat().st_size, one.stat().st_mtime_ns) for one in self._paths()]
        return hashlib.sha256(repr(about).encode()).hexdigest()[:16]

    def _paths(self) -> list[Path]:
        """The files that may hold records."""
        if self.path.is_dir():
            return sorted(one for one in self.path.rglob("*") if one.suffix.lower() in _ENDINGS and one.is_file())
        if self.path.is_file():
            return [self.path]
        raise SourceError(f"There is no file {self.path}.")

    def _files(self) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
        """The files to read: how errors name each, and what opens it."""
        for one in self._paths():
            name = one.name if one == self.path else one.relative_to(self.path).as_posix()
            if not zipfile.is_zipfile(one):
                yield name, lambda one=one: one.open("rb")  # type: ignore[misc]
                continue
            try:
                packed = zipfile.ZipFile(one)
            except _UNREADABLE as error:
                yield name, _refusing(error)
                continue
            with packed:
                for info in sorted(packed.infolist(), key=lambda info: info.filename):
                    if info.filename.lower().endswith((".xml", ".lido")) and not info.filename.startswith("__MACOSX/"):
                        yield f"{name}/{info.filename}", _opener(packed, info)


def _opener(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        if info.file_size > max(_BOMB_BYTES, _BOMB_TIMES * info.compress_size):
            raise SourceError(
                f"{info.filename} unpacks to {info.file_size / 1e9:.1f} GB, more than {_BOMB_TIMES} times its size in "
                "the zip: that is no file of records."
            )
        return packed.open(info)

    return opened


def _refusing(error: Exception) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        raise error

    return opened


def _item(element: Element, name: str, number: int) -> Item | Rejected:
    key = lido.key_of(element)
    if not key:
        return Rejected(f"{name} {number}", "", "record", f"record {number} of {name} has no lidoRecID")
    return Item(key, as_text(element), name)


SOURCES = {"lido": Lido}
