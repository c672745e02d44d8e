"""Names of archaeological periods and the years they stand for, by region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from archive_search.types import UnknownNameError

Span: TypeAlias = tuple[int, int]
"""First and last year, both included; years before Christ are negative and there is no year 0."""

Periods: TypeAlias = Mapping[str, Span]
"""Years by the period's name in lower case."""

_THIS_CENTURY = 2100


def _named(table: Mapping[Span, str]) -> dict[str, Span]:
    """A table written span first, its names separated by vertical bars."""
    return {name.strip(): span for span, names in table.items() for name in names.split("|")}


SOUTHERN_SCANDINAVIA: Periods = _named(
    {
        (-250000, -9000): "palaeolithic | paleolithic | palæolitikum | palæolitisk tid | paläolithikum",
        (
            -12500,
            -9000,
        ): "late palaeolithic | late paleolithic | upper palaeolithic | upper paleolithic | senpalæolitikum",
        (-12500, -1700): "stone age | stenalder | stenalderen | steinzeit",
        (-12500, -3900): """older stone age | early stone age | ældre stenalder |
            jægerstenalder | hunter stone age | ältere steinzeit""",
        (-9000, -3900): "mesolithic | mesolitikum | mesolitisk tid | mesolithikum | mittelsteinzeit",
        (-9000, -6400): "maglemose | maglemose culture | maglemosekultur | maglemosetid",
        (-6400, -5400): "kongemose | kongemose culture | kongemosekultur | kongemosetid",
        (
            -5400,
            -3900,
        ): """ertebølle | ertebolle | ertebølle culture | ertebølle period | ertebøllekultur | ertebølletid |
            ertebølle-kultur""",
        (-3900, -1700): """neolithic | neolitikum | neolitisk tid | neolithikum | younger stone age | late stone age |
            yngre stenalder | bondestenalder | jungsteinzeit""",
        (
            -3900,
            -3300,
        ): "early neolithic | tidligneolitikum | tidlig neolitikum | tidligneolitisk tid | frühneolithikum",
        (
            -3300,
            -2350,
        ): "middle neolithic | mellemneolitikum | mellem neolitikum | mellemneolitisk tid | mittelneolithikum",
        (-3300, -2800): "middle neolithic a | mellemneolitikum a | mna | mn a",
        (-2800, -2350): """middle neolithic b | mellemneolitikum b | mnb | mn b | single grave culture |
            enkeltgravskultur | enkeltgravstid | einzelgrabkultur""",
        (
            -2350,
            -1700,
        ): """late neolithic | senneolitikum | sen neolitikum | senneolitisk tid | dolktid | dagger period |
            spätneolithikum""",
        (-3900, -2800): "funnel beaker culture | trb | tragtbægerkultur | tragtbæger | trichterbecherkultur",
        (-1700, -500): "bronze age | nordic bronze age | bronzealder | bronzealderen | bronzezeit",
        (
            -1700,
            -1100,
        ): "early bronze age | older bronze age | ældre bronzealder | ältere bronzezeit | frühe bronzezeit",
        (-1100, -500): """late bronze age | younger bronze age | yngre bronzealder | jüngere bronzezeit |
            späte bronzezeit""",
        (-1700, -1500): "bronze age period i | bronzealder periode i | bronzealder per. i",
        (-1500, -1300): "bronze age period ii | bronzealder periode ii | bronzealder per. ii",
        (-1300, -1100): "bronze age period iii | bronzealder periode iii | bronzealder per. iii",
        (-1100, -900): "bronze age period iv | bronzealder periode iv | bronzealder per. iv",
        (-900, -700): "bronze age period v | bronzealder periode v | bronzealder per. v",
        (-700, -500): "bronze age period vi | bronzealder periode vi | bronzealder per. vi",
        (-500, 800): "iron age | jernalder | jernalderen | eisenzeit",
        (-500, 400): "early iron age | older iron age | ældre jernalder | ältere eisenzeit",
        (-500, -1): """pre-roman iron age | preroman iron age | førromersk jernalder | førromersk tid |
            vorrömische eisenzeit | celtic iron age | keltisk jernalder""",
        (1, 400): "roman iron age | romersk jernalder | romertid | romersk tid | römische kaiserzeit | kaiserzeit",
        (1, 160): "early roman iron age | older roman iron age | ældre romersk jernalder | ældre romertid",
        (160, 400): "late roman iron age | younger roman iron age | yngre romersk jernalder | yngre romertid",
        (400, 800): """late iron age | germanic iron age | germansk jernalder | germansk tid | younger iron age |
            yngre jernalder | jüngere eisenzeit""",
        (400, 550): """early germanic iron age | older germanic iron age | ældre germansk jernalder | migration period |
            folkevandringstid | folkevandringstiden | völkerwanderungszeit""",
        (550, 800): """late germanic iron age | younger germanic iron age | yngre germansk jernalder | vendel period |
            vendeltid | merovingian period | merovingertid""",
        (800, 1050): """viking age | viking period | vikingetid | vikingetiden | wikingerzeit""",
        (1050, 1536): """medieval | medieval period | middle ages | the middle ages | middelalder | middelalderen |
            middelalderlig | mittelalter""",
        (1050, 1200): "early medieval | early middle ages | tidlig middelalder | ældre middelalder",
        (1200, 1350): "high medieval | high middle ages | højmiddelalder",
        (1350, 1536): "late medieval | late middle ages | senmiddelalder | sen middelalder | spätmittelalter",
        (1536, 1660): "renaissance | renæssance | renæssancen | efterreformatorisk tid | post-reformation",
        (1536, _THIS_CENTURY): "post-medieval | post medieval | eftermiddelalder | neuzeit",
        (1660, _THIS_CENTURY): "modern | modern period | modern times | nyere tid | modern tid",
        (-12500, 1050): "prehistoric | prehistory | oldtid | oldtiden | forhistorisk tid | vorgeschichte",
    }
)
"""
Denmark, Scania and Schleswig.

The main periods as the National Museum of Denmark shows them (guide to "Danish Prehistory": hunters' Stone Age
12,500-3900 BC, farmers' Stone Age 3900-1700, Bronze Age 1700-500, Iron Age 500 BC to AD 800, Viking Age 800-1050);
the parts within them as in J. Jensen, *Danmarks Oldtid* (4 volumes, Copenhagen 2001-2004), rounded, for the Bronze
Age after O. Montelius' six periods; the Palaeolithic in general is left wide, and the Middle Ages end with the
Reformation of 1536. Authors differ by up to half a century (Germanic Iron Age from 375, Viking Age from 750 or 793,
Middle Neolithic from 3200): where an archive follows others, its own table goes before this one.
"""

