"""The server: pictures beside the pages, on this machine only, stopped cleanly."""

from __future__ import annotations

import base64
import hashlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from app import server
from archive_search.archive import Archive
from archive_search.pictures.query_pictures import keep_query
from archive_search.types import InvalidInputError

ROOT = Path(__file__).parents[2]


def get(url: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_thumbnail(address: str, museum: Path) -> None:
    """A thumbnail is served as it lies in the archive, to be kept for ever."""
    name = Archive.open(museum).store.points(["AX000"])[0].payload["thumbnail"]
    status, headers, body = get(f"{address}/thumbnail/{name}")
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert "immutable" in headers["cache-control"]
    assert body == (museum / "thumbnails" / name).read_bytes()


def test_thumbnail_with_a_part_framed(address: str, museum: Path) -> None:
    """A part is framed around a thumbnail that is as it was; what is no part is answered with 404."""
    name = Archive.open(museum).store.points(["AX000"])[0].payload["thumbnail"]
    status, headers, body = get(f"{address}/thumbnail/{name}?part=0.25,0.25,0.75,0.75")
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert base64.b64encode((museum / "thumbnails" / name).read_bytes()) in body
    assert body.count(b"<rect") == 2
    for part in ("", "0,0,1", "0.5,0,0.5,1", "0,0,nan,1", "<script>"):
        assert get(f"{address}/thumbnail/{name}?part={quote(part)}")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/thumbnail/00/0000.webp",
        "/thumbnail/..%2Farchive.toml",
        "/thumbnail/%2e%2e/%2e%2e/archive.toml",
        "/thumbnail/",
        "/picture",
        "/picture?id=nobody",
        "/picture?id=../archive.toml",
        "/query/archive.toml",
        "/query/..%2Farchive.toml",
    ],
)
def test_nothing_else_is_served(address: str, path: str) -> None:
    """What is no picture of the archive is not found, whatever the path."""
    status, _, body = get(address + path)
    assert status in (400, 404)
    assert b"Test museum" not in body


def test_picture(address: str, museum: Path) -> None:
    """The original picture is served byte for byte."""
    status, headers, body = get(f"{address}/picture?id=AX000")
    assert (status, headers["content-type"], headers["x-content-type-options"]) == (200, "image/png", "nosniff")
    original = Archive.open(museum).picture_file("AX000")
    assert original is not None
    assert hashlib.sha256(body).digest() == hashlib.sha256(original.read_bytes()).digest()


def test_query_picture(address: str, museum: Path) -> None:
    """A picture that was searched with is shown small."""
    original = Archive.open(museum).picture_file("BE000")
    assert original is not None
    key = keep_query(museum / "queries", original.read_bytes())
    status, headers, _ = get(f"{address}/query/{key}")
    assert (status, headers["content-type"]) == (200, "image/webp")


def test_port_in_use(museum: Path) -> None:
    """A port that is taken is said to be, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InvalidInputError, match="--port"):
            server.serve(museum, taken.getsockname()[1], open_browser=False)


def test_theme() -> None:
    """The one theme file is handed to Streamlit option by option, nothing is sent to its makers."""
    options = server.theme()
    assert options["theme.light.backgroundColor"].startswith("#")
    assert options["theme.dark.backgroundColor"].startswith("#")
    assert options["browser.gatherUsageStats"] is False


def test_stops_on_interrupt(museum: Path, tmp_path: Path) -> None:
    """Ctrl-C ends the server with no traceback, and its address was printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.testing", str(museum), str(port)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if server.address(port) in line:
            break
    process.send_signal(signal.SIGINT)
    said += process.communicate(timeout=30)[0]
    assert process.returncode in (0, 130)
    assert "Traceback" not in said
    assert server.address(port) in said


def test_what_is_missing_is_told_as_text(address: str, museum: Path) -> None:
    """An answer that names no picture is plain text, which no browser takes for a page; it tells of no folder."""
    key = "f" * 64
    (museum / "queries").mkdir(exist_ok=True)
    (museum / "queries" / key).write_bytes(b"<html><script>")
    try:
        for path in (f"/query/{key}", "/picture?id=<script>", "/thumbnail/<b>"):
            status, headers, body = get(address + path.replace("<", "%3C").replace(">", "%3E"))
            assert (status, headers["x-content-type-options"]) == (404, "nosniff")
            assert headers["content-type"].startswith("text/plain")
            assert str(museum).encode() not in body
            assert key.encode() not in body
    finally:
        (museum / "queries" / key).unlink()
