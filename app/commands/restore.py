"""`archive-search restore`: what people made comes back from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say


def restore(
    archive: ArchiveOption,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A ZIP file that 'archive-search backup' wrote.")],
) -> None:
    """
    Add to an archive what a backup holds and the archive has not; nothing that is there is taken away.

    Doing it twice does no harm. Of two last looks of one person at a saved search the later one stays.
    """
    from archive_search.archive import Archive
    from archive_search.workspace.backup import restore as add

    told = add(Archive.open(archive), file)
    if not told.own:
        say(
            f"note: this is a backup of another archive, {told.archive!r}: records that are not here count as gone",
            err=True,
        )
    found, added = told.found, told.added
    there = "the others were there"
    for what, many, new, rest in (
        ("acts on collections", found.collections, added.collections, there),
        ("acts on saved searches", found.searches, added.searches, there),
        ("last looks at saved searches", found.looks, added.looks, f"{there}, or later ones"),
        ("topics", found.topics, added.topics, there),
        ("judgements", found.judgements, added.judgements, there),
        ("blind comparisons", found.ballots, added.ballots, there),
    ):
        say(f"{what}: {new:,} of {many:,} added{'' if new == many else f', {rest}'}")
    if told.vocabulary:
        say("vocabulary.csv: taken from the backup, there was none")
    for topic in told.refused:
        say(f"left out, with its judgements: the topic {topic!r} asks something else in this archive", err=True)


COMMANDS = {"restore": restore}
