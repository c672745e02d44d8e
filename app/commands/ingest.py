"""`archive-search ingest SOURCE`: one sub-command per source, its flags made from the source's fields."""

from __future__ import annotations

import dataclasses
import inspect
import signal
import threading
import types
import typing
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.options import ArchiveOption
from archive_search.knobs import Knob, check
from archive_search.types import EmbedderError, InvalidInputError
from ingest.sources import SOURCES

if TYPE_CHECKING:
    from archive_search.settings import Settings
    from archive_search.types import Embedder
    from ingest.progress import Summary
    from ingest.source import Source
    from ingest.vectors import PrecomputedVectors

FLAGS = {"fields": "--map"}
"""Flags whose name on the command line is not the field's."""

cli = typer.Typer(
    help="Ingest pictures with their metadata; run it again to take up what is new, or to go on after a stop.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def ingest(
    source: Source,
    archive: Path,
    embedder: list[str],
    vectors: Path | None,
    space: str | None,
    store: str,
    batch: int,
    threads: int,
    max_megapixels: float,
    prune: bool,
    retry: bool,
    tiles: bool | None,
    quiet: bool,
) -> None:
    """Bring an archive up to date with a source; the other arguments are the options that every source has."""
    from app.progress import ProgressBar
    from archive_search.archive import Archive, is_archive
    from archive_search.settings import Settings
    from ingest.adapting import keep_adapted
    from ingest.clear_tiles import clear_tiles
    from ingest.hub_correction import hub_correction
    from ingest.ledger import Ledger
    from ingest.pipeline import Options, check_ingest, run

    # whatever can be refused is refused before anything is made
    settings = Archive.open(archive).settings if is_archive(archive) else Settings(archive.resolve().name, store=store)
    if store and settings.store != store:
        raise InvalidInputError(
            f"{archive} keeps its index at {settings.store or 'its own directory'}: it cannot be moved to {store}."
        )
    source = _mapped(source, settings)
    precomputed = _precomputed(vectors, space)
    names = _embedders(settings, embedder, bool(precomputed))
    if tiles and not names:
        raise InvalidInputError("Tiles need an embedder that sees the pictures: name one with --embedder.")
    options = Options(batch, threads, max_megapixels, prune, retry, settings.tiles if tiles is None else tiles)
    loaded = _loaded(_with_auxiliary(names))
    check_ingest(source, loaded, precomputed, options)
    remarks = getattr(source, "remarks", ())
    opened = Archive.create(archive, settings)
    if tiles is not None:
        opened.remember(tiles=tiles)
    for remark in remarks if not quiet else ():
        typer.echo(remark, err=True)
    stop = threading.Event()
    with Ledger(opened.ledger) as ledger, _stopped_by_ctrl_c(stop), ProgressBar(quiet) as bar:
        summary = run(
            source,
            index=opened.index,
            ledger=ledger,
            thumbnails=opened.thumbnails,
            embedders=loaded,
            precomputed=precomputed,
            options=options,
            finish=[
                *(clear_tiles(one, opened.directory / "banks") for one in loaded),
                *(hub_correction(one, opened.directory / "banks") for one in loaded),
                *(keep_adapted(opened, one) for one in loaded),
            ],
            languages=opened.settings.languages,
            on_progress=bar.ingest,
            stop=stop,
        )
    folder = getattr(source, "folder", None)
    known = opened.settings.pictures
    opened.remember(
        embedders=_chosen((*opened.settings.embedders, *names)),
        pictures=tuple(dict.fromkeys((*known, str(folder.resolve())))) if isinstance(folder, Path) else known,
    )
    _report(summary, archive)
    if summary.stopped:
        raise typer.Exit(130)


