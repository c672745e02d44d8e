"""Ingests beside other work: started in a process of their own, watched by whoever asks, stopped so that they go on."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias

from archive_search.atomic import atomic_write
from archive_search.knobs import from_data
from archive_search.types import ArchiveError, InvalidInputError
from ingest.request import Request, read_request

STATE = "ingest.json"
"""The file of an archive that tells of the latest ingest in the background."""
Phase: TypeAlias = Literal["starting", "reading", "publishing", "repacking", "done", "stopped", "failed"]
_ENDED = ("done", "stopped", "failed")
_SILENT_S = 60.0
"""So long may a process that was started by another program say nothing before it counts as ended."""
_GRACE_S = 5.0


@dataclass(frozen=True)
class State:
    """
    How far an ingest in the background is.

    `request` is what it was asked (see `ingest.request`); `process` and `at` (seconds since 1970) are its number and
    when it wrote this; `progress` and `summary` hold the fields of `ingest.progress.Progress` and `Summary`.
    """

    phase: Phase
    request: str
    process: int
    at: float
    remarks: tuple[str, ...] = ()
    progress: Mapping[str, Any] = field(default_factory=dict)
    summary: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether it had not ended when this was written."""
        return self.phase not in _ENDED

    @property
    def asked(self) -> Request | None:
        """What it was asked to do, None where that cannot be read."""
        try:
            return read_request(self.request)
        except InvalidInputError:
            return None


def write_state(file: Path, state: State) -> None:
    """Write the file, all or nothing; where that fails, nobody sees how far it is, and the work goes on."""
    with contextlib.suppress(OSError), atomic_write(file) as part:
        part.write_text(json.dumps(dataclasses.asdict(state), ensure_ascii=False), encoding="utf-8")


class Background:
    """
    The ingests that this process has started, one at a time for each archive; safe to share between threads.

    When this process ends, however it does, its ingests finish the batch at hand and end too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: dict[Path, subprocess.Popen[str]] = {}

    def start(self, archive: Path, request: Request) -> None:
        """
        Start an ingest.

        Raises:
            ArchiveError: If one is running for this archive, or no process can be started.
            UnknownNameError, InvalidInputError: If no source can be made of what is asked.
        """
        archive = archive.resolve()
        request.made()
        with self._lock:
            state = self._state(archive)
            if state is not None and state.running:
                raise ArchiveError("Pictures are being taken up already: wait until that is done, or stop it.")
            asked = request.to_json()
            write_state(archive / STATE, State("starting", asked, 0, time.time()))
            try:
                process = subprocess.Popen(
                    # -P: what lies in the directory where the program was started is not imported
                    [sys.executable, "-P", "-m", "ingest.child", str(archive), str(archive / STATE)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                )
                assert process.stdin is not None
                process.stdin.write(asked + "\n")
                process.stdin.flush()
            except OSError as error:
                said = f"No process could be started: {error.strerror or error}."
                write_state(archive / STATE, State("failed", asked, 0, time.time(), error=said))
                raise ArchiveError(said) from error
            self._started[archive] = process

    def state(self, archive: Path) -> State | None:
        """How far the latest ingest in the background of an archive is; None where there was none."""
        with self._lock:
            return self._state(archive.resolve())

    def ours(self, archive: Path) -> bool:
        """Whether an ingest of this archive runs that this process has started, and can stop."""
        with self._lock:
            process = self._started.get(archive.resolve())
            return process is not None and process.poll() is None

    def stopping(self, archive: Path) -> bool:
        """Whether one of ours runs that was told to stop."""
        with self._lock:
            process = self._started.get(archive.resolve())
            return process is not None and process.poll() is None and (process.stdin is None or process.stdin.closed)

    def stop(self, archive: Path) -> None:
        """Have the ingest finish the batch at hand and end; nothing to do where none of ours runs."""
        with self._lock:
            process = self._started.get(archive.resolve())
            if process is not None:
                _hang_up(process.stdin)

    def end(self, archive: Path, patience_s: float = _GRACE_S) -> None:
        """End the ingest now, if it does not end by itself in time; what is kept is kept, and the next goes on."""
        self.stop(archive)
        with self._lock:
            process = self._started.get(archive.resolve())
        if process is not None:
            try:
                process.wait(patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _state(self, archive: Path) -> State | None:
        state = read_state(archive / STATE)
        process = self._started.get(archive)
        if state is None or not state.running:
            return state
        if process is not None:
            if (status := process.poll()) is None:
                return state
            state = read_state(archive / STATE) or state  # it may have written its last word meanwhile
            return replace(state, phase="failed", error=_died(status)) if state.running else state
        if time.time() - state.at < _SILENT_S:
            return state
        return replace(state, phase="stopped")  # another program had started it and is gone


def read_state(file: Path) -> State | None:
    """What the file says; None where there is none, or nothing that can be read."""
    try:
        return from_data(State, json.loads(file.read_text(encoding="utf-8")), file.name)
    except (OSError, ValueError, InvalidInputError):
        return None


def _died(status: int) -> str:
    how = f"by signal {-status}" if status < 0 else f"with status {status}"
    return f"Its process ended {how} before it was done. What it has read is kept: start it again to go on."


def _hang_up(pipe: IO[str] | None) -> None:
    if pipe is not None:
        with contextlib.suppress(OSError):
            pipe.close()
