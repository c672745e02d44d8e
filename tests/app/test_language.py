"""The language of the pages: chosen in the browser, kept by it, numbers as they are written in it."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from app.language import number, percent, speaking


def test_numbers_are_written_as_in_the_language() -> None:
    """A thousand has a comma in English and a full stop in Danish."""
    with speaking("en"):
        assert (number(1204), percent(0.12)) == ("1,204", "12%")
    with speaking("da"):
        assert (number(1204), percent(0.12)) == ("1.204", "12\N{NO-BREAK SPACE}%")


def test_the_switch_names_the_other_language(open_app: Callable[..., AppTest]) -> None:
    """The switch offers the language that the page is not in, by its own name, and turns the page into it."""
    at = open_app()
    at.button(key="language-da").click().run()
    assert not at.exception
    assert at.button(key="language-en").label == "English"
