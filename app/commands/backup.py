"""`archive-search backup`: everything people made of an archive, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say


def backup(
    archive: ArchiveOption,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP file to write; replaced where it is there.")],
) -> None:
    """
    Save what people made (collections, saved searches, topics, judgements, blind comparisons) in one ZIP file of text.

    When each person last looked at each saved search is in it too. Pictures and metadata are not, nor is anybody's
    history of searches. 'archive-search restore' brings back what is in it.
    """
    from archive_search.archive import Archive
    from archive_search.workspace.backup import backup as save

    told = save(Archive.open(archive), file)
    say(
        f"{file}: acts on collections: {told.collections:,}, on saved searches: {told.searches:,}; "
        f"last looks: {told.looks:,}; topics: {told.topics:,}; judgements: {told.judgements:,}; "
        f"blind comparisons: {told.ballots:,}"
    )


COMMANDS = {"backup": backup}
