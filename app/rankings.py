"""How rankings are called on pages: in plain words, with those settings that are not the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

from app.language import N_, _
from archive_search.knobs import Knob, knobs, to_data
from archive_search.strategies import STRATEGIES
from archive_search.strategy_file import as_text, named_strategy

PLAIN_WORDS = {"nearest": N_("Plain search"), "staged": N_("In stages")}
"""What strategies are called that people meet everywhere; others go by their names."""


def called(ranking: str) -> str:
    """What a ranking is called: `staged:colours=0` is 'In stages, without colours'."""
    said = settings_said(ranking)
    return ", ".join([strategy_called(ranking.partition(":")[0]), *said])


def strategy_called(name: str) -> str:
    """What a strategy is called."""
    return _(PLAIN_WORDS[name]) if name in PLAIN_WORDS else name


def settings_said(ranking: str) -> list[str]:
    """The settings of a ranking that are not the usual ones, in words."""
    strategy = named_strategy(ranking)
    known = knobs(strategy)
    return [_setting_said(known[name][0], value) for name, value in to_data(strategy).items()]


def short(rankings: Sequence[str]) -> dict[str, str]:
    """Short names of rankings that stand side by side: their own words for two, letters for more."""
    if len(rankings) == 2 and len({strategy_called(one.partition(":")[0]) for one in rankings}) == 2:
        return {one: strategy_called(one.partition(":")[0]) for one in rankings}
    return dict(zip(rankings, "ABCDEFGH", strict=False))


def _setting_said(knob: Knob, value: float) -> str:
    label = _(knob.label)
    return _("without “{setting}”").format(setting=label) if value == knob.low == 0 else f"{label}: {value:g}"


def switched_off(name: str) -> list[str]:
    """Rankings that are a strategy with one of its parts switched off, of those parts that are on."""
    made = named_strategy(name)
    return [
        as_text(named_strategy(f"{name}:{setting}=0"))
        for setting, (knob, value) in knobs(made).items()
        if knob.low == 0 and value
    ]


def all_rankings() -> list[str]:
    """Every strategy, and each with one of its parts switched off."""
    return [*STRATEGIES, *(ranking for name in STRATEGIES for ranking in switched_off(name))]
