"""The models that can see pictures: which can be used now, and how the weights of the others are fetched."""

from __future__ import annotations

import streamlit as st

from app.language import N_, _, ngettext, number
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.models import checkpoints
from archive_search.types import EmbedderInfo

READS = {"text": N_("texts"), "image": N_("pictures"), "video": N_("films"), "audio": N_("recordings")}


def models(archive: Archive) -> None:
    """Draw a line for each, those of this archive first, then those that can be used."""
    st.subheader(_("Models"), anchor=False)
    known = [one for one in EMBEDDERS.values() if not one.auxiliary]
    missing = {one.name: one.missing() for one in known}
    mine = archive.settings.embedders
    for one in sorted(known, key=lambda one: (one.name not in mine, bool(missing[one.name]), one.name)):
        _model(one, missing[one.name], one.name in mine)


def _model(info: EmbedderInfo, missing: str, mine: bool) -> None:
    badge = f":green-badge[:material/check: {_('ready')}]" if not missing else f":orange-badge[{_('weights missing')}]"
    used = f" :blue-badge[{_('used here')}]" if mine else ""
    with st.expander(f"**{markdown(info.name)}** {badge}{used}", key=f"model-{info.name}"):
        st.write(markdown(info.summary))
        dimensions = ngettext("{count} dimension", "{count} dimensions", info.dim).format(count=number(info.dim))
        reads = ", ".join(_(said) for one, said in READS.items() if one in info.modalities)
        st.caption(
            _("Reads {what} · {dimensions} · licence: {licence}").format(
                what=reads, dimensions=dimensions, licence=markdown(info.licence)
            )
        )
        if missing:
            _fetch(info, missing)


def _fetch(info: EmbedderInfo, missing: str) -> None:
    checkpoint = checkpoints.KNOWN.get(info.name)
    if checkpoint is None:
        st.write(markdown(missing))
        return
    st.write(
        _("Fetch its weights ({size}) with this command, on the machine where the archive lies:").format(
            size=checkpoint.size_label
        )
    )
    st.code(f"archive-search models fetch {info.name}", language=None)
    st.caption(markdown(missing))
