"""`archive-search judgements ...`: record, import, export and pool judgements; agreement between judges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.evaluate import listed, write
from app.commands.parts.helping import Commands
from app.commands.parts.options import ArchiveOption, JudgeOption, SpaceOption, StrategiesOption, TopicsOption
from app.commands.parts.terminal import say, say_file, say_json
from archive_search.counted import count
from archive_search.types import InvalidInputError

if TYPE_CHECKING:
    from archive_search.archive import Archive
    from archive_search.workspace.judgements import Judgements

cli = Commands(
    help="Which records answer which topic: record, import, export, pool what remains to be judged, agreement.",
)
OneJudge = Annotated[str, typer.Option("--judge", help="Who judges.")]


def add(
    archive: ArchiveOption,
    topic: Annotated[str, typer.Argument(help="The id of the topic.")],
    record: Annotated[str, typer.Argument(help="The id of the record.")],
    grade: Annotated[str, typer.Argument(help="0 to 3; 'none' takes an earlier grade back.")],
    judge: OneJudge,
) -> None:
    """Record one judgement."""
    from archive_search.metadata.known_ids import require_records

    opened, kept = _open(archive)
    require_records(opened.store, [record])
    if grade not in ("0", "1", "2", "3", "none"):
        raise InvalidInputError(f"A grade is 0, 1, 2 or 3, or 'none' to take it back; got {grade!r}.")
    made = kept.judge(topic, record, judge, None if grade == "none" else int(grade))
    say(f"{made.topic} {made.record} {'taken back' if made.grade is None else made.grade} by {made.judge}")


def import_(
    archive: ArchiveOption,
    file: Annotated[Path, typer.Argument(help="TREC qrels, or CSV (topic, record, grade, judge, time) by its ending.")],
    judge: Annotated[str, typer.Option("--judge", help="Who judged, where the file does not say.")] = "",
    topics: Annotated[Path | None, typer.Option(help="Keep these topics beside the judgements.")] = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out what names records or topics that are not known.")
    ] = False,
) -> None:
    """Take in judgements from a file, all or none; what is known already is not added again."""
    from archive_search.evaluation.qrels import read_csv, read_qrels
    from archive_search.workspace.judgements import from_qrels, some_of
    from archive_search.workspace.topics import read_topics

    opened, kept = _open(archive)
    if file.suffix.lower() == ".csv":
        found = list(read_csv(file, judge))
    elif judge:
        found = list(from_qrels(read_qrels(file), judge))
    else:
        raise InvalidInputError("TREC qrels do not say who judged: name the judge with --judge.")
    made = kept.take_in(found, opened.store, () if topics is None else read_topics(topics), skip_unknown)
    say(f"{count(made.added, 'judgement')} added, {made.known} known already")
    if made.skipped:
        for what, names in (("topics", made.unknown_topics), ("records", made.unknown_records)):
            if names:
                say(f"unknown {what}: {some_of(names)}", err=True)
        say(f"{count(made.skipped, 'judgement')} skipped", err=True)


def export(
    archive: ArchiveOption,
    file: Annotated[Path, typer.Argument(help="CSV if it ends in .csv, else TREC qrels.")],
    judge: JudgeOption = [],  # noqa: B006
    history: Annotated[bool, typer.Option("--history", help="CSV: grades that were changed later as well.")] = False,
) -> None:
    """Write the judgements to a file; qrels combine judges by the median, of two middle grades the lower."""
    from archive_search.evaluation.qrels import write_csv, write_qrels

    _, kept = _open(archive)
    if file.suffix.lower() == ".csv":
        write(file, write_csv((kept.history if history else kept.present)(judges=judge or None)))
    elif history:
        raise InvalidInputError("TREC qrels hold one grade: export the history as CSV.")
    else:
        write(file, write_qrels(kept.qrels(judge or None)))


def pool(
    archive: ArchiveOption,
    topics: TopicsOption = None,
    strategies: StrategiesOption = "nearest,staged",
    k: Annotated[int, typer.Option("-k", help="How many from the top of every strategy.", min=1, max=1000)] = 10,
    judge: Annotated[
        str, typer.Option("--judge", help="Leave out what this judge has judged; if not named, what anyone has.")
    ] = "",
    seed: Annotated[int, typer.Option(help="The same seed gives the same order.")] = 0,
    space: SpaceOption = "",
    output: Annotated[Path | None, typer.Option("--csv", help="Write to this file instead of the terminal.")] = None,
) -> None:
    """List what remains to be judged, as CSV to fill in and import, in an order that does not tell the strategies."""
    from archive_search.evaluation.pooling import pool as pooled
    from archive_search.evaluation.ranked import named
    from archive_search.spreadsheet_cells import csv_text
    from archive_search.workspace.topics import read_topics

    opened, kept = _open(archive)
    if topics is not None:
        asked = read_topics(topics)
        kept.add_topics(asked)
    else:
        asked = kept.topics()
    if not asked:
        raise InvalidInputError("The archive keeps no topics yet: name a file with --topics.")
    judged = {topic: set(records) for topic, records in kept.qrels([judge] if judge else None).items()}
    found = pooled(opened, asked, named(listed(strategies)), k, judged, seed, space)
    rows = [("topic", "question", "record", "title", "picture", "grade", "judge")]
    for topic in asked:
        records = found.get(topic.id, ())
        payloads = {point.id: point.payload for point in opened.store.points(records)}
        for record in records:
            payload = payloads.get(record, {})
            shown = (str(payload.get("title") or ""), str(payload.get("image") or ""))
            rows.append((topic.id, topic.title, record, *shown, "", judge))
    if output is None:
        say_file(csv_text(rows))
    else:
        write(output, csv_text(rows))
    left = sum(map(len, found.values()))
    say(f"{count(left, 'record')} to judge for {len(found)} of {count(len(asked), 'topic')}", err=True)


def agreement(
    archive: ArchiveOption,
    judge: JudgeOption = [],  # noqa: B006
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False,
) -> None:
    """Show how well judges agree beyond chance: Cohen's kappa for two, Fleiss' for all of more."""
    import dataclasses

    from app.commands.parts.table import print_table
    from archive_search.evaluation.agreement import agreements

    _, kept = _open(archive)
    found = agreements(kept.present(judges=judge or None))
    if as_json:
        say_json([dataclasses.asdict(one) for one in found])
        return
    if not found:
        say("No two judges have judged the same record for the same topic yet.")
        return
    rows = [
        (
            " and ".join(one.judges) if len(one.judges) == 2 else f"all {len(one.judges)} (Fleiss)",
            str(one.items),
            f"{one.observed:.2f}",
            *("–" if value is None else f"{value:.3f}" for value in (one.kappa, one.weighted, one.binary)),
        )
        for one in found
    ]
    header = ("judges", "judged by all", "same grade", "kappa", "kappa by distance", "kappa of relevant or not")
    print_table(header, rows, right=header[1:], widest="judges")


def show(archive: ArchiveOption) -> None:
    """Show how many judgements there are, by judge and by grade."""
    from app.commands.parts.table import print_table
    from archive_search.workspace.judgements import GRADES

    _, kept = _open(archive)
    present = kept.present()
    say(f"{count(len(present), 'judgement')} of {count(len({one.topic for one in present}), 'topic')}")
    rows = [
        (
            judge,
            str(count),
            *(str(sum(one.judge == judge and one.grade == grade for one in present)) for grade in GRADES),
        )
        for judge, count in kept.judges().items()
    ]
    if rows:
        header = ("judge", "judgements", *(f"grade {grade}" for grade in GRADES))
        print_table(header, rows, right=header[1:], widest="judge")


def _open(directory: Path) -> tuple[Archive, Judgements]:
    from archive_search.archive import Archive
    from archive_search.workspace.judgements import Judgements

    opened = Archive.open(directory)
    return opened, Judgements(opened.workspace)


cli.command("show", help=show.__doc__)(show)
cli.command("add", help=add.__doc__)(add)
cli.command("import", help=import_.__doc__)(import_)
cli.command("export", help=export.__doc__)(export)
cli.command("pool", help=pool.__doc__)(pool)
cli.command("agreement", help=agreement.__doc__)(agreement)


COMMANDS = {"judgements": cli}
