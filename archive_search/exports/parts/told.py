"""A result set in words: what was asked for, how it was ranked, where its records come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath, PureWindowsPath

from archive_search.exporting import Outgoing
from archive_search.exports.parts.provenance import shown_plan, shown_remarks
from archive_search.exports.parts.words import STAGES, WORDS, day, number, quantity
from archive_search.metadata.fields import STANDARD
from archive_search.metadata.licences import with_address
from archive_search.metadata.table import Fields
from archive_search.metadata.wording import text_of, year_label
from archive_search.plan import Plan, Stage
from archive_search.ranking.chosen import Chosen
from archive_search.types import Example, Filter, Match, Missing, Near, Payload, Query, Range
from archive_search.visible import visible
from archive_search.workspace.chosen_remarks import in_language


def asked(plan: Plan, language: str) -> str:
    """What a plan asks for, as a heading."""
    words = WORDS[language]
    if wanted := [one for one in plan.query.examples if one.weight > 0]:
        first, *rest = wanted
        return (
            _example(first, language)
            if not rest or first.kind == "text"
            else ", ".join(_example(one, language) for one in wanted)
        )
    if isinstance(plan.steps[0], Chosen):
        return visible(plan.steps[0].name) or words["chosen"]
    return words["all_records"]


def asked_besides(query: Query, language: str, fields: Fields = STANDARD) -> list[tuple[str, str]]:
    """What else a query says of these fields: a label and the words, one for each refinement, exclusion and filter."""
    words = WORDS[language]
    wanted = [one for one in query.examples if one.weight > 0]
    told = []
    if len(wanted) > 1 and wanted[0].kind == "text":
        told.append((words["apart"], ", ".join(_example(one, language) for one in wanted[1:])))
    if unwanted := [one for one in query.examples if one.weight < 0]:
        told.append((words["less"], ", ".join(_example(one, language) for one in unwanted)))
    where, dated = _years(query.where, language)
    return told + dated + [_filter(one, language, fields) for one in where]


def besides(outgoing: Outgoing, language: str) -> list[tuple[str, str]]:
    """What else the query of a set says, as it may be shown."""
    return asked_besides(shown_plan(outgoing).query, language, outgoing.found.holdings.fields)


def _years(where: Iterable[Filter], language: str) -> tuple[list[Filter], list[tuple[str, str]]]:
    """The filters without those that ask for years, and these in words: an end is asked for by the other's field."""
    others = list(where)
    first = next(
        (one for one in others if isinstance(one, Range) and one.field == "date_to" and one.high is None), None
    )
    last = next(
        (one for one in others if isinstance(one, Range) and one.field == "date_from" and one.low is None), None
    )
    asked = [one for one in (first, last) if one is not None]
    if not asked:
        return others, []
    both = Range(
        "date_from", None if first is None else first.low, None if last is None else last.high, asked[0].unknown
    )
    others = [one for one in others if one not in asked]
    return others, [(STANDARD.said("date", language), _filter(both, language, STANDARD)[1])]


def _example(example: Example, language: str) -> str:
    """An example in words; of a file its name only, for the folders above it tell of one machine."""
    if example.kind == "text":
        return visible(example.value.strip())
    value = example.value.partition("@")[2] if example.kind == "region" else example.value
    named = value if example.kind == "record" else PureWindowsPath(PurePath(value).name).name
    return WORDS[language][f"like_{example.kind}"].format(visible(named))


def _filter(one: Filter, language: str, fields: Fields) -> tuple[str, str]:
    words, label = WORDS[language], fields.said(one.field, language)
    unknown = f" {words['or']} {words['unknown']}"
    if isinstance(one, Missing):
        return label, words["unknown"]
    if isinstance(one, Match):
        said = f" {words['or']} ".join(map(visible, one.values))
    elif isinstance(one, Range):
        said = _range(one, language, fields)
    elif isinstance(one, Near):
        said = words["near"].format(f"{one.km:g}", f"{one.latitude:g}, {one.longitude:g}")
    else:
        said = words["within"]
    return label, said + (unknown if one.unknown == "keep" else "")


def _range(one: Range, language: str, fields: Fields) -> str:
    words = WORDS[language]
    is_year = one.field in fields and fields[one.field].kind == "year"
    unit = fields[one.field].unit if one.field in fields else ""
    low, high = (
        "" if end is None else year_label(int(end), language) if is_year else quantity(end, unit, language)
        for end in (one.low, one.high)
    )
    if low and high:
        return f"{low} {words['to']} {high}" if low != high else low
    return f"{words['from']} {low}" if low else f"{words['up_to']} {high}"


def chosen(outgoing: Outgoing) -> Chosen | None:
    """The step that names what people chose, where they did; None of a search."""
    first = outgoing.found.plan.steps[0]
    return first if isinstance(first, Chosen) else None


def kind(outgoing: Outgoing, language: str) -> str:
    """What a set is: the catalogue of a search, or records that people chose."""
    return WORDS[language]["catalogue" if chosen(outgoing) is None else "chosen_catalogue"]


def part(outgoing: Outgoing, language: str) -> str:
    """What the box of a hit is: the part that fits best, or the one that people chose."""
    return WORDS[language]["best_part" if chosen(outgoing) is None else "chosen_part"]


