"""The lines of a text file in whichever encoding, decoded block by block."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from archive_search.types import MetadataError

_BLOCK = 1 << 18


class TextLines:
    """
    The lines of a file, with their line ends: UTF-8, UTF-16 with its mark, bytes that are neither as Windows-1252.

    A zero byte behind the first block becomes U+FFFD, so that a damaged end spoils its own rows only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: Literal["UTF-8", "UTF-16", "Windows-1252"] = "UTF-8"

    @property
    def remark(self) -> str:
        """How the lines were decoded so far, for people."""
        if self._found == "Windows-1252":
            return "not UTF-8 throughout: the other bytes were read as Windows-1252 (Latin-1)"
        return f"read as {self._found}"

    def __iter__(self) -> Iterator[str]:
        """
        The lines.

        Raises:
            MetadataError: If it is no text.
        """
        before = ""
        ends = io.IncrementalNewlineDecoder(None, translate=False)  # keeps "\r\n" in one piece
        for text in self._decoded():
            lines = io.StringIO(before + ends.decode(text), newline="").readlines()
            before = lines.pop() if lines and not lines[-1].endswith(("\n", "\r")) else ""
            yield from lines
        yield from io.StringIO(before + ends.decode("", final=True), newline="")

    def _decoded(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            data = file.read(_BLOCK)
            self._check(data)
            if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                self._found = "UTF-16"
            decoder = codecs.getincrementaldecoder("utf-16" if self._found == "UTF-16" else "utf-8-sig")()
            while True:
                text = self._text(decoder, data)
                yield text.replace("\0", "\ufffd") if "\0" in text else text
                if not data:
                    return
                data = file.read(_BLOCK)

    def _text(self, decoder: codecs.IncrementalDecoder, data: bytes) -> str:
        state = decoder.getstate()
        try:
            return decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            if self._found == "UTF-16":
                raise MetadataError(f"{self._path.name} begins as UTF-16 but is not: {error.reason}.") from error
            self._found = "Windows-1252"
            decoder.errors = WINDOWS
            decoder.setstate(state)
            return decoder.decode(data, final=not data)

    def _check(self, data: bytes) -> None:
        name = self._path.name
        if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise MetadataError(f"{name} is not text but an Excel file: save it as .xlsx and give it that ending.")
        if b"\0" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise MetadataError(f"{name} is not text: it holds zero bytes. Save it as CSV with UTF-8.")


def _windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_windows_byte(one) for one in bad), error.end


def _windows_byte(one: int) -> str:
    try:
        return bytes([one]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no meaning there
        return chr(one)


WINDOWS = "archive-search-windows-1252"
"""How to treat bytes that are not UTF-8, by its name among `codecs`: as Windows-1252."""
codecs.register_error(WINDOWS, _windows)
