"""
Mel spectrograms as the audio tower of ImageBind hears them: the filter bank of Kaldi, as in AST.

Gong et al. 2021, https://arxiv.org/abs/2104.01778; windows of 25 ms (Hann) every 10 ms, 128 bins, natural logarithm.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from archive_search.types import InvalidInputError, NotInstalledError

BINS = 128
FRAMES = 204
MEAN, STD = -4.268, 9.138
"""Over the recordings that ImageBind was trained on (AudioSet)."""
_WINDOW = 400


def spectrogram(samples: NDArray[np.float32], rate: int = 16_000) -> Tensor:
    """
    Map (n,) samples of a clip of at most two seconds to (1, 128, 204) float32; what is missing is filled with zeros.

    Raises:
        InvalidInputError: If the clip is shorter than one window of 25 ms.
        NotInstalledError: If the filter bank's package is missing.
    """
    bank = filter_bank(samples, rate)[:FRAMES]  # (frames, bins)
    padded = np.zeros((FRAMES, BINS), np.float32)
    padded[: len(bank)] = bank
    return torch.from_numpy((padded.T[None] - MEAN) / STD).float().contiguous()


def filter_bank(samples: NDArray[np.float32], rate: int = 16_000) -> NDArray[np.float32]:
    """Map (n,) samples to (frames, 128) logarithms of energies, the mean of the samples taken away before."""
    try:
        import kaldi_native_fbank as kaldi
    except ModuleNotFoundError as error:
        raise NotInstalledError("Recordings need a filter bank: pip install 'archive-search[av]'.") from error
    if len(samples) < _WINDOW * rate // 16_000:
        raise InvalidInputError(f"The recording is too short: {len(samples) / rate:.3f} s; 0.025 s are needed.")
    options = kaldi.FbankOptions()
    options.frame_opts.samp_freq = rate
    options.frame_opts.dither = 0.0
    options.frame_opts.window_type = "hanning"
    options.mel_opts.num_bins = BINS
    options.use_energy = False
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(rate, (samples - samples.mean()).tolist())
    bank.input_finished()
    return np.stack([bank.get_frame(number) for number in range(bank.num_frames_ready)])
