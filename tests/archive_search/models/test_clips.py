"""Films and recordings: where clips lie, which frames and sounds they hold, and what cannot be read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from archive_search.models.clips import pairs_of_frames, sounds, starts
from archive_search.types import InvalidInputError

av = pytest.importorskip("av")


def write_film(path: Path, frames: int, rate: int = 10, size: tuple[int, int] = (208, 48)) -> Path:
    """A film whose frame n is black but for a white line at column 2 n."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            pixels = np.zeros((size[1], size[0], 3), np.uint8)
            pixels[:, 2 * number : 2 * number + 2] = 255
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def write_recording(path: Path, samples: np.ndarray, rate: int, codec: str = "pcm_s16le") -> Path:
    """A recording of (channels, n) samples, -1 to 1."""
    with av.open(str(path), "w") as recording:
        stream = recording.add_stream(codec, rate=rate, layout="mono" if len(samples) == 1 else "stereo")
        for start in range(0, samples.shape[1], 1024):
            part = np.ascontiguousarray((samples[:, start : start + 1024].T * 32767).astype(np.int16).reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=stream.layout.name)
            frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
            recording.mux(stream.encode(frame))
        recording.mux(stream.encode(None))
    return path


def tone(seconds: float, rate: int, hertz: float = 440) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)[None]


def test_clips_are_spread_evenly() -> None:
    """The first clip starts with the film, the last ends with it, the others lie evenly between."""
    assert starts(10, 5) == [0, 2, 4, 6, 8]
    assert starts(6, 3) == [0, 2, 4]
    assert starts(60, 1) == [0]


def test_a_short_film_has_one_clip() -> None:
    """A film no longer than a clip is looked at once."""
    assert starts(2, 5) == starts(0.1, 5) == starts(0, 3) == [0]


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.mkv", "a.mov"])
def test_first_and_last_frame_of_each_clip(tmp_path: Path, name: str) -> None:
    """Of each clip the frame at its start and the last before its end are seen, also where a jump lands in between."""
    pairs = pairs_of_frames(write_film(tmp_path / name, frames=100), clips=5)
    assert [pair.shape for pair in pairs] == [(2, 48, 208, 3)] * 5
    seen = [[int(frame.mean((0, 2)).argmax()) // 2 for frame in pair] for pair in pairs]
    assert seen == [[0, 19], [20, 39], [40, 59], [60, 79], [80, 99]]


def test_a_film_of_one_frame(tmp_path: Path) -> None:
    """A film of one frame is one clip that shows it twice."""
    [pair] = pairs_of_frames(write_film(tmp_path / "a.mp4", frames=1), clips=5)
    assert np.array_equal(pair[0], pair[1])


def test_an_animated_picture_is_a_film(tmp_path: Path) -> None:
    """An animated GIF is read like a film."""
    from PIL import Image

    frames = [Image.new("L", (20, 10), 60 * number) for number in range(4)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=1000)
    pairs = pairs_of_frames(tmp_path / "a.gif", clips=2)
    assert [[int(frame.mean()) for frame in pair] for pair in pairs] == [[0, 60], [120, 180]]


def test_a_film_that_was_turned_is_seen_upright(tmp_path: Path) -> None:
    """The turn that a telephone notes in the file is applied."""
    path = write_film(tmp_path / "a.mp4", frames=3)
    data = path.read_bytes()
    upright = b"".join(number.to_bytes(4, "big") for number in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))
    turned = b"".join(number.to_bytes(4, "big") for number in (0, 0x10000, 0, 0xFFFF0000, 0, 0, 0, 0, 0x40000000))
    at = data.index(upright, data.index(b"tkhd"))
    path.write_bytes(data[:at] + turned + data[at + len(turned) :])
    [pair] = pairs_of_frames(path, clips=5)
    assert pair.shape == (2, 208, 48, 3)


def test_a_recording_is_heard_in_three_clips(tmp_path: Path) -> None:
    """Each clip holds two seconds of its own part, at 16,000 samples a second."""
    samples = np.concatenate([tone(2, 44_100, hertz) for hertz in (300, 600, 1200)], axis=1)
    heard = sounds(write_recording(tmp_path / "a.wav", samples, 44_100), clips=3)
    assert [len(clip) for clip in heard] == [32_000] * 3
    peaks = [np.abs(np.fft.rfft(clip)).argmax() / 2 for clip in heard]
    assert peaks == pytest.approx([300, 600, 1200], abs=1)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.flac", "flac"), ("a.ogg", "flac")]
)
def test_compressed_recordings(tmp_path: Path, name: str, codec: str) -> None:
    """Compressed recordings are heard at the right moment, two seconds each."""
    samples = np.concatenate([tone(2, 44_100, hertz) for hertz in (300, 600, 1200)], axis=1)
    heard = sounds(write_recording(tmp_path / name, samples, 44_100, codec), clips=3)
    assert all(abs(len(clip) - 32_000) < 800 for clip in heard)
    peaks = [np.abs(np.fft.rfft(clip)).argmax() * 16_000 / len(clip) for clip in heard]
    assert peaks == pytest.approx([300, 600, 1200], abs=2)


def test_channels_are_mixed(tmp_path: Path) -> None:
    """Two channels become their mean."""
    samples = np.concatenate([tone(1, 16_000), np.zeros((1, 16_000))])
    [heard] = sounds(write_recording(tmp_path / "a.wav", samples, 16_000), clips=3)
    assert np.allclose(heard, samples.mean(0), atol=1e-3)


def test_a_tenth_of_a_second(tmp_path: Path) -> None:
    """A recording of 0.1 s is one clip of its own length."""
    [heard] = sounds(write_recording(tmp_path / "a.wav", tone(0.1, 16_000), 16_000), clips=3)
    assert len(heard) == 1600


@pytest.mark.parametrize("read", [pairs_of_frames, sounds])
def test_what_is_no_film_is_refused(tmp_path: Path, read) -> None:
    """A file of another kind, an empty one and one that is not there are refused by name."""
    for name, data in (("note.mp4", b"not a film, only words " * 100), ("empty.mp4", b"")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InvalidInputError, match=f"{name} cannot be read"):
            read(tmp_path / name, 5)
    with pytest.raises(InvalidInputError, match=r"gone\.mp4 cannot be read.*[Nn]o such file"):
        read(tmp_path / "gone.mp4", 5)


def test_a_film_without_sound_and_a_recording_without_picture(tmp_path: Path) -> None:
    """A silent film holds no sound, a recording no picture."""
    with pytest.raises(InvalidInputError, match=r"a\.mp4 holds no sound"):
        sounds(write_film(tmp_path / "a.mp4", frames=3), 3)
    with pytest.raises(InvalidInputError, match=r"a\.wav holds no picture"):
        pairs_of_frames(write_recording(tmp_path / "a.wav", tone(1, 16_000), 16_000), 5)


def test_a_film_cut_short_shows_what_is_there(tmp_path: Path) -> None:
    """A film whose end is missing is seen as far as it goes."""
    path = write_film(tmp_path / "a.avi", frames=100, size=(208, 120))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    pairs = pairs_of_frames(path, clips=5)
    assert len(pairs) >= 1


def test_without_pyav_the_message_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyAV is missing, the error names the command that installs it."""
    import sys

    from archive_search.types import NotInstalledError

    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[av\]'"):
        sounds(tmp_path / "a.wav", 3)
