"""A generation being built in a directory: a writable copy of the published one, with a log of what was written."""

from __future__ import annotations

from collections.abc import Sequence

from archive_search.stores import checks
from archive_search.stores.build_log import BuildLog
from archive_search.stores.edge import EdgeStore
from archive_search.stores.file_copy import sync_tree
from archive_search.stores.index_directory import IndexDirectory
from archive_search.stores.lock import BuilderLock
from archive_search.stores.manifest import Manifest
from archive_search.stores.precision import Choice
from archive_search.stores.recast import Tell
from archive_search.types import Payload, Point, StoreError, Vectors


class EdgeBuild:
    """A generation being built in a directory; `base` is the published one that it started from."""

    def __init__(
        self,
        directory: IndexDirectory,
        store: BuildStore,
        generation: str,
        base: str | None,
        resumed: bool,
        lock: BuilderLock,
        choice: Choice,
    ) -> None:
        self._directory, self._base, self._lock, self._choice = directory, base, lock, choice
        self._open = True
        self.store: BuildStore = store
        self.generation = generation
        self.resumed = resumed

    def publish(self, tell: Tell | None = None) -> None:
        """
        Flush, optimise, make this the published generation in one step; besides, only the one before it is kept.

        Where it has grown or shrunk past a border, its vectors are kept with another precision first.
        """
        self._check_open()
        self.store.flush()
        expected = self.store.count()
        wanted = self._choice.of(expected, self.store.precision)
        self.store.recast(self._directory.shard(self.generation), wanted, tell)
        self.store.optimize()
        end = self.store.settle()
        self._end()
        try:
            self._check_count(expected)
            self._complete(expected, end)
            self._directory.name_current(self.generation)
            self._directory.keep(self.generation, self._base)
        except OSError as error:
            raise StoreError(f"Generation {self.generation} cannot be published: {error}.") from error
        finally:
            self._lock.release()

    def discard(self) -> None:
        """Remove this generation; the published one stays."""
        self._check_open()
        self._end()
        try:
            self._directory.remove(self.generation)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Flush and leave the build unfinished, to be resumed by the next `begin`; nothing to do once published."""
        if not self._open:
            return
        try:
            end = self.store.settle()
            points = self.store.count()
            self._end()
            self._complete(points, end)
        except OSError as error:
            raise StoreError(f"Generation {self.generation} cannot be closed: {error}.") from error
        finally:
            self._open = False
            self._lock.release()

    def _end(self) -> None:
        self._open = False
        self.store.close()

    def _complete(self, points: int, end: int) -> None:
        """Bring all to the disk, then say what it is."""
        shard = self._directory.shard(self.generation)
        sync_tree(shard)
        Manifest.of(shard, points, end, self.store.unheld).write(self._directory.manifest(self.generation))

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError(f"The build of {self.generation} is closed.")

    def _check_count(self, expected: int) -> None:
        store = EdgeStore.open(self._directory.shard(self.generation), writable=True)
        try:
            found = store.count()
        finally:
            store.close()
        if found != expected:
            raise StoreError(f"Generation {self.generation} holds {found} points on disk, {expected} were written.")


class BuildStore(EdgeStore):
    """The shard of a build: what is written goes to its log as well, and a flush makes the log durable."""

    def __init__(self, store: EdgeStore, log: BuildLog) -> None:
        super().__init__(store.shard, store.spaces, True, store.has_words, store.fields, store.kept_with, store.unheld)
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
