"""How settings are called on the command line, so that what the library says of a setting can be followed there."""

from __future__ import annotations

from archive_search.types import ArchiveSearchError

_OTHERWISE = {
    "fields": "--map",
    "only_set": "--set",
    "from_date": "--from",
    "until_date": "--until",
    "source": "--from",
}
"""Flags whose name is not the setting's."""


def flag(setting: str) -> str:
    """The flag of a setting or argument."""
    return _OTHERWISE.get(setting, "--" + setting.replace("_", "-"))


def told(error: ArchiveSearchError) -> str:
    """What an error says, and the flags of the settings that it speaks of."""
    flags = ", ".join(flag(one) for one in error.settings)
    return f"{error} ({flags})" if flags else str(error)
