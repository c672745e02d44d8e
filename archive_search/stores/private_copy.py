"""
A private copy of a shard to open it from, since Qdrant Edge writes where it opens, also to read.

Opening rewrites `segment.json` and `edge_config.json` and sets the length of bitmaps; closing writes the heads of
bitmaps and page tables anew. None of it changes what they say, but it cannot be done on a read-only disk, ends the
process on a full one, and a published generation is never written. What grows with the number of points is not written,
and is linked (`archive_search.stores.edge_files` knows which files these are).
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from archive_search.stores.edge_files import PAGES, READ
from archive_search.stores.file_copy import copy_file
from archive_search.types import StoreError

WRITING = ".atomicwrite"
"""Begins the name of a directory in which Edge writes a small file before it moves it to its place."""
SPARE = 1 << 24
"""Bytes that a copy leaves free."""
IN_MEMORY = ("tmpfs", "ramfs")
"""File systems that take room for a hole when it is read from a mapping, and end the process where there is none."""


@contextmanager
def private_copy(shard: Path) -> Iterator[Path]:
    """
    A directory from which a shard can be opened without any change to where it lies.

    It is there until the block is left; what was opened stays open. The next call removes what a process that was
    killed has left.

    Raises:
        StoreError: If the shard cannot be read, or no temporary directory has room.
    """
    shard = shard.absolute()
    try:
        plan = _plan(shard)
    except OSError as error:
        raise _unreadable(shard, error) from error
    tried: list[str] = []
    for place in _places(shard):
        try:
            own = _own(place)
            _remove_stale(own)
            copy = _Copy(own, plan)
        except OSError as error:
            if error.filename is not None and Path(error.filename).is_relative_to(shard):
                raise _unreadable(shard, error) from error
            tried.append(f"{place} ({error.strerror or error})")
        else:
            break
    else:
        needed = sum(one.data for one in (*plan.copied, *plan.pages)) / 1e6
        raise StoreError(
            f"The index in {shard} cannot be opened: {needed:.1f} MB of it are copied to a temporary directory, and "
            f"none has room. Tried: {', '.join(tried)}. Free some room there, or name another directory in the "
            "environment variable TMPDIR."
        )
    try:
        yield copy.path
    finally:
        copy.remove()


def _unreadable(shard: Path, error: OSError) -> StoreError:
    return StoreError(f"The index in {shard} cannot be read: {error}.")


# ------------------------------------------------------------------ what is linked and what is copied


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a shard: its path below it, its length in bytes, and without its holes."""

    path: Path
    length: int
    data: int


@dataclass(slots=True)
class _Plan:
    """What is made of a shard's files; paths below it."""

    shard: Path
    directories: list[Path] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    """Linked by symbolic links: files, and directories that hold nothing else."""
    pages: list[_File] = field(default_factory=list)
    copied: list[_File] = field(default_factory=list)


def _plan(shard: Path) -> _Plan:
    plan = _Plan(shard)
    _add(plan, Path(), in_memory(shard))
    return plan


def _add(plan: _Plan, below: Path, lies_in_memory: bool) -> None:
    directories: list[Path] = []
    read: list[Path] = []
    pages: list[_File] = []
    copied: list[_File] = []
    with os.scandir(plan.shard / below) as found:
        for one in found:
            path = below / one.name
            if one.is_dir():
                directories += [] if one.name.startswith(WRITING) else [path]
                continue
            about = one.stat()
            taken = int(getattr(about, "st_blocks", sys.maxsize)) * 512  # Windows does not say
            file = _File(path, about.st_size, min(taken, about.st_size))
            if lies_in_memory and file.data < file.length:  # where it lies, reading it would take room
                copied.append(file)
            elif READ.fullmatch(one.name):
                read.append(path)
            else:
                (pages if PAGES.fullmatch(one.name) else copied).append(file)
    if below.parts and read and not (directories or pages or copied):
        plan.read.append(below)
        return
    plan.directories.append(below)
    plan.read += read
    plan.pages += pages
    plan.copied += copied
    for path in directories:
        _add(plan, path, lies_in_memory)


