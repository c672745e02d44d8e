"""How far an ingest is, while it runs and when it has ended."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias, runtime_checkable

Phase: TypeAlias = Literal["reading", "publishing", "repacking", "done"]

_RECENT_S = 30.0
"""The rate is that of the last half minute: a resumed ingest skips fast, then works slowly."""
_PAUSE_S = 0.2
_SETTLED, _AFTER_S = 20, 3.0
"""After so many records and seconds their rate says something: the first wait for models, or were there already."""


@runtime_checkable
class Counted(Protocol):
    """A source that knows cheaply how many records and rejections it will give; asked again as it goes on."""

    def count(self) -> int | None:
        """Their number; None where only reading them all would tell."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far an ingest is.

    `done` counts records that are settled: written, found unchanged, or rejected; while the index is repacked for its
    new size, a part of publishing, those of the whole index that are through. `rate` is records a second lately;
    `total` and `left_s` (seconds) are None where nobody can tell: while it publishes, or when all are settled that the
    source had counted and it goes on. Before there is something to go by `rate` is 0 and `left_s` None.
    """

    phase: Phase
    done: int
    total: int | None
    written: int
    rejected: int
    rate: float
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What an ingest did, in records.

    `generation` is the published one, None before the first; `published` says whether this ingest made it.
    """

    added: int = 0
    changed: int = 0
    """Their picture is another one."""
    extended: int = 0
    """Their picture is the same and got vectors in a space that was new or had another checkpoint."""
    moved: int = 0
    """They belonged to another source, whose pictures are this one's now."""
    relabelled: int = 0
    """Only what is said about them changed."""
    restored: int = 0
    """Nothing is new but their thumbnail, which was missing."""
    unchanged: int = 0
    rejected: int = 0
    still_rejected: int = 0
    """Rejected before, and not tried again."""
    taken: Mapping[str, int] = field(default_factory=dict)
    """How many of the rejected have an id that belongs to a record of another source, by its origin."""
    gone: tuple[str, ...] = ()
    """Ids that were stored and that the source no longer has; () after an ingest that was stopped."""
    out_of_reach: tuple[str, ...] = ()
    """Ids that were stored and that lie where the source could not look: they are kept, and are not among the gone."""
    pruned: int = 0
    own: Mapping[str, str] = field(default_factory=dict)
    """The archive's own fields that this ingest has made, and the column of each."""
    generation: str | None = None
    published: bool = False
    stopped: bool = False
    seconds: float = 0.0


class Meter:
    """Counts what happens to records and reports it, a few times a second at most."""

    def __init__(self, total: Callable[[], int | None], on_progress: Callable[[Progress], None] | None) -> None:
        self.counts: Counter[str] = Counter()
        self.started = time.monotonic()
        self._total, self._report = total, on_progress
        self._phase: Phase = "reading"
        self._points: deque[tuple[float, int]] = deque([(self.started, 0)])
        self._reported = 0.0
        self._repacked, self._repacking_since = (0, 0), 0.0

    def add(self, what: str) -> None:
        """Count one settled record under a name of `Summary`."""
        self.counts[what] += 1
        self.tick()

    @property
    def written(self) -> int:
        """How many records were written: neither unchanged nor rejected."""
        return self.counts.total() - sum(self.counts[one] for one in ("unchanged", "rejected", "still_rejected"))

    def phase(self, phase: Phase) -> None:
        """Report that another part of the work begins."""
        self._phase = phase
        self.tick(now=True)

    def repacking(self, done: int, total: int) -> None:
        """Report how many of how many points are written once more; when all are, publishing goes on."""
        if self._phase != "repacking":
            self._repacking_since = time.monotonic()
        self._repacked = done, total
        if done == total:
            self.phase("publishing")
        else:
            self._phase = "repacking"
            self.tick()

    def tick(self, now: bool = False) -> None:
        """Report, unless that was done a moment ago."""
        if self._report is None:
            return
        at = time.monotonic()
        if now or at - self._reported >= _PAUSE_S:
            self._reported = at
            self._report(self._progress(at))

    def _progress(self, at: float) -> Progress:
        done = self.counts.total()
        self._points.append((at, done))
        while len(self._points) > 2 and self._points[1][0] < at - _RECENT_S:
            self._points.popleft()
        since, before = self._points[0]
        enough = self._phase == "done" or (done >= _SETTLED and at - self.started >= _AFTER_S)
        rate = (done - before) / (at - since) if at > since and enough else 0.0
        said = self._total()
        total = None if said is None else max(said, done)
        left = (total - done) / rate if total is not None and rate > 0 else None
        if self._phase != "done" and (self._phase == "publishing" or done == total):
            left = None
        rejected, written = self.counts["rejected"] + self.counts["still_rejected"], self.written
        if self._phase == "repacking":
            done, total = self._repacked
            rate = done / (at - self._repacking_since) if at > self._repacking_since else 0.0
            left = (total - done) / rate if rate > 0 else None
        return Progress(self._phase, done, total, written, rejected, rate, left)
