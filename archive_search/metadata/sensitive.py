"""What must not leave: records that are sensitive, unless they are asked for by name, and whose computer it was."""

from __future__ import annotations

from archive_search.types import Payload

OF_THIS_COMPUTER = ("ingested_from",)
"""What the pipeline writes that names folders of the computer it ran on, and often whose they are."""
_NO = ("", "no", "false", "0", "n", "nej", "nein", "non", "nee")


def is_sensitive(payload: Payload) -> bool:
    """Whether a record must not leave unless it is asked for by name: its flag says anything but no."""
    return str(payload.get("sensitive") or "").strip().lower() not in _NO


def leaving(payload: Payload) -> Payload:
    """What of a payload may be written where others read it: all but where its files lay on this computer."""
    return {name: value for name, value in payload.items() if name not in OF_THIS_COMPUTER}
