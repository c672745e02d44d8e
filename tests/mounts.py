"""File systems made for a test, in a mount name space of their own: they go when the command that saw them ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def read_only(path: Path) -> str:
    """A line of shell that makes a directory read-only, whoever writes."""
    return f"mount --bind '{path}' '{path}' && mount -o remount,ro,bind '{path}'"


def full(path: Path, megabytes: int = 1) -> str:
    """A line of shell that lays a full file system in memory over a directory that is there."""
    filled = f"{{ dd if=/dev/zero of='{path}/full' bs=4096 2>/dev/null || true; }}"
    return f"mount -t tmpfs -o size={megabytes}m none '{path}' && {filled}"


def fill(path: Path) -> str:
    """A line of shell that takes all the room that is left."""
    return f"{{ dd if=/dev/zero of='{path}/full' bs=4096 2>/dev/null || true; }}"


def run_with(
    mounts: Sequence[str], arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments where the mounts are made; the test is skipped where none can be."""
    unshare = _unshare()
    script = "\n".join(["set -e", *mounts, 'exec "$@"'])
    return subprocess.run(
        [*unshare, "bash", "-c", script, "bash", sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
    )


def _unshare() -> list[str]:
    found = _found()
    if found is None:
        pytest.skip("this machine allows no mount name spaces of one's own (unshare -m)")
    return found


@cache
def _found() -> list[str] | None:
    for command in (["unshare", "-m"], ["unshare", "-rm"]):
        try:
            done = subprocess.run([*command, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return command
    return None
