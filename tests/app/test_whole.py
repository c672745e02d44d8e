"""What is clicked while the click before it is taken up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from app.pages.parts import blind
from tests.app.browsing import PATIENCE_MS, drawn
from tests.app.browsing import told as in_address

SLOW = """
import sys, time
from pathlib import Path
from streamlit.runtime.state.session_state import SessionState
from app.server import serve
from app.testing import register_hash_embedder

take = SessionState.set_widgets_from_proto
def slowly(*told):
    take(*told)
    time.sleep(0.3)
SessionState.set_widgets_from_proto = slowly
register_hash_embedder()
serve(Path(sys.argv[1]), int(sys.argv[2]), open_browser=False)
"""
"""A server that takes its time over every click, as one that has much to do."""


def click(states: WidgetStates) -> None:
    """Let the browser send another click, with what all widgets hold after it; its address is still the one before."""
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    context.script_requests.request_rerun(
        RerunData(query_string=context.query_string, widget_states=states, page_script_hash=context.page_script_hash)
    )


def test_a_mark_is_kept_while_the_next_one_comes(
    open_app: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pictures are marked, the second while the first mark is being taken up: both marks are in the address."""
    at = open_app()
    at.switch_page("pages/compare.py")
    at.query_params.update({"q": "axe", "blind": "7"})
    at.run()
    first, second = (at.button_group(key=f"mark-7-{place}") for place in (0, 1))
    first.set_value("1")
    second.set_value("0")
    after_both = at._tree.get_widget_states()
    second.set_value(None)
    tell = blind.tell
    told: list[Any] = []

    def interrupted(*args: Any, **own: Any) -> None:
        if not told:
            click(after_both)
        told.append(own)
        tell(*args, **own)

    monkeypatch.setattr(blind, "tell", interrupted)
    at.run()
    assert not at.exception
    assert told == [{"marks": ["1---------"]}, {"marks": ["10--------"]}]
    assert at.query_params["marks"] == "10--------"


def test_a_button_counts_when_another_click_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A button is clicked, and another before anything was done about the first: both clicks count."""

    def script() -> None:
        import streamlit as st

        from app.whole import take_up_whole

        take_up_whole()

        def count(name: str) -> None:
            st.session_state[name] = st.session_state.get(name, 0) + 1

        st.button("one", on_click=count, args=("counted one",))
        st.button("two", on_click=count, args=("counted two",))

    at = AppTest.from_function(script).run()
    at.button[1].click()
    second = at._tree.get_widget_states()
    at.button[1].set_value(False)
    at.button[0].click()
    reset = ScriptRunContext.reset
    begun: list[bool] = []

    def interrupted(context: ScriptRunContext, *args: Any, **options: Any) -> None:
        reset(context, *args, **options)
        if not begun:
            begun.append(True)
            click(second)

    monkeypatch.setattr(ScriptRunContext, "reset", interrupted)
    at.run()
    assert begun
    assert (at.session_state["counted one"], at.session_state["counted two"]) == (1, 1)


@pytest.mark.browser
def test_quick_clicks_are_all_taken_up(browser: Browser, starting: Callable[..., str], museum: Path) -> None:
    """Pictures are marked faster than a busy server takes the marks up: each of them counts."""
    context = browser.new_context(base_url=starting("-c", SLOW, str(museum)))
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    page.goto("/compare?q=axe&blind=7")
    drawn(page)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    marks = page.get_by_role("radio", name="fits", exact=True)
    for place in range(4):
        marks.nth(place).click()
    page.wait_for_url(lambda url: in_address(url).get("marks") == ["1111------"], timeout=20_000)
    context.close()
