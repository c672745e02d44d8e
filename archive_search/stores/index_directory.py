"""What lies in the directory of an index, and which generation is the published one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from archive_search.atomic import atomic_write, sync
from archive_search.stores.generations import generation_name, generation_number
from archive_search.stores.manifest import read_manifest
from archive_search.types import StoreError

NUMBERED = re.compile(r"gen-(\d{6,})(\..+)?")


class IndexDirectory:
    """
    The directory of an index.

    `CURRENT` names the published generation and is replaced atomically. `gen-000007/` is a shard, `gen-000007.json`
    says what it holds since it is complete, `gen-000008.log` stands beside a build until that is published, and
    `gen-000005.damaged` was set aside.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.current = path / "CURRENT"

    def shard(self, name: str) -> Path:
        """Where a generation lies."""
        return self.path / name

    def manifest(self, name: str) -> Path:
        """Where it is said what a generation holds."""
        return self.path / f"{name}.json"

    def log(self, name: str) -> Path:
        """Where it is noted what was written to a build."""
        return self.path / f"{name}.log"

    # -------------------------------------------------------------- what is published

    def named(self) -> str:
        """What `CURRENT` says, '' where it is missing."""
        try:
            return self.current.read_bytes().decode("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise StoreError(
                f"{self.current} cannot be read: {error.strerror or error}. If that cannot be changed, remove it: "
                "what was published is found without it."
            ) from error

    def published(self) -> str | None:
        """
        The published generation: the one that `CURRENT` names, or, where that is lost, the newest that was finished.

        A generation was published where it is complete and the log of its build is gone; one that was just being
        published counts as unfinished, and the next build goes on with it.

        Raises:
            StoreError: If `CURRENT` is lost, and nothing tells which generation was published.
        """
        named = self.named()
        if generation_number(named):
            return named
        if finished := self.finished():
            return finished[0]
        unknown = [name for name in self.generations() if not self.log(name).exists()]
        if unknown:
            raise StoreError(
                f"{self.lost()}, and nothing tells whether {unknown[0]} was finished. If it was, write {unknown[0]} "
                f"into that file; if not, move {self.shard(unknown[0])} elsewhere. Then run the ingest again."
            )
        if named:
            raise StoreError(f"{self.lost()}, and there is none. Remove that file: the next ingest begins anew.")
        return None

    def lost(self) -> str:
        """What is wrong with `CURRENT` where it names no generation; '' where it names one, or there is none."""
        named = self.named()
        if generation_number(named):
            return ""
        return f"{self.current} names no generation: {named[:40]!r}" if named else f"{self.current} is missing or empty"

    def name_current(self, name: str | None) -> None:
        """Make a generation the published one, or none, in one step."""
        if name is None:
            self.current.unlink(missing_ok=True)
            sync(self.path)
        else:
            with atomic_write(self.current, durable=True) as part:
                part.write_text(name + "\n", encoding="utf-8")

    # -------------------------------------------------------------- what is there

    def generations(self) -> list[str]:
        """The generations whose directory is there, newest first, unfinished ones included."""
        return self._newest_first(one.name for one in self.path.glob("gen-*") if one.is_dir())

    def finished(self) -> list[str]:
        """The generations that were published, newest first, whether they are still whole or not."""
        said = self._newest_first(one.stem for one in self.path.glob("gen-*.json"))
        return [name for name in said if not self.log(name).exists() and read_manifest(self.manifest(name))]

    def published_once(self) -> list[str]:
        """The generations that are, or were, the published one and are there, newest first, whole or not."""
        newest = generation_number(self.named())
        finished = self.finished()
        return [
            name
            for name in self.generations()
            if name in finished  # an earlier version wrote no manifests
            or (generation_number(name) <= newest and not self.log(name).exists())
        ]

    def building(self) -> str | None:
        """The unfinished generation, None if there is none."""
        published = generation_number(self.published() or "")
        builds = self._newest_first(one.stem for one in self.path.glob("gen-*.log"))
        return next((name for name in builds if generation_number(name) > published), None)

    def next_name(self) -> str:
        """A name that no generation has or had that left anything."""
        taken = [int(found[1]) for one in self.path.glob("gen-*") if (found := NUMBERED.fullmatch(one.name))]
        return generation_name(max(taken, default=0) + 1)

    # -------------------------------------------------------------- what goes

    def remove(self, name: str) -> None:
        """Remove a generation; what cannot be removed now is at the next occasion."""
        with suppress(OSError):
            self.manifest(name).unlink(missing_ok=True)
            gone = self._move_away(name, "gone")
            self.log(name).unlink(missing_ok=True)
            shutil.rmtree(gone)

    def set_aside(self, name: str) -> None:
        """Move a generation away until the next is published; its name is not used again before."""
        self._move_away(name, "damaged").mkdir(exist_ok=True)
        self.manifest(name).unlink(missing_ok=True)
        self.log(name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what was half made or half removed when a process ended."""
        published = generation_number(self.published() or "")
        for one in self.path.glob("gen-*.gone"):
            shutil.rmtree(one, ignore_errors=True)
        for name in self.generations():
            newer = generation_number(name) > published
            if newer and not self.log(name).exists() and not self.manifest(name).exists():
                self.remove(name)

    def keep(self, *names: str | None) -> None:
        """Remove all generations but these, with all that belongs to them; readers keep what they opened."""
        for name in self.generations():
            if name not in names:
                self.remove(name)
        for one in self.path.glob("gen-*.*"):
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            elif one.stem not in names or one != self.manifest(one.stem):
                with suppress(OSError):
                    one.unlink()

    def _move_away(self, name: str, ending: str) -> Path:
        target = self.path / f"{name}.{ending}"
        if self.shard(name).exists():
            shutil.rmtree(target, ignore_errors=True)
            self.shard(name).rename(target)
        return target

    def _newest_first(self, names: Iterable[str]) -> list[str]:
        return sorted(filter(generation_number, names), key=generation_number, reverse=True)
