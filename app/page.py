"""What the frame must know of a page to offer it."""

from __future__ import annotations

from dataclasses import dataclass

from app.sharing import Role


@dataclass(frozen=True)
class Page:
    """
    A page: its title, its icon, its place among the others.

    A page that is not `offered` is not in the navigation: others lead to it, and on it the link of the page that it is
    `under` is lit. People arrive at the first one. Of a shared archive it is only there for those who have its `role`,
    or one that may more.
    """

    title: str
    icon: str
    place: int
    offered: bool = True
    role: Role = "reader"
    under: str = ""
