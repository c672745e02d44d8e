"""What `--help` says."""

import dataclasses
import re
import sys

import pytest
import typer
from typer.testing import CliRunner

from app.command import cli, main
from archive_search.knobs import knobs
from ingest.sources import SOURCES


def commands() -> dict[str, object]:
    """Every command by its whole name, groups too."""
    found = {}

    def walk(command, name):
        found[name] = command
        for one in getattr(command, "commands", {}).values():
            walk(one, f"{name} {one.name}")

    walk(typer.main.get_command(cli), "")
    return found


def said(*name: str) -> str:
    """The help of a command on a terminal of 80 columns."""
    result = CliRunner().invoke(cli, [*name, "--help"])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_each_setting_of_a_source_is_explained_by_a_sentence_of_its_own(source):
    """What a setting means can be read without its label, which the command line does not show."""
    for name, (settings, _) in knobs(source).items():
        assert settings.help.endswith((".", ".toml.")), f"{name}: {settings.help!r}"
        assert settings.help.count(" ") >= 3, f"{name}: {settings.help!r}"
        assert not re.match(r"(Of|In|By|As|Such|With|So|Which)\b(?! words| column)", settings.help), (
            f"{name}: {settings.help!r}"
        )


def test_one_thing_has_one_name_in_all_sources():
    """Settings with the same label have the same name, so the same flag."""
    names: dict[str, set[str]] = {}
    for source in SOURCES.values():
        for one in dataclasses.fields(source):
            names.setdefault(one.metadata["knob"].label, set()).add(one.name)
    assert {label: some for label, some in names.items() if len(some) > 1} == {"File": {"file", "path"}}


@pytest.mark.parametrize("source", SOURCES)
def test_what_is_asked_every_day_comes_before_what_is_rarely_asked(source):
    """A source's own settings come first, then those of every ingest, then servers and models."""
    written = said("ingest", source)
    places = [
        written.find(one)
        for one in ("\nWhat to take:", "--archive", "--dry-run", "--limit", "--retry", "--rate", "--embedder")
    ]
    there = [one for one in places if one >= 0]
    assert there == sorted(there)
    assert all(one >= 0 for one in places[:5])


def test_kinds_of_values_have_one_name_each():
    """Every option of every command says TEXT, NUMBER, PATH, a word of its own, or the values that are possible."""
    for name, command in commands().items():
        context = command.context_class(command, info_name=name)
        for one in command.params:
            record = one.get_help_record(context)
            if one.param_type_name == "option" and record:
                assert "<" not in record[0], f"{name}: {record[0]}"


def test_possible_values_are_listed_and_others_refused():
    """An option with a few possible values lists them, and takes no other."""
    assert "--size large|original" in said("ingest", "met")
    result = CliRunner().invoke(cli, ["ingest", "met", "--size", "huge"])
    assert result.exit_code == 2
    assert "large" in result.output


def test_lists_of_commands_are_whole_sentences():
    """A group says the first paragraph of each of its commands, with nothing cut."""
    for name, command in commands().items():
        if hasattr(command, "commands"):
            written = " ".join(said(*name.split()).split())
            for one in command.commands.values():
                assert " ".join(one.help.split("\n\n")[0].split()) in written


@pytest.mark.parametrize(("columns", "least", "most"), [(80, 70, 80), (120, 110, 120), (200, 110, 120)])
def test_help_is_as_wide_as_the_terminal_up_to_120_columns(columns, least, most, monkeypatch, capsys):
    """Lines of help fill the terminal, 120 columns at most."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "argv", ["archive-search", "ingest", "lido", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert least < max(map(len, capsys.readouterr().out.splitlines())) <= most


def test_vectors_from_elsewhere_are_offered_where_there_are_rows():
    """Only a source with a metadata file takes vectors row by row."""
    assert "--vectors" in said("ingest", "folder")
    assert "--vectors" not in said("ingest", "met")
