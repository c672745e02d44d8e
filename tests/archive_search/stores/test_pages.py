"""Pages of points stay small, and nothing is lost between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive_search.stores.pages import PAGE, TILES, points_to_read, to_write


def test_points_to_read() -> None:
    """Pages hold as many points as make so many numbers, tiles counted, one at least and `PAGE` at most."""
    assert points_to_read({}, 1 << 20) == PAGE
    assert points_to_read({"a": 1024}, 1 << 20) == PAGE
    assert points_to_read({"a": 1024, "b": 1024}, 1 << 20) == 512
    assert points_to_read({"a-tiles": 1024}, 1 << 20) == 1024 // TILES
    assert points_to_read({"a": 1024, "a-tiles": 1024}, 100) == 1


@given(sizes=st.lists(st.integers(0, 50), max_size=60), numbers=st.integers(0, 100))
def test_to_write(sizes: list[int], numbers: int) -> None:
    """Whatever the sizes, the pages together are the items in order, none is empty, and none could be larger."""
    pages = list(to_write(range(len(sizes)), sizes, numbers))
    assert [one for page in pages for one in page] == list(range(len(sizes)))
    totals = [sum(sizes[one] for one in page) for page in pages]
    assert all(len(page) == 1 or total <= numbers for page, total in zip(pages, totals, strict=True))
    assert all(total + sizes[page[0]] > numbers for total, page in zip(totals, pages[1:], strict=False))


def test_many_small_items() -> None:
    """A page holds no more than `PAGE` items, however small they are."""
    assert [len(page) for page in to_write(range(2500), [0] * 2500, 10)] == [PAGE, PAGE, 500]
