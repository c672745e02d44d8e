"""The commands that judge, measure, compare, explain and tune, on a small sample archive."""

import csv
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
import typer
from typer.testing import CliRunner, Result

from app.commands import compare, evaluate, explain, judgements, tune
from archive_search.archive import Archive
from archive_search.evaluation.qrels import write_qrels
from archive_search.knobs import knob
from archive_search.plan import Plan, run
from archive_search.ranking.nearest import Nearest
from archive_search.ranking.parts.phrase import phrase
from archive_search.stores.file_copy import copy_tree
from archive_search.strategies import STRATEGIES
from archive_search.strategies.nearest import NearestStrategy
from archive_search.types import Example, InvalidInputError, MetadataError, Query, UnknownNameError
from archive_search.workspace.judgements import Judgements

KINDS = ("axe", "pot", "bead", "sword", "comb", "coin", "car")

cli = typer.Typer(rich_markup_mode=None)
cli.add_typer(judgements.cli, name="judgements")
for name, function in {
    "evaluate": evaluate.evaluate,
    "compare": compare.compare,
    "explain": explain.explain,
    "tune": tune.tune,
}.items():
    cli.command(name)(function)


def invoke(*arguments: object) -> Result:
    """Run a command in this process; an error of ours is raised."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    if isinstance(result.exception, Exception):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def command(*arguments: object) -> str:
    """A command's standard output."""
    return invoke(*arguments).stdout


@pytest.fixture(scope="module")
def archive(museum) -> Path:
    """The archive of the small museum, only read."""
    return museum


@pytest.fixture(scope="module")
def folder(archive, tmp_path_factory) -> Path:
    """
    Topics, and judgements that find plain search perfect: its first five records are the relevant ones.

    The small museum's embedder hashes words, so what is near a text is arbitrary, and the same everywhere.
    """
    folder = tmp_path_factory.mktemp("judged")
    opened = Archive.open(archive)
    lines, qrels = [], {}
    for number, (kind, colour) in enumerate(itertools.product(KINDS, ("red", "green", "blue", "grey")), 1):
        name = f"t{number:02d}"
        lines.append(json.dumps({"id": name, "category": kind, "refinements": [colour], "text": f"A {colour} {kind}"}))
        query = Query((Example("text", kind), Example("text", colour)))
        found = run(NearestStrategy().plan(query, 20), opened)
        qrels[name] = {hit.id: 2 if rank < 5 else 0 for rank, hit in enumerate(found)}
    (folder / "topics.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.txt").write_text(write_qrels(qrels), encoding="utf-8")
    return folder


@pytest.fixture
def own(archive, tmp_path) -> Path:
    """A copy of the archive that may be written to."""
    return copy_tree(archive, tmp_path / "own")


def judged(folder: Path) -> tuple[object, ...]:
    """The options that name the sample's topics and judgements."""
    return ("--topics", folder / "topics.jsonl", "--qrels", folder / "qrels.txt")


@pytest.fixture
def gate(tmp_path) -> Path:
    """A strategy file: three of the category, then all words."""
    file = tmp_path / "narrow.json"
    steps = [{"step": "nearest", "examples": "$category", "k": 3}, {"step": "nearest", "examples": "$all"}]
    file.write_text(json.dumps({"steps": steps}), encoding="utf-8")
    return file


@dataclass(frozen=True)
class Gated:
    """A strategy with two settings, of which only one makes a difference."""

    summary: ClassVar[str] = "the nearest of the category, then all words"
    width: int = knob(3, "Width", low=1, high=1000)
    idle: float = knob(0.5, "Idle", low=0.0, high=1.0)

    def plan(self, query: Query, limit: int = 100, space: str = "") -> Plan:
        """Two steps."""
        return Plan(query, (Nearest(query.examples[:1], k=self.width), Nearest(phrase(query.examples))), limit, space)


@pytest.fixture
def gated(monkeypatch) -> str:
    """The name under which that strategy is known."""
    monkeypatch.setitem(STRATEGIES._found, "gated", Gated)
    return "gated"


