"""Blind comparison of two rankings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from archive_search.evaluation.interleave import Credit, credit, preference, team_draft
from archive_search.types import InvalidInputError

RANKINGS = st.lists(st.integers(0, 30).map(str), unique=True, max_size=20)


@given(RANKINGS, RANKINGS, st.integers(1, 25), st.integers(0, 1000))
def test_team_draft_laws(first, second, length, seed):
    """No record comes twice, each team keeps its ranking's order, and neither is ever ahead by more than one."""
    found = team_draft(first, second, length, seed)
    assert len(set(found.ids)) == len(found.ids) <= length
    for name, ranking in (("first", first), ("second", second)):
        places = [ranking.index(one) for one in found.team(name)]
        assert places == sorted(places)
    for end in range(len(found.teams) + 1):
        shown = found.teams[:end]
        assert abs(shown.count("first") - shown.count("second")) <= 1
    assert found == team_draft(first, second, length, seed)


@given(RANKINGS, RANKINGS, st.integers(0, 50))
def test_each_gives_its_best_that_is_left(first, second, seed):
    """Whatever a team gives, all that its ranking puts above is in the list already."""
    found = team_draft(first, second, 10, seed)
    for place, (one, team) in enumerate(zip(found.ids, found.teams, strict=True)):
        ranking = first if team == "first" else second
        assert set(ranking[: ranking.index(one)]) <= set(found.ids[:place])


def test_it_is_fair_over_seeds():
    """Each ranking begins about half of the lists, and two equal rankings get the same credit on average."""
    lists = [team_draft("abcdef", "ghijkl", 6, seed) for seed in range(400)]
    begins = sum(one.teams[0] == "first" for one in lists)
    assert 160 < begins < 240
    same = [credit(team_draft("abcdef", "abcdef", 6, seed), {"a"}).first for seed in range(400)]
    assert 160 < sum(same) < 240


def test_it_ends_where_a_ranking_is_used_up():
    """Once one ranking has nothing more to give, the draft ends, as in the paper."""
    found = team_draft("ab", "cdef", 10, 1)
    assert set("ab") <= set(found.ids)
    assert len(found.ids) <= 5
    assert team_draft("", "abc", 10).ids == ()


def test_credit_goes_to_who_gave_it():
    """Liked records count for the ranking that gave them; more of them wins, as many draw."""
    found = team_draft("abc", "xyz", 6, 0)
    assert credit(found, {"a", "b", "x"}) == Credit(2, 1)
    assert credit(found, {"a", "b", "x"}).winner == "first"
    assert credit(found, {"x"}).winner == "second"
    assert credit(found, ()).winner is None
    with pytest.raises(InvalidInputError, match="nowhere"):
        credit(found, {"nowhere"})


def test_preference_is_a_sign_test():
    """Nine of ten queries won, two drawn: the share counts draws half, p is the binomial test's."""
    found = preference([Credit(0, 1)] * 9 + [Credit(1, 0)] + [Credit(1, 1)] * 2)
    assert (found.first, found.second, found.draws) == (1, 9, 2)
    assert found.share == pytest.approx(10 / 12)
    assert found.p == pytest.approx(stats.binomtest(1, 10).pvalue)
    assert preference([Credit(1, 1)]).p == 1.0
    with pytest.raises(InvalidInputError):
        preference([])


@given(st.integers(0, 30), st.integers(0, 30))
def test_what_is_needed_is_enough_and_no_more(first, second):
    """So many more wins of the one ahead make it the winner, one less does not."""
    found = preference([Credit(1, 0)] * first + [Credit(0, 1)] * second + [Credit(0, 0)])
    ahead, behind = max(first, second), min(first, second)
    assert stats.binomtest(behind, ahead + behind + found.needed).pvalue < 0.05
    if found.needed:
        assert stats.binomtest(behind, max(ahead + behind + found.needed - 1, 1)).pvalue >= 0.05 or not ahead + behind
    assert (found.winner is not None) == (found.needed == 0)


def test_six_of_six_are_the_least():
    """One win says nothing yet: five more are needed; six wins of six name the winner."""
    assert preference([Credit(1, 0)]).needed == 5
    assert preference([Credit(0, 1)] * 6).winner == "second"
    assert preference([Credit(0, 1)] * 5).winner is None
