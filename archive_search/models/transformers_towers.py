"""Text and picture towers of CLIP, SigLIP 2 and ViT through transformers, as an embedder; each loads on first use."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from archive_search.models import checkpoints
from archive_search.models.preprocessor import Pixels
from archive_search.types import EmbedderError, Modality, NotInstalledError, Vectors

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_NO_LIMIT = 10**9
_QUIET = threading.RLock()
"""What transformers says is set for the whole process: one at a time sets and restores it."""


@dataclass(frozen=True)
class Family:
    """
    One architecture: its name in config.json, the classes that hold its towers, and how texts are read.

    `text` and `image` name a class of transformers and the output that is the vector ('' without a tower);
    `square` and `padded` say what a plain size means for pictures and whether texts are padded to full length;
    `lower` brings texts to lower case, as in training.
    """

    model_type: str
    whole: str
    text: tuple[str, str]
    image: tuple[str, str]
    square: bool = True
    padded: bool = False
    lower: bool = False


CLIP = Family(
    "clip",
    "CLIPModel",
    text=("CLIPTextModelWithProjection", "text_embeds"),
    image=("CLIPVisionModelWithProjection", "image_embeds"),
    square=False,
)
SIGLIP = Family(
    # the fixed-size checkpoints of SigLIP 2 are of the first SigLIP's architecture; trained on lower-case texts of
    # full length (Tschannen et al. 2025, section 2.1)
    "siglip",
    "SiglipModel",
    text=("SiglipTextModel", "pooler_output"),
    image=("SiglipVisionModel", "pooler_output"),
    padded=True,
    lower=True,
)
VIT = Family("vit", "ViTForImageClassification", text=("", ""), image=("ViTModel", "last_hidden_state"))
_FAMILIES = {family.model_type: family for family in (CLIP, SIGLIP, VIT)}


class TransformersEmbedder:
    """A checkpoint folder in the format of transformers, behind the embedder protocol; fp32, on the GPU if any."""

    def __init__(self, name: str, dim: int, family: Family, folder: Path) -> None:
        self.name, self.dim, self.family, self.folder = name, dim, family, folder
        towers: dict[Modality, str] = {"text": family.text[0], "image": family.image[0]}
        self.modalities: frozenset[Modality] = frozenset(modality for modality, tower in towers.items() if tower)
        self.title = checkpoints.known(name).title
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        _hold_to(folder, family, self.title)
        self._lock = threading.RLock()
        self._towers: dict[str, Any] = {}
        self._texts: Any = None
        self._pixels: Pixels | None = None

    @classmethod
    def load(cls, name: str, dim: int, family: Family) -> TransformersEmbedder:
        """
        The embedder on the weights found here.

        Raises:
            NotInstalledError: If transformers is missing.
            EmbedderError: If the weights are missing, or of another model.
        """
        if lacking := checkpoints.not_installed(name):
            raise NotInstalledError(lacking)
        return cls(name, dim, family, checkpoints.require(name))

    @property
    def checkpoint(self) -> str:
        """SHA-256 of the weights, in hex."""
        return checkpoints.sha256(checkpoints.weights_in(self.folder))

    def preprocess(self, item: Any, modality: Modality) -> Tensor:
        """
        Prepare one input; safe on several threads.

        Args:
            item: A text, or a picture of any mode and size.
            modality: "text" or "image".

        Returns:
            For a text its token ids, (length,) int64, cut off at what the model reads; for a picture
            (3, height, width) uint8.

        Raises:
            EmbedderError: If this model has no tower for it.
        """
        self._has(modality)
        if modality == "image":
            return self.pixels.prepare(item)
        with self._lock:  # a tokenizer's settings are shared by all who use it
            tokens = self.tokenizer(
                self._readable(str(item)),
                truncation=True,
                max_length=self.text_length,
                padding="max_length" if self.family.padded else False,
            )
        return torch.tensor(tokens["input_ids"], dtype=torch.int64)

    def encode(self, batch: Sequence[Tensor], modality: Modality) -> Vectors:
        """Encode prepared inputs to (n, dim); the same rows whatever the batch."""
        self._has(modality)
        if not len(batch):
            return np.zeros((0, self.dim), dtype=np.float32)
        tower = self._tower(modality)
        with torch.inference_mode():
            if modality == "image":
                vectors = tower(pixel_values=self.pixels.normalise(torch.stack(list(batch)).to(self.device)))
            else:
                # padding stands behind the end, which is where the vector is taken: it changes nothing
                ids = torch.nn.utils.rnn.pad_sequence(list(batch), batch_first=True, padding_value=self._padding())
                vectors = tower(input_ids=ids.to(self.device))
            found = getattr(vectors, (self.family.text if modality == "text" else self.family.image)[1])
            if found.ndim == 3:  # (n, tokens, dim): the class token stands first
                found = found[:, 0]
            rows: Vectors = torch.nn.functional.normalize(found.double(), dim=-1).float().cpu().numpy()
        return rows

    @property
    def shares_cores(self) -> bool:
        """On the processor."""
        return self.device.type == "cpu"

    def remarks(self, text: str) -> tuple[str, ...]:
        """Say what of a text was not read."""
        if "text" not in self.modalities:
            return (f"{self.title} reads no texts: search by a picture or a record.",)
        readable = self._readable(text)
        if not readable.strip():
            return ("The text is empty: no picture fits it better than another.",)
        with self._lock:
            whole = self.tokenizer(readable, truncation=True, max_length=_NO_LIMIT)
            if len(whole["input_ids"]) <= self.text_length:
                return ()
            read = self.tokenizer(readable, truncation=True, max_length=self.text_length, return_offsets_mapping=True)
        end = max(end for _, end in read["offset_mapping"])
        lost = " ".join(readable[end:].split())
        shown = lost if len(lost) <= 40 else f"{lost[:40].rstrip()} ..."
        return (f"{self.title} reads {self.text_length} tokens at most; cut off: {shown}",)

    @property
    def pixels(self) -> Pixels:
        """How pictures are prepared."""
        if self._pixels is None:
            self._pixels = Pixels.read(self.folder, self.family.square)
        return self._pixels

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of transformers, in the checkpoint's folder."""
        with self._lock:
            if self._texts is None:
                from transformers import AutoTokenizer

                with _quiet(), _named(self.title, self.folder):
                    self._texts = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)
            return self._texts

    @property
    def text_length(self) -> int:
        """How many tokens a text may have, those that mark its ends included."""
        config = _config(self.folder, self.title)
        return int(config.text_config.max_position_embeddings)

    def _readable(self, text: str) -> str:
        text = text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair is no character
        return text.lower() if self.family.lower else text

    def _padding(self) -> int:
        padding = self.tokenizer.pad_token_id
        return int(self.tokenizer.eos_token_id if padding is None else padding)

    def _has(self, modality: Modality) -> None:
        if modality not in self.modalities:
            reads = " and ".join({"image": "pictures", "text": "texts"}[one] for one in sorted(self.modalities))
            raise EmbedderError(f"{self.title} reads {reads}, not {'texts' if modality == 'text' else modality}.")

    def _tower(self, modality: Modality) -> PreTrainedModel:
        with self._lock:
            if modality not in self._towers:
                name = (self.family.text if modality == "text" else self.family.image)[0]
                self._towers[modality] = self._loaded(name, modality)
            found: PreTrainedModel = self._towers[modality]
            return found

    def _loaded(self, name: str, modality: Modality) -> PreTrainedModel:
        """
        One tower, the other left in the file.

        Raises:
            EmbedderError: If the file is damaged, keys are missing, or its vectors have another length.
        """
        import transformers

        options = {"add_pooling_layer": False} if name == "ViTModel" else {}
        with _quiet(), _named(self.title, self.folder):
            tower, info = getattr(transformers, name).from_pretrained(
                self.folder, local_files_only=True, output_loading_info=True, dtype=torch.float32, **options
            )
        if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers in their place
            shown = ", ".join(missing[:5])
            raise EmbedderError(f"{self.folder} is incomplete: {len(missing)} keys are missing ({shown}).")
        dim = _dim(tower.config)
        if dim != self.dim:
            raise EmbedderError(
                f"{self.folder} holds a model of {dim} dimensions, the space {self.name!r} has {self.dim}: "
                f"it is not {self.title}."
            )
        found: PreTrainedModel = tower.eval().requires_grad_(False).to(self.device)
        return found


