"""Generations in a directory: each an Edge shard, never written again once published."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive_search.metadata.fields import STANDARD
from archive_search.stores import build_log, checks
from archive_search.stores.build_log import BuildLog
from archive_search.stores.edge import EdgeStore
from archive_search.stores.file_copy import copy_tree, replace_text, sync, sync_tree
from archive_search.stores.generations import generation_name, generation_number
from archive_search.stores.lock import BuilderLock
from archive_search.types import ArchiveError, FieldTable, Payload, Point, StoreError, Vectors

TRIES = 5
"""How often a reader looks again when generations are replaced while it opens one."""


class EdgeIndex:
    """
    Generations in a directory.

    `CURRENT` names the published one and is replaced atomically; `gen-000007/` are shards; a build has its log beside
    it (`gen-000008.log`), and `gen-000008.closed` says that it was closed in order and that no log need be replayed.
    """

    def __init__(self, path: Path, fields: FieldTable = STANDARD) -> None:
        self._path, self.fields = path, fields

    def generation(self) -> str | None:
        """The name of the published generation, None before the first."""
        try:
            name = (self._path / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"The index in {self._path} cannot be read: {error}.") from error
        if not generation_number(name):
            raise StoreError(f"{self._path / 'CURRENT'} names no generation: {name[:40]!r}.")
        return name

    def open(self) -> EdgeStore:
        """Open the published generation for reading; several processes may at once."""
        for left in reversed(range(TRIES)):
            name = self.generation()
            if name is None:
                raise ArchiveError(f"Nothing was published in {self._path} yet: ingest something first.")
            try:
                return EdgeStore.open(self._path / name, fields=self.fields)
            except StoreError:
                if not left or name == self.generation():  # not merely replaced and removed while it was opened
                    raise
        raise AssertionError("not reached")

    def building(self) -> str | None:
        """The name of the unfinished generation, None if there is none."""
        published = generation_number(self.generation() or "")
        names = sorted(log.stem for log in self._path.glob("gen-*.log") if generation_number(log.stem) > published)
        return names[-1] if names else None

    def begin(self, spaces: Mapping[str, int]) -> EdgeBuild:
        """Resume the unfinished build, or start one from the published generation."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The index in {self._path} cannot be made: {error}.") from error
        lock = BuilderLock(self._path / "LOCK", f"The index in {self._path}")
        try:
            return self._begin(spaces, lock)
        except OSError as error:
            lock.release()
            raise StoreError(f"A generation in {self._path} cannot be built: {error}.") from error
        except BaseException:
            lock.release()
            raise

    def _begin(self, spaces: Mapping[str, int], lock: BuilderLock) -> EdgeBuild:
        published, unfinished = self.generation(), self.building()
        if unfinished is not None:
            try:
                store, resumed = self._resume(unfinished, published)
            except (StoreError, ValueError, KeyError):  # its log is damaged, or is that of another archive: start anew
                self.remove(unfinished)
            else:
                return self._ready(store, spaces, unfinished, lock, resumed)
        self.tidy(published)
        name = generation_name(generation_number(published or "") + 1)
        copy = self._copy(name, published, spaces)
        try:
            log = BuildLog.begin(self._path / f"{name}.log", published, spaces)  # from here on there is a build
            sync(self._path)
        except BaseException:
            copy.close()
            raise
        return self._ready(BuildStore(copy, log), spaces, name, lock, resumed=False)

    def _ready(
        self, store: BuildStore, spaces: Mapping[str, int], name: str, lock: BuilderLock, resumed: bool
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
        return EdgeBuild(self, self._path, store, name, resumed, lock)

    def _resume(self, name: str, published: str | None) -> tuple[BuildStore, bool]:
        path = self._path / f"{name}.log"
        committed = build_log.read(path)
        if committed.base != published:
            raise StoreError(f"Build {name} started from another generation than {published}.")
        marker = self._path / f"{name}.closed"
        in_order = marker.exists() and marker.read_text(encoding="utf-8") == str(committed.end)
        marker.unlink(missing_ok=True)
        sync(self._path)
        store = self._reopen(name) if in_order else None
        if store is None:
            shutil.rmtree(self._path / name, ignore_errors=True)
            store = self._copy(name, published, committed.spaces)
            build_log.replay(path, committed, store)
        return BuildStore(store, BuildLog.resume(path, committed)), committed.operations > 0

    def _reopen(self, name: str) -> EdgeStore | None:
        try:
            return EdgeStore.open(self._path / name, writable=True, fields=self.fields)
        except StoreError:  # closed in order and damaged since: its log still knows all that was in it
            return None

    def _copy(self, name: str, published: str | None, spaces: Mapping[str, int]) -> EdgeStore:
        path = self._path / name
        if published is None:
            return EdgeStore.create(path, spaces, self.fields)
        copy_tree(self._path / published, path)
        return EdgeStore.open(path, writable=True, fields=self.fields)

    def remove(self, name: str) -> None:
        """Remove a build with its log; what cannot be removed now is at the next occasion."""
        for suffix in (".closed", ".log"):
            (self._path / f"{name}{suffix}").unlink(missing_ok=True)
        shutil.rmtree(self._path / name, ignore_errors=True)

    def tidy(self, published: str | None) -> None:
        """Keep the published generation and the one before it, remove the others; readers keep what they opened."""
        current = generation_number(published or "")
        shards = {path.name: generation_number(path.name) for path in self._path.glob("gen-*")}
        kept = sorted((number for number in shards.values() if 0 < number <= current), reverse=True)[:2]
        for name, number in shards.items():
            if number and number not in kept:
                self.remove(name)
        for path in self._path.glob("gen-*.*"):
            if path.suffix in (".log", ".closed"):
                path.unlink(missing_ok=True)


class EdgeBuild:
    """A generation being built in a directory."""

    def __init__(
        self, index: EdgeIndex, path: Path, store: BuildStore, generation: str, resumed: bool, lock: BuilderLock
    ) -> None:
        self._index, self._path, self._lock = index, path, lock
        self._open = True
        self.store: BuildStore = store
        self.generation = generation
        self.resumed = resumed

    def publish(self) -> None:
        """Flush, optimise, make this the published generation in one step; besides, only the one before it is kept."""
        self._check_open()
        self.store.flush()
        expected = self.store.count()
        self.store.optimize()
        self._end()
        try:
            self._check_count(expected)
            sync_tree(self._path / self.generation)
            replace_text(self._path / "CURRENT", self.generation + "\n")
            self._index.tidy(self.generation)
        except OSError as error:
            raise StoreError(f"Generation {self.generation} cannot be published: {error}.") from error
        finally:
            self._lock.release()

    def discard(self) -> None:
        """Remove this generation; the published one stays."""
        self._check_open()
        self._end()
        try:
            self._index.remove(self.generation)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Flush and leave the build unfinished, to be resumed by the next `begin`; nothing to do once published."""
        if not self._open:
            return
        try:
            end = self.store.settle()
            self._end()
            sync_tree(self._path / self.generation)
            replace_text(self._path / f"{self.generation}.closed", str(end))
        except OSError as error:
            raise StoreError(f"Generation {self.generation} cannot be closed: {error}.") from error
        finally:
            self._open = False
            self._lock.release()

    def _end(self) -> None:
        self._open = False
        self.store.close()

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError(f"The build of {self.generation} is closed.")

    def _check_count(self, expected: int) -> None:
        store = EdgeStore.open(self._path / self.generation)
        try:
            found = store.count()
        finally:
            store.close()
        if found != expected:
            raise StoreError(f"Generation {self.generation} holds {found} points on disk, {expected} were written.")


class BuildStore(EdgeStore):
    """The shard of a build: what is written goes to its log as well, and a flush makes the log durable."""

    def __init__(self, store: EdgeStore, log: BuildLog) -> None:
        super().__init__(store.shard, store.spaces, True, store.has_words, store.fields)
        self._log = log

    def upsert(self, points: Sequence[Point]) -> None:
        """Store points whole: a point that was there is replaced, with all its vectors."""
        super().upsert(points)
        self._log.upsert(points)

    def add_space(self, name: str, dim: int) -> None:
        """Add a space; nothing happens if it is there."""
        if checks.check_new_space(name, dim, self.spaces):
            super().add_space(name, dim)
            self._log.add_space(name, dim)

    def set_vectors(self, space: str, ids: Sequence[str], vectors: Vectors | Sequence[Vectors]) -> None:
        """Set the vectors of one space; the other spaces of these points stay."""
        super().set_vectors(space, ids, vectors)
        if len(ids):
            self._log.set_vectors(space, ids, vectors)

    def set_payload(self, ids: Sequence[str], payloads: Sequence[Payload]) -> None:
        """Replace the payloads of these points; vectors stay."""
        super().set_payload(ids, payloads)
        self._log.set_payload(ids, payloads)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove these points; unknown ids are no error."""
        super().delete(ids)
        self._log.delete(ids)

    def flush(self) -> None:
        """Make all that was written durable, in the log: the shard itself is brought to the disk when it is closed."""
        self._log.commit()

    def settle(self) -> int:
        """Bring shard and log to the disk; returns the length of the log."""
        self.flush()
        super().flush()
        return self._log.length()

    def optimize(self) -> None:
        """Pack the points into compact segments."""
        self.settle()
        super().optimize()

    def close(self) -> None:
        """Release the shard and the log."""
        self._log.close()
        super().close()
