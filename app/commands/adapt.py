"""`archive-search adapt`: a small map trained on the archive's own pairs of picture and text, as a space of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts.options import ArchiveOption
from app.commands.parts.terminal import say
from archive_search.counted import count

if TYPE_CHECKING:
    from archive_search.archive import Archive


def adapt(
    archive: ArchiveOption,
    space: Annotated[str, typer.Option(help="The space to adapt; the archive's first embedder if not named.")] = "",
    rank: Annotated[int, typer.Option(help="Directions in which vectors may move.")] = 32,
    epochs: Annotated[int, typer.Option(help="Epochs at most.")] = 40,
    anyway: Annotated[bool, typer.Option("--anyway", help="Keep the adapter whatever the report says.")] = False,
) -> None:
    """Train an adapter on the archive's own titles, terms and judgements; nothing uses it unless --space names it."""
    from archive_search.adapter import SUFFIX, Training
    from archive_search.archive import Archive
    from ingest.adapting import adapt as run

    opened = Archive.open(archive)
    space = space or opened.default_space()
    report = run(opened, space, _judged(opened), Training(rank=rank, epochs=epochs), anyway)
    say(
        f"{count(report.pairs, 'pair')} of {count(report.objects, 'object')}; "
        f"{count(report.held_out_texts, 'text')} on objects held out: "
        f"MAP {report.before:.3f} before, {report.after:.3f} after "
        f"({report.after - report.before:+.3f}, 95 % between {report.low:+.3f} and {report.high:+.3f})"
    )
    if report.better or anyway:
        say(f"Kept as the space {space + SUFFIX}: search it with --space {space + SUFFIX}.")
    else:
        say("Not surely better: nothing was kept.")


def _judged(archive: Archive) -> dict[str, list[str]]:
    """The words of judged queries by the records that were judged relevant to them."""
    from archive_search.ranking.parts.phrase import phrase
    from archive_search.workspace.judgements import Judgements

    if not archive.workspace.is_file():
        return {}
    judgements = Judgements(archive.workspace)
    words = {topic.id: phrase(topic.query.examples) for topic in judgements.topics()}
    found: dict[str, list[str]] = {}
    for topic, records in judgements.qrels().items():
        for record, grade in records.items():
            asked = words.get(topic, ())
            if grade > 0 and asked and asked[0].kind == "text":
                found.setdefault(record, []).append(asked[0].value)
    return found


COMMANDS = {"adapt": adapt}
