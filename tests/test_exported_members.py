"""The public names of the library."""

import archive_search


def test_all_lists_what_is_imported():
    """Every public name that the package holds is in `__all__`, sorted, and nothing else."""
    import types

    public = {
        name
        for name, value in vars(archive_search).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert set(archive_search.__all__) == public
    assert archive_search.__all__ == sorted(archive_search.__all__, key=lambda name: (not name.isupper(), name))
