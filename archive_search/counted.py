"""Numbers of things and of seconds in sentences: the one place where it is decided whether there is one of them."""

from __future__ import annotations


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: '1 picture', '1,204 pictures'; `plural` where it is not made with an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def be(number: int) -> str:
    """What so many things do: 'is' or 'are'."""
    return "is" if number == 1 else "are"


def clock(seconds: float) -> str:
    """A duration as people read it: 42 s, 3:05, 2:03:00."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
