"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """
    Give freed memory back to the system, where its C library can be asked (glibc).

    What Qdrant frees on its threads stays with the process otherwise, some KB for every point that it packs.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
