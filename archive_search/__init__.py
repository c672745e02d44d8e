"""Find in a museum's photographs and drawings what nobody wrote into the catalogue."""

from archive_search.archive import Archive
from archive_search.plan import Plan, run, trace
from archive_search.strategies import STRATEGIES
from archive_search.types import (
    ArchiveSearchError,
    Example,
    Hit,
    Match,
    Missing,
    Near,
    Query,
    Range,
    Ranking,
    Record,
    Within,
)

__all__ = [
    "STRATEGIES",
    "Archive",
    "ArchiveSearchError",
    "Example",
    "Hit",
    "Match",
    "Missing",
    "Near",
    "Plan",
    "Query",
    "Range",
    "Ranking",
    "Record",
    "Within",
    "run",
    "trace",
]
