"""CLIP, SigLIP 2 and ViT: the vectors of transformers' own pipeline, from folders in the official format."""

from __future__ import annotations

import io
import json
import shutil
import socket
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

transformers = pytest.importorskip("transformers")

from archive_search.archive import Archive  # noqa: E402
from archive_search.embedders import EMBEDDERS  # noqa: E402
from archive_search.models import checkpoints  # noqa: E402
from archive_search.search import SearchContext  # noqa: E402
from archive_search.settings import Settings  # noqa: E402
from archive_search.testing import MemoryStore  # noqa: E402
from archive_search.types import EmbedderError, Example, Point, Query  # noqa: E402
from tests.archive_search.embedders import small_checkpoints  # noqa: E402

NAMES = small_checkpoints.NAMES
TEXTS = [
    "antler hammer",
    "A polished FLINT axe, off-centre shaft hole",
    "",
    "Ærø Økse på Åen",
    "🏺",
    "x y " * 80,
    "a" * 10_000,
    "  two   spaces ",
]


def picture(width: int = 331, height: int = 247, seed: int = 0) -> Image.Image:
    """A picture with edges and gradients, where a shift by one pixel shows."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(seed).integers(0, 60, (height, width, 3))
    base = np.stack([x * 255 / max(width - 1, 1), y * 255 / max(height - 1, 1), (x // 7 + y // 5) % 2 * 195.0], axis=-1)
    return Image.fromarray(np.clip(base * 0.75 + noise, 0, 255).astype(np.uint8))


def vectors(name: str, items: list, modality: str) -> np.ndarray:
    """What the embedder makes of items."""
    embedder = EMBEDDERS[name].load()
    return embedder.encode([embedder.preprocess(item, modality) for item in items], modality)


def official_processor(folder: Path):
    """The image processor of transformers that works without torchvision."""
    kind = json.loads((folder / "preprocessor_config.json").read_text())["image_processor_type"]
    return getattr(transformers, f"{kind}Pil").from_pretrained(folder)


def unit(output: torch.Tensor) -> np.ndarray:
    """Rows of length 1."""
    return torch.nn.functional.normalize(output, dim=-1).numpy()


@pytest.mark.parametrize("name", NAMES)
def test_pictures_equal_the_official_pipeline(name, fetched):
    """A picture's vector is the one that transformers' processor and model give."""
    pictures = [picture(seed=1), picture(120, 480, 2), picture(224, 224, 3), picture(50, 31, 4)]
    pixels = official_processor(fetched / name)(pictures, return_tensors="pt")["pixel_values"]
    model = transformers.AutoModel.from_pretrained(fetched / name).eval()
    with torch.inference_mode():
        if name == "vit-b-16":
            official = model(pixel_values=pixels).last_hidden_state[:, 0]
        else:
            official = model.get_image_features(pixel_values=pixels).pooler_output
    np.testing.assert_allclose(vectors(name, pictures, "image"), unit(official), atol=1e-5)


@pytest.mark.parametrize("name", NAMES[:2])
def test_clip_texts_equal_the_official_pipeline(name, fetched):
    """A text's vector is the one that transformers' tokenizer and model give, whatever its length."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(fetched / name)
    tokens = tokenizer(TEXTS, padding=True, truncation=True, max_length=77, return_tensors="pt")
    model = transformers.CLIPModel.from_pretrained(fetched / name).eval()
    with torch.inference_mode():
        official = model.get_text_features(**tokens).pooler_output
    np.testing.assert_allclose(vectors(name, TEXTS, "text"), unit(official), atol=1e-5)


