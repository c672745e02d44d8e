"""Batches of models that compute on the processor: several at once, in order, each on cores of its own."""

import threading
import time

import numpy as np
import pytest

from archive_search.embedders import EMBEDDERS, auxiliary_embedders
from archive_search.testing import HashEmbedder
from ingest.lanes import encoded, lanes
from ingest.testing import Desk, Encoder, Pictures
from ingest.tiling import tiled

torch = pytest.importorskip("torch")


class Shared(HashEmbedder):
    """One that computes on the processor's cores."""

    shares_cores = True


@pytest.fixture
def cores():
    """Four threads of torch, whatever there is."""
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield 4
    torch.set_num_threads(before)


def test_a_core_takes_a_batch_where_all_models_share_cores(cores):
    """As many batches at once as cores, none smaller than eight; one where a model does not say that it shares."""
    ours = Shared()
    assert lanes([ours, *tiled([ours])], 32) == cores
    assert lanes([ours], 16) == 2
    assert lanes([ours], 8) == lanes([ours], 1) == 1
    assert lanes([ours, HashEmbedder()], 32) == 1


def test_embedders_on_the_processor_share_cores():
    """What fills a space at every ingest, and the demo encoder, let several batches be encoded at once."""
    assert all(EMBEDDERS[name].load().shares_cores for name in (*auxiliary_embedders(), "demo"))


def test_each_batch_computes_on_cores_of_its_own(cores):
    """Two batches at once have two threads of torch each; this thread and later ones keep all."""
    meet = threading.Barrier(2)

    def encode(batch):
        meet.wait(10)  # both are at work
        return threading.get_ident(), torch.get_num_threads()

    found = list(encoded(range(4), encode, 2))
    assert {threads for _, threads in found} == {2}
    assert len({thread for thread, _ in found}) == 2
    later = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert [torch.get_num_threads(), *later] == [4, 4]


def test_batches_come_in_order_whichever_is_done_first():
    """What is made of batches comes in their order, and no more are taken than are at work and one more."""
    taken = []

    def batches():
        for number in range(9):
            taken.append(number)
            yield number

    def encode(number):
        time.sleep(0.02 if number % 3 == 0 else 0)
        return number

    for place, number in enumerate(encoded(batches(), encode, 3)):
        assert number == place
        assert len(taken) <= place + 4


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_that_fails_does_so_in_its_turn(count):
    """The batches before one that fails come first; then its error is raised."""

    def encode(number):
        if number == 2:
            raise ValueError("two")
        return number

    made = encoded(range(9), encode, count)
    came = [next(made), next(made)]
    with pytest.raises(ValueError, match="two"):
        next(made)
    assert came == [0, 1]


def test_vectors_are_the_same_however_many_batches_at_once():
    """A model's vectors do not depend on how its batches are shared out."""
    demo = EMBEDDERS["demo"].load()
    pictures = np.random.default_rng(0).integers(0, 256, (16, 3, 96, 96), dtype=np.uint8)
    batches = [list(torch.from_numpy(pictures[start : start + 4])) for start in range(0, 16, 4)]
    one, several = (np.concatenate(list(encoded(batches, lambda b: demo.encode(b, "image"), n))) for n in (1, 2))
    np.testing.assert_allclose(several, one, atol=1e-6)


class SharedEncoder(Encoder):
    """One of tests that computes on the processor's cores."""

    shares_cores = True


def test_an_ingest_that_is_stopped_goes_on_with_the_next_picture(cores, tmp_path):
    """Several batches at once are written in the order of the source; after a stop no picture is encoded twice."""
    desk, source, encoder, stop = Desk(tmp_path), Pictures.of(60), SharedEncoder(), threading.Event()
    encoder.before = lambda: stop.set() if len(encoder.batches) == 2 else None
    first = desk.run(source, encoder, options={"batch": 16}, stop=stop)
    assert first.stopped
    assert 16 <= first.added == sum(encoder.batches) < 60
    encoder.before = lambda: None
    second = desk.run(source, encoder, options={"batch": 16})
    assert first.added + second.added == sum(encoder.batches) == 60
    assert list(desk.index.open()._points) == sorted(source.files)
