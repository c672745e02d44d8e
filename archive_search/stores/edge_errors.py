"""What Qdrant Edge raises, told as an error of this program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive_search.types import ArchiveSearchError, StoreError


@contextmanager
def telling(what: str, todo: str = "", place: Path | None = None, shown: Path | None = None) -> Iterator[None]:
    """Turn whatever Edge raises, a panic included, into a StoreError: what, its words with `place` as shown, to do."""
    try:
        yield
    except (ArchiveSearchError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            said = " ".join(str(error).split())
            if place is not None:
                said = said.replace(str(place), str(shown))
            raise StoreError(f"{what}: {said}.{todo}") from error
        raise
