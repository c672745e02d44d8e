"""Progress: a bar with rate and time left, or a line now and then where there is no terminal; on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from app.commands.parts.terminal import say
from archive_search.counted import clock
from archive_search.visible import visible

if TYPE_CHECKING:
    from rich.progress import TaskID

    from ingest.progress import Progress

_EVERY_S = 10.0
_AFTER_S = 3.0
"""Before so many seconds a rate says little of how long it takes."""


@dataclass(frozen=True, slots=True)
class Now:
    """How far a piece of work is; `rate` is by the second (0: not known), None stands for what nobody can tell."""

    what: str
    done: int
    total: int | None
    rate: float = 0.0
    left_s: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Unit:
    """How amounts and rates of what is counted are written."""

    amount: Callable[[int], str] = str
    rate: Callable[[float], str] = lambda rate: f"{rate:.0f}/s" if rate >= 10 else f"{rate:.1f}/s"


COUNTED = Unit()
"""Records, settings, pictures: anything that is counted one by one."""


class ProgressBar:
    """A context that shows how far one piece of work after another is."""

    def __init__(self, quiet: bool = False, unit: Unit = COUNTED) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        self._unit = unit
        self._last = self._began = time.monotonic()
        self._at_start = 0
        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[amount]}"),
            TextColumn("{task.fields[rate]}", markup=False),
            TextColumn("{task.fields[left]}"),
            console=console,
            disable=quiet or not console.is_terminal,
            transient=True,
        )
        self._lines = not quiet and not console.is_terminal
        self._shown = ""
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, now: Now, task: str | None = None) -> None:
        """Show how far it is; each `task` (by default what is done) has a bar of its own."""
        task = now.what if task is None else task
        if task not in self._tasks:
            self._tasks[task] = self._bar.add_task("", total=now.total, amount="", rate="", left="")
        amount, rate, left = _said(now, self._unit)
        self._bar.update(
            self._tasks[task],
            description=visible(now.what),
            completed=now.done,
            total=now.total,
            amount=amount.replace(" of ", "/"),
            rate=rate,
            left=left,
        )
        # where lines are shown, one that says "0 s left" is not the last while other work goes on
        other = self._shown not in ("", now.what)
        if self._lines and (other or time.monotonic() - self._last >= _EVERY_S):
            self._last, self._shown = time.monotonic(), now.what
            say(line(now, self._unit), err=True)

    def step(self, what: str, done: int, total: int | None) -> None:
        """Show work that does not know its rate: what was done when it was first heard of counts as done before."""
        if what not in self._tasks:
            self._began, self._at_start = time.monotonic(), done
        self(timed(what, done, total, self._at_start, time.monotonic() - self._began))

    def ingest(self, now: Progress) -> None:
        """Show how far an ingest is, whatever its phase, in one bar."""
        note = f"{now.rejected} rejected" if now.rejected else ""
        if now.phase == "publishing":  # what is left of it nobody can tell
            self(Now("all read, publishing", now.done, None, note=note), task="ingest")
        elif now.phase == "repacking":
            self(Now("packing the index anew for its size", now.done, now.total, now.rate, now.left_s, note))
        elif now.phase == "reading":
            self(Now(now.phase, now.done, now.total, now.rate, now.left_s, note), task="ingest")


def timed(what: str, done: int, total: int | None, at_start: int, seconds: float) -> Now:
    """Progress with the rate since the start, and the time left at that rate, once there is something to go by."""
    rate = (done - at_start) / seconds if seconds >= _AFTER_S else 0.0
    return Now(what, done, total, rate, (total - done) / rate if total is not None and rate > 0 else None)


def line(now: Now, unit: Unit = COUNTED) -> str:
    """Progress in one line: 'fetching x.pth: 1.20 GB of 4.80 GB, 25 MB/s, 2:24 left'."""
    return f"{now.what}: " + ", ".join(one for one in _said(now, unit) if one)


def _said(now: Now, unit: Unit) -> tuple[str, str, str]:
    amount = unit.amount(now.done) + ("" if now.total is None else f" of {unit.amount(now.total)}")
    rate = ", ".join(one for one in (unit.rate(now.rate) if now.rate > 0 else "", now.note) if one)
    return amount, rate, "" if now.left_s is None else f"{clock(now.left_s)} left"
