"""The command line: parses, calls the library, prints; the only place besides the pages that does."""

from __future__ import annotations

import io
import sys

import typer
from typer.exceptions import TyperException

from app.commands import COMMANDS
from app.commands.parts.flags import told
from app.commands.parts.helping import Commands
from app.commands.parts.terminal import say
from archive_search.types import ArchiveSearchError, check_text
from archive_search.visible import visible

cli = Commands(
    name="archive-search",
    help="Find in a museum's photographs and drawings what nobody wrote into the catalogue.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, command in COMMANDS.items():
    if isinstance(command, typer.Typer):
        cli.add_typer(command, name=name)
    else:
        cli.command(name, help=command.__doc__)(command)


def main() -> None:
    """Run the command line; an error of ours is one sentence on standard error and exit code 1."""
    _write_any_letter()
    try:
        for number, argument in enumerate(sys.argv[1:], 1):
            check_text(argument, f"Argument {number}")
        sys.exit(cli(standalone_mode=False))
    except TyperException as error:  # how the command was called, quoting its arguments
        error.message = visible(error.message, lines=True)
        error.show()  # type: ignore[attr-defined]
        sys.exit(error.exit_code)
    except typer.Abort:
        say("archive-search: stopped", err=True)
        sys.exit(1)
    except ArchiveSearchError as error:
        say(f"archive-search: {told(error)}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe (head, less) went away: nothing to say
        sys.exit(0)
    except OSError as error:  # a place where the system lets nobody read or write, that nothing before has named
        where = f"{error.filename}: " if error.filename else ""
        say(f"archive-search: {where}{error.strerror or error}", err=True)
        sys.exit(1)


def _write_any_letter() -> None:
    """Show a letter that a terminal cannot write as its number; write UTF-8 where Windows would take a code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if sys.platform == "win32" else None, errors="backslashreplace")


if __name__ == "__main__":
    main()
