"""Model weights: which are known, where they lie, fetching and verifying them."""

from archive_search.models.checkpoints.fetching import Fetched, Progress, fetch
from archive_search.models.checkpoints.hashes import sha256
from archive_search.models.checkpoints.known import KNOWN, Checkpoint, RemoteFile, known, size_label
from archive_search.models.checkpoints.places import (
    directory,
    find,
    forget,
    home,
    missing,
    not_installed,
    require,
    use,
    weights_file,
    weights_in,
)
from archive_search.models.checkpoints.verifying import Shapes, Verdict, differences, shapes, verify

__all__ = [
    "KNOWN",
    "Checkpoint",
    "Fetched",
    "Progress",
    "RemoteFile",
    "Shapes",
    "Verdict",
    "differences",
    "directory",
    "fetch",
    "find",
    "forget",
    "home",
    "known",
    "missing",
    "not_installed",
    "require",
    "sha256",
    "shapes",
    "size_label",
    "use",
    "verify",
    "weights_file",
    "weights_in",
]
