"""
The language of the pages: every text that people read there, in English or Danish.

    from app.language import _, ngettext, number

    _("Nothing is left")
    _("Drop {what}").format(what=field)
    ngettext("{count} picture", "{count} pictures", found).format(count=number(found))

A text is written in English where it is used; what it is in another language stands in `app/locale/LANGUAGE.po` (GNU
gettext). `python -m app.catalogues` brings these files up to date with the code; a new text has no translation until
somebody writes one. A text that is known before a page is drawn is marked with `N_` and translated where it is shown.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from app.cookies import cookie, keep_cookie
from archive_search.remark import Remark

LANGUAGES = {"en": "English", "da": "Dansk"}
"""The languages of the pages, each by its own name; the first is that of the code."""
CATALOGUES = Path(__file__).parent / "locale"
_COOKIE = "archive-search-language"
_spoken: ContextVar[str] = ContextVar("_spoken", default="")


def language() -> str:
    """The language of the page that is drawn: the one chosen in this browser, else the first of it that we have."""
    if spoken := _spoken.get():
        return spoken
    chosen = cookie(_COOKIE)
    wanted = chosen if chosen in LANGUAGES else (st.context.locale or "").partition("-")[0].lower()
    return wanted if wanted in LANGUAGES else next(iter(LANGUAGES))


def speak() -> None:
    """Settle the language for a run of the page, which asks for it hundreds of times; done first in every run."""
    _spoken.set("")
    _spoken.set(language())


def choose_language(wanted: str) -> None:
    """Show the pages in this language from now on, in this browser."""
    keep_cookie(_COOKIE, wanted)


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Within it, texts are in this language, whatever the browser says."""
    token = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(token)


def _(text: str) -> str:
    """The text in the language of the page."""
    return _translations(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text for so many things, in the language of the page."""
    return _translations(language()).ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - its name in gettext
    """Mark a text to be translated later, where it is shown."""
    return text


def remarked(remark: str) -> str:
    """What the library remarks on a search, in the language of the page."""
    if not isinstance(remark, Remark):
        return _(remark)
    return _(remark.form).format(**{name: _value(value) for name, value in remark.values.items()})


def _value(value: Any) -> str:
    if isinstance(value, int):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return remarked(value) if isinstance(value, Remark) else str(value)


def number(value: float) -> str:
    """A number as it is written in the language of the page: 1,204 or 1.204."""
    return _written(value, language())


def decimal(value: float, places: int, signed: bool = False) -> str:
    """A number with so many places, as it is written in the language of the page: 0.477 or 0,477."""
    digits = f"0.{'0' * places}"
    return _written(value, language(), f"+{digits};-{digits}" if signed else digits)


def percent(share: float) -> str:
    """A share as it is written in the language of the page: 12% or 12 %."""
    return format_percent(share, locale=language())


@functools.lru_cache(maxsize=10_000)  # a page has a thousand of them, the same ones at each run
def _written(value: float, locale: str, pattern: str | None = None) -> str:
    return format_decimal(value, format=pattern, locale=locale)


@functools.cache
def _translations(wanted: str) -> NullTranslations:
    file = CATALOGUES / f"{wanted}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=wanted))
    compiled.seek(0)
    return GNUTranslations(compiled)
