"""The options by which a query is asked: written once, they stand in every command that asks one."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any, Literal, TypeAlias, cast

from app.commands.parts.options import (
    DislikedOption,
    DiversityOption,
    FromOption,
    ImageOption,
    LikedOption,
    LikeOption,
    LimitOption,
    NearOption,
    NotOption,
    PerObjectOption,
    RefineOption,
    RegionOption,
    SpaceOption,
    StackOption,
    StrategyOption,
    TextArgument,
    ToOption,
    UndatedOption,
    WhereOption,
)
from archive_search.metadata.table import Fields
from archive_search.question import Refinement, Region, question
from archive_search.types import InvalidInputError, Query

Ask: TypeAlias = Callable[[Fields], Query]
"""Makes the query that the options ask, of an archive with these fields."""
AskPlan: TypeAlias = Callable[[Any, int], tuple[Any, Any]]
"""Makes the plan of an archive, and its strategy, with so many hits where the options do not say how many."""


def by_words(
    fields: Fields,
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
    near: NearOption = None,
) -> Query:
    """What is asked by words and filters."""
    return by_words_or_picture(fields, text, refine, exclude, where, first, last, undated, near)


def by_words_or_picture(
    fields: Fields,
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
    near: NearOption = None,
    image: ImageOption = None,
    like: LikeOption = None,
    region: RegionOption = None,
) -> Query:
    """What is asked by words, a picture or a record, and filters."""
    return question(
        text,
        refine=map(_weighted, refine),
        exclude=map(_weighted, exclude),
        image=image,
        like=like,
        region=None if region is None else _box(region),
        where=_wanted(where),
        years=(first, last),
        undated=cast(Literal["keep", "drop"], undated),
        near=None if near is None else _around(near),
        fields=fields,
    )


def by_plan(
    archive: Any,
    usual: int,
    text: TextArgument = "",
    refine: RefineOption = [],  # noqa: B006
    exclude: NotOption = [],  # noqa: B006
    where: WhereOption = [],  # noqa: B006
    first: FromOption = None,
    last: ToOption = None,
    undated: UndatedOption = "keep",
    near: NearOption = None,
    image: ImageOption = None,
    like: LikeOption = None,
    region: RegionOption = None,
    liked: LikedOption = [],  # noqa: B006
    disliked: DislikedOption = [],  # noqa: B006
    per_object: PerObjectOption = False,
    stack: StackOption = False,
    diversity: DiversityOption = None,
    strategy: StrategyOption = "staged",
    space: SpaceOption = "",
    limit: LimitOption = None,
) -> tuple[Any, Any]:
    """A whole plan, and the strategy that made it; `usual` is how many hits are wanted where nobody says."""
    from archive_search.refining import with_feedback, with_variety
    from archive_search.strategy_file import load_strategy

    recipe = load_strategy(strategy)
    query = by_words_or_picture(
        archive.fields, text, refine, exclude, where, first, last, undated, near, image, like, region
    )
    plan = with_feedback(recipe.plan(query, limit or usual, space), liked, disliked, archive.store)
    return with_variety(plan, per_object, stack, diversity), recipe


def asked(ask: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """
    A decorator that puts the options of `ask` in the place of a command's parameter `asked`.

    The command gets a function there that makes the query of an archive's fields (or the plan for an archive), and
    raises what is wrong with it, when it is called.
    """
    options = [one for one in _parameters(ask) if one.name not in ("fields", "archive", "usual")]

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


def _weighted(value: str) -> Refinement:
    """Words with the weight that a number and a colon before them give."""
    number, colon, words = value.partition(":")
    try:
        return (words, float(number)) if colon else value
    except ValueError:
        return value


def _wanted(where: list[str]) -> dict[str, list[str | None]]:
    """The values of each field; nothing behind the sign means that the field is empty."""
    values: dict[str, list[str | None]] = {}
    for one in where:
        field, equals, value = one.partition("=")
        if not equals:
            raise InvalidInputError(f"--where takes FIELD=VALUE, got {one!r}.")
        values.setdefault(field.strip(), []).append(value.strip() or None)
    return values


def _around(near: str) -> tuple[float, float, float]:
    try:
        latitude, longitude, km = (float(part) for part in near.split(","))
    except ValueError:
        what = "--near takes LAT,LON,KM: latitude and longitude in degrees, such as 55.67,12.56,10"
        raise InvalidInputError(f"{what}; got {near!r}.") from None
    return latitude, longitude, km


def _box(region: str) -> Region:
    try:
        left, top, right, bottom = (float(part) for part in region.split(","))
    except ValueError:
        what = "--region takes LEFT,TOP,RIGHT,BOTTOM, four shares from 0 to 1"
        raise InvalidInputError(f"{what}; got {region!r}.") from None
    return left, top, right, bottom
