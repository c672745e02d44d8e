"""Sharing the processor's cores between a model's threads and those that load pictures."""

from __future__ import annotations

import os


def share_cores() -> None:
    """
    Have a model's threads sleep where they wait for each other; called before torch is first imported.

    They would count in circles for milliseconds instead, at each of a hundred steps of a batch, whenever a thread that
    loads pictures has the core of one of them: as much processor time as loading itself takes.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
