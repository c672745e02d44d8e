"""Serves the pages and the pictures of one archive on this machine."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import threading
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from app.guard import OnlyPeople
from app.hosts import OnlyKnownHosts
from app.language import LANGUAGES, speaking
from app.opened import ARCHIVE, archive
from app.pages import PAGES
from app.points import mapped, places, told
from app.sharing import FILE, SHARED, read_sharing
from app.sockets import send_at_once
from archive_search.pictures.framing import framed
from archive_search.pictures.media import medium
from archive_search.pictures.query_pictures import BROUGHT, kept_query
from archive_search.pictures.thumbnails import MEDIA_TYPES, thumbnail_file
from archive_search.pictures.viewing import part_of, viewable
from archive_search.types import ArchiveSearchError, InvalidInputError
from archive_search.visible import visible
from archive_search.workspace.items import read_item

HERE = Path(__file__).parent
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # what a name by content shows never changes
_ONLY_A_PICTURE = {"Content-Security-Policy": "default-src 'none'; img-src data:", "X-Content-Type-Options": "nosniff"}
_FOR_A_WHILE = {"Cache-Control": "private, max-age=300"}
SWITCH_S = 0.0005
"""A thread that computes lets others in after so many seconds."""
_THUMBNAIL = re.compile(r"[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)*\.(jpg|webp)")


def address(port: int, host: str = "127.0.0.1") -> str:
    """The address to open in a browser."""
    return f"http://{host}:{port}"


def serve(
    archive: Path,
    port: int = 8501,
    open_browser: bool = True,
    host: str = "127.0.0.1",
    names: Sequence[str] = (),
    share: bool = False,
) -> None:
    """
    Serve an archive until stopped with Ctrl-C; Streamlit prints the address once it answers.

    `names` are those by which it may be asked besides the names of this machine's own (see `OnlyKnownHosts`); `share`
    serves people who log in, as the archive's `share.toml` says, at the name that it tells.

    Raises:
        InvalidInputError: If another program listens at the port.
        ArchiveError: If it is to be shared and its `share.toml` is missing or not valid.
        NotInstalledError: If it is to be shared and what logs people in is not installed.
    """
    options = {**theme(), "server.address": host, "server.port": port, "server.headless": not open_browser}
    os.environ.pop(SHARED, None)
    if share:
        file = archive.resolve() / FILE
        names = (*names, read_sharing(file).host)
        os.environ[SHARED] = str(file)
        options |= {"secrets.files": [str(file)], "server.trustedUserHeaders": {}, "server.enableAgentApi": False}
    check_port(port, host)
    os.environ[ARCHIVE] = str(archive.resolve())
    # A folder called "pages" beside the script would be taken for Streamlit's older kind of pages until the script has
    # run once: a record's address, asked first, would be shown without its frame.
    PagesManager.uses_pages_directory = False
    # A thread that computes lets others in every 5 ms by default: two dozen pictures, asked while a page is still being
    # worked out, would wait for that again and again.
    sys.setswitchinterval(SWITCH_S)
    # Threads that wait for the next words to encode would keep the processors busy that other searches need.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    send_at_once()
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        known = Middleware(OnlyKnownHosts, names=(host, *names))
        guards = [known, Middleware(OnlyPeople)]
        st.App(HERE / "main.py", lifespan=_getting_ready, routes=routes(), middleware=guards).run(config=options)


@contextlib.asynccontextmanager
async def _getting_ready(_app: st.App) -> AsyncIterator[None]:
    threading.Thread(target=_get_ready).start()
    yield


def _get_ready() -> None:
    """Import the pages and open the archive while the browser starts: its first question would wait for that."""
    len(PAGES)
    with contextlib.suppress(ArchiveSearchError):  # the page says what is wrong
        archive().store.count()


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """
    Try whether a port is free.

    Raises:
        InvalidInputError: If another program listens at it.
    """
    with socket.socket() as probe:
        # Unix keeps the port of a server that has ended for a while, unless told otherwise; Windows lets two have one
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        probe.setsockopt(socket.SOL_SOCKET, option, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise InvalidInputError(
                f"Nothing can be served at {address(port, host)}: {error.strerror}. Choose another port with --port."
            ) from error


def theme() -> dict[str, Any]:
    """The options in `.streamlit/config.toml`, by dotted name."""
    return dict(_flat(tomllib.loads((HERE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))))


def routes() -> list[Route]:
    """Where pictures are served, so that pages stay small."""
    return [
        Route("/thumbnail/{name:path}", _thumbnail),
        Route("/picture", _picture),
        Route("/query/{key}", _query),
        Route("/points", _points),
        Route("/points/{row}", _point),
    ]


async def _thumbnail(request: Request) -> Response:
    # two dozen at once, while a page is drawn: handing a few kilobytes to other threads takes longer than reading them
    name = request.path_params["name"]
    try:
        if not _THUMBNAIL.fullmatch(name):
            return _missing("No such thumbnail.")
        file = thumbnail_file(archive().thumbnails, name)
        if "part" not in request.query_params:
            return Response(file.read_bytes(), media_type=MEDIA_TYPES[file.suffix], headers=_FOR_EVER)
        part = read_item(f"{request.query_params['part']}@{name}").box
        if part is None:
            return _missing("No such part of it.")
        return Response(framed(file, part), media_type="image/svg+xml", headers={**_FOR_EVER, **_ONLY_A_PICTURE})
    except OSError:
        return _missing("No such thumbnail.")
    except ArchiveSearchError as error:
        return _missing(str(error))


def _picture(request: Request) -> Response:
    try:
        asked = request.query_params
        file = archive().picture_file(asked.get("id", ""))
        if "part" in asked and file is not None:
            part = read_item(f"{asked['part']}@{file.name}").box
            longest = asked.get("longest", "0")
            data = part_of(file, part, int(longest) if longest.isascii() and longest.isdigit() else 0)
            return Response(
                data, media_type="image/webp", headers={**_FOR_A_WHILE, "X-Content-Type-Options": "nosniff"}
            )
        return _shown(file, 0, _FOR_A_WHILE)
    except ArchiveSearchError as error:
        return _missing(str(error))


def _query(request: Request) -> Response:
    try:
        file = kept_query(archive().queries, request.path_params["key"])
        return _shown(file, 400, _FOR_EVER, BROUGHT)
    except ArchiveSearchError as error:
        return _missing(str(error))


def _points(request: Request) -> Response:
    asked = request.query_params
    drawn = mapped(archive(), asked.get("space", ""), asked.get("made", ""))
    if drawn is None:
        return _missing("No such map.")
    return Response(places(drawn), media_type="application/octet-stream", headers=_FOR_EVER)


def _point(request: Request) -> Response:
    asked = request.query_params
    drawn = mapped(archive(), asked.get("space", ""), asked.get("made", ""))
    row, spoken = request.path_params["row"], asked.get("language", "")
    if drawn is None or not (row.isascii() and row.isdigit() and len(row) < 10):
        return _missing("No such point.")
    with speaking(spoken if spoken in LANGUAGES else next(iter(LANGUAGES))):
        found = told(archive(), drawn, int(row), asked.get("by", ""))
    if found is None:
        return _missing("No such point.")
    return JSONResponse(found, headers={**_FOR_A_WHILE, "X-Content-Type-Options": "nosniff"})


def _missing(why: str) -> Response:
    return PlainTextResponse(visible(why), 404, {"X-Content-Type-Options": "nosniff"})


def _shown(file: Path | None, longest: int, headers: Mapping[str, str], name: str = "") -> Response:
    if file is None:
        return _missing("No such picture.")
    if medium(file.name) != "image":
        return FileResponse(file, headers={**headers, "X-Content-Type-Options": "nosniff"})
    data, kind = viewable(file, longest, name)
    return Response(data, media_type=kind, headers={**headers, "X-Content-Type-Options": "nosniff"})


def _flat(options: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in options.items():
        found += _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else [(f"{prefix}{name}", value)]
    return found