def expected(folder: Path) -> dict[str, tuple[int, ...]]:
    """
    The shapes by key that a checkpoint with this folder's config.json holds, as official files name them.

    Raises:
        EmbedderError: If the configuration cannot be read.
    """
    import transformers
    from transformers.core_model_loading import revert_weight_conversion

    config = _config(folder, folder.name)
    family = _FAMILIES.get(config.model_type)
    if family is None:
        raise EmbedderError(f"{folder} holds a model of type {config.model_type!r}. Known: {', '.join(_FAMILIES)}.")
    name = (config.architectures or [family.whole])[0]
    with _quiet(), _named(name, folder), torch.device("meta"):
        model = getattr(transformers, name)(config)
        state = revert_weight_conversion(model, model.state_dict())
    heads = ("classifier.", "pooler.")  # of no use for vectors
    return {key: tuple(value.shape) for key, value in state.items() if not key.startswith(heads)}


def _hold_to(folder: Path, family: Family, title: str) -> None:
    found = _config(folder, title).model_type
    if found != family.model_type:
        raise EmbedderError(f"{folder} holds a model of type {found!r}, {title} is of type {family.model_type!r}.")


def _config(folder: Path, title: str) -> Any:
    from transformers import AutoConfig

    with _quiet(), _named(title, folder):
        return AutoConfig.from_pretrained(folder, local_files_only=True)


def _dim(config: Any) -> int:
    return int(
        getattr(config, "projection_dim", None) or getattr(config, "projection_size", None) or config.hidden_size
    )


@contextlib.contextmanager
def _named(title: str, folder: Path) -> Iterator[None]:
    """Whatever transformers raises about a folder becomes our error."""
    try:
        yield
    except EmbedderError:
        raise
    except Exception as error:  # transformers and safetensors raise anything on a damaged folder
        first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise EmbedderError(
            f"{title} cannot be loaded from {folder}: {first}. 'archive-search models verify' tells what is wrong."
        ) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from writing bars and reports to the terminal; what matters is raised."""
    from transformers.utils import logging as theirs

    with _QUIET:
        level, bars = theirs.get_verbosity(), theirs.is_progress_bar_enabled()
        theirs.set_verbosity(logging.CRITICAL)
        theirs.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            theirs.set_verbosity(level)
            if bars:
                theirs.enable_progress_bar()  # type: ignore[no-untyped-call]
