"""What is said of work that goes on."""

from __future__ import annotations

import pytest

import app.commands.parts.progress
import ingest.progress
from app.commands.parts.progress import ProgressBar
from ingest.testing import Desk, Encoder, Pictures


def test_no_time_is_said_to_be_left_while_an_ingest_publishes(tmp_path, capsys, monkeypatch):
    """Time is left while pictures are read; once all are, the last line says that they are being published."""
    monkeypatch.setattr(app.commands.parts.progress, "_EVERY_S", 0.0)
    monkeypatch.setattr(ingest.progress, "_SETTLED", 2)
    monkeypatch.setattr(ingest.progress, "_AFTER_S", 0.0)
    with ProgressBar() as bar:
        Desk(tmp_path).run(Pictures.of(12), Encoder(seconds=0.1), on_progress=bar.ingest, finish=[lambda *_: None])
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "all read, publishing: 12"
    assert any(one.startswith("reading: ") and one.endswith(" s left") for one in lines)
    assert not any("12 of 12" in one and "left" in one for one in lines)


@pytest.mark.parametrize(("every_s", "told"), [(0.0, True), (10.0, False)])
def test_a_short_ingest_says_nothing(tmp_path, capsys, monkeypatch, every_s, told):
    """Lines begin when an ingest has taken a while; from then on each new part of the work is told at once."""
    monkeypatch.setattr(app.commands.parts.progress, "_EVERY_S", every_s)
    with ProgressBar() as bar:
        Desk(tmp_path).run(Pictures.of(3), Encoder(), on_progress=bar.ingest)
    assert ("all read, publishing: 3" in capsys.readouterr().err.splitlines()) == told
