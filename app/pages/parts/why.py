"""Why is it here: where a record stands after each stage of a search, against plain search, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.language import N_, _, ngettext, number
from app.wording import safe
from archive_search.archive import Archive
from archive_search.evaluation.explain import Explained, Explanation, explain
from archive_search.plan import Plan, name_of
from archive_search.ranking import Step
from archive_search.types import Example

STAGES: Mapping[str, str] = {
    "nearest": N_("Does it look like {what}?"),
    "tiles": N_("Does a part of it?"),
    "hubness": N_("Pictures that look like everything are put back"),
    "within": N_("Is it {what} at all?"),
    "gate": N_("Only the best go on"),
    "attribute": N_("Is it {what}?"),
    "palette": N_("Its colours"),
    "text": N_("What the catalogue says"),
    "fuse": N_("What the catalogue says"),
    "pseudo_feedback": N_("Likeness to the best results"),
    "diffusion": N_("Likeness to its neighbours"),
    "feedback": N_("What you liked and disliked"),
    "objects": N_("One picture for each object"),
    "duplicates": N_("One of near-duplicates"),
    "diversity": N_("Variety"),
    "browse": N_("All records"),
}
"""What each step is about; of others their names are told."""
SILENT = ("cutoff",)
"""Steps that change no place."""


def why(archive: Archive, plan: Plan, record: str) -> None:
    """
    Draw why a record stands where it does in what a plan finds: a sentence, and its place after each stage.

    Nothing is drawn where nothing is asked that could be ranked.
    """
    if not plan.query.examples:
        return
    found = explain(plan, archive, record)
    st.subheader(_("Why is it here?"), anchor=False)
    st.markdown(" ".join(_sentences(found, archive)))
    rows = list(_rows(plan, found))
    if rows:
        with st.expander(_("Its place after each stage"), icon=":material/stairs:"):
            st.html(_table(rows, found))


def _sentences(found: Explanation, archive: Archive) -> list[str]:
    said = []
    if found.rank is not None:
        said.append(_("It is number **{rank}** in this search.").format(rank=number(found.rank)))
    elif found.dropped_by == "objects":
        said.append(_("Another picture of the same object fits better and stands for it in this search."))
    elif found.dropped_by:
        said.append(_("This search does not show it: one of its stages leaves it out."))
    else:
        said.append(_("It is not among the first {limit} of this search.").format(limit=number(found.limit)))
    if found.plain_rank is None:
        said.append(_("Plain search, without stages, does not have it either."))
    elif found.rank is None or found.rank != found.plain_rank:
        said.append(
            _("Plain search, without stages, would have it at **{rank}** of {of}.").format(
                rank=number(found.plain_rank), of=number(found.plain_of)
            )
        )
    else:
        said.append(_("Plain search, without stages, would have it at the same place."))
    return said


def _rows(plan: Plan, found: Explanation) -> list[tuple[str, Explained]]:
    steps = list(found.steps)
    rows = []
    if len(steps) > len(plan.steps):
        rows.append((_("What is known of it"), steps.pop(0)))
    rows += [
        (_subject(step), one)
        for step, one in zip(plan.steps, steps, strict=True)
        if name_of(step) not in SILENT and one.effect != "gone"
    ]
    return rows


def _subject(step: Step) -> str:
    name = name_of(step)
    texts = [one.value for one in _examples(step) if one.kind == "text" and one.weight > 0]
    said = _(STAGES[name]) if name in STAGES else name.replace("_", " ")
    what = " ".join(f"“{one}”" for one in texts) or _("the example")
    return said.replace("{what}", what)


def _examples(step: Step) -> tuple[Example, ...]:
    some: tuple[Example, ...] = getattr(step, "examples", ()) or ()
    one: Example | None = getattr(step, "example", None)
    return (*some, *([one] if one else []))


def _table(rows: list[tuple[str, Explained]], found: Explanation) -> str:
    body = ""
    if found.plain_rank is not None:
        body += _row(_("Plain search"), number(found.plain_rank), "", _("without stages"))
    before, stayed = None, 0
    for subject, one in rows:
        if one.effect == "stayed" and one.rank == before:
            stayed += 1  # what changes nothing is counted and not listed
            continue
        rank = "" if one.rank is None else number(one.rank)
        body += _row(subject, rank, _arrow(one), _effect(one, before))
        before = one.rank
    if stayed:
        said = ngettext("{count} other stage left it there", "{count} other stages left it there", stayed)
        body += _row(said.format(count=number(stayed)), "", "", "")
    head = "".join(f"<th scope=col>{safe(one)}</th>" for one in (_("Stage"), _("Place"), "", ""))
    return f'<table class="metadata places"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(subject: str, rank: str, arrow: str, effect: str) -> str:
    return f"<tr><th scope=row>{safe(subject)}</th><td>{rank}</td><td>{arrow}</td><td>{safe(effect)}</td></tr>"


def _arrow(one: Explained) -> str:
    return {"raised": '<span class="up">▲</span>', "lowered": '<span class="down">▼</span>'}.get(one.effect, "")


def _effect(one: Explained, before: int | None) -> str:
    if one.effect in ("raised", "lowered"):
        form = _("raised past {count}") if one.effect == "raised" else _("lowered below {count}")
        return form.format(count=number(abs(one.moved)))
    if one.effect == "stayed":
        gone = one.rank is not None and before is not None and one.rank < before
        return _("moves up: others were left out") if gone else _("stays")
    return {"passed": _("passes"), "found": _("found here"), "dropped": _("left out here")}.get(one.effect, "")
