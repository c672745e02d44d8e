"""From a record to small prepared inputs, on loader threads that run a fixed number of records ahead."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from pathlib import Path

from PIL import Image

from archive_search.pictures.decoding import decode, size
from archive_search.pictures.kept import is_link
from archive_search.pictures.media import Medium, medium, still
from archive_search.pictures.sameness import look
from archive_search.types import (
    ArchiveError,
    ArchiveSearchError,
    Embedder,
    EmbedderError,
    PictureError,
    TooLargeError,
)
from ingest.ledger import Attempt
from ingest.source import Distant, Rejected, Source, Stage, StoppedError
from ingest.thumbnails import LONGEST, Thumbnails
from ingest.tiling import ENOUGH as ENOUGH_FOR_TILES
from ingest.tiling import Filler, Tiled, Tiles
from ingest.work import Loaded, Prepared, Same, Settled, Task

ENOUGH = max(448, LONGEST)
"""Pixels of the shorter side that a picture is decoded to at least: twice what the usual models look at."""
_LARGE_PIXELS = 40_000_000


class Loader:
    """Reads, decodes, shrinks and prepares one record; safe on several threads at once."""

    def __init__(
        self, source: Source, fillers: Sequence[Filler], thumbnails: Thumbnails, max_megapixels: float
    ) -> None:
        self._source, self._fillers, self._thumbnails = source, fillers, thumbnails
        self._max_megapixels = max_megapixels
        self._large = threading.Lock()  # very large pictures are decoded one at a time, to bound memory

    def load(self, task: Task) -> Loaded | Same | Attempt:
        """The prepared record, the news that nothing is new about its picture, or the reason why it is rejected."""
        stage: Stage = "opened"
        try:
            kind, file = medium(task.record.image), self._source.file(task.record)
            if kind != "image" and file is None:
                raise PictureError("a film or recording is taken only from a file on this machine")
            data = b"" if kind != "image" else self._source.read(task.record)
            content_hash = hashlib.sha256(data).hexdigest() if data or file is None else _digest(file)
            wanted = self._wanted(task, content_hash)
            row = task.row
            same = row is not None and not wanted and row.content_hash == content_hash
            if same and self._thumbnails.has(content_hash):
                return unopened(task)
            if kind == "image":
                width, height = size(data, self._max_megapixels)
                with self._large if width * height > _LARGE_PIXELS else nullcontext():
                    enough = ENOUGH_FOR_TILES if any(isinstance(one, Tiled) for one in wanted) else ENOUGH
                    picture = decode(data, self._max_megapixels, at_least=enough)
            else:
                assert file is not None
                picture = still(file)
                width, height = picture.size
            stage = "prepared"
            small = self._thumbnails.save(content_hash, picture)
            if same:
                return unopened(task, restored=True)
            seen = look(small) if small is not None and kind == "image" else None
            models = [one for one in wanted if not isinstance(one, Tiled)]
            cut: dict[str, Tiles] = {}
            prepared = {one.name: made for one in models if (made := _prepared(one, kind, picture, file)) is not None}
            if models and not prepared and not task.given:
                names = ", ".join(one.name for one in models)
                raise EmbedderError(f"no model of this ingest hears recordings ({names})")
            for one in wanted if kind == "image" else ():
                if isinstance(one, Tiled) and (tiles := one.prepare(picture, width, height)).inputs:
                    prepared[one.name] = Prepared("image", tiles.inputs)
                    cut[one.name] = tiles
        except (ArchiveError, StoppedError):
            raise
        except PictureError as error:
            if stage == "opened" and not isinstance(error, TooLargeError) and isinstance(self._source, Distant):
                self._source.refetch(task.record.image)
            return rejection(task, stage, error)
        except Exception as error:  # a picture can fail in as many ways as there are decoders and models
            return rejection(task, stage, error)
        whole = row is None or row.content_hash != content_hash
        without = tuple(one.name for one in wanted if one.name not in prepared)
        return Loaded(
            task, content_hash, width, height, prepared, whole, without, cut, None if seen is None else seen.fingerprint
        )

    def _wanted(self, task: Task, content_hash: str) -> list[Filler]:
        row = task.row
        if row is None or row.content_hash != content_hash:
            return list(self._fillers)
        return [one for one in self._fillers if row.spaces.get(one.name) != one.checkpoint]


def _prepared(embedder: Embedder, kind: Medium, picture: Image.Image, file: Path | None) -> Prepared | None:
    """The input of a model: a film or recording itself where it has a tower for it, else a film's still picture."""
    if kind in embedder.modalities and kind != "image":
        return Prepared(kind, embedder.preprocess(file, kind))
    if kind == "audio":
        return None
    return Prepared("image", embedder.preprocess(picture, "image"))


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def unopened(task: Task, restored: bool = False) -> Loaded | Same:
    """What is left to do for a record whose picture is the one in the ledger and needs no model."""
    row = task.row
    assert row is not None
    given = any(row.spaces.get(space) != mark for space, (mark, _) in task.given.items())
    if not given and row.metadata_hash == task.metadata_hash:
        return Same(row.id, row.content_hash, task.stamp, restored)
    return Loaded(task, row.content_hash, row.width, row.height, {}, whole=False)


def rejection(task: Task, stage: Stage, error: Exception) -> Attempt:
    """The row for a record that failed at a stage."""
    reason = str(error).strip() if isinstance(error, ArchiveSearchError) else f"{type(error).__name__}: {error}"
    if not is_link(reason):  # an address at the beginning stays as it is
        reason = reason[:1].upper() + reason[1:]
    if isinstance(error, TooLargeError):
        reason += ", or raise the limit of megapixels"
    reason += "" if reason.endswith((".", "!", "?")) else "."
    return Attempt(Rejected(task.record.id, task.record.image, stage, reason), task.mark)


def load_ahead(
    tasks: Iterator[Task | Settled], loader: Loader, *, threads: int, window: int, stop: threading.Event
) -> Generator[Loaded | Settled, None, None]:
    """
    Load records on `threads` threads, at most `window` of them ahead of what was taken, in their order.

    While the taker is busy (with the model), what was started is loaded and nothing more is asked of the source. Once
    `stop` is set, what waits is dropped.
    """
    waiting: deque[Future[Loaded | Same | Attempt] | Loaded | Settled] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="loader")
    try:
        for task in tasks:
            if not isinstance(task, Task):
                waiting.append(task)
            else:
                waiting.append(pool.submit(loader.load, task) if task.open else unopened(task))
            if len(waiting) > window and not stop.is_set():
                yield from _result(waiting.popleft())
        while waiting and not stop.is_set():
            yield from _result(waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _result(one: Future[Loaded | Same | Attempt] | Loaded | Settled) -> Iterator[Loaded | Settled]:
    """What became of a record; nothing where its source was stopped while it waited for it."""
    with suppress(StoppedError):
        yield one.result() if isinstance(one, Future) else one
