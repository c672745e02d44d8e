"""The network: equal to the official one, tower by tower, and files that are not its checkpoint."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from archive_search.models.imagebind import HUGE, ImageBind, ImageBindConfig, Tower, attend, check, expected
from archive_search.types import EmbedderError
from tests import oracle
from tests.imagebind_weights import SMALL

TEXTS = ["A car", "An archeological drawing of a flint axe head, with a polished edge", "", "økse", "x " * 90]


@pytest.fixture(scope="module")
def official():
    return oracle.network(SMALL)


@pytest.fixture(scope="module")
def file(official, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "small.pth"
    torch.save(official.state_dict(), path)
    return path


@pytest.fixture(scope="module")
def wanted(official) -> dict[str, Tensor]:
    """The official vectors of `inputs`."""
    return official_rows(official)


def inputs() -> dict[str, Tensor]:
    """What the official network takes: pictures, texts, films of four clips, recordings of three."""
    generator = torch.Generator().manual_seed(1)
    return {
        "image": torch.randn(3, 3, 224, 224, generator=generator),
        "video": torch.randn(2, 4, 3, 2, 224, 224, generator=generator),
        "audio": torch.randn(2, 3, 1, 128, 204, generator=generator),
        "text": oracle.tokenizer()(TEXTS),
    }


def official_rows(official) -> dict[str, Tensor]:
    given = inputs()
    rows = oracle.encode(official, {"vision": given["image"], "text": given["text"], "audio": given["audio"]})
    rows["image"] = rows.pop("vision")
    return rows | {"video": oracle.encode(official, {"vision": given["video"]})["vision"]}


def our_rows(network: ImageBind) -> dict[str, Tensor]:
    given = inputs()
    with torch.inference_mode():
        film = network.encode_image(given["video"].flatten(0, 1)).unflatten(0, (2, 4)).mean(1)
        recording = network.encode_audio(given["audio"].flatten(0, 1)).unflatten(0, (2, 3)).mean(1)
        return {
            "image": network.encode_image(given["image"]),
            "text": network.encode_text(given["text"]),
            "video": F.normalize(film, dim=1),
            "audio": F.normalize(recording, dim=1),
        }


# ------------------------------------------------------------------ the same vectors


def test_every_modality_as_officially(wanted, file: Path) -> None:
    """Pictures, texts, films and recordings have the vectors of the official network, within 1e-5."""
    rows = our_rows(ImageBind.from_checkpoint(file, config=SMALL))
    for modality, row in wanted.items():
        assert (rows[modality] - row).abs().max() < 1e-5, modality


@pytest.mark.parametrize("packed", [False, True])
def test_bfloat16_stays_close(wanted, file: Path, packed: bool) -> None:
    """In bfloat16 every vector has a cosine of at least 0.999 with the official one, packed or not."""
    rows = our_rows(ImageBind.from_checkpoint(file, dtype=torch.bfloat16, config=SMALL, packed=packed))
    for modality, row in wanted.items():
        assert (rows[modality] * row).sum(1).min() >= 0.999, modality


def test_packed_weights_multiply_alike(file: Path) -> None:
    """Weights laid out for the processor give the same vectors in float32."""
    before = our_rows(ImageBind.from_checkpoint(file, config=SMALL))
    for modality, row in our_rows(ImageBind.from_checkpoint(file, config=SMALL, packed=True)).items():
        assert (before[modality] - row).abs().max() < 1e-5, modality


def test_a_picture_is_a_film_in_which_nothing_moves(file: Path) -> None:
    """A still picture and two equal frames of it have the same vector."""
    network = ImageBind.from_checkpoint(file, ("vision",), config=SMALL)
    pixels = inputs()["image"]
    twice = pixels[:, :, None].expand(-1, -1, 2, -1, -1)
    assert torch.allclose(network.encode_image(pixels), network.encode_image(twice), atol=1e-6)


def test_a_row_does_not_depend_on_its_batch(file: Path) -> None:
    """A text alone has the vector that it has among longer ones."""
    network = ImageBind.from_checkpoint(file, ("text",), config=SMALL)
    tokens = inputs()["text"]
    alone = torch.cat([network.encode_text(row[None]) for row in tokens])
    assert torch.allclose(alone, network.encode_text(tokens), atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_attention_is_attention(dtype: torch.dtype) -> None:
    """Attention is that of torch, also where the products are written out."""
    q, k, v = torch.randn(3, 2, 4, 33, 16, generator=torch.Generator().manual_seed(0)).to(dtype)
    ours = attend(q, k, v, None, causal=False)
    assert torch.allclose(
        ours.float(), F.scaled_dot_product_attention(q, k, v).float(), atol=1e-6 if dtype == torch.float32 else 0.02
    )


# ------------------------------------------------------------------ reading the checkpoint


@pytest.mark.parametrize("tower", ["vision", "text", "audio"])
def test_a_tower_alone(wanted, file: Path, tower: Tower) -> None:
    """One tower can be read without the others, and then holds nothing of them."""
    network = ImageBind.from_checkpoint(file, (tower,), config=SMALL)
    names = {name.split(".")[1] for name in network.state_dict()}
    assert names == {tower}
    given = {"vision": "image"}.get(tower, tower)
    row = wanted[given]
    encode = {"vision": network.encode_image, "text": network.encode_text, "audio": network.encode_audio}[tower]
    rows = encode(inputs()[given].flatten(0, 1) if tower == "audio" else inputs()[given])
    rows = F.normalize(rows.unflatten(0, (2, 3)).mean(1), dim=1) if tower == "audio" else rows
    assert (rows - row).abs().max() < 1e-5


def test_names_and_shapes_of_the_huge_network() -> None:
    """The names and shapes that are asked for are those of the official network at full size."""
    theirs = {name: tuple(value.shape) for name, value in oracle.blank(HUGE).state_dict().items()}
    towers = {name for name in theirs if name.split(".")[1] in ("vision", "text", "audio")}
    left_out = towers - expected(Path()).keys()
    assert expected(Path()).items() <= theirs.items()
    assert left_out == {
        "modality_preprocessors.text.mask",
        "modality_postprocessors.text.1.log_logit_scale",
        "modality_postprocessors.audio.1.log_logit_scale",
    }


def test_heads_stay_in_32_bits(file: Path) -> None:
    """In a network of 16 bits the last normalisation and projection keep all of theirs."""
    network = ImageBind.from_checkpoint(file, dtype=torch.bfloat16, config=SMALL)
    dtypes = {name.split(".")[0]: value.dtype for name, value in network.state_dict().items()}
    assert dtypes == {
        "modality_preprocessors": torch.bfloat16,
        "modality_trunks": torch.bfloat16,
        "modality_heads": torch.float32,
    }


def test_reading_twice_gives_the_same(file: Path) -> None:
    """Giving pages of the file back does not change what is read from it later."""
    first = ImageBind.from_checkpoint(file, dtype=torch.bfloat16, config=SMALL).state_dict()
    again = ImageBind.from_checkpoint(file, config=SMALL).state_dict()
    assert all(torch.equal(first[name], again[name].to(first[name].dtype)) for name in first)


def test_missing_keys_are_listed(official, tmp_path: Path) -> None:
    """A checkpoint that lacks a block says which keys, under the names that they have in the file."""
    state = {name: value for name, value in official.state_dict().items() if ".vision.blocks.1.attn" not in name}
    torch.save(state, tmp_path / "a.pth")
    with pytest.raises(EmbedderError, match=r"a\.pth does not fit.*4 of .* missing.*blocks\.1\.attn\.in_proj_weight"):
        ImageBind.from_checkpoint(tmp_path / "a.pth", config=SMALL)
    ImageBind.from_checkpoint(tmp_path / "a.pth", ("text", "audio"), config=SMALL)


def test_other_sizes_are_named(file: Path) -> None:
    """A checkpoint of another size says which tensor differs, and how."""
    wide = ImageBindConfig(SMALL.vision, SMALL.text, SMALL.audio, dim=64)
    with pytest.raises(EmbedderError, match=r"modality_heads\.\S+ is 40 x 64, not 64 x 64"):
        ImageBind.from_checkpoint(file, config=wide)


def test_keys_too_many_are_named(official, tmp_path: Path) -> None:
    """A tensor that this network would leave out is an error in a tower that is used, and none in another."""
    state = official.state_dict()
    torch.save(state | {"modality_trunks.text.blocks.0.gate": torch.ones(1)}, tmp_path / "a.pth")
    with pytest.raises(EmbedderError, match=r"not of this network: modality_trunks\.text\.blocks\.0\.gate"):
        check(tmp_path / "a.pth", SMALL)
    check(tmp_path / "a.pth", SMALL, ("vision",))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda whole: whole[: len(whole) // 2], "cut short"),
        (lambda whole: b"<html>Sign in</html>", "web page"),
        (lambda whole: b"", "empty"),
        (lambda whole: b"\0" * 5000, "zeros"),
    ],
)
def test_a_wrong_file_is_named_as_such(file: Path, tmp_path: Path, data, said: str) -> None:
    """A file that was cut short, is empty or something else says so."""
    (tmp_path / "a.pth").write_bytes(data(file.read_bytes()))
    with pytest.raises(EmbedderError, match=said):
        ImageBind.from_checkpoint(tmp_path / "a.pth", config=SMALL)


def test_no_file_and_no_tensors(tmp_path: Path) -> None:
    """A file that is not there, and one that holds other things, say so."""
    with pytest.raises(EmbedderError, match=r"gone\.pth"):
        ImageBind.from_checkpoint(tmp_path / "gone.pth")
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(EmbedderError, match=r"list\.pth"):
        ImageBind.from_checkpoint(tmp_path / "list.pth")


# ------------------------------------------------------------------ at full size


@pytest.mark.slow
def test_every_modality_as_officially_at_full_size(tmp_path: Path) -> None:
    """At the size of `imagebind_huge` too: within 1e-5 in float32, cosine 0.999 in bfloat16."""
    official = oracle.network(HUGE)
    torch.save(official.state_dict(), tmp_path / "huge.pth")
    wanted = official_rows(official)
    del official
    rows = our_rows(ImageBind.from_checkpoint(tmp_path / "huge.pth"))
    for modality, row in wanted.items():
        assert (rows[modality] - row).abs().max() < 1e-5, modality
    network = ImageBind.from_checkpoint(tmp_path / "huge.pth", dtype=torch.bfloat16, packed=True)
    for modality, row in our_rows(network).items():
        assert (wanted[modality] * row).sum(1).min() >= 0.999, modality
