"""Texts by their path in what a service answers, whatever shape it has at that place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.harvest.plain_text import plain_text


def texts(content: Any, *paths: str) -> list[str]:
    """
    What stands at the first of these paths that leads to anything, each text once; [] where none does.

    A path is names with full stops between (`creators.description`); the items of a list are followed each by itself,
    so it does not matter whether a service sends one or a list of them. Numbers become texts, 700.0 is 700; markup
    is taken out. What is neither a text nor a number at the end of a path is passed over.
    """
    for path in paths:
        found = [one for value in _at(content, path.split(".")) if (one := _said(value))]
        if found:
            return list(dict.fromkeys(found))
    return []


def text(content: Any, *paths: str) -> str:
    """The first text at the first of these paths that leads to one; '' where none does."""
    return next(iter(texts(content, *paths)), "")


def objects(content: Any, path: str) -> list[Mapping[str, Any]]:
    """The objects at a path, whether one stands there or a list of them."""
    return [one for one in _at(content, path.split(".")) if isinstance(one, Mapping)]


def _at(value: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _at(one, names)
    elif not names:
        yield value
    elif isinstance(value, Mapping) and names[0] in value:
        yield from _at(value[names[0]], names[1:])


def _said(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return plain_text(str(value))
