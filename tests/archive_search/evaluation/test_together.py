"""Many rankings together: the same to the last bit as one by one, with the store asked less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from archive_search.evaluation.asked_once import AskedOnce, RememberingStore
from archive_search.evaluation.evaluate import evaluate
from archive_search.evaluation.pooling import pool
from archive_search.evaluation.ranked import ranked
from archive_search.evaluation.repeated import Repeated
from archive_search.evaluation.together import AT_ONCE, answers
from archive_search.search import Searchable, SearchContext
from archive_search.strategies import STRATEGIES
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.testing import MemoryStore
from archive_search.types import Match, Query, Ranking

MANY = {
    **{name: kind() for name, kind in STRATEGIES.items()},
    "narrow": StagedStrategy(candidates=100, at_least=1, width=0.4, weight=0.5),
    "other": StagedStrategy(hubness=0.2, feedback=0.5, diffusion=0.0),
}


class Counting:
    """An archive that notes what its store is asked."""

    def __init__(self, archive: Searchable) -> None:
        self.archive, self.asked = archive, list[str]()

    def context(self, query: Query, space: str = "") -> SearchContext:
        """What the steps of a plan for `query` may see, with a store that takes notes."""
        found = self.archive.context(query, space)
        return replace(found, store=self)  # type: ignore[arg-type]

    def exactly(self) -> Counting:
        """Itself: every search is exact."""
        return self

    def __getattr__(self, name: str) -> object:
        if name.startswith("nearest"):
            self.asked.append(name)
        return getattr(self.archive.store, name)  # type: ignore[attr-defined]


def test_together_as_one_by_one(archive, topics):
    """Whatever the strategies and filters, rankings and remarks together are those of each alone."""
    queries = [topic.query for topic in topics]
    queries += [replace(one, where=(Match("place", ("Ribe",)),)) for one in queries[:5]] + [Query(), queries[0]]
    searched = AskedOnce(archive)
    jobs = [(Repeated(searched, 0), [one.plan(query, 20, "") for one in MANY.values()]) for query in queries]
    for query, found in zip(queries, answers(jobs), strict=True):
        alone = [ranked(strategy, query, archive, 20) for strategy in MANY.values()]
        assert [answer.ranking[:20] for answer in found] == alone


def test_the_store_is_asked_once_for_many_topics(archive, topics, qrels):
    """Plain searches of all topics and strategies are as many requests as there are batches of topics."""
    counting = Counting(archive)
    evaluate(counting, topics, qrels, MANY, depth=1000)
    assert counting.asked == ["nearest_each"] * -(-len(topics) // AT_ONCE)


def test_what_stops_an_evaluation_stops_it_at_once(archive, topics, qrels):
    """Where whoever is told of progress raises, the topics behind the next few are not ranked any more."""
    contexts: list[Query] = []

    class Noted:
        def context(self, query: Query, space: str = "") -> SearchContext:
            contexts.append(query)
            return archive.context(query, space)

    many = [replace(topic, id=f"{topic.id} {turn}") for turn in range(4) for topic in topics]
    judged = {topic.id: qrels[topic.id.partition(" ")[0]] for topic in many}

    def stop(done: int, total: int) -> None:
        assert (done, total) == (2, 2 * len(many))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(Noted(), many, judged, {"a": NearestStrategy(), "b": StagedStrategy()}, progress=stop)
    assert len(contexts) == AT_ONCE


def test_a_query_that_cannot_be_answered_says_so(archive, topics, qrels, ask):
    """An error of one topic is raised as it is where rankings are made one by one."""
    bad = replace(topics[3], query=ask("axe", "axe", "-axe axe"))
    bad = replace(bad, query=replace(bad.query, examples=(replace(bad.query.examples[0], kind="record", value="?"),)))
    with pytest.raises(Exception, match="'\\?'") as alone:
        ranked(NearestStrategy(), bad.query, archive, 10)
    with pytest.raises(type(alone.value), match="'\\?'"):
        evaluate(archive, [*topics[:3], bad, *topics[4:]], qrels, {"nearest": NearestStrategy()})


def test_what_is_remembered_is_bounded(archive, monkeypatch):
    """However little may be remembered, answers are those of the store; then it is asked again."""
    monkeypatch.setattr("archive_search.evaluation.asked_once.KEPT", 30)
    store: MemoryStore = archive.store
    remembering = RememberingStore(store)
    ids = list(store.ids())
    vectors = [archive.vector(text) for text in ("red axe", "blue pot", "red axe", "a comb")]
    for _ in range(2):
        found: list[Ranking] = remembering.nearest_each("hash", vectors, 20)
        assert found == store.nearest_each("hash", vectors, 20)
        for vector in vectors:
            for some in (ids[:7], ids[3:20], ids[5:6] * 2):
                np.testing.assert_array_equal(
                    remembering.scores("hash", vector, some), store.scores("hash", vector, some)
                )
        for words in ({"axe": 1.0}, {"axe": 1.0, "red": 0.5}, {"nothing": 1.0}):
            assert remembering.matching(words, 9) == store.matching(words, 9)
            np.testing.assert_array_equal(remembering.word_scores(words, ids), store.word_scores(words, ids))
        assert remembering.count() == store.count()
        assert remembering._size <= 30 + len(ids)


def test_a_pool_is_that_of_each_ranking_alone(archive, topics):
    """Topics that are pooled together have the records of each strategy's own top, asked together."""
    counting = Counting(archive)
    pooled = pool(counting, topics, MANY, k=7)
    widths = {strategy.plan(topics[0].query, 7).steps[0].k for strategy in MANY.values()}
    assert counting.asked == ["nearest_each"] * len(widths) * -(-len(topics) // AT_ONCE)
    for topic in topics:
        tops = [ranked(strategy, topic.query, archive, 7) for strategy in MANY.values()]
        assert set(pooled[topic.id]) == {hit.id for top in tops for hit in top}
