"""Saved searches."""

import pytest

from archive_search.plan import from_json
from archive_search.strategy_file import CustomStrategy, configured
from archive_search.types import InvalidInputError, UnknownNameError
from archive_search.workspace.searches import Searches

ONE = {"a": "flint axe", "b": "bronze sword", "c": "glass bead"}


@pytest.fixture
def kept(words, publish) -> Searches:
    """Ann's searches in an archive of three records."""
    publish(**ONE)
    return Searches(words.workspace, "ann")


def plan_of(archive, limit=10):
    """A plan for a flint axe."""
    return archive.search("flint axe", strategy="nearest", limit=limit).plan


def test_a_search_is_saved_and_run(kept, words):
    """A plan is kept with its strategy and settings, and run again as the same search, by whoever runs it."""
    strategy = configured("nearest", {})
    saved = kept.save(" Axes ", plan_of(words), strategy)
    assert (saved.name, saved.strategy, saved.who) == ("Axes", "nearest", "ann")
    assert from_json(dict(kept.get("axes").plan)) == plan_of(words)
    found = Searches(words.workspace, "bo").run("axes", words)
    assert found[0].id == "a"
    assert (found.provenance.strategy, found.provenance.who) == ("nearest", "bo")


def test_a_strategy_from_a_file_is_kept_whole(kept, words):
    """The steps of a strategy from a file are kept with the search, and named when it runs."""
    custom = CustomStrategy("mine.json", "", ({"step": "nearest", "examples": "$all"},))
    kept.save("axes", custom.plan(plan_of(words).query, 10), custom)
    told = kept.run("axes", words).provenance
    assert (told.strategy, told.settings["steps"]) == ("mine.json", [{"step": "nearest", "examples": "$all"}])


def test_what_is_new_since_one_last_looked(kept, words, publish):
    """A look tells which records are new to this person since their last look, and which have left the result."""
    kept.save("axes", plan_of(words))
    first = kept.look("axes", words)
    assert (first.since, set(first.new), first.gone) == ("", {"a", "b", "c"}, ())
    assert (kept.look("axes", words).new, kept.looked(first.search) > first.since) == ((), True)
    publish(**{**ONE, "d": "polished flint axe"} | {"b": "bronze sword"})
    publish(a="flint axe", c="glass bead", d="polished flint axe")
    peeked = kept.look("axes", words, keep=False)
    assert (peeked.new, peeked.gone) == (("d",), ("b",))
    assert kept.look("axes", words).new == ("d",)
    assert kept.look("axes", words).new == ()
    assert set(Searches(words.workspace, "bo").look("axes", words).new) == {"a", "c", "d"}


def test_no_more_is_kept_of_a_look_than_the_plan_finds(kept, words):
    """What was seen is bounded by the limit of the plan, and only the last look is kept."""
    kept.save("axes", plan_of(words, limit=2))
    for _ in range(3):
        kept.look("axes", words)
    assert len(kept._seen(kept.get("axes"))[1]) == 2


def test_names_undo_and_deleting(kept, words):
    """A taken name is refused unless it is to be replaced; deleting hides, undo and bring_back show again."""
    plan = plan_of(words)
    first = kept.save("axes", plan)
    with pytest.raises(InvalidInputError, match="There is a search 'axes' already"):
        kept.save("AXES", plan)
    again = kept.save("Axes", plan_of(words, limit=5), replace=True)
    assert (again.id, again.plan["limit"]) == (first.id, 5)
    kept.undo()
    assert kept.get("axes").plan["limit"] == 10
    kept.redo()
    kept.rename("axes", "blades")
    with pytest.raises(UnknownNameError, match="No search is called 'axes'"):
        kept.get("axes")
    kept.delete("blades")
    assert (kept.all(), [one.name for one in kept.all(deleted=True)]) == ((), ["blades"])
    with pytest.raises(UnknownNameError, match="bring it back first"):
        kept.run("blades", words)
    assert Searches(words.workspace, "bo").bring_back("blades").plan["limit"] == 5


def test_undoing_the_saving_hides_it(kept, words):
    """Taking back that a search was saved hides it, so that nothing is lost."""
    kept.save("axes", plan_of(words))
    kept.undo()
    assert kept.all() == ()
    assert kept.bring_back("axes").name == "axes"


def test_a_strategy_that_is_no_longer_known(kept, words):
    """A search whose strategy is gone runs its plan all the same."""
    kept.save("axes", plan_of(words), configured("nearest", {}))
    with kept.journal.writing() as page:
        event = page.events()[0]
        page.add(kept.author, event.subject, "save", {**event.data, "strategy": "of-long-ago"})
    found = kept.run("axes", words)
    assert (found.provenance.strategy, found[0].id) == ("", "a")
