"""How wide the category is: how like it pictures are, and how many of them are like enough."""

from __future__ import annotations

from functools import partial

from app import opened
from app.language import _, number
from app.pages.parts.histogram import histogram
from app.pages.parts.ranked_by import set_knob
from app.state import State, strategy
from archive_search.archive import Archive
from archive_search.plan import Plan
from archive_search.ranking.within import Within
from archive_search.stages.similarities import Histogram

BINS = 30


def gate(archive: Archive, state: State, asked: Plan) -> None:
    """
    Draw how like the category the archive's pictures are, and how many of them it lets through, which can be moved.

    Drawn where the plan has such a gate: a category that is refined.
    """
    here = [place for place, step in enumerate(asked.steps) if isinstance(step, Within)]
    if not here:
        return
    step = asked.steps[here[0]]
    assert isinstance(step, Within)
    known = opened.similarities(archive, step.example, asked.space, BINS, asked.query.where)
    if known is None:
        return
    shares = [_share(known, edge) for edge in known.edges]
    width = getattr(strategy(state), "width", 1.0)
    place = min(range(len(shares)), key=lambda one: abs(shares[one] - width))
    histogram(
        known.counts,
        (place,),
        [_said(known, width if one == place else share, step.at_least) for one, share in enumerate(shares)],
        (_("How like it a picture must be"),),
        partial(_moved, shares),
        key="gate",
        width=420,
    )


def _share(known: Histogram, similarity: float) -> float:
    """The share of records that are at least so similar."""
    return sum(one >= similarity for one in known.gate) / len(known.gate)


def _said(known: Histogram, share: float, at_least: int) -> str:
    passing = min(known.records, max(known.passing(share), at_least))
    told = _("about {count} of {total} are like enough")
    return told.format(count=number(passing), total=number(known.records))


def _moved(shares: list[float], place: int) -> None:
    set_knob("width", max(round(shares[place], 3), 0.01))
