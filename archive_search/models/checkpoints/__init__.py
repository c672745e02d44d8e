"""Model weights: which are known, where they lie, fetching and verifying them."""

from archive_search.models.checkpoints.hashes import sha256
from archive_search.models.checkpoints.known import KNOWN, Checkpoint, RemoteFile, known, size_label
from archive_search.models.checkpoints.places import directory, find, forget, missing, require, use, weights_file

__all__ = [
    "KNOWN",
    "Checkpoint",
    "RemoteFile",
    "directory",
    "find",
    "forget",
    "known",
    "missing",
    "require",
    "sha256",
    "size_label",
    "use",
    "weights_file",
]
