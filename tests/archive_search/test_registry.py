"""Plug-ins are found in a package and refused politely when unknown."""

import sys

import pytest

from archive_search.registry import Registry
from archive_search.types import UnknownNameError


@pytest.fixture
def package(tmp_path, request):
    """A package with two plug-in modules; its name."""
    name = f"plugins_{request.node.name.replace('[', '_').replace(']', '_')}"
    folder = tmp_path / name
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("THINGS = {'zebra': 1}")
    (folder / "b.py").write_text("THINGS = {'ape': 2}")
    (folder / "c.py").write_text("")
    sys.path.insert(0, str(tmp_path))
    yield name
    sys.path.remove(str(tmp_path))


def test_finds_every_module(package):
    """Every module's plug-ins are found, by name in order; a module without any is no error."""
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
    with pytest.raises(ValueError, match="'ape' is defined by both"):
        len(Registry(package, "THINGS", "thing"))
