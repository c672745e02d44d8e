"""
Who may use an archive that is shared: the file `share.toml` beside `archive.toml`.

Its sections are [auth], the login as Streamlit reads it, [people], everybody's role by e-mail address, and [share], who
runs the server. Without it an archive is one person's on their own machine, who may do everything.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from app.hosts import is_own_name
from archive_search.knobs import from_data
from archive_search.types import ArchiveError, InvalidInputError, NotInstalledError

FILE = "share.toml"
SHARED = "ARCHIVE_SEARCH_SHARED"
"""The environment variable that names the file, where the archive is shared."""
CALLBACK = "/oauth2callback"
"""Where a provider sends people back to once they have logged in."""
_SECRET = 32

Role = Literal["reader", "judge", "editor"]
ROLES: tuple[Role, ...] = ("reader", "judge", "editor")
"""From the one who may least: each may all that those before it may."""


@dataclass(frozen=True)
class Auth:
    """A login with OpenID Connect, as Streamlit reads it from [auth]."""

    redirect_uri: str
    cookie_secret: str
    client_id: str
    client_secret: str
    server_metadata_url: str
    client_kwargs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """Who runs the server, as people read it on the login page: a name, and how to reach them."""

    run_by: str


@dataclass(frozen=True)
class Sharing:
    """
    What `share.toml` says.

    In `people` an address is whole (`anna@museum.example`), or stands for all of a house (`*@museum.example`).
    """

    share: Share
    auth: Auth
    people: Mapping[str, Role]

    def role(self, email: str) -> Role | None:
        """The role of a person; None where they have none. Their own address counts before that of the house."""
        asked = email.strip().lower()
        roles = {address.strip().lower(): role for address, role in self.people.items()}
        return roles.get(asked) or roles.get(f"*@{asked.rpartition('@')[2]}") if "@" in asked else None

    @property
    def host(self) -> str:
        """The name under which people come."""
        return urlsplit(self.auth.redirect_uri).hostname or ""


def read_sharing(file: Path) -> Sharing:
    """
    Read `share.toml`.

    Raises:
        ArchiveError: If it is not there, or is not valid; says what has to be written where.
        NotInstalledError: If what logs people in is not installed.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        read = from_data(Sharing, data, file.name)
        _check(read)
    except FileNotFoundError as error:
        raise ArchiveError(
            f"An archive is shared only behind a login, and there is none: write {file} with the sections [share], "
            "[auth] and [people], as docs/how-to/share.md shows. Without --share it is served to this machine only."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{file} is not valid TOML: {error}.") from error
    except InvalidInputError as error:
        raise ArchiveError(f"{file.parent}: {error} docs/how-to/share.md shows what it should say.") from error
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}.") from error
    if importlib.util.find_spec("authlib") is None:
        raise NotInstalledError("A login needs Authlib: pip install 'archive-search[share]'")
    return read


def shared() -> Sharing | None:
    """Who may use the archive that is served, as the file says now; None where it is not shared."""
    name = os.environ.get(SHARED, "")
    if not name:
        return None
    file = Path(name)
    return _read(file, file.stat().st_mtime_ns if file.is_file() else 0)


def role_of(claims: Mapping[str, Any], sharing: Sharing) -> Role | None:
    """The role of somebody who has logged in, by what their provider says of them; None where they have none."""
    if not claims.get("is_logged_in") or claims.get("email_verified") is False:
        return None
    return sharing.role(str(claims.get("email") or ""))


@functools.lru_cache(maxsize=4)
def _read(file: Path, changed_ns: int) -> Sharing:
    return read_sharing(file)


def _check(read: Sharing) -> None:
    """Refuse what would be a login in name only."""
    where = urlsplit(read.auth.redirect_uri)
    if where.scheme not in ("http", "https") or not where.hostname or where.path != CALLBACK:
        raise InvalidInputError(
            f"auth.redirect_uri must be the address of the server with {CALLBACK} at its end, such as "
            f"https://search.museum.example{CALLBACK}, not {read.auth.redirect_uri!r}."
        )
    if where.scheme == "http" and not is_own_name(where.hostname):
        raise InvalidInputError(
            "auth.redirect_uri must begin with https://: over http others on the way read along, and take a login over."
        )
    if len(read.auth.cookie_secret) < _SECRET:
        raise InvalidInputError(
            f"auth.cookie_secret must have {_SECRET} characters or more, drawn at random: "
            "python -c 'import secrets; print(secrets.token_hex())' draws one."
        )
    for name in ("client_id", "client_secret", "server_metadata_url"):
        if not cast(str, getattr(read.auth, name)).strip():
            raise InvalidInputError(f"auth.{name} is empty: the provider of the login tells it.")
    if not read.share.run_by.strip():
        raise InvalidInputError("share.run_by is empty: it tells people who runs the server, and how to reach them.")
    if not read.people:
        raise InvalidInputError("[people] names nobody: give at least one address a role.")
    for address in read.people:
        name, at, house = address.strip().rpartition("@")
        if not at or not house or not name or "*" in house or ("*" in name and name != "*"):
            raise InvalidInputError(
                f"[people] has {address!r}: an address is whole (anna@museum.example) or that of a house "
                "(*@museum.example)."
            )
