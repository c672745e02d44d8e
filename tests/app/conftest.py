"""One museum for all tests of the pages, and a server of it for those that need one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from streamlit import config
from streamlit.testing.v1 import AppTest

from app.opened import ARCHIVE
from app.testing import build, register_hash_embedder
from archive_search.embedders import EMBEDDERS
from tests.app.browsing import PATIENCE_MS, watch

ROOT = Path(__file__).parents[2]
config.set_option("runner.magicEnabled", False)  # as the app is served: `AppTest` reads no configuration


@pytest.fixture(scope="module", autouse=True)
def _hash_embedder() -> Iterator[None]:
    # while these modules run, and ready before their own fixtures: others have a hash embedder of their own
    with _registered():
        yield


@contextmanager
def _registered() -> Iterator[None]:
    before = EMBEDDERS._found.get("hash")
    register_hash_embedder()
    try:
        yield
    finally:
        if before is None:
            del EMBEDDERS._found["hash"]


@pytest.fixture(scope="session")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the small museum; only read."""
    with _registered():
        return build(tmp_path_factory.mktemp("museum"))


@pytest.fixture
def open_app(museum: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Runs the pages headless at an address, given by its parameters."""

    def run(archive: Path = museum, record: bool = False, **params: str | list[str]) -> AppTest:
        monkeypatch.setenv(ARCHIVE, str(archive))
        at = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=20)
        if record:
            at.run()
            at.switch_page("pages/record.py")
        for name, value in params.items():
            at.query_params[name.replace("__", ".")] = value
        at.run()
        assert not at.exception, at.exception
        return at

    return run


@pytest.fixture(scope="session")
def starting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts Python with these arguments and a free port behind them; gives the address once a server answers there."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments, str(port)],
                # a directory of its own: what it shows must not depend on where it is started
                cwd=log.parent,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert process.poll() is None, log.read_text()
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                    return address
            except OSError:
                time.sleep(0.1)
        raise AssertionError(log.read_text())

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)


@pytest.fixture(scope="session")
def serving(starting: Callable[..., str]) -> Callable[[Path], str]:
    """Starts the real server of an archive on a free port and gives its address."""
    return lambda archive: starting("-m", "app.testing", str(archive))


@pytest.fixture(scope="session")
def address(serving: Callable[[Path], str], museum: Path) -> str:
    """The address of a server of the small museum."""
    return serving(museum)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console and network complained of."""
    return []


@pytest.fixture
def tab(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    """A page of the test museum; the test fails on any complaint, and on any request to another machine."""
    with_base = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = with_base.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    watch(page, address, complaints)
    yield page
    with_base.close()
    assert not complaints
