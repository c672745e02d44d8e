"""An archive: the directory with everything about one collection, opened for searching."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from archive_search.adapter import SUFFIX, AdaptedEmbedder
from archive_search.adapter import load as load_adapter
from archive_search.answers import FILE as ANSWERS
from archive_search.embedders import EMBEDDERS, auxiliary_embedders
from archive_search.metadata.local_terms import FILE as LOCAL_TERMS
from archive_search.metadata.local_terms import LocalTerms, read_local_terms
from archive_search.metadata.own import OwnField, table_with
from archive_search.metadata.rows import flat, in_order
from archive_search.metadata.table import Fields
from archive_search.metadata.translating import read_words
from archive_search.pictures.kept import is_link, kept_picture
from archive_search.pictures.thumbnails import thumbnail_file
from archive_search.plan import Plan, trace
from archive_search.provenance import Provenance, package_versions, program_version
from archive_search.question import Refinement, Region, Wanted, question
from archive_search.ranking.objects import Objects
from archive_search.refining import with_feedback, with_variety
from archive_search.results import ResultSet
from archive_search.search import SearchContext
from archive_search.settings import COPY, SETTINGS, Settings, keep_copy, read_settings, write_settings
from archive_search.spaces import BOXES, is_tiled, tile_space, whole_space
from archive_search.stores.generations import Index, check_there
from archive_search.stores.opening import open_index
from archive_search.stores.precision import Choice
from archive_search.strategies import DEFAULT, STRATEGIES, Strategy
from archive_search.strategy_file import configured, described
from archive_search.types import (
    ArchiveError,
    ArchiveSearchError,
    Box,
    Embedder,
    EmbedderError,
    Filter,
    InvalidInputError,
    Payload,
    PictureError,
    Query,
    ReadWord,
    Store,
    UnknownNameError,
    Vector,
    check_text,
)

if TYPE_CHECKING:
    import pandas
    from PIL.Image import Image

PLAIN_LIMIT = 1000
"""So far down plain search is looked at, for how much each hit was moved."""


class Archive:
    """
    One collection: settings, index, thumbnails, ledger, workspace, all below one directory.

    Safe to share between threads. A newly published generation is noticed at the next search.
    """

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory, self._settings = directory, settings
        self._settings_time = _changed(directory / SETTINGS)
        self.index_directory = None if settings.store else directory / "index"
        place = settings.store or directory / "index"
        self.index: Index = open_index(place, table_with(settings.own), settings.precision, directory / ANSWERS)
        self.thumbnails = directory / "thumbnails"
        self.queries = directory / "queries"
        self.ledger = directory / "ledger.sqlite"
        self.workspace = directory / "workspace.sqlite"
        self._at = ""
        self._lock = threading.RLock()
        self._opened: tuple[str, Mapping[str, OwnField], Store] | None = None
        self._embedders: dict[str, Embedder] = {}
        self._vectors: MutableMapping[tuple[str, str, str, str], Vector] = {}
        self._terms: tuple[int, LocalTerms] | None = None

    @classmethod
    def open(cls, directory: str | Path) -> Archive:
        """
        Open an archive that exists.

        Raises:
            ArchiveError: If the directory is none, or its settings are lost or not valid; what to do is said.
        """
        directory = Path(directory)
        if not is_archive(directory):
            _check_settings(directory)
            what = f"is not an archive (it has no {SETTINGS})" if directory.is_dir() else "does not exist"
            raise ArchiveError(
                f"{directory} {what}: make one with 'archive-search ingest folder PICTURES --archive {directory}'."
            )
        settings = read_settings(directory / SETTINGS)
        try:
            return cls(directory, settings)
        except InvalidInputError as error:
            raise ArchiveError(f"{directory / SETTINGS}: {error}") from error

    @classmethod
    def create(cls, directory: str | Path, settings: Settings | None = None) -> Archive:
        """
        Make an archive; one that exists is opened as it is.

        Raises:
            ArchiveError: If the directory holds other things, or cannot be made.
            InvalidInputError: If the settings name a store that is no address, or the directory a name that is no text;
                nothing is made then.
        """
        directory = Path(directory)
        if is_archive(directory):
            return cls.open(directory)
        check_text(str(directory), "The name of the archive's directory")
        try:
            if directory.is_dir() and any(directory.iterdir()):
                _check_settings(directory)
                raise ArchiveError(f"{directory} is not empty and not an archive: name a new directory.")
            archive = cls(directory, settings or Settings(name=directory.resolve().name))
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(f"No archive can be made in {directory}: {error.strerror or error}.") from error
        archive.save(archive.settings)
        return archive

    @property
    def settings(self) -> Settings:
        """What `archive.toml` says now; the store's address counts as it was when the archive was opened."""
        with self._lock:
            changed = _changed(self.directory / SETTINGS)
            if changed and changed != self._settings_time:
                self._take(read_settings(self.directory / SETTINGS), changed)
            return self._settings

    def _take(self, settings: Settings, time: int) -> None:
        """Go by other settings from now on."""
        try:
            fields, choice = table_with(settings.own), Choice(settings.precision)
        except InvalidInputError as error:
            raise ArchiveError(f"{self.directory / SETTINGS}: {error}") from error
        self.index.fields, self.index.choice = fields, choice
        self._settings, self._settings_time = settings, time

    @property
    def fields(self) -> Fields:
        """The fields of its records: those of every archive, and its own."""
        return table_with(self.settings.own)

    def save(self, settings: Settings) -> None:
        """Replace the settings; raises ArchiveError if they cannot be written."""
        with self._lock:
            try:
                write_settings(self.directory / SETTINGS, settings)
                keep_copy(self.directory / SETTINGS)
            except OSError as error:
                what = f"The settings of the archive in {self.directory} cannot be written"
                raise ArchiveError(f"{what}: {error.strerror or error}.") from error
            self._take(settings, _changed(self.directory / SETTINGS))

    @property
    def store(self) -> Store:
        """
        The published generation, or the one that `at` was told.

        Raises:
            ArchiveError: If nothing was published yet.
        """
        with self._lock:
            wanted = (self.generation or "", self.settings.own)
            if self._opened is None or self._opened[:2] != wanted:
                self._opened = (*wanted, self.index.open(self._at))
            return self._opened[2]

    @property
    def generation(self) -> str | None:
        """The name of the published generation, or of the one that `at` was told; None before the first."""
        return self._at or self.index.generation()

    def at(self, generation: str) -> Archive:
        """
        The same archive as it was in an older generation, for searching.

        Raises:
            ArchiveError: If that generation is not there any more, saying which are.
        """
        older = Archive(self.directory, self._settings)
        check_there(generation, older.index.generations())
        older._at, older._embedders, older._vectors = generation, self._embedders, self._vectors
        return older

    def default_space(self) -> str:
        """
        The space searched when none is named: the first embedder's, else the first that can be chosen.

        Raises:
            ArchiveError: If the archive has no space.
        """
        spaces = self.choices()
        for name in (*self.settings.embedders, *spaces):
            if name in spaces:
                return name
        raise ArchiveError(f"{self.directory} has no vectors yet: run 'archive-search ingest'.")

    def choices(self) -> tuple[str, ...]:
        """The spaces that people choose from, by name: neither those of tiles nor the auxiliary ones."""
        beside = auxiliary_embedders()
        return tuple(name for name in sorted(self.store.spaces) if name not in beside and not is_tiled(name))

    def embedder(self, space: str) -> Embedder:
        """
        The loaded embedder of a space.

        Raises:
            EmbedderError: If the space was filled with vectors from elsewhere, or its embedder's weights are missing.
        """
        with self._lock:
            adapter = self.adapter_file(space)
            if changed := _changed(adapter):
                key = f"{space} {changed}"  # an archive may be adapted again while it is open
                if key not in self._embedders:
                    self._embedders[key] = self._adapted(space, adapter)
                return self._embedders[key]
            if space not in self._embedders:
                if space not in EMBEDDERS:
                    raise EmbedderError(
                        f"The space {space!r} holds vectors that were computed elsewhere: search it by a record "
                        f"(more like this), not by a text or a picture. Embedders here: {', '.join(EMBEDDERS)}."
                    )
                info = EMBEDDERS[space]
                if missing := info.missing():
                    raise EmbedderError(missing)
                self._embedders[space] = info.load()
            return self._embedders[space]

    def reads_texts(self, space: str) -> bool:
        """Whether a space can be searched by words: its embedder, or the one it was adapted from, has a text tower."""
        name = whole_space(space).removesuffix(SUFFIX)
        return name in EMBEDDERS and "text" in EMBEDDERS[name].modalities

    def adapter_file(self, space: str) -> Path:
        """Where the adapter of a space of adapted vectors is kept."""
        return self.directory / "adapters" / f"{space}.safetensors"

    def _adapted(self, space: str, file: Path) -> Embedder:
        base, adapter = self.embedder(space.removesuffix(SUFFIX)), load_adapter(file)
        if adapter.base != base.checkpoint:
            raise EmbedderError(
                f"The space {space!r} was adapted from other weights of {base.name!r}: "
                "run 'archive-search adapt' again."
            )
        return AdaptedEmbedder(base, adapter, space)

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan may see; raises UnknownNameError for a space that does not exist."""
        store = self.store
        space = space or self.default_space()
        if space not in store.spaces:
            known = ", ".join(name for name in sorted(store.spaces) if not is_tiled(name))
            raise UnknownNameError(f"This archive has no space {space!r}. Known: {known}.")
        embedder = lambda: self.embedder(whole_space(space))  # noqa: E731 - loaded where a text or picture must be read
        search = SearchContext(
            *(store, query, space, embedder, self.picture, self.identity, self._vectors),
            reads_texts=self.reads_texts(space),
            reader=lambda texts: self.read_words(texts, space),
        )
        if query.examples and (remark := self.local_terms.remark):
            search.findings.remarks.append(remark)
        return search

    def read_words(self, texts: Iterable[str], space: str = "", language: str = "") -> tuple[ReadWord, ...]:
        """
        How words of texts that belong together are read for a space: those of languages that its embedder does not
        read as English ones, by the archive's own `vocabulary.csv` and the vocabularies.

        `language` is that of the page, which tells where a word is of several languages.
        """
        name = whole_space(space or self.default_space()).removesuffix(SUFFIX)
        reads = EMBEDDERS[name].languages if name in EMBEDDERS else ("en",)
        prefer = tuple(dict.fromkeys(one for one in (*self.settings.languages, language) if one))
        return read_words(texts, reads, prefer, self.local_terms.terms)

    def read(self, plan: Plan, language: str = "") -> Plan:
        """A plan in which it is decided how its words are read; see `read_words`."""
        if plan.query.words is not None:
            return plan
        texts = [one.value for one in plan.query.examples if one.kind == "text"]
        words = self.read_words(texts, plan.space, language) if texts else ()
        return dataclasses.replace(plan, query=dataclasses.replace(plan.query, words=words))

    @property
    def local_terms(self) -> LocalTerms:
        """The archive's own words as `vocabulary.csv` says them now."""
        with self._lock:
            file = self.directory / LOCAL_TERMS
            if self._terms is None or self._terms[0] != _changed(file):
                self._terms = (_changed(file), read_local_terms(file))
            return self._terms[1]

    def search(
        self,
        text: str = "",
        *,
        refine: Iterable[Refinement] = (),
        exclude: Iterable[Refinement] = (),
        image: str | Path | None = None,
        like: str | None = None,
        region: Region | None = None,
        where: Mapping[str, Wanted] | Sequence[Filter] = (),
        years: tuple[float | None, float | None] | None = None,
        undated: Literal["keep", "drop"] = "keep",
        near: tuple[float, float, float] | None = None,
        liked: Sequence[str] = (),
        disliked: Sequence[str] = (),
        per_object: bool = False,
        stack: bool = False,
        diversity: float | None = None,
        strategy: str | Strategy = DEFAULT,
        settings: Mapping[str, Any] | None = None,
        space: str = "",
        limit: int = 100,
        plan: Plan | None = None,
        who: str = "",
    ) -> ResultSet:
        """
        Search, and give a result set that can be read, exported and repeated.

        Args:
            text: what it is; for this and all up to `near` see `archive_search.question.question`.
            liked: ids of records to be followed; `disliked` those to be avoided.
            per_object: one hit per object, its best picture.
            stack: near-duplicates behind the best of them.
            diversity: 1 changes nothing, 0 brings all variety forward.
            strategy: how to rank: a name, the path of a JSON file, or a strategy.
            settings: of the strategy, where they differ from its defaults.
            plan: run this instead of all the above.
            who: who searches, for the provenance.

        Raises:
            ArchiveSearchError: What is wrong, what was possible, what to do.
        """
        recipe = None
        if plan is None:
            recipe = configured(strategy, settings or {})
            asked = question(
                text,
                refine=refine,
                exclude=exclude,
                image=image,
                like=like,
                region=region,
                where=where,
                years=years,
                undated=undated,
                near=near,
                fields=self.fields,
            )
            plan = with_feedback(recipe.plan(asked, limit, space), liked, disliked, self.store)
            plan = with_variety(plan, per_object, stack, diversity)
        return self.answer(plan, recipe, who)

    def answer(self, plan: Plan, strategy: Strategy | None = None, who: str = "") -> ResultSet:
        """Run a plan; `strategy` is what made it, for the provenance. Raises as `search` does."""
        store, generation = self.store, self.generation or ""
        plan = self.read(plan)
        happened = trace(plan, self).without_rankings()
        plain: dict[str, int] = {}
        if plan.query.examples:
            baseline = STRATEGIES["nearest"]().plan(plan.query, max(plan.limit, PLAIN_LIMIT), plan.space)
            # objects are compared with objects: another view may stand for one there
            baseline = with_variety(baseline, per_object=any(isinstance(step, Objects) for step in plan.steps))
            found = happened if baseline.steps == plan.steps else trace(baseline, self)
            for rank, hit in enumerate(found.ranking[: baseline.limit], 1):
                plain |= dict.fromkeys((hit.id, *found.stacks.get(hit.id, ())), rank)
        space, time = plan.space or self.default_space(), datetime.now(UTC).isoformat(timespec="seconds")

        name, settings = described(strategy) if strategy is not None else ("", {})

        def provenance() -> Provenance:
            weights, adapter = self._weights(space)
            return Provenance(
                archive=self.settings.name,
                archive_id=self.settings.id,
                generation=generation,
                records=store.count(),
                space=space,
                embedder=whole_space(space) if weights else "",
                weights=weights,
                adapter=adapter,
                strategy=name,
                settings=settings,
                time=time,
                who=who,
                program=program_version(),
                store="Qdrant server" if self.settings.store else "Qdrant Edge",
                versions=package_versions(),
            )

        return ResultSet(plan, happened, StoreHoldings(self, store), provenance, plain)

    def _weights(self, space: str) -> tuple[str, str]:
        """SHA-256 of the weights and of the adapter that a space is searched with; '' where there are none."""
        try:
            embedder = self.embedder(whole_space(space))
        except EmbedderError:  # vectors from elsewhere
            return "", ""
        if isinstance(embedder, AdaptedEmbedder):
            return embedder.embedder.checkpoint, embedder.adapter.checkpoint
        return embedder.checkpoint, ""

    def thumbnail_file(self, payload: Payload) -> Path | None:
        """The thumbnail of a record; None where it has none."""
        name = str(payload.get("thumbnail") or "")
        return thumbnail_file(self.thumbnails, name) if name else None

    def to_frame(self, where: Mapping[str, Wanted] | Sequence[Filter] = ()) -> pandas.DataFrame:
        """
        The records that pass, one a row: id, then a column per field that any of them holds, as in a result set's.

        It is held in memory as a whole: some 2 GB for a million records with ten short fields.
        """
        import pandas as pd

        points = self.store.scan(question(where=where, fields=self.fields).where)
        frame = pd.DataFrame({"id": point.id, **flat(point.payload)} for point in points)
        return frame[["id", *in_order(frame.columns[1:])]] if len(frame) else pd.DataFrame(columns=["id"])

    def identity(self, source: str) -> str:
        """A mark that changes with the picture, film or recording that a path, a record's id or `queries/KEY` names."""
        if points := self.store.points([source]):
            return str(points[0].payload.get("content_hash", ""))
        if source.startswith("queries/"):
            return source
        try:
            found = Path(source).stat()
        except (OSError, ValueError):
            return ""
        return f"{found.st_size}-{found.st_mtime_ns}"

    def picture(self, source: str) -> Image:
        """
        Open a picture by its path, by a record's id (its original file, else its thumbnail), or as `queries/KEY`.

        KEY is what `keep_query` gave for a picture that was brought as a query.

        Raises:
            PictureError: If there is none, or it cannot be read.
        """
        from archive_search.pictures.decoding import decode
        from archive_search.pictures.query_pictures import BROUGHT, kept_query

        file, name = self.picture_file(source), f"The picture of the record {source!r}"
        if file is None and source.startswith("queries/"):
            file, name = kept_query(self.queries, source.removeprefix("queries/")), BROUGHT
        if file is None:
            file, name = Path(source), Path(source).name  # without the folder, which tells of this machine
            with contextlib.suppress(OSError):
                if not file.is_file():
                    raise PictureError(f"{name!r} is neither a picture file nor the id of a record.")
        return decode(file, name=name)

    def picture_file(self, record_id: str) -> Path | None:
        """
        A record's original file, else its thumbnail; None where the record is unknown.

        The original is in the folder that it came from, or beside the file that describes it, or, where it was fetched
        from a link, kept in the archive.
        """
        points = self.store.points([record_id])
        if not points:
            return None
        source, image = (str(points[0].payload.get(name, "")) for name in ("ingested_from", "image"))
        if is_link(image):
            kept = kept_picture(self.directory, image)
            return kept if kept.is_file() else self.thumbnail_file(points[0].payload)
        for folder in _folders(source) if image else ():
            if str(folder) in self.settings.pictures:  # folders that were ingested, and no other place
                with contextlib.suppress(OSError):
                    if (folder / image).is_file():
                        return folder / image
        return self.thumbnail_file(points[0].payload)

    def remember(self, **changes: object) -> None:
        """Save changed settings, where anything changes; what a person has written meanwhile is in the copy as well."""
        changed = dataclasses.replace(self.settings, **changes)  # type: ignore[arg-type]
        if changed != self.settings:
            self.save(changed)
        else:
            with contextlib.suppress(OSError):  # nothing depends on it
                keep_copy(self.directory / SETTINGS)


