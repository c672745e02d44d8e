"""Evidence from the catalogue: records whose metadata says what the query says are found and raised."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive_search.calibration.hubness import read
from archive_search.knobs import knob
from archive_search.metadata.words import COUNTED, written
from archive_search.ranking.parts.background import sample
from archive_search.ranking.parts.best_part import best_similarities_to
from archive_search.ranking.parts.evidence import BEST, rescored
from archive_search.ranking.parts.phrase import phrase
from archive_search.ranking.parts.spelling import is_common, wanted_groups
from archive_search.ranking.parts.standing import standing_out
from archive_search.remark import Remark, either
from archive_search.search import SearchContext
from archive_search.types import Example, Hit, Ranking

HALF = 0.5
"""A record says what is asked for if it says so much of it, rare words counting most."""
COMMON = math.log10(2) ** 2
"""The rarity of a word that half of the records say."""
HOLDERS = 100
"""So many of the records that say a word tell whether the embedder sees it."""
FORMS = 3
"""Forms of one word that a remark quotes, at most."""
SEEN, UNSEEN = 0.85, 0.6
"""
A word is seen if the records that say it are nearer to it than this share of the archive; as good as not if only than
the second. Nouns of what is shown measured 0.85 to 1, those of another sense about 0.5 (docs/explanation/text.md).
"""


@dataclass(frozen=True)
class Text:
    """
    Add the records whose metadata best matches the words, and how well each matches (BM25F) as evidence.

    Words are those of the texts in `examples`, of the whole query where there are none; what the vocabularies know is
    looked for in English, Danish and German, and a word that no record holds is taken for one spelled almost alike. A
    record gains for every word that it says: `weight` times the spread of the scores so far for a word that one record
    in ten says, four times that for one in a hundred, nine times for one in a thousand (the square of log10 of its
    rarity); less where others say it more plainly. A text with a negative weight lowers instead. A record that says
    nothing loses nothing.

    Pictures say nothing of a word that the embedder does not know, or that it does not see (a name, a place: the
    records that say it are no nearer to it than others; words of the vocabularies and of the neutral phrases are taken
    to be seen), nor of any word where no picture stands out and some record says most of the query. Such words weigh
    `unseen` times as much, and where the query has no others, the records that say them come first. Beside words that
    pictures do show, only records that say the word itself gain so much, and not those that say another form of it: an
    "ornament" is no evidence against a brooch for being "ornamented". A record that is added begins where the ranking
    so far ends.
    """

    examples: tuple[Example, ...] = ()
    weight: float = knob(
        0.15, "Weight of the catalogue's words", low=0.0, high=10.0, help="0: metadata is not looked at."
    )
    unseen: float = knob(
        20.0, "Words that pictures say nothing of", low=1.0, high=1000.0, help="They weigh so many times as much."
    )
    k: int = knob(500, "Records found by words", low=0, high=1_000_000, help="So many are added to the candidates.")

    def __call__(self, search: SearchContext, ranking: Ranking) -> Ranking:
        """Where no record says any of it, nothing changes."""
        texts = [one for one in self.examples or search.query.examples if one.kind == "text" and one.weight]
        asked = [(one.weight, word) for one in texts for word in asked_of(search, one.value)]
        if not asked or not self.weight:
            return ranking
        wanted = [word for weight, word in asked if weight > 0]
        standing = standing_out(search, phrase(search.query.examples), [hit.id for hit in ranking])
        ranking = self._joined(search, ranking, wanted)
        ids = [hit.id for hit in ranking]
        evidence = {word: _evidence(search, word, ids) for _, word in asked}
        search.findings.said = _said(wanted, evidence)
        silent = standing is not None and not standing.any() and _mostly_said(wanted, evidence)
        unseen = {word: 1.0 if silent else word.unseen for word in evidence}
        forms = {word: _forms(search, word, evidence[word], ids) for word in evidence if unseen[word]}
        _remark(search, [word for word in wanted if unseen[word] >= HALF], forms)
        blind = all(unseen[word] == 1.0 for word in wanted)
        gained = np.zeros(len(ids))
        for weight, word in asked:
            told = unseen[word] * (1.0 if blind or word not in forms else forms[word].itself)
            gained += weight * (1 + (self.unseen - 1) * told) * word.rarity * evidence[word]
        if not gained.any():
            return ranking
        scores = np.array([hit.score for hit in ranking], dtype=np.float64)
        spread = float(np.std(scores[:BEST])) or 1.0
        if _only_words(search.query.examples) and blind:
            scores += np.where(gained > 0, np.ptp(scores), 0.0)
        return rescored(ranking, scores + self.weight * spread * gained)

    def _joined(self, search: SearchContext, ranking: Ranking, wanted: Sequence[Asked]) -> Ranking:
        """The ranking, and after it the records that best match the words."""
        words = {word: 1.0 for one in wanted for word in one.words}
        there = {hit.id for hit in ranking}
        last = ranking[-1].score if ranking else 0.0
        found = search.store.matching(words, self.k, search.query.where) if words and self.k else ()
        return (*ranking, *(Hit(hit.id, last) for hit in found if hit.id not in there))


@dataclass(frozen=True)
class Asked:
    """
    A word as it was typed: what to look for, how many records hold that, how much it weighs for being rare.

    `unseen` tells how little the embedder makes of it, 0 to 1.
    """

    typed: str
    words: tuple[str, ...]
    count: int
    rarity: float
    unseen: float


@dataclass(frozen=True)
class Forms:
    """How many records say a word, how they write it, commonest first, and which say it just so, 0 to 1 of each."""

    count: int
    written: tuple[str, ...]
    itself: NDArray[np.float64]


def asked_of(search: SearchContext, text: str) -> list[Asked]:
    """The words of a text: one that every record says weighs next to nothing."""
    among, unread = search.store.count(), search.unread(text)
    found: list[Asked] = []
    for typed, words in wanted_groups(search, text).items():
        count = max(map(search.store.holding, words), default=0)
        rarity = math.log10(1 + (max(among - count, 0) + 0.5) / (count + 0.5)) ** 2
        known = not count or any(map(is_common, (typed, *words)))
        unseen = 1.0 if typed in unread else 0.0 if known else _unseen(search, typed, words)
        found.append(Asked(typed, words, count, rarity, unseen))
    return found


def _unseen(search: SearchContext, typed: str, words: Sequence[str]) -> float:
    """
    1 where the records that say a word are no nearer to it than others are, 0 where they clearly are.

    One record more, as near as half of the others, keeps a single one from telling by chance that a name is seen.
    """
    held = [hit.id for hit in search.store.matching(dict.fromkeys(words, 1.0), HOLDERS)]
    others = sample(search.store)
    ids = list(dict.fromkeys([*held, *others]))
    similar = best_similarities_to(search, (Example("text", typed),), ids)
    measured = read(search.store, search.space, ids)
    if not np.isnan(measured).all():
        similar = (similar - measured[:, 1]) / measured[:, 2]
    at = dict(zip(ids, similar.tolist(), strict=True))
    background = np.sort([at[one] for one in others if not math.isnan(at[one])])
    mine = [at[one] for one in held if not math.isnan(at[one])]
    if not len(background) or not mine:
        return 0.0
    nearer = float(np.sum(np.searchsorted(background, mine) / len(background)) + 0.5) / (len(mine) + 1)
    return float(np.clip((SEEN - nearer) / (SEEN - UNSEEN), 0.0, 1.0))


def _evidence(search: SearchContext, word: Asked, ids: Sequence[str]) -> NDArray[np.float64]:
    """How plainly each record says a word, the plainest 1; 0 where it does not."""
    if not word.count:
        return np.zeros(len(ids))
    scores = search.store.word_scores(dict.fromkeys(word.words, 1.0), ids).astype(np.float64)
    return scores / (scores.max(initial=0.0) or 1.0)


def _forms(search: SearchContext, word: Asked, evidence: NDArray[np.float64], ids: Sequence[str]) -> Forms:
    """
    The forms of a word in the records that say it most plainly, and which of those say the word itself.

    `HOLDERS` records are read; of the others as many are taken to say it as of these.
    """
    holders = [int(at) for at in np.argsort(-evidence, kind="stable")[:HOLDERS] if evidence[at] > 0]
    payloads = {point.id: point.payload for point in search.store.points([ids[at] for at in holders])}
    writings: dict[str, Counter[str]] = defaultdict(Counter)
    just_so = []
    for at in holders:
        said = written(payloads.get(ids[at], {}), word.words, search.store.fields)
        just_so.append(float(any(one.casefold() in word.words for one in said)))
        for one in said:
            writings[one.casefold()][one] += 1
    itself = np.full(len(ids), np.mean(just_so) if just_so else 0.0)
    itself[holders] = just_so
    common = sorted(writings.values(), key=lambda one: -one.total())
    count = max(word.count, int(np.count_nonzero(evidence)))
    return Forms(count, tuple(one.most_common(1)[0][0] for one in common), itself)


def _said(wanted: Sequence[Asked], evidence: Mapping[Asked, NDArray[np.float64]]) -> bool:
    """Whether records say a word that tells them apart from most others, or every word that is wanted."""
    there = [word for word in wanted if evidence[word].any()]
    return any(word.rarity >= COMMON for word in there) or 0 < len(there) == len(wanted)


def _mostly_said(wanted: Sequence[Asked], evidence: Mapping[Asked, NDArray[np.float64]]) -> bool:
    """Whether some record says half of what is wanted or more, rare words counting most."""
    told = [word.rarity * (evidence[word] > 0) for word in wanted]
    most = float(np.sum(told, axis=0).max(initial=0.0)) if told else 0.0
    return most > 0 and most >= HALF * sum(word.rarity for word in wanted)


def _only_words(examples: Sequence[Example]) -> bool:
    return all(one.kind == "text" for one in examples if one.weight > 0)


def _remark(search: SearchContext, unseen: Sequence[Asked], forms: Mapping[Asked, Forms]) -> None:
    """Say what the catalogue knows of words that pictures say nothing of, as it writes them."""
    said = [
        _says(forms[one].count, either((forms[one].written or (one.typed,))[:FORMS])) for one in unseen if one.count
    ]
    silent = either([one.typed for one in unseen if not one.count][:FORMS])
    if said and silent:
        search.findings.remarks.append(Remark("In the catalogue {some}; none says {words}.", some=said, words=silent))
    elif said:
        search.findings.remarks.append(Remark("In the catalogue {some}.", some=said))
    elif silent:
        search.findings.remarks.append(Remark("No record says {words}.", words=silent))


def _says(count: int, words: str) -> Remark:
    if count == 1:
        return Remark("1 record says {words}", words=words)
    if count >= COUNTED:
        return Remark("at least {count} records say {words}", count=count, words=words)
    return Remark("{count} records say {words}", count=count, words=words)


STEPS = {"text": Text}
