"""Small records, made by hand in the shapes that museums publish, and where real ones may be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def record(name: str) -> bytes:
    """A record of this folder."""
    return (HERE / name).read_bytes()


def real(folder: str) -> Path:
    """A folder with records that museums have published; without ARCHIVE_SEARCH_RECORDS the test is skipped."""
    where = os.environ.get("ARCHIVE_SEARCH_RECORDS", "")
    if not where:
        pytest.skip("set ARCHIVE_SEARCH_RECORDS to a folder with real records")
    return Path(where) / folder
