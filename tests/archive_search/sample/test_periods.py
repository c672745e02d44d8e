import numpy as np
import pytest

from archive_search.sample.periods import BRONZE_AGE, MODERN, NEOLITHIC, VIKING_AGE, dated, written


@pytest.mark.parametrize("period", [NEOLITHIC, BRONZE_AGE, VIKING_AGE, MODERN])
def test_dates_lie_within_their_period(period):
    """A date begins before it ends, and both lie within the period."""
    rng = np.random.default_rng(1)
    for _ in range(100):
        start, end = dated(period, rng)
        assert period.start <= start < end <= period.end


@pytest.mark.parametrize(
    ("start", "end", "danish", "text"),
    [
        (-3400, -2900, False, "c. 3400-2900 BC"),
        (-3400, -2900, True, "ca. 3400-2900 f.Kr."),
        (-100, 200, False, "100 BC-AD 200"),
        (100, 200, False, "2nd century AD"),
        (900, 1000, True, "10. årh. e.Kr."),
        (1050, 1200, False, "AD 1050-1200"),
        (1961, 1964, True, "1961-1964"),
    ],
)
def test_written(start, end, danish, text):
    """A date is written as a catalogue in that language writes it."""
    assert written(start, end, danish) == text
