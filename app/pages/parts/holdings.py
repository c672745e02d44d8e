"""What an archive holds: records, objects, dates, licences, and how far each field is filled."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.language import _, decimal, language, ngettext, number, percent
from app.pages.parts.shares import shares
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.contents import Contents
from archive_search.embedders import auxiliary_embedders
from archive_search.evaluation.recall import read_recall
from archive_search.metadata.licences import is_open
from archive_search.metadata.table import Fields
from archive_search.stores.precision import FLOAT32
from ingest.status import Progressed

LICENCES = 12
"""So many are listed, the most frequent."""
_OF_THE_PROGRAM = ("colours", "dated_by", "date_to")
"""Fields that no museum fills: the program measures them, or they go with another."""


def holdings(archive: Archive, work: Progressed) -> None:
    """Draw what the published generation holds."""
    if work.remark:
        st.warning(markdown(work.remark), icon=":material/warning:")
    if work.generation is None:
        st.write(_("This archive holds no pictures yet. Take up a folder of them below."))
        return
    with st.spinner(_("Counting the records …")):
        found = opened.contents(archive)
    if not found.records:
        st.write(_("This archive holds no pictures yet. Take up a folder of them below."))
        return
    _numbers(found)
    filled, rights = st.columns([3, 2], gap="large")
    with filled:
        st.subheader(_("Fields filled"), anchor=False)
        _filled(found, archive.fields)
    with rights:
        st.subheader(_("Licences"), anchor=False)
        _licences(found)
        st.subheader(_("Searched by"), anchor=False)
        _spaces(archive, found.records)


def _numbers(found: Contents) -> None:
    free = sum(count for licence, count in found.licences.items() if is_open(licence))
    with st.container(horizontal=True, gap="large", key="numbers"):
        st.metric(_("Pictures"), number(found.records), width="content")
        st.metric(_("Objects"), number(found.objects), width="content")
        st.metric(_("Dated"), _share(found.dated, found.records), width="content")
        st.metric(
            _("Free to pass on"),
            _share(free, found.records),
            width="content",
            help=_("Licences that let anybody use a picture for any purpose: CC0, public domain, CC BY, CC BY-SA."),
        )
        st.metric(
            _("The same file twice"),
            number(found.repeated),
            width="content",
            help=_("Pictures whose file another record before them has as well, to the last byte."),
        )


def _share(part: int, whole: int) -> str:
    return percent(part / whole)


def _filled(found: Contents, fields: Fields) -> None:
    known = [(one.said(language()), found.filled[key]) for key, one in fields.items() if _told(key, found)]
    shares(known, found.records, _("Records that say something in each field"))
    empty = [one.said(language()) for key, one in fields.items() if key not in found.filled]
    if empty:
        with st.expander(
            ngettext("{count} field is empty", "{count} fields are empty", len(empty)).format(count=number(len(empty)))
        ):
            st.write(markdown(", ".join(empty)))


def _told(key: str, found: Contents) -> bool:
    return key in found.filled and key not in _OF_THE_PROGRAM


def _licences(found: Contents) -> None:
    rows = [(licence or _("none said"), count) for licence, count in found.licences.items()]
    shares(rows[:LICENCES], found.records, _("Records under each licence"))
    if len(rows) > LICENCES:
        more = len(rows) - LICENCES
        st.caption(ngettext("and {count} other", "and {count} others", more).format(count=number(more)))


def _spaces(archive: Archive, records: int) -> None:
    """The spaces, in the words of those who search."""
    beside = auxiliary_embedders()
    for name, space in opened.spaces(archive).items():
        seen = records - space.without
        pictures = ngettext("{count} picture", "{count} pictures", seen).format(count=number(seen))
        if space.tiles is not None:
            parts = ngettext("{count} part of {pictures}", "{count} parts of {pictures}", space.tiles)
            said = parts.format(count=number(space.tiles), pictures=pictures)
        else:
            said = (_("{pictures}, by their colours") if name in beside else _("{pictures}, each as a whole")).format(
                pictures=pictures
            )
        said += _("; used where no other is chosen") if space.default else ""
        st.markdown(f"**{markdown(name)}** · {said}")
    st.caption(_searched(archive))


def _searched(archive: Archive) -> str:
    """How the index is searched, and what of the truly nearest that finds where it was measured."""
    if archive.store.precision == FLOAT32.name:
        return _("Every search compares all of them.")
    said = _("There are many: a search looks at shortened copies ({precision}) and compares the best again.")
    said = said.format(precision=archive.store.precision)
    recall = read_recall(archive)
    if recall is None or recall.precision != archive.store.precision:
        return said
    share = f"{decimal(100 * recall.least, 1)} %"
    found = _("Of the truly nearest it finds {share}, as measured on {date}.").format(
        share=share, date=recall.time[:10]
    )
    return f"{said} {markdown(found)}"
