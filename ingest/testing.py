"""Small archives for tests of the ingest: drawn pictures, sources that count, an encoder that can fail or be slow."""

from __future__ import annotations

import copy
import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from archive_search.metadata.fields import STANDARD
from archive_search.stores.precision import Choice
from archive_search.stores.recast import Tell
from archive_search.testing import HashEmbedder, MemoryStore
from archive_search.types import FieldTable, Modality, PictureError, Record, Vector, Vectors
from ingest import pipeline
from ingest.ledger import Ledger
from ingest.pipeline import Options
from ingest.progress import Summary
from ingest.source import InArchive, Rejected


def picture(number: int, size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    """A picture that no other number has."""
    image = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, number * 53 % 256))
    draw = ImageDraw.Draw(image)
    draw.rectangle((number % 30, number % 20, number % 30 + 12, number % 20 + 9), fill=(255, 255, 255))
    draw.text((2, 2), str(number), fill=(0, 0, 0))
    written = io.BytesIO()
    image.save(written, kind)
    return written.getvalue()


@dataclass
class Pictures:
    """A source in memory whose pictures, stamps and metadata a test can change; it counts what is asked of it."""

    files: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    before: list[Rejected] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    origin: str = "pictures"
    read_ids: list[str] = field(default_factory=list)
    asked: int = 0

    @classmethod
    def of(cls, count: int) -> Pictures:
        """So many pictures, named r000, r001 ..."""
        files = {f"r{number:03}": picture(number) for number in range(count)}
        return cls(files, {name: {"title": f"Object {name}"} for name in files}, dict.fromkeys(files, "1"))

    def put(self, name: str, data: bytes, stamp: str) -> None:
        """Add or change a picture."""
        self.files[name], self.stamps[name] = data, stamp

    def count(self) -> int:
        """How many records and rejections there are."""
        return len(self.files) + len(self.before) + len(self.twice)

    def records(self) -> Iterator[Record | Rejected]:
        """The rejections, then the records by name, then those that come twice."""
        yield from self.before
        for name in (*sorted(self.files), *self.twice):
            self.asked += 1
            yield Record(name, f"{name}.png", self.metadata.get(name, {}))

    def stamp(self, record: Record) -> str:
        """What the test says."""
        return self.stamps.get(record.id, "")

    def file(self, record: Record) -> Path | None:
        """Nowhere: these pictures are in memory."""
        return None

    def read(self, record: Record) -> bytes:
        """The bytes; those of b"missing" cannot be had."""
        self.read_ids.append(record.id)
        if self.files[record.id] == b"missing":
            raise PictureError("the file does not exist")
        return self.files[record.id]


@dataclass
class Table(Pictures):
    """Pictures that come from the rows of a metadata file, in the order of their names."""

    rows: int = 0

    def row_count(self) -> int:
        """What the test says, or one row for each picture."""
        return self.rows or len(self.files)

    def row_of(self, record: Record) -> int | None:
        """The place of the record among the names; None for those that begin with x."""
        return None if record.id.startswith("x") else sorted(self.files).index(record.id)


@dataclass(frozen=True)
class Folder:
    """The `.png` files of a directory, each with its title in a `.txt` beside it."""

    directory: Path
    endings: tuple[str, ...] = (".png",)

    @property
    def origin(self) -> str:
        """The directory."""
        return str(self.directory)

    def records(self) -> Iterator[Record | Rejected]:
        """The pictures by path."""
        for path in sorted(path for path in self.directory.rglob("*") if path.suffix in self.endings):
            said = path.with_suffix(".txt")
            title = said.read_text(encoding="utf-8") if said.is_file() else path.stem
            name = path.relative_to(self.directory).as_posix()
            yield Record(name, name, {"title": title})

    def stamp(self, record: Record) -> str:
        """Size and time."""
        found = (self.directory / record.image).stat()
        return f"{found.st_size}-{found.st_mtime_ns}"

    def file(self, record: Record) -> Path | None:
        """Its path."""
        return self.directory / record.image

    def read(self, record: Record) -> bytes:
        """The bytes."""
        return (self.directory / record.image).read_bytes()


class Encoder(HashEmbedder):
    """
    A hash embedder of pictures with a name and a checkpoint.

    It remembers its batches, fails on inputs in `bad`, or is slow.
    """

    modalities: frozenset[Modality] = frozenset({"image"})

    def __init__(self, name: str = "hash", checkpoint: str = "c1", seconds: float = 0.0) -> None:
        self.name, self.checkpoint, self.seconds = name, checkpoint, seconds
        self.batches: list[int] = []
        self.bad: set[bytes] = set()
        self.before: Callable[[], None] = lambda: None

    def choke_on(self, data: bytes) -> None:
        """Fail on this picture from now on."""
        self.bad.add(self.preprocess(Image.open(io.BytesIO(data)).convert("RGB"), "image").tobytes())

    def encode(self, batch: Sequence[Vector], modality: Modality) -> Vectors:
        """As the hash embedder does, unless told otherwise."""
        self.before()
        self.batches.append(len(batch))
        time.sleep(self.seconds * len(batch))
        if any(one.tobytes() in self.bad for one in batch):
            raise ValueError("the model choked")
        return super().encode(batch, modality)


