"""What the wheel takes along."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]


@pytest.mark.parametrize("package", DATA)
def test_every_file_of_a_package_is_in_the_wheel(package):
    """Each file beside the modules of a package matches what `package-data` says, or it would be missing there."""
    folder = ROOT / package
    taken = {file for pattern in DATA[package] for file in folder.glob(pattern)}
    there = {file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert {str(file.relative_to(folder)) for file in there - taken if file.suffix not in (".py", ".pyc")} == set()
