"""`archive-search models`: list, fetch, verify weights or use those that lie elsewhere; compare two embedders."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.parts.helping import Commands
from app.commands.parts.terminal import say
from archive_search.types import EmbedderError

if TYPE_CHECKING:
    from app.commands.parts.progress import ProgressBar, Unit
    from archive_search.evaluation.embedders import EmbedderComparison

cli = Commands(
    help="Model weights: what is known, what is here, fetching and verifying it; two models compared.",
)
_SHOWN = 20
"""So many inputs are listed, those whose vectors are least alike."""
Name = Annotated[str, typer.Argument(help="The embedder's name, as 'archive-search models list' shows it.")]


@cli.command("list")
def list_() -> None:
    """List the models: size, licence, and where their weights are."""
    from app.commands.parts.table import print_table
    from archive_search.models import checkpoints

    rows = [
        (name, one.size_label, one.licence, str(checkpoints.find(name) or "not here"))
        for name, one in checkpoints.KNOWN.items()
    ]
    print_table(("name", "size", "licence", "where"), rows, right=("size",), widest="where")
    say(f"Fetched weights go to {checkpoints.directory()}; ARCHIVE_SEARCH_MODELS names another directory.")


@cli.command()
def fetch(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Accept the licence without being asked.")] = False,
    source: Annotated[
        str, typer.Option("--from", metavar="URL", help="Fetch from another address than the official one.")
    ] = "",
    timeout: Annotated[float, typer.Option(help="Seconds that a server may be silent.", min=0.1, max=3600)] = 30.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Download the weights of a model; run it again to go on after a stop."""
    from archive_search.models import checkpoints

    checkpoint = checkpoints.known(name)
    say(f"{checkpoint.title}, {checkpoint.size_label}, from {source or checkpoint.weights.url}")
    say(f"Licence: {checkpoint.licence}. {checkpoint.terms}")
    if not yes and not _agreed():
        raise EmbedderError("Nothing was fetched: the licence was not accepted (--yes accepts it).")
    with _bar(quiet) as bar:
        fetched = checkpoints.fetch(
            checkpoint, lambda now: bar.step(f"{now.phase} {now.file}", now.done, now.total), source, timeout
        )
    weights = fetched[-1]
    say(f"{checkpoints.home(checkpoint)}: {checkpoints.size_label(weights.size)}, SHA-256 {weights.sha256}")
    if weights.published:
        say("The SHA-256 is the published one.")
    elif weights.first:
        say("No published SHA-256 is known: this one was recorded, and every later fetch is held against it.")
    else:
        say("No published SHA-256 is known: it is the one of the first fetch.")
    _say_what_is_missing(name)


@cli.command()
def verify(
    name: Annotated[str, typer.Argument(help="The embedder's name; every model that is here if not given.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Read weights anew and hold them to their keys, size and published hash; exit code 1 where something is wrong."""
    from archive_search.models import checkpoints

    names = [name] if name else [one for one in checkpoints.KNOWN if checkpoints.find(one) is not None]
    if not names:
        say("No weights are here: 'archive-search models list' shows what there is to fetch.")
    wrong = False
    for one in names:
        with _bar(quiet) as bar:
            verdict = checkpoints.verify(checkpoints.known(one), functools.partial(bar.step, f"checking {one}"))
        wrong |= bool(verdict.problems)
        say(f"{one}: {'damaged or wrong' if verdict.problems else 'good'}, {verdict.path}")
        if verdict.sha256:
            say(f"    {checkpoints.size_label(verdict.size)}, SHA-256 {verdict.sha256}")
        for sentence in (*verdict.problems, *verdict.remarks):
            say(f"    {sentence}")
    if wrong:
        raise typer.Exit(1)


@cli.command()
def use(
    name: Name,
    path: Annotated[Path, typer.Argument(help="The file, or the folder in the format of transformers.")],
) -> None:
    """Use weights that lie elsewhere; the path is remembered, nothing is copied."""
    from archive_search.models import checkpoints

    say(f"{name}: {checkpoints.use(name, path)}")
    _say_what_is_missing(name)


@cli.command()
def forget(name: Name) -> None:
    """Undo 'use': look for the weights where 'fetch' puts them. Nothing is deleted."""
    from archive_search.models import checkpoints

    forgotten = checkpoints.forget(name)
    say(f"{name}: {'forgotten' if forgotten else 'no path was remembered'}, {checkpoints.find(name) or 'not here'}")


@cli.command()
def compare(
    first: Annotated[str, typer.Argument(help="An embedder's name, as 'archive-search embedders' lists it.")],
    second: Annotated[str, typer.Argument(help="Another, of equal dimensions.")],
    files: Annotated[
        list[Path], typer.Argument(metavar="[PICTURES]...", help="Pictures, films or recordings.", show_default=False)
    ] = [],  # noqa: B006
    text: Annotated[list[str], typer.Option("--text", metavar="WORDS", help="A text as well; repeatable.")] = [],  # noqa: B006
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Encode the same pictures with two models: how alike the vectors are, and how fast each is."""
    from app.commands.parts.progress import ProgressBar
    from archive_search.embedders import EMBEDDERS
    from archive_search.evaluation.embedders import compare_embedders

    loaded = [EMBEDDERS[name].load() for name in (first, second)]
    with ProgressBar(quiet) as bar:
        found = compare_embedders(loaded[0], loaded[1], files, text, functools.partial(bar.step, "encoding"))
    _print_compared(found)


def _print_compared(found: EmbedderComparison) -> None:
    from app.commands.parts.table import print_table

    least = sorted(found.alike, key=lambda one: one.cosine)[:_SHOWN]
    print_table(("cosine", "of"), [(f"{one.cosine:.5f}", one.item) for one in least], right=("cosine",), widest="of")
    if len(found.alike) > _SHOWN:
        say(f"({len(found.alike) - _SHOWN} more are at least as alike)")
    mean = sum(one.cosine for one in found.alike) / len(found.alike)
    say(f"cosine of {found.first} and {found.second}: at least {least[0].cosine:.5f}, {mean:.5f} in the mean")
    for modality, (one, other) in found.rates.items():
        say(f"{modality}: {found.first} {one:.3g}/s, {found.second} {other:.3g}/s, {one / other:.2f} times as fast")


def _agreed() -> bool:
    """Ask; without a terminal to ask on, no."""
    try:
        return typer.confirm("Do you accept it?", default=False, err=True)
    except typer.Abort:
        return False


def _say_what_is_missing(name: str) -> None:
    from archive_search.embedders import EMBEDDERS

    if name in EMBEDDERS and (missing := EMBEDDERS[name].missing()):
        say(missing)


def _bar(quiet: bool) -> ProgressBar:
    """Progress of weights, which are counted in bytes."""
    from app.commands.parts.progress import ProgressBar

    return ProgressBar(quiet, bytes_of_weights())


def bytes_of_weights() -> Unit:
    """Bytes for people, as download pages give them."""
    from app.commands.parts.progress import Unit
    from archive_search.models.checkpoints import size_label

    return Unit(size_label, lambda rate: f"{size_label(round(rate))}/s")


COMMANDS = {"models": cli}
