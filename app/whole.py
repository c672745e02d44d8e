"""What a person does is taken up whole, however quickly the next click follows."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests
from streamlit.runtime.state.safe_session_state import SafeSessionState

_taking_up: ContextVar[bool] = ContextVar("_taking_up", default=False)


def take_up_whole() -> None:
    """
    Let no request for another run interrupt what widgets call when they are used.

    Streamlit looks for such a request wherever the session's state is read or written, also in a widget's callback. One
    that is interrupted there ends in the middle and is not called again, since the widget's new value counts as known;
    and a button whose run is interrupted before its callback was never clicked. Here the request waits until all that
    was done has been taken up, and interrupts the run at its first step after that.
    """
    take_up = SafeSessionState.on_script_will_rerun
    if hasattr(take_up, "__wrapped__"):  # it is done already, in another run
        return
    look = ScriptRequests.on_scriptrunner_yield

    @functools.wraps(take_up)
    def whole(state: SafeSessionState, *args: Any, **options: Any) -> None:
        token = _taking_up.set(True)
        try:
            take_up(state, *args, **options)
        finally:
            _taking_up.reset(token)

    @functools.wraps(look)
    def later(requests: ScriptRequests) -> ScriptRequest | None:
        return None if _taking_up.get() else look(requests)

    ScriptRequests.on_scriptrunner_yield = later  # type: ignore[method-assign, assignment]
    SafeSessionState.on_script_will_rerun = whole  # type: ignore[method-assign, assignment]