# ------------------------------------------------------------------ one copy


class _Copy:
    """A private copy, held from construction until `remove`; whoever finds its lock free may remove it."""

    def __init__(self, own: Path, plan: _Plan) -> None:
        self._shard, self._reserve = plan.shard, in_memory(own)
        near = _device(own) == _device(plan.shard)
        copied = plan.copied if near else [*plan.copied, *plan.pages]
        needed = sum(one.length if self._reserve else one.data for one in copied)
        if shutil.disk_usage(own).free < needed + SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.path = own / secrets.token_hex(8)
        self._lock = FileLock(own / f"{self.path.name}.lock", thread_local=False)
        self._lock.acquire()
        try:
            for below in plan.directories:
                (self.path / below).mkdir()
            for below in plan.read:
                self._lay(below, Path.symlink_to)
            for one in plan.pages:
                writable = near and os.access(plan.shard / one.path, os.W_OK)
                self._lay(one.path, Path.hardlink_to if writable else None)
            for one in plan.copied:
                self._lay(one.path, None)
        except BaseException:
            self.remove()
            raise

    def _lay(self, below: Path, link: Callable[[Path, Path], None] | None) -> None:
        source, target = self._shard / below, self.path / below
        if link is not None:
            with suppress(OSError):  # not every system lets everybody link
                link(target, source)
                return
        if source.is_dir():
            shutil.copytree(source, target, copy_function=lambda one, other: copy_file(Path(one), Path(other)))
        else:
            copy_file(source, target, reserve=self._reserve)

    def remove(self) -> None:
        """Remove the copy; where the system keeps files that are open, the next opening does it."""
        _remove(self.path, self._lock)


def _remove_stale(own: Path) -> None:
    for file in own.glob("*.lock"):
        lock = FileLock(file)
        with suppress(Timeout, OSError):
            lock.acquire(blocking=False)
            _remove(file.with_suffix(""), lock)


def _remove(copy: Path, lock: FileLock) -> None:
    """Remove a copy whose lock is held, then the lock; what is linked stays where it lies."""
    shutil.rmtree(copy, ignore_errors=True)
    if not copy.exists():
        with suppress(OSError):  # Windows keeps a file that is open
            Path(lock.lock_file).unlink()
    lock.release()


# ------------------------------------------------------------------ where


def _places(shard: Path) -> list[Path]:
    """
    Where a copy may be kept, the best first: on a disk, on that of the shard, in a temporary directory.

    Beside the shard it may be as well: where a disk of its own has no temporary directory, its pages can be linked.
    """
    named = [Path(one) for name in ("TMPDIR", "TEMP", "TMP") if (one := os.environ.get(name))]
    usual = map(Path, ("/var/tmp", "/tmp", "/dev/shm"))
    found = [*(one for one in (*named, *usual) if one.is_dir()), user_cache_path("archive-search"), shard.parent]
    return sorted(dict.fromkeys(found), key=lambda one: (in_memory(one), _device(one) != _device(shard)))


def _own(place: Path) -> Path:
    """The directory for copies at a place, this user's alone; OSError where it cannot be."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    own = place / f"archive-search-{user}"
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid"):
        about = own.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
            raise PermissionError(errno.EPERM, f"{own.name} there is open to others")
    return own


def _device(path: Path) -> int:
    """The file system that a path lies on, or would."""
    there = next(one for one in (path, *path.parents) if one.exists())
    return there.stat().st_dev


def in_memory(path: Path) -> bool:
    """Whether a path lies on a file system in memory, or would; False where the system does not say."""
    device = _device(path)
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    number = f"{os.major(device)}:{os.minor(device)}"
    kinds = [line.partition(" - ")[2].split()[0] for line in mounts if line.split()[2] == number]
    return bool(kinds) and kinds[-1] in IN_MEMORY
