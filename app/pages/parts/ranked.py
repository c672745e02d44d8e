"""How a ranking came about, in words, counts and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from app.language import N_, _, number
from app.wording import safe
from archive_search.metadata.wording import title_of
from archive_search.plan import Plan, Stage, Trace, to_json
from archive_search.ranking import Step
from archive_search.types import Example, Ranking
from archive_search.visible import visible

SUBJECTS = {
    "browse": N_("All records"),
    "tiles": N_("Details"),
    "hubness": N_("Hub correction"),
    "pseudo_feedback": N_("Like the best hits"),
    "diffusion": N_("Neighbours of the best"),
    "cutoff": N_("Suggested end"),
    "palette": N_("Colours seen"),
    "text": N_("Words of the metadata"),
    "objects": N_("One picture per object"),
    "diversity": N_("Variety"),
    "duplicates": N_("One of near-duplicates"),
    "feedback": N_("Liked and disliked"),
}
"""What steps are about that go by no example of their own."""


@st.fragment
def explain(plan: Plan, trace: Trace, shown: Ranking, ranks: Mapping[str, int], plain: Mapping[str, int]) -> None:
    """Draw the funnel of stages, the scores of the records shown, and the plan, once somebody opens it."""
    opened = st.expander(_("How was this ranked?"), icon=":material/filter_list:", key="why", on_change="rerun")
    if not opened.open:
        return
    with opened:
        funnel, scores, data = st.tabs([_("Stages"), _("Scores"), _("Plan")])
        with funnel:
            st.html(_funnel(plan, trace))
        with scores:
            rows = [
                {
                    _("rank"): ranks[hit.id],
                    _("plain rank"): plain.get(hit.id),
                    _("score"): round(hit.score, 4),
                    _("title"): visible(title_of(hit.payload)),
                    _("record"): visible(hit.id),
                }
                for hit in shown
            ]
            st.dataframe(rows, hide_index=True)
        with data:
            st.caption(_("The plan repeats this search: the command line and the library read it."))
            st.json(to_json(plan))


def _stages(plan: Plan, trace: Trace) -> Iterator[tuple[str, Stage]]:
    """Every stage with what it is about."""
    stages = list(trace.stages)
    if len(stages) > len(plan.steps):
        yield _("Filters"), stages.pop(0)
    for step, stage in zip(plan.steps, stages, strict=True):
        subject = (
            _(SUBJECTS.get(stage.name, ""))
            if stage.name in SUBJECTS
            else _subject(step) or stage.name.replace("_", " ")
        )
        yield subject[:1].upper() + subject[1:], stage


def _subject(step: Step) -> str:
    """The examples a step goes by, '' where it has none."""
    examples: tuple[Example, ...] = getattr(step, "examples", ()) or tuple(
        one for one in [getattr(step, "example", None)] if one is not None
    )
    return " ".join(_words(example) for example in examples)


def _words(example: Example) -> str:
    what = {
        "text": f"“{example.value}”",
        "record": _("the record"),
        "image": _("the picture"),
        "video": _("the film"),
        "audio": _("the recording"),
        "region": _("the part"),
    }[example.kind]
    return _("less {what}").format(what=what) if example.weight < 0 else what


def _did(stage: Stage) -> str:
    kept, of = number(stage.kept), number(stage.of)
    done = [_("added {count}").format(count=number(stage.kept - stage.of))] if stage.kept > stage.of else []
    done += [_("kept {count} of {total}").format(count=kept, total=of)] if stage.kept < stage.of else []
    done += [_("raised {count}").format(count=number(stage.raised))] if stage.raised else []
    return ", ".join(done) or _("kept all {count}").format(count=of)


def _funnel(plan: Plan, trace: Trace) -> str:
    largest = max((max(stage.kept, stage.of) for stage in trace.stages), default=1) or 1
    rows = [
        f"<tr><th>{safe(subject)}</th><td>{_did(stage)}</td>"
        f'<td class="width"><div style="width:{stage.kept / largest:.1%}"></div></td></tr>'
        for subject, stage in _stages(plan, trace)
    ]
    return f'<table class="funnel">{"".join(rows)}</table>'
