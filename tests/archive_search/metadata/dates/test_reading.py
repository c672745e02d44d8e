"""Years from the words of a catalogue: what is understood, what is left alone, and that real catalogues agree."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive_search.metadata.dates.periods import SOUTHERN_SCANDINAVIA, Periods, Span, known_regions, periods_of
from archive_search.metadata.dates.reading import parse_years

READ: dict[str, Span] = {
    # years
    "1653": (1653, 1653),
    "ca. 1850": (1850, 1850),
    "c.1850": (1850, 1850),
    "[1850?]": (1850, 1850),
    "dated 1653": (1653, 1653),
    "12 March 1850": (1850, 1850),
    "March 12, 1850": (1850, 1850),
    "12.3.1850": (1850, 1850),
    "1850-03-12": (1850, 1850),
    "1914-08": (1914, 1914),
    "AD200": (200, 200),
    "300BC": (-300, -300),
    "-480": (-480, -480),
    "−480": (-480, -480),
    "3400 f.Kr.": (-3400, -3400),
    "ca 2000 f.v.t.": (-2000, -2000),
    "500 e.Kr.": (500, 500),
    "um 480 v. Chr.": (-480, -480),
    "12,500 BC": (-12500, -12500),
    "12.500 f.Kr.": (-12500, -12500),
    # pairs
    "c. 3400-2900 BC": (-3400, -2900),
    "490–480 B.C.": (-490, -480),
    "-490 to -480": (-490, -480),
    "-490--480": (-490, -480),
    "-490/-480": (-490, -480),
    "AD 43-410": (43, 410),
    "50 BC-AD 50": (-50, 50),
    "100-31 BC": (-100, -31),
    "150-50 BC": (-150, -50),
    "1500-1100 f.Kr.": (-1500, -1100),
    "1700-500 f.Kr.": (-1700, -500),
    "1700-500 fvt.": (-1700, -500),
    "500 f.Kr.-400 e.Kr.": (-500, 400),
    "1700-500 v. Chr.": (-1700, -500),
    "27-4 BC": (-27, -4),
    "1653-59": (1653, 1659),
    "1914/15": (1914, 1915),
    "circa 1775-1790": (1775, 1790),
    "between 1200 and 1300": (1200, 1300),
    "from 1200 to 1300": (1200, 1300),
    "mellem 1200 og 1300": (1200, 1300),
    "zwischen 1200 und 1300": (1200, 1300),
    # the turn of the era
    "-500 to 0": (-500, -1),
    "-500-0": (-500, -1),
    "500 f.Kr. - 0": (-500, -1),
    "50 BC-0": (-50, -1),
    "0-400 e.Kr.": (1, 400),
    # French and Dutch
    "1700-500 av. J.-C.": (-1700, -500),
    "50 av. J.-C. - 50 apr. J.-C.": (-50, 50),
    "vers 480 av. J.-C.": (-480, -480),
    "de 1200 à 1300": (1200, 1300),
    "IIe siècle av. J.-C.": (-200, -101),
    "1700-500 v.Chr.": (-1700, -500),
    "5e eeuw v.Chr.": (-500, -401),
    "tussen 1200 en 1300": (1200, 1300),
    # centuries and millennia: there is no year 0
    "2nd century AD": (101, 200),
    "1st century B.C.": (-100, -1),
    "5th c. BC": (-500, -401),
    "6th century": (501, 600),
    "7th-8th century": (601, 800),
    "1st century BC–1st century AD": (-100, 100),
    "sixth–fourth centuries BCE": (-600, -301),
    "XVIII-XIX century": (1701, 1900),
    "5. årh. f.Kr.": (-500, -401),
    "3. Jh. v. Chr.": (-300, -201),
    "19. Jahrhundert": (1801, 1900),
    "fjerde århundrede": (301, 400),
    "4th millennium BC": (-4000, -3001),
    "3rd millennium": (-3000, -2001),
    "1. årtusinde f.Kr.": (-1000, -1),
    # parts of them
    "early 5th century BC": (-500, -468),
    "mid-19th century": (1834, 1867),
    "late 5th or early 4th century B.C.": (-433, -368),
    "early- to mid-19th century": (1801, 1867),
    "late 1st century BC-early 1st century AD": (-33, 33),
    "1st half of the 3rd century": (201, 250),
    "second third of the 5th century BC": (-467, -434),
    "last quarter of the 1st century": (76, 100),
    "2. halvdel af 3. årh. e.Kr.": (251, 300),
    "2. Hälfte 5. Jh. v. Chr.": (-450, -401),
    "Ende 19. Jh.": (1868, 1900),
    # tens and hundreds
    "1880s": (1880, 1889),
    "1880erne": (1880, 1889),
    "1880'erne": (1880, 1889),
    "1880s-90s": (1880, 1899),
    "1800s": (1800, 1899),
    "1700-tallet": (1700, 1799),
    # open ends: a hundred years
    "before 1200": (1100, 1200),
    "vor 1200": (1100, 1200),
    "pre-1850": (1750, 1850),
    "after 300 BC": (-300, -200),
    "nach 300 v. Chr.": (-300, -200),
    "after 50 BC": (-50, 51),
    "1850 or later": (1850, 1950),
    "1850-": (1850, 1950),
    "4th century or later": (301, 500),
    "from 1200": (1200, 1300),
    # before present
    "4500 BP": (-2550, -2550),
    "4500 ± 50 BP": (-2600, -2500),
    "cal. 4500-4300 BP": (-2550, -2350),
    "1950 BP": (-1, -1),
    # several datings
    "New Kingdom; 1540–1075 BCE": (-1540, -1075),
    "19th century (1850-1860)": (1850, 1860),
    "Edo period (1603-1867), 19th century": (1801, 1867),
    "after 1850, before 1870": (1850, 1870),
    "fourth–first centuries BCE, probably nineteenth century CE": (-400, 1900),
    "1825, reprinted 1874": (1825, 1825),
    # periods
    "Viking Age": (800, 1050),
    "Vikingetid": (800, 1050),
    "Wikingerzeit": (800, 1050),
    "Neolithic": (-3900, -1700),
    "yngre stenalder": (-3900, -1700),
    "Bronzealder": (-1700, -500),
    "Late Bronze Age": (-1100, -500),
    "yngre bronzealder, 900-700 f.Kr.": (-900, -700),
    "late Neolithic or Early Bronze Age": (-2350, -1100),
    "Roman Iron Age": (1, 400),
    "jernalder/vikingetid": (-500, 1050),
    "Mesolithic": (-9000, -3900),
    "late Viking Age": (800, 1050),
    "middelalder": (1050, 1536),
    # names beside written years
    "Late Bronze Age (1550-1200 BC)": (-1550, -1200),
    "Viking Age, 750-1066": (750, 1066),
    "Viking Age 750-1066": (750, 1066),
    "Iron Age (1200-586 BC)": (-1200, -586),
    "1200-586 BC Iron Age": (-1200, -586),
    "Iron Age II (1000-586 BC)": (-1000, -586),
    "Late Bronze Age IIB (1300-1200 BC)": (-1300, -1200),
    "Bronzealder, periode II, 1500-1300 f.Kr.": (-1500, -1300),
    "18th Dynasty, 1550-1295 BC": (-1550, -1295),
    "New Kingdom, Dynasty 18; ca. 1400 B.C.": (-1400, -1400),
    "jernalder - 1100": (-500, 1100),
}

LEFT_ALONE = [
    "",
    " ",
    "?",
    "unknown",
    "n.d.",
    "date not known",
    "ukendt",
    "0",
    "42",
    "3400",
    "490-480",
    "480-70 BC",
    "100 BC - 50",
    "-490-480",
    "2nd millennium",
    "Fig. 1850",
    "185-",
    "18--",
    "5th",
    "early",
    "Ældre/yngre bronzealder",
    "Iron Age II",
    "18th Dynasty, 1850",
    "Kent's Cavern. (1,929) 1/2",
    "0-0",
    "30th century",
    "Roman",
    "in the style of the 5th century BC",
    "copy of 1720",
    "12 pieces",
    "half",
    "BC",
    "1850 BP BC",
    "1999-12 pieces",
    "1850-45",
    "possibly third–fourth, probably ninth–eleventh centuries CE",
    "period II",
    "9999999999999999999999",
    "1" * 5000,
]


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    """Datings in English, Danish and German are read as the years they mean."""
    assert parse_years(text) == READ[text]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    """What is no dating, or may be one of two, gives nothing rather than a guess."""
    assert parse_years(text) is None


def test_html() -> None:
    """Spaces written as HTML entities, and any dash, are what they stand for."""
    assert parse_years("first century&nbsp;CE") == (1, 100)
    assert {parse_years(f"1850{dash}1860") for dash in "-‐‑‒–—−"} == {(1850, 1860)}


def test_regions() -> None:
    """A period means what its region's table says; without a table none is known, but figures are."""
    assert parse_years("Bronze Age", periods_of("britain")) == (-2600, -700)
    assert parse_years("Early Horizon", Periods({"early horizon": (-900, -200)})) == (-900, -200)
    assert parse_years("Bronze Age", Periods()) is None
    assert parse_years("Bronze Age, 900 BC", Periods()) == (-900, -900)
    assert parse_years("5th century BC", Periods()) == (-500, -401)


