"""`archive-search compare`: strategies side by side on one query, or blind in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.evaluate import listed
from app.commands.parts import asking
from app.commands.parts.options import ArchiveOption, SpaceOption, StrategiesOption
from app.commands.parts.terminal import say, say_json
from archive_search.types import InvalidInputError, Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive_search.archive import Archive
    from archive_search.evaluation.compare import Comparison
    from archive_search.strategies import Strategy


@asking.asked(asking.by_words)
def compare(
    archive: ArchiveOption,
    asked: asking.Ask,
    strategies: StrategiesOption = "nearest,staged",
    space: SpaceOption = "",
    limit: Annotated[int, typer.Option(help="How many hits of each are shown.", min=1, max=1000)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    interleave: Annotated[
        bool,
        typer.Option(help="Two strategies in one list, as JSON, without saying which gave what: judge it blind."),
    ] = False,
    seed: Annotated[int, typer.Option(help="With --interleave: the same seed gives the same list.")] = 0,
    liked: Annotated[
        str | None,
        typer.Option(metavar="ID,ID,...", help="With --interleave: the good ones; reveals which strategy gave them."),
    ] = None,
) -> None:
    """Show what several strategies find for one query side by side, and how alike their rankings are."""
    from archive_search.archive import Archive
    from archive_search.evaluation.compare import compare as compared
    from archive_search.evaluation.compare import to_json
    from archive_search.evaluation.ranked import named

    opened = Archive.open(archive)
    query = asked(opened.fields)
    if not query.examples:
        raise InvalidInputError('Say what to look for, for example: archive-search compare "axe" --refine flint.')
    chosen = named(listed(strategies))
    if liked is not None and not interleave:
        raise InvalidInputError("--liked belongs to --interleave.")
    if interleave:
        found = _interleaved(opened, query, chosen, limit, seed, space, liked)
        say_json(found)
        return
    comparison = compared(opened, query, chosen, limit, space=space)
    if as_json:
        say_json(to_json(comparison))
    else:
        _print(comparison)


def _interleaved(
    archive: Archive,
    query: Query,
    strategies: Mapping[str, Strategy],
    length: int,
    seed: int,
    space: str,
    liked: str | None,
) -> dict[str, Any]:
    from archive_search.evaluation.interleave import credit, team_draft
    from archive_search.evaluation.ranked import ranked
    from archive_search.plan import query_to_json

    if len(strategies) != 2:
        raise InvalidInputError(f"--interleave takes two strategies, got {len(strategies)}.")
    first, second = (
        [hit.id for hit in ranked(strategy, query, archive, length, space)] for strategy in strategies.values()
    )
    drafted = team_draft(first, second, length, seed)
    payloads = {point.id: point.payload for point in archive.store.points(drafted.ids)}
    found: dict[str, Any] = {
        "query": query_to_json(query),
        "seed": seed,
        "hits": [
            {"rank": rank, "id": one, "payload": dict(payloads.get(one, {}))} for rank, one in enumerate(drafted.ids, 1)
        ],
    }
    if liked is not None:
        names = dict(zip(("first", "second"), strategies, strict=True))
        counted = credit(drafted, listed(liked))
        found["gave"] = {one: names[team] for one, team in zip(drafted.ids, drafted.teams, strict=True)}
        found["credit"] = {names["first"]: counted.first, names["second"]: counted.second}
        found["winner"] = names[counted.winner] if counted.winner else None
    return found


def _print(comparison: Comparison) -> None:
    from app.commands.parts.table import print_table

    names = list(comparison.rankings)
    rows = []
    for rank in range(1, comparison.k + 1):
        row = [str(rank)]
        for name in names:
            ranking = comparison.rankings[name]
            row.append(_cell(comparison, name, rank) if rank <= len(ranking) else "")
        if any(row[1:]):
            rows.append(row)
    if not rows:
        say("Nothing found by any strategy: drop a filter.")
        return
    print_table(("rank", *names), rows, right=("rank",), widest=names[-1])
    if len(names) > 1:
        say(f"(+2: two ranks higher than with {names[0]}; new: {names[0]} does not have it)")
        say()
        pairs = [(a.first, a.second, f"{a.overlap:.2f}", f"{a.rbo:.3f}") for a in comparison.alike]
        header = ("of", "and", f"overlap@{comparison.k}", "rank-biased overlap")
        print_table(header, pairs, right=header[2:], widest="of")


def _cell(comparison: Comparison, name: str, rank: int) -> str:
    hit = comparison.rankings[name][rank - 1]
    title = " ".join(str(hit.payload.get("title") or "").split())
    said = f"{hit.id} {title if len(title) <= 30 else title[:29] + '…'}".strip()
    if name == next(iter(comparison.rankings)):
        return said
    shift = comparison.shift(name, hit.id)
    return f"{said} ({'new' if shift is None else f'{shift:+d}' if shift else '='})"


COMMANDS = {"compare": compare}
