"""`archive-search app`: the pages in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.parts.options import ArchiveOption, BrowserOption, PortOption


def app(
    archive: ArchiveOption,
    port: PortOption = 8501,
    browser: BrowserOption = True,
    name: Annotated[
        list[str],
        typer.Option(
            metavar="HOST",
            help="Answer to this name as well as to localhost, where a proxy in front passes it on; repeatable.",
        ),
    ] = [],  # noqa: B006
    share: Annotated[
        bool,
        typer.Option(
            "--share", help="Serve other machines too, to people who log in: share.toml in the archive says who."
        ),
    ] = False,
) -> None:
    """Open an archive in the browser."""
    from app.server import serve
    from archive_search.archive import Archive

    Archive.open(archive)  # says what is wrong before a server starts
    host = "0.0.0.0" if share else "127.0.0.1"
    serve(archive, port=port, open_browser=browser and not share, host=host, names=name, share=share)


COMMANDS = {"app": app}
