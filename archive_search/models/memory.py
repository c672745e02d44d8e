"""Gives memory back to the system that was needed only while weights were read."""

from __future__ import annotations

import contextlib
import ctypes
import mmap

from torch import Tensor


def release(mapped: Tensor) -> None:
    """
    Drop the pages of a tensor that lies in a mapped file and was never written to.

    They stay in the file cache, but count no longer as memory of this process; touched again, they are read again.
    Where the system cannot do it, nothing happens.
    """
    advice = getattr(mmap, "MADV_DONTNEED", None)
    storage = mapped.untyped_storage()
    page = mmap.PAGESIZE
    start = -(-storage.data_ptr() // page) * page  # whole pages only: those at the ends belong to neighbours too
    length = (storage.data_ptr() + storage.nbytes()) // page * page - start
    if advice is not None and length > 0:
        ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), advice)


def trim() -> None:
    """
    Return freed blocks that the allocator keeps for later: after reading a tower, a quarter of its size.

    Where the system's C library has no such call, nothing happens.
    """
    with contextlib.suppress(OSError, TypeError, AttributeError):  # CDLL(None) is what Unix has
        ctypes.CDLL(None).malloc_trim(0)
