"""Topics files."""

import json

import pytest

from archive_search.types import Example, Match, MetadataError, Query
from archive_search.workspace.topics import Topic, read_topics, topic_from_data, topic_id, topic_to_data, words


def text(value: str, weight: float = 1.0) -> Example:
    """A text example."""
    return Example("text", value, weight)


def test_sample_topics(tmp_path):
    """Category and refinements become the query, a minus asks for less; group and text stay."""
    line = {"id": "t1", "text": "A flint axe", "category": "axe", "refinements": ["flint", "-drawing"], "group": "g"}
    (tmp_path / "topics.jsonl").write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    expected = Topic("t1", Query((text("axe"), text("flint"), text("drawing", -1.0))), "g", "A flint axe")
    assert read_topics(tmp_path / "topics.jsonl") == (expected,)


def test_csv_topics_are_the_same(tmp_path):
    """The same topics as CSV: refinements separated by ';', filters as JSON in a cell."""
    where = '[{""filter"": ""match"", ""field"": ""place"", ""values"": [""Ribe""]}]'
    rows = f'id,text,category,refinements,group,where\nt1,A flint axe,axe,flint; -drawing,g,"{where}"\nt2,Pot,,,,\n'
    (tmp_path / "topics.csv").write_text(rows, encoding="utf-8")
    first, second = read_topics(tmp_path / "topics.csv")
    examples = (text("axe"), text("flint"), text("drawing", -1.0))
    assert first == Topic("t1", Query(examples, (Match("place", ("Ribe",)),)), "g", "A flint axe")
    assert second == Topic("t2", Query((text("Pot"),)), "", "Pot")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "x"}', "needs an id"),
        ('{"id": "a"}', "needs a category"),
        ('{"id": "a", "text": "x", "colour": "red"}', "colour"),
        ('{"id": "a", "text": "x", "refinements": "red"}', "refinements"),
        ('{"id": "a", "text": "x", "refinements": ["-"]}', "words"),
        ('{"id": "a", "text": "x", "where": [{"filter": "near"}]}', "filter"),
        ("{", "not JSON"),
        ("[]", "object"),
        ('{"id": "ok", "text": "x"}', "already"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, line, said):
    """A wrong line is told by file, line and reason; an id twice as well."""
    (tmp_path / "t.jsonl").write_text('{"id": "ok", "text": "x"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(MetadataError, match=f"line 2.*{said}"):
        read_topics(tmp_path / "t.jsonl")


def test_no_topics(tmp_path):
    """An empty file and a missing one are errors in words."""
    (tmp_path / "t.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(MetadataError, match="no topic"):
        read_topics(tmp_path / "t.jsonl")
    with pytest.raises(MetadataError, match="cannot be read"):
        read_topics(tmp_path / "none.jsonl")


def test_data_and_back():
    """A topic written as data and read again is the same, whatever its query."""
    topic = Topic(
        "t", Query((Example("record", "NM1", 0.5), text("red", -2.0)), (Match("place", ("Ribe",)),)), "g", "x"
    )
    assert topic_from_data(json.loads(json.dumps(topic_to_data(topic)))) == topic


def test_ids_of_queries():
    """The same query has the same id, another one has another."""
    assert topic_id(Query((text("axe"),))) == topic_id(Query((text("axe"),)))
    assert topic_id(Query((text("axe"),))) != topic_id(Query((text("axe", 2.0),)))
    assert words(Query((text("axe"), text("drawing", -1.0)))) == "axe, not drawing"


def test_what_a_topic_tells_its_judges(tmp_path):
    """Description and narrative are read and written; a topic is called by its text, else by its query."""
    line = {"id": "t1", "text": "Axes", "description": "Axes of flint.", "narrative": "A hoard with one counts."}
    (tmp_path / "topics.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (topic,) = read_topics(tmp_path / "topics.jsonl")
    assert (topic.title, topic.description, topic.narrative) == ("Axes", line["description"], line["narrative"])
    assert topic_from_data(topic_to_data(topic)) == topic
    assert Topic("t2", Query((text("axe"), text("drawing", -1.0)))).title == "axe, not drawing"
    assert "narrative" not in topic_to_data(Topic("t2", Query((text("axe"),))))
