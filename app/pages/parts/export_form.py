"""Export: any result set as a file to download, in a format of the registry with its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from app.language import _, language, ngettext, number, percent
from app.pages.parts.bound import bound
from app.pages.parts.download import download
from app.pages.parts.knob_form import knob_form
from app.who import may
from app.wording import markdown
from archive_search.exporting import EXPORTS, Outgoing
from archive_search.exports.parts.provenance import withheld
from archive_search.exports.parts.rows import RANKS, columns
from archive_search.knobs import from_data, knobs
from archive_search.metadata.wording import called
from archive_search.packing import Packed, pack
from archive_search.results import ResultSet
from archive_search.types import ArchiveSearchError
from archive_search.visible import visible

FIRST_OFFERED = "xlsx"
_CHOICE = "export chosen"
"""Kept for a session: what was chosen in the form."""
_MADE = "export made"
"""Kept while the form is open: the file that was made, and of what."""
_SET = "export of"
"""Kept while the form is open: what was found out about the set."""


@dataclass(frozen=True)
class Choice:
    """What is to be written: `first` hits (0: all) in a format, with settings by format; what stays and what leaves."""

    format: str = FIRST_OFFERED
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    first: int = 0
    only_open: bool = False
    sensitive: tuple[str, ...] = ()


def export_button(found: ResultSet | Callable[[], ResultSet], title: str = "", key: str = "export") -> None:
    """
    Draw a button that opens the form in which a set is exported.

    Args:
        found: the set, or what makes it once the form is opened.
        title: what the file is called, without its ending; '' is the question in words.
        key: the button's name on the page.
    """
    if st.button(_("Export"), icon=":material/download:", key=key, help=_("Write these records to a file")):
        export_dialog(found, title)


def export_dialog(found: ResultSet | Callable[[], ResultSet], title: str = "") -> None:
    """Open the form, in the run in which that was asked for. Arguments are those of `export_button`."""
    _forget()
    _choose(first=0, sensitive=())
    st.dialog(_("Export"), width="large", on_dismiss=_forget)(export_form)(found, title)


def _forget() -> None:
    for one in (_MADE, _SET):
        st.session_state.pop(one, None)


def _chosen() -> Choice:
    choice: Choice = st.session_state.get(_CHOICE) or Choice()
    return choice


def _choose(**changes: Any) -> None:
    st.session_state[_CHOICE] = replace(_chosen(), **changes)


def export_form(given: ResultSet | Callable[[], ResultSet], title: str = "") -> None:
    """Draw the form in which a set is exported; `export_button` opens it. Arguments are its."""
    try:
        kept: dict[Any, Any] = st.session_state.setdefault(_SET, {})
        whole: ResultSet = kept.setdefault("whole", None) or (given if isinstance(given, ResultSet) else given())
        kept["whole"] = whole
        _body(whole, kept, title or in_words(whole))
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")


def _body(whole: ResultSet, kept: dict[Any, Any], title: str) -> None:
    if not len(whole):
        st.write(_("There is nothing to export: no record was found."))
        return
    choice = _chosen()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        bound(
            st.selectbox,
            _("Format"),
            list(EXPORTS),
            key="export-format",
            value=choice.format,
            changed=lambda name: _choose(format=name),
            format_func=lambda name: f"{name} · {_(EXPORTS[name].summary)}",
        )
        if len(whole) > 1:
            bound(
                st.number_input,
                _("Records"),
                1,
                len(whole),
                key="export-first",
                value=choice.first or len(whole),
                changed=lambda count: _choose(first=0 if count == len(whole) else count),
                help=_("So many from the top."),
                width=140,
            )
    found = whole.first(choice.first) if choice.first else whole
    _what_stays(found, kept, choice)
    _settings(whole, kept, choice)
    _make(found, title, choice)


def _settings(whole: ResultSet, kept: dict[Any, Any], choice: Choice) -> None:
    kind: Any = EXPORTS[choice.format]
    if not knobs(kind):
        return
    names = kept.get("names")
    if names is None:
        fields = whole.holdings.fields
        called_so = {one.name: one.said(language()) for one in fields.values()}
        some = [one for one in columns(Outgoing(whole)) if one not in RANKS]
        names = kept["names"] = {one: called_so.get(one, one) for one in some}

    def changed(name: str, value: Any) -> None:
        # of the format whose form this is: a widget that goes because another format was chosen may tell of itself then
        there = {**settings_of(choice), **_chosen().settings.get(choice.format, {}), name: value}
        _choose(settings={**_chosen().settings, choice.format: there})

    with st.expander(_("Settings of {format}").format(format=choice.format), icon=":material/tune:"):
        knob_form(from_data(kind, dict(settings_of(choice)), choice.format), f"export.{choice.format}", changed, names)


def settings_of(choice: Choice) -> Mapping[str, Any]:
    """The settings of the chosen format, in the language of the page until somebody chooses another."""
    kind: Any = EXPORTS[choice.format]
    speaks = {"language": language()} if any(one.name == "language" for one in dataclasses.fields(kind)) else {}
    return {**speaks, **choice.settings.get(choice.format, {})}


# ------------------------------------------------------------------ what stays


def _what_stays(found: ResultSet, kept: dict[Any, Any], choice: Choice) -> None:
    key = (choice.first, choice.only_open, choice.sensitive)
    if key not in kept:
        outgoing = Outgoing(found, choice.only_open, frozenset(choice.sensitive))
        kept[key] = (outgoing.left_out, withheld(outgoing))
    left_out, named = kept[key]
    bound(
        st.toggle,
        _("Only what is openly licensed"),
        key="export-only-open",
        value=choice.only_open,
        changed=lambda on: _choose(only_open=on),
        help=_(
            "CC0, public domain, CC BY and CC BY-SA: what anybody may pass on. Records without such a licence stay."
        ),
    )
    leaving = len(found) - sum(left_out.values())
    said = [ngettext("**{count} record** leaves.", "**{count} records** leave.", leaving).format(count=number(leaving))]
    if count := left_out.get("sensitive", 0):
        said.append(
            ngettext(
                "{count} stays because it is sensitive.", "{count} stay because they are sensitive.", count
            ).format(count=number(count))
        )
    if count := left_out.get("licence", 0):
        said.append(
            ngettext("{count} stays because of its licence.", "{count} stay because of their licences.", count).format(
                count=number(count)
            )
        )
    st.markdown(" ".join(said))
    if (left_out.get("sensitive") or choice.sensitive) and may("editor"):
        _sensitive(found, kept, choice)
    if named:
        st.warning(
            _(
                "The file can never be repeated: the question names a sensitive record that stays ({records}). Let it "
                "leave where that is right."
            ).format(records=markdown(", ".join(named))),
            icon=":material/warning:",
        )


def _sensitive(found: ResultSet, kept: dict[Any, Any], choice: Choice) -> None:
    if "sensitive" not in kept:
        staying = {one for one, why in Outgoing(found).kept.items() if why == "sensitive"}
        kept["sensitive"] = {hit.id: called(hit) for hit in found if hit.id in staying}
    titles: Mapping[str, str] = kept["sensitive"]
    bound(
        st.multiselect,
        _("Sensitive records that may leave all the same"),
        [*titles, *(one for one in choice.sensitive if one not in titles)],
        key="export-sensitive",
        value=list(choice.sensitive),
        changed=lambda some: _choose(sensitive=tuple(some)),
        format_func=lambda one: visible(titles.get(one, one)),
        placeholder=_("None: all of them stay"),
    )


# ------------------------------------------------------------------ the file


def _make(found: ResultSet, title: str, choice: Choice) -> None:
    made: tuple[Choice, Packed] | None = st.session_state.get(_MADE)
    if st.button(_("Make the file"), type="primary", key="export-make"):
        made = None
        st.session_state.pop(_MADE, None)
        if packed := _packed(found, title, choice):
            made = st.session_state[_MADE] = (choice, packed)
    if made and made[0] == choice:
        _offer(made[1])


def _packed(found: ResultSet, title: str, choice: Choice) -> Packed | None:
    if next(iter(Outgoing(found, choice.only_open, frozenset(choice.sensitive))), None) is None:
        st.error(_("No file is made: no record may leave."), icon=":material/error:")
        return None
    bar = st.progress(0.0, _("Writing {format}").format(format=choice.format))
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        share = done / total
        if share >= told + 0.01 or done == total:  # the browser need not hear of every record
            told = share
            said = _("{done} of {total} records").format(done=number(done), total=number(total))
            bar.progress(share, f"{said} · {percent(share)}")

    try:
        return pack(
            found,
            title,
            choice.format,
            settings=settings_of(choice),
            only_open=choice.only_open,
            sensitive=[one for one in choice.sensitive if one in found.ranks and may("editor")],
            progress=progress,
        )
    except ArchiveSearchError as error:
        st.error(markdown(error), icon=":material/error:")
        return None
    finally:
        bar.empty()


def _offer(packed: Packed) -> None:
    count = packed.told.records
    said = ngettext("{count} record is in it.", "{count} records are in it.", count).format(count=number(count))
    st.success(f"{markdown(packed.name)} · {_size(len(packed.data))} · {said}", icon=":material/check:")
    for remark in packed.told.remarks:
        st.info(markdown(remark), icon=":material/info:")
    label = _("Download {file}").format(file=markdown(packed.name))
    download(label, packed.data, packed.name, key="export-download")
    st.caption(
        _(
            "How these records were found is in the file: dropped on the page Collections, under Repeat an export, it "
            "is searched again and compared."
        )
    )


def _size(size: float) -> str:
    """A size in bytes, as people write it: 820 B, 1.2 MB."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{number(round(size, 1))} {unit}"
        size /= 1000
    return f"{number(round(size, 1))} GB"


def in_words(found: ResultSet) -> str:
    """What a file of this set is called: what was asked for, else the archive."""
    texts = [one.value for one in found.plan.query.examples if one.kind == "text" and one.weight > 0]
    return " ".join(texts) or found.provenance.archive or "records"
