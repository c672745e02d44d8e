"""What holds for every source: it explains itself, and there is a page about it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, cast

import pytest

from ingest.sources import SOURCES

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"
every_source = pytest.mark.parametrize("name", SOURCES)


@every_source
def test_a_page_about_it(name: str) -> None:
    """There is a page on how to use it, with a command that does so."""
    page = HOW_TO / ("ingest.md" if name == "folder" else f"{name}.md")
    assert f"archive-search ingest {name} " in page.read_text(encoding="utf-8")


@every_source
def test_it_says_what_it_gives(name: str) -> None:
    """Its description begins with a sentence, and every setting has a label for forms and help."""
    source = SOURCES[name]
    assert (source.__doc__ or "").strip().split("\n\n")[0].rstrip().endswith(".")
    for one in dataclasses.fields(cast(Any, source)):
        assert one.metadata["knob"].label


@every_source
def test_no_setting_takes_a_secret(name: str) -> None:
    """Keys and passwords come from the environment: what is on the command line, anybody on the machine can read."""
    names = {one.name for one in dataclasses.fields(cast(Any, SOURCES[name]))}
    assert not {
        one for one in names if any(word in one for word in ("wskey", "password", "secret", "token", "api_key"))
    }
