"""The form for any dataclass with knobs."""

from __future__ import annotations

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from archive_search.knobs import knobs
from archive_search.ranking import STEPS
from archive_search.strategies import STRATEGIES
from archive_search.types import Example


def drawn(kind: type, **fields: object) -> AppTest:
    """The form of one plug-in, headless."""

    def script(plugin: object) -> None:
        import streamlit as st

        from app.pages.parts.knob_form import knob_form

        knob_form(plugin, "form", lambda name, value: st.session_state.update(changed=(name, value)))

    at = AppTest.from_function(script, args=(kind(**fields),)).run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("name", [*STRATEGIES, *STEPS])
def test_every_plugin(name: str) -> None:
    """Every strategy and step draws one widget per simple setting, holding its default."""
    kind = STRATEGIES[name] if name in STRATEGIES else STEPS[name]
    needed = [f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING]
    if needed and needed != ["example"]:
        pytest.skip(f"{name} cannot be made without {needed}")
    at = drawn(kind, **{field: Example("text", "x") for field in needed})
    for field, (_, value) in knobs(kind).items():
        if isinstance(value, bool | int | float | str):
            assert at.session_state[f"form.{field}"] == value


def test_change_is_told() -> None:
    """A person's change is handed on with the field's name."""
    at = drawn(STRATEGIES["staged"])
    at.slider(key="form.width").set_value(0.25).run()
    assert at.session_state["changed"] == ("width", 0.25)
    at.number_input(key="form.at_least").set_value(50).run()
    assert at.session_state["changed"] == ("at_least", 50)
