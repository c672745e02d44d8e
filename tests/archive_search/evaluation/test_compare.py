"""Strategies side by side, and pools of what they find."""

import json

import pytest

from archive_search.evaluation.compare import compare, to_json
from archive_search.evaluation.pooling import pool
from archive_search.evaluation.ranked import ranked
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.strategy_file import read_strategy
from archive_search.types import InvalidInputError, Match

KIND = read_strategy({"steps": [{"step": "nearest", "examples": "$category", "k": 8}]}, "kind")
STRATEGIES = {"nearest": NearestStrategy(), "kind": KIND}


def test_ranks_and_shifts(archive, ask):
    """A shift is how many ranks a strategy raised a record against the first; None where one lacks it."""
    found = compare(archive, ask("axe", "red"), STRATEGIES, k=3)
    assert found.rank("nearest", "red-axe") == 1
    for hit in found.rankings["kind"]:
        assert found.shift("kind", hit.id) == found.rank("nearest", hit.id) - found.rank("kind", hit.id)
    last = found.rankings["nearest"][-1].id
    assert found.rank("kind", last) is None
    assert found.shift("kind", last) is None
    assert {found.shift("nearest", hit.id) for hit in found.rankings["nearest"]} == {0}


def test_payloads_of_what_is_shown(archive, ask):
    """The first k of every ranking carry their payloads, those below do not."""
    found = compare(archive, ask("axe", "red"), STRATEGIES, k=3)
    assert found.rankings["nearest"][0].payload["title"] == "red axe"
    assert not found.rankings["nearest"][3].payload


def test_alike(archive, ask):
    """A strategy is fully like itself; every pair is compared once."""
    found = compare(archive, ask("axe", "red"), {"a": NearestStrategy(), "b": NearestStrategy(), "c": KIND}, k=5)
    assert [(one.first, one.second) for one in found.alike] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert (found.alike[0].overlap, found.alike[0].rbo) == (1.0, pytest.approx(1.0))
    assert found.alike[1].rbo < 1


def test_comparison_as_json(archive, ask):
    """JSON holds the top k with the ranks everywhere."""
    data = json.loads(json.dumps(to_json(compare(archive, ask("axe", "red"), STRATEGIES, k=3))))
    assert [len(hits) for hits in data["strategies"].values()] == [3, 3]
    assert data["strategies"]["kind"][0]["ranks"]["kind"] == 1
    assert "overlap@3" in data["alike"][0]


def test_filters_hold_for_all(archive, ask):
    """The query's filters are every strategy's."""
    found = compare(archive, ask("axe", "red", where=(Match("place", ("Ribe",)),)), STRATEGIES)
    for ranking in found.rankings.values():
        assert {hit.payload["place"] for hit in ranking[:10]} == {"Ribe"}


def test_a_pool_is_the_union_of_the_tops(archive, topics):
    """What is to be judged is what any strategy has in its top k, without what is judged already."""
    found = pool(archive, topics, STRATEGIES, 4)
    for topic in topics:
        tops = [{hit.id for hit in ranked(one, topic.query, archive, 4)} for one in STRATEGIES.values()]
        assert set(found[topic.id]) == set.union(*tops)
    judged = {topic.id: found[topic.id][:-1] for topic in topics}
    assert {one: len(left) for one, left in pool(archive, topics, STRATEGIES, 4, judged).items()} == dict.fromkeys(
        found, 1
    )
    assert pool(archive, topics, STRATEGIES, 4, found) == {}


def test_the_order_of_a_pool_tells_nothing(archive, topics):
    """The order is the same whatever strategies there are, changes with the seed, and is no ranking."""
    found = pool(archive, topics, STRATEGIES, 6)
    assert found == pool(archive, topics, dict(reversed(STRATEGIES.items())), 6)
    assert found != pool(archive, topics, STRATEGIES, 6, seed=1)
    alone = pool(archive, topics, {"nearest": NearestStrategy()}, 6)
    for topic in topics:
        assert alone[topic.id] == tuple(one for one in found[topic.id] if one in alone[topic.id])
    best_first = sum(found[topic.id][0] == topic.id for topic in topics)
    assert best_first < len(topics) / 2


def test_a_pool_needs_a_depth(archive, topics):
    """The top 0 is refused."""
    with pytest.raises(InvalidInputError):
        pool(archive, topics, {"staged": StagedStrategy()}, 0)


def test_what_is_shared_and_what_is_own(archive, ask):
    """Every record of a top k is shared by all, one strategy's own, or with three of them known to two."""
    found = compare(archive, ask("axe", "red"), {**STRATEGIES, "same": NearestStrategy()}, k=4)
    tops = {name: [hit.id for hit in ranking[:4]] for name, ranking in found.rankings.items()}
    assert found.shared() == tuple(one for one in tops["nearest"] if one in tops["kind"])
    assert found.shared("nearest", "same") == tuple(tops["nearest"])
    assert found.only("nearest") == ()
    assert found.only("kind") == tuple(one for one in tops["kind"] if one not in tops["nearest"])
    assert set(found.union()) == {one for top in tops.values() for one in top}


def test_what_moved_farthest(archive, ask):
    """The record that a strategy raised most, with the number of ranks; none where nothing was raised."""
    found = compare(archive, ask("axe", "red"), STRATEGIES, k=4)
    shifts = {hit.id: found.shift("kind", hit.id) or 0 for hit in found.rankings["kind"][:4]}
    best = max(shifts.values())
    assert found.farthest("kind") == (next(one for one, by in shifts.items() if by == best), best)
    assert found.farthest("nearest") is None


def test_objects_are_compared_with_objects(archive, ask):
    """With one hit for each object every ranking has each object once, and overlaps are of objects' best views."""
    archive.group()
    strategies = {"nearest": NearestStrategy(), "staged": StagedStrategy()}
    found = compare(archive, ask("axe", "red"), strategies, k=4, per_object=True)
    for ranking in found.rankings.values():
        kinds = [hit.id.partition("-")[2] for hit in ranking]
        assert len(kinds) == len(set(kinds))
    assert len(found.rankings["nearest"]) == 6


def test_likes_count_for_every_ranking(archive, ask):
    """What is liked raises what is like it in each ranking, plain search as well."""
    strategies = {"nearest": NearestStrategy()}
    before = compare(archive, ask("axe"), strategies)
    after = compare(archive, ask("axe"), strategies, liked=["grey-axe"], disliked=["red-axe"])
    assert after.rank("nearest", "grey-coin") < before.rank("nearest", "grey-coin")
