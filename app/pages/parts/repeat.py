"""An earlier export dropped on the page: its search once more, what is the same, and what is another."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app.language import _, ngettext, number
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.file_names import SafeNames
from archive_search.provenance import Provenance
from archive_search.rerun import Place, Rerun, day_of, rerun
from archive_search.types import ArchiveSearchError
from archive_search.visible import visible

LARGEST_MB = 200
SHOWN = 500
"""So many records of a kind are listed."""
BESIDE = ".provenance.json"
_DONE = "repeated"
"""Kept for a session: what was repeated last."""


def repeat(archive: Archive) -> None:
    """Draw where an export is dropped, and what its search finds now."""
    st.title(_("Repeat an export"), anchor=False)
    st.write(
        _(
            "Every file that was exported tells how its records were found. Drop one here: its search is run again, "
            "and what it finds is compared. Nothing is written."
        )
    )
    files = st.file_uploader(
        _("An exported file; of a table also the file that lies beside it, {ending}").format(ending=BESIDE),
        accept_multiple_files=True,
        key="repeat-files",
        max_upload_size=LARGEST_MB,
    )
    at = _generation(archive)
    if not files:
        st.session_state.pop(_DONE, None)
        return
    asked = (tuple((one.file_id, one.name) for one in files), at, archive.generation)
    done: tuple[Any, Rerun | str] | None = st.session_state.get(_DONE)
    if done is None or done[0] != asked:
        with st.spinner(_("The search is run again …")):
            done = st.session_state[_DONE] = (asked, _again(archive, files, at))
    if isinstance(done[1], str):
        st.error(markdown(done[1]), icon=":material/error:")
    else:
        _compared(done[1], at)


def _generation(archive: Archive) -> str:
    """The state of the archive that is searched; '' for the published one."""
    older = [one for one in archive.index.generations() if one != archive.generation]
    if not older:
        return ""
    chosen: str = st.selectbox(
        _("Search the archive as it is, or as it was"),
        ["", *older],
        key="repeat-at",
        format_func=lambda one: one or _("As it is now ({generation})").format(generation=archive.generation or ""),
        width=360,
    )
    return chosen


def _again(archive: Archive, files: Sequence[Any], at: str) -> Rerun | str:
    """The search of the first file once more; others lie beside it. Where that cannot be, why."""
    with tempfile.TemporaryDirectory(prefix="archive-search-") as folder:
        name = SafeNames()
        places = []
        for one in files:
            first, dot, ending = one.name.partition(".")
            places.append(Path(folder) / name(first, f".{ending}" if dot and len(ending) < 30 else ""))
            places[-1].write_bytes(one.getvalue())
        main = next((one for one in places if not one.name.endswith(BESIDE)), places[0])
        try:
            return rerun(archive, main, at)
        except ArchiveSearchError as error:
            return str(error).replace(f"{folder}/", "")


# ------------------------------------------------------------------ what is another


def _compared(found: Rerun, at: str) -> None:
    if found.elsewhere:
        st.warning(
            _(
                "This is another archive than the one in which the set was found: what is only here, or only there, "
                "need not have changed."
            ),
            icon=":material/info:",
        )
    day = day_of(found.time)
    if found.same:
        form = ngettext(
            "**The same.** The {count} record of {day} is found again.",
            "**The same.** The {count} records of {day} are found again, in the same order.",
            found.after,
        )
        said = form.format(count=number(found.after), day=day)
        scores = _("The scores are the same, too.") if found.same_scores else _("Only the scores differ a little.")
        st.success(f"{said} {scores}", icon=":material/check:")
    else:
        st.info(" ".join(_sentences(found, day)), icon=":material/compare_arrows:")
        _table(found)
    _provenances(found)
    earlier = next((one.before for one in found.causes if one.what == "generation"), "")
    if earlier in found.generations and not at:
        st.caption(
            _("The archive as it was then, {generation}, is still there: choose it above to search that.").format(
                generation=markdown(earlier)
            )
        )


def _sentences(found: Rerun, day: str) -> list[str]:
    then = ngettext("{count} record was found on {day}", "{count} records were found on {day}", found.before)
    now = ngettext("{count} is found now.", "{count} are found now.", found.after)
    said = [f"{then.format(count=number(found.before), day=day)}, {now.format(count=number(found.after))}"]
    kinds = [
        (found.new, _("{count} new")),
        (found.gone, _("{count} gone")),
        (found.moved, _("{count} moved")),
    ]
    told = [form.format(count=f"**{number(len(some))}**") for some, form in kinds]
    said.append(", ".join(told) + ".")
    said.append(
        _("The two orders overlap by {overlap}, where 1 is the same and 0 nothing in common.").format(
            overlap=number(round(found.overlap, 3))
        )
    )
    return said


def _table(found: Rerun) -> None:
    rows = []
    for kind, some in ((_("new"), found.new), (_("gone"), found.gone), (_("moved"), found.moved)):
        rows += [_row(kind, one) for one in some[:SHOWN]]
    st.dataframe(rows, hide_index=True, placeholder="")
    if any(len(some) > SHOWN for some in (found.new, found.gone, found.moved)):
        st.caption(_("The first {count} of each kind are listed.").format(count=number(SHOWN)))


def _row(kind: str, one: Place) -> dict[str, Any]:
    return {
        _("What"): kind,
        _("Record"): visible(one.id),
        _("Place then"): one.before,
        _("Place now"): one.after,
        _("Why"): visible(one.why),
    }


def _provenances(found: Rerun) -> None:
    """How both were made, side by side; what differs first."""
    then, now = (_told(one) for one in (found.provenance_then, found.provenance_now))
    of_itself = (_("Time"), _("Who"))  # another at every search
    names = sorted({**then, **now}, key=lambda name: then.get(name) == now.get(name) or name in of_itself)
    rows = [
        {
            "": "≠" if then.get(name) != now.get(name) and name not in of_itself else "",
            _("What"): name,
            _("Then"): visible(then.get(name, "")),
            _("Now"): visible(now.get(name, "")),
        }
        for name in names
    ]
    with st.expander(_("How both were made"), icon=":material/fact_check:", expanded=not found.same):
        st.dataframe(rows, hide_index=True)


def _told(one: Provenance) -> dict[str, str]:
    known = {
        _("Archive"): one.archive,
        _("Generation"): one.generation,
        _("Records in it"): str(one.records),
        _("Searched in"): one.space,
        _("Model"): one.embedder,
        _("Weights (SHA-256)"): one.weights,
        _("Adapter (SHA-256)"): one.adapter,
        _("Time"): one.time,
        _("Who"): one.who,
        "archive-search": one.program,
        _("Store"): one.store,
        **one.versions,
    }
    return {name: value for name, value in known.items() if value}
