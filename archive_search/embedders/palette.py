"""The palette as an embedder: which colours a picture shows, in shares, and which colours a text asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from archive_search.metadata.vocabularies import Concept, mentioned
from archive_search.models.colour import BASIC, COLOURLESS, FINER, measure
from archive_search.types import EmbedderError, EmbedderInfo, Modality, Vector, Vectors

NAME = "palette"
PIECES = "piece_colours"
"""The payload field with the colours that the pieces of a plate show, each by itself."""
FIELDS = ("colours", "colour_shares", PIECES)
"""What is noted of a picture's colours."""
DIM = 23
MODALITIES: frozenset[Modality] = frozenset({"text", "image"})
VERSION = "archive-search palette 2"
"""Changes whenever a picture's shares, or the colours listed, would: others are made anew by the next ingest."""
SHOWN = 0.2
"""The share of an object's surface from which a colour is listed (measured: docs/explanation/colour.md)."""


class PaletteEmbedder:
    """
    Shares of colours behind the embedder protocol; computes on the processor, without weights.

    A vector holds the square roots of the shares of the basic terms (12, "colourless" included) and of the finer terms
    (11, "other" included), each half of the whole: its length is 1, and the cosine of two vectors is the mean of their
    Bhattacharyya coefficients.
    """

    name = NAME
    dim = DIM
    modalities = MODALITIES
    checkpoint = hashlib.sha256(VERSION.encode()).hexdigest()
    shares_cores = True

    def preprocess(self, item: Any, modality: Modality) -> Vector:
        """
        The vector of one input; raises EmbedderError for video and audio.

        A text that names several colours asks for all of them, one that names none asks for every colour alike.
        """
        if modality == "text":
            return asked(colour_words(str(item)))
        if modality == "image":
            found = measure(item)
            return _vector(list(found.basic.values()), list(found.finer.values()))
        raise EmbedderError(f"The palette reads text and pictures, not {modality}.")

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Prepared inputs as (n, 23)."""
        if modality not in self.modalities:
            raise EmbedderError(f"The palette reads text and pictures, not {modality}.")
        return np.stack(list(batch)) if len(batch) else np.zeros((0, DIM), dtype=np.float32)

    def remarks(self, text: str) -> tuple[str, ...]:
        """Say so where a text names no colour."""
        return () if colour_words(text) else ("No colour is named here: to the palette every picture fits as well.",)


def colour_words(text: str) -> tuple[Concept, ...]:
    """The colours that a text names, in English, Danish or German."""
    return tuple(dict.fromkeys(one for _, one in mentioned(text, "colours")))


def asked(colours: Sequence[Concept]) -> Vector:
    """The vector that asks for these colours, in equal parts; for none of them, for every colour alike."""
    if not colours:
        return np.full(DIM, DIM**-0.5, dtype=np.float32)
    basic, finer = dict.fromkeys(BASIC, 0.0), dict.fromkeys(FINER, 0.0)
    for one in colours:
        for name, part in one.basic.items():
            basic[name] += part
        if one.finer:
            finer[one.finer] += 1.0
    return _vector([*basic.values(), 0.0], [*finer.values(), 0.0])


def shares(vector: Vector) -> dict[str, float]:
    """The share of each basic term, "colourless" included, that a picture's vector says; they sum to 1."""
    found = 2 * np.square(np.asarray(vector[: len(BASIC) + 1], dtype=np.float64))
    return dict(zip((*BASIC, COLOURLESS), found.tolist(), strict=True))


def payload(vector: Vector) -> dict[str, Any]:
    """What an ingest notes of a picture: its `colours`, most first, and the share of each in `colour_shares`."""
    found = sorted(shares(vector).items(), key=lambda item: -item[1])
    listed = [name for name, share in found if share >= SHOWN] or [found[0][0]]
    return {"colours": listed, "colour_shares": {name: round(share, 2) for name, share in found if share >= 0.02}}


def with_pieces(noted: Mapping[str, Any]) -> dict[str, Any]:
    """The same, its `colours` completed by those of the pieces: a plate with one red bead is red as well."""
    colours = dict.fromkeys((*noted.get("colours", ()), *noted.get(PIECES, ())))
    return {**noted, **({"colours": list(colours)} if colours else {})}


def _vector(basic: Sequence[float], finer: Sequence[float]) -> Vector:
    parts = np.sqrt(np.concatenate([np.asarray(basic, dtype=np.float64), np.asarray(finer, dtype=np.float64)]))
    vector: Vector = (parts / np.linalg.norm(parts)).astype(np.float32)
    return vector


EMBEDDERS: Mapping[str, EmbedderInfo] = {
    NAME: EmbedderInfo(
        name=NAME,
        dim=DIM,
        modalities=MODALITIES,
        summary="Colours measured from the pixels, the background left out; added beside the others at every ingest.",
        licence="MIT",
        load=PaletteEmbedder,
        auxiliary=True,
        languages=("en", "da", "de"),
    )
}
