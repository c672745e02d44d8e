"""Rejected records by why they were rejected, so that a thousand of one kind are told as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.source import Rejected, Stage

_WHERE = re.compile(r"^.{1,200}?\brow\s\d+:\s")
"""How a table begins: where it was, 'records.csv, row 7: '."""
_VARYING = re.compile(
    r"""
    "[^"]*" | (?<!\w)'(?:[^'\\]|\\.)*'(?!\w) # what is quoted
    | \S*/\S+ | \S+\.[A-Za-z]\w{1,4}\b(?!\()   # paths and names of files
    | \d[\d.,]*                               # numbers
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of rejection: the stage, the words with … for what differs, and the records, all in order."""

    stage: Stage
    said: str
    rejected: tuple[Rejected, ...]


def by_reason(rejected: Iterable[Rejected]) -> list[Reason]:
    """Group rejections by stage and words, the most frequent kind first; one alone keeps its own words."""
    groups: dict[tuple[Stage, str], list[Rejected]] = {}
    for one in rejected:
        groups.setdefault((one.stage, _general(one.reason)), []).append(one)
    reasons = [
        Reason(stage, _sentence(some[0].reason) if len({one.reason for one in some}) == 1 else said, tuple(some))
        for (stage, said), some in groups.items()
    ]
    return sorted(reasons, key=lambda one: (-len(one.rejected), one.stage, one.said))


def _general(reason: str) -> str:
    """The words of a reason without what differs from record to record."""
    return _sentence(re.sub(r"(…[\s,]*)+…", "…", _VARYING.sub("…", _WHERE.sub("", reason))).strip())


def _sentence(reason: str) -> str:
    """A reason with a capital, but for an address or name that it begins with."""
    return reason if _VARYING.match(reason) else reason[:1].upper() + reason[1:]
