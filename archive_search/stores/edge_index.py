"""Generations in a directory: each an Edge shard, never written again once published."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from archive_search.answers import Answers
from archive_search.atomic import sync
from archive_search.metadata.fields import STANDARD
from archive_search.stores import build_log
from archive_search.stores.build_log import BuildLog
from archive_search.stores.edge import EdgeStore
from archive_search.stores.edge_build import BuildStore, EdgeBuild
from archive_search.stores.generations import check_there, generation_number
from archive_search.stores.index_directory import IndexDirectory
from archive_search.stores.lock import BuilderLock
from archive_search.stores.manifest import DamagedError, Manifest, read_manifest
from archive_search.stores.precision import Choice
from archive_search.stores.shard_copy import copy_shard
from archive_search.stores.shard_copy import remark as remark_on_copies
from archive_search.types import ArchiveError, FieldTable, StoreError

TRIES = 5
"""How often a reader looks again when generations are replaced while it opens one."""


class EdgeIndex:
    """Generations in a directory (see `IndexDirectory`); readers write nothing there."""

    def __init__(
        self, path: Path, fields: FieldTable = STANDARD, choice: Choice | None = None, answers: Path | None = None
    ) -> None:
        self._path, self.fields, self.choice, self._answers = path, fields, choice or Choice(), answers
        self._directory = IndexDirectory(path)

    def generation(self) -> str | None:
        """The name of the published generation, None before the first."""
        return self._directory.published()

    def building(self) -> str | None:
        """The name of the unfinished generation, None if there is none."""
        return self._directory.building()

    def remark(self) -> str:
        """What is wrong with the index although it can be read, for people; '' where nothing is."""
        name = self.generation()
        if name is None:
            return ""
        if not (lost := self._directory.lost()):
            return remark_on_copies()
        return f"{lost}: {name} is read, the newest generation that was finished. The next ingest writes its name anew."

    def generations(self) -> list[str]:
        """The published generation and those before it that are still there, newest first."""
        published = generation_number(self.generation() or "")
        return [name for name in self._directory.published_once() if generation_number(name) <= published]

    def open(self, generation: str = "") -> EdgeStore:
        """Open a generation for reading, the published one unless another is named; several processes may at once."""
        if generation:
            check_there(generation, self.generations())
            try:
                return self._open(generation)
            except StoreError as error:
                raise self._told(generation, error) from error
        for left in reversed(range(TRIES)):
            name = self.generation()
            if name is None:
                raise ArchiveError(f"Nothing was published in {self._path} yet: ingest something first.")
            try:
                return self._open(name)
            except StoreError as error:
                if left and name != self.generation():  # merely replaced and removed while it was opened
                    continue
                raise self._told(name, error) from error
        raise AssertionError("not reached")

    def restore(self) -> str:
        """
        Go back to a whole generation where the published one is lost or damaged: the newest there is, or none.

        A damaged one is kept until the next is published. Returns what was done, for people; '' where all is well.
        """
        if self.generation() is None:
            return ""
        lock = self._lock()
        try:
            return self._restore()
        except OSError as error:
            raise StoreError(f"The index in {self._path} cannot be restored: {error}.") from error
        finally:
            lock.release()

    def begin(self, spaces: Mapping[str, int], expected: int = 0) -> EdgeBuild:
        """Resume the unfinished build, or start one from the published generation."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The index in {self._path} cannot be made: {error}.") from error
        lock = self._lock()
        try:
            return self._begin(spaces, expected, lock)
        except OSError as error:
            lock.release()
            raise StoreError(f"A generation in {self._path} cannot be built: {error}.") from error
        except BaseException:
            lock.release()
            raise

    def _lock(self) -> BuilderLock:
        return BuilderLock(self._path / "LOCK", f"The index in {self._path}")

    # -------------------------------------------------------------- reading

    def _open(self, name: str) -> EdgeStore:
        """Open a generation that is whole; DamagedError says what is not."""
        manifest = self._check(name)
        unheld = manifest.unheld if manifest is not None else {}
        store = EdgeStore.open(self._directory.shard(name), fields=self.fields, unheld=unheld)
        if manifest is not None and store.about() != manifest.points != (count := store.count()):
            store.close()
            raise DamagedError(f"it holds {count:,} records instead of {manifest.points:,}")
        if manifest is not None and self._answers is not None and name == self.generation():
            written = self._directory.manifest(name).stat()
            store.answers = Answers(self._answers, f"{name} {written.st_mtime_ns}")
        return store

    def _check(self, name: str) -> Manifest | None:
        shard = self._directory.shard(name)
        manifest = read_manifest(self._directory.manifest(name))
        if manifest is not None:
            manifest.check(shard)
        elif not shard.is_dir():
            raise DamagedError("its directory is missing")
        elif not any(shard.glob("segments/*/segment.json")):  # made before there were manifests, or without its own
            raise DamagedError("its segments are missing")
        return manifest

    def _told(self, name: str, error: StoreError) -> StoreError:
        """An error as people are told it, with what to do."""
        if not isinstance(error, DamagedError):
            return error
        whole = self._newest_whole(name)
        found = f"Generation {name} in {self._path} is damaged: {error}."
        if whole is not None:
            return DamagedError(f"{found} Run the ingest again: it goes on from {whole}, the newest that is whole.")
        return DamagedError(
            f"{found} No other generation is whole: put {name} back from a backup, or run the ingest again for every "
            "source; it takes every record anew."
        )

    # -------------------------------------------------------------- restoring

    def _restore(self) -> str:
        name = self.generation()
        if name is None:
            return ""
        try:
            self._open(name).close()
        except DamagedError as error:
            whole = self._newest_whole(name)
            for one in [name] if whole else [name, *self._directory.published_once()]:
                self._directory.set_aside(one)
            self._directory.name_current(whole)
            kept = f"Generation {name} is damaged ({error}) and is kept as {name}.damaged until the next is published"
            if whole is not None:
                return f"{kept}; this ingest goes on from {whole}."
            return f"{kept}; no other is whole, so every record is taken anew: run the ingest for every source."
        lost = self._directory.lost()
        if lost:
            self._directory.name_current(name)
            return f"{lost}; it names {name} again, the newest generation that was finished."
        return ""

    def _newest_whole(self, damaged: str) -> str | None:
        """The newest generation besides that is whole and was published; None if there is none."""
        for name in self._directory.published_once():
            if name != damaged:
                with suppress(StoreError):
                    self._open(name).close()
                    return name
        return None

    # -------------------------------------------------------------- building

    def _begin(self, spaces: Mapping[str, int], expected: int, lock: BuilderLock) -> EdgeBuild:
        published, unfinished = self.generation(), self.building()
        if published is not None:
            try:
                self._check(published)
            except DamagedError as error:
                raise self._told(published, error) from error
        if unfinished is not None:
            try:
                store, resumed = self._resume(unfinished, published, expected)
            except (StoreError, ValueError, KeyError):  # its log is damaged, or is that of another archive: start anew
                self._directory.remove(unfinished)
            else:
                return self._ready(store, spaces, unfinished, published, resumed, lock)
        self._directory.clear()
        name = self._directory.next_name()
        try:
            log = BuildLog.begin(self._directory.log(name), published, spaces)  # from here on there is a build
            sync(self._path)
            try:
                copy = self._copy(name, published, spaces, expected)
            except BaseException:
                log.close()
                raise
        except BaseException:
            self._directory.remove(name)
            raise
        return self._ready(BuildStore(copy, log), spaces, name, published, resumed=False, lock=lock)

    def _ready(
        self,
        store: BuildStore,
        spaces: Mapping[str, int],
        name: str,
        published: str | None,
        resumed: bool,
        lock: BuilderLock,
    ) -> EdgeBuild:
        try:
            for space, dim in spaces.items():
                store.add_space(space, dim)
            store.add_indexes()
            store.add_words()
            store.flush()
        except BaseException:
            store.close()
            raise
        return EdgeBuild(self._directory, store, name, published, resumed, lock, self.choice)

    def _resume(self, name: str, published: str | None, expected: int) -> tuple[BuildStore, bool]:
        log = self._directory.log(name)
        committed = build_log.read(log)
        if committed.base != published:
            raise StoreError(f"Build {name} started from another generation than {published}.")
        closed = self._closed_in_order(name, committed.end)
        self._directory.manifest(name).unlink(missing_ok=True)
        sync(self._path)
        store = self._reopen(name, closed) if closed is not None else None
        if store is None:
            shutil.rmtree(self._directory.shard(name), ignore_errors=True)
            store = self._copy(name, published, committed.spaces, expected)
            build_log.replay(log, committed, store)
        return BuildStore(store, BuildLog.resume(log, committed)), committed.operations > 0

    def _closed_in_order(self, name: str, end: int) -> Manifest | None:
        """What the shard of a build holds, where that is all that its log does, and it is whole."""
        manifest = read_manifest(self._directory.manifest(name))
        if manifest is None or manifest.log != end:
            return None
        try:
            manifest.check(self._directory.shard(name))
        except StoreError:
            return None
        return manifest

    def _reopen(self, name: str, closed: Manifest) -> EdgeStore | None:
        path = self._directory.shard(name)
        try:
            return EdgeStore.open(path, writable=True, fields=self.fields, unheld=closed.unheld)
        except StoreError:  # closed in order and damaged since: its log still knows all that was in it
            return None

    def _copy(self, name: str, published: str | None, spaces: Mapping[str, int], expected: int) -> EdgeStore:
        path = self._directory.shard(name)
        if published is None:
            return EdgeStore.create(path, spaces, self.fields, self.choice.of(expected))
        copy_shard(self._directory.shard(published), path)
        base = read_manifest(self._directory.manifest(published))
        return EdgeStore.open(path, writable=True, fields=self.fields, unheld=base.unheld if base is not None else {})