class MemoryIndex:
    """Generations in memory; what was not flushed is lost with `crash`, as it is on disk."""

    def __init__(self) -> None:
        self.copies = 0
        self.fields: FieldTable = STANDARD
        self.choice = Choice()
        self._published: tuple[str, MemoryStore] | None = None
        self._unfinished: tuple[str, FlushedStore] | None = None

    def generation(self) -> str | None:
        """The published name."""
        return None if self._published is None else self._published[0]

    def building(self) -> str | None:
        """The unfinished name."""
        return None if self._unfinished is None else self._unfinished[0]

    def remark(self) -> str:
        """Nothing is wrong."""
        return ""

    def restore(self) -> str:
        """Nothing is damaged."""
        return ""

    def generations(self) -> list[str]:
        """The published name only: none before it is kept."""
        return [] if self._published is None else [self._published[0]]

    def open(self, generation: str = "") -> MemoryStore:
        """The published points."""
        assert self._published is not None
        assert generation in ("", self._published[0])
        return self._published[1]

    def begin(self, spaces: Mapping[str, int], expected: int = 0) -> MemoryBuild:
        """Resume or copy."""
        if self._unfinished is None:
            self.copies += 1
            name = f"gen-{int((self.generation() or 'gen-0')[4:]) + 1:06}"
            store = self._published[1] if self._published else MemoryStore()
            self._unfinished = (name, FlushedStore(store, self.fields))
        for space, dim in spaces.items():
            self._unfinished[1].add_space(space, dim)
        return MemoryBuild(self, *self._unfinished, self._unfinished[1].flushed)

    def crash(self, lose_build: bool = False) -> None:
        """Forget what was not flushed, or the whole unfinished build."""
        if self._unfinished is not None:
            self._unfinished[1].crash()
        if lose_build:
            self._unfinished = None

    def publish(self) -> None:
        """Make the unfinished build the published one."""
        assert self._unfinished is not None
        name, store = self._unfinished
        store.flush()
        self._published, self._unfinished = (name, store.kept), None

    def discard(self) -> None:
        """Drop the unfinished build."""
        self._unfinished = None


class FlushedStore(MemoryStore):
    """A memory store that can go back to its last flush."""

    def __init__(self, store: MemoryStore, fields: FieldTable) -> None:
        super().__init__(fields=fields)
        self.kept = copy.deepcopy(store)
        self.kept.fields = fields
        self.flushed = False
        self.crash()

    def flush(self) -> None:
        """Keep what is there."""
        self.flushed = True
        self.kept._spaces, self.kept._points = dict(self._spaces), dict(self._points)

    def crash(self) -> None:
        """Go back to what was kept."""
        self._spaces, self._points = dict(self.kept._spaces), dict(self.kept._points)


@dataclass
class MemoryBuild:
    """A build of a memory index."""

    index: MemoryIndex
    generation: str
    store: FlushedStore
    resumed: bool

    def publish(self, tell: Tell | None = None) -> None:
        """Make it the published generation."""
        self.index.publish()

    def discard(self) -> None:
        """Drop it."""
        self.index.discard()

    def close(self) -> None:
        """Nothing to do."""


@dataclass
class Desk:
    """The places of one archive, and the call that brings it up to date."""

    directory: Path
    index: Any = field(default_factory=MemoryIndex)
    kind: type[Ledger] = Ledger

    def run(self, source: Any, *embedders: Any, options: Mapping[str, Any] | None = None, **more: Any) -> Summary:
        """One ingest; a source that keeps what it fetches keeps it in the directory."""
        opened = (
            source.opened(self.directory, threading.Event()) if isinstance(source, InArchive) else nullcontext(source)
        )
        with opened as whole, self.ledger() as ledger:
            return pipeline.run(
                whole,
                index=self.index,
                ledger=ledger,
                thumbnails=self.directory / "thumbnails",
                embedders=embedders,
                options=Options(**{"batch": 4, "threads": 2, "keep_s": 0.0, **(options or {})}),
                **more,
            )

    def ledger(self) -> Ledger:
        """The ledger, opened."""
        return self.kind(self.directory / "ledger.sqlite")

    def reasons(self) -> dict[str, str]:
        """Why records were rejected, by id, with the stage."""
        with self.ledger() as ledger:
            return {one.id: f"{one.stage}: {one.reason}" for one in ledger.rejected()}
