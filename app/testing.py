"""A small museum for tests of the pages, and its server: `python -m app.testing [--share] ARCHIVE PORT`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.embedders.palette import PaletteEmbedder
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo
from ingest import pipeline
from ingest.hub_correction import Banks, hub_correction, hubs_in_hand
from ingest.ledger import Ledger
from ingest.progress import Summary
from ingest.source import Source
from ingest.sources.folder import Folder

FIELDS = ("title", "object_type", "material", "period", "place", "date_from", "date_to", "record_url", "licence")
COLUMNS = ("file", "id", "object_id", *FIELDS, "finder", "accession_number")
KINDS = [  # title, object type, material, period, place, years, colour, how many
    ("Flint axe", "axe", "flint", "Neolithic", "Møn", (-3900, -1700), "grey", 20),
    ("Bronze sword", "sword", "bronze", "Bronze Age", "", (-1500, -1100), "brown", 20),
    ("Glass bead", "bead", "glass", "Viking Age", "Ribe", (800, 1050), "blue", 15),
    ("Lump", "", "", "", "", None, "black", 5),
]
TOTAL = sum(kind[-1] for kind in KINDS)


def register_hash_embedder() -> None:
    """Let archives find the hash embedder by its name, as they find an installed one."""
    info = EmbedderInfo("hash", 64, HashEmbedder.modalities, "hashes", "none", HashEmbedder)
    EMBEDDERS._found["hash"] = info


def write_museum(folder: Path) -> None:
    """Sixty small pictures and the catalogue that describes them; every tenth object has a second view."""
    (folder / "pictures").mkdir(parents=True)
    rows = []
    for title, kind, material, period, place, years, colour, many in KINDS:
        for number in range(many):
            name = f"{(kind or 'lump')[:2].upper()}{number:03d}"
            shared = f"{(kind or 'lump')[:2].upper()}{number - number % 10 if number % 10 < 2 else number:03d}"
            draw(folder / "pictures" / f"{name}.png", colour, number)
            first, last = years or ("", "")
            url = f"https://museum.example/{name}" if number == 0 else ""
            known = [f"{title} {number}", kind, material, period, place, first, last, url, "CC0", "A. Finder"]
            known.append(f"{(kind or 'lump')[:2].upper()}.86.{number}")
            rows.append([f"pictures/{name}.png", name, shared, *known])
    write_catalogue(folder, rows)


def write_catalogue(folder: Path, rows: Sequence[Sequence[object]]) -> None:
    """Write `records.csv`."""
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def draw(file: Path, colour: str, number: int) -> None:
    """One shape of a colour; its place and size follow the number."""
    picture = Image.new("RGB", (48, 64), "white")
    left, top = 4 + number % 5 * 3, 4 + number % 7 * 4
    ImageDraw.Draw(picture).ellipse((left, top, left + 20, top + 12 + number), fill=colour)
    picture.save(file)


def source(folder: Path) -> Folder:
    """The museum as a source."""
    return Folder(folder, folder / "records.csv")


def ingest(archive: Archive, records: Source) -> Summary:
    """Bring an archive up to date."""
    with Ledger(archive.ledger) as ledger:
        banks = Banks(archive.directory / "banks", ledger)
        return pipeline.run(
            records,
            index=archive.index,
            ledger=ledger,
            thumbnails=archive.thumbnails,
            embedders=[HashEmbedder(), PaletteEmbedder()],
            in_hand=[hubs_in_hand(HashEmbedder(), banks)],
            finish=[hub_correction(HashEmbedder(), banks)],
        )


def build(directory: Path) -> Path:
    """A new archive of the museum below `directory`."""
    write_museum(directory / "museum")
    settings = Settings(name="Test museum", embedders=("hash",), pictures=(str(directory / "museum"),))
    summary = ingest(Archive.create(directory / "archive", settings), source(directory / "museum"))
    assert summary.added == TOTAL, summary
    return directory / "archive"


if __name__ == "__main__":
    import sys

    from app.server import serve

    register_hash_embedder()
    *share, archive, port = sys.argv[1:]
    serve(Path(archive), int(port), open_browser=False, share=share == ["--share"])