def test_siglip_texts_equal_the_official_pipeline(fetched):
    """SigLIP 2 reads texts in lower case, padded to 64 tokens, as it was trained."""
    folder = fetched / "siglip2-base"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    lower = [text.lower() for text in TEXTS]
    tokens = tokenizer(lower, padding="max_length", truncation=True, max_length=64, return_tensors="pt")
    model = transformers.SiglipModel.from_pretrained(folder).eval()
    with torch.inference_mode():
        official = model.get_text_features(input_ids=tokens["input_ids"]).pooler_output
    np.testing.assert_allclose(vectors("siglip2-base", TEXTS, "text"), unit(official), atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "size", [(1, 1), (2, 3), (224, 224), (331, 247), (247, 331), (640, 480), (225, 224), (30, 199)]
)
def test_pixels_equal_the_official_processor(name, size, fetched):
    """Pixels are those of transformers' processor."""
    embedder = EMBEDDERS[name].load()
    one = picture(*size)
    ours = embedder.pixels.normalise(embedder.preprocess(one, "image")[None])[0]
    theirs = official_processor(fetched / name)(one, return_tensors="pt")["pixel_values"][0]
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize("size", [(3000, 10), (10, 3000), (999, 37)])
def test_strips_are_cropped_first_to_the_same_picture(size, fetched):
    """Of very long pictures only the middle is resized: the official pixels but for rounding."""
    embedder = EMBEDDERS["clip-vit-b-32"].load()
    one = picture(*size)
    ours = embedder.pixels.normalise(embedder.preprocess(one, "image")[None])[0]
    theirs = official_processor(fetched / "clip-vit-b-32")(one, return_tensors="pt")["pixel_values"][0]
    off = (ours - theirs).abs() / (1 / 255 / max(embedder.pixels.std))  # in levels of 255
    assert off.mean() < 0.5
    assert off.max() < 12


@pytest.mark.parametrize("name", NAMES)
def test_odd_settings_of_new_files_are_read(name, fetched, tmp_path, models_in):
    """Sizes written as objects, as newer files have them, mean the same."""
    folder = shutil.copytree(fetched / name, tmp_path / name)
    file = folder / "preprocessor_config.json"
    config = json.loads(file.read_text())
    clip = name.startswith("clip")
    config |= {"size": {"shortest_edge": 224} if clip else {"height": 224, "width": 224}}
    config |= {"crop_size": {"height": 224, "width": 224}} if clip else {}
    before = vectors(name, [picture()], "image")
    file.write_text(json.dumps(config))
    models_in(tmp_path)
    np.testing.assert_allclose(vectors(name, [picture()], "image"), before, atol=1e-6)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        (None, "has no preprocessor_config.json"),
        ("{", "cannot be used"),
        ("[]", "cannot be used"),
        ('{"size": 224}', "cannot be used: 'image_mean'"),
        ('{"size": {"shortest_edge": 224}, "do_center_crop": false}', "differing sizes"),
    ],
)
def test_unusable_settings_for_pictures_are_named(config, why, fetched, tmp_path, models_in):
    """A preprocessor_config.json that is missing or cannot be followed is named."""
    folder = shutil.copytree(fetched / "clip-vit-b-32", tmp_path / "clip-vit-b-32")
    (folder / "preprocessor_config.json").unlink()
    if config is not None:
        (folder / "preprocessor_config.json").write_text(config)
    models_in(tmp_path)
    with pytest.raises(EmbedderError, match=why):
        vectors("clip-vit-b-32", [picture()], "image")


# ------------------------------------------------------------------ loading


@pytest.mark.parametrize("name", ["clip-vit-b-32", "vit-b-16"])
def test_weights_may_be_a_pytorch_file(name, fetched, tmp_path, models_in):
    """A pytorch_model.bin, as the official ViT-B/32 has, gives the same vectors as safetensors."""
    before = vectors(name, [picture()], "image")
    small_checkpoints.write(name, tmp_path / name, "pytorch_model.bin")
    models_in(tmp_path)
    assert checkpoints.weights_file(name).name == "pytorch_model.bin"
    np.testing.assert_allclose(vectors(name, [picture()], "image"), before, atol=1e-6)


def test_only_the_tower_that_is_asked_for_is_loaded(fetched):
    """A text query loads no picture tower, and a picture no text tower."""
    embedder = EMBEDDERS["clip-vit-b-32"].load()
    assert not embedder._towers
    embedder.encode([embedder.preprocess("axe", "text")], "text")
    assert set(embedder._towers) == {"text"}


