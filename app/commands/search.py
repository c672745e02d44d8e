"""`archive-search search`: one query, its ranking as a table or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive_search.types import Example, ExampleKind, Filter, InvalidInputError, Match, Missing, Query

if TYPE_CHECKING:
    from archive_search.plan import Plan, Stage, Trace
    from archive_search.types import Ranking

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


def search(
    archive: ArchiveOption,
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
    image: ImageOption = None,
    like: LikeOption = None,
    region: RegionOption = None,
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
    from archive_search.strategies.custom import load_strategy

    if plan_file is not None:
        plan = from_json(_plan_text(plan_file))
    else:
        query = Query(examples(text, refine, exclude, image, like, region), filters(where, first, last, undated))
        plan = with_feedback(load_strategy(strategy).plan(query, limit, space), liked, disliked)
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


def examples(
    text: str,
    refine: list[str],
    exclude: list[str],
    image: Path | None = None,
    like: str | None = None,
    region: str | None = None,
) -> tuple[Example, ...]:
    """The examples that the options ask for."""
    from archive_search.media import medium

    found: list[Example] = []
    if text.strip():
        found.append(Example("text", text))
    if image is not None:
        if not image.is_file():
            raise InvalidInputError(f"There is no picture file {image}.")
        found.append(_whole_or_region(medium(image.name), str(image.resolve()), region))
    if like is not None:
        found.append(_whole_or_region("record", like, region))
    if region is not None and (image is None) == (like is None):
        raise InvalidInputError("--region is a part of one picture: name it with either --image or --like.")
    for sign, values in ((1.0, refine), (-1.0, exclude)):
        for value in values:
            weight, words = _weighted(value)
            found.append(Example("text", words, sign * weight))
    return tuple(found)


def _whole_or_region(kind: ExampleKind, value: str, region: str | None) -> Example:
    return Example(kind, value) if region is None else Example("region", f"{region}@{value}")


def _weighted(value: str) -> tuple[float, str]:
    number, colon, words = value.partition(":")
    try:
        weight = float(number) if colon else 1.0
    except ValueError:
        weight, words = 1.0, value
    if not colon:
        words = value
    if not words.strip():
        raise InvalidInputError(f"A refinement needs words, got {value!r}.")
    if not 0 < weight <= 100:
        raise InvalidInputError(
            f"A refinement's weight must be above 0 and at most 100, got {value!r}; use --not for less like this."
        )
    return weight, words.strip()


def filters(where: list[str], first: float | None, last: float | None, undated: str) -> tuple[Filter, ...]:
    """The filters that the options ask for."""
    from archive_search.fields import FACETS
    from archive_search.filters import years
    from archive_search.types import UnknownNameError

    if undated not in ("keep", "drop"):
        raise InvalidInputError(f"--undated is 'keep' or 'drop', got {undated!r}.")
    if first is not None and last is not None and first > last:
        raise InvalidInputError(f"--from {first:g} is later than --to {last:g}; years BCE are negative.")
    values: dict[str, list[str]] = {}
    for one in where:
        field, equals, value = one.partition("=")
        if not equals:
            raise InvalidInputError(f"--where takes FIELD=VALUE, got {one!r}.")
        if field.strip() not in (*FACETS, "object_id"):
            raise UnknownNameError(
                f"No filter is called {field.strip()!r}. Known: {', '.join((*FACETS, 'object_id'))}; "
                "--from and --to for years."
            )
        values.setdefault(field.strip(), []).append(value.strip())
    found: list[Filter] = []
    for field, wanted in values.items():
        named = tuple(value for value in wanted if value)
        if not named:
            found.append(Missing(field))
        else:
            found.append(Match(field, named, "keep" if "" in wanted else "drop"))
    return (*found, *years(first, last, undated))


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
