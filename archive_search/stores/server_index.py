"""
Generations on a Qdrant server: collections `NAME-gen-000007`, with an alias for what they are.

The alias `NAME` points to the published generation, `NAME-building` to the unfinished one; publishing moves both in one
request. A copy that was cut short has no alias and is made anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models

from archive_search.metadata.fields import STANDARD
from archive_search.stores.generations import check_there, generation_name, generation_number
from archive_search.stores.lock import BuilderLock
from archive_search.stores.precision import Choice
from archive_search.stores.recast import Tell
from archive_search.stores.server import ServerStore, telling
from archive_search.types import ArchiveError, FieldTable, InvalidInputError, StoreError

TIMEOUT_S = 60


class ServerIndex:
    """
    Generations on a Qdrant server.

    One builder at a time is held per machine and address; that two machines do not build at once is up to people.
    """

    def __init__(
        self,
        client: QdrantClient,
        name: str,
        place: str,
        fields: FieldTable = STANDARD,
        choice: Choice | None = None,
    ) -> None:
        self.fields, self.choice = fields, choice or Choice()
        self._client = client
        self._name = name
        self._place = place

    @classmethod
    def at(cls, url: str, fields: FieldTable = STANDARD, choice: Choice | None = None) -> ServerIndex:
        """
        The index `NAME` at `http(s)://host:6333/NAME`; the key is that of the environment variable QDRANT_API_KEY.

        Raises:
            InvalidInputError: If the address names no collection.
        """
        parts = urlsplit(url)
        prefix, _, name = parts.path.rstrip("/").rpartition("/")
        try:
            host, port = parts.hostname, parts.port or 6333
        except ValueError as error:
            raise InvalidInputError(f"The address {url!r} has no port between 0 and 65535.") from error
        if not name or not host:
            raise InvalidInputError("The address of an index on a server is http(s)://host:6333/NAME.")
        shown = f"[{host}]" if ":" in host else host
        key = os.environ.get("QDRANT_API_KEY", "").strip() or None
        with warnings.catch_warnings():
            if host in ("localhost", "127.0.0.1", "::1"):  # a key may go in clear text to this very machine
                warnings.filterwarnings("ignore", message="Api key is used with an insecure connection")
            client = QdrantClient(
                url=f"{parts.scheme}://{shown}:{port}",
                prefix=prefix.strip("/") or None,
                api_key=key,
                timeout=TIMEOUT_S,
                check_compatibility=False,
            )
        return cls(client, name, f"{parts.scheme}://{shown}:{port}{prefix}/{name}", fields, choice)

    def generation(self) -> str | None:
        """The name of the published generation, None before the first."""
        return self._aliases().get(self._name)

    def generations(self) -> list[str]:
        """The published generation and those before it that are still there, newest first."""
        published = generation_number(self.generation() or "")
        there = [one for one in self._generations() if generation_number(one) <= published]
        return sorted(there, key=generation_number, reverse=True)

    def open(self, generation: str = "") -> ServerStore:
        """Open a generation for reading, the published one unless another is named; several processes may at once."""
        if generation:
            check_there(generation, self.generations())
            return self._store(generation)
        name = self.generation()
        if name is None:
            raise ArchiveError(f"Nothing was published at {self._place} yet: ingest something first.")
        return self._store(name)

    def remark(self) -> str:
        """Nothing: a server looks after its collections itself."""
        return ""

    def restore(self) -> str:
        """Do nothing: a server looks after its collections itself."""
        return ""

    def building(self) -> str | None:
        """The name of the unfinished generation, None if there is none."""
        return self._aliases().get(f"{self._name}-building")

    def begin(self, spaces: Mapping[str, int], expected: int = 0) -> ServerBuild:
        """Resume the unfinished build, or start one from the published generation."""
        lock = BuilderLock(self._lock_path(), f"The index at {self._place}")
        try:
            unfinished = self.building()
            name = unfinished or self._copy(spaces, expected)
            store = self._store(name)
            for space, dim in spaces.items():
                store.add_space(space, dim)
            store.add_indexes()
        except BaseException:
            lock.release()
            raise
        return ServerBuild(self, store, name, unfinished is not None, lock)

    def publish(self, name: str) -> None:
        """Let the alias point to this generation, in one step; remove all but it and the one before."""
        before = self.generation()
        changes: list[models.AliasOperations] = [_forget(f"{self._name}-building")]
        if before is not None:
            changes.append(_forget(self._name))
        changes.append(self._call(self._name, name))
        with telling(self._place):
            self._client.update_collection_aliases(changes)
        self._keep({name, before} - {None})

    def discard(self, name: str) -> None:
        """Remove an unfinished generation."""
        with telling(self._place):
            self._client.update_collection_aliases([_forget(f"{self._name}-building")])
            self._client.delete_collection(self._collection(name))

    def _copy(self, spaces: Mapping[str, int], expected: int) -> str:
        published = self.generation()
        self._keep({published, self._before(published)} - {None})  # leftovers of a copy that was cut short
        source = self._store(published) if published else None
        name = generation_name(generation_number(published or "") + 1)
        held = dict(source.spaces) if source else {}
        wanted = self.choice.of(source.count(), source.precision) if source else self.choice.of(expected)
        target = ServerStore.create(
            self._client, self._collection(name), {**spaces, **held}, self._place, self.fields, wanted
        )
        if source:
            for batch in source.everything():
                target.upsert(batch)
            if target.count() != source.count():
                raise StoreError(f"The copy of {published} at {self._place} is not complete.")
        with telling(self._place):
            self._client.update_collection_aliases([self._call(f"{self._name}-building", name)])
        return name

    def _store(self, generation: str) -> ServerStore:
        return ServerStore(self._client, self._collection(generation), self._place, self.fields)

    def _before(self, published: str | None) -> str | None:
        number = generation_number(published or "")
        older = [one for one in self._generations() if generation_number(one) < number]
        return max(older, key=generation_number, default=None)

    def _keep(self, names: set[str | None]) -> None:
        for name in self._generations():
            if name not in names:
                with telling(self._place):
                    self._client.delete_collection(self._collection(name))

    def _generations(self) -> list[str]:
        with telling(self._place):
            found = [one.name for one in self._client.get_collections().collections]
        start = f"{self._name}-"
        names = [one.removeprefix(start) for one in found if one.startswith(start)]
        return [one for one in names if generation_number(one)]

    def _aliases(self) -> dict[str, str]:
        with telling(self._place):
            found = self._client.get_aliases().aliases
        start = f"{self._name}-"
        return {one.alias_name: one.collection_name.removeprefix(start) for one in found}

    def _collection(self, generation: str) -> str:
        return f"{self._name}-{generation}"

    def _call(self, alias: str, generation: str) -> models.CreateAliasOperation:
        made = models.CreateAlias(collection_name=self._collection(generation), alias_name=alias)
        return models.CreateAliasOperation(create_alias=made)

    def _lock_path(self) -> Path:
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
        digest = hashlib.sha256(self._place.encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"archive-search-{user}-{digest}.lock"


class ServerBuild:
    """A generation being built on a server."""

    def __init__(
        self, index: ServerIndex, store: ServerStore, generation: str, resumed: bool, lock: BuilderLock
    ) -> None:
        self._index, self._lock = index, lock
        self._open = True
        self.store: ServerStore = store
        self.generation = generation
        self.resumed = resumed

    def publish(self, tell: Tell | None = None) -> None:
        """
        Make this the published generation in one step; the server optimises by itself.

        Where it has grown past a border, the next generation, a copy of this one, is kept with another precision.
        """
        self._check_open()
        self._index.publish(self.generation)
        self.close()

    def discard(self) -> None:
        """Remove this generation; the published one stays."""
        self._check_open()
        self._index.discard(self.generation)
        self.close()

    def close(self) -> None:
        """Leave the build unfinished, to be resumed by the next `begin`; nothing to do once published."""
        if self._open:
            self._open = False
            self._lock.release()

    def _check_open(self) -> None:
        if not self._open:
            raise StoreError(f"The build of {self.generation} is closed.")


def _forget(alias: str) -> models.DeleteAliasOperation:
    return models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias))
