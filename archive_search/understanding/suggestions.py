"""Refinements that would tell apart what a search has found: words that its pictures show, values of its catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from archive_search.archive import Archive
from archive_search.calibration.hubness import read
from archive_search.calibration.word_vectors import word_vectors
from archive_search.metadata.dates.periods import SOUTHERN_SCANDINAVIA
from archive_search.metadata.filters import values_of
from archive_search.metadata.vocabularies import Concept, concepts, vocabularies
from archive_search.ranking.parts.best_part import best_parts
from archive_search.ranking.parts.standing import THRESHOLD
from archive_search.results import ResultSet
from archive_search.search import SearchContext
from archive_search.spaces import whole_space
from archive_search.types import Embedder, EmbedderError, Match, Store
from archive_search.understanding.lexicon import PLACES, lexicons, named_in, phrase_of, places_in, values_for

FEWEST, FIRST = 20, 100
"""The first hits that are told apart: as many as stand out for the question, but between these."""
COLOURS = 2
"""Colours among the suggestions, at most: there are always some."""
LEAST, MOST, FEW = 0.04, 0.85, 3
"""What a smaller or larger share of them has in common, or fewer than so many, tells nothing apart."""
ALIKE = 0.8
"""Two words whose similarities to the hits go together, or against each other, like this say the same of them."""
LEFT_OUT = ("source", "location")
"""Fields that say nothing of a thing."""
FIELDS = {"materials": "material", "techniques": "technique", "objects": "object_type"}
"""The field that would hold a word of a vocabulary."""

Rows: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    A word that splits the first `of` hits: it fits `fits` of them.

    Either their pictures look like it, or their catalogue says so. `field` and `values` are what a filter by it would
    ask for, where the catalogue has it.
    """

    word: str
    source: Literal["picture", "catalogue"]
    fits: int
    of: int
    field: str = ""
    values: tuple[str, ...] = ()


def suggestions(found: ResultSet, archive: Archive, language: str = "en", limit: int = 8) -> tuple[Suggestion, ...]:
    """
    The words that split what was found best, pictures and catalogue taking turns; nothing that was asked already.

    Words of the vocabularies are taken in a language ("en", "da", "de"), in English where the embedder does not read
    that. They are encoded at the first question to an archive, which takes as long as so many searches, and kept.

    Raises:
        ArchiveSearchError: As a search does.
    """
    stand_out = FIRST if found.trace.cut is None else max(found.trace.cut, FEWEST)
    ids = [hit.id for hit in found.ranking[: min(FIRST, stand_out)]]
    if len(ids) < 2:
        return ()
    search = archive.context(found.plan.query, found.plan.space)
    asked = _asked(search)
    seen = _seen(search, archive, ids, found.trace.details, asked, language)
    said = _said(search, ids, asked)
    colours = [one for one in seen if concepts(one.word, "colours")]
    others = [one for one in seen if one not in colours]
    turns = chain.from_iterable(zip_longest(others, said, colours[:COLOURS]))
    return tuple(_each_once(one for one in turns if one is not None))[:limit]


def _asked(search: SearchContext) -> frozenset[Concept]:
    """The concepts that the question names already."""
    vocabulary, _ = lexicons(search.store)
    texts = [one.value for one in search.query.examples if one.kind == "text"]
    filters = [value for one in search.query.where if isinstance(one, Match) for value in one.values]
    found = (one.concept for text in (*texts, *filters) for one in named_in(text, [vocabulary]))
    return frozenset(one for one in found if one is not None)


def _each_once(some: Iterator[Suggestion]) -> Iterator[Suggestion]:
    """Of what pictures and the catalogue both say, the first."""
    known: set[object] = set()
    for one in some:
        names: set[object] = {one.word.casefold(), *concepts(one.word)}
        if not names & known:
            yield one
        known |= names


# ------------------------------------------------------------------ what pictures show


def _seen(
    search: SearchContext,
    archive: Archive,
    ids: Sequence[str],
    details: frozenset[str],
    asked: frozenset[Concept],
    language: str,
) -> list[Suggestion]:
    """The words that some of the pictures stand out for, and others do not; what splits them best first."""
    if not search.reads_texts:
        return []
    try:
        embedder = search.embedder()
    except EmbedderError:
        return []
    of_things = any(one.vocabulary == "objects" for one in asked)
    known = _readable(cast(Hashable, embedder), language)
    words = [word for word, _ in known]
    space = whole_space(search.space)
    vectors = word_vectors(words, embedder, archive.directory / "banks" / f"{space}-words.npz") if words else None
    parts = _parts(search, ids, details)
    if vectors is None or len(parts) < 2:
        return []
    above = _above(search.store, space, list(parts), np.stack(list(parts.values())) @ vectors.T)  # (hits, words)
    splits = _split(above)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.abs(np.corrcoef(above, rowvar=False))
    chosen: list[int] = []
    for at in np.argsort(-splits, kind="stable").tolist():
        one = known[at][1]
        if not splits[at] or one in asked or (of_things and one.vocabulary == "objects"):
            continue
        if not chosen or alike[at, chosen].max() < ALIKE:
            chosen.append(at)
    fits = (above > THRESHOLD).sum(axis=0).tolist()
    fields = {at: _field(search.store, known[at][1]) for at in chosen}
    return [Suggestion(known[at][0], "picture", fits[at], len(parts), *fields[at]) for at in chosen]


