"""Archive: what is in it, taking up pictures, what was rejected or not understood, the models, the disk."""

from __future__ import annotations

import streamlit as st

from app import opened
from app.language import N_
from app.page import Page
from app.pages.parts.disk import disk
from app.pages.parts.holdings import holdings
from app.pages.parts.models import models
from app.pages.parts.rejected import rejected
from app.pages.parts.taking_up import taking_up
from app.pages.parts.unread import unread
from app.wording import markdown
from ingest.status import progressed


def page() -> None:
    """Draw the state of the archive."""
    archive = opened.archive()
    work = progressed(archive)
    st.title(markdown(archive.settings.name), anchor=False)
    holdings(archive, work)
    taking_up(archive, work)
    rejected(archive, work)
    unread(archive)
    models(archive)
    disk(archive)


PAGES = {"archive": Page(N_("Archive"), ":material/inventory_2:", 8)}

if __name__ == "__main__":
    page()