_WORDS = st.sampled_from(
    [
        "early",
        "late",
        "mid",
        "1st",
        "5th",
        "19th",
        "2.",
        "century",
        "centuries",
        "millennium",
        "BC",
        "AD",
        "BCE",
        "BP",
        "1850",
        "480",
        "43",
        "-490",
        "-",
        "–",
        "/",
        "to",
        "and",
        "before",
        "after",
        "c.",
        "ca.",
        "half",
        "of",
        "the",
        "third",
        "quarter",
        "1880s",
        "f.Kr.",
        "årh.",
        "Jh.",
        "v.",
        "Chr.",
        "Bronze",
        "Age",
        "Vikingetid",
        ",",
        ";",
        "(",
        ")",
        "?",
        "±",
        "or",
        "later",
        "from",
        "between",
        "xix",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(_WORDS, max_size=9).map(" ".join)))
def test_any_text(text: str) -> None:
    """Any text gives nothing, or a first year not after the last; never the year 0, never an error."""
    span = parse_years(text)
    assert span is None or (span[0] <= span[1] and 0 not in span)


_BEFORE_AND_AFTER = {
    "English": [
        ("{} BC", "AD {}"),
        ("{} B.C.", "A.D. {}"),
        ("{} BCE", "{} CE"),
        ("{} B.C.E.", "{} C.E."),
        ("{}BC", "{}AD"),
    ],
    "Danish": [
        ("{} f.Kr.", "{} e.Kr."),
        ("{} f. Kr.", "{} e. Kr."),
        ("{} fvt.", "{} evt."),
        ("{} f.v.t.", "{} e.v.t."),
    ],
    "German": [("{} v. Chr.", "{} n. Chr."), ("{} v.Chr.", "{} n.Chr."), ("{} v.u.Z.", "{} n.u.Z.")],
    "French": [("{} av. J.-C.", "{} apr. J.-C."), ("{} avant J.-C.", "{} ap. J.-C."), ("{} av. J.C.", "{} ap. J.C.")],
    "Dutch": [("{} v.Chr.", "{} n.Chr."), ("{} voor Christus", "{} na Christus"), ("{} v. Chr.", "{} n. Chr.")],
    "in figures": [("-{}", "AD {}")],
}
"""How a year before Christ is written, and one after, by language."""
_JOINTS = {
    "English": ["-", " - ", "–", " – ", " to ", "/"],
    "Danish": ["-", " - ", "–", " til "],
    "German": ["-", " - ", "–", " bis "],
    "French": ["-", " - ", "–", " à "],
    "Dutch": ["-", " - ", "–", " tot "],
    "in figures": [" to ", "/", " – "],
}


