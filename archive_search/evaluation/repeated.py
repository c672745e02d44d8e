"""One query's rankings by many plans: what plans begin with alike is computed once."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict

from archive_search.plan import Plan
from archive_search.ranking import Step
from archive_search.search import Exactly, Findings, Searchable, SearchContext
from archive_search.types import Query, Ranking


class Repeated:
    """
    Rankings of one query, exactly those that `ranked` gives, as often as they are asked for with other settings.

    A step depends on the search and the ranking before it alone, so the rankings after the steps that two plans begin
    with are kept, the latest `kept` of them; similarities are kept all, and shared by all plans.
    """

    def __init__(self, archive: Searchable, kept: int) -> None:
        self._archive, self._kept = Exactly(archive), kept
        self._searches: dict[tuple[Query, str], SearchContext] = {}
        self._rankings: OrderedDict[tuple[Query, str, tuple[Step, ...]], Ranking] = OrderedDict()

    def __call__(self, plan: Plan) -> Ranking:
        """The ranking after the last step, as long as it comes, payloads empty."""
        asked = plan.query, plan.space
        if asked not in self._searches:
            self._searches[asked] = self._archive.context(*asked)
        search = dataclasses.replace(self._searches[asked], findings=Findings())
        ranking, done = self._longest(plan)
        for count in range(done, len(plan.steps)):
            ranking = plan.steps[count](search, ranking)
            self._rankings[(*asked, plan.steps[: count + 1])] = ranking
        while len(self._rankings) > self._kept:
            self._rankings.popitem(last=False)
        return ranking

    def _longest(self, plan: Plan) -> tuple[Ranking, int]:
        """The ranking after as many of the plan's first steps as are known, and how many these are."""
        found: Ranking = ()
        done = 0
        for count in range(len(plan.steps), 0, -1):
            key = plan.query, plan.space, plan.steps[:count]
            if key in self._rankings:
                self._rankings.move_to_end(key)
                if count > done:
                    found, done = self._rankings[key], count
        return found, done
