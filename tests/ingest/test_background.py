"""Ingests in a process of their own."""

import dataclasses
import time

import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.types import ArchiveError, UnknownNameError
from ingest.background import STATE, Background, State, read_state, write_state
from ingest.request import Request

MANY = 200


@pytest.fixture
def asked(tmp_path):
    """What asks for some pictures, one at a time."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(MANY):
        Image.new("RGB", (300, 200), (number, 255 - number, 90)).save(folder / f"{number:03}.png")
    return Request("folder", {"folder": str(folder)}, ("demo",), options={"batch": 1, "keep_s": 0.1})


@pytest.fixture
def archive(tmp_path):
    """The directory of an empty archive."""
    return Archive.create(tmp_path / "archive").directory


@pytest.fixture
def background(archive):
    """Ingests that end with the test."""
    made = Background()
    yield made
    made.end(archive)


def until(background, archive, wanted, patience_s=60):
    """Wait until the state is as wanted."""
    end = time.monotonic() + patience_s
    while not wanted(state := background.state(archive)):
        assert time.monotonic() < end, state
        assert state.phase != "failed", state
        time.sleep(0.05)
    return state


def test_it_is_stopped_and_goes_on_where_it_was(background, archive, asked):
    """Stopped, it keeps what it has read; a second one at once is refused; started again, it does the rest."""
    background.start(archive, asked)
    with pytest.raises(ArchiveError, match="wait until that is done, or stop it"):
        background.start(archive, asked)
    until(background, archive, lambda state: state.progress.get("written", 0) > 0)
    assert background.ours(archive)
    background.stop(archive)
    stopped = until(background, archive, lambda state: not state.running)
    assert stopped.phase == "stopped"
    assert 0 < stopped.summary["added"] < MANY
    assert stopped.asked == asked
    background.end(archive)
    assert not background.ours(archive)
    background.start(archive, stopped.asked)
    done = until(background, archive, lambda state: state.phase == "done")
    assert done.summary["added"] == MANY - stopped.summary["added"]
    assert Archive.open(archive).store.count() == MANY


def test_it_ends_with_the_process_that_started_it(background, archive, asked):
    """When nobody holds its standard input any more, it stops by itself, and what it has read is kept."""
    background.start(archive, asked)
    until(background, archive, lambda state: state.progress.get("written", 0) > 0)
    background._started[archive.resolve()].stdin.close()
    assert until(background, archive, lambda state: not state.running).phase == "stopped"


def test_one_that_is_killed_is_told_as_failed(background, archive, asked):
    """A process that ends without a word is not shown as running."""
    background.start(archive, asked)
    until(background, archive, lambda state: state.phase == "reading")
    background._started[archive.resolve()].kill()
    background._started[archive.resolve()].wait()
    state = background.state(archive)
    assert state.phase == "failed"
    assert "start it again to go on" in state.error


def test_what_cannot_be_done_is_told(background, archive, asked):
    """What the recipe refuses is the state's error, in the words of the recipe."""
    missing = dataclasses.replace(asked, settings={"folder": str(archive / "none")})
    background.start(archive, missing)
    end = time.monotonic() + 60
    while background.state(archive).running and time.monotonic() < end:
        time.sleep(0.05)
    assert "none" in background.state(archive).error
    with pytest.raises(UnknownNameError):
        background.start(archive, Request("cloud"))


def test_one_of_another_program_is_believed_while_it_gives_signs_of_life(archive):
    """Somebody else's ingest counts as running while it writes, and as stopped once it has been silent for long."""
    state = State("reading", "{}", 1, time.time())
    write_state(archive / STATE, state)
    assert Background().state(archive).running
    assert not Background().ours(archive)
    write_state(archive / STATE, dataclasses.replace(state, at=time.time() - 3600))
    assert Background().state(archive).phase == "stopped"
    (archive / STATE).write_text("{")
    assert read_state(archive / STATE) is None
