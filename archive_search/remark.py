"""What people should know about a search, in English, and fit to be said in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Remark(str):
    """
    A sentence for people: `form`, an English text with `{names}` in it, and the `values` that stand there.

    Values are texts, whole numbers, or remarks themselves and lists of them, which commas part. Whoever says it in
    another language translates `form`; written to a file it is its English text and no more.
    """

    form: str
    values: Mapping[str, Any]

    def __new__(cls, form: str, **values: Any) -> Remark:
        """Read as English at once."""
        made = super().__new__(cls, form.format(**{name: _in_english(value) for name, value in values.items()}))
        made.form, made.values = form, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """What a copy is made of."""
        return (self.form,), dict(self.values)


def _in_english(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)


def either(words: Sequence[str]) -> str:
    """Words in quotation marks, any of which may be meant: 'axe' or 'celt'; '' where there is none."""
    if len(words) < 2:
        return "".join(map(repr, words))
    return Remark("{some} or {last}", some=either(words[:-1]), last=repr(words[-1]))
