"""`archive-search explain`: why a record stands where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts import asking
from app.commands.parts.options import ArchiveOption, SpaceOption
from app.commands.parts.terminal import say, say_json
from archive_search.types import InvalidInputError

if TYPE_CHECKING:
    from archive_search.evaluation.explain import Explained, Explanation


@asking.asked(asking.by_words)
def explain(
    archive: ArchiveOption,
    record: Annotated[str, typer.Option("--id", help="The id of the record.")],
    asked: asking.Ask,
    strategy: Annotated[str, typer.Option(help="How to rank: a name or a JSON file.")] = "staged",
    space: SpaceOption = "",
    limit: Annotated[int, typer.Option(help="How many hits the search lists.", min=1, max=1_000_000)] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Follow one record through a search: its rank and score after each step, and in the plain search."""
    from archive_search.archive import Archive
    from archive_search.evaluation.explain import explain as explained
    from archive_search.evaluation.explain import to_json
    from archive_search.strategy_file import load_strategy

    opened = Archive.open(archive)
    query = asked(opened.fields)
    if not query.examples:
        raise InvalidInputError('Say what was looked for: archive-search explain "axe" --refine flint --id ID.')
    plan = load_strategy(strategy).plan(query, limit, space)
    found = explained(plan, opened, record)
    if as_json:
        say_json(to_json(found, plan))
    else:
        _print(found)


def _print(found: Explanation) -> None:
    from app.commands.parts.table import print_table

    for remark in found.remarks:
        say(f"note: {remark}", err=True)
    title = " ".join(str(found.payload.get("title") or "").split())
    say(f"{found.record} {title}".strip())
    rows = [
        (
            one.step,
            f"{one.kept} of {one.of}" if one.kept <= one.of else f"{one.of} + {one.kept - one.of}",
            "" if one.rank is None else str(one.rank),
            "" if one.score is None else f"{one.score:.3f}",
            _effect(one),
        )
        for one in found.steps
    ]
    print_table(("step", "kept", "rank", "score", "this record"), rows, right=("kept", "rank", "score"), widest="step")
    if found.rank is not None:
        say(f"in the list   rank {found.rank}")
    elif found.dropped_by:
        say(f"in the list   no: dropped by '{found.dropped_by}'")
    else:
        say(f"in the list   no: below the first {found.limit}")
    if found.plain_rank is None:
        say("plain search  does not have it either")
    else:
        say(f"plain search  rank {found.plain_rank} of {found.plain_of}, score {found.plain_score:.3f}")


def _effect(one: Explained) -> str:
    ranks = f"{abs(one.moved)} {'rank' if abs(one.moved) == 1 else 'ranks'}"
    if one.effect in ("raised", "lowered"):
        return f"{one.effect} by {ranks}"
    return {"gone": "", "passed": "passed", "found": "found", "stayed": "stayed", "dropped": "dropped here"}[one.effect]


COMMANDS = {"explain": explain}
