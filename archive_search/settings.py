"""What a person decided about an archive: the file `archive.toml`."""

from __future__ import annotations

import dataclasses
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from archive_search.atomic import atomic_write
from archive_search.knobs import from_data
from archive_search.metadata.own import OwnField
from archive_search.types import ArchiveError, InvalidInputError

SETTINGS = "archive.toml"
"""The file that makes a directory an archive."""
COPY = f"{SETTINGS}.bak"
"""The settings as the last ingest left them, beside the file that people edit."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """
    The settings of one archive.

    `embedders` are those that `ingest` uses when none is named, the first is the space searched by default; `fields`
    maps a field to the metadata's column or columns; `own` are the fields that only this archive has, the sections
    `[fields.own.NAME]`; `languages` are those of the metadata, whose words are stemmed in
    them unless a record says its own; `store` is '' for the embedded index, or `http(s)://host:6333/NAME`;
    `precision` fixes how the index keeps its vectors, '' goes by their number (see docs/explanation/scale.md);
    `pictures` are the folders that were ingested, for opening the original pictures again; `tiles` says that ingests
    make vectors of parts of the pictures as well. `id` tells the archive from all others, whatever it is called.
    """

    name: str
    embedders: tuple[str, ...] = ()
    fields: Mapping[str, str | tuple[str, ...]] = dataclasses.field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "da", "de")
    store: str = ""
    pictures: tuple[str, ...] = ()
    tiles: bool = False
    id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))
    own: Mapping[str, OwnField] = dataclasses.field(default_factory=dict)
    precision: str = ""

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns that fill each mapped field."""
        return {field: (one,) if isinstance(one, str) else tuple(one) for field, one in self.fields.items()}


def enclosing_archive(path: Path) -> Path | None:
    """The archive that a path is, or lies in; None where there is none. Links are resolved."""
    whole = path.resolve()
    return next((one for one in (whole, *whole.parents) if (one / SETTINGS).is_file()), None)


def read_settings(file: Path) -> Settings:
    """
    Read `archive.toml`.

    Raises:
        ArchiveError: If it cannot be read or is not valid, naming the field.
    """
    try:
        return _settings(tomllib.loads(file.read_text(encoding="utf-8")), file.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{file} is not valid TOML: {error}.{_remedy(file)}") from error
    except InvalidInputError as error:
        raise ArchiveError(f"{file}: {error}{_remedy(file)}") from error
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}.") from error


def write_settings(file: Path, settings: Settings) -> None:
    """Write `archive.toml`, all or nothing."""
    plain = dataclasses.asdict(dataclasses.replace(settings, own={}))
    data = {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items() if key != "own"}
    if settings.own:
        data["fields"] = {**settings.fields, _OWN: {name: one.to_data() for name, one in settings.own.items()}}
    with atomic_write(file, durable=True) as part:
        part.write_text(tomli_w.dumps(data), encoding="utf-8")


def _settings(data: dict[str, Any], what: str) -> Settings:
    """The settings that a file says; InvalidInputError names what is wrong, and where."""
    if "id" not in data:  # written by hand: one that is the same whenever it is read
        data = {**data, "id": str(uuid.uuid5(uuid.NAMESPACE_OID, str(data.get("name"))))}
    fields = data.get("fields")
    if not isinstance(fields, dict) or not isinstance(fields.get(_OWN), dict):
        return from_data(Settings, data, what)
    mapped = {name: column for name, column in fields.items() if name != _OWN}
    settings = from_data(Settings, {**data, "fields": mapped}, what)
    own = {name: from_data(OwnField, one, f"{what}: [fields.{_OWN}.{name}]") for name, one in fields[_OWN].items()}
    return dataclasses.replace(settings, own=own)


_OWN = "own"


def keep_copy(file: Path) -> None:
    """Keep a copy of `archive.toml` beside it, for when it is lost or spoilt."""
    said, copy = file.read_bytes(), file.with_name(COPY)
    if not copy.is_file() or copy.read_bytes() != said:
        with atomic_write(copy, durable=True) as part:
            part.write_bytes(said)


def _remedy(file: Path) -> str:
    copied = f", or copy {COPY} to {file.name}: the settings as the last ingest left them"
    return f" Mend it{copied if file.with_name(COPY).is_file() else ''}."
