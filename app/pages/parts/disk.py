"""How much of the disk the archive takes, and where it lies."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.language import N_, _, ngettext, number
from app.pages.parts.shares import shares
from app.wording import markdown
from archive_search.archive import Archive
from archive_search.disk import Use, disk_use
from archive_search.models.checkpoints import size_label

PARTS = {
    "index": N_("Vectors and metadata"),
    "thumbnails": N_("Thumbnails"),
    "pictures": N_("Pictures fetched from links"),
    "harvest": N_("What services gave"),
    "maps": N_("Maps"),
    "queries": N_("Pictures brought as queries"),
    "banks": N_("Phrases to compare with"),
    "adapters": N_("Adapted models"),
    "ledger": N_("Ledger of what was taken up"),
    "workspace": N_("Collections, notes, judgements"),
    "settings": N_("Settings"),
    "other": N_("Other files"),
}


def disk(archive: Archive) -> None:
    """Draw what each part takes."""
    st.subheader(_("Disk"), anchor=False)
    used = _used(str(archive.directory), archive.generation)
    whole = sum(one.bytes for one in used.values())
    files = sum(one.files for one in used.values())
    told = ngettext("{size} in {count} file, in {folder}", "{size} in {count} files, in {folder}", files)
    st.caption(told.format(size=size_label(whole), count=number(files), folder=markdown(archive.directory)))
    shares([(_(PARTS[part]), one.bytes) for part, one in used.items()], whole, _("Disk used by part"), size_label)


@st.cache_data(ttl=60, show_spinner=False)
def _used(directory: str, generation: str | None) -> dict[str, Use]:
    return disk_use(Path(directory))
