"""Which records must not leave unless they are asked for by name."""

from __future__ import annotations

from archive_search.types import Payload

_NO = ("", "no", "false", "0", "n", "nej", "nein", "non", "nee")


def is_sensitive(payload: Payload) -> bool:
    """Whether a record must not leave unless it is asked for by name: its flag says anything but no."""
    return str(payload.get("sensitive") or "").strip().lower() not in _NO
