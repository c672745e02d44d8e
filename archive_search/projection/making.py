"""Maps that are made beside other work, on a thread of their own: begun, watched, stopped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from archive_search.archive import Archive
from archive_search.projection.layout import StoppedError
from archive_search.projection.maps import make_map
from archive_search.types import ArchiveSearchError


@dataclass
class Making:
    """How far a map is: what is done now, how many steps of how many; why there is none once it has failed."""

    what: str = "reading"
    done: int = 0
    total: int = 1
    error: str = ""
    running: bool = True
    stop: threading.Event = field(default_factory=threading.Event)


class MapMaking:
    """The maps that this process makes, one at a time for each space of an archive; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun: dict[tuple[Path, str], Making] = {}

    def begin(self, archive: Archive, space: str) -> None:
        """Begin to make a map; nothing to do where it is being made."""
        key = archive.directory.resolve(), space
        with self._lock:
            if key in self._begun and self._begun[key].running:
                return
            making = self._begun[key] = Making()
            # it may be cut off at any moment: nothing is kept before it is whole
            threading.Thread(target=self._make, args=(archive, space, making), daemon=True).start()

    def state(self, archive: Archive, space: str) -> Making | None:
        """How far the latest one is; None where none was begun."""
        return self._begun.get((archive.directory.resolve(), space))

    def stop(self, archive: Archive, space: str) -> None:
        """Have it end, without a map."""
        if (making := self.state(archive, space)) is not None:
            making.stop.set()

    def _make(self, archive: Archive, space: str, making: Making) -> None:
        def tell(what: str, done: int, total: int) -> None:
            making.what, making.done, making.total = what, done, total

        try:
            make_map(archive, space, tell, making.stop.is_set)
        except StoppedError:
            pass
        except ArchiveSearchError as error:
            making.error = str(error)
        except Exception as error:
            making.error = f"{type(error).__name__}: {error}"
            raise
        finally:
            making.running = False
