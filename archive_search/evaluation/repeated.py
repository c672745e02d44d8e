"""One query's rankings by many plans: what plans begin with alike is computed once."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.tiles import Tiles
from archive_search.search import Exactly, Findings, Lookup, Searchable, SearchContext
from archive_search.types import Query, Ranking


class Answer(NamedTuple):
    """The ranking after the last step of a plan, as long as it comes, payloads empty; what the steps had to say."""

    ranking: Ranking
    findings: Findings


class Repeated:
    """
    Rankings of one query, exactly those that `ranked` gives, as often as they are asked for with other settings.

    A step depends on the search and the ranking before it alone, so the rankings after the steps that two plans begin
    with are kept: while plans are asked for together all of them, afterwards the latest `kept`; similarities are kept
    all, and shared by all plans.
    """

    def __init__(self, archive: Searchable, kept: int) -> None:
        self._archive, self._kept = Exactly(archive), kept
        self._searches: dict[tuple[Query, str], SearchContext] = {}
        self._answers: OrderedDict[tuple[Query, str, tuple[Step, ...]], Answer] = OrderedDict()

    def __call__(self, *plans: Plan) -> list[Answer]:
        """What running each of these plans gives."""
        found = [self._run(plan) for plan in plans]
        while len(self._answers) > self._kept:
            self._answers.popitem(last=False)
        return found

    def lookups(self, plan: Plan) -> Iterator[tuple[SearchContext, Lookup]]:
        """What the steps of a plan will ask of all records, whatever steps before them find."""
        search = self._search(plan)
        for place, step in enumerate(plan.steps):
            if isinstance(step, Tiles) or (isinstance(step, Nearest) and not place):
                lookup = step.lookup(search)
                if lookup is not None:
                    yield search, lookup

    def _run(self, plan: Plan) -> Answer:
        search = self._search(plan)
        (ranking, findings), done = self._longest(plan, Answer((), search.findings))
        for count in range(done, len(plan.steps)):
            findings = dataclasses.replace(findings, remarks=list(findings.remarks), stacks=dict(findings.stacks))
            ranking = plan.steps[count](dataclasses.replace(search, findings=findings), ranking)
            self._answers[(plan.query, plan.space, plan.steps[: count + 1])] = Answer(ranking, findings)
        return Answer(ranking, findings)

    def _search(self, plan: Plan) -> SearchContext:
        asked = plan.query, plan.space
        if asked not in self._searches:
            self._searches[asked] = self._archive.context(*asked)
        return self._searches[asked]

    def _longest(self, plan: Plan, nothing: Answer) -> tuple[Answer, int]:
        """What is known after as many of the plan's first steps as possible, and how many these are."""
        found, done = nothing, 0
        for count in range(len(plan.steps), 0, -1):
            key = plan.query, plan.space, plan.steps[:count]
            if key in self._answers:
                self._answers.move_to_end(key)
                if count > done:
                    found, done = self._answers[key], count
        return found, done