def _folders(source: str) -> list[Path]:
    """Where pictures of a source may lie: in the folder that it is, or in or beside what a word and a path name."""
    path = Path(source.partition(" ")[2])
    return [Path(source), path, path.parent]


def is_archive(directory: Path) -> bool:
    """Whether a directory is an archive; raises ArchiveError where nobody can tell."""
    try:
        return (directory / SETTINGS).is_file()
    except OSError as error:
        raise ArchiveError(f"{directory} cannot be looked at: {error.strerror or error}.") from error


def _check_settings(directory: Path) -> None:
    """ArchiveError where a directory is an archive that has lost its settings: how they are put back."""
    if (directory / COPY).is_file():
        remedy = f"Copy {COPY}, the settings as the last ingest left them, to {SETTINGS}."
    elif (directory / "index").is_dir() or (directory / "ledger.sqlite").is_file():
        name, known = json.dumps(directory.resolve().name, ensure_ascii=False), _embedders(directory / "index")
        remedy = (
            f"Write it anew, as a text of two lines, name = {name} and embedders = {json.dumps(known)}, with "
            "what else it said: the mapping of columns ([fields]), tiles = true where there were "
            "tiles, the store where the index is on a server."
        )
    else:
        return
    raise ArchiveError(f"The archive in {directory} has lost its settings, the file {SETTINGS}. {remedy}")


