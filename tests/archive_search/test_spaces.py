"""Spaces of tiles are known by their names."""

from __future__ import annotations

import pytest

from archive_search.spaces import is_tiled, tile_space, whole_space


@pytest.mark.parametrize("space", ["demo", "clip-vit-b-32", "tiles"])
def test_names(space: str) -> None:
    """A space and the space of its tiles lead to each other, and only the second is tiled."""
    assert tile_space(space) == f"{space}-tiles"
    assert is_tiled(tile_space(space))
    assert whole_space(tile_space(space)) == space
    assert not is_tiled(space)
    assert whole_space(space) == space
