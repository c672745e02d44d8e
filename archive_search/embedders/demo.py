"""The demo encoder as an embedder: ships with the package, knows only drawings like those of the sample archive."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from archive_search.remark import Remark
from archive_search.types import EmbedderError, EmbedderInfo, Modality, Vectors

if TYPE_CHECKING:
    from archive_search.models.demo import DemoEncoder

WEIGHTS = Path(__file__).parent.parent / "weights" / "demo.safetensors"
DIM = 256
MODALITIES: frozenset[Modality] = frozenset({"text", "image"})


class DemoEmbedder:
    """The demo encoder behind the embedder protocol; computes on the processor."""

    name = "demo"
    dim = DIM
    modalities = MODALITIES
    shares_cores = True

    def __init__(self, model: DemoEncoder, checkpoint: str) -> None:
        self.model = model
        self.checkpoint = checkpoint

    def preprocess(self, item: Any, modality: Modality) -> Any:
        """
        Prepare one input.

        Args:
            item: A text, or a picture of any mode and size; it is shrunk whole and padded, never cropped.
            modality: "text" or "image".

        Returns:
            For a text (24,) int64 rows of the word table; for a picture (3, 96, 96) uint8.

        Raises:
            EmbedderError: For video and audio.
        """
        from archive_search.models.channels import channels_first

        if modality == "text":
            return self.model.tokens(str(item))
        if modality == "image":
            return channels_first(np.asarray(fit_square(item, self.model.config.image_size)))
        raise EmbedderError(f"The demo encoder reads text and pictures, not {modality}.")

    def encode(self, batch: Sequence[Any], modality: Modality) -> Vectors:
        """Encode prepared inputs to (n, 256); the same rows whatever the batch."""
        import torch

        if modality not in self.modalities:
            raise EmbedderError(f"The demo encoder reads text and pictures, not {modality}.")
        if not batch:
            return np.zeros((0, self.dim), dtype=np.float32)
        encode = self.model.encode_text if modality == "text" else self.model.encode_image
        with torch.inference_mode():
            vectors: Vectors = encode(torch.stack(list(batch))).numpy()
        return vectors

    def remarks(self, text: str) -> tuple[str, ...]:
        """Say which words of a text had no part in its vector."""
        reading = self.model.vocabulary.read(text)
        remarks: list[str] = []
        if reading.unknown:
            remarks.append(Remark("The demo encoder does not know: {words}.", words=reading.unknown))
        elif not reading.known:
            remarks.append(Remark("No word here tells the demo encoder what to look for: every picture fits as well."))
        room = self.model.config.text_length - 1
        if (excess := len(reading.known) - room) > 0:
            remarks.append(
                Remark(
                    "The demo encoder reads {room} words at most; the last {excess} were cut off.",
                    room=room,
                    excess=excess,
                )
            )
        return tuple(remarks)


def fit_square(picture: Image.Image, side: int) -> Image.Image:
    """Shrink or enlarge a picture to fit a square and pad it with the colour of its border, as RGB."""
    scale = side / max(picture.size)
    width, height = (max(1, round(length * scale)) for length in picture.size)
    small = _rgb(picture, (width, height))
    if width == height == side:
        return small
    square = Image.new("RGB", (side, side), _border_colour(small))
    square.paste(small, ((side - width) // 2, (side - height) // 2))
    return square


def _rgb(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture of any mode as 8-bit RGB of this size; what is transparent becomes white."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        picture = _eight_bit(picture)
    elif picture.mode == "LAB":
        picture = picture.getchannel("L")
    if "transparency" in picture.info or picture.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        clear = picture.convert("RGBA").resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    if picture.mode in ("1", "P"):
        picture = picture.convert("RGB")
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0).convert("RGB")


def _eight_bit(picture: Image.Image) -> Image.Image:
    """A picture of 16 or 32 bits in grey of 8: whole numbers above 255 are read as 16-bit, fractions by their range."""
    values = np.nan_to_num(np.asarray(picture).astype(np.float64), posinf=0, neginf=0)
    if picture.mode == "F":
        values = (values - values.min()) * (255 / max(float(np.ptp(values)), 1e-12))
    elif values.max() > 255 or picture.mode != "I":
        values = values / 257
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def _border_colour(picture: Image.Image) -> tuple[int, int, int]:
    """The median of the outermost pixels."""
    pixels = np.asarray(picture)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    red, green, blue = np.median(border, axis=0).astype(int).tolist()
    return red, green, blue


def _load() -> DemoEmbedder:
    """Read the weights in the package."""
    from archive_search.models.demo import DemoEncoder

    return DemoEmbedder(DemoEncoder.from_checkpoint(WEIGHTS), hashlib.sha256(WEIGHTS.read_bytes()).hexdigest())


EMBEDDERS: dict[str, EmbedderInfo] = {
    "demo": EmbedderInfo(
        name="demo",
        dim=DIM,
        modalities=MODALITIES,
        summary=(
            "Small encoder that ships with archive-search, trained on drawings made by its own sample generator. "
            "It knows only drawings like those of the sample archive: use another embedder for real photographs."
        ),
        licence="MIT",
        load=_load,
        languages=("en", "da"),
    )
}
