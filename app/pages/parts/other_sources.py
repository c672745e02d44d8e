"""Taking up what comes from elsewhere than a folder: a form for any source, drawn from its settings."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, cast

import streamlit as st

from app.language import _, language, number
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.knobs import Knob, from_data, knobs
from archive_search.types import ArchiveSearchError
from ingest.preview import preview, shown
from ingest.request import Request
from ingest.source import AnySource, Rejected, summary_of
from ingest.sources import SOURCES

_BESIDE = 3
"""Settings beside each other."""
_SHOWN = 10
_ENOUGH = 50
"""Records and rejections that are looked at for so many records to show."""


def other_sources(
    archive: Archive,
    models: Callable[[Archive, str], tuple[tuple[str, ...], bool]],
    begin: Callable[[Archive, Request], None],
) -> None:
    """
    Draw the form of every source but the folder.

    Args:
        models: draws what is chosen of the models, under keys that begin so: their names, and whether tiles are made.
        begin: begins an ingest.
    """
    names = [name for name in SOURCES if name != "folder"]
    if not names:
        return
    with st.expander(_("Take up from a list, a file or a service"), icon=":material/cloud_download:"):
        name = st.selectbox(_("Where from"), names, key="source", format_func=lambda one: f"{one} · {_summary(one)}")
        settings = _settings(name)
        chosen, tiles = models(archive, f"source-{name}")
        missing = [label for label, value in _required(name, settings) if not value]
        first = st.number_input(
            _("Only the first"), 0, value=0, key="source-limit", width=180, help=_("So many records; 0: all.")
        )
        request = Request(name, settings, chosen, tiles, options={"limit": first} if first else {})
        with st.container(horizontal=True):
            st.button(
                _("Take up"),
                type="primary",
                key="take-up-source",
                disabled=bool(missing) or not chosen,
                on_click=begin,
                args=(archive, request),
            )
            look = st.button(
                _("Show what would come"),
                key="show-source",
                disabled=bool(missing),
                help=_("The first records, field by field. Nothing is written, and no picture is fetched."),
            )
        if look:
            _show(archive, request)


def _summary(name: str) -> str:
    """What a source is, in the language of the page."""
    return _(summary_of(SOURCES[name])).rstrip(".")


def _fields(name: str) -> list[dataclasses.Field[Any]]:
    return list(dataclasses.fields(cast(Any, SOURCES[name])))


def _required(name: str, settings: dict[str, Any]) -> list[tuple[str, Any]]:
    """The settings without a default: their labels, and what was typed."""
    return [(one.name, settings.get(one.name)) for one in _fields(name) if one.default is dataclasses.MISSING]


def _settings(name: str) -> dict[str, Any]:
    """Draw the settings, those that many sources share folded away; what was chosen and is not the default."""
    hints = typing.get_type_hints(SOURCES[name])
    found: dict[str, Any] = {}
    every = _fields(name)
    shared = [one for one in every if one.kw_only is True]
    needed = [one for one in every if one.default is dataclasses.MISSING]
    for one in needed:
        _widget(name, one, hints[one.name], found)
    own = [one for one in every if one not in shared and one not in needed]
    for place, one in enumerate(own):
        if place % _BESIDE == 0:
            row = st.columns(_BESIDE)
        with row[place % _BESIDE]:
            _widget(name, one, hints[one.name], found)
    if shared:
        with st.popover(_("How it is asked"), icon=":material/tune:"):
            for one in shared:
                _widget(name, one, hints[one.name], found)
    return found


def _widget(name: str, field: dataclasses.Field[Any], hint: Any, found: dict[str, Any]) -> None:
    knob: Knob = field.metadata.get("knob", Knob(field.name))
    default = None if field.default is dataclasses.MISSING else field.default
    label, value = _(knob.label), cast(Any, None)
    told: dict[str, Any] = {"key": f"source-{name}-{field.name}", "help": _(knob.help) if knob.help else None}
    if typing.get_origin(hint) is typing.Literal:
        options = typing.get_args(hint)
        value = st.selectbox(label, options, index=options.index(default) if default in options else 0, **told)
    elif hint is bool:
        value = st.toggle(label, value=bool(default), **told)
    elif hint in (int, float):
        low, high = (None if end is None else hint(end) for end in (knob.low, knob.high))
        value = st.number_input(label, low, high, value=default, **told)
    elif typing.get_origin(hint) is tuple:
        lines = st.text_area(label, value="\n".join(default or ()), height=68, **told)
        value = [line.strip() for line in lines.splitlines() if line.strip()]
        default = list(default or ())
    else:
        value = st.text_input(label, value=str(default or ""), **told).strip()
        default = str(default or "")
        if value and Path in (hint, *typing.get_args(hint)):
            value = str(Path(value).expanduser())
    if value != default:
        found[field.name] = value


def _with_labels(error: ArchiveSearchError, name: str) -> str:
    """What an error says, and what the settings that it speaks of are called in the form."""
    there = knobs(SOURCES[name])
    labels = ", ".join(_(there[one][0].label) for one in error.settings if one in there)
    return f"{error} ({labels})" if labels else str(error)


def _show(archive: Archive, request: Request) -> None:
    """Draw a table of the first records that would come, and why others would not."""
    try:
        with st.spinner(_("Asking …")):
            source: AnySource = from_data(SOURCES[request.source], dict(request.settings), request.source)
            found = list(islice(preview(source, _SHOWN, archive.settings), _ENOUGH))
    except ArchiveSearchError as error:
        st.error(markdown(_with_labels(error, request.source)), icon=":material/error:")
        return
    import pandas as pd

    records = [one for one in found if not isinstance(one, Rejected)]
    st.caption(_("The first {count}; nothing was written.").format(count=number(len(records))))
    rows = [{"id": one.id, **shown(one, archive.fields, language()), "image": one.image} for one in records]
    st.dataframe(pd.DataFrame(rows).fillna("").astype(str), hide_index=True)
    for one in found:
        if isinstance(one, Rejected):
            st.caption(markdown(f"{one.id}: {one.reason}"))