def test_evaluate(archive, folder, gate, tmp_path):
    """One table of means, one of differences, a sentence of findings, and the same numbers in three files."""
    files = ["--csv", tmp_path / "e.csv", "--json", tmp_path / "e.json", "--html", tmp_path / "e.html"]
    said = command("evaluate", *judged(folder), "--strategies", f"nearest,{gate}", "--archive", archive, *files)
    assert "narrow is worse than nearest in nDCG@10" in said
    data = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))
    assert data["settings"]["generation"].startswith("gen-")
    mean = next(one for one in data["means"] if (one["strategy"], one["measure"]) == ("narrow", "AP"))
    assert f"{mean['mean']:.3f} [" in said
    rows = list(csv.DictReader((tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()))
    ours = [float(row["AP"]) for row in rows if row["strategy"] == "narrow"]
    assert sum(ours) / len(ours) == pytest.approx(mean["mean"], abs=1e-4)
    assert f"{mean['mean']:.3f}" in (tmp_path / "e.html").read_text(encoding="utf-8")


def test_evaluate_says_what_is_missing(archive, folder, own):
    """Without topics, judgements, or a judge of that name, a sentence says what to do."""
    with pytest.raises(InvalidInputError, match="--topics"):
        command("evaluate", "--archive", archive)
    with pytest.raises(InvalidInputError, match="--qrels"):
        command("evaluate", "--topics", folder / "topics.jsonl", "--archive", archive)
    with pytest.raises(InvalidInputError, match="'bo'"):
        command("evaluate", "--topics", folder / "topics.jsonl", "--judge", "bo", "--archive", archive)
    with pytest.raises(UnknownNameError, match="'nearst'"):
        command("evaluate", *judged(folder), "--strategies", "nearst", "--archive", archive)
    with pytest.raises(InvalidInputError, match="cannot be written"):
        command("evaluate", *judged(folder), "--archive", archive, "--csv", folder)


def test_judging_from_pool_to_measures(own, folder, tmp_path):
    """A pool filled in, imported and evaluated without naming files again; then nothing remains to be judged."""
    pool = ["judgements", "pool", "-k", 3, "--archive", own]
    command(*pool, "--topics", folder / "topics.jsonl", "--judge", "ann", "--csv", tmp_path / "pool.csv")
    rows = list(csv.DictReader((tmp_path / "pool.csv").read_text(encoding="utf-8").splitlines()))
    grades = {tuple(line.split()[:3:2]): line.split()[3] for line in (folder / "qrels.txt").read_text().splitlines()}
    for row in rows:
        assert row["question"]
        row["grade"] = grades.get((row["topic"], row["record"]), "0")
    with (tmp_path / "pool.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert f"{len(rows)} judgements added" in command("judgements", "import", tmp_path / "pool.csv", "--archive", own)
    assert f"{len(rows)} known already" in command("judgements", "import", tmp_path / "pool.csv", "--archive", own)
    assert "nearest" in command("evaluate", "--judge", "ann", "--archive", own)
    left = invoke(*pool)
    assert left.stdout.splitlines() == ["topic,question,record,title,picture,grade,judge"]
    assert "0 records to judge" in left.stderr
    assert f"{len(rows)} judgements of" in command("judgements", "show", "--archive", own)


def test_import_and_export_of_qrels(own, folder, tmp_path):
    """Qrels imported and exported are the same; without a judge, or a file, there is no import."""
    invoke("judgements", "import", folder / "qrels.txt", "--judge", "sample", "--archive", own)
    command("judgements", "export", tmp_path / "q.txt", "--archive", own)
    assert sorted((tmp_path / "q.txt").read_text().split("\n")) == sorted(
        (folder / "qrels.txt").read_text().split("\n")
    )
    with pytest.raises(InvalidInputError, match="--judge"):
        command("judgements", "import", folder / "qrels.txt", "--archive", own)
    with pytest.raises(MetadataError):
        command("judgements", "import", tmp_path / "none.txt", "--judge", "bo", "--archive", own)


def test_an_import_is_checked_whole_before_anything_is_written(own, folder, tmp_path):
    """Unknown records, unknown topics and wrong grades stop an import; not even its topics are kept."""
    good = (folder / "qrels.txt").read_text(encoding="utf-8").splitlines()[0]
    odd = tmp_path / "odd.txt"
    asked = ["judgements", "import", odd, "--judge", "bo", "--topics", folder / "topics.jsonl", "--archive", own]
    missing = "\n".join(f"{good.split()[0]} 0 nowhere{number} 1" for number in range(7))
    for lines, said in (
        (missing, "nowhere0, nowhere1, nowhere2, nowhere3, nowhere4 and 2 more"),
        (f"t99 0 {good.split()[2]} 1", "topics that nobody has given: t99"),
        (f"{good.split()[0]} 0 elsewhere 7", "0 to 3"),
    ):
        odd.write_text(f"{good}\n{lines}\n", encoding="utf-8")
        with pytest.raises(InvalidInputError, match=said):
            command(*asked)
        kept = Judgements(Archive.open(own).workspace)
        assert not kept.present()
        assert not kept.topics()
    odd.write_text(f"{good}\n{missing}\nt99 0 {good.split()[2]} 1\n", encoding="utf-8")
    made = invoke(*asked, "--skip-unknown")
    assert "1 judgement added" in made.stdout
    assert "unknown topics: t99" in made.stderr
    assert "nowhere4 and 2 more" in made.stderr
    assert "8 judgements skipped" in made.stderr
    assert [one.record for one in Judgements(Archive.open(own).workspace).present()] == [good.split()[2]]


def test_one_judgement_and_its_history(own, folder, tmp_path):
    """A grade is added, changed, taken back; the history exports them all."""
    record = (folder / "qrels.txt").read_text().split()[2]
    for grade in ("1", "3", "none"):
        command("judgements", "add", "t01", record, grade, "--judge", "ann", "--archive", own)
    command("judgements", "export", tmp_path / "h.csv", "--history", "--archive", own)
    rows = list(csv.DictReader((tmp_path / "h.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["grade"] for row in rows] == ["1", "3", ""]
    with pytest.raises(InvalidInputError, match="grade"):
        command("judgements", "add", "t01", record, "4", "--judge", "ann", "--archive", own)
    with pytest.raises(UnknownNameError, match="nowhere"):
        command("judgements", "add", "t01", "nowhere", "1", "--judge", "ann", "--archive", own)
    command(
        "judgements",
        "import",
        folder / "qrels.txt",
        "--judge",
        "bo",
        "--topics",
        folder / "topics.jsonl",
        "--archive",
        own,
    )
    with pytest.raises(UnknownNameError, match="no topic called 't1'. Spelled like it: t01"):
        command("judgements", "add", "t1", record, "1", "--judge", "ann", "--archive", own)


def test_agreement(own, tmp_path):
    """Two judges' kappa is shown as a table and as JSON; without a common record a sentence says so."""
    assert "No two judges" in command("judgements", "agreement", "--archive", own)
    ids = [point.id for point in itertools.islice(Archive.open(own).store.scan(), 4)]
    rows = [(ids[0], 1, 1), (ids[1], 0, 0), (ids[2], 1, 0), (ids[3], 0, 0)]
    lines = [f"t,{record},{grades[n]},{judge}" for record, *grades in rows for n, judge in enumerate(("ann", "bo"))]
    (tmp_path / "j.csv").write_text("topic,record,grade,judge\n" + "\n".join(lines), encoding="utf-8")
    command("judgements", "import", tmp_path / "j.csv", "--archive", own)
    assert "ann and bo" in command("judgements", "agreement", "--archive", own)
    (found,) = json.loads(command("judgements", "agreement", "--archive", own, "--json"))
    assert found["kappa"] == pytest.approx(0.5)  # 0.75 observed, 0.5 expected


def test_compare(archive, gate):
    """Side by side in columns, shifts against the first, and how alike; the same as JSON."""
    asked = ["compare", "car", "--refine", "red", "--strategies", f"nearest,{gate}", "--limit", 3, "--archive", archive]
    said = command(*asked)
    assert said.splitlines()[0].split() == ["rank", "nearest", "narrow"]
    assert "overlap@3" in said
    data = json.loads(command(*asked, "--json"))
    assert list(data["strategies"]) == ["nearest", "narrow"]
    with pytest.raises(InvalidInputError, match="look for"):
        command("compare", "--archive", archive)


def test_blind_comparison(archive):
    """The interleaved list says nothing of who gave what until records are liked; the same seed gives the same list."""
    asked = ["compare", "car", "--refine", "red", "--interleave", "--seed", 4, "--limit", 5, "--archive", archive]
    blind = json.loads(command(*asked))
    assert set(blind) == {"query", "seed", "hits"}
    assert [set(hit) for hit in blind["hits"]] == [{"rank", "id", "payload"}] * 5
    best = blind["hits"][0]["id"]
    told = json.loads(command(*asked, "--liked", best))
    assert told["hits"] == blind["hits"]
    assert told["credit"][told["gave"][best]] == 1
    assert told["winner"] == told["gave"][best]
    with pytest.raises(InvalidInputError, match="two strategies"):
        command(*asked, "--strategies", "nearest")
    with pytest.raises(InvalidInputError, match="--interleave"):
        command("compare", "car", "--liked", best, "--archive", archive)


def test_explain(archive, gate):
    """A found record with its rank after each step; a dropped one with the step that dropped it."""
    names = f"nearest,{gate}"
    found = json.loads(
        command("compare", "car", "--refine", "red", "--strategies", names, "--json", "--archive", archive)
    )
    best = found["strategies"]["nearest"][0]["id"]
    passed = {hit["id"] for hit in found["strategies"]["narrow"]}
    last = next(hit["id"] for hit in found["strategies"]["nearest"] if hit["id"] not in passed)
    asked = ["explain", "car", "--refine", "red", "--archive", archive]
    said = command(*asked, "--id", best)
    assert "plain search  rank 1 of" in said
    dropped = command(*asked, "--id", last, "--strategy", gate)
    assert "dropped by 'nearest car'" in dropped
    assert json.loads(command(*asked, "--id", last, "--strategy", gate, "--json"))["dropped_by"] == "nearest car"
    with pytest.raises(UnknownNameError):
        command(*asked, "--id", "nowhere")


def test_tune_writes_what_helped(archive, folder, gated, tmp_path):
    """A gate much too narrow is widened; the file that is written works as a strategy."""
    asked = ["tune", "--strategy", gated, *judged(folder), "--grid", "width=3,40", "--archive", archive]
    said = command(*asked, "--write", tmp_path / "tuned.json")
    assert "Tuning helped" in said
    tuned = json.loads((tmp_path / "tuned.json").read_text(encoding="utf-8"))
    assert tuned["settings"] == {"width": 40}
    asked = ["evaluate", *judged(folder), "--strategies", f"{gated},{tmp_path / 'tuned.json'}", "--archive", archive]
    assert "tuned is better than gated" in command(*asked)


def test_tune_says_that_it_did_not_help(archive, folder, gated, tmp_path):
    """A setting that changes nothing: the sentence is plain, and no file is written."""
    asked = ["tune", "--strategy", gated, *judged(folder), "--grid", "idle=0.5,0.25", "--archive", archive]
    said = command(*asked, "--write", tmp_path / "tuned.json")
    assert "Tuning did not help" in said
    assert "not written" in said
    assert not (tmp_path / "tuned.json").exists()
    with pytest.raises(InvalidInputError, match="KNOB"):
        command("tune", "--strategy", gated, *judged(folder), "--grid", "width", "--archive", archive)


def test_tune_refuses_with_too_few_topics(archive, folder, tmp_path):
    """With a handful of topics nothing is tuned, and the message says how many are needed."""
    lines = (folder / "topics.jsonl").read_text(encoding="utf-8").splitlines()[:4]
    (tmp_path / "few.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="at least 20 topics"):
        command("tune", "--topics", tmp_path / "few.jsonl", "--qrels", folder / "qrels.txt", "--archive", archive)


def test_evaluate_by_labels(archive):
    """The values of a field serve as topics and judgements, and a file of either beside them is refused."""
    said = command("evaluate", "--labels", "object_type", "--archive", archive)
    assert "topics" in said.splitlines()[0]
    assert "Judged@10" not in said
    assert "nDCG@10" in said
    with pytest.raises(InvalidInputError, match="leave --topics, --qrels and --judge out"):
        command("evaluate", "--labels", "object_type", "--judge", "ann", "--archive", archive)