def people(outgoing: Outgoing) -> list[str]:
    """Whose work a set is: of one that was chosen those who chose it, else who searched; as they are named."""
    by_hand = chosen(outgoing)
    who = outgoing.found.provenance.who
    return [*by_hand.people] if by_hand is not None and by_hand.people else [who] if who else []


def how(outgoing: Outgoing, language: str) -> tuple[str, str]:
    """A heading for the steps, and what to know of them: that is no ranking which people chose."""
    kind = "ranked" if chosen(outgoing) is None else "chosen"
    return WORDS[language][f"{kind}_how"], WORDS[language][f"{kind}_lead"]


def stages(outgoing: Outgoing, language: str) -> list[tuple[str, str]]:
    """What each step was for, and what it did."""
    return [
        (STAGES[language].get(stage.name, stage.name.replace("_", " ")), _did(stage, language))
        for stage in outgoing.found.trace.stages
    ]


def suggested_end(outgoing: Outgoing, language: str) -> str:
    """How many of the first hits stand out, where a step has told and it is not all of them; else ''."""
    cut = outgoing.found.trace.cut
    told = cut is not None and 0 < cut < len(outgoing.found)
    return WORDS[language]["end"].format(number(cut or 0, language)) if told else ""


def remarks(outgoing: Outgoing, language: str) -> list[tuple[str, list[str]]]:
    """What there is to say of a set, under headings; steps of a search say it in English, and their heading says so."""
    words, said = WORDS[language], shown_remarks(outgoing)
    if language == "en":
        return [(words["remarks"], [visible(one, lines=True) for one in said])] if said else []
    by_hand = chosen(outgoing) is not None
    told = [(in_language(one, language) if by_hand else "", one) for one in said]
    own = [visible(one, lines=True) for one, _ in told if one]
    others = [visible(one, lines=True) for known, one in told if not known]
    return [(words[key], some) for key, some in (("remarks", own), ("remarks_english", others)) if some]


def _did(stage: Stage, language: str) -> str:
    words = WORDS[language]
    kept, of = number(stage.kept, language), number(stage.of, language)
    told = [words["added"].format(number(stage.kept - stage.of, language))] if stage.kept > stage.of else []
    told += [words["kept"].format(kept, of)] if stage.kept < stage.of else []
    told += [words["raised"].format(number(stage.raised, language))] if stage.raised else []
    return ", ".join(told) or words["kept_all"].format(of)


def extent(outgoing: Outgoing, language: str) -> str:
    """How many records leave, of how many in which archive, and how many were left out and why."""
    words, provenance = WORDS[language], outgoing.found.provenance
    left = outgoing.left_out
    count = len(outgoing.found) - sum(left.values())
    many = words["records_one"] if count == 1 else words["records"].format(number(count, language))
    told = f"{many} {words['of_archive'].format(number(provenance.records, language), visible(provenance.archive))}"
    return "; ".join([told, *(words[f"left_{why}"].format(number(some, language)) for why, some in left.items())])


def making(outgoing: Outgoing, language: str) -> list[tuple[str, str]]:
    """When and with what the set was found: a label and the words."""
    words, one = WORDS[language], outgoing.found.provenance
    by_hand = chosen(outgoing)
    by = f"{words['by']} {visible(one.who)}" if one.who and by_hand is None else ""
    told = [
        (words["chosen_by"], ", ".join(by_hand.people if by_hand is not None else ())),
        (words["searched" if by_hand is None else "as_of"], " ".join(filter(None, (day(one.time, language), by)))),
        (words["strategy"], one.strategy),
        (words["model"], one.embedder or one.space),
        (words["weights"], one.weights),
        (words["generation"], one.generation),
        (words["program"], f"archive-search {one.program}"),
    ]
    return [(label, visible(said)) for label, said in told if said]


@dataclass
class Sources:
    """Who may do what with which records: numbers gathered by licence, rights holder, credit and source."""

    language: str
    _found: dict[tuple[str, ...], list[list[int]]] = field(default_factory=dict)

    def add(self, rank: int, payload: Payload) -> None:
        """Note a record; ranks come in order."""
        key = tuple(visible(text_of(payload, name)) for name in ("licence", "rights_holder", "credit", "source"))
        runs = self._found.setdefault(key, [])
        if runs and runs[-1][1] == rank - 1:
            runs[-1][1] = rank
        else:
            runs.append([rank, rank])

    def __iter__(self) -> Iterator[Source]:
        """Those with most records first."""
        words = WORDS[self.language]
        for key, runs in sorted(self._found.items(), key=lambda one: -sum(last - first + 1 for first, last in one[1])):
            licence, holder, credit, source = key
            told = [("rights_holder", holder), ("credit", credit), ("source", source)]
            rights = [(words[label], said) for label, said in told if said]
            yield Source(with_address(licence) or words["no_licence"], rights, _runs(runs))


@dataclass(frozen=True)
class Source:
    """A licence, who holds the rights and is to be credited, and the ranks of the records."""

    licence: str
    told: list[tuple[str, str]]
    numbers: str


def _runs(runs: Iterable[Iterable[int]]) -> str:
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in runs)
