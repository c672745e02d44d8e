"""Spectrograms: the filter bank against its definition, and clips that are silent or short."""

from __future__ import annotations

import numpy as np
import pytest

from archive_search.models.mel import BINS, FRAMES, MEAN, STD, filter_bank, spectrogram
from archive_search.types import InvalidInputError

pytest.importorskip("kaldi_native_fbank")
RATE = 16_000


def defined(samples: np.ndarray) -> np.ndarray:
    """Kaldi's filter bank in its own words: windows, pre-emphasis 0.97, power spectrum, triangles on the mel scale."""
    samples = samples.astype(np.float64) - samples.mean()
    count = 1 + (len(samples) - 400) // 160
    windows = np.stack([samples[160 * i : 160 * i + 400] for i in range(count)])
    windows -= windows.mean(1, keepdims=True)
    windows -= 0.97 * np.concatenate([windows[:, :1], windows[:, :-1]], 1)
    windows *= 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)
    power = np.abs(np.fft.rfft(windows, 512)) ** 2

    def mel(hertz):
        return 1127 * np.log1p(hertz / 700)

    corners = np.linspace(mel(20), mel(RATE / 2), BINS + 2)
    at = mel(np.arange(257) * RATE / 512)
    rising = (at - corners[:-2, None]) / (corners[1:-1, None] - corners[:-2, None])
    falling = (corners[2:, None] - at) / (corners[2:, None] - corners[1:-1, None])
    bank = np.maximum(0, np.minimum(rising, falling))
    bank[:, 256] = 0  # Kaldi leaves out the highest frequency
    return np.log(np.maximum(power @ bank.T, np.finfo(np.float32).eps))


def test_the_filter_bank_is_as_defined() -> None:
    """Tones and noise give the values of the definition."""
    rng = np.random.default_rng(0)
    time = np.arange(2 * RATE) / RATE
    samples = (0.3 * np.sin(2 * np.pi * 440 * time) + 0.05 * rng.standard_normal(len(time))).astype(np.float32)
    assert np.allclose(filter_bank(samples), defined(samples), atol=2e-3)


def test_two_seconds_fill_the_spectrogram() -> None:
    """Two seconds give 198 windows; the six frames after them are zero before they are normalised."""
    made = spectrogram(np.random.default_rng(0).standard_normal(2 * RATE).astype(np.float32)).numpy()
    assert made.shape == (1, BINS, FRAMES)
    assert np.allclose(made[..., 198:], -MEAN / STD)
    assert not np.isclose(made[..., 197], -MEAN / STD).any()


def test_silence_is_a_spectrogram() -> None:
    """A silent clip gives finite numbers."""
    made = spectrogram(np.zeros(2 * RATE, np.float32)).numpy()
    assert np.isfinite(made).all()
    assert np.allclose(made[..., :198], (np.log(np.finfo(np.float32).eps) - MEAN) / STD, atol=1e-4)


def test_a_tenth_of_a_second_is_filled_up() -> None:
    """A clip of 0.1 s gives eight windows and zeros."""
    made = spectrogram(np.random.default_rng(0).standard_normal(RATE // 10).astype(np.float32)).numpy()
    assert np.allclose(made[..., 8:], -MEAN / STD)


@pytest.mark.parametrize("length", [0, 1, 399])
def test_less_than_a_window_is_refused(length: int) -> None:
    """A clip shorter than one window is refused with its length."""
    with pytest.raises(InvalidInputError, match=r"too short: 0\.0"):
        spectrogram(np.zeros(length, np.float32))
