"""`archive-search search`: one query, its ranking as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import asking
from app.commands.options import ArchiveOption, SpaceOption
from archive_search.types import InvalidInputError, Query

if TYPE_CHECKING:
    from archive_search.plan import Plan, Stage, Trace
    from archive_search.types import Ranking


@asking.asked(asking.by_words_or_picture)
def search(
    archive: ArchiveOption,
    asked: Callable[[], Query],
    liked: Annotated[
        list[str], typer.Option("--liked", metavar="ID", help="More like this record; repeatable; after --strategy.")
    ] = [],  # noqa: B006
    disliked: Annotated[list[str], typer.Option("--disliked", metavar="ID", help="Less like it; repeatable.")] = [],  # noqa: B006
    per_object: Annotated[bool, typer.Option("--per-object", help="One hit per object: its best picture.")] = False,
    stack: Annotated[bool, typer.Option("--stack", help="Put near-duplicates behind the best of them.")] = False,
    diversity: Annotated[
        float | None, typer.Option(help="Bring variety forward: 1 changes nothing, 0.8 a little, 0 all.")
    ] = None,
    strategy: Annotated[str, typer.Option(help="How to rank; 'archive-search strategies' lists all.")] = "staged",
    space: SpaceOption = "",
    limit: Annotated[int, typer.Option(help="How many hits.", min=1, max=1_000_000)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: plan, hits, stages.")] = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Run a plan from a JSON file (as --json prints it) instead.")
    ] = None,
) -> None:
    """Search an archive by words, a picture or a record, in stages."""
    from archive_search.archive import Archive
    from archive_search.plan import from_json, trace, with_payloads
    from archive_search.refining import with_feedback, with_variety
    from archive_search.strategy_file import load_strategy

    if plan_file is not None:
        plan = from_json(_plan_text(plan_file))
    else:
        plan = with_feedback(load_strategy(strategy).plan(asked(), limit, space), liked, disliked)
        plan = with_variety(plan, per_object, stack, diversity)
    opened = Archive.open(archive)
    happened = trace(plan, opened)
    hits = with_payloads(opened.store, happened.ranking[: plan.limit])
    if as_json:
        typer.echo(json.dumps(_as_json(plan, hits, happened, opened.generation), ensure_ascii=False, indent=1))
    else:
        _print(hits, happened)


def _plan_text(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The plan {file} cannot be read: {error}.") from error
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        return text
    return json.dumps(data["plan"]) if isinstance(data, dict) and "plan" in data else text


def _as_json(plan: Plan, hits: Ranking, happened: Trace, generation: str | None) -> dict[str, object]:
    from archive_search.plan import to_json

    return {
        "plan": to_json(plan),
        "hits": [
            {"rank": rank, "id": hit.id, "score": round(hit.score, 6), "payload": dict(hit.payload)}
            for rank, hit in enumerate(hits, 1)
        ],
        "stages": [{"name": stage.name, "kept": stage.kept, "of": stage.of} for stage in happened.stages],
        "stacks": {one: list(behind) for one, behind in happened.stacks.items()},
        "remarks": list(happened.remarks),
        "generation": generation,
    }


def _print(hits: Ranking, happened: Trace) -> None:
    from app.table import print_table

    for remark in happened.remarks:
        typer.echo(f"note: {remark}", err=True)
    if not hits:
        typer.echo(
            "Nothing found. "
            + ("No record passes the filters: drop one of them." if happened.stages[0].name == "filters" else "")
        )
        return
    rows = [
        (
            str(rank),
            f"{hit.score:.3f}",
            hit.id,
            _text(hit.payload.get("title")),
            _text(hit.payload.get("date")) or _years(hit.payload.get("date_from"), hit.payload.get("date_to")),
            _text(hit.payload.get("file")),
        )
        for rank, hit in enumerate(hits, 1)
    ]
    for hit in hits:
        if behind := happened.stacks.get(hit.id):
            typer.echo(f"note: behind {hit.id}: {', '.join(behind)}", err=True)
    print_table(("rank", "score", "id", "title", "date", "file"), rows, right=("rank", "score"))
    if happened.cut is not None and 0 < happened.cut < len(hits):
        typer.echo(f"The first {happened.cut:,} stand out from the background; what follows may be chance.")
    typer.echo(" | ".join(f"{stage.name}: {_did(stage)}" for stage in happened.stages))


def _did(stage: Stage) -> str:
    more = stage.kept - stage.of
    return f"{more} added to {stage.of}" if more > 0 else f"{stage.kept} of {stage.of}"


def _text(value: object) -> str:
    return (
        "; ".join(map(str, value))
        if isinstance(value, list | tuple)
        else ""
        if value is None
        else " ".join(str(value).split())
    )


def _years(first: object, last: object) -> str:
    if first is None and last is None:
        return ""
    return f"{first if first is not None else '?'} to {last if last is not None else '?'}"