@settings(max_examples=1000, deadline=None)
@given(
    st.integers(-12_500, 2100).filter(bool),
    st.integers(0, 3000),
    st.sampled_from([(language, *one) for language, several in _BEFORE_AND_AFTER.items() for one in several]),
    st.data(),
)
def test_written_years(first: int, length: int, wording: tuple[str, str, str], data: st.DataObject) -> None:
    """
    Any two years come out as they were written, in every wording and language, with one era for both or one for each.

    But for pairs that may be shortened ("480-70 BC" is 480 to 470 to some): those say nothing.
    """
    language, before, after = wording
    last = min(first + length, 2100) or 1
    joint = data.draw(st.sampled_from(_JOINTS[language]))
    around = data.draw(st.sampled_from(["{}", "ca. {}", "({})", "Bronze Age, {}", "Viking Age ({})", "{}?"]))

    def said(year: int) -> str:
        return before.format(-year) if year < 0 else after.format(year)

    shared = data.draw(st.booleans()) and language != "in figures" and (first < 0) == (last < 0)
    if not shared:
        text = said(first) + joint + said(last)
    elif first < 0:
        assume(not _may_be_shortened(-first, -last))
        text = before.format(f"{-first}{joint}{-last}")
    else:
        text = after.format(f"{first}{joint}{last}")
    assert parse_years(around.format(text)) == (first, last), around.format(text)


