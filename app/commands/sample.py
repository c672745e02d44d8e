"""`archive-search sample`: pictures and records to try the program on."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated

import typer

from app.commands.parts.terminal import say
from archive_search.counted import count


def sample(
    directory: Annotated[Path, typer.Argument(help="A new or empty directory.")],
    records: Annotated[int, typer.Option(help="About how many pictures.", min=20, max=20_000)] = 600,
    seed: Annotated[int, typer.Option(help="The same seed draws the same archive.")] = 7,
) -> None:
    """Draw a sample archive: pictures, records.csv, judged topics. Everything in it is drawn by this program."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.sample.archive import write_sample

    with ProgressBar() as bar:
        drawing = functools.partial(bar.step, "drawing")
        summary = write_sample(directory, seed=seed, records=records, processes=0, progress=drawing)
    say(
        f"{directory}: {count(summary.records, 'picture')} of {count(summary.objects, 'object')}, "
        f"{count(summary.topics, 'judged topic')} "
        "(drawn by a program, not real finds)"
    )


COMMANDS = {"sample": sample}
