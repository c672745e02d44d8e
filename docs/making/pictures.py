"""
Makes the pictures of the tutorial and the README in docs/images: `python -m docs.making.pictures [ARCHIVE]`.

ARCHIVE is one that `archive-search demo` has made, with its topics; without it a new one is drawn. Chromium must be
there, and the extra `archive-search[map]`.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from app.commands.demo import keep_topics
from archive_search.stores.file_copy import copy_tree
from benchmarks.served import CHROMIUM, served

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
SIZE = (1280, 860)
PATIENCE_MS = 120_000


# ------------------------------------------------------------------ what each picture shows

QUESTION = "q=a+bead&apart=red"
"""The question of the evening; every page has it in its address."""
COLLECTION, NAME = "Red beads", "Ann"


def begin(page: Page) -> None:
    """The archive as it opens."""
    look(page, "/", ".tile")


def what(page: Page) -> None:
    """One word asked."""
    look(page, "/?q=a+bead", ".tile")


def search(page: Page) -> None:
    """A bead, and red: the README's picture."""
    look(page, f"/?{QUESTION}", ".tile")


def sentence(page: Page) -> None:
    """A whole sentence, and what was understood."""
    look(page, "/?q=red+beads+from+Bornholm,+not+a+drawing", ".st-key-understood")


def where(page: Page) -> None:
    """A filter, and what it leaves out."""
    look(page, f"/?{QUESTION}&object_type=bead", ".tile")


def plates(page: Page) -> None:
    """Of plates the part that fits."""
    look(page, f"/?{QUESTION}&parts=large", ".tile")


def places(page: Page) -> None:
    """Find-spots on the map of the country."""
    look(page, f"/?{QUESTION}&object_type=bead&view=places", ".tile")


def years(page: Page) -> None:
    """What was found, along the years."""
    look(page, f"/?{QUESTION}&object_type=bead&view=time", ".tile")


def why(page: Page) -> Locator:
    """How the ranking came about."""
    look(page, f"/?{QUESTION}", ".tile")
    page.get_by_text("How was this ranked?").click()
    page.locator("table.funnel").wait_for()
    ready(page)
    return page.locator(".st-key-why")


def record(page: Page) -> None:
    """One plate, opened, with its parts."""
    look(page, f"/record?{QUESTION}&id=A8834", ".st-key-way")


def compare(page: Page) -> None:
    """Two rankings of the question, side by side."""
    look(page, f"/compare?{QUESTION}", "main img")


def around(page: Page) -> None:
    """Every picture near those that resemble it, with the question lit; drawn first where it is not there."""
    page.goto(f"/map?{QUESTION}")
    page.locator(".map-chart[data-drawn], .st-key-draw-map").first.wait_for()
    ready(page)
    if (draw := page.locator(".st-key-draw-map button")).count():
        draw.click()
    page.locator(".map-chart[data-drawn]").wait_for(timeout=5 * PATIENCE_MS)
    ready(page)


def collections(page: Page) -> None:
    """The first dozen, collected."""
    look(page, f"/?{QUESTION}", ".tile")
    page.get_by_test_id("stMenuButton").get_by_role("button", name="Keep").click()
    wanted = re.compile("Collect these records")
    page.get_by_role("menuitem", name=wanted).or_(page.get_by_role("option", name=wanted)).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the new collection").fill(COLLECTION)
    dialog.get_by_label("Records from the top", exact=True).fill("12")
    dialog.get_by_role("textbox", name="Your name").fill(NAME)
    dialog.get_by_role("button", name=re.compile("^Collect")).click()
    page.get_by_role("link", name="Show").filter(has_text="Show").click()
    page.get_by_role("heading", name=COLLECTION).wait_for()
    ready(page)


def export(page: Page) -> None:
    """The collection, written to a file."""
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the file").click()
    dialog.locator(".st-key-export-download").wait_for()
    ready(page)


def judge(page: Page) -> None:
    """The question made a topic, and its first picture to judge."""
    look(page, f"/judge?{QUESTION}", "form, [data-testid=stForm]")
    page.get_by_role("button", name="Keep this topic, and judge").click()
    page.locator(".judging-picture img").wait_for()
    ready(page)


def archive(page: Page) -> None:
    """What is in the archive."""
    look(page, "/archive", "h1")


def evaluate(page: Page) -> None:
    """What the sample's judgements allow to say."""
    look(page, "/evaluate", ".st-key-measure")
    page.locator(".st-key-measure button").click()
    page.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=5 * PATIENCE_MS)
    ready(page)


PICTURES: dict[str, Callable[[Page], Locator | None]] = {
    "begin": begin,
    "what": what,
    "search": search,
    "sentence": sentence,
    "where": where,
    "plates": plates,
    "places": places,
    "years": years,
    "why": why,
    "record": record,
    "compare": compare,
    "map": around,
    "collections": collections,
    "export": export,
    "judge": judge,
    "archive": archive,
    "evaluate": evaluate,
}
"""
What brings up each picture, in turn on one page, by its name in docs/images; it gives the part to show, if not all.
"""


# ------------------------------------------------------------------ how they are made


def look(page: Page, address: str, shown: str) -> None:
    """Open a page, and wait until it shows what is told by a selector, and all else."""
    page.goto(address)
    page.locator(shown).first.wait_for()
    ready(page)


def ready(page: Page) -> None:
    """Wait until nothing runs, every picture is there, and what opens has opened."""
    page.wait_for_function("document.body.dataset.drawn === location.pathname + location.search")
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)


def sample(directory: Path) -> Path:
    """A new sample archive."""
    pictures, archive = directory / "sample", directory / "demo-archive"
    subprocess.run(command("sample", pictures), check=True, env=ENVIRONMENT)
    ingest = ("ingest", "folder", pictures / "pictures", "--metadata", pictures / "records.csv")
    options = ("--embedder", "demo", "--tiles", "--archive", archive)
    subprocess.run(command(*ingest, *options), check=True, env=ENVIRONMENT)
    keep_topics(pictures, archive)
    return archive


def command(*arguments: object) -> list[str]:
    """The command line with these arguments."""
    return [sys.executable, "-m", "app.command", *map(str, arguments)]


def shoot(archive: Path) -> None:
    """Make every picture, of an archive that has nobody's collections yet: they write into it."""
    with served(archive) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        width, height = SIZE
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}, color_scheme="light"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        for name, show in PICTURES.items():
            part = show(page)
            with Image.open(io.BytesIO((part or page).screenshot())) as picture:
                save(IMAGES / f"{name}.png", picture)
        browser.close()


def save(file: Path, picture: Image.Image) -> None:
    """Write a picture in 256 colours, a third of the size."""
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        if len(sys.argv) > 1:  # a copy: what is there stays as it is
            shoot(copy_tree(Path(sys.argv[1]), Path(directory) / "demo-archive"))
        else:
            shoot(sample(Path(directory)))
