"""The checkpoints that archive-search can use: where they are published, their licence, size and hash."""

from __future__ import annotations

from dataclasses import dataclass

from archive_search.types import UnknownNameError

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """
    One published file.

    `size` (bytes) and `sha256` (hex) are None where no published value is known: then what the server announces is
    checked, and the hash of the first fetch is recorded and held against every later one.
    """

    name: str
    url: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    The weights of one embedder.

    `files[0]` holds the weights. A checkpoint with a `repository` is a folder in the format of transformers, else it
    is that one file. `licence` is that of the weights, in the words that every list, command and page of the docs
    shows. `family` names the module whose function `expected(path)` gives the shapes by key that a checkpoint must
    hold; `package` is what must be installed for it, with the extra of archive-search that brings it.
    """

    name: str
    title: str
    licence: str
    terms: str
    files: tuple[RemoteFile, ...]
    family: str
    repository: str = ""
    revision: str = ""
    package: str = ""
    extra: str = ""

    @property
    def weights(self) -> RemoteFile:
        """The file with the weights."""
        return self.files[0]

    @property
    def variable(self) -> str:
        """The environment variable that names a path to use instead."""
        return "ARCHIVE_SEARCH_" + self.name.upper().replace("-", "_")

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files rather than one file."""
        return bool(self.repository)

    @property
    def size_label(self) -> str:
        """How large the weights are, for people: '4.80 GB', 'size not known'."""
        return size_label(self.weights.size)


def size_label(size: int | None) -> str:
    """A number of bytes for people, in powers of ten as download pages give it."""
    if size is None:
        return "size not known"
    for unit, factor, digits in (("GB", 10**9, 2), ("MB", 10**6, 0), ("kB", 10**3, 0)):
        if size >= factor:
            return f"{size / factor:.{digits}f} {unit}"
    return f"{size} bytes"


def _from_hub(
    name: str,
    title: str,
    repository: str,
    revision: str,
    weights: tuple[str, int | None, str | None],
    others: tuple[str, ...],
    licence: str,
    terms: str,
) -> Checkpoint:
    file, size, sha256 = weights
    base = f"{HUB}/{repository}/resolve/{revision}"
    files = (
        RemoteFile(file, f"{base}/{file}", size, sha256),
        *(RemoteFile(other, f"{base}/{other}") for other in others),
    )
    family = "archive_search.models.transformers_towers"
    return Checkpoint(name, title, licence, terms, files, family, repository, revision, "transformers", "clip")


_CLIP_TEXT = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt")
_CLIP_LICENCE = "none named (the code is MIT)"
_CLIP_TERMS = (
    "OpenAI's model card is for research: it calls any deployed use out of scope, and image search not recommended "
    "without thorough testing on one's own subject."
)

KNOWN: dict[str, Checkpoint] = {
    one.name: one
    for one in (
        Checkpoint(
            name="imagebind",
            title="ImageBind",
            licence="CC BY-NC-SA 4.0: non-commercial",
            terms="It asks to name its makers, and to share alike what is built on it.",
            files=(
                RemoteFile(
                    "imagebind_huge.pth",
                    "https://dl.fbaipublicfiles.com/imagebind/imagebind_huge.pth",
                    # Meta publishes neither; both are what independent mirrors and projects report of this file
                    4_803_584_173,
                    "d6f6c22bedcc90708448d5d2fbb7b2db9c73f505dc89bd0b2e09b23af1b62157",
                ),
            ),
            family="archive_search.models.imagebind",
        ),
        _from_hub(
            "clip-vit-b-32",
            "CLIP ViT-B/32",
            "openai/clip-vit-base-patch32",
            "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
            (
                "pytorch_model.bin",
                605_247_071,
                "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
            ),
            ("config.json", "preprocessor_config.json", *_CLIP_TEXT),
            _CLIP_LICENCE,
            _CLIP_TERMS,
        ),
        _from_hub(
            "clip-vit-l-14",
            "CLIP ViT-L/14",
            "openai/clip-vit-large-patch14",
            "32bd64288804d66eefd0ccbe215aa642df71cc41",
            (
                "model.safetensors",
                1_710_540_580,
                "a2bf730a0c7debf160f7a6b50b3aaf3703e7e88ac73de7a314903141db026dcb",
            ),
            ("config.json", "preprocessor_config.json", *_CLIP_TEXT),
            _CLIP_LICENCE,
            _CLIP_TERMS,
        ),
        _from_hub(
            "siglip2-base",
            "SigLIP 2 base",
            "google/siglip2-base-patch16-224",
            "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2",
            (
                "model.safetensors",
                1_500_800_904,
                "612923381c76ec5a9bed335d1c48827e3f2e506ac31b044b63b2031fadee6a0b",
            ),
            ("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"),
            "Apache-2.0",
            "Free use, with attribution.",
        ),
        _from_hub(
            "vit-b-16",
            "ViT-B/16",
            "google/vit-base-patch16-224",
            "3f49326eb077187dfe1c2a2bb15fbd74e6ab91e3",
            # the size that the hub announces; nobody publishes its hash
            ("model.safetensors", 346_293_852, None),
            ("config.json", "preprocessor_config.json"),
            "Apache-2.0",
            "Free use, with attribution.",
        ),
    )
}
"""By the embedder's name."""


def known(name: str) -> Checkpoint:
    """
    The checkpoint of an embedder.

    Raises:
        UnknownNameError: If no embedder of this name has one to fetch.
    """
    try:
        return KNOWN[name]
    except KeyError:
        raise UnknownNameError(f"No model is called {name!r}. Known: {', '.join(KNOWN)}.") from None
