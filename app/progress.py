"""Progress of an ingest: a bar with rate and time left, or a line now and then where there is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from ingest.progress import Progress

_EVERY_S = 10.0


class ProgressBar:
    """A context that shows every `Progress` it is called with, on standard error."""

    def __init__(self, quiet: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._quiet, self._last = quiet, time.monotonic()
        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[left]}"),
            console=console,
            disable=quiet or not console.is_terminal,
            transient=True,
        )
        self._lines = not quiet and not console.is_terminal
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, now: Progress) -> None:
        """Show how far it is."""
        left = "" if now.left_s is None else f"{clock(now.left_s)} left"
        rate = f"{now.rate:.0f}/s" if now.rate >= 10 else f"{now.rate:.1f}/s"
        rejected = f", {now.rejected} rejected" if now.rejected else ""
        if self._task is None:
            self._task = self._bar.add_task("", total=now.total, rate="", left="")
        self._bar.update(
            self._task, description=now.phase, completed=now.done, total=now.total, rate=rate + rejected, left=left
        )
        if self._lines and time.monotonic() - self._last >= _EVERY_S:
            self._last = time.monotonic()
            of = "" if now.total is None else f" of {now.total}"
            print(f"{now.phase}: {now.done}{of}, {rate}{rejected}{', ' + left if left else ''}", file=sys.stderr)


def clock(seconds: float) -> str:
    """A duration as people read it: 42 s, 3:05, 2:03:00."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
