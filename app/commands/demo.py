"""`archive-search demo`: the program on an archive that it draws for itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.app import app
from app.commands.ingest import bring_up_to_date
from app.commands.parts.options import BrowserOption, PortOption
from app.commands.sample import sample

SAMPLE = "sample"
ARCHIVE = "demo-archive"
JUDGE = "sample archive"
"""Who has judged what the sample archive's topics find: whoever drew the pictures knows what is on them."""


def demo(
    directory: Annotated[
        Path, typer.Argument(help=f"Where the folders '{SAMPLE}' and '{ARCHIVE}' are made.", show_default="here")
    ] = Path(),
    port: PortOption = 8501,
    browser: BrowserOption = True,
    records: Annotated[int, typer.Option(help="About how many pictures.", min=20, max=20_000)] = 600,
) -> None:
    """Draw a sample archive, ingest it with tiles, open it in the browser; what is there already is taken as it is."""
    from app.server import check_port
    from ingest import Folder

    check_port(port)  # said now, not after everything was drawn
    drawn = directory / SAMPLE
    if not (drawn / "records.csv").is_file():
        sample(drawn, records, seed=7)
    bring_up_to_date(
        Folder(drawn / "pictures", drawn / "records.csv"), directory / ARCHIVE, embedders=["demo"], tiles=True
    )
    keep_topics(drawn, directory / ARCHIVE)
    app(directory / ARCHIVE, port, browser)


def keep_topics(drawn: Path, archive: Path) -> None:
    """Keep the sample's topics and judgements in the archive, unless it has topics already."""
    from archive_search.archive import Archive
    from archive_search.evaluation.qrels import read_qrels
    from archive_search.workspace.judgements import Judgements, from_qrels
    from archive_search.workspace.topics import read_topics

    opened = Archive.open(archive)
    kept = Judgements(opened.workspace)
    if not kept.topics():
        judged = from_qrels(read_qrels(drawn / "qrels.txt"), JUDGE)
        kept.take_in(judged, opened.store, read_topics(drawn / "topics.jsonl"), skip_unknown=True)


COMMANDS = {"demo": demo}
