"""Films and recordings as records."""

import wave

import numpy as np
import pytest
from PIL import Image

from archive_search.testing import HashEmbedder
from ingest.sources.folder import Folder
from ingest.testing import Desk, Encoder

av = pytest.importorskip("av", reason="PyAV is not installed")


class Ears(HashEmbedder):
    """An embedder that sees pictures and hears recordings: a recording's vector is its length."""

    modalities = frozenset({"text", "image", "audio"})

    def preprocess(self, item, modality):
        """The seconds of a recording."""
        if modality != "audio":
            return super().preprocess(item, modality)
        with wave.open(str(item)) as file:
            return file.getnframes() / file.getframerate()

    def encode(self, batch, modality):
        """A recording of n seconds lies on axis n."""
        return (
            np.eye(self.dim, dtype=np.float32)[[int(one) for one in batch]]
            if modality == "audio"
            else super().encode(batch, modality)
        )


@pytest.fixture
def folder(tmp_path):
    """A picture, a film, a recording, and two broken ones."""
    made = tmp_path / "things"
    made.mkdir()
    Image.new("RGB", (40, 30), "red").save(made / "axe.png")
    with wave.open(str(made / "lur.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((np.sin(np.arange(3 * 8000)) * 9000).astype("<i2").tobytes())
    with av.open(str(made / "dig.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="rgb24")))
        container.mux(stream.encode())
    (made / "torn.mp4").write_bytes((made / "dig.mp4").read_bytes()[:200])
    (made / "mute.mp3").write_bytes(b"")
    return made


def test_films_and_recordings_are_records(tmp_path, folder):
    """A recording goes to the tower that hears, a film to the one that sees; broken ones are rows with reasons."""
    desk = Desk(tmp_path)
    summary = desk.run(Folder(folder), Ears())
    assert (summary.added, summary.rejected) == (3, 2)
    points = {point.id: point for point in desk.index.open().scan((), "hash")}
    assert points["lur.wav"].vectors["hash"][3] == pytest.approx(1.0)
    assert [points[name].payload.get("modality") for name in ("axe.png", "dig.mp4", "lur.wav")] == [
        None,
        "video",
        "audio",
    ]
    assert all((tmp_path / "thumbnails" / point.payload["thumbnail"]).is_file() for point in points.values())
    assert set(desk.reasons()) == {"torn.mp4", "mute.mp3"}
    assert desk.run(Folder(folder), Ears()).unchanged == 3


def test_a_model_that_cannot_hear_rejects_recordings_only(tmp_path, folder):
    """Where no model hears, a recording is rejected with that reason, and the others are taken."""
    desk = Desk(tmp_path)
    assert desk.run(Folder(folder), Encoder()).added == 2
    assert "hears recordings" in desk.reasons()["lur.wav"]


def test_films_and_recordings_have_no_tiles(tmp_path, folder):
    """With tiles, films and recordings are taken as ever and nothing about them is done twice."""
    Image.new("RGB", (1200, 900), "red").save(folder / "plate.png")
    desk = Desk(tmp_path)
    source = Folder(folder)
    assert desk.run(source, Ears()).added == 4
    summary = desk.run(source, Ears(), options={"tiles": True})
    assert (summary.extended, summary.rejected) == (4, 2)
    points = desk.index.open().scan((), "hash-tiles")
    assert [point.id for point in points if "hash-tiles" in point.vectors] == ["plate.png"]
    assert desk.run(source, Ears(), options={"tiles": True}).unchanged == 4


def test_a_recording_without_colours_is_taken_once(tmp_path, folder):
    """A recording that one of two models hears is complete: the next ingest neither opens nor rejects it."""
    desk = Desk(tmp_path)
    source, colours = Folder(folder), Encoder("colours")
    assert desk.run(source, Ears(), colours).added == 3
    assert desk.run(source, Ears(), colours).unchanged == 3
    assert set(desk.reasons()) == {"torn.mp4", "mute.mp3"}
