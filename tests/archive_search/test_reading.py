"""Text and JSON from outside: read, or refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from archive_search.evaluation.qrels import read_csv, read_qrels
from archive_search.plan import from_json, query_from_json, to_json
from archive_search.reading import parse_json, parse_records, read_text
from archive_search.strategy_file import load_strategy
from archive_search.types import ArchiveSearchError, Example, InvalidInputError, Match, MetadataError
from archive_search.workspace.topics import read_topics

MARK = b"\xef\xbb\xbf"
HALF = "\ud83d"
letters = some.text(some.one_of(some.characters(), some.sampled_from([HALF, "\ufeff", "\x00", "\u2028"])), max_size=6)
numbers = some.one_of(some.integers(), some.floats(), some.sampled_from([10**400, -(10**400), 1e308, 2**63]))
values = some.recursive(
    some.one_of(some.none(), some.booleans(), numbers, letters),
    lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(letters, inner, max_size=3)),
    max_leaves=8,
)
from_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(some.binary() | letters.map(lambda text: text.encode("utf-8", "surrogatepass")))
@from_files
def test_any_file(tmp_path: Path, data: bytes) -> None:
    """Whatever its bytes, a file is read as text that can be written again, or refused with its name."""
    (tmp_path / "file").write_bytes(data)
    try:
        data.decode()
    except UnicodeDecodeError:
        with pytest.raises(InvalidInputError, match=r"The plan .*file is not text in UTF-8 \(byte \d+\)"):
            read_text(tmp_path / "file", "The plan")
    else:
        assert read_text(tmp_path / "file", "The plan").encode() == data.removeprefix(MARK)


@given(values)
def test_any_json(data: object) -> None:
    """JSON is read as what it says, or refused; what is read can be written in any encoding."""
    text = json.dumps(data)
    try:
        found = parse_json(text, "It")
    except InvalidInputError:
        assert any(sign in text for sign in ("NaN", "Infinity", "\\ud"))
    else:
        assert found == data
        json.dumps(found, ensure_ascii=False).encode()


@given(values)
def test_any_records(data: object) -> None:
    """Of records all is read: numbers as they are written, half characters as U+FFFD."""
    json.dumps(parse_records(json.dumps(data), "It"), ensure_ascii=False).encode()


@given(some.text())
def test_any_text(text: str) -> None:
    """What is no JSON is refused in a sentence."""
    try:
        json.loads(text, parse_constant=json.loads)
    except ValueError:
        with pytest.raises(InvalidInputError, match="^It is not JSON"):
            parse_json(text, "It")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 101 + "]" * 101, "nests deeper than 100 levels"),
        ("[" * 100_000 + "]" * 100_000, "nests deeper than 100 levels"),
        ('{"a":' * 100_000, "nests deeper than 100 levels"),
        ("1" * 5000, "is not JSON"),
        ("NaN", "NaN is no number"),
        ('"\\ud83d"', "half of a character"),
        ("{", "is not JSON"),
    ],
    ids=range(7),
)
def test_refused(text: str, said: str) -> None:
    """Nesting, length, half characters and what is no JSON are each told for what they are."""
    with pytest.raises(MetadataError, match=f"It .*{said}"):
        parse_json(text, "It", MetadataError)


def test_what_is_right_is_read() -> None:
    """A byte order mark and pairs of surrogates are no matter, nor is nesting as far as allowed."""
    assert parse_json('\ufeff{"a": "\\ud83d\\ude00"}', "It") == {"a": "😀"}
    assert parse_json("[" * 100 + "]" * 100, "It")
    assert parse_records('{"a": "\\ud83d", "n": 1E5, "o": NaN}', "It") == {"a": "\ufffd", "n": "1E5", "o": None}


# ------------------------------------------------------------------ who reads

PLAN = {
    "query": {
        "examples": [{"kind": "text", "value": "axe", "weight": 1.0}],
        "where": [
            {"filter": "match", "field": "material", "values": ["flint"], "unknown": "drop"},
            {"filter": "range", "field": "date_from", "low": -4000, "high": -1700, "unknown": "keep"},
        ],
    },
    "steps": [
        {"step": "nearest", "k": 500, "examples": [{"kind": "text", "value": "axe"}]},
        {"step": "gate", "count": 5},
    ],
    "limit": 20,
    "space": "",
}


def paths(data: object, here: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Where something stands in a plan."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [here, *(path for key, value in inner for path in paths(value, (*here, key)))]


@given(some.sampled_from(paths(PLAN)), values)
def test_any_plan(path: tuple[object, ...], value: object) -> None:
    """With anything at any place a plan is read, and is the same written and read again, or refused in a sentence."""
    plan = json.loads(json.dumps({"plan": PLAN}))
    there = plan
    for key in ("plan", *path)[:-1]:
        there = there[key]
    there[("plan", *path)[-1]] = value
    try:
        found = from_json(plan["plan"] if isinstance(plan["plan"], dict) else json.dumps(plan["plan"]))
    except ArchiveSearchError:
        return
    assert from_json(json.dumps(to_json(found))) == found
    json.dumps(to_json(found), ensure_ascii=False).encode()


@given(letters)
def test_any_example(text: str) -> None:
    """What is asked can be written in any encoding; half a character is refused where it is asked."""
    asked: list[Callable[[], object]] = [
        lambda: Example("text", text),
        lambda: Match("material", (text,)),
        lambda: query_from_json({"examples": [{"kind": "text", "value": text}]}),
    ]
    for ask in asked:
        if any("\ud800" <= one <= "\udfff" for one in text):
            with pytest.raises(InvalidInputError, match="half of a character"):
                ask()
        else:
            ask()


contents = some.one_of(
    some.binary(),
    values.map(lambda data: json.dumps(data).encode()),
    letters.map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@pytest.mark.parametrize("reader", [read_topics, read_qrels, read_csv, load_strategy])
@from_files
@given(data=contents)
def test_any_file_of_theirs(tmp_path: Path, reader: Callable[[Path], object], data: bytes) -> None:
    """Topics, judgements and strategies in files of any content are read, or refused in a sentence."""
    for name in ("file.csv", "file.jsonl"):
        (tmp_path / name).write_bytes(data)
        try:
            reader(tmp_path / name)
        except ArchiveSearchError:
            continue  # anything else fails the test


def test_byte_order_marks(tmp_path: Path) -> None:
    """Plans, strategies, topics and judgements that an editor saved with a byte order mark are read."""
    (tmp_path / "t.jsonl").write_bytes(MARK + b'{"id": "1", "text": "axe"}\n')
    (tmp_path / "t.csv").write_bytes(MARK + b"id,text\n1,axe\n")
    assert read_topics(tmp_path / "t.jsonl") == read_topics(tmp_path / "t.csv")
    (tmp_path / "q.txt").write_bytes(MARK + b"1 0 a 2\r\n")
    assert read_qrels(tmp_path / "q.txt") == {"1": {"a": 2}}
    (tmp_path / "s.json").write_bytes(MARK + b'{"strategy": "nearest"}')
    assert load_strategy(tmp_path / "s.json") == load_strategy("nearest")
    (tmp_path / "p.json").write_bytes(MARK + json.dumps(PLAN).encode())
    assert from_json(read_text(tmp_path / "p.json", "The plan")).limit == 20
