"""The command line: parses, calls the library, prints; the only place besides the pages that does."""

from __future__ import annotations

import io
import sys

import typer
from typer.exceptions import TyperException

from app.commands import (
    adapt,
    compare,
    embedders,
    evaluate,
    explain,
    ingest,
    judgements,
    models,
    sample,
    search,
    status,
    strategies,
    tune,
)
from app.commands import app as app_command
from app.terminal import say
from app.visible import visible
from archive_search.types import ArchiveSearchError

cli = typer.Typer(
    name="archive-search",
    help="Find in a museum's photographs and drawings what nobody wrote into the catalogue.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
cli.add_typer(ingest.cli, name="ingest")
cli.add_typer(models.cli, name="models")
cli.command("search", help=search.search.__doc__)(search.search)
cli.command("status", help=status.status.__doc__)(status.status)
cli.command("app", help=app_command.app.__doc__)(app_command.app)
cli.command("sample", help=sample.sample.__doc__)(sample.sample)
cli.command("embedders", help=embedders.embedders.__doc__)(embedders.embedders)
cli.command("strategies", help=strategies.strategies.__doc__)(strategies.strategies)
cli.command("evaluate", help=evaluate.evaluate.__doc__)(evaluate.evaluate)
cli.command("compare", help=compare.compare.__doc__)(compare.compare)
cli.command("explain", help=explain.explain.__doc__)(explain.explain)
cli.command("tune", help=tune.tune.__doc__)(tune.tune)
cli.command("adapt", help=adapt.adapt.__doc__)(adapt.adapt)
cli.add_typer(judgements.cli, name="judgements")


def main() -> None:
    """Run the command line; an error of ours is one sentence on standard error and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot write a letter shows its number
    try:
        sys.exit(cli(standalone_mode=False))
    except TyperException as error:  # how the command was called, quoting its arguments
        error.message = visible(error.message, lines=True)
        error.show()  # type: ignore[attr-defined]
        sys.exit(error.exit_code)
    except typer.Abort:
        say("archive-search: stopped", err=True)
        sys.exit(1)
    except ArchiveSearchError as error:
        say(f"archive-search: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe (head, less) went away: nothing to say
        sys.exit(0)


if __name__ == "__main__":
    main()
