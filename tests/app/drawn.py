"""What pages drew by components of their own, when they were run headless."""

from __future__ import annotations

import json
import re
from typing import Any

from streamlit.testing.v1 import AppTest


def drawn(at: AppTest, component: str) -> list[dict[str, Any]]:
    """What each component of a name was given to draw."""
    found = [one.proto for one in at.get("bidi_component") if one.proto.component_name == component]
    return [json.loads(one.json) for one in found]


def tiles(at: AppTest) -> list[str]:
    """The tiles shown, as HTML."""
    return [tile for grid in drawn(at, "tiles") for tile in re.findall(r'<li class="tile".*?</li>', grid["html"])]
