"""The sample archive on disk: pictures, catalogue, topics and judgements."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from archive_search.sample.catalogue import COLUMNS, entries
from archive_search.sample.depiction import SAMPLE_SEEDS_FROM, Depiction
from archive_search.sample.draw_plate import draw_record
from archive_search.sample.inventory import inventory
from archive_search.sample.plate import Plate
from archive_search.sample.topics import grade, topics
from archive_search.types import ArchiveError

MOST = 60
"""Windows waits for 61 processes at once and for no more."""
README = """\
SAMPLE ARCHIVE

Every picture in this folder was drawn by a program (archive-search sample), from seed {seed}. Nothing here was ever
found, photographed or catalogued: objects, inventory numbers, dates and find-spots are invented, though the places
exist. Use it to try the search and to compare strategies; do not cite it as archaeology.

pictures/       {records} pictures of {objects} objects: {plates} plates, each with several finds, and pictures of
                single finds; a third of those or so have two
records.csv     the catalogue, as sparse and uneven as a real one: a third of the finds have no period, half no
                material, many a title in Danish only; of a plate hardly more is written than its number; colour,
                decoration and shape are seen in the pictures alone
topics.jsonl    {topics} queries: id, text, category, refinements (a minus in front: must not be seen), group
qrels.txt       judgements in TREC format: topic 0 record relevance
                2  the picture shows all that is asked
                1  it comes close (two handles where one is asked for)
                0  the category is right, something else is not
                Other categories are not judged, which measures count as not relevant. A drawing in ink shows no
                colour and never answers one. Material counts in drawings too. A plate is as good an answer as
                the best find on it.

Pictures here are drawn from seeds of {first_seed} and above; training uses only seeds below.
Licence: CC0.
"""


@dataclass(frozen=True)
class SampleSummary:
    """What `write_sample` wrote."""

    directory: Path
    records: int
    objects: int
    topics: int
    judgements: int


def write_sample(
    directory: Path,
    seed: int = 7,
    records: int = 600,
    size: int = 384,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> SampleSummary:
    """
    Write a sample archive; the same seed, number and size always give the same files.

    All pictures are drawn beside the others before any is put in its place: what is interrupted changes nothing.

    Args:
        directory: Made if it does not exist; files of an earlier sample in it are replaced.
        records: How many pictures, at least 20; two of five are plates.
        size: Pixels on a side of a picture of one find; plates are two to three times as long.
        processes: How many draw at once, 0 for one per core; with more than one a script that calls this needs
            `if __name__ == "__main__":`.
        progress: Told how many of how many pictures are drawn.

    Raises:
        ArchiveError: If it cannot be written there.
    """
    try:
        return _write(directory, seed, records, size, processes or min(os.cpu_count() or 1, MOST), progress)
    except OSError as error:
        raise ArchiveError(f"No sample can be drawn in {directory}: {error.strerror or error}.") from error


def _write(
    directory: Path,
    seed: int,
    records: int,
    size: int,
    processes: int,
    progress: Callable[[int, int], None] | None,
) -> SampleSummary:
    objects = inventory(seed, records)
    rows = [row for pictured in objects for row in entries(pictured, seed)]
    shown = [one for pictured in objects for one in pictured.depictions]
    drawings = [(one, size, row["file"]) for row, one in zip(rows, shown, strict=True)]
    with _beside(directory) as drawn:
        _draw_all(drawings, drawn, processes, progress)
        for _, _, picture in drawings:
            (directory / picture).parent.mkdir(exist_ok=True)
            (drawn / picture).replace(directory / picture)
    with (directory / "records.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    asked = topics(shown)
    lines = "".join(json.dumps(asdict(topic), ensure_ascii=False) + "\n" for topic in asked)
    (directory / "topics.jsonl").write_text(lines, encoding="utf-8")
    graded = ((topic.id, row["id"], grade(topic, one)) for topic in asked for row, one in zip(rows, shown, strict=True))
    judgements = [f"{topic} 0 {record} {relevance}\n" for topic, record, relevance in graded if relevance is not None]
    (directory / "qrels.txt").write_text("".join(judgements), encoding="utf-8")
    summary = SampleSummary(directory, len(rows), len(objects), len(asked), len(judgements))
    readme = README.format(
        seed=seed,
        records=len(rows),
        objects=len(objects),
        plates=sum(isinstance(one, Plate) for one in shown),
        topics=len(asked),
        first_seed=SAMPLE_SEEDS_FROM,
    )
    (directory / "README.txt").write_text(readme, encoding="utf-8")
    return summary


_Drawing: TypeAlias = tuple[Depiction | Plate, int, str]
"""What is drawn, how large, and the file below the archive that it becomes."""


@contextmanager
def _beside(directory: Path) -> Iterator[Path]:
    """A folder in a directory for what is not finished; it is gone afterwards, the directory too if it was made."""
    made = not directory.exists()
    drawn = directory / ".drawing"
    shutil.rmtree(drawn, ignore_errors=True)  # of a run that was killed
    drawn.mkdir(parents=True)
    try:
        yield drawn
    except BaseException:
        shutil.rmtree(directory if made else drawn)
        raise
    shutil.rmtree(drawn)


def _draw_all(
    drawings: Sequence[_Drawing], below: Path, processes: int, progress: Callable[[int, int], None] | None
) -> None:
    for _, _, file in drawings:
        (below / file).parent.mkdir(exist_ok=True)
    for done, _ in enumerate(_drawn(drawings, below, processes), 1):
        if progress is not None:
            progress(done, len(drawings))


def _drawn(drawings: Sequence[_Drawing], below: Path, processes: int) -> Iterator[None]:
    """Draw all pictures; one is given for each that is done. Every picture has a seed of its own."""
    draw_one = partial(_draw, below)
    if processes == 1:
        yield from map(draw_one, drawings)
        return
    # not by a fork: threads of this process, and the locks that they hold, would be copied halfway
    with ProcessPoolExecutor(processes, get_context("spawn"), _leave_ctrl_c_to_the_caller) as pool:
        waiting = [pool.submit(draw_one, drawing) for drawing in drawings]
        try:
            for one in as_completed(waiting):
                yield one.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _draw(below: Path, drawing: _Drawing) -> None:
    shown, size, file = drawing
    draw_record(shown, size).save(below / file, quality=90)


def _leave_ctrl_c_to_the_caller() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
