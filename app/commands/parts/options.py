"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ArchiveOption = Annotated[
    Path, typer.Option("--archive", help="The archive's directory.", envvar="ARCHIVE_SEARCH_ARCHIVE")
]
TextArgument = Annotated[str, typer.Argument(help='What is it? For example "flint axe".', show_default=False)]
RefineOption = Annotated[
    list[str],
    typer.Option("--refine", metavar="WORDS", help="What sets it apart; repeatable. '2:polished' weighs double."),
]
NotOption = Annotated[list[str], typer.Option("--not", metavar="WORDS", help="Less like this; repeatable.")]
WhereOption = Annotated[
    list[str],
    typer.Option("--where", metavar="FIELD=VALUE", help="The same field again: any of the values; FIELD= is empty."),
]
FromOption = Annotated[float | None, typer.Option("--from", help="First year, BCE negative.")]
ToOption = Annotated[float | None, typer.Option("--to", help="Last year, BCE negative.")]
UndatedOption = Annotated[str, typer.Option(help="With --from or --to: 'keep' or 'drop' records without a date.")]
NearOption = Annotated[
    str | None,
    typer.Option("--near", metavar="LAT,LON,KM", help="Found less than KM kilometres from there, in degrees."),
]
ImageOption = Annotated[Path | None, typer.Option(help="Search by a picture, film or recording.")]
LikeOption = Annotated[str | None, typer.Option(help="Search by a record's id: more like this.")]
RegionOption = Annotated[
    str | None,
    typer.Option(
        metavar="LEFT,TOP,RIGHT,BOTTOM",
        help="With --image or --like: only this part of the picture, as shares from 0 to 1.",
    ),
]
SpaceOption = Annotated[str, typer.Option(help="Which vectors to search; the archive's first embedder if not named.")]
StrategiesOption = Annotated[
    str,
    typer.Option(
        metavar="A,B,...",
        help="Names ('archive-search strategies' lists all) or JSON files; the others are compared with the first.",
    ),
]
TopicsOption = Annotated[
    Path | None,
    typer.Option(help="Topics as JSON lines or CSV; those kept with the archive's judgements if not named."),
]
QrelsOption = Annotated[
    Path | None, typer.Option(help="Judgements as TREC qrels; the archive's own judgements if not named.")
]
JudgeOption = Annotated[
    list[str], typer.Option("--judge", help="Of the archive's own judgements only this judge's; repeatable.")
]
LikedOption = Annotated[
    list[str], typer.Option("--liked", metavar="ID", help="More like this record; repeatable; after --strategy.")
]
DislikedOption = Annotated[list[str], typer.Option("--disliked", metavar="ID", help="Less like it; repeatable.")]
PerObjectOption = Annotated[bool, typer.Option("--per-object", help="One hit per object: its best picture.")]
StackOption = Annotated[bool, typer.Option("--stack", help="Put near-duplicates behind the best of them.")]
DiversityOption = Annotated[
    float | None, typer.Option(help="Bring variety forward: 1 changes nothing, 0.8 a little, 0 all.")
]
StrategyOption = Annotated[str, typer.Option(help="How to rank; 'archive-search strategies' lists all.")]
LimitOption = Annotated[
    int | None,
    typer.Option(
        help="How many hits: 20 are printed, 1000 exported, 100 saved unless told.",
        min=1,
        max=1_000_000,
        show_default=False,
    ),
]
WhoOption = Annotated[
    str,
    typer.Option(
        "--who",
        metavar="NAME",
        help="Your name: it stands beside what you write, undo goes by it, and a result set names it.",
        envvar="ARCHIVE_SEARCH_WHO",
        show_default=False,
    ),
]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace a file that is there; a folder never is.", show_default=False)
]
PortOption = Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)]
BrowserOption = Annotated[bool, typer.Option(help="Open the browser.")]