def _mapped(source: Source, settings: Settings) -> Source:
    """The source with the mapping that archive.toml gives for fields that no flag maps."""
    flags: tuple[str, ...] | None = getattr(source, "fields", None)
    if flags is None:
        return source
    mapped = {pair.partition("=")[0].strip() for pair in flags}
    pairs = [
        f"{field}={one}" for field, columns in settings.columns().items() if field not in mapped for one in columns
    ]
    return dataclasses.replace(typing.cast(Any, source), fields=(*pairs, *flags)) if pairs else source


def _precomputed(vectors: Path | None, space: str | None) -> list[PrecomputedVectors]:
    from ingest.vectors import PrecomputedVectors

    if (vectors is None) != (space is None):
        raise InvalidInputError(
            "--vectors and --space belong together: the file of vectors and the name of their space."
        )
    return [] if vectors is None or space is None else [PrecomputedVectors.load(vectors, space)]


def _embedders(settings: Settings, named: Sequence[str], precomputed: bool) -> tuple[str, ...]:
    """Those named, else those that the archive has; none where only precomputed vectors are asked for."""
    if named:
        return tuple(dict.fromkeys(named))
    if precomputed:
        return ()
    if settings.embedders:
        return settings.embedders
    from archive_search.embedders import default_embedder

    return (default_embedder(),)


def _with_auxiliary(names: tuple[str, ...]) -> tuple[str, ...]:
    """The embedders chosen and those that go beside them; none where no pictures need be seen."""
    from archive_search.embedders import auxiliary_embedders

    return tuple(dict.fromkeys((*names, *auxiliary_embedders()))) if names else ()


def _loaded(names: Sequence[str]) -> list[Embedder]:
    """The embedders of these names; all of them are known to be there before the first is loaded."""
    from archive_search.embedders import EMBEDDERS

    chosen = [EMBEDDERS[name] for name in names]
    for missing in filter(None, (one.missing() for one in chosen)):
        raise EmbedderError(missing)
    return [one.load() for one in chosen]


def _chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, without those that are not chosen but always there."""
    from archive_search.embedders import auxiliary_embedders

    return tuple(name for name in dict.fromkeys(names) if name not in auxiliary_embedders())


class _stopped_by_ctrl_c:  # noqa: N801 - reads as what it does in a with statement
    """The first Ctrl-C sets an event, so that the batch at hand is finished; the second interrupts at once."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def __enter__(self) -> None:
        self.before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: types.FrameType | None) -> None:
        if self.stop.is_set():
            raise KeyboardInterrupt
        self.stop.set()
        typer.echo("stopping after this batch; Ctrl-C again stops at once", err=True)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self.before)


def _report(summary: Summary, archive: Path) -> None:
    counts = {
        "added": summary.added,
        "with another picture": summary.changed,
        "with vectors in a new space": summary.extended,
        "with other metadata": summary.relabelled,
        "with a thumbnail again": summary.restored,
        "unchanged": summary.unchanged,
        "rejected": summary.rejected,
        "rejected before": summary.still_rejected,
        "removed": summary.pruned,
    }
    said = ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "no records"
    if summary.stopped:
        typer.echo(
            f"stopped: {said} so far; run the same command to go on. "
            f"Searches still see {summary.generation or 'nothing'}."
        )
        return
    typer.echo(f"{said}; {summary.generation}{'' if summary.published else ' as before'}")
    if summary.out_of_reach:
        typer.echo(
            f"{_records(summary.out_of_reach)} out of reach and kept: where the pictures were cannot be read now, "
            "or is an empty folder (a disk that is not mounted?); an empty folder that is meant, remove."
        )
    if len(summary.gone) > summary.pruned:
        them = "it" if len(summary.gone) == 1 else "them"
        typer.echo(f"{_records(summary.gone)} not in this source any more: --prune removes {them}")
    if summary.rejected or summary.still_rejected:
        typer.echo(f"why records were rejected: archive-search status --archive {archive}")


