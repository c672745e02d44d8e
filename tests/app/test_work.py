"""Long work beside the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.pages.parts.working import far
from app.work import MOST, Progress, Work, Works
from archive_search.types import InvalidInputError


def ended(work: Work) -> Work:
    """The work, once it has ended."""
    until = time.monotonic() + 20
    while work.runs and time.monotonic() < until:
        time.sleep(0.005)
    assert not work.runs
    return work


def waiting(until: threading.Event, steps: int = 1_000_000) -> Callable[[Progress], str]:
    """Work that takes one step after the other until it is told to end."""

    def do(progress: Progress) -> str:
        for step in range(steps):
            progress(step + 1, steps)
            if until.wait(0.001):
                return "found"
        return "all"

    return do


def test_it_tells_how_far_it_is_and_what_it_found() -> None:
    """Work is told by steps while it runs; then its result is there."""
    end = threading.Event()
    work = Work(waiting(end))
    while not work.done:
        time.sleep(0.005)
    assert work.runs
    assert work.result is None
    assert far(work, "Ranking").startswith("Ranking · ")
    end.set()
    assert (ended(work).result, work.error, work.stopped) == ("found", "", False)


def test_it_is_stopped_at_its_next_step() -> None:
    """Work that is stopped ends soon, without a result and without an error."""
    work = Work(waiting(threading.Event()))
    work.stop()
    assert (ended(work).result, work.error, work.stopped) == (None, "", True)


def test_an_error_is_told() -> None:
    """What the library refuses is there to be shown."""

    def refuse(progress: Progress) -> None:
        raise InvalidInputError("Too few topics.")

    assert ended(Work(refuse)).error == "Too few topics."


def test_the_same_work_is_done_once() -> None:
    """Work of the same key is begun once; stopped, or refused, it can be begun again."""
    found = Works()
    end = threading.Event()
    first = found.begin("a", waiting(end))
    assert found.begin("a", waiting(end)) is first
    assert found.get("b") is None
    end.set()
    ended(first)
    assert found.get("a") is first
    other = found.begin("b", waiting(threading.Event()))
    other.stop()
    assert found.get("b") is None
    assert found.begin("b", waiting(end)) is not other


def test_what_was_found_long_ago_is_forgotten() -> None:
    """So many results are remembered; work that runs stays."""
    found = Works()
    end, done = threading.Event(), threading.Event()
    done.set()
    runs = found.begin("runs", waiting(end))
    for number in range(MOST + 5):
        ended(found.begin(number, waiting(done)))
    assert found.get("runs") is runs
    assert found.get(0) is None
    assert found.get(MOST + 4) is not None
    end.set()
    ended(runs)