def _may_be_shortened(first: int, last: int) -> bool:
    """Whether the second of two years before Christ may lack the first figures of the one before it."""
    width = 10 ** len(str(last))
    return first >= 100 > last and first // width * width + last < first


@given(st.integers(1, 20), st.sampled_from(["BC", "AD"]), st.sampled_from([2, 3, 4]))
def test_parts_make_the_whole(number: int, era: str, parts: int) -> None:
    """The halves, thirds or quarters of a century follow each other without a gap, and together are the century."""
    named = {2: "half", 3: "third", 4: "quarter"}[parts]
    whole = parse_years(f"{number}th century {era}")
    spans = [parse_years(f"{which}th {named} of the {number}th century {era}") for which in range(1, parts + 1)]
    assert whole is not None
    assert [span[0] for span in spans if span] == [whole[0], *(span[1] + 1 for span in spans[:-1] if span)]
    assert spans[-1] is not None
    assert spans[-1][1] == whole[1]


def test_tables_of_periods() -> None:
    """Every period begins before it ends, and is found by its own name."""
    for name in known_regions():
        table = periods_of(name)
        for called, span in table.spans.items():
            assert parse_years(called, table) == span, (name, called)


def test_parts_of_periods() -> None:
    """The Danish periods follow each other without a gap, and an early and a late part make the whole."""
    table = SOUTHERN_SCANDINAVIA.spans
    ages = ["mesolithic", "neolithic", "bronze age", "iron age", "viking age", "medieval", "renaissance", "modern"]
    assert [table[name][0] for name in ages[1:]] == [table[name][1] for name in ages[:-1]]
    for name in ("bronze age", "iron age", "roman iron age", "germanic iron age"):
        assert (table[f"early {name}"][0], table[f"late {name}"][1]) == table[name]
        assert table[f"early {name}"][1] == table[f"late {name}"][0]


# ------------------------------------------------------------------ real catalogues

_SHARED = Path(os.environ.get("ARCHIVE_SEARCH_DATA", Path(__file__).resolve().parents[3].parent / "shared"))
_IMAGES = _SHARED / "data" / "images.csv"


@pytest.mark.skipif(not _IMAGES.is_file(), reason=f"no real catalogues at {_IMAGES} (set ARCHIVE_SEARCH_DATA)")
def test_real_catalogues() -> None:
    """Every dating of the real catalogues is understood, and agrees with their own columns of years."""
    with _IMAGES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["period"]]
    assert len(rows) > 300
    for row in rows:
        span = parse_years(row["period"])
        assert span is not None, row["period"]
        if row["date_from"]:
            assert span == (int(row["date_from"]), int(row["date_to"])), row["period"]
