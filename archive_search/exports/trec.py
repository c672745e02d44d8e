"""TREC: the ranking as a run file, and the judgements of its topic as qrels beside it, for evaluation programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive_search.archive import StoreHoldings
from archive_search.evaluation.qrels import as_word, write_qrels
from archive_search.exporting import Export, Outgoing
from archive_search.exports.parts.beside import ENDING, carried_beside, write_beside
from archive_search.exports.parts.provenance import shown_plan
from archive_search.knobs import knob
from archive_search.types import Hit
from archive_search.workspace.judgements import Judgements
from archive_search.workspace.topics import topic_id

QRELS = ".qrels"


@dataclass(frozen=True)
class Trec:
    """
    A line per hit: topic, `Q0`, id, rank, score, run.

    The scores count down from the number of hits, so that a program that sorts by them keeps the order where scores
    are tied, or where a step has reordered the hits. Where the archive's judges have judged the topic, their grades are
    in `FILE.qrels`. `FILE.provenance.json` tells how the set was found.
    """

    summary: ClassVar[str] = "a run file, and qrels where the topic is judged, for evaluation programs"
    endings: ClassVar[tuple[str, ...]] = (".run", ".trec")
    beside: ClassVar[tuple[str, ...]] = (QRELS, ENDING)
    folder: ClassVar[bool] = False

    topic: str = knob("", "Topic", help="Its id; if not named, that of the judged topic that asks this question.")
    run: str = knob("", "Name of the run", help="If not named, that of the strategy.")

    def write(self, outgoing: Outgoing, target: Path) -> None:
        """
        One pass.

        Raises:
            InvalidInputError: If an id holds white space, which the format cannot say.
        """
        topic = as_word(self.topic or _topic(outgoing))
        run = as_word(self.run or f"archive-search-{outgoing.found.provenance.strategy or 'plan'}".replace(" ", "-"))
        total = len(outgoing.found)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            for rank, hit in outgoing:
                file.write(f"{topic} Q0 {as_word(hit.id)} {rank} {total - rank + 1} {run}\n")
        if grades := _grades(outgoing, topic):
            target.with_name(target.name + QRELS).write_text(write_qrels({topic: grades}), encoding="utf-8")
        write_beside(outgoing, target)

    @classmethod
    def carried(cls, target: Path) -> str:
        """What is in the file beside it."""
        return carried_beside(target)


def _judgements(outgoing: Outgoing) -> Judgements | None:
    held = outgoing.found.holdings
    return Judgements(held.archive.workspace) if isinstance(held, StoreHoldings) else None


def _topic(outgoing: Outgoing) -> str:
    """The id of the topic that the archive's judges know for the question, else that of a query without a name."""
    judged = _judgements(outgoing)
    known = {topic.id: topic.query for topic in judged.topics()} if judged else {}
    same = [name for name, query in known.items() if query == outgoing.found.plan.query]
    return same[0] if same else topic_id(shown_plan(outgoing).query)


def _grades(outgoing: Outgoing, topic: str) -> dict[str, int]:
    """The grades of the records that may leave; one of which nothing is known may not."""
    judged = _judgements(outgoing)
    grades = dict(judged.qrels().get(topic, {})) if judged else {}
    known = outgoing.found.holdings.payloads(list(grades))
    return {
        one: grade
        for one, grade in grades.items()
        if one in known and not outgoing.kept_back(Hit(one, 0.0, known[one]))
    }


EXPORTS: Mapping[str, type[Export]] = {"trec": Trec}
