"""What the frame must know of a page to offer it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """
    A page: its title, its icon, its place among the others.

    A page that is not `offered` is not in the navigation: others lead to it. People arrive at the first one.
    """

    title: str
    icon: str
    place: int
    offered: bool = True
