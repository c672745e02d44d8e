"""
Makes the pictures of exports in docs/images: `python -m docs.making.exported ARCHIVE`.

Needs LibreOffice and pdftoppm (poppler-utils).
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from archive_search.archive import Archive
from docs.making.pictures import save

IMAGES = Path(__file__).parents[1] / "images"


def pages(file: Path, numbers: tuple[int, ...], dots: int) -> list[Image.Image]:
    """Pages of a PDF, from 1, as pictures of so many dots an inch."""
    made = []
    for number in map(str, numbers):
        command = ["pdftoppm", "-png", "-r", str(dots), "-f", number, "-l", number, str(file)]
        made.append(Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)))
    return made


def beside(some: list[Image.Image], gap: int = 24) -> Image.Image:
    """Pictures side by side on grey."""
    width, height = sum(one.width + gap for one in some) + gap, max(one.height for one in some) + 2 * gap
    sheet = Image.new("RGB", (width, height), (225, 225, 222))
    at = gap
    for one in some:
        sheet.paste(one, (at, gap))
        at += one.width + gap
    return sheet


def main(archive: Path) -> None:
    """Export the set of docs/how-to/cite-and-repeat.md, and picture what comes."""
    found = Archive.open(archive).search("axe", refine=["flint"], limit=50)
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        found.export(folder / "axes.pdf")
        save(IMAGES / "catalogue.png", beside(pages(folder / "axes.pdf", (1, 2, 3), 50)))
        found.export(folder / "axes.xlsx")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "office")]
        subprocess.run([*convert, str(folder / "axes.xlsx")], check=True, capture_output=True)
        (sheet,) = pages(folder / "office" / "axes.pdf", (1,), 280)
        save(IMAGES / "workbook.png", sheet.crop((170, 190, 1450, 640)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
