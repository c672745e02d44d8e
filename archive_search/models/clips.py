"""Clips of two seconds, spread evenly over a film or a recording, read with PyAV."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from archive_search.types import InvalidInputError, NotInstalledError

if TYPE_CHECKING:
    from av.container import InputContainer

SECONDS = 2.0
"""Length of a clip."""
SAMPLES_PER_SECOND = 16_000
_MOMENT_S = 0.001
"""Less than any frame lasts, more than times are rounded by."""
_BEFORE_S = 0.25
"""So much sooner a recording is entered: the first sounds after a jump are distorted."""


def starts(duration_s: float, clips: int) -> list[float]:
    """When each clip starts, in seconds: the first at 0, the last so that it ends with the film; equal ones once."""
    last = max(duration_s - SECONDS, 0)
    return sorted({last * number / max(clips - 1, 1) for number in range(clips)})


def pairs_of_frames(path: Path, clips: int) -> list[NDArray[np.uint8]]:
    """
    The first and the last frame of each clip of a film, upright, (2, H, W, 3).

    Raises:
        InvalidInputError: If it cannot be read or shows nothing.
        NotInstalledError: If PyAV is missing.
    """
    with _opened(path) as film:
        stream = _stream(film, "video", path)
        clip_starts = starts(_duration_s(film, stream, path), clips)
        moments = [at for start in clip_starts for at in (start + _MOMENT_S, start + SECONDS - _MOMENT_S)]
        shown: list[NDArray[np.uint8]] = []
        for moment in moments:
            frame = _frame_at(film, stream, moment)
            if frame is None:  # the film is shorter than it says
                frame = shown[-1] if shown else None
            if frame is None:
                raise InvalidInputError(f"{path.name} is a film without a frame that can be read.")
            shown.append(frame)
        return [np.stack([first, last]) for first, last in zip(shown[::2], shown[1::2], strict=True)]


def sounds(path: Path, clips: int) -> list[NDArray[np.float32]]:
    """
    The clips of a recording, each (n,) with n at most 32,000: 16,000 samples a second, all channels mixed, -1 to 1.

    Raises:
        InvalidInputError: If it cannot be read or holds no sound.
        NotInstalledError: If PyAV is missing.
    """
    with _opened(path) as recording:
        stream = _stream(recording, "audio", path)
        heard = [_heard(recording, stream, start) for start in starts(_duration_s(recording, stream, path), clips)]
    whole = [clip for clip in heard if len(clip)]
    if not whole:
        raise InvalidInputError(f"{path.name} is a recording without a sound that can be read.")
    return whole


# ------------------------------------------------------------------ reading


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        import av
    except ModuleNotFoundError as error:
        raise NotInstalledError("Films and recordings need PyAV: pip install 'archive-search[av]'.") from error
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            yield container
    except (av.FFmpegError, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InvalidInputError(f"{path.name} cannot be read as a film or a recording: {why}.") from error


def _stream(container: InputContainer, kind: str, path: Path) -> Any:
    import av

    cover = av.stream.Disposition.attached_pic
    streams = [one for one in container.streams if one.type == kind and not one.disposition & cover]
    if not streams:
        raise InvalidInputError(f"{path.name} holds no {'picture' if kind == 'video' else 'sound'}.")
    streams[0].codec_context.thread_count = 1  # several films are read at once
    return streams[0]


def _duration_s(container: InputContainer, stream: Any, path: Path) -> float:
    """As the file says; where it does not, all of it is read."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    if container.duration:
        return container.duration / 1_000_000
    with _opened(path) as again:
        times = (one for one in again.demux(again.streams[stream.index]) if one.pts is not None)
        ends = [float((one.pts + (one.duration or 0)) * stream.time_base) for one in times]
    return max(ends, default=0.0) - _start_s(stream)


def _start_s(stream: Any) -> float:
    return float((stream.start_time or 0) * stream.time_base)


def _seek(container: InputContainer, stream: Any, moment: float) -> None:
    import av

    # where there is no jumping, what is wanted comes later anyway: clips are read in order
    with contextlib.suppress(av.FFmpegError):
        container.seek(int((moment + _start_s(stream)) / stream.time_base), stream=stream)


def _decoded(container: InputContainer, stream: Any) -> Iterator[Any]:
    """Frames up to the end, or up to where the file is damaged."""
    import av

    with contextlib.suppress(av.FFmpegError):
        yield from container.decode(stream)


def _frame_at(film: InputContainer, stream: Any, moment: float) -> NDArray[np.uint8] | None:
    """What is seen at a moment."""
    _seek(film, stream, moment)
    seen = None
    for frame in _decoded(film, stream):
        passed = frame.time is not None and frame.time - _start_s(stream) > moment
        if seen is None or not passed:
            seen = frame
        if passed:
            break
    if seen is None:
        return None
    pixels: NDArray[np.uint8] = seen.to_ndarray(format="rgb24")
    return np.ascontiguousarray(np.rot90(pixels, round(seen.rotation / 90)))


def _heard(recording: InputContainer, stream: Any, start: float) -> NDArray[np.float32]:
    import av

    resampler = av.AudioResampler(format="fltp", rate=SAMPLES_PER_SECOND)
    _seek(recording, stream, max(start - _BEFORE_S, 0))
    pieces: list[NDArray[np.float32]] = []
    entered: float | None = None
    for frame in _decoded(recording, stream):
        at = start if frame.time is None else frame.time - _start_s(stream)
        entered = at if entered is None else entered
        pieces += [one.to_ndarray().mean(0) for one in resampler.resample(frame)]
        if at + frame.samples / frame.sample_rate >= start + SECONDS:
            break
    pieces += [one.to_ndarray().mean(0) for one in resampler.resample(None)] if pieces else []
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    first = max(round((start - (entered or 0)) * SAMPLES_PER_SECOND), 0)
    return samples[first : first + round(SECONDS * SAMPLES_PER_SECOND)]
