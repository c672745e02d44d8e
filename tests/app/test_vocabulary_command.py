"""`archive-search vocabulary`: what it tells, and what it finds wrong."""

from typer.testing import CliRunner

from app.command import cli
from archive_search.archive import Archive
from archive_search.settings import Settings


def run(*arguments):
    """What a command says."""
    return CliRunner().invoke(cli, arguments)


def test_it_tells_how_words_are_read():
    """Each text is told as an embedder that reads only English gets it."""
    told = run("vocabulary", "flintøkse", "red car")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == ["flintøkse: flint axe", "red car: red car"]


def test_an_archives_own_words_are_listed_and_checked(tmp_path):
    """Its terms are listed; a row that cannot be used is told with its line, and ends the command with 1."""
    Archive.create(tmp_path / "a", Settings("A"))
    own = tmp_path / "a" / "vocabulary.csv"
    own.write_text("term,language,prompt\ncelt,da,socketed axe\n", encoding="utf-8")
    told = run("vocabulary", "--archive", str(tmp_path / "a"))
    assert told.exit_code == 0
    assert "  celt (da): socketed axe" in told.stdout
    own.write_text("term,prompt\ncelt,socketed axe\n,axe\n", encoding="utf-8")
    told = run("vocabulary", "celt", "--archive", str(tmp_path / "a"))
    assert told.exit_code == 1
    assert told.stdout == "celt: socketed axe\n"
    assert "vocabulary.csv, line 3: the term is empty" in told.stderr
