"""Batches for models that compute on the processor: several at once, each on cores of its own."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from archive_search.types import SharesCores
from ingest.tiling import Filler, Tiled

if TYPE_CHECKING:
    from concurrent.futures import Executor

_FEWEST = 8
"""A batch is not divided further: smaller ones take longer a picture."""
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def lanes(fillers: Sequence[Filler], batch: int) -> int:
    """
    How many batches are encoded at once: one for each core, where all models say that they share the cores.

    Threads that compute one batch together wait for each other a hundred times, for as long as a thread that loads
    pictures has the core of one of them; threads with a batch each wait for nobody.
    """
    models = [one.embedder if isinstance(one, Tiled) else one for one in fillers]
    shared = all(isinstance(one, SharesCores) and one.shares_cores for one in models)
    return max(1, min(_cores(), batch // _FEWEST)) if shared else 1


def encoded(batches: Iterable[_In], encode: Callable[[_In], _Out], count: int) -> Generator[_Out, None, None]:
    """
    What `encode` makes of each batch, in their order; `count` of them at once, and one that waits until a core is free.

    With a count of 1 it is called on this thread. A batch that fails raises in its turn, after those before it.
    """
    if count == 1:
        yield from map(encode, batches)
        return
    waiting: deque[Future[_Out]] = deque()
    with _threads(count) as pool:
        for batch in batches:
            waiting.append(pool.submit(encode, batch))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _threads(count: int) -> Generator[Executor, None, None]:
    """So many threads, among which the cores that torch uses are divided."""
    cores = _cores()
    ready = threading.Barrier(count + 1)
    pool = ThreadPoolExecutor(count, "model", lambda: _use(max(1, cores // count)))
    try:
        for _ in range(count):
            pool.submit(ready.wait)
        ready.wait()
        _use(cores)  # also what threads begin with that come later: for those just begun, nothing changes
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    """How many threads torch uses here, where it is loaded."""
    torch = sys.modules.get("torch")
    return 1 if torch is None else int(torch.get_num_threads())


def _use(threads: int) -> None:
    """Have torch compute with so many threads on this thread, and on those that begin later."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.get_num_threads()  # else a thread's first computation takes what was said last, on whichever thread
        torch.set_num_threads(threads)
