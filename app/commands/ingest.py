"""`archive-search ingest SOURCE`: one sub-command per source, its flags made from the source's fields."""

from __future__ import annotations

import functools
import inspect
import shlex
import signal
import threading
import types
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from app.commands.parts.helping import Commands
from app.commands.parts.source_options import own_options, shared_options
from app.commands.parts.terminal import say
from archive_search.knobs import check
from ingest.source import InArchive
from ingest.sources import SOURCES

if TYPE_CHECKING:
    from ingest.progress import Summary
    from ingest.source import AnySource

T = TypeVar("T")

SHOWN = 20
"""Records that a dry run shows where no limit is said."""

cli = Commands(
    help="Ingest pictures with their metadata; run it again to take up what is new, or to go on after a stop.",
)


def ingest(
    source: AnySource,
    archive: Path | None,
    embedder: list[str],
    store: str,
    batch: int,
    threads: int,
    max_megapixels: float,
    prune: bool,
    retry: bool,
    tiles: bool | None,
    quiet: bool,
    limit: int,
    dry_run: bool,
    vectors: Path | None = None,
    space: str | None = None,
) -> None:
    """Bring an archive up to date with a source; the other arguments are the options that every source has."""
    from ingest.pipeline import Options

    if dry_run:
        show(source, archive, limit or SHOWN)
        return
    if archive is None:
        raise typer.BadParameter(
            "name the archive's directory, which is made where there is none.", param_hint="--archive"
        )
    bring_up_to_date(
        source,
        archive,
        quiet,
        embedders=embedder,
        vectors=vectors,
        space=space,
        store=store,
        tiles=tiles,
        options=Options(batch, threads, max_megapixels, prune, retry, limit=limit),
    )


def show(source: AnySource, archive: Path | None, limit: int) -> None:
    """Print what an ingest would take, field by field, and write nothing."""
    from archive_search.archive import Archive, is_archive
    from archive_search.metadata.fields import STANDARD
    from ingest.preview import preview, shown
    from ingest.source import Rejected

    opened = Archive.open(archive) if archive is not None and is_archive(archive) else None
    for remark in getattr(source, "remarks", ()):
        say(remark, err=True)
    taken = rejected = 0
    for one in preview(source, limit, opened.settings if opened else None):
        if isinstance(one, Rejected):
            rejected += 1
            say(f"rejected: {one.reason}" if one.reason.startswith(one.id) else f"{one.id}: rejected: {one.reason}")
            continue
        taken += 1
        say(one.id if one.image == one.id else f"{one.id}: {one.image}")
        for label, value in shown(one, opened.fields if opened else STANDARD).items():
            first, *more = filter(str.strip, value.splitlines())
            say(f"    {label}: {first}")
            for line in more:
                say(f"        {line}")
    say(f"{taken} would be taken, {rejected} rejected; nothing was written, no picture was fetched", err=True)


def bring_up_to_date(source: AnySource, archive: Path, quiet: bool = False, **how: Any) -> None:
    """Call `ingest.recipe.run` with `how`, show its progress, let Ctrl-C stop it, and say what came of it."""
    from app.commands.parts.progress import ProgressBar
    from ingest.recipe import run

    with _CtrlC() as ctrl_c, ProgressBar(quiet) as bar:
        summary = run(
            archive,
            source,
            **how,
            on_remark=ctrl_c.once_begun((lambda _: None) if quiet else functools.partial(say, err=True)),
            on_progress=ctrl_c.once_begun(bar.ingest),
            stop=ctrl_c.stop,
        )
    _report(summary, archive, isinstance(source, InArchive))
    if summary.stopped:
        raise typer.Exit(130)


