"""The settings of a source as options of the command line."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from typing import Annotated, Any

import typer

from app.commands.parts.flags import flag
from archive_search.knobs import Knob
from ingest.source import AnySource

OWN = "What to take"
SHARED = "Servers, pictures and dates"


def own_options(source: type[AnySource]) -> list[inspect.Parameter]:
    """Parameters for the settings that a source has of its own."""
    return _options(source, False, OWN)


def shared_options(source: type[AnySource]) -> list[inspect.Parameter]:
    """Parameters for the settings that many sources share."""
    return _options(source, True, SHARED)


def _options(source: type[AnySource], shared: bool, heading: str) -> list[inspect.Parameter]:
    hints = typing.get_type_hints(source)
    fields = [one for one in dataclasses.fields(typing.cast(Any, source)) if (one.kw_only is True) == shared]
    return [_parameter(one, hints[one.name], heading) for one in fields]


def _parameter(field: dataclasses.Field[Any], hint: Any, heading: str) -> inspect.Parameter:
    settings: Knob = field.metadata.get("knob", Knob(field.name))
    kind = inspect.Parameter.KEYWORD_ONLY
    about = settings.help or f"{settings.label}."
    if field.default is dataclasses.MISSING:
        return inspect.Parameter(field.name, kind, annotation=Annotated[hint, typer.Argument(help=about)])
    default = field.default
    if typing.get_origin(hint) is tuple:
        hint, default = list[typing.get_args(hint)[0]], list(default)  # type: ignore[misc]
        about += " Repeatable."
    name = flag(field.name)
    if hint is bool and default:
        name = f"{name}/--no-{name.removeprefix('--')}"
    told = Annotated[hint, typer.Option(name, help=about, rich_help_panel=heading)]
    return inspect.Parameter(field.name, kind, default=default, annotation=told)
