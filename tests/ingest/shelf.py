"""A small service for tests of harvests: objects with a picture each, on pages, that a `Replay` answers with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from archive_search.knobs import knob
from archive_search.types import Record
from ingest.harvest.client import Client
from ingest.harvest.harvested import Harvested
from ingest.harvest.meaning import metadata_of
from ingest.harvest.remote import Item, Page
from ingest.source import Rejected
from ingest.testing import picture
from tests.ingest.replay import Replay


@dataclass(frozen=True)
class Shelf(Harvested):
    """The objects at an address."""

    url: str = knob("", "Address")
    rate: float = knob(1000.0, "Requests a second")
    allow_private: bool = knob(True, "Private servers")

    @property
    def origin(self) -> str:
        """The address."""
        return self.url

    def pages(self, client: Client, resume: str, since: str) -> Iterator[Page]:
        """The list, by the addresses of its pages."""
        at = resume or f"{self.url}/list?page=1" + (f"&since={since}" if since else "")
        while at:
            said = client.json(at)
            items = [Item(one["id"], one, f"{self.url}/{one['id']}") for one in said["items"] if not one.get("gone")]
            items += [Item(one["id"], None, removed=True) for one in said["items"] if one.get("gone")]
            at = said["next"]
            yield Page(items, at, said["total"])

    def described(self, item: Item) -> Iterator[Record | Rejected]:
        """One record."""
        said = item.content
        values = {name: said.get(name, "") for name in ("licence", "period")} | {"title": said["title"]}
        yield Record(item.key, said["image"], metadata_of(values))


@dataclass(frozen=True)
class ChangingShelf(Shelf):
    """A shelf that tells what has changed."""

    tells_changes: ClassVar[bool] = True


def stock(server: Replay, count: int, size: int = 10, pictures: bool = True) -> list[dict[str, str]]:
    """Put so many objects on the server, and give the list, which may be changed."""
    names = [f"o{number:05}" for number in range(count)]
    items = [{"id": name, "title": f"Axe {name}", "image": f"{server.url}/{name}.png"} for name in names]
    for number, name in enumerate(names if pictures else ()):
        server.answer(f"/{name}.png", picture(number), type="image/png", etag=f'"{name}"')
    server.pages("/list", items, size)
    return items
