"""`archive-search map`: an archive in two dimensions, made before somebody opens the page."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say
from archive_search.counted import count


def map_(
    archive: ArchiveOption,
    space: Annotated[str, typer.Option(help="The space; the one searched by default if not given.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Place every picture near those that resemble it, for the page Map; 100,000 take minutes."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.archive import Archive
    from archive_search.projection.maps import make_map

    with ProgressBar(quiet) as bar:
        made = make_map(Archive.open(archive), space, bar.step)
    say(f"{count(len(made.ids), 'picture')} of the space {made.space} in {count(len(made.groups), 'group')}")
    for group in made.groups:
        say(f"    {count(group.count, 'picture')}: {', '.join(group.words) or 'nothing that tells them from the rest'}")


COMMANDS = {"map": map_}
