"""What a refinement is contrasted with where nobody says: what the vocabularies or the archive have beside it."""

from __future__ import annotations

from archive_search.metadata.vocabularies import concept, facet_siblings, mentioned, siblings
from archive_search.search import SearchContext
from archive_search.types import Example

MOST = 12
"""Siblings, at most: each is encoded and compared with every candidate."""


def siblings_of(search: SearchContext, example: Example) -> tuple[Example, ...]:
    """
    What a thing may show instead of an example: texts, at most `MOST`; () where nobody knows its words.

    They are the other words of its group in the shipped vocabularies (kinds of objects aside), in the language of the
    query; where these do not have it, the commonest other values of the archive's field that holds it. What the query
    asks for besides is no sibling, nor is a word that the embedder does not know.
    """
    if example.kind != "text":
        return ()
    asked = [one.value for one in search.query.examples if one.kind == "text"]
    one = concept(example.value)
    known = one is not None and one.vocabulary != "objects"
    found = siblings(example.value, asked) if known else facet_siblings(search.store, example.value)
    named = {other for words in asked for _, other in mentioned(words)}
    folded = {words.casefold() for words in asked}
    embedder = search.embedder() if found else None
    return tuple(
        Example("text", word)
        for word in found
        if word.casefold() not in folded and concept(word) not in named and embedder and not embedder.remarks(word)
    )[:MOST]
