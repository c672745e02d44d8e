"""From prepared inputs to what is written; a batch that fails is split until the bad record is alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from archive_search.types import Embedder, EmbedderError, Modality, PictureError, Vector, Vectors
from ingest.ledger import Attempt, Row
from ingest.loading import rejection
from ingest.tiling import Filler, Tiled
from ingest.work import Loaded, Made, Prepared, What, Written
from ingest.writing import payload_of

_NOT_NUMBERS = EmbedderError("The model returned values that are not numbers.")
_HOPELESS = 8
"""So many records failing one by one, and none passing, is the model's fault, not theirs."""


def encode(batch: Sequence[Loaded], fillers: Sequence[Filler], at_once: int) -> tuple[Made, list[Attempt]]:
    """
    The new vectors of each record by space, in the order of the batch, and what was rejected.

    Args:
        at_once: so many tiles the model sees at once.

    Raises:
        EmbedderError: If a model fails on every record of a batch of eight or more, or returns another shape.
    """
    vectors: list[dict[str, Vector | Vectors]] = [{} for _ in batch]
    failed: dict[int, Attempt] = {}
    for filler in fillers:
        places = [i for i, one in enumerate(batch) if filler.name in one.prepared and i not in failed]
        made = _made([batch[i].prepared[filler.name] for i in places], filler, at_once)
        errors = [one for one in made if isinstance(one, Exception)]
        if len(errors) == len(places) >= _HOPELESS:
            raise EmbedderError(f"{filler.name} failed on all of {len(places)} pictures: {errors[0]}") from errors[0]
        for i, one in zip(places, made, strict=True):
            if isinstance(one, Exception):
                failed[i] = rejection(batch[i].task, "encoded", one)
            else:
                vectors[i][filler.name] = one
    passed = [(one, vectors[i]) for i, one in enumerate(batch) if i not in failed]
    return passed, list(failed.values())


def written(loaded: Loaded, made: Mapping[str, Vector | Vectors], checkpoints: Mapping[str, str]) -> Written | Attempt:
    """What to write for a record with the vectors just made; rejected where it would have no vector at all."""
    task, row = loaded.task, None if loaded.whole else loaded.task.row
    held = {} if row is None else row.spaces
    given = {space: one for space, one in task.given.items() if held.get(space) != one[0]}
    if row is None and not made and not given:
        reason = "The metadata file has no row for this picture, so no precomputed vector belongs to it."
        return rejection(task, "prepared", PictureError(reason))
    vectors = {**made, **{space: vector for space, (_, vector) in given.items()}}
    marks = {space: mark for space, (mark, _) in given.items()}
    # what holds nothing is done as well; vectors of an earlier model stay marked, to be withdrawn
    empty = [space for space in loaded.without if space not in held]
    spaces = {**held, **{space: checkpoints[space] for space in (*made, *empty)}, **marks}
    width, height, picture = loaded.width, loaded.height, loaded.content_hash
    record = task.record
    measured = row.measured if row is not None and not vectors else {}
    known = record.id, record.image, task.stamp, picture, task.metadata_hash, width, height, spaces, task.origin
    new = Row(*known, measured)
    said_anew = row is None or row.metadata_hash != task.metadata_hash
    payload = payload_of(record, task.origin, picture, width, height) if said_anew else None
    if task.row is None:
        return Written("added", new, payload, vectors, True, True, loaded.tiles, loaded.fingerprint)
    moved = task.row.origin not in ("", task.origin)
    what: What = "changed" if row is None else "extended" if vectors or empty else "moved" if moved else "relabelled"
    return Written(what, new, payload, vectors, row is None, task.open, loaded.tiles, loaded.fingerprint)


def _made(prepared: Sequence[Prepared], filler: Filler, at_once: int) -> Sequence[Vector | Vectors | Exception]:
    """Vectors in the order of the inputs; of tiles an array for each list, or the first error among them."""
    if not isinstance(filler, Tiled):
        return _by_modality(prepared, filler)
    tiles = [tile for one in prepared for tile in one.input]
    rows: list[Vector | Exception] = []
    for start in range(0, len(tiles), at_once):
        rows += _encode(tiles[start : start + at_once], filler.embedder, "image")
    made: list[Vectors | Exception] = []
    for one in prepared:
        some, rows = rows[: len(one.input)], rows[len(one.input) :]
        errors = [row for row in some if isinstance(row, Exception)]
        made.append(errors[0] if errors else np.stack([row for row in some if not isinstance(row, Exception)]))
    return made


def _by_modality(prepared: Sequence[Prepared], embedder: Embedder) -> list[Vector | Exception]:
    """Vectors in the order of the inputs, each tower fed at once."""
    made: dict[int, Vector | Exception] = {}
    for modality in dict.fromkeys(one.modality for one in prepared):
        places = [i for i, one in enumerate(prepared) if one.modality == modality]
        vectors = _encode([prepared[i].input for i in places], embedder, modality)
        made.update(zip(places, vectors, strict=True))
    return [made[i] for i in range(len(prepared))]


def _encode(inputs: Sequence[Any], embedder: Embedder, modality: Modality) -> list[Vector | Exception]:
    if not inputs:
        return []
    try:
        rows = np.asarray(embedder.encode(inputs, modality), dtype=np.float32)
    except Exception as error:  # whatever a model raises on one input must not cost the others theirs
        if len(inputs) == 1:
            return [error]
        half = len(inputs) // 2
        return [*_encode(inputs[:half], embedder, modality), *_encode(inputs[half:], embedder, modality)]
    if rows.shape != (len(inputs), embedder.dim):
        wanted = (len(inputs), embedder.dim)
        raise EmbedderError(f"{embedder.name} returned an array of {rows.shape} where {wanted} was expected.")
    return [row if np.isfinite(row).all() else _NOT_NUMBERS for row in rows]