def _embedders(index: Path) -> list[str]:
    """Those that the spaces of an index are called by, as far as it can be read."""
    try:
        store = open_index(index).open()
    except ArchiveSearchError:
        return []
    spaces, beside = store.spaces, auxiliary_embedders()
    store.close()
    return [name for name in sorted(spaces) if name in EMBEDDERS and name not in beside]


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@dataclasses.dataclass(frozen=True)
class StoreHoldings:
    """What a result set reads of its records: from the generation that was searched, and the archive's files."""

    archive: Archive
    store: Store

    @property
    def fields(self) -> Fields:
        """The fields of the archive's records: those of every archive, and its own."""
        return self.archive.fields

    def payloads(self, ids: Sequence[str]) -> Mapping[str, Payload]:
        """What is known of these records, by id; unknown ids left out."""
        return {point.id: point.payload for point in self.store.points(ids)}

    def boxes(self, payloads: Mapping[str, Payload], sought: Vector, space: str) -> Mapping[str, Box]:
        """Of each of these records that has tiles, the box of the one most similar to a vector of this space."""
        tiled = tile_space(space or self.archive.default_space())
        found = {}
        for one, rows in self.store.vectors(tiled, list(payloads)).items():
            boxes = payloads[one].get(BOXES, {}).get(tiled, [])
            if len(boxes) == len(rows):  # an index from before boxes were kept has none
                found[one] = Box(*boxes[int(np.argmax(rows @ sought))])
        return found

    def thumbnail_file(self, payload: Payload) -> Path | None:
        """The thumbnail of a record; None where it has none."""
        return self.archive.thumbnail_file(payload)

    def picture_file(self, record_id: str) -> Path | None:
        """The original picture where it is at hand, else the thumbnail; None where there is neither."""
        return self.archive.picture_file(record_id)
