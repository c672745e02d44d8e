"""One builder at a time: who is kept out, what they are told, and when the lock is free again."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive_search.stores.lock import BuilderLock
from archive_search.types import ArchiveError, StoreError

_HOLDER = """
import sys
from pathlib import Path
from archive_search.stores.lock import BuilderLock
lock = BuilderLock(Path(sys.argv[1]), "The index")
print("held", flush=True)
sys.stdin.read()
"""


def held_by(process: int) -> str:
    return f"^The index is being built by process {process}. Wait until it is done, or end it.$"


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    """Who comes second is told which process holds the lock, every time; a killed process holds it no more."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path / "LOCK")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        for _ in range(2):
            with pytest.raises(ArchiveError, match=held_by(holder.pid)):
                BuilderLock(tmp_path / "LOCK", "The index")
        holder.kill()
    lock = BuilderLock(tmp_path / "LOCK", "The index")
    with pytest.raises(ArchiveError, match=held_by(os.getpid())):
        BuilderLock(tmp_path / "LOCK", "The index")
    lock.release()


def test_another_thread_may_release(tmp_path: Path) -> None:
    """A lock taken in one thread is released by another; releasing twice takes nothing from the next holder."""
    first = BuilderLock(tmp_path / "LOCK", "The index")
    thread = threading.Thread(target=first.release)
    thread.start()
    thread.join()
    second = BuilderLock(tmp_path / "LOCK", "The index")
    first.release()
    with pytest.raises(ArchiveError, match=held_by(os.getpid())):
        BuilderLock(tmp_path / "LOCK", "The index")
    second.release()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """Where no lock file can be made, what is wrong is said."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"^The index cannot be locked for writing: .*file'"):
        BuilderLock(tmp_path / "file" / "LOCK", "The index")


@pytest.mark.filterwarnings("ignore:flock not supported")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks on every file system")
def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a share whose file system knows no locks one builder is let in, a second one is told who holds it."""
    import fcntl

    def unknown(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", unknown)
    lock = BuilderLock(tmp_path / "LOCK", "The index")
    with pytest.raises(ArchiveError, match=held_by(os.getpid())):
        BuilderLock(tmp_path / "LOCK", "The index")
    lock.release()
    BuilderLock(tmp_path / "LOCK", "The index").release()
