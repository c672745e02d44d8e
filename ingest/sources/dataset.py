"""The dataset source: labelled pictures in folders named by class, Parquet, JSON lines or WebDataset tar files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from archive_search.counted import count
from archive_search.knobs import Knob, knob
from archive_search.metadata.dates.periods import Periods
from archive_search.metadata.fields import STANDARD
from archive_search.pictures.kept import is_link
from archive_search.types import InvalidInputError, MetadataError, PictureError, Record
from ingest.datasets.jsonlines import JsonLines
from ingest.datasets.names import read_names
from ingest.datasets.parquets import NoPicturesError, Parquet
from ingest.datasets.shards import LARGEST_PICTURE, Sample, Shard
from ingest.datasets.tars import Tar
from ingest.files import Files, files_below
from ingest.harvest.addresses import refused
from ingest.harvest.client import Client
from ingest.harvest.linked import Asking, OpenedLinks
from ingest.harvest.links import file_name
from ingest.kept import Kept
from ingest.licensed import only_shown
from ingest.mapping import FieldMap, field_map, fields_of, parse_pairs
from ingest.periods import chosen_periods
from ingest.source import Rejected, Source

_SPLITS = ("train", "training", "val", "valid", "validation", "test", "testing", "dev")
_TAKEN = "label"


@dataclass(frozen=True)
class Dataset(Asking):
    """
    Pictures with labels: a folder for each class, or files with pictures or links to them (Parquet, JSON lines, tar).

    The label fills a field of the records, so that it is a filter, and `evaluate --labels` can measure rankings by it.
    In folders the label is the folder that a picture lies in; a folder called train or val above it is the split.
    Records come in the order of paths and rows, with the same ids each time.
    """

    path: Path = field(
        metadata={
            "knob": Knob(
                "Folder or file",
                help="A folder with a folder for each class, or with .parquet, .jsonl or .tar files; or one such file.",
            )
        }
    )
    label_field: str = knob("object_type", "Field of labels", help="The field of the records that the label fills.")
    names: Path | None = knob(
        None,
        "Names of classes",
        help="A file that says what labels such as n03000684 or 17 mean: a label and its name a line, or JSON.",
    )
    picture: str = knob(
        "",
        "Picture column",
        help="Which column of Parquet and JSON lines holds the pictures; if not told, one with a usual name.",
    )
    label: str = knob(
        "",
        "Label column",
        help=(
            "Which column of Parquet, JSON lines and a tar's .json holds the label; if not told, one with a usual name."
        ),
    )
    fields: tuple[str, ...] = knob(
        (), "Field mapping", help="Which column fills a field, as FIELD=COLUMN: title=caption."
    )
    id_prefix: str = knob(
        "", "Put before every id", help="A beginning for every id, so that datasets can share an archive."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))
        if self.names is not None:
            object.__setattr__(self, "names", Path(self.names))
        chosen = STANDARD.get(self.label_field)
        if chosen is None or not chosen.is_terms:
            known = ", ".join(key for key, one in STANDARD.items() if one.is_terms and one.columns)
            raise InvalidInputError(f"Labels can fill no field {self.label_field!r}. Possible: {known}.")

    @property
    def origin(self) -> str:
        """The full path."""
        return str(self.path.resolve())

    def records(self) -> Iterator[Record | Rejected]:
        """Every picture with its label, or why a part of the dataset is none."""
        if not self._shards:
            yield from self._of_folders()
            return
        places = self._places
        for shard in self._shards:
            name = self._below(shard.path)
            for sample in shard.samples():
                if isinstance(sample, Rejected):
                    yield sample
                    continue
                made = self._of_sample(name, sample)
                if isinstance(made, Record) and not is_link(made.image):
                    with self._lock:
                        places[made.id] = f"{name}\n{sample.place}\n{sample.beside}"
                yield made

    @contextmanager
    def opened(self, archive: Path, stop: threading.Event) -> Iterator[Source]:
        """The source for an ingest into the archive in a directory, which keeps pictures that are links."""
        with self.client(stop) as client:
            yield _Opened(self, archive, client)

    @cached_property
    def has_links(self) -> bool:
        """Whether its pictures are behind links, by the first of them."""
        for shard in self._shards[:1]:
            for one in shard.samples():
                return not isinstance(one, Rejected) and is_link(one.beside)
        return False

    def count(self) -> int | None:
        """How many pictures there are, where that is known without reading all of it."""
        if not self._shards:
            return len(self._files.pictures)
        counts = [one.count() for one in self._shards]
        return None if None in counts else sum(one for one in counts if one is not None)

    def stamp(self, record: Record) -> str:
        """Size and time of the file that the picture is, or lies in."""
        try:
            found = (self.file(record) or self._root / self._place(record)[0]).stat()
        except (OSError, PictureError):
            return ""
        return f"{found.st_size}-{found.st_mtime_ns}"

    def file(self, record: Record) -> Path | None:
        """Its path, where the picture is a file by itself."""
        if is_link(record.image):
            return None
        if not self._shards:
            return self.path / record.image
        name, _, beside = self._place(record)
        return (self._root / name).parent / beside if beside else None

    def read(self, record: Record) -> bytes:
        """The bytes of the picture; one behind a link is had only once the dataset is opened for an archive."""
        if is_link(record.image):
            raise PictureError("it is a link, which an ingest into an archive fetches")
        path = self.file(record)
        if path is None:
            name, place, _ = self._place(record)
            return self._by_name[name].read(place)
        try:
            if path.stat().st_size > LARGEST_PICTURE:
                raise PictureError(f"the file has more than {LARGEST_PICTURE / 1e6:,.0f} MB")
            return path.read_bytes()
        except OSError as error:
            raise PictureError(f"the file cannot be read: {error.strerror or error}") from error

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What was found, for people."""
        if self._shards:
            what = "links to pictures" if self.has_links else "pictures"
            named = f"{count(len(self._shards), 'file')} with {what} in {self.path}"
            known = self.count()
            return (named if known is None else f"{named}: {count(known, 'picture')}",)
        classes = {PurePosixPath(one).parent.name for one in self._files.pictures}
        pictures = count(len(self._files.pictures), "picture")
        return (f"{pictures} below {self.path} in {count(len(classes), 'class', 'classes')}",)

    # ------------------------------------------------------------------ folders

    @cached_property
    def _files(self) -> Files:
        return files_below(self.path)

    def _of_folders(self) -> Iterator[Record | Rejected]:
        yield from self._files.unreadable
        for path in self._files.pictures:
            parts = PurePosixPath(path).parts
            name = PurePosixPath(path)
            folder = parts[-2] if len(parts) > 1 else ""
            cells: dict[str, Any] = {"title": " ".join(name.stem.replace("_", " ").split()) or name.name}
            if len(parts) > 2 and parts[0].casefold() in _SPLITS:
                cells["split"] = parts[0]
            yield self._record(path, path, cells, (folder,) if folder else (), name.name)

    # ------------------------------------------------------------------ files with pictures in them

    @cached_property
    def _root(self) -> Path:
        return self.path if self.path.is_dir() else self.path.parent

    @cached_property
    def _shards(self) -> Sequence[Shard]:
        """The files of the dataset that hold pictures, by their paths; none where pictures lie in folders."""
        try:
            if not self.path.exists():
                raise MetadataError(f"There is no folder or file {self.path}.")
            found = [self.path] if self.path.is_file() else sorted(self.path.rglob("*"))
            files = [one for one in found if _ending(one) in _READERS and one.is_file() and not self._is_hidden(one)]
        except OSError as error:
            raise MetadataError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        if self.path.is_file() and not files:
            hint = " Unpack it from its .gz first." if self.path.name.endswith((".tar.gz", ".tgz", ".gz")) else ""
            raise MetadataError(f"{self.path.name} is no dataset ({', '.join(_READERS)}).{hint}")
        if self.path.is_file():
            return [_READERS[_ending(one)](one, self.picture, self.label) for one in files]
        return [made for one in files if (made := self._shard(one)) is not None]

    def _shard(self, path: Path) -> Shard | None:
        """A file of a folder; None where it is a table that only says something about pictures."""
        try:
            made = _READERS[_ending(path)](path, self.picture, self.label)
        except NoPicturesError:
            if self.picture:
                raise
            return None
        return None if isinstance(made, JsonLines) and not made.holds_pictures() else made

    def _is_hidden(self, path: Path) -> bool:
        return path != self.path and any(part.startswith(".") for part in path.relative_to(self.path).parts)

    @cached_property
    def _by_name(self) -> Mapping[str, Shard]:
        return {self._below(one.path): one for one in self._shards}

    def _below(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    @cached_property
    def _places(self) -> Kept:
        return Kept()

    @cached_property
    def _lock(self) -> threading.Lock:
        return threading.Lock()

    def _place(self, record: Record) -> tuple[str, str, str]:
        with self._lock:
            found = self._places.get(record.id)
        if found is None:
            raise PictureError("the dataset has not been read as far as this picture")
        name, place, beside = found.split("\n")
        return name, place, beside

    def _of_sample(self, name: str, sample: Sample) -> Record | Rejected:
        id = f"{name}/{sample.name}"
        linked = is_link(sample.beside)
        if linked and (reason := refused(sample.beside)):
            return Rejected(self.id_prefix + id, sample.beside[:300], "record", reason)
        if sample.beside and not linked:
            there = PurePosixPath(sample.beside.replace("\\", "/"))
            if there.is_absolute() or ".." in there.parts or "\n" in sample.beside:
                return Rejected(self.id_prefix + id, sample.beside, "record", "Its path leads out of the dataset.")
        cells = dict(sample.cells)
        if self.label and self.label in cells and not sample.label:
            sample_label: tuple[str, ...] = (str(cells.pop(self.label)),)
        else:
            sample_label = sample.label
        if sample.object:
            cells.setdefault("object_id", f"{name}/{sample.object}")
        made = self._record(
            id, sample.beside or id, cells, sample_label, file_name(sample.beside) if linked else sample.file
        )
        return replace(made, metadata={**made.metadata, "image_url": sample.beside}) if linked else made

    # ------------------------------------------------------------------ records

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {} if self.names is None else read_names(self.names)

    @cached_property
    def _periods(self) -> Periods:
        return chosen_periods(self.region, self.periods)

    def _record(self, id: str, image: str, cells: dict[str, Any], labels: Sequence[str], file: str) -> Record:
        said = [self._names.get(one, one) for one in labels]
        mapping = self._mapping(tuple(cells))
        if said:
            name = _TAKEN
            while name in cells:
                name = f"_{name}"
            cells[name] = said
            mapping = {**mapping, self.label_field: (name,)}
        metadata = fields_of(cells, mapping, self._periods, without=mapping.get("id", ()))
        if labels and said != list(labels):
            metadata["extra"] = {**metadata.get("extra", {}), "class": "; ".join(labels)}
        if file:
            metadata.setdefault("file", file)
        own = str(cells[mapping["id"][0]]) if mapping.get("id") else id
        return Record(self.id_prefix + own, image, metadata)

    def _mapping(self, columns: tuple[str, ...]) -> FieldMap:
        """Which of the columns fill which field; a column is the id only where somebody says so."""
        if columns not in self._mappings:
            explicit = parse_pairs(self.fields)
            there = {name: tuple(one for one in chosen if one in columns) for name, chosen in explicit.items()}
            found = field_map(columns, there)
            if "id" not in explicit:
                found.pop("id", None)
            found.pop("file", None)
            if len(self._mappings) < 1000:
                self._mappings[columns] = found
            return found
        return self._mappings[columns]

    @cached_property
    def _mappings(self) -> dict[tuple[str, ...], FieldMap]:
        return {}


class _Opened(OpenedLinks):
    """A dataset for one archive: what lies in it is read from there, what it links to is fetched."""

    def __init__(self, dataset: Dataset, archive: Path, client: Client) -> None:
        super().__init__(dataset, archive, client, dataset)
        self._dataset = dataset
        self.waiting = OpenedLinks.waiting if dataset.has_links else 1

    def wanted(self, one: Record | Rejected) -> Record | Rejected:
        """A record that may be taken, or why it is not; what its periods mean the dataset has settled."""
        return only_shown(one) if self._dataset.only_open and isinstance(one, Record) else one

    def stamp(self, record: Record) -> str:
        """Of a link the usual, else the dataset's."""
        return super().stamp(record) if is_link(record.image) else self._dataset.stamp(record)

    def file(self, record: Record) -> Path | None:
        """Where a picture lies by itself, or a film or recording is kept."""
        return super().file(record) if is_link(record.image) else self._dataset.file(record)

    def read(self, record: Record) -> bytes:
        """The bytes of the picture."""
        return super().read(record) if is_link(record.image) else self._dataset.read(record)


def _ending(path: Path) -> str:
    return path.suffix.lower()


_READERS: Mapping[str, Callable[[Path, str, str], Shard]] = {
    ".parquet": Parquet,
    ".jsonl": JsonLines,
    ".ndjson": JsonLines,
    ".tar": lambda path, _picture, _label: Tar(path),
}

SOURCES = {"dataset": Dataset}