def _records(ids: Sequence[str]) -> str:
    """How many records, and the first of their ids: '2 records (A1, A2) are'."""
    shown = ", ".join(ids[:5]) + (" ..." if len(ids) > 5 else "")
    return f"1 record ({shown}) is" if len(ids) == 1 else f"{len(ids):,} records ({shown}) are"


# ------------------------------------------------------------------ one command per source


def _command(source: type[Source]) -> Callable[..., None]:
    """A function whose parameters are the fields of a source and the options that every source has."""
    fields = dataclasses.fields(typing.cast(Any, source))
    hints = typing.get_type_hints(source)
    own = [_parameter(field, hints[field.name]) for field in fields]

    def command(**values: Any) -> None:
        made = source(**{field.name: _value(values.pop(field.name)) for field in fields})
        check(made, source.__name__)
        ingest(made, **values)

    signature = inspect.Signature([*own, *_COMMON])
    command.__signature__ = signature  # type: ignore[attr-defined]
    command.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
    command.__doc__ = (source.__doc__ or "").strip().splitlines()[0]
    return command


def _parameter(field: dataclasses.Field[Any], hint: Any) -> inspect.Parameter:
    settings: Knob = field.metadata.get("knob", Knob(field.name))
    kind = inspect.Parameter.KEYWORD_ONLY
    about = f"{settings.label}. {settings.help}".strip()
    if field.default is dataclasses.MISSING:
        return inspect.Parameter(
            field.name, kind, annotation=Annotated[hint, typer.Argument(help=about, metavar=field.name.upper())]
        )
    shown = None
    if typing.get_origin(hint) is tuple:
        hint, shown = list[typing.get_args(hint)[0]], "TEXT"  # type: ignore[misc]
        about += " Repeatable."
    elif typing.get_origin(hint) is typing.Literal:
        about, hint = f"{about} One of: {', '.join(typing.get_args(hint))}.", str
    flag = FLAGS.get(field.name, "--" + field.name.replace("_", "-"))
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return inspect.Parameter(
        field.name, kind, default=default, annotation=Annotated[hint, typer.Option(flag, help=about, metavar=shown)]
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _common(
    archive: ArchiveOption,
    embedder: Annotated[
        list[str],
        typer.Option(
            metavar="NAME", help="Which models see the pictures; repeatable. 'archive-search embedders' lists all."
        ),
    ] = [],  # noqa: B006
    vectors: Annotated[
        Path | None, typer.Option(help="Vectors computed elsewhere: a .npy file, row i for row i of the metadata file.")
    ] = None,
    space: Annotated[str | None, typer.Option(help="The space that --vectors fills.")] = None,
    store: Annotated[
        str,
        typer.Option(
            help="New archive: keep its index on a Qdrant server, http://host:6333/NAME; key from QDRANT_API_KEY."
        ),
    ] = "",
    batch: Annotated[int, typer.Option(help="Pictures the model sees at once.", min=1, max=4096)] = 32,
    threads: Annotated[int, typer.Option(help="Threads that read and decode; 0: one per core.", min=0, max=256)] = 0,
    max_megapixels: Annotated[float, typer.Option(help="Larger pictures are rejected.")] = 300.0,
    prune: Annotated[bool, typer.Option("--prune", help="Remove records that the source no longer has.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try rejected pictures again even if they have not changed.")
    ] = False,
    tiles: Annotated[
        bool | None,
        typer.Option(
            "--tiles/--no-tiles",
            help="Vectors of parts of each picture too, so that small details are found; the archive remembers it.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no remarks.")] = False,
) -> None: ...


_COMMON = [
    one.replace(
        kind=inspect.Parameter.KEYWORD_ONLY, annotation=typing.get_type_hints(_common, include_extras=True)[name]
    )
    for name, one in inspect.signature(_common).parameters.items()
]

for _name, _source in SOURCES.items():
    cli.command(_name, help=(_source.__doc__ or "").strip().splitlines()[0])(_command(_source))


@cli.callback()
def _sources() -> None:
    """Keep the sources sub-commands, even while there is only one."""
