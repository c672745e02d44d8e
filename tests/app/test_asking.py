"""The options by which a query is asked, in every command that asks one."""

import inspect

import pytest
from typer.testing import CliRunner

from app.command import cli
from app.commands.compare import compare
from app.commands.explain import explain
from app.commands.parts import asking
from app.commands.search import search
from archive_search.metadata.fields import STANDARD
from archive_search.types import Example, InvalidInputError, Match, Query


def test_the_options_stand_where_the_query_is_asked():
    """Every command has the options of its question, in their order and alike, and no parameter `asked`."""
    for command, ask in (
        (search, asking.by_words_or_picture),
        (compare, asking.by_words),
        (explain, asking.by_words),
    ):
        own, (_, *options) = list(inspect.signature(command).parameters), list(inspect.signature(ask).parameters)
        place = own.index("text")
        assert own[place : place + len(options)] == options
        assert "asked" not in own
        shown = CliRunner().invoke(cli, [command.__name__, "--help"]).stdout
        assert "What sets it apart; repeatable." in shown


def test_a_query_is_made_when_it_is_asked_for():
    """The command gets what the options say, and what is wrong with them is raised when it asks."""
    got = []

    @asking.asked(asking.by_words)
    def command(before: int, asked: asking.Ask, after: str = "x"):
        got.append((before, asked(STANDARD), after))

    command(
        before=1,
        text="axe",
        refine=["2:red"],
        exclude=[],
        where=["material=flint"],
        first=None,
        last=None,
        undated="keep",
        near=None,
    )
    expected = Query((Example("text", "axe"), Example("text", "red", 2.0)), (Match("material", ("flint",)),))
    assert got == [(1, expected, "x")]
    with pytest.raises(InvalidInputError, match="'keep' or 'drop'"):
        command(before=1, text="axe", refine=[], exclude=[], where=[], first=1, last=None, undated="perhaps", near=None)
