"""What would end the program on another system than this one: modules, signals and names that it lacks."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UNIX_ONLY = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
SIGNALS = {"SIGINT", "SIGTERM", "SIG_IGN", "SIG_DFL"}
"""Those that Windows has as well."""
LACKING = {"fork", "forkpty", "geteuid", "getpgid", "killpg", "mkfifo", "mknod", "setsid", "sched_getaffinity", "uname"}
RESERVED = re.compile(r'(con|prn|aux|nul|com\d|lpt\d)(\.|$)|.*[<>:"\\|?*\x00-\x1f]|.*[ .]$', re.IGNORECASE)
"""Names of files that Windows refuses."""

FILES = sorted(file for part in ("archive_search", "app", "ingest") for file in (ROOT / part).rglob("*"))
MODULES = [file for file in FILES if file.suffix == ".py"]


def problems(code: str) -> list[str]:
    """What of a module's code only Unix has, without a way round."""
    tree = ast.parse(code)
    asked = {one for node in ast.walk(tree) if isinstance(node, ast.If) for one in ast.walk(node)}
    late = {one for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for one in node.body}
    found = []
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [f"imports {name}" for name in names if name in UNIX_ONLY and node not in late]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "signal" and node.attr.startswith("SIG") and node.attr not in SIGNALS:
                found.append(f"uses signal.{node.attr}")
            if node.value.id == "os" and node.attr in LACKING and node not in asked:
                found.append(f"uses os.{node.attr}")
    return found


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_module_needs_unix(file):
    """No module imports or uses what only Unix has, unless it asks first."""
    assert not problems(file.read_text(encoding="utf-8"))


def test_what_needs_unix_is_found():
    """Modules, signals and functions that Windows lacks are found, and those behind a question are not."""
    assert problems("import fcntl\nimport os, signal\nsignal.signal(signal.SIGHUP, f)\nos.fork()") == [
        "imports fcntl",
        "uses signal.SIGHUP",
        "uses os.fork",
    ]
    assert not problems("def f():\n    import fcntl\nif hasattr(os, 'fork'):\n    os.fork()\nsignal.SIGINT")


def test_no_file_has_a_name_that_windows_refuses():
    """Every file of the packages can be unpacked on Windows, and no two differ in case alone."""
    names = [str(file.relative_to(ROOT)).replace("\\", "/") for file in FILES if "__pycache__" not in file.parts]
    assert not [name for name in names if any(RESERVED.match(part) for part in name.split("/"))]
    assert len({name.lower() for name in names}) == len(names)
