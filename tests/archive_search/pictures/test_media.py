"""What a file is, and a still picture that stands for it."""

import wave
from pathlib import Path

import numpy as np
import pytest

from archive_search.pictures.media import medium, still
from archive_search.types import InvalidInputError

av = pytest.importorskip("av", reason="PyAV is not installed")


def film(path: Path, seconds: float = 3.0) -> Path:
    """A film that is red, then green, then blue."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        count = max(round(10 * seconds), 1)
        for number in range(count):
            colour = np.eye(3, dtype=np.uint8)[min(3 * number // count, 2)] * 220
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), colour, dtype=np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def recording(path: Path, seconds: float = 3.0) -> Path:
    """A tone that grows louder."""
    time = np.arange(round(16_000 * seconds)) / 16_000
    tone = np.sin(2 * np.pi * 440 * time) * np.linspace(0.05, 0.9, len(time))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((tone * 32_000).astype("<i2").tobytes())
    return path


@pytest.mark.parametrize(
    ("name", "expected"), [("a.JPG", "image"), ("b/c.mp4", "video"), ("d.WAV", "audio"), ("e", "image")]
)
def test_the_ending_tells(name, expected):
    """A file's ending tells what it is, whatever its case."""
    assert medium(name) == expected


def test_a_film_is_shown_by_its_middle(tmp_path):
    """The still picture of a film is a frame from its middle, here the green one."""
    picture = still(film(tmp_path / "film.mp4", 9.0))
    assert picture.size == (64, 48)
    red, green, blue = np.asarray(picture).reshape(-1, 3).mean(axis=0)
    assert green > red + 50
    assert green > blue + 50


def test_a_recording_is_shown_by_its_loudness(tmp_path):
    """The still picture of a recording shows how loud it is: this one grows, so there is more ink on the right."""
    picture = np.asarray(still(recording(tmp_path / "sound.wav", 9.0)).convert("L")) < 150
    assert picture[:, 400:].sum() > 2 * picture[:, :240].sum() > 0


def test_what_is_no_film_is_refused(tmp_path):
    """A file that only calls itself a film is refused by name."""
    (tmp_path / "fake.mp4").write_bytes(b"not a film")
    with pytest.raises(InvalidInputError, match=r"fake\.mp4 cannot be read"):
        still(tmp_path / "fake.mp4")
