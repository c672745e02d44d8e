"""The built wheel in an environment of its own, far from the checkout: `archive-search demo` up to its first page."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.app.browsing import PATIENCE_MS, ready, watch

ROOT = Path(__file__).parents[2]
PACKAGES = ("archive_search", "app", "ingest")
START_S = 300

pytestmark = pytest.mark.slow

_PAGE = """
import json
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
import app, archive_search, ingest
print(*(Path(one.__file__).parent.parent for one in (app, archive_search, ingest)), sep="\\n")
at = AppTest.from_file(str(Path(app.__file__).parent / "main.py"), default_timeout=120).run()
assert not at.exception, at.exception
tiles = [json.loads(one.proto.json) for one in at.get("bidi_component") if one.proto.component_name == "tiles"]
print(sum(one["html"].count('<li class="tile"') for one in tiles))
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the wheel, its scripts, its packages, and the variables of a new terminal."""

    python: str
    command: str
    packages: Path
    variables: dict[str, str]


@dataclass(frozen=True)
class Demo:
    """A demo that runs."""

    address: str
    directory: Path
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    [made] = (source / "dist").iterdir()
    return made


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An empty environment into which pip installed the wheel; what it needs is that of this environment."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    paths = sysconfig.get_paths(scheme="venv", vars={"base": str(place), "platbase": str(place)})
    python = str(shutil.which("python", path=paths["scripts"]))
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    needed = [one for one in sys.path if one.endswith("site-packages")]
    # they come after its own, and their .pth files, which lead to the checkout, are not read
    (Path(paths["purelib"]) / "needed.pth").write_text("\n".join(needed), encoding="utf-8")
    own = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ARCHIVE_SEARCH", "VIRTUAL"))
    }
    command = str(shutil.which("archive-search", path=paths["scripts"]))
    return Environment(python, command, Path(paths["purelib"]), {**own, "PYTHONUNBUFFERED": "1"})


@pytest.fixture(scope="module")
def demo(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of few pictures, started in an empty directory whose name is not plain."""
    directory = tmp_path_factory.mktemp("home") / "Prøve på 'dansk' 1"
    directory.mkdir()
    log = directory.parent / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [environment.command, "demo", "--no-browser", "--port", str(port), "--records", "30"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment.variables,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + START_S
    while not answers(address):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < until, log.read_text(encoding="utf-8")
        time.sleep(0.2)
    yield Demo(address, directory, process, log)
    if process.poll() is None:
        process.kill()
    process.wait(20)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_the_first_page_comes_from_the_wheel(demo: Demo, environment: Environment) -> None:
    """Every package is the installed one, the demo made its archive, and the first page shows its pictures."""
    archive = demo.directory / "demo-archive"
    assert (archive / "archive.toml").is_file()
    page = subprocess.run(
        [environment.python, "-c", _PAGE],
        cwd=demo.directory,
        env={**environment.variables, "ARCHIVE_SEARCH_ARCHIVE": str(archive)},
        capture_output=True,
        text=True,
        check=True,
    )
    *places, pictures = page.stdout.splitlines()[-4:]
    assert [Path(one) for one in places] == [environment.packages] * 3
    assert int(pictures) >= 20
    thumbnail = next((archive / "thumbnails").glob("*/*.jpg"))
    with urllib.request.urlopen(f"{demo.address}/thumbnail/{thumbnail.parent.name}/{thumbnail.name}") as answer:
        assert answer.read() == thumbnail.read_bytes()


@pytest.mark.browser
def test_the_first_page_in_a_browser(demo: Demo, browser: Browser) -> None:
    """A browser shows the pictures of the sample archive, and has nothing to complain of."""
    complaints: list[str] = []
    tab = browser.new_page()
    watch(tab, demo.address, complaints)
    tab.goto(demo.address, timeout=PATIENCE_MS)
    ready(tab)
    tab.close()
    assert not complaints


def test_ctrl_c_ends_it(demo: Demo, environment: Environment) -> None:
    """Ctrl-C ends the demo without a traceback; the next one takes what is there, and says so if its port is taken."""
    port = demo.address.rpartition(":")[2]
    again = [environment.command, "demo", "--no-browser", "--port", port]
    taken = subprocess.run(
        again, cwd=demo.directory, env=environment.variables, capture_output=True, text=True, check=False
    )
    assert taken.returncode == 1
    assert "Choose another port with --port." in taken.stderr
    if sys.platform == "win32":
        pytest.skip("Windows has no way to press Ctrl-C for one process")
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) in (0, 130)
    said = demo.log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert "30 added; gen-000001" in said
