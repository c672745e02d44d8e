"""ImageBind as an embedder: text, pictures, films and recordings in one space."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from archive_search.models import checkpoints
from archive_search.types import EmbedderError, EmbedderInfo, Modality, Vectors

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from archive_search.models.imagebind import ImageBind, ImageBindConfig, Tower

NAME = "imagebind"
DIM = 1024
MODALITIES: frozenset[Modality] = frozenset({"text", "image", "video", "audio"})

_TOWERS: dict[Modality, Tower] = {"text": "text", "image": "vision", "video": "vision", "audio": "audio"}
_CLIPS: dict[Modality, int] = {"video": 5, "audio": 3}
"""So many clips of a film or recording are looked at, as in the official code."""
_TOGETHER_ON_CPU: dict[Tower, int] = {"vision": 4, "text": 64, "audio": 8}
"""So many inputs a tower takes at once: fewer or more were not faster on two cores, and more need more memory."""
_TOGETHER_ON_GPU: dict[Tower, int] = {"vision": 128, "text": 512, "audio": 128}


class ImageBindEmbedder:
    """
    ImageBind behind the embedder protocol.

    A tower is read from the checkpoint when it is first used, so a process that only encodes texts holds only the text
    tower. Computes in bfloat16 where the device is faster with it.
    """

    name = NAME
    modalities = MODALITIES

    def __init__(
        self, path: Path, device: str | None = None, config: ImageBindConfig | None = None, compiled: bool = False
    ) -> None:
        import torch

        from archive_search.models.imagebind import HUGE, check

        self.path = path
        self.config = config or HUGE
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.compiled = compiled
        check(path, self.config)
        self._towers: dict[Tower, ImageBind] = {}
        self._lock = threading.Lock()

    @property
    def dim(self) -> int:
        """Dimensions of the space."""
        return self.config.dim

    @cached_property
    def checkpoint(self) -> str:
        """SHA-256 of the file, in hex; read from notes unless the file is new."""
        return checkpoints.sha256(self.path)

    def preprocess(self, item: Any, modality: Modality) -> Tensor:
        """
        Prepare one input.

        Args:
            item: A text, a PIL picture, or the path of a film or a recording.
            modality: Which of them it is.

        Returns:
            For a text (77,) int64 word pieces; for a picture (3, 224, 224) uint8; for a film (at most 15, 3, 2, 224,
            224) uint8; for a recording (at most 3, 1, 128, 204) float32.

        Raises:
            InvalidInputError: If a film or recording cannot be read or has nothing to be seen or heard.
            NotInstalledError: If what reads films and recordings is not installed.
            EmbedderError: For another modality.
        """
        import torch

        if modality == "text":
            from archive_search.models.clip_tokens import clip_tokens

            return torch.tensor(clip_tokens().fitted(str(item)), dtype=torch.int64)
        if modality == "image":
            from archive_search.models.clip_pixels import square

            return square(item)
        if modality == "video":
            return _film(Path(item))
        if modality == "audio":
            return _recording(Path(item))
        raise _no_tower(modality)

    def encode(self, batch: Sequence[Tensor], modality: Modality) -> Vectors:
        """
        Encode prepared inputs to (n, dim) rows of length 1; the vector of a film or recording is the mean of its clips.

        Raises:
            EmbedderError: If there is no tower for `modality`, or its weights cannot be read.
        """
        import torch

        if modality not in MODALITIES:
            raise _no_tower(modality)
        if not len(batch):
            return np.zeros((0, self.dim), dtype=np.float32)
        with torch.inference_mode():
            if modality not in _CLIPS:
                return _numpy(self._rows(torch.stack(list(batch)), modality))
            rows = torch.split(self._rows(torch.cat(list(batch)), modality), [len(clips) for clips in batch])
            means = torch.stack([clips.mean(0) for clips in rows])
            return _numpy(torch.nn.functional.normalize(means, dim=1))

    def remarks(self, text: str) -> tuple[str, ...]:
        """Say where a text was cut off, or that there is none."""
        from archive_search.models.clip_tokens import LENGTH, clip_tokens

        _, rest = clip_tokens().read(text)
        if rest:
            return (f"ImageBind reads the first {LENGTH - 2} word pieces of a text; it did not read “{_short(rest)}”.",)
        return () if text.strip() else ("The text is empty: what ImageBind finds for it means nothing.",)

    @property
    def shares_cores(self) -> bool:
        """On the processor, as long as it is not compiled for a number of threads."""
        return self.device.type == "cpu" and not self.compiled

    # -------------------------------------------------------------- towers

    def tower(self, tower: Tower) -> ImageBind:
        """The network with this tower alone, read when first asked for."""
        with self._lock:
            if tower not in self._towers:
                self._towers[tower] = self._read(tower)
            return self._towers[tower]

    def _read(self, tower: Tower) -> ImageBind:
        import torch

        from archive_search.models.imagebind import ImageBind

        dtype = self._dtype()
        packed = self.device.type == "cpu" and dtype == torch.bfloat16
        network = ImageBind.from_checkpoint(self.path, (tower,), dtype, self.config, packed).to(self.device)
        if self.compiled:
            network.modality_trunks[tower].compile(dynamic=tower == "text")
        return network

    def _dtype(self) -> torch.dtype:
        import torch

        from archive_search.models.processor import bf16_is_faster

        if self.device.type == "cuda":
            return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
        return torch.bfloat16 if self.device.type == "cpu" and bf16_is_faster() else torch.float32

    def _rows(self, inputs: Tensor, modality: Modality) -> Tensor:
        """Rows (n, dim) float32 on the processor."""
        import torch

        tower = _TOWERS[modality]
        network = self.tower(tower)
        together = (_TOGETHER_ON_GPU if self.device.type == "cuda" else _TOGETHER_ON_CPU)[tower]
        order = torch.arange(len(inputs))
        if modality == "text":  # short ones first, so that they need not wait for the end of long ones
            order = inputs.argmax(1).argsort(stable=True)
        parts = [self._encode(network, inputs[some], tower) for some in torch.split(order, together)]
        made = torch.cat(parts).cpu()
        return torch.empty_like(made).index_copy_(0, order, made)

    def _encode(self, network: ImageBind, inputs: Tensor, tower: Tower) -> Tensor:
        from archive_search.models.clip_pixels import normalised

        if self.device.type == "cuda":
            inputs = inputs.pin_memory().to(self.device, non_blocking=True)
        else:
            inputs = inputs.to(self.device)
        if tower == "text":
            return network.encode_text(inputs)
        if tower == "audio":
            return network.encode_audio(inputs)
        return network.encode_image(normalised(inputs))


def _numpy(rows: Tensor) -> Vectors:
    vectors: Vectors = rows.numpy()
    return vectors


def _film(path: Path) -> Tensor:
    import torch

    from archive_search.models import clips
    from archive_search.models.clip_pixels import views

    pairs = clips.pairs_of_frames(path, _CLIPS["video"])
    return torch.cat([views(torch.from_numpy(pair).permute(0, 3, 1, 2)) for pair in pairs])


def _recording(path: Path) -> Tensor:
    import torch

    from archive_search.models import clips, mel

    return torch.stack([mel.spectrogram(clip) for clip in clips.sounds(path, _CLIPS["audio"])])


def _no_tower(modality: str) -> EmbedderError:
    return EmbedderError(f"ImageBind has no tower for {modality} here. Known: {', '.join(sorted(MODALITIES))}.")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


def _load() -> ImageBindEmbedder:
    return ImageBindEmbedder(checkpoints.require(NAME))


EMBEDDERS: dict[str, EmbedderInfo] = {
    NAME: EmbedderInfo(
        name=NAME,
        dim=DIM,
        modalities=MODALITIES,
        summary=(
            "ImageBind (Girdhar et al. 2023): sentences find pictures, films and recordings; needs weights of 4.80 GB."
        ),
        licence=checkpoints.known(NAME).licence,
        load=_load,
        missing=lambda: checkpoints.missing(NAME),
    )
}
