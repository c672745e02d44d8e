"""`archive-search vocabulary`: how words are read, and whether an archive's own can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.parts.terminal import say


def vocabulary(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS]...", help="What would be searched for; none: what is known.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", "-a", help="Whose vocabulary.csv and languages count.")
    ] = None,
) -> None:
    """
    Tell how words of other languages are read as English ones, and check an archive's vocabulary.csv.

    Rows that cannot be used are listed with their lines; there being any, the command ends with 1.
    """
    from archive_search.metadata.local_terms import FILE, LocalTerms, read_local_terms
    from archive_search.metadata.translating import in_english, read_words
    from archive_search.metadata.vocabularies import LANGUAGES, every_concept
    from archive_search.settings import SETTINGS, read_settings

    own, prefer = LocalTerms(), tuple[str, ...]()
    if archive is not None:
        prefer = read_settings(archive / SETTINGS).languages
        own = read_local_terms(archive / FILE)
    for text in words or ():
        say(f"{text}: {in_english(text, read_words([text], ('en',), prefer, own.terms))}")
    if not words:
        say(f"{len(every_concept()):,} concepts with words in {', '.join(LANGUAGES)}")
        if archive is not None:
            say(f"{len(own.terms):,} of the archive's own, in {archive / FILE}")
            for one in own.terms:
                say(f"  {one.term}{f' ({one.language})' if one.language else ''}: {one.prompt}")
    for fault in own.faults:
        say(f"{FILE}, {fault}", err=True)
    if own.faults:
        raise typer.Exit(1)


COMMANDS = {"vocabulary": vocabulary}
