"""Tables of periods by region, with an archive's own before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive_search.metadata.dates.periods import (
    ANY,
    NO_PERIODS,
    known_regions,
    periods_of,
    read_periods,
    region,
    usual,
)
from archive_search.metadata.dates.reading import parse_years
from archive_search.types import InvalidInputError, UnknownNameError


def test_own_periods_first() -> None:
    """An archive's own names stand before those of its region."""
    table = periods_of("britain", {"Bronze Age": (-2500, -800), "Early Horizon": (-900, -200)})
    assert (table.get("bronze age"), table.get("early horizon")) == ((-2500, -800), (-900, -200))
    assert table.get("iron age") == (-800, 43)
    assert periods_of("none").spans == {}


def test_unknown_region() -> None:
    """A region without a table is refused with those that have one."""
    with pytest.raises(UnknownNameError, match=r"'peru'\. Known: britain, china, .*southern-scandinavia, any, none"):
        periods_of("greece, peru")
    with pytest.raises(UnknownNameError, match="no table of periods for ''"):
        periods_of(" , ")


def test_several_regions() -> None:
    """Of a name that several regions have the first one's years hold, whichever that is."""
    assert periods_of("greece,near-east").get("late bronze age") == (-1700, -1050)
    assert periods_of("near-east, greece").get("late bronze age") == (-1550, -1200)
    assert periods_of("near-east, greece").get("mycenaean") == (-1700, -1050)


def test_names_that_mean_one_thing() -> None:
    """`any` has the names of all tables that mean one thing, and none of which two tables, or other parts, differ."""
    table = periods_of(ANY)
    assert table.get("new kingdom") == table.get("nouvel empire") == (-1550, -1069)
    assert table.get("qing dynasty") == table.get("dynastie qing") == (1644, 1911)
    for name in ("bronze age", "roman", "byzantine", "early dynastic", "classical", "klassisch", "late period", "song"):
        assert table.get(name) is None, name
    assert usual().get("bronze age") == (-1700, -500)
    assert usual().get("edo") == (1615, 1868)


def test_tables_name_their_sources() -> None:
    """Every table says what part of the world it is of and which books its years are from; ids are PeriodO's."""
    for name in known_regions():
        table = region(name)
        assert table.label
        assert len(table.source) > 80
        for one in table.periods:
            assert one.years[0] <= one.years[1]
            assert 0 not in one.years
            assert one.periodo == "" or (one.periodo.startswith("p0") and len(one.periodo) == 11), one


def test_dynasties_follow_each_other() -> None:
    """The dynasties of Egypt begin in their order, and every reign lies within the dynasties."""
    table = periods_of("egypt")
    spans = [table.get(f"dynasty {number}") for number in range(1, 32)]
    starts = [span[0] for span in spans if span]
    assert len(starts) == 31
    later = dict(zip(range(1, 32), starts, strict=True))
    parallel = {23, 24, 25}  # ruled at the same time
    assert all(later[one] <= later[one + 1] for one in range(1, 31) if one not in parallel and one + 1 not in parallel)


def test_own_table(tmp_path: Path) -> None:
    """An archive's own table has the form of those that ship: languages, dynasties, reigns."""
    file = tmp_path / "peru.toml"
    file.write_text(
        'period = [{ years = [-900, -200], en = "Early Horizon", es = "Horizonte Temprano | Chavín" }]\n'
        'dynasty = [{ years = [1438, 1533], en = "Inca" }]\n',
        encoding="utf-8",
    )
    table = periods_of("none", read_periods(file))
    assert parse_years("Horizonte temprano", table) == (-900, -200)
    assert parse_years("Inca dynasty, 1450-1470", table) == (1450, 1470)
    assert parse_years("Dinastia Inca", table) == (1438, 1533)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("period = [{ years = [-200, -900], en = 'Early Horizon' }]", "needs names and two years without 0"),
        ("period = [{ years = [0, 900], en = 'Early Horizon' }]", "needs names and two years without 0"),
        ("period = [{ years = [-900, -200] }]", "needs names and two years without 0"),
        ("period = [3]", "needs names and two years without 0"),
        ("periods = []", "'periods' is none of its parts"),
        ("label = 'Peru'", "it has no periods"),
        ("period = [", "is not valid TOML"),
    ],
)
def test_unusable_table(tmp_path: Path, text: str, reason: str) -> None:
    """A table that says something else is refused, with its name and what it should say."""
    file = tmp_path / "peru.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError, match=rf"peru\.toml.*{reason}"):
        read_periods(file)


def test_missing_table(tmp_path: Path) -> None:
    """A table that is not there is told."""
    with pytest.raises(InvalidInputError, match=r"peru\.toml cannot be read: No such file"):
        read_periods(tmp_path / "peru.toml")


def test_no_periods() -> None:
    """Without a table figures are read, names are not."""
    assert parse_years("New Kingdom", NO_PERIODS) is None
    assert parse_years("New Kingdom, 1550-1069 BC", NO_PERIODS) == (-1550, -1069)
