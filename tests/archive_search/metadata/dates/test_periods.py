"""Tables of periods by region, with an archive's own before them."""

from __future__ import annotations

import pytest

from archive_search.metadata.dates.periods import BRITAIN, periods_of
from archive_search.types import UnknownNameError


def test_own_periods_first() -> None:
    """An archive's own names stand before those of its region."""
    table = periods_of("britain", {"Bronze Age": (-2500, -800), "Early Horizon": (-900, -200)})
    assert (table["bronze age"], table["early horizon"]) == ((-2500, -800), (-900, -200))
    assert table["iron age"] == BRITAIN["iron age"]
    assert periods_of("none") == {}


def test_unknown_region() -> None:
    """A region without a table is refused with those that have one."""
    with pytest.raises(UnknownNameError, match=r"'peru'\. Known: southern-scandinavia, britain, none"):
        periods_of("peru")
