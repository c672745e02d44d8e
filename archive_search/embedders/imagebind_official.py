"""
The official ImageBind network on the weights of `imagebind`, for those who have its package; to compare ours with.

Girdhar et al. 2023, https://arxiv.org/abs/2305.05665. The package is `imagebind`, or `imagebind-packaged` installed
without its dependencies; its code is CC BY-NC-SA 4.0, and nothing of it is copied here.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from archive_search.embedders.imagebind import DIM, MODALITIES, ImageBindEmbedder
from archive_search.models import checkpoints
from archive_search.types import EmbedderError, EmbedderInfo, Modality, NotInstalledError, Vectors

if TYPE_CHECKING:
    from torch import Tensor

    from archive_search.models.imagebind import ImageBindConfig

NAME = "imagebind-official"
WEIGHTS = "imagebind"
"""The checkpoint is that of our own network."""

_NEEDED = ("einops", "iopath")
"""What the network itself imports, beside what archive-search has."""
_INPUTS: dict[Modality, str] = {"text": "text", "image": "vision", "video": "vision", "audio": "audio"}
_TOGETHER = 8
VOCABULARY = Path("bpe") / "bpe_simple_vocab_16e6.txt.gz"
_importing = threading.Lock()


class OfficialImageBind:
    """
    The official network and its tokenizer, in float32 as published.

    Pictures, films and recordings are prepared as `imagebind` prepares them, since the package's own preparation needs
    libraries that no longer go together. A text of more than 77 word pieces has another vector than in `imagebind`: the
    official tokenizer drops the end of the text, from which the vector is read.
    """

    name = NAME
    modalities = MODALITIES

    def __init__(self, path: Path, device: str | None = None, config: ImageBindConfig | None = None) -> None:
        self._ours = ImageBindEmbedder(path, device, config)  # for all but the network; it reads no weights

    @property
    def dim(self) -> int:
        """Dimensions of the space."""
        return self._ours.dim

    @property
    def checkpoint(self) -> str:
        """SHA-256 of the weights, in hex."""
        return self._ours.checkpoint

    def preprocess(self, item: Any, modality: Modality) -> Tensor:
        """
        Prepare one input, as `ImageBindEmbedder.preprocess` does; texts by the official tokenizer.

        Raises:
            InvalidInputError: If a film or recording cannot be read or has nothing to be seen or heard.
            NotInstalledError: If what reads films and recordings is not installed.
            EmbedderError: For another modality.
        """
        if modality != "text":
            return self._ours.preprocess(item, modality)
        tokens: Tensor = self.tokenizer(str(item))
        return tokens

    def encode(self, batch: Sequence[Tensor], modality: Modality) -> Vectors:
        """
        Encode prepared inputs to (n, dim) rows of length 1; the vector of a film or recording is the mean of its clips.

        Raises:
            EmbedderError: If there is no tower for `modality`.
        """
        import torch

        if modality not in _INPUTS:
            raise EmbedderError(f"ImageBind has no tower for {modality} here. Known: {', '.join(sorted(MODALITIES))}.")
        if not len(batch):
            return np.zeros((0, self.dim), dtype=np.float32)
        tower = _INPUTS[modality]
        with torch.inference_mode():
            rows = [self.network({tower: inputs})[tower] for inputs in self._inputs(batch, modality)]
            vectors: Vectors = torch.nn.functional.normalize(torch.cat(rows), dim=1).cpu().numpy()
        return vectors

    def remarks(self, text: str) -> tuple[str, ...]:
        """Say where a text was cut off, or that there is none."""
        return self._ours.remarks(text)

    @cached_property
    def network(self) -> Any:
        """The official network, its weights mapped from the file: towers that are not used are not read."""
        import torch

        network = blank(**sizes(self._ours.config))
        for modules in network.children():
            for tower in [name for name in modules if name not in _INPUTS.values()]:
                del modules[tower]
        state = torch.load(self._ours.path, map_location="cpu", mmap=True, weights_only=True)
        lacking = network.load_state_dict(state, strict=False, assign=True).missing_keys
        if lacking:
            raise EmbedderError(f"{self._ours.path} lacks {len(lacking)} keys of ImageBind: {', '.join(lacking[:5])}.")
        return network.requires_grad_(False).to(self._ours.device)

    @cached_property
    def tokenizer(self) -> Any:
        """The official tokenizer: a text to 77 tokens."""
        return official("multimodal_preprocessors").SimpleTokenizer(str(package() / VOCABULARY))

    def _inputs(self, batch: Sequence[Tensor], modality: Modality) -> Iterator[Tensor]:
        """What the network takes at once; films and recordings one by one, since they differ in their clips."""
        import torch

        from archive_search.models.clip_pixels import normalised

        single = modality in ("video", "audio")
        for some in [one[None] for one in batch] if single else torch.split(torch.stack(list(batch)), _TOGETHER):
            inputs = some.to(self._ours.device)
            if modality == "video":
                inputs = normalised(inputs[0])[None]
            yield normalised(inputs) if modality == "image" else inputs


# ------------------------------------------------------------------ the package


def blank(**sizes: int) -> Any:
    """The official network of these sizes, in which every tensor has a shape and no values."""
    import torch
    from torch.overrides import TorchFunctionMode

    class LookedAt(TorchFunctionMode):
        """Let the constructor see the numbers from which it takes rates of dropout."""

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            given = {**(kwargs or {}), "device": "cpu"} if func is torch.linspace else (kwargs or {})
            return func(*args, **given)

    with torch.device("meta"), LookedAt():
        return official("imagebind_model").ImageBindModel(**sizes).eval()


def sizes(config: ImageBindConfig) -> dict[str, int]:
    """The sizes of our towers under the names of the official constructor."""
    named = (("embed_dim", "width"), ("num_blocks", "layers"), ("num_heads", "heads"))
    found = {
        f"{tower}_{theirs}": getattr(getattr(config, tower), ours)
        for tower in ("vision", "text", "audio")
        for theirs, ours in named
    }
    return {**found, "out_embed_dim": config.dim}


@cache
def official(module: str) -> ModuleType:
    """
    A module of the package's `models`.

    The package's own beginning, which imports the preparation of films and sounds, is left out; `timm`, of which the
    network uses two names that do nothing once training is over, is stood in for while it is imported.

    Raises:
        NotInstalledError: If the package, or what the network needs, is missing.
    """
    with _importing, _stood_in(package()):
        return importlib.import_module(f"imagebind.models.{module}")


def package() -> Path:
    """
    Where the package lies.

    Raises:
        NotInstalledError: If it, or what the network needs, is missing.
    """
    if lacking := _not_installed():
        raise NotInstalledError(lacking)
    return _found()[0]


def _found() -> list[Path]:
    spec = importlib.util.find_spec("imagebind")
    places = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    return [place for place in places if (place / "models" / "imagebind_model.py").is_file()]


def _not_installed() -> str:
    """A sentence on the packages that are missing; '' where none is."""
    lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    install = ["pip install --no-deps imagebind-packaged"] if not _found() else []
    install += [f"pip install {' '.join(lacking)}"] if lacking else []
    return f"The official ImageBind network is not installed: {', then '.join(install)}." if install else ""


@contextlib.contextmanager
def _stood_in(place: Path) -> Iterator[None]:
    """Put modules in the place of `imagebind` itself and of `timm`; afterwards all is as it was."""
    import torch

    before = {name: module for name, module in sys.modules.items() if _is_theirs(name)}
    modules: dict[str, Any] = {name: ModuleType(name) for name in ("timm", "timm.models", "timm.models.layers")}
    if "imagebind" not in before:
        modules["imagebind"] = ModuleType("imagebind")
    for name, module in modules.items():
        module.__path__ = [str(place)] if name == "imagebind" else []
    modules["timm.models.layers"].trunc_normal_ = torch.nn.init.trunc_normal_
    modules["timm.models.layers"].DropPath = lambda *_: torch.nn.Identity()
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in [name for name in sys.modules if _is_theirs(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def _is_theirs(name: str) -> bool:
    return name.partition(".")[0] in ("imagebind", "timm")


def _missing() -> str:
    return _not_installed() or checkpoints.missing(WEIGHTS)


def _load() -> OfficialImageBind:
    package()
    return OfficialImageBind(checkpoints.require(WEIGHTS))


EMBEDDERS: dict[str, EmbedderInfo] = {
    NAME: EmbedderInfo(
        name=NAME,
        dim=DIM,
        modalities=MODALITIES,
        summary="ImageBind as its authors wrote it, with the weights of imagebind: slower, to compare ours with.",
        licence="CC BY-NC-SA 4.0, code and weights: non-commercial use only",
        load=_load,
        missing=_missing,
    )
}
