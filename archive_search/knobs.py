"""A plug-in's settings are its dataclass fields: `knob` declares one, `check` holds a value to its type and range."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from archive_search.types import InvalidInputError

T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Knob:
    """What a person needs to know about one setting."""

    label: str
    low: float | None = None
    high: float | None = None
    help: str = ""


def knob(default: Any, label: str, *, low: float | None = None, high: float | None = None, help: str = "") -> Any:
    """Declare a setting: a dataclass field with a label, a range (both ends included) and a sentence of help."""
    return dataclasses.field(default=default, metadata={"knob": Knob(label, low, high, help)})


def knobs(plugin: Any) -> dict[str, tuple[Knob, Any]]:
    """The settings of a plug-in (class or instance) by field name, each with its default or present value."""
    found: dict[str, tuple[Knob, Any]] = {}
    for f in dataclasses.fields(plugin):
        if "knob" in f.metadata:
            found[f.name] = (f.metadata["knob"], f.default if isinstance(plugin, type) else getattr(plugin, f.name))
    return found


def to_data(plugin: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass as JSON-ready data, defaults left out."""
    data = _adapter(type(plugin)).dump_python(plugin, mode="json", exclude_defaults=True)
    return cast(dict[str, Any], data)


def from_data(kind: type[T], data: Any, what: str) -> T:
    """
    Make a dataclass from JSON data; `what` names it in errors.

    Raises:
        InvalidInputError: On an unknown field, a wrong type, or a value outside its knob's range.
    """
    if not isinstance(data, dict):
        raise InvalidInputError(f"{what} must be an object with named fields, not {data!r}.")
    names = [f.name for f in dataclasses.fields(cast(Any, kind))]
    for name in data:
        if name not in names:
            raise InvalidInputError(f"{what} has no field {name!r}. Known: {', '.join(names) or 'none'}.")
    try:
        made: T = _adapter(kind).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "value"
        wanted = _wanted(kind, first)
        said = f" must be {wanted}" if wanted else f": {first['msg']}"
        raise InvalidInputError(f"{what}: {where}{said}, got {first['input']!r}.") from error
    check(made, what)
    return made


def from_texts(kind: type[Any], texts: Iterable[str], what: str) -> dict[str, Any]:
    """
    Data for `from_data` of settings as people type them, `NAME=VALUE`; several values stand with commas between.

    Raises:
        InvalidInputError: If one is not of that form, or names no field; `what` names them in errors.
    """
    hints = typing.get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(cast(Any, kind))]
    data: dict[str, Any] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise InvalidInputError(f"{what} are given as NAME=VALUE, got {text!r}.")
        if name not in names:
            raise InvalidInputError(f"{what}: there is none called {name!r}. Known: {', '.join(names) or 'none'}.")
        several = typing.get_origin(hints[name]) is tuple
        data[name] = [one.strip() for one in value.split(",") if one.strip()] if several else value
    return data


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Made once for each kind: making one takes milliseconds."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def check(plugin: Any, what: str) -> None:
    """
    Hold every setting to its range.

    Raises:
        InvalidInputError: Naming the field, the value and the range.
    """
    for name, (settings, value) in knobs(plugin).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if value != value:
            raise InvalidInputError(f"{what}: {name} is not a number.")
        low, high = settings.low, settings.high
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidInputError(f"{what}: {name} must be {_ends(settings)}, got {value:g}.")


_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "string": "a text",
    "list": "a list",
    "tuple": "a list",
}
"""What a value must be, by how the names of pydantic's errors begin."""


def _wanted(kind: type[Any], error: ErrorDetails) -> str:
    """What the value that pydantic refuses must be, with its range if its knob has one, '' on other errors."""
    if error["type"] in ("literal_error", "enum"):
        return f"{error['ctx']['expected']}"
    wanted = _WANTED.get(error["type"].partition("_")[0], "")
    if wanted.endswith("number") and len(error["loc"]) == 1:
        settings = knobs(kind).get(str(error["loc"][0]))
        return f"{wanted} {_ends(settings[0])}".rstrip() if settings else wanted
    return wanted


def _ends(settings: Knob) -> str:
    """The range of a setting in words; '' where it has none."""
    low, high = settings.low, settings.high
    if low is not None and high is not None:
        return f"between {low} and {high}"
    return f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""
