"""How a ranking came about, in words, counts and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import streamlit as st

from app.wording import safe
from archive_search.metadata.wording import title_of
from archive_search.plan import Plan, Stage, Trace, to_json
from archive_search.ranking import Step
from archive_search.ranking.within import Within
from archive_search.types import Example, Ranking
from archive_search.visible import visible

SUBJECTS = {
    "browse": "All records",
    "tiles": "Details",
    "hubness": "Hub correction",
    "pseudo_feedback": "Like the best hits",
    "diffusion": "Neighbours of the best",
    "cutoff": "Suggested end",
    "palette": "Colours seen",
    "text": "Words of the metadata",
    "objects": "One picture per object",
    "diversity": "Variety",
    "duplicates": "One of near-duplicates",
    "feedback": "Liked and disliked",
}
"""What steps are about that go by no example of their own."""


def narrowed(plan: Plan, trace: Trace) -> str:
    """What the category has kept away, '' where nothing; the table below the results has all stages."""
    stages = trace.stages[-len(plan.steps) :]
    told = [
        f"the {stage.kept:,} of {stage.of:,} candidates that are most like {_subject(step)} were ranked"
        for step, stage in zip(plan.steps, stages, strict=True)
        if isinstance(step, Within) and stage.kept < stage.of
    ]
    return ", ".join(told)[:1].upper() + ", ".join(told)[1:]


@st.fragment
def explain(plan: Plan, trace: Trace, shown: Ranking, ranks: Mapping[str, int], plain: Mapping[str, int]) -> None:
    """Draw the funnel of stages, the scores of the records shown, and the plan, once somebody opens it."""
    opened = st.expander("How was this ranked?", icon=":material/filter_list:", key="why", on_change="rerun")
    if not opened.open:
        return
    with opened:
        funnel, scores, data = st.tabs(["Stages", "Scores", "Plan"])
        with funnel:
            st.html(_funnel(plan, trace))
        with scores:
            rows = [
                {
                    "rank": ranks[hit.id],
                    "plain rank": plain.get(hit.id),
                    "score": round(hit.score, 4),
                    "title": visible(title_of(hit.payload)),
                    "record": visible(hit.id),
                }
                for hit in shown
            ]
            st.dataframe(rows, hide_index=True)
        with data:
            st.caption("The plan repeats this search: the command line and the library read it.")
            st.json(to_json(plan))


def _stages(plan: Plan, trace: Trace) -> Iterator[tuple[str, Stage]]:
    """Every stage with what it is about."""
    stages = list(trace.stages)
    if len(stages) > len(plan.steps):
        yield "Filters", stages.pop(0)
    for step, stage in zip(plan.steps, stages, strict=True):
        subject = SUBJECTS.get(stage.name) or _subject(step) or stage.name.replace("_", " ")
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
        "record": "the record",
        "image": "the picture",
        "video": "the film",
        "audio": "the recording",
        "region": "the part",
    }[example.kind]
    return f"less {what}" if example.weight < 0 else what


def _did(stage: Stage) -> str:
    done = [f"added {stage.kept - stage.of:,}"] if stage.kept > stage.of else []
    done += [f"kept {stage.kept:,} of {stage.of:,}"] if stage.kept < stage.of else []
    done += [f"raised {stage.raised:,}"] if stage.raised else []
    return ", ".join(done) or f"kept all {stage.of:,}"


def _funnel(plan: Plan, trace: Trace) -> str:
    largest = max((max(stage.kept, stage.of) for stage in trace.stages), default=1) or 1
    rows = [
        f"<tr><th>{safe(subject)}</th><td>{_did(stage)}</td>"
        f'<td class="width"><div style="width:{stage.kept / largest:.1%}"></div></td></tr>'
        for subject, stage in _stages(plan, trace)
    ]
    return f'<table class="funnel">{"".join(rows)}</table>'
