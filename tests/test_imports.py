"""The directions in which modules may import each other, and what importing must not load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = [  # from bottom to top; a module imports only from its own row and lower ones
    {"geometry"},
    {"types"},
    {"atomic", "counted", "file_names", "knobs", "provenance", "reading", "registry", "spaces", "spreadsheet_cells"}
    | {"connections", "answers", "remark", "tally", "visible"},
    {"settings", "metadata"},
    {"calibration", "models", "sample", "stores", "pictures"},
    {"embedders", "adapter", "testing"},
    {"search"},
    {"ranking"},
    {"plan"},
    {"strategies", "strategy_file", "refining", "question"},
    {"saved"},
    {"exporting", "packing"},
    {"results"},
    {"archive"},
    {"workspace", "understanding", "stages", "contents", "counting", "disk", "projection"},
    {"evaluation"},
    {"exports"},
    {"rerun"},
]
ROW = {name: row for row, names in enumerate(LIBRARY) for name in names}


def imported(file: Path) -> set[str]:
    """The modules that a file names in import statements, type-checking blocks included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found.add(node.module or "")
    return found


def library_files() -> list[Path]:
    """Every module of the library."""
    return sorted((ROOT / "archive_search").rglob("*.py"))


@pytest.mark.parametrize("file", library_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_library_imports_downwards(file):
    """A module of the library imports only from its own row of the design or lower ones, never from ingest or app."""
    part = file.relative_to(ROOT / "archive_search").parts[0].removesuffix(".py")
    for name in imported(file):
        top, _, rest = name.partition(".")
        assert top not in ("app", "ingest", "benchmarks", "training", "tests"), f"{file} imports {name}"
        if top == "archive_search" and rest and part != "__init__":
            other = rest.split(".")[0]
            assert other in ROW, f"{other} has no row: add it to LIBRARY"
            assert ROW[other] <= ROW[part], f"{part} imports {other}, which lies above it"


@pytest.mark.parametrize("file", sorted((ROOT / "ingest").rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT)))
def test_ingest_does_not_import_the_app(file):
    """Ingest imports from the library, never from app."""
    assert not {name for name in imported(file) if name.split(".")[0] == "app"}


@pytest.mark.parametrize(
    "file", [*library_files(), *sorted((ROOT / "ingest").rglob("*.py"))], ids=lambda file: str(file.relative_to(ROOT))
)
def test_only_the_app_prints_or_knows_streamlit(file):
    """The library and ingest never print, exit, or import streamlit or typer."""
    assert not {name.split(".")[0] for name in imported(file)} & {"streamlit", "typer", "rich"}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit"), f"{file}:{node.lineno}"


def loaded(code: str) -> set[str]:
    """The top-level modules loaded after running code in a fresh interpreter."""
    code += "\nimport sys; print(' '.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


def test_the_library_imports_light():
    """Importing the library and listing embedders, strategies and steps loads no torch, streamlit or pandas."""
    code = """
import archive_search
from archive_search.embedders import EMBEDDERS
from archive_search.ranking import STEPS
list(EMBEDDERS.items()), list(STEPS.items()), list(archive_search.STRATEGIES.items())
"""
    assert not loaded(code) & {"torch", "streamlit", "pandas", "transformers"}


@pytest.mark.parametrize("arguments", [["--help"], ["embedders"], ["strategies"], ["search", "--help"]])
def test_the_command_line_starts_light(arguments):
    """Help and lists do not import torch or streamlit."""
    code = f"""
import sys
sys.argv = ["archive-search", *{arguments!r}]
from app.command import main
try:
    main()
except SystemExit:
    pass
"""
    assert not loaded(code) & {"torch", "streamlit", "pandas"}


def modules() -> dict[str, Path]:
    """Every module of the program by its name."""
    files = [file for folder in ("archive_search", "ingest", "app") for file in (ROOT / folder).rglob("*.py")]
    names = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}
    return dict(sorted(names.items()))


def test_no_modules_import_each_other_in_a_circle():
    """Following the imports of any module, those for type checking and within functions included, never leads back."""
    known = modules()
    arrows: dict[str, set[str]] = {}
    for name, file in known.items():
        arrows[name] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                arrows[name] |= {alias.name for alias in node.names} & known.keys()
            elif isinstance(node, ast.ImportFrom) and node.module in known:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                # a package's face is imported only for the names that it defines itself
                own = {alias.name for alias in node.names if f"{node.module}.{alias.name}" not in known}
                arrows[name] |= (inner & known.keys()) | ({node.module} if own else set())
    arrows = {name: targets - {name} for name, targets in arrows.items()}
    while free := [name for name, targets in arrows.items() if not targets & arrows.keys()]:
        for name in free:
            del arrows[name]
    assert not arrows, {name: sorted(targets & arrows.keys()) for name, targets in arrows.items()}