def test_nothing_is_printed_and_nothing_connects(fetched, monkeypatch):
    """Loading and encoding write nothing to the terminal and open no connection."""

    def refused(*arguments: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        for name in NAMES:
            vectors(name, [picture()], "image")
        vectors("clip-vit-b-32", TEXTS, "text")
        vectors("siglip2-base", TEXTS, "text")
    assert (out.getvalue(), err.getvalue()) == ("", "")


@pytest.mark.parametrize("name", NAMES)
def test_the_checkpoint_is_the_hash_of_the_weights(name, fetched):
    """A result can name the weights that made it."""
    import hashlib

    digest = hashlib.sha256((fetched / name / "model.safetensors").read_bytes()).hexdigest()
    assert EMBEDDERS[name].load().checkpoint == digest


def test_another_model_in_the_folder_is_refused(fetched, tmp_path, models_in):
    """A folder with a model of another family, or of other dimensions, is not taken for this one."""
    shutil.copytree(fetched / "vit-b-16", tmp_path / "clip-vit-b-32")
    models_in(tmp_path)
    with pytest.raises(EmbedderError, match="holds a model of type 'vit', CLIP ViT-B/32 is of type 'clip'"):
        EMBEDDERS["clip-vit-b-32"].load()
    shutil.rmtree(tmp_path / "clip-vit-b-32")
    shutil.copytree(fetched / "clip-vit-l-14", tmp_path / "clip-vit-b-32")
    with pytest.raises(EmbedderError, match="768 dimensions, the space 'clip-vit-b-32' has 512"):
        vectors("clip-vit-b-32", ["axe"], "text")


def test_missing_keys_are_an_error_not_random_numbers(fetched, tmp_path, models_in):
    """A checkpoint that lacks a tensor is refused, and verify lists it."""
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(fetched / "clip-vit-b-32", tmp_path / "clip-vit-b-32")
    state = load_file(folder / "model.safetensors")
    del state["text_projection.weight"]
    state["visual_projection.weight"] = state["visual_projection.weight"][:5].clone()
    save_file(state, folder / "model.safetensors")
    models_in(tmp_path)
    with pytest.raises(EmbedderError, match=r"1 keys are missing \(text_projection.weight\)"):
        vectors("clip-vit-b-32", ["axe"], "text")
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        vectors("clip-vit-b-32", [picture()], "image")
    verdict = checkpoints.verify(checkpoints.known("clip-vit-b-32"))
    assert "keys are missing: text_projection.weight." in verdict.problems[0]
    assert "visual_projection.weight is 5 x 32, not 512 x 32" in verdict.problems[1]


@pytest.mark.parametrize("name", NAMES)
def test_verify_finds_all_keys_of_a_good_folder(name, fetched):
    """The keys that a folder should hold are those that the official format has."""
    verdict = checkpoints.verify(checkpoints.known(name))
    assert not [problem for problem in verdict.problems if "keys" in problem]
    assert verdict.remarks[0].endswith("keys checked.")


@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
def test_truncated_weights_are_named(weights, fetched, tmp_path, models_in):
    """Weights that were cut short are refused when they are needed, and verify says so."""
    file = small_checkpoints.write("clip-vit-b-32", tmp_path / "clip-vit-b-32", weights) / weights
    file.write_bytes(file.read_bytes()[:-3000])
    models_in(tmp_path)
    with pytest.raises(EmbedderError, match=r"cannot be loaded .* 'archive-search models verify' tells what is wrong"):
        vectors("clip-vit-b-32", ["axe"], "text")
    assert "cut short" in checkpoints.verify(checkpoints.known("clip-vit-b-32")).problems[0]


def test_a_folder_without_tokenizer_is_named(fetched, tmp_path, models_in):
    """Without the tokenizer's files texts cannot be read, and that is said."""
    folder = shutil.copytree(fetched / "siglip2-base", tmp_path / "siglip2-base")
    for file in ("tokenizer.json", "tokenizer_config.json"):
        (folder / file).unlink()
    models_in(tmp_path)
    with pytest.raises(EmbedderError, match="SigLIP 2 base cannot be loaded"):
        vectors("siglip2-base", ["axe"], "text")


# ------------------------------------------------------------------ texts


def test_a_long_text_is_cut_off_and_said(fetched):
    """What of a text was not read is said; a text that fits is read without a word."""
    embedder = EMBEDDERS["clip-vit-b-32"].load()
    assert embedder.remarks("antler hammer") == ()
    (said,) = embedder.remarks("a" * 75 + " lost words")
    assert said == "CLIP ViT-B/32 reads 77 tokens at most; cut off: lost words"
    (said,) = EMBEDDERS["siglip2-base"].load().remarks("X" * 10_000)
    assert said == f"SigLIP 2 base reads 64 tokens at most; cut off: {'x' * 40} ..."
    assert len(embedder.preprocess("a" * 10_000, "text")) == 77


def test_an_empty_text_is_remarked(fetched):
    """An empty text has a vector, and a remark that it says nothing."""
    assert EMBEDDERS["clip-vit-b-32"].load().remarks(" ") == (
        "The text is empty: no picture fits it better than another.",
    )


def test_half_a_character_is_no_crash(fetched):
    """Half of a surrogate pair, as broken metadata has it, is read as a question mark."""
    ours = vectors("clip-vit-b-32", ["a \ud83d b", "a ? b"], "text")
    np.testing.assert_allclose(ours[0], ours[1], atol=1e-6)


def test_threads_prepare_texts_at_once(fetched):
    """Texts of differing lengths prepared on several threads come out as they do one by one."""
    embedder = EMBEDDERS["siglip2-base"].load()
    texts = ["flint " * i for i in range(24)]
    alone = [embedder.preprocess(text, "text").tolist() for text in texts]
    made: dict[int, list[int]] = {}

    def work(i: int) -> None:
        made[i] = embedder.preprocess(texts[i], "text").tolist()
        embedder.remarks(texts[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[i] for i in range(len(texts))] == alone


# ------------------------------------------------------------------ in a search


def search(name: str, examples: tuple[Example, ...]) -> SearchContext:
    """A search in a space of one picture."""
    store = MemoryStore({name: EMBEDDERS[name].dim})
    store.upsert([Point("r1", {name: vectors(name, [picture()], "image")[0]}, {})])
    return SearchContext(store, Query(examples), name, EMBEDDERS[name].load, lambda source: picture())


def test_the_picture_of_a_record_finds_that_record(fetched):
    """Searching by the picture that was stored gives a score of 1."""
    found = search("vit-b-16", (Example("image", "x"),))
    ((hit),) = found.store.nearest("vit-b-16", found.vector(found.query.examples), 1)
    assert hit.score == pytest.approx(1, abs=1e-5)


def test_an_image_only_embedder_says_that_it_reads_no_texts(fetched):
    """A text query in a space of ViT is refused with what to do instead, and remarked."""
    found = search("vit-b-16", (Example("text", "axe"),))
    with pytest.raises(EmbedderError, match="'vit-b-16' reads no texts, only pictures: search by a picture"):
        found.vector(found.query.examples)
    assert found.remarks() == ("ViT-B/16 reads no texts: search by a picture or a record.",)


def test_without_weights_a_space_is_searched_by_record_and_a_text_says_what_is_missing(tmp_path, models_in):
    """Vectors from elsewhere in the space of CLIP: more-like-this works, words name what to fetch in one sentence."""
    models_in(tmp_path / "none")
    archive = Archive.create(tmp_path / "archive", Settings(name="museum"))
    rows = np.eye(512, dtype=np.float32)[:2]
    build = archive.index.begin({"clip-vit-b-32": 512})
    build.store.upsert([Point(f"r{i}", {"clip-vit-b-32": row}, {}) for i, row in enumerate(rows)])
    build.publish()
    found = archive.context(Query((Example("record", "r1"),)))
    assert [hit.id for hit in found.store.nearest(found.space, found.vector(found.query.examples), 1)] == ["r1"]
    words = archive.context(Query((Example("text", "axe"),)))
    with pytest.raises(EmbedderError, match=r"CLIP ViT-B/32 \(605 MB.*models fetch clip-vit-b-32.*search by a record"):
        words.vector(words.query.examples)
