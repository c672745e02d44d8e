"""One phrase from the texts of a query: what a person would type into a plain search box."""

from __future__ import annotations

import re

from archive_search.types import Example

_ARTICLE = re.compile(r"^(an?|the|en|et|ein|eine)\s+", re.IGNORECASE)


def phrase(examples: tuple[Example, ...]) -> tuple[Example, ...]:
    """
    Join the wanted texts into one, refinements before the category ("red" and "a car" give "red car").

    What is not text, or has a negative weight, stays as it is. The joined text comes first, with weight 1.
    """
    wanted = [example for example in examples if example.kind == "text" and example.weight > 0]
    if len(wanted) < 2:
        return examples
    rest = tuple(example for example in examples if example not in wanted)
    words = [example.value.strip() for example in wanted[1:]]
    return (Example("text", " ".join([*words, _ARTICLE.sub("", wanted[0].value.strip())])), *rest)
