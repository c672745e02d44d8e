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
    Query,
    Range,
    Ranking,
    Record,
)

__all__ = [
    "STRATEGIES",
    "Archive",
    "ArchiveSearchError",
    "Example",
    "Hit",
    "Match",
    "Missing",
    "Plan",
    "Query",
    "Range",
    "Ranking",
    "Record",
    "run",
    "trace",
]
