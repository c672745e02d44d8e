"""Writes every page of docs/reference that is made from the code: `python -m docs.making`."""

from __future__ import annotations

from docs.making.pages import DIRECTORY, PAGES

for name, text in PAGES.items():
    (DIRECTORY / name).write_text(text(), encoding="utf-8")
