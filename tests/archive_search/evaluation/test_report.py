"""The HTML report and its plots."""

import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from archive_search.evaluation.evaluate import Difference, evaluate
from archive_search.evaluation.plots import Dot, bars, dots
from archive_search.evaluation.report import finding, notes, p_value, places, span, to_html
from archive_search.strategies.nearest import NearestStrategy
from archive_search.strategies.staged import StagedStrategy
from archive_search.workspace.topics import Topic

SVG = "{http://www.w3.org/2000/svg}"


class Tags(HTMLParser):
    """Collects tags and what they refer to, and checks that they close."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.seen, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        """A tag opens."""
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """A tag of an SVG opens and closes."""
        self.seen.append(tag)

    def handle_endtag(self, tag):
        """A tag closes."""
        assert self.open.pop() == tag


@pytest.fixture
def report(archive, topics, qrels) -> str:
    """A report on two strategies, with a topic whose words must be escaped."""
    more = Topic("<odd>", topics[0].query, "other", 'A "pot" & <more>')
    judged = {**qrels, "<odd>": {"red-axe": 1}}
    found = evaluate(
        archive,
        [*topics, more, Topic("no", topics[0].query)],
        judged,
        {"nearest": NearestStrategy(), "<b>": StagedStrategy()},
    )
    return to_html(found, made="today")


def test_the_report_is_one_file(report):
    """It refers to nothing outside, and its tags close."""
    tags = Tags()
    tags.feed(report)
    assert tags.open == []
    assert tags.links == []
    assert "http" not in report.replace("http://www.w3.org/2000/svg", "")
    assert tags.seen.count("svg") == 5 + 4 + 1  # a panel a measure, one for each that is compared, bars a strategy


def test_names_are_escaped(report):
    """Topics and strategies with markup in their names show as they are written."""
    assert "<odd>" not in report
    assert "&lt;odd&gt;" in report
    assert "&lt;b&gt;" in report
    assert "1 topic left out" in report


def test_the_same_evaluation_gives_the_same_page(archive, topics, qrels):
    """Nothing in the page depends on when or where it is made."""
    strategies = {"nearest": NearestStrategy(), "staged": StagedStrategy()}
    first, second = (to_html(evaluate(archive, topics, qrels, strategies)) for _ in range(2))
    assert first == second


def test_one_strategy_alone(archive, topics, qrels):
    """A report on one strategy has means and nothing to compare."""
    page = to_html(evaluate(archive, topics[:1], qrels, {"nearest": NearestStrategy()}))
    assert "Against" not in page
    assert "1 topic," in page


def test_dots_stand_where_their_values_are():
    """In a plot a larger value stands further right, its interval around it, 0 marked where it is asked."""
    root = ET.fromstring(dots([Dot("a", 0.2, (0.1, 0.3)), Dot("b", -0.4, None)], "x", zero=True))
    a, b = (float(one.get("cx")) for one in root.iter(f"{SVG}circle"))
    assert b < a
    (line,) = [one for one in root.iter(f"{SVG}line") if one.get("stroke-width") == "3"]
    assert float(line.get("x1")) < a < float(line.get("x2"))
    assert [one.text for one in root.iter(f"{SVG}title")] == ["a: +0.200 [0.100, 0.300]", "b: -0.400"]


def test_bars_are_sorted_and_named():
    """Bars go from the largest gain to the largest loss, gains above the line, losses below it, each with its name."""
    root = ET.fromstring(bars([("t1", -0.2), ("t2", 0.4), ("t3", 0.0)], "x"))
    assert [one.text for one in root.iter(f"{SVG}title")] == ["t2: +0.400", "t3: +0.000", "t1: -0.200"]
    gain, _, loss = root.iter(f"{SVG}rect")
    assert float(gain.get("y")) + float(gain.get("height")) == pytest.approx(float(loss.get("y")), abs=0.2)
    assert float(gain.get("height")) == pytest.approx(2 * float(loss.get("height")), abs=0.3)


def test_plots_of_equal_values():
    """Values that are all the same still make a plot."""
    ET.fromstring(dots([Dot("a", 1.0, (1.0, 1.0))], "x"))
    ET.fromstring(bars([("t", 0.0)], "x"))


def test_findings_in_words():
    """A sentence claims a difference only where the corrected p is below 0.05."""
    one = Difference("staged", "nearest", "AP", "all", 9, 0.05, (0.01, 0.09), 0.01, 0.02, 7, 1)
    assert finding(one) == (
        "staged is better than nearest in AP: +0.050 [+0.010, +0.090], p = 0.020; 7 topics better, 1 worse."
    )
    unsure = Difference("staged", "nearest", "AP", "all", 9, -0.05, None, 0.04, 0.08, 1, 7)
    assert "cannot be told from nearest" in finding(unsure)
    worse = Difference("staged", "nearest", "AP", "all", 9, -0.05, None, 0.0001, 0.0002, 1, 7)
    assert "is worse than nearest in AP: -0.050, p < 0.001; 1 topic better" in finding(worse)
    assert (span(None), p_value(0.5), places(0.5), places(1e-5)) == ("", "p = 0.500", "0.5000", "<0.0001")


def test_what_nobody_judged_is_told(archive, topics, qrels):
    """Where much of the first ten was never judged, a note says so; where it was, none does."""
    assert notes(evaluate(archive, topics, qrels, {"nearest": NearestStrategy()})) == ()
    few = {topic: {record: grade for record, grade in grades.items() if grade} for topic, grades in qrels.items()}
    (note,) = notes(evaluate(archive, topics, few, {"nearest": NearestStrategy()}))
    assert "nearest 8" in note
    assert "pool" in note
