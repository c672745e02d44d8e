"""Dates as catalogues in several languages write them, names of periods in several regions, and what no text may do."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive_search.metadata.dates.periods import THIS_YEAR, Span, usual
from archive_search.metadata.dates.reading import TURN_YEARS, parse_dating, parse_years
from archive_search.metadata.wording import span, year_label

FRENCH: dict[str, Span] = {
    "IVe siècle av. J.-C.": (-400, -301),
    "1re moitié du XIIe s.": (1101, 1150),
    "Ier s. av. J.-C.": (-100, -1),
    "IIe-Ier s. av. J.-C.": (-200, -1),
    "fin du XVIIIe siècle": (1768, 1800),
    "début XIXe s.": (1801, 1833),
    "milieu du XVe siècle": (1434, 1467),
    "2e quart du XVIe siècle": (1526, 1550),
    "dernier quart du XIXe siècle": (1876, 1900),
    "premier tiers du IVe siècle av. J.-C.": (-400, -368),
    "seconde moitié du XIXe siècle": (1851, 1900),
    "XVIIIe-XIXe siècle": (1701, 1900),
    "vers 1850": (1850, 1850),
    "avant 1453": (1353, 1453),
    "après 1453": (1453, 1553),
    "à partir de 1200": (1200, 1300),
    "entre 1850 et 1860": (1850, 1860),
    "années 1850": (1850, 1859),
    "années 1850-1860": (1850, 1869),
    "mi-XIXe siècle": (1834, 1867),
    "Xe siècle": (901, 1000),
    "IIIe millénaire av. J.-C.": (-3000, -2001),
    "50 av. n. è.": (-50, -50),
    "5 mars 1850": (1850, 1850),
    "tournant du XXe siècle": (1891, 1910),
}
ITALIAN: dict[str, Span] = {
    "V sec. a.C.": (-500, -401),
    "seconda metà del III sec. d.C.": (251, 300),
    "prima metà del XV secolo": (1401, 1450),
    "metà del XV secolo": (1434, 1467),
    "I sec. a.C.": (-100, -1),
    "I-II sec. d.C.": (1, 200),
    "sec. III-II a.C.": (-300, -101),
    "sec. I a.C. - I d.C.": (-100, 100),
    "primo quarto del V secolo a.C.": (-500, -476),
    "ultimo quarto del IV sec. a.C.": (-325, -301),
    "terzo quarto del V sec. a.C.": (-450, -426),
    "fine del XVIII secolo": (1768, 1800),
    "inizio XIX secolo": (1801, 1833),
    "inizi del III secolo a.C.": (-300, -268),
    "secolo XIX": (1801, 1900),
    "quarto secolo a.C.": (-400, -301),
    "tra il 1850 e il 1860": (1850, 1860),
    "dal 1850 al 1860": (1850, 1860),
    "prima del 1453": (1353, 1453),
    "dopo il 1453": (1453, 1553),
    "anni 1920": (1920, 1929),
    "12 maggio 1850": (1850, 1850),
    "1850 circa": (1850, 1850),
    "500-480 a.C.": (-500, -480),
    "III millennio a.C.": (-3000, -2001),
}
DUTCH: dict[str, Span] = {
    "4e eeuw v.Chr.": (-400, -301),
    "begin 17de eeuw": (1601, 1633),
    "eind 18e eeuw": (1768, 1800),
    "midden 15e eeuw": (1434, 1467),
    "eerste helft 17e eeuw": (1601, 1650),
    "tweede helft van de 17de eeuw": (1651, 1700),
    "laatste kwart 19e eeuw": (1876, 1900),
    "derde kwart van de 16e eeuw": (1551, 1575),
    "17e-18e eeuw": (1601, 1800),
    "circa 1650": (1650, 1650),
    "omstreeks 1650": (1650, 1650),
    "voor 1500": (1400, 1500),
    "na 1500": (1500, 1600),
    "vóór 1500": (1400, 1500),
    "tussen 1650 en 1670": (1650, 1670),
    "van 1650 tot 1670": (1650, 1670),
    "jaren 1950": (1950, 1959),
    "1e eeuw na Chr.": (1, 100),
    "5 mei 1850": (1850, 1850),
}
SWEDISH_AND_NORWEGIAN: dict[str, Span] = {
    "1800-talet": (1800, 1899),
    "1880-talet": (1880, 1889),
    "1500-talets början": (1500, 1532),
    "början av 1500-talet": (1500, 1532),
    "första hälften av 1600-talet": (1600, 1649),
    "mitten av 1800-talet": (1833, 1866),
    "slutet av 1800-talet": (1867, 1899),
    "500 f.Kr.": (-500, -500),
    "vikingatid": (800, 1050),
    "yngre järnåldern": (400, 800),
    "andre halvdel av 1800-tallet": (1850, 1899),
    "slutten av 1800-tallet": (1867, 1899),
    "før 1500": (1400, 1500),
    "etter 1500": (1500, 1600),
    "1880-årene": (1880, 1889),
    "bronsealder": (-1700, -500),
}
ROMANIAN_AND_SPANISH: dict[str, Span] = {
    "secolul al XIX-lea": (1801, 1900),
    "sfârșitul sec.al XIX-lea": (1868, 1900),
    "primul sfert al secolului al XIX-lea": (1801, 1825),
    "1/4 sec. XX": (1901, 1925),
    "3/4 sec. XIX": (1851, 1875),
    "siglo XIX": (1801, 1900),
    "siglos XVIII-XIX": (1701, 1900),
    "principios del siglo XX": (1901, 1933),
    "segunda mitad del siglo III a.C.": (-250, -201),
}
MARKS_AND_ENDS: dict[str, Span] = {
    "1. Jh. v. - 1. Jh. n. Chr.": (-100, 100),
    "17e eeuw (tweede helft)": (1651, 1700),
    "XVIIe siècle (1er quart)": (1601, 1625),
    "IV secolo a.C., seconda metà": (-350, -301),
    "Viking Age, Medieval": (800, 1536),
    "c.1805, c.1805-10": (1805, 1810),
    "1805-10 (1807)": (1807, 1807),
    "1785; 1807": (1785, 1807),
    "1763, published 1800–07": (1763, 1763),
    "published 1800–07": (1800, 1807),
    "c. 1850 (printed 1861)": (1850, 1850),
    "2000, designed 1998": (1998, 2000),
    "he: 1909 - 2001, she: 1922 - 2009": (1909, 2009),
    "turn of the 19th century": (1791, 1810),
    "turn of the 20th century": (1891, 1910),
    "turn of the 18th-19th century": (1791, 1810),
    "um die Wende vom 18. zum 19. Jh.": (1791, 1810),
    "Wende zum 20. Jahrhundert": (1891, 1910),
    "1800-talets slut": (1867, 1899),
    "early 1800s": (1800, 1832),
    "ab 1200": (1200, 1300),
    "post 1453": (1453, 1553),
    "not later than 1453": (1353, 1453),
    "not before 1200": (1200, 1300),
    "spring 1850": (1850, 1850),
    "winter 1850-51": (1850, 1851),
    "?-1926": (1826, 1926),
    "1850-?": (1850, 1950),
    "18xx": (1800, 1899),
    "185x": (1850, 1859),
    "1850~": (1850, 1850),
    "../1850": (1750, 1850),
    "active 1650-1684": (1650, 1684),
    "fl. 1579-1608": (1579, 1608),
    "A.H. 1243/A.D. 1828": (1828, 1828),
    "1040 AH/AD 1630-31": (1630, 1631),
    "dated A.H. 1243 (1828)": (1828, 1828),
    "1860-after 1870": (1860, 1970),
    "after 1850-before 1860": (1850, 1860),
    "Vikingetid (793-1066)": (793, 1066),
    "Vikingetid, 793-1066": (793, 1066),
    "Vikingetid 793-1066": (793, 1066),
    "793-1066 (Vikingetid)": (793, 1066),
    "Vikingetid [793-1066 e.Kr.]": (793, 1066),
    "Vikingetid: 793–1066": (793, 1066),
    "Vikingetid; 793-1066": (793, 1066),
    "Vikingetid/793-1066": (793, 1066),
    "Vikingetid - 793-1066": (793, 1066),
    "Vikingetid = 793-1066": (793, 1066),
    "Viking Age c. 793-1066 AD": (793, 1066),
    "Bronzezeit (2200-800 v. Chr.)": (-2200, -800),
    "Edo period (1615–1868), late 18th century": (1768, 1800),
    "1100-1200-tallet": (1100, 1299),
    "1. Hälfte 1. Jh. n. Chr.": (1, 50),
    "2./3. Jh. n. Chr.": (101, 300),
    "17./18. Jh.": (1601, 1800),
    "1st–2nd quarter of the 3rd century": (201, 250),
    "10.1923": (1923, 1923),
    "Mar 1957": (1957, 1957),
    "31.12.1999": (1999, 1999),
    "12/31/1999": (1999, 1999),
    "1965-12?": (1965, 1965),
    "1200–present": (1200, THIS_YEAR),
    "2100 BC or earlier": (-2200, -2100),
    "1st century B.C.E. or 1st century C.E.": (-100, 100),
    "last quarter 5th c. BC-first half 4th c. BC": (-425, -351),
    "c. 1500 BP": (450, 450),
    "III sec": (201, 300),
    "1850 I": (1850, 1850),
    "mid 2nd millennium BC": (-1667, -1334),
    "beginning of the 1st millennium BC": (-1000, -668),
    "late 19th/early 20th century": (1868, 1933),
    "1920s-30s": (1920, 1939),
    "19th century?": (1801, 1900),
}
NAMED: dict[str, Span] = {
    "Ptolemaic, Roman": (-332, 395),
    "Ptolemaic Period; Roman Period": (-332, 395),
    "Late Period–Ptolemaic Period": (-664, -30),
    "Imperial, Flavian": (69, 96),
    "Georgian or Victorian": (1714, 1901),
    "Song–Yuan dynasty": (960, 1368),
    "Song dynasty": (960, 1279),
    "Archaic or Hellenistic": (-700, -31),
    "Momoyama period": (1573, 1615),
    "Early Dynastic III": (-2600, -2350),
    "Late Minoan IIIA1": (-1420, -1370),
    "Dynasty 18": (-1550, -1295),
    "18th Dynasty": (-1550, -1295),
    "Eighteenth Dynasty": (-1550, -1295),
    "Dynasties 26-29": (-664, -380),
    "18th-19th Dynasty": (-1550, -1186),
    "XVIIIe dynastie": (-1550, -1295),
    "18. Dynastie": (-1550, -1295),
    "XVIII dinastia": (-1550, -1295),
    "New Kingdom, Dynasty 18, reign of Hatshepsut": (-1473, -1458),
    "New Kingdom, Dynasty 18, reign of Thutmose III-Amenhotep II": (-1479, -1400),
    "Dynasty 18, ca. 1400 B.C.": (-1400, -1400),
    "late Dynasty 18": (-1550, -1295),
    "late Dynasty 18-early Dynasty 19": (-1550, -1186),
    "Qing dynasty (1644–1911)": (1644, 1911),
    "Qing dynasty, Kangxi period": (1662, 1722),
    "Ming dynasty, Wanli mark and period": (1573, 1620),
    "Ming or Qing dynasty": (1368, 1911),
    "Edo period": (1615, 1868),
    "Edo or Meiji period": (1615, 1912),
    "Edo period, 19th century": (1801, 1900),
    "late Edo period": (1615, 1868),
    "Jomon": (-10500, -300),
    "Kaiserzeitlich": (1, 400),
    "Ptolemaic Period": (-332, -30),
    "Flavian": (69, 96),
    "Late Helladic IIIB": (-1330, -1190),
    "LH IIIB": (-1330, -1190),
    "Attic, Late Geometric": (-760, -700),
    "Hellenistic": (-323, -31),
}

AMBIGUOUS = [
    "jaren '50",
    "deceniul III",
    "turn of the century",
    "185?",
    "[192?]",
    "after 1850-60",
    "before 1911-1927",
    "Roman",
    "Momoyama period style",
    "1st-second half of the 3rd century",
    "I",
    "Heinrich I",
    "probably 19th century, possibly earlier",
    "19th century style",
    "in the manner of the 18th century",
    "after a 15th-century original",
    "primo 1850",
    "1850 o 1860",
    "XIX o XX secolo",
    "born 1951",
    "A.H. 1243",
    "Qing dynasty style, 20th century copy",
    "Dynasty 32",
    "present",
    "?-?",
    "Islamic, Byzantine, or Ottoman",
    "Roman or Classical",
    "1850 (second half)",
    "19th century, possibly later",
    "1850s (early)",
    "17e eeuw (tweede helft), 18e eeuw (eerste helft), eind",
    "Islamic or Ottoman",
    "-1964",
    "120x 80 mm",
    "c. -1964",
]
"""What means one of several things, or is no date of the object."""


def _cases() -> list[tuple[str, Span]]:
    tables = (FRENCH, ITALIAN, DUTCH, SWEDISH_AND_NORWEGIAN, ROMANIAN_AND_SPANISH, MARKS_AND_ENDS, NAMED)
    return [case for table in tables for case in table.items()]


@pytest.mark.parametrize(("text", "years"), _cases())
def test_read(text: str, years: Span) -> None:
    """Dates in many languages, and names of periods that mean one thing, are read as the years they mean."""
    assert parse_years(text, usual()) == years


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_left_alone(text: str) -> None:
    """What may mean one of several things gives nothing rather than a guess."""
    assert parse_years(text, usual()) is None


def test_written_years_before_names() -> None:
    """Years that are written count, whatever a name beside them stands for, and are said to be written."""
    for name in ("Vikingetid", "Edo period", "New Kingdom", "Dynasty 18", "Qing dynasty"):
        for form in ("{} (793-1066)", "{}, 793-1066", "{} 793-1066", "793-1066 ({})", "{}: 793–1066", "{} - 793-1066"):
            dating = parse_dating(form.format(name), usual())
            assert dating is not None, form.format(name)
            assert (dating.years, dating.written) == ((793, 1066), True), form.format(name)


_CENTURIES = {
    "English": ("{}th century", "{}th–{}th century"),
    "Danish": ("{}. årh.", "{}.-{}. årh."),
    "German": ("{}. Jh.", "{}./{}. Jh."),
    "Dutch": ("{}e eeuw", "{}e-{}e eeuw"),
    "French": ("{} siècle", "{}-{} siècle"),
    "Italian": ("{} secolo", "{}-{} secolo"),
    "Spanish": ("siglo {}", "siglos {}-{}"),
}
_ERAS = {
    "English": (" BC", " AD"),
    "Danish": (" f.Kr.", " e.Kr."),
    "German": (" v. Chr.", " n. Chr."),
    "Dutch": (" v.Chr.", " n.Chr."),
    "French": (" av. J.-C.", " apr. J.-C."),
    "Italian": (" a.C.", " d.C."),
    "Spanish": (" a.C.", " d.C."),
}
_ROMAN = [
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XVII",
    "XVIII",
    "XIX",
    "XX",
]


@settings(deadline=None)
@given(st.sampled_from(list(_CENTURIES)), st.integers(1, 20), st.integers(1, 20), st.sampled_from([0, 1]))
def test_centuries(language: str, one: int, other: int, era: int) -> None:
    """A range of centuries reaches from the beginning of the first to the end of the last, in every language."""
    single, double = _CENTURIES[language]
    assume(one < other)
    first, last = (one, other) if era else (other, one)

    def said(number: int) -> str:
        if language not in ("French", "Italian", "Spanish"):
            return str(number)
        return _ROMAN[number - 1] + (("er" if number == 1 else "e") if language == "French" else "")

    spans = [parse_years(single.format(said(number)) + _ERAS[language][era]) for number in (first, last)]
    expected = [(100 * n - 99, 100 * n) if era else (-100 * n, -100 * n + 99) for n in (first, last)]
    assert spans == expected
    together = parse_years(double.format(said(first), said(last)) + _ERAS[language][era])
    assert together == (expected[0][0], expected[1][1])


@pytest.mark.parametrize(
    "text", ["1990-", "after 1980", "not before 1966-01-16", "1963-?", "modern period", "1850–present"]
)
def test_nothing_was_made_later_than_this_year(text: str) -> None:
    """An open end, the present and a period that goes on reach to this year, not into the future."""
    found = parse_years(text, usual())
    assert found is not None
    assert found[1] == THIS_YEAR


@settings(deadline=None)
@given(st.integers(-9999, 2100).filter(bool), st.integers(0, 3000), st.sampled_from(["en", "da"]))
def test_what_is_printed_reads_back(first: int, length: int, language: str) -> None:
    """A span of years as the pages print it is read as the same years, but for what may be a shortened pair."""
    last = min(first + length, 2100) or 1
    assume(not (last < 0 and -first >= 100 > -last and parse_years(span(first, last, language)) is None))
    assume(first > 0 or last < 0 or first < 0 < last)
    assert parse_years(span(first, last, language)) == (first, last)
    assert parse_years(year_label(first, language)) == (first, first)


@settings(deadline=None)
@given(st.integers(2, 20))
def test_turns(number: int) -> None:
    """The turn of a century lies where it begins, however it is written."""
    begins = 100 * number - 99
    expected = (begins - TURN_YEARS, begins + TURN_YEARS - 1)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number if number < 20 else 0, "th")
    assert parse_years(f"turn of the {number}{ending} century AD") == expected
    assert parse_years(f"Wende zum {number}. Jh.") == expected
    assert parse_years(f"turn of the {number - 1}th-{number}th century") == expected


_FRAGMENTS = st.sampled_from(
    [
        *(
            "1",
            "18",
            "1850",
            "-",
            "–",
            "/",
            " ",
            ".",
            ",",
            "(",
            ")",
            "?",
            "i",
            "x",
            "s",
            "e ",
            "th ",
            "dynasty ",
            "a.h. ",
        ),
        *(
            "mars ",
            "sec. ",
            "BC ",
            "before ",
            "AD",
            "1/4 ",
            "12.",
            "et ",
            "±",
            "xx",
            "1850-",
            "& ",
            "de ",
            "jan. ",
            "=",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_FRAGMENTS, min_size=1, max_size=4), st.integers(1, 400))
def test_time_is_bounded(fragments: list[str], times: int) -> None:
    """Texts made to be read slowly, as long as any that is read, take no more than a moment; longer ones none."""
    text = "".join(fragments) * times
    began = time.perf_counter()
    found = [parse_dating(text[:400], usual()), parse_dating(text, usual())]
    assert time.perf_counter() - began < 0.5
    assert all(one is None or one.years[0] <= one.years[1] for one in found)
    assert len(text) <= 400 or found[1] is None
