"""The settings that say what names of periods mean, as sources have them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive_search.metadata.dates.periods import DEFAULT_REGION, NO_PERIODS, Periods, Span, periods_of, read_periods
from archive_search.metadata.dates.reading import parse_years
from archive_search.types import InvalidInputError

REGION_HELP = (
    "Whose names of periods are meant, the first before the next: southern-scandinavia, britain, egypt, greece, rome, "
    "near-east, china, japan; any for names that mean one thing everywhere; none."
)
PERIODS_HELP = 'A period of your own, such as "Early Horizon=900-200 BC", or a file of them: FILE.toml.'


def chosen_periods(region: str, own: Iterable[str]) -> Periods:
    """
    The periods that these settings mean; those of the usual regions where no region is given.

    Args:
        region: regions, with commas.
        own: an archive's own names, as NAME=YEARS or the file of a table, before those of the regions.

    Raises:
        InvalidInputError: If one of its own is neither.
        UnknownNameError: If there is no such region.
    """
    return periods_of(region or DEFAULT_REGION, _own(own))


def _own(said: Iterable[str]) -> dict[str, Span]:
    own: dict[str, Span] = {}
    for one in said:
        if one.endswith(".toml"):
            own.update(read_periods(Path(one)))
            continue
        name, _, dating = one.partition("=")
        span = parse_years(dating, NO_PERIODS)
        if span is None:
            raise InvalidInputError(
                f'A period is written NAME=YEARS, such as "Early Horizon=900-200 BC"; got {one!r}. '
                "A table of periods is a file whose name ends in .toml."
            )
        own[name] = span
    return own