class _CtrlC:
    """
    What Ctrl-C does to an ingest that has begun: the batch at hand is finished, the second time it ends at once.

    Before, while models are loaded and metadata is read, it does what it does anywhere.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._begun = False

    def once_begun(self, told: Callable[[T], None]) -> Callable[[T], None]:
        """The same function, whose first call says that the ingest has begun."""

        def tell(what: T) -> None:
            self._begun = True
            told(what)

        return tell

    def __enter__(self) -> _CtrlC:
        self._before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._ask)
        return self

    def _ask(self, number: int, frame: types.FrameType | None) -> None:
        if not self._begun or self.stop.is_set():
            if callable(self._before):
                self._before(number, frame)
            raise KeyboardInterrupt
        self.stop.set()
        say("stopping after this batch; Ctrl-C again stops at once", err=True)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)


def _report(summary: Summary, archive: Path, keeps: bool) -> None:
    """Say what an ingest did; a source that `keeps` what it fetches need not be asked for it again."""
    counts = {
        "added": summary.added,
        "with another picture": summary.changed,
        "with vectors in a new space": summary.extended,
        "taken over from another folder": summary.moved,
        "with other metadata": summary.relabelled,
        "with a thumbnail again": summary.restored,
        "unchanged": summary.unchanged,
        "rejected": summary.rejected,
        "rejected before": summary.still_rejected,
        "removed": summary.pruned,
    }
    said = ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "no records"
    if summary.stopped:
        kept = "; what came is kept" if keeps else ""
        say(
            f"stopped: {said} so far{kept}; run the same command to go on. "
            f"Searches still see {summary.generation or 'nothing'}."
        )
        return
    if summary.generation is None:
        say(f"{said}; the archive is still empty")
    else:
        say(f"{said}; {summary.generation}{'' if summary.published else ' as before'}")
    for name, column in summary.own.items():
        say(f"{name}: the column {column!r} is a filter now; [fields.own.{name}] in archive.toml changes that")
    for origin, number in summary.taken.items():
        theirs = "1 of the rejected has the id" if number == 1 else f"{number:,} of the rejected have ids"
        say(
            f"{theirs} of records from {origin}, which stay as they are: to keep both, give these a prefix with "
            f"--id-prefix; where these are the same pictures, moved or copied, say --moved-from {shlex.quote(origin)}"
        )
    if summary.out_of_reach:
        say(
            f"{_records(summary.out_of_reach)} out of reach and kept: where the pictures were cannot be read now, "
            "or is an empty folder (a disk that is not mounted?), or the row that describes them cannot be read; "
            "an empty folder that is meant, remove."
        )
    if len(summary.gone) > summary.pruned:
        them = "it" if len(summary.gone) == 1 else "them"
        say(f"{_records(summary.gone)} not in this source any more: --prune removes {them}")
    if summary.rejected or summary.still_rejected:
        again = "; --retry tries again what was rejected before" if summary.still_rejected else ""
        say(f"why records were rejected: archive-search status --archive {shlex.quote(str(archive))}{again}")


def _records(ids: Sequence[str]) -> str:
    """How many records, and the first of their ids: '2 records (A1, A2) are'."""
    shown = ", ".join(ids[:5]) + (" ..." if len(ids) > 5 else "")
    return f"1 record ({shown}) is" if len(ids) == 1 else f"{len(ids):,} records ({shown}) are"


# ------------------------------------------------------------------ one command per source


def _command(source: type[AnySource]) -> Callable[..., None]:
    """A function whose parameters are the fields of a source and the options that every source has."""
    own, shared = own_options(source), shared_options(source)
    names = [one.name for one in (*own, *shared)]

    def command(**values: Any) -> None:
        made = source(**{name: tuple(one) if isinstance(one := values.pop(name), list) else one for name in names})
        check(made, source.__name__)
        ingest(made, **values)

    tabled = _declared(_of_tables) if hasattr(source, "row_of") else []
    signature = inspect.Signature([*own, *_declared(_everyday), *shared, *_declared(_of_models), *tabled])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
    command.__doc__ = (source.__doc__ or "").strip().splitlines()[0]
    return command


def _declared(function: Callable[..., None]) -> list[inspect.Parameter]:
    """The parameters of a function, named ones."""
    hints = typing.get_type_hints(function, include_extras=True)
    found = inspect.signature(function).parameters
    return [one.replace(kind=one.KEYWORD_ONLY, annotation=hints[name]) for name, one in found.items()]


_EVERYDAY: Any = {"rich_help_panel": "Every ingest"}
_MODELS: Any = {"rich_help_panel": "Models and speed"}


def _everyday(
    archive: Annotated[
        Path | None,
        typer.Option(
            help="The archive's directory, made where there is none; a dry run needs none.",
            envvar="ARCHIVE_SEARCH_ARCHIVE",
            **_EVERYDAY,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show the first 20 records (or --limit) that would come, field by field; nothing is written.",
            **_EVERYDAY,
        ),
    ] = False,
    limit: Annotated[int, typer.Option(help="Only the first so many records; 0: all.", min=0, **_EVERYDAY)] = 0,
    retry: Annotated[
        bool,
        typer.Option("--retry", help="Try rejected pictures again even if they have not changed.", **_EVERYDAY),
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove records that the source no longer has.", **_EVERYDAY)
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.", **_EVERYDAY)] = False,
) -> None: ...


def _of_models(
    embedder: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="Which models see the pictures; repeatable. 'archive-search embedders' lists all.",
            **_MODELS,
        ),
    ] = [],  # noqa: B006
    tiles: Annotated[
        bool | None,
        typer.Option(
            "--tiles/--no-tiles",
            help="Vectors of parts of each picture too, so that small details are found; the archive remembers it.",
            show_default=False,
            **_MODELS,
        ),
    ] = None,
    store: Annotated[
        str,
        typer.Option(
            help="New archive: keep its index on a Qdrant server, http://host:6333/NAME; key from QDRANT_API_KEY.",
            **_MODELS,
        ),
    ] = "",
    batch: Annotated[int, typer.Option(help="Pictures the model sees at once.", min=1, max=4096, **_MODELS)] = 32,
    threads: Annotated[
        int,
        typer.Option(help="Threads that read and decode; 0: one per core, more to fetch.", min=0, max=256, **_MODELS),
    ] = 0,
    max_megapixels: Annotated[
        float, typer.Option(help="Pictures with more megapixels are rejected.", **_MODELS)
    ] = 300.0,
) -> None: ...


def _of_tables(
    vectors: Annotated[
        Path | None,
        typer.Option(help="Vectors computed elsewhere: a .npy file, row i for row i of the metadata file.", **_MODELS),
    ] = None,
    space: Annotated[str | None, typer.Option(help="The space that --vectors fills.", **_MODELS)] = None,
) -> None: ...


for _name, _source in SOURCES.items():
    cli.command(_name, help=inspect.cleandoc(_source.__doc__ or ""))(_command(_source))


COMMANDS = {"ingest": cli}
