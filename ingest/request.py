"""What an ingest is asked to do, as data: it travels to another process, and is kept so that it can be asked again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from archive_search.knobs import from_data
from archive_search.types import InvalidInputError
from ingest.pipeline import Options
from ingest.source import AnySource
from ingest.sources import SOURCES

_ONCE = ("moved_from", "recheck")
"""Settings of a source that are not asked for again: what has moved has moved, what was looked at again was."""
_ONCE_ONLY = ("tiles", "retry", "limit")
"""Options that are not asked for again, or are said elsewhere: whoever tried the first few wants all then."""


@dataclass(frozen=True)
class Request:
    """
    The arguments of `ingest.recipe.run` as data.

    `settings` are those of the source that is called `source`, `options` those of `Options` that differ from the
    default. Paths are whole, so that it means the same wherever it is read.
    """

    source: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    embedders: tuple[str, ...] = ()
    tiles: bool | None = None
    vectors: str = ""
    space: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """As a line of JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    def made(self) -> AnySource:
        """
        The source.

        Raises:
            UnknownNameError: If there is no source of that name.
            InvalidInputError: If a setting is none of the source's, or out of its range.
        """
        return from_data(SOURCES[self.source], dict(self.settings), f"The source {self.source!r}")


def read_request(text: str) -> Request:
    """What `Request.to_json` wrote; raises InvalidInputError on anything else."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(f"This asks for no ingest: {error}.") from error
    return from_data(Request, data, "What an ingest is asked to do")


def request_of(
    source: AnySource,
    embedders: Sequence[str] = (),
    tiles: bool | None = None,
    vectors: str | Path | None = None,
    space: str | None = None,
    options: Options | None = None,
) -> Request | None:
    """What asks for the same again; None where the source cannot be said as data: of a DataFrame, or no plug-in."""
    name = next((name for name, kind in SOURCES.items() if type(source) is kind), None)
    if name is None:
        return None
    said: dict[str, Any] = {}
    for one in dataclasses.fields(cast(Any, source)):
        value = getattr(source, one.name)
        if one.name in _ONCE or (one.default is not dataclasses.MISSING and value is one.default):
            continue
        value = str(value.resolve()) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value
        said[one.name] = value
    how = {
        one.name: getattr(options, one.name)
        for one in dataclasses.fields(Options)
        if options is not None and one.name not in _ONCE_ONLY and getattr(options, one.name) != one.default
    }
    whole = "" if vectors is None else str(Path(vectors).resolve())
    request = Request(name, said, tuple(embedders), tiles, whole, space or "", how)
    try:
        request.to_json()
    except TypeError:  # a DataFrame
        return None
    return request
