"""What is kept out of memory behaves as what is kept in it."""

from __future__ import annotations

import tracemalloc
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import kept as kept_module
from ingest.kept import Kept, Queue, pair

TEXTS = st.text(st.characters(), max_size=4)  # halves of characters among them


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["set", "take", "delete"]), TEXTS, TEXTS), max_size=20), st.integers(0, 20))
def test_a_dictionary(steps: list[tuple[str, str, str]], last: int) -> None:
    """
    Whatever is put in, taken and deleted, it holds what a dictionary would, and its keys come in order.

    So it is however many stay in memory.
    """
    with mock.patch.object(kept_module, "_LAST", last):
        check(steps)


def check(steps: list[tuple[str, str, str]]) -> None:
    """Do the steps with both."""
    kept, real = Kept(), dict[str, str]()
    for what, key, value in steps:
        if what == "set":
            kept[key] = real[key] = value
        elif what == "take":
            assert kept.take(key, value) == real.get(key)
            real.setdefault(key, value)
        else:
            assert kept.pop(key, None) == real.pop(key, None)
        assert (key in kept) == (key in real)
        assert bool(kept) == bool(real)
    assert list(kept.items()) == sorted(real.items())
    assert len(kept) == len(real)


def test_a_queue() -> None:
    """What is put into a queue comes out in its order, each time it is asked."""
    queue: Queue[tuple[str, int]] = Queue()
    assert not queue
    for number in range(100):
        queue.append((f"a{number}", number))
    assert queue
    assert list(queue) == list(queue) == [(f"a{number}", number) for number in range(100)]


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_pairs(first: str, second: str, third: str, fourth: str) -> None:
    """Two pairs have one key where they are the same only."""
    assert (pair(first, second) == pair(third, fourth)) == ((first, second) == (third, fourth))


def test_memory() -> None:
    """A hundred thousand keys take no room among Python's objects."""
    kept = Kept()
    tracemalloc.start()
    for number in range(100_000):
        kept.take(f"id {number}", "line")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000
    assert len(kept) == 100_000
