"""
Write the aliases of `aliases.txt` into the weights that are there: `python -m training.teach_aliases`.

New aliases of words that the network knows need no training. New words do: see `training.train_demo`.
"""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open

from archive_search.embedders.demo import WEIGHTS
from archive_search.models.demo import DemoEncoder
from training.captions import FACTS
from training.vocabulary import vocabulary


def teach_aliases(path: Path) -> None:
    """
    Replace the aliases in a checkpoint; its weights stay.

    Raises:
        ValueError: If the words have changed since it was trained.
    """
    model = DemoEncoder.from_checkpoint(path)
    fresh = vocabulary(FACTS)
    if fresh.words != model.vocabulary.words:
        changed = ", ".join(sorted(set(fresh.words) ^ set(model.vocabulary.words)))
        raise ValueError(f"The words have changed ({changed}): train again with `python -m training.train_demo`.")
    with safe_open(path, framework="np") as file:
        remarks = {k: v for k, v in file.metadata().items() if k not in ("config", "vocabulary")}
    model.vocabulary = fresh
    model.save(path, **remarks)


if __name__ == "__main__":
    teach_aliases(WEIGHTS)
