"""Collections against a model in plain Python: whatever two people do and take back, both say the same."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from archive_search.testing import MemoryStore
from archive_search.types import Point
from archive_search.workspace.collections import Collections

RECORDS = ("a", "b", "c", "d")
STORE = MemoryStore({})
STORE.upsert([Point(one, {}, {"title": one.upper()}) for one in RECORDS])
people = st.sampled_from(["ann", "bo"])
records = st.lists(st.sampled_from(RECORDS), min_size=1, max_size=3, unique=True)
texts = st.text(max_size=5)
tags = st.sampled_from(["red", "=1+1", "\u202etag"])


def replayed(log: list[dict]) -> dict[str, dict]:
    """What every collection is after those acts of a log that are not taken back, done one after the other."""
    found: dict[str, dict] = {}
    for act in log:
        if act["what"] == "create":
            found[act["of"]] = {
                **{"name": act["name"], "hidden": act["undone"], "order": [], "starred": set()},
                **{"notes": {}, "tags": {}},
            }
        elif not act["undone"]:
            one = found[act["of"]]
            order, some = one["order"], act.get("some", [])
            match act["what"]:
                case "rename":
                    one["name"] = act["name"]
                case "hide":
                    one["hidden"] = act["hidden"]
                case "add":
                    order += [record for record in some if record not in order]
                case "remove":
                    one["order"] = [record for record in order if record not in some]
                case "move":
                    some = [record for record in some if record in order]
                    if act["before"] is None or (act["before"] in order and act["before"] not in some):
                        rest = [record for record in order if record not in some]
                        at = rest.index(act["before"]) if act["before"] is not None else len(rest)
                        one["order"] = rest[:at] + some + rest[at:]
                case "note":
                    for record in some or [None]:
                        one["notes"][record, act["who"]] = act["text"]
                case "tag":
                    for record in some or [None]:
                        if act["on"]:
                            one["tags"][record, act["tag"]] = True
                        else:
                            one["tags"].pop((record, act["tag"]), None)
                case "star":
                    for record in some or [None]:
                        (one["starred"].add if act["on"] else one["starred"].discard)(record)
    return found


class TwoPeople(RuleBasedStateMachine):
    """Two people work on the same collections."""

    @initialize()
    def begin(self) -> None:
        """An empty workspace."""
        self.folder = Path(tempfile.mkdtemp())
        self.kept = {who: Collections(self.folder / "workspace.sqlite", who) for who in ("ann", "bo")}
        self.log: list[dict] = []
        self.done: dict[str, list[dict]] = {"ann": [], "bo": []}
        self.back: dict[str, list[dict]] = {"ann": [], "bo": []}

    def teardown(self) -> None:
        """The events, put in another order into another file, make the same collections."""
        if not hasattr(self, "kept"):
            return
        other = Collections(self.folder / "other.sqlite")
        with self.kept["ann"].journal.reading() as page:
            events = page.events()
        with other.journal.writing() as page:
            page.merge(reversed(events))
            assert page.merge(events) == 0
        assert other.all() == self.kept["ann"].all()
        shutil.rmtree(self.folder, ignore_errors=True)

    def did(self, who: str, **act: object) -> None:
        """Note an act in the model."""
        act = {**act, "who": who, "undone": False}
        self.log.append(act)
        self.done[who].append(act)
        self.back[who].clear()

    def shown(self) -> list[str]:
        """The ids of the collections that are not hidden."""
        return [name for name, one in replayed(self.log).items() if not one["hidden"]]

    def pick(self, data: st.DataObject) -> tuple[str, dict]:
        """One of them."""
        name = data.draw(st.sampled_from(self.shown()))
        return name, replayed(self.log)[name]

    @rule(who=people)
    def create(self, who: str) -> None:
        """A new collection."""
        name = f"collection {len(self.log)}"
        self.did(who, what="create", of=self.kept[who].create(name).id, name=name)

    @precondition(lambda self: self.shown())
    @rule(who=people, data=st.data())
    def rename(self, who: str, data: st.DataObject) -> None:
        """Another name."""
        of, _ = self.pick(data)
        name = f"renamed {len(self.log)}"
        self.kept[who].rename(of, name)
        self.did(who, what="rename", of=of, name=name)

    @precondition(lambda self: self.shown())
    @rule(who=people, data=st.data())
    def delete(self, who: str, data: st.DataObject) -> None:
        """Hidden."""
        of, _ = self.pick(data)
        self.kept[who].delete(of)
        self.did(who, what="hide", of=of, hidden=True)

    @precondition(lambda self: len(self.shown()) < len(replayed(self.log)))
    @rule(who=people, data=st.data())
    def bring_back(self, who: str, data: st.DataObject) -> None:
        """Shown again."""
        shown = self.shown()
        # in the order in which they were made: ids are drawn anew in each run, and their order with them
        of = data.draw(st.sampled_from([one for one in replayed(self.log) if one not in shown]))
        self.kept[who].bring_back(of)
        self.did(who, what="hide", of=of, hidden=False)

    @precondition(lambda self: self.shown())
    @rule(who=people, some=records, data=st.data())
    def add(self, who: str, some: list[str], data: st.DataObject) -> None:
        """More records; putting in what is there already is no act."""
        of, one = self.pick(data)
        new = [record for record in some if record not in one["order"]]
        assert self.kept[who].add(of, some, STORE) == len(new)
        if new:
            self.did(who, what="add", of=of, some=new)

    @precondition(lambda self: self.shown())
    @rule(who=people, data=st.data(), what=st.sampled_from(["remove", "move", "note", "tag", "star"]))
    def about_items(self, who: str, data: st.DataObject, what: str) -> None:
        """Something about items that are there."""
        of, one = self.pick(data)
        kept, least = self.kept[who], what in ("remove", "move")
        if least and not one["order"]:
            return
        most = min(len(one["order"]), 1 if what == "note" else 3)
        some = data.draw(st.permutations(one["order"]))[: data.draw(st.integers(int(least), most))]
        act: dict = {"what": what, "of": of, "some": some}
        if what == "remove":
            kept.remove(of, some)
        elif what == "move":
            act["before"] = data.draw(st.sampled_from([None, *(other for other in one["order"] if other not in some)]))
            kept.move(of, some, act["before"])
        elif what == "note":
            act["text"] = data.draw(texts)
            kept.note(of, act["text"], some[0] if some else None)
        elif what == "tag":
            act["tag"], act["on"] = data.draw(tags), data.draw(st.booleans())
            (kept.tag if act["on"] else kept.untag)(of, [act["tag"]], some)
        else:
            act["on"] = data.draw(st.booleans())
            kept.star(of, some, act["on"])
        self.did(who, **act)

    @rule(who=people)
    def undo(self, who: str) -> None:
        """The last act of a person."""
        told = self.kept[who].undo()
        assert (told is not None) == bool(self.done[who])
        if told is not None:
            act = self.done[who].pop()
            act["undone"] = True
            self.back[who].append(act)

    @rule(who=people)
    def redo(self, who: str) -> None:
        """The last undo of a person."""
        told = self.kept[who].redo()
        assert (told is not None) == bool(self.back[who])
        if told is not None:
            act = self.back[who].pop()
            act["undone"] = False
            self.done[who].append(act)

    @invariant()
    def both_say_the_same(self) -> None:
        """Names, order, notes, tags and stars are those of the model; no row was ever changed or taken away."""
        if not hasattr(self, "kept"):
            return
        shown = self.kept["ann"].all() + self.kept["bo"].all(deleted=True)
        model = replayed(self.log)
        assert {one.id for one in shown} == set(model)
        for one in shown:
            told = model[one.id]
            assert (one.name, one.deleted) == (told["name"], told["hidden"])
            assert [member.item.record for member in one.members] == told["order"]
            for name, written in ((None, one), *((member.item.record, member) for member in one.members)):
                said = {note.who: note.text for note in written.notes}
                assert said == {who: text for (of, who), text in told["notes"].items() if of == name and text}
                assert set(written.tags) == {tag for of, tag in told["tags"] if of == name}
                assert written.starred == (name in told["starred"])


TwoPeople.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
TestTwoPeople = TwoPeople.TestCase
