"""Files and folders that may not be read or written, also for tests that run as root."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_OVERRIDING = 1 << 1 | 1 << 2
"""The rights CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by which root passes over permissions."""
_VERSION = 0x20080522


@contextmanager
def forbidden(path: Path, mode: int = 0) -> Iterator[None]:
    """Give a path this mode; within, this thread and those it starts must obey it, whoever runs the test."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            with _without_rights():
                yield
        else:
            yield
    finally:
        path.chmod(before)


@contextmanager
def _without_rights() -> Iterator[None]:
    if not sys.platform.startswith("linux"):
        pytest.skip("root can lay down its rights on Linux only")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits each
    if libc.capget(header, held):
        pytest.skip(f"rights cannot be read: {os.strerror(ctypes.get_errno())}")
    fewer = (ctypes.c_uint32 * 6)(*held)
    fewer[0] &= ~_OVERRIDING
    assert libc.capset(header, fewer) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        assert libc.capset(header, held) == 0, os.strerror(ctypes.get_errno())
