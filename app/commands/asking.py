"""The options by which a query is asked: written once, they stand in every command that asks one."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.commands.options import (
    FromOption,
    ImageOption,
    LikeOption,
    NotOption,
    RefineOption,
    RegionOption,
    TextArgument,
    ToOption,
    UndatedOption,
    WhereOption,
)
from archive_search.types import Example, ExampleKind, Filter, InvalidInputError, Match, Missing, Query


def by_words(
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
) -> Query:
    """What is asked by words and filters."""
    return Query(examples(text, refine, exclude), filters(where, first, last, undated))


def by_words_or_picture(
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
    image: ImageOption = None,
    like: LikeOption = None,
    region: RegionOption = None,
) -> Query:
    """What is asked by words, a picture or a record, and filters."""
    return Query(examples(text, refine, exclude, image, like, region), filters(where, first, last, undated))


def asked(ask: Callable[..., Query]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    A decorator that puts the options of `ask` in the place of a command's parameter `asked`.

    The command gets a function there that makes the query, and raises what is wrong with it, when it is called.
    """
    options = [*_parameters(ask)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def with_options(**values: Any) -> None:
            query = functools.partial(ask, **{one.name: values.pop(one.name) for one in options})
            command(asked=query, **values)

        own = [*_parameters(command)]
        place = next(place for place, one in enumerate(own) if one.name == "asked")
        signature = inspect.Signature([*own[:place], *options, *own[place + 1 :]])
        with_options.__signature__ = signature  # type: ignore[attr-defined]
        with_options.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
        with_options.__name__, with_options.__doc__ = command.__name__, command.__doc__
        return with_options

    return decorate


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Parameters with their annotations resolved, by name only: the order of options then needs no defaults first."""
    hints = typing.get_type_hints(function, include_extras=True)
    return [
        one.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, one in inspect.signature(function).parameters.items()
    ]


def examples(
    text: str,
    refine: list[str],
    exclude: list[str],
    image: Path | None = None,
    like: str | None = None,
    region: str | None = None,
) -> tuple[Example, ...]:
    """The examples that the options ask for."""
    from archive_search.pictures.media import medium

    found: list[Example] = []
    if text.strip():
        found.append(Example("text", text))
    if image is not None:
        if not image.is_file():
            raise InvalidInputError(f"There is no picture file {image}.")
        found.append(_whole_or_region(medium(image.name), str(image.resolve()), region))
    if like is not None:
        found.append(_whole_or_region("record", like, region))
    if region is not None and (image is None) == (like is None):
        raise InvalidInputError("--region is a part of one picture: name it with either --image or --like.")
    for sign, values in ((1.0, refine), (-1.0, exclude)):
        for value in values:
            weight, words = _weighted(value)
            found.append(Example("text", words, sign * weight))
    return tuple(found)


def _whole_or_region(kind: ExampleKind, value: str, region: str | None) -> Example:
    return Example(kind, value) if region is None else Example("region", f"{region}@{value}")


def _weighted(value: str) -> tuple[float, str]:
    number, colon, words = value.partition(":")
    try:
        weight = float(number) if colon else 1.0
    except ValueError:
        weight, words = 1.0, value
    if not colon:
        words = value
    if not words.strip():
        raise InvalidInputError(f"A refinement needs words, got {value!r}.")
    if not 0 < weight <= 100:
        raise InvalidInputError(
            f"A refinement's weight must be above 0 and at most 100, got {value!r}; use --not for less like this."
        )
    return weight, words.strip()


def filters(where: list[str], first: float | None, last: float | None, undated: str) -> tuple[Filter, ...]:
    """The filters that the options ask for."""
    from archive_search.metadata.fields import FACETS
    from archive_search.metadata.filters import years
    from archive_search.types import UnknownNameError

    if undated not in ("keep", "drop"):
        raise InvalidInputError(f"--undated is 'keep' or 'drop', got {undated!r}.")
    if first is not None and last is not None and first > last:
        raise InvalidInputError(f"--from {first:g} is later than --to {last:g}; years BCE are negative.")
    values: dict[str, list[str]] = {}
    for one in where:
        field, equals, value = one.partition("=")
        if not equals:
            raise InvalidInputError(f"--where takes FIELD=VALUE, got {one!r}.")
        if field.strip() not in (*FACETS, "object_id"):
            raise UnknownNameError(
                f"No filter is called {field.strip()!r}. Known: {', '.join((*FACETS, 'object_id'))}; "
                "--from and --to for years."
            )
        values.setdefault(field.strip(), []).append(value.strip())
    found: list[Filter] = []
    for field, wanted in values.items():
        named = tuple(value for value in wanted if value)
        if not named:
            found.append(Missing(field))
        else:
            found.append(Match(field, named, "keep" if "" in wanted else "drop"))
    return (*found, *years(first, last, undated))