@lru_cache(maxsize=16)
def _readable(embedder: Embedder, language: str) -> tuple[tuple[str, Concept], ...]:
    """Each concept by its usual word in a language, else in English, where the embedder reads one."""
    found = []
    for one in chain.from_iterable(vocabularies().values()):
        words = (words[0] for words in (one.words.get(language, ()), one.words["en"]) if words)
        word = next((word for word in words if not embedder.remarks(word)), None)
        if word is not None:
            found.append((word, one))
    return tuple(found)


def _parts(search: SearchContext, ids: Sequence[str], details: frozenset[str]) -> dict[str, Rows]:
    """The vectors of the hits, of those that a part of stands for the vector of that part."""
    found = search.store.vectors(whole_space(search.space), ids)
    parts = best_parts(search, [one for one in ids if one in details])
    return {one: parts.get(one, vector).astype(np.float64) for one, vector in found.items()}


def _above(store: Store, space: str, ids: Sequence[str], similar: Rows) -> Rows:
    """How many spreads each similarity lies above what the record has to neutral texts, or to all these words."""
    measured = read(store, space, ids)
    unknown = np.isnan(measured).any(axis=1)
    mean = np.where(unknown, similar.mean(axis=1), measured[:, 1])
    spread = np.where(unknown, similar.std(axis=1), measured[:, 2])
    found: Rows = (similar - mean[:, None]) / np.maximum(spread, 1e-6)[:, None]
    return found


def _split(above: Rows) -> Rows:
    """
    How well each word splits the hits, 0 where it does not.

    That is the spread between those that stand out for it and the others, times its share in all spread: a word splits
    well that fits about half of them, and those clearly.
    """
    fits = above > THRESHOLD
    share = fits.mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.where(fits, above, 0).sum(axis=0) / fits.sum(axis=0)
        apart -= np.where(fits, 0, above).sum(axis=0) / (~fits).sum(axis=0)
        between = share * (1 - share) * apart**2
        score = np.sqrt(between) * between / above.var(axis=0)
    enough = (share >= LEAST) & (share <= MOST) & (fits.sum(axis=0) >= FEW)
    found: Rows = np.where(enough, np.nan_to_num(score), 0.0)
    return found


def _field(store: Store, one: Concept) -> tuple[str, tuple[str, ...]]:
    """The field and its values that a filter by a concept would ask for, where the archive has them."""
    if one.vocabulary == "colours":
        held = "colours" in store.fields.keywords and one.name in store.facet("colours")
        return ("colours", (one.name,)) if held else ("", ())
    field = FIELDS.get(one.vocabulary, "")
    values = values_for(lexicons(store)[1], field, one.all_words()) if field else ()
    return (field, values) if values else ("", ())


# ------------------------------------------------------------------ what the catalogue says


def _said(search: SearchContext, ids: Sequence[str], asked: frozenset[Concept]) -> list[Suggestion]:
    """
    The values of the hits' fields that some of them hold, and others do not; what halves them best first.

    Fields take turns, so that the one with the most values does not fill the list.
    """
    filtered = {one.field for one in search.query.where}
    fields = [one for one in search.store.fields.terms if one not in filtered and one not in LEFT_OUT]
    by_field = [list(_of_field(search.store, field, ids, asked)) for field in fields]
    turns = [sorted(filter(None, turn), key=lambda both: -both[0]) for turn in zip_longest(*by_field)]
    return [one for turn in turns for _, one in turn]


def _of_field(
    store: Store, field: str, ids: Sequence[str], asked: frozenset[Concept]
) -> Iterator[tuple[float, Suggestion]]:
    """The values of one field, with how well each halves the hits, the best first; of those that go together one."""
    known: list[frozenset[int]] = []
    _, own = lexicons(store)
    found = []
    for meant, (ways, holders) in _values(store, field, ids).items():
        share, word = len(holders) / len(ids), ways.most_common(1)[0][0]
        if len(holders) < FEW or not LEAST <= share <= MOST or asked.intersection(concepts(word)):
            continue
        halved = -share * np.log2(share) - (1 - share) * np.log2(1 - share)
        others = meant.all_words() if isinstance(meant, Concept) else ()
        values = values_for(own, field, [*ways, *others])
        found.append((float(halved), word, values, frozenset(holders)))
    for halved, word, values, held in sorted(found, key=lambda one: (-one[0], one[1])):
        if held not in known:
            known.append(held)
            yield halved, Suggestion(word, "catalogue", len(held), len(ids), field, values)


def _values(store: Store, field: str, ids: Sequence[str]) -> dict[object, tuple[Counter[str], set[int]]]:
    """What the hits hold in a field, by what it means: how they write it, and which of them do."""
    found: dict[object, tuple[Counter[str], set[int]]] = {}
    for at, held in enumerate(store.values(field, ids)):
        for value in values_of({field: held}, field):
            for part in places_in(value) if field in PLACES else (value,) if isinstance(value, str) else ():
                ways, holders = found.setdefault(_meant(field, part), (Counter(), set()))
                ways[part] += 1
                holders.add(at)
    return found


def _meant(field: str, value: str) -> object:
    """What stands for all ways of writing a value."""
    if field == "period" and (years := SOUTHERN_SCANDINAVIA.get(value.casefold())):
        return years
    return next(iter(concepts(value)), None) or phrase_of(value)
