"""The page before the pages of a shared archive: who runs it, what is kept, and the way in."""

from __future__ import annotations

import streamlit as st

from app.language import _
from app.sharing import Role, shared
from app.who import role, who
from app.wording import markdown


def admitted(archive: str) -> bool:
    """Whether who comes may look; if not, draw why and the way in."""
    sharing = shared()
    if sharing is None or role() is not None:
        return True
    with st.container(width=640, key="login"):
        st.title(markdown(archive), anchor=False)
        if st.user.get("is_logged_in"):
            address = str(st.user.get("email") or "")
            if st.user.get("email_verified") is False:
                said = _("Your provider has not confirmed that {address} is yours, so it does not let you in.")
            else:
                said = _("{address} is not among the people who may use this archive.")
            st.warning(said.format(address=markdown(address or _("Your login"))), icon=":material/lock:")
            st.write(_("It is run by {whom}: ask there.").format(whom=markdown(sharing.share.run_by)))
            log_out_button()
            return False
        st.write(_("It is run by {whom}.").format(whom=markdown(sharing.share.run_by)))
        st.button(_("Log in"), icon=":material/login:", type="primary", key="log-in", on_click=st.login)
        st.caption(
            _(
                "What is kept of you: your e-mail address, beside what you write here (judgements, collections, saved "
                "searches); your searches, if you ask for it; pictures that you search with, under no name, for 180 "
                "days. A cookie keeps you logged in for 30 days, another the language that you chose."
            )
        )
    return False


def refuse(wanted: Role) -> None:
    """Draw that a page is for others."""
    said = (
        _("This page is for those who may judge.") if wanted == "judge" else _("This page is for those who may edit.")
    )
    st.info(said, icon=":material/lock:")
    if (sharing := shared()) is not None:
        st.write(_("It is run by {whom}: ask there.").format(whom=markdown(sharing.share.run_by)))


def way_out() -> None:
    """Draw who has logged in, and the way out; nothing where nobody has to."""
    if shared() is not None:
        st.caption(markdown(who()), width="content")
        log_out_button()


def log_out_button() -> None:
    """Draw the way out."""
    st.button(_("Log out"), type="tertiary", key="log-out", on_click=st.logout)
