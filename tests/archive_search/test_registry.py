"""Plug-ins are found in a package and refused politely when unknown."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archive_search.registry import Registry
from archive_search.types import PluginError, UnknownNameError


@pytest.fixture
def package(tmp_path, request):
    """A package with two plug-in modules; its name."""
    name = f"plugins_{request.node.name.replace('[', '_').replace(']', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("THINGS = {'zebra': 1}")
    (folder / "b.py").write_text("THINGS = {'ape': 2}")
    (folder / "shared").mkdir()
    (folder / "shared" / "__init__.py").write_text("")
    sys.path.insert(0, str(tmp_path))
    yield name
    sys.path.remove(str(tmp_path))


def test_finds_every_module(package):
    """Every module's plug-ins are found, by name in order; sub-packages, where they share things, are passed over."""
    things = Registry(package, "THINGS", "thing")
    assert dict(things) == {"ape": 2, "zebra": 1}
    assert len(things) == 2
    assert "ape" in things


def test_an_unknown_name_lists_the_known(package):
    """An unknown name is refused with the names that exist."""
    with pytest.raises(UnknownNameError, match=r"No thing is called 'bee'. Known: ape, zebra\."):
        Registry(package, "THINGS", "thing")["bee"]


def test_a_name_defined_twice_is_an_error(package, tmp_path):
    """Two modules cannot define the same plug-in."""
    (tmp_path / package / "c.py").write_text("THINGS = {'ape': 3}")
    with pytest.raises(PluginError, match="'ape' is defined by both"):
        len(Registry(package, "THINGS", "thing"))


def test_a_module_without_the_agreed_name_is_an_error(package, tmp_path):
    """A plug-in module that defines nothing is told, where it would vanish."""
    (tmp_path / package / "c.py").write_text("THINGZ = {'ape': 3}")
    with pytest.raises(PluginError, match=r"\.c defines no THINGS: a module that adds a thing ends with THINGS = "):
        len(Registry(package, "THINGS", "thing"))


def test_a_plug_in_can_be_registered_for_a_while(package):
    """What is registered is there inside the context only, and takes nobody's name."""
    things = Registry(package, "THINGS", "thing")
    with things.register("bee", 3):
        assert things["bee"] == 3
        with pytest.raises(PluginError, match="'bee' is there already"), things.register("bee", 4):
            pass
        assert things["bee"] == 3
    assert "bee" not in things


STEP = """
from dataclasses import dataclass

@dataclass(frozen=True)
class Reverse:
    \"\"\"Turn the ranking round.\"\"\"

    def __call__(self, search, ranking):
        return tuple(reversed(ranking))

STEPS = {"reverse": Reverse}
"""


def wheel(folder: Path) -> Path:
    """A wheel of a package that adds a ranking step by an entry point."""
    about = "demo_step-1.0.dist-info"
    files = {
        "demo_step.py": STEP,
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: demo-step\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": "[archive_search.ranking]\nreverse = demo_step\n",
    }
    made = folder / "demo_step-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        record = "".join(f"{name},,\n" for name in (*files, f"{about}/RECORD"))
        archive.writestr(f"{about}/RECORD", record)
    return made


def test_an_installed_package_adds_a_plug_in(tmp_path):
    """A package that pip has installed is found by its entry point, and its step is read from a plan."""
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(site)]
    subprocess.run([*command, str(wheel(tmp_path))], check=True, capture_output=True)
    code = f"""
import sys
sys.path.insert(0, {str(site)!r})
from archive_search.plan import from_json, to_json
plan = from_json({{"steps": [{{"step": "browse"}}, {{"step": "reverse"}}]}})
print(to_json(plan)["steps"][1]["step"], type(plan.steps[1]).__module__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["reverse", "demo_step"]
