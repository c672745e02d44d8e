"""What is left when a harvest is killed: a page at most is lost, and what was fetched is not fetched again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from ingest.testing import Desk, Encoder
from tests.ingest.shelf import Shelf, stock

ROOT = Path(__file__).resolve().parents[3]

CHILD = """
import sys, threading
from pathlib import Path
from ingest.testing import Desk, Encoder
from tests.ingest.shelf import Shelf
with Shelf(url=sys.argv[2], rate=100.0).opened(Path(sys.argv[1]), threading.Event()) as source:
    print(Desk(Path(sys.argv[1])).run(source, Encoder()).added, flush=True)
"""


@pytest.mark.slow
def test_a_killed_harvest_loses_a_page_at_most(server, tmp_path):
    """Killed (-9) again and again, in the end every record is there, and no page or picture came more than twice."""
    stock(server, 120, size=10)
    for pictures in (20, 60):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path), server.url], cwd=ROOT, env={**os.environ})
        end = time.monotonic() + 60
        while server.count() < pictures and child.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    with Shelf(url=server.url).opened(tmp_path, threading.Event()) as source:
        summary = Desk(tmp_path).run(source, Encoder())
    assert (summary.added, summary.rejected) == (120, 0)
    asked = Counter(server.paths())
    del asked["/robots.txt"]
    assert len(asked) == 132
    assert sum(number - 1 for path, number in asked.items() if path.startswith("/list")) <= 2
    assert sum(number - 1 for path, number in asked.items() if path.endswith(".png")) <= 2 * 8
    server.forget()
    with Shelf(url=server.url).opened(tmp_path, threading.Event()) as source:
        records = list(source.records())
        assert [one.id for one in records] == [f"o{number:05}" for number in range(120)]
        assert all(source.read(one) for one in records)
    assert not [path for path in server.paths() if path.endswith(".png")]