BRITAIN: Periods = _named(
    {
        (-500000, -10000): "palaeolithic | paleolithic",
        (-10000, -4000): "mesolithic",
        (-4000, -2200): "neolithic",
        (-4000, -3300): "early neolithic",
        (-3300, -2900): "middle neolithic",
        (-2900, -2200): "late neolithic",
        (-2600, -700): "bronze age",
        (-2600, -1600): "early bronze age",
        (-1600, -1200): "middle bronze age",
        (-1200, -700): "late bronze age",
        (-800, 43): "iron age",
        (-800, -400): "early iron age",
        (-400, -100): "middle iron age",
        (-100, 43): "late iron age",
        (43, 410): "roman | roman period | romano-british",
        (410, 1066): "early medieval | early medieval period | anglo-saxon | anglo saxon",
        (1066, 1540): "medieval | medieval period | middle ages",
        (1540, 1901): "post medieval | post-medieval",
        (1901, _THIS_CENTURY): "modern | modern period",
        (1837, 1901): "victorian",
        (-500000, 43): "prehistoric",
    }
)
"""
England and Wales, after the period list of Historic England and the Forum on Information Standards in Heritage (FISH),
which the Portable Antiquities Scheme follows.
"""

REGIONS: dict[str, Periods] = {"southern-scandinavia": SOUTHERN_SCANDINAVIA, "britain": BRITAIN, "none": {}}
"""Tables by region; `none` knows no period, so that only dates in figures are understood."""

DEFAULT_REGION = "southern-scandinavia"


def periods_of(region: str, own: Periods | None = None) -> Periods:
    """
    The periods of a region, an archive's own names before them.

    Raises:
        UnknownNameError: If there is no such region.
    """
    if region not in REGIONS:
        raise UnknownNameError(f"There is no table of periods for {region!r}. Known: {', '.join(REGIONS)}.")
    if not own:
        return REGIONS[region]
    return {**REGIONS[region], **{name.strip().casefold(): span for name, span in own.items()}}
