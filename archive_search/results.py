"""A result set: a ranking with its plan, trace and provenance, so that it can be read, checked and repeated."""

from __future__ import annotations

import base64
import dataclasses
import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from pydantic import ValidationError

from archive_search.atomic import atomic_write
from archive_search.counted import count
from archive_search.exporting import Exported, Holdings, export
from archive_search.metadata.sensitive import leaving
from archive_search.pictures.thumbnails import MEDIA_TYPES
from archive_search.plan import Plan, Stage, Trace, as_it_was, from_json, to_json
from archive_search.provenance import Provenance
from archive_search.reading import read_text
from archive_search.saved import SavedHead, SavedHit, SavedHoldings, SavedResultSet, SavedStage
from archive_search.types import Box, Example, Hit, InvalidInputError, Ranking

if TYPE_CHECKING:
    import pandas

CHUNK = 256
"""So many payloads are read at once while hits are gone through."""
SHOWN = 24
"""So many hits a notebook shows."""


class ResultSet(Sequence[Hit]):
    """
    Hits from best to worst, each with its payload, and all that is needed to repeat the search.

    Payloads are read when they are asked for, some at a time: a set of 100,000 hits costs little memory until then.
    They are those of the generation that was searched, also after a newer one was published.
    """

    def __init__(
        self,
        plan: Plan,
        trace: Trace,
        holdings: Holdings,
        provenance: Callable[[], Provenance],
        plain: Mapping[str, int] | None = None,
        boxes: Mapping[str, Box] | None = None,
    ) -> None:
        self.plan, self.trace, self.holdings = plan, trace, holdings
        self.ranking: Ranking = trace.ranking[: plan.limit]
        """The hits without their payloads."""
        self.plain: Mapping[str, int] = plain or {}
        """Ranks in plain nearest-neighbour search by id, from 1, as far as it was looked."""
        self._provenance = provenance
        self._boxes: Mapping[str, Box] = boxes or {}

    def first(self, count: int) -> ResultSet:
        """The set of its first hits: its plan asks for no more, so that it is repeated as it is."""
        plan = dataclasses.replace(self.plan, limit=min(count, self.plan.limit))
        return ResultSet(plan, self.trace, self.holdings, self._provenance, self.plain, self._boxes)

    @cached_property
    def provenance(self) -> Provenance:
        """Archive, generation, weights, versions and time of the search."""
        return self._provenance()

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The rank of every hit by its id, from 1, best first."""
        return {hit.id: rank for rank, hit in enumerate(self.ranking, 1)}

    def __repr__(self) -> str:
        """How many hits, for what question, from which archive and generation; the hits are not read."""
        asked = ", ".join(map(_asked, self.plan.query.examples)) or "everything"
        filters = f" with {count(len(self.plan.query.where), 'filter')}" if self.plan.query.where else ""
        told = self.provenance
        of = f"{told.archive!r}, generation {told.generation or 'none'}"
        return f"<ResultSet: {count(len(self), 'hit')} for {asked}{filters} in {of}>"

    def __len__(self) -> int:
        return len(self.ranking)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | list[Hit]:
        """A hit, or some of them, with their payloads."""
        if isinstance(index, slice):
            return self._filled(self.ranking[index])
        return self._filled((self.ranking[index],))[0]

    def __iter__(self) -> Iterator[Hit]:
        """Every hit with its payload, best first; payloads are read `CHUNK` at a time."""
        hits = iter(self.ranking)
        while some := tuple(islice(hits, CHUNK)):
            yield from self._filled(some)

    def _filled(self, hits: Sequence[Hit]) -> list[Hit]:
        payloads = self.holdings.payloads([hit.id for hit in hits])
        details, sought = self.trace.details, self.trace.sought
        boxes: Mapping[str, Box] = self._boxes
        if sought is not None:
            some = {one: payload for one, payload in payloads.items() if one in details}
            boxes = self.holdings.boxes(some, sought, self.plan.space) if some else {}
        return [Hit(hit.id, hit.score, payloads.get(hit.id, {}), boxes.get(hit.id)) for hit in hits]

    # ------------------------------------------------------------------ tables

    def to_frame(self) -> pandas.DataFrame:
        """
        A pandas DataFrame with a row per hit: rank, plain rank, score, id, then a column per field that any hit holds.

        They come in the order of the table of fields. Several values of a field are joined by "; ". Columns of the
        metadata that fill no field have their own names.
        """
        import pandas as pd

        from archive_search.metadata.rows import flat, in_order

        ranks = ["rank", "plain_rank", "score", "id"]
        rows = [
            {"rank": rank, "plain_rank": self.plain.get(hit.id), "score": hit.score, "id": hit.id, **flat(hit.payload)}
            for rank, hit in enumerate(self, 1)
        ]
        frame = pd.DataFrame(rows, columns=None if rows else ranks)
        return frame[[*ranks, *in_order(frame.columns[len(ranks) :])]].astype({"plain_rank": "Int64"})

    def _repr_html_(self) -> str:
        """The first hits with their thumbnails, for notebooks."""
        cells = "".join(_cell(rank, hit, self.holdings) for rank, hit in enumerate(self[:SHOWN], 1))
        more = f"<p>… and {len(self) - SHOWN:,} more</p>" if len(self) > SHOWN else ""
        return f'<div style="display:flex;flex-wrap:wrap;gap:12px">{cells}</div>{more}'

    # ------------------------------------------------------------------ as a file

    def export(self, target: str | Path, format: str = "", **options: Any) -> Exported:
        """
        Write the set, whole, in one of the formats of `archive_search.exporting.EXPORTS`; '' goes by the ending.

        Options and what is raised are those of `archive_search.exporting.export`.
        """
        return export(self, target, format, **options)

    def save(self, file: str | Path) -> Path:
        """Write the set as JSON (`docs/reference/result-set.schema.json`), all or nothing; returns the file."""
        target = Path(file)
        with atomic_write(target) as part, part.open("w", encoding="utf-8") as out:
            out.writelines(self.json_lines())
        return target

    def head(self) -> SavedHead:
        """The saved form but for the hits: what an export carries to be read, checked and repeated."""
        return SavedHead(
            provenance=self.provenance,
            plan=to_json(self.plan),
            stages=[SavedStage(name=s.name, kept=s.kept, of=s.of, raised=s.raised) for s in self.trace.stages],
            remarks=list(self.trace.remarks),
            suggested_end=self.trace.cut,
            stacks={one: list(behind) for one, behind in self.trace.stacks.items()},
        )

    def json_lines(self) -> Iterator[str]:
        """The JSON form in pieces, a hit to a line, so that it never is in memory as a whole."""
        text = self.head().model_dump_json()
        yield text[:-1] + ',"hits":['
        for rank, hit in enumerate(self, 1):
            saved = SavedHit(
                rank=rank,
                plain_rank=self.plain.get(hit.id),
                score=hit.score,
                id=hit.id,
                box=hit.box,
                payload=dict(leaving(hit.payload)),
            )
            yield ("," if rank > 1 else "") + "\n" + saved.model_dump_json()
        yield "\n]}\n"

    @classmethod
    def load(cls, file: str | Path) -> ResultSet:
        """
        Read a set that was saved; its pictures are at hand only in the archive that it came from.

        Raises:
            InvalidInputError: If the file is no saved result set, naming the field.
        """
        path = Path(file)
        return cls.from_json(read_text(path, "The result set"), path.name)

    @classmethod
    def from_json(cls, text: str, name: str = "the result set") -> ResultSet:
        """Read the JSON form; `name` names it in errors. Raises as `load` does."""
        try:
            saved = SavedResultSet.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise InvalidInputError(f"{name} is no saved result set: {where}: {first['msg']}.") from error
        ranking = tuple(Hit(hit.id, hit.score) for hit in saved.hits)
        stages = [Stage(one.name, one.kept, one.of, one.raised, ()) for one in saved.stages]
        stages = stages or [Stage("saved", len(ranking), len(ranking), 0, ())]
        last = stages.pop()
        stages.append(Stage(last.name, last.kept, last.of, last.raised, ranking))
        stacks = {one: tuple(behind) for one, behind in saved.stacks.items()}
        trace = Trace(tuple(stages), tuple(saved.remarks), saved.suggested_end, stacks)
        plain = {hit.id: hit.plain_rank for hit in saved.hits if hit.plain_rank is not None}
        boxes = {hit.id: Box(*hit.box) for hit in saved.hits if hit.box is not None}
        held = SavedHoldings({hit.id: hit.payload for hit in saved.hits})
        return cls(as_it_was(from_json(saved.plan)), trace, held, lambda: saved.provenance, plain, boxes)


def _asked(example: Example) -> str:
    """One thing that was asked for: 'axe', record 'A1', less of 'polished'."""
    said = repr(example.value) if example.kind == "text" else f"{example.kind} {example.value!r}"
    return said if example.weight > 0 else f"less of {said}"


def _cell(rank: int, hit: Hit, holdings: Holdings) -> str:
    title = html.escape(str(hit.payload.get("title") or hit.id))
    file = holdings.thumbnail_file(hit.payload)
    picture = ""
    if file is not None and file.is_file():
        data, kind = base64.b64encode(file.read_bytes()).decode("ascii"), MEDIA_TYPES.get(file.suffix, "image/webp")
        picture = f'<img alt="{title}" style="max-width:150px;max-height:150px" src="data:{kind};base64,{data}">'
    caption = f"<figcaption>{rank}. {title} ({hit.score:.3f})</figcaption>"
    return f'<figure style="width:160px;margin:0">{picture}{caption}</figure>'
