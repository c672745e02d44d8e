"""What a catalogue as PDF shows, and what is attached to it."""

import builtins
import shutil
import subprocess
from dataclasses import replace

import pypdf
import pytest

from archive_search.exporting import export
from archive_search.exports.pdf import Pdf
from archive_search.results import ResultSet
from archive_search.types import InvalidInputError, NotInstalledError


def text(few, folder, **settings) -> str:
    """The words of a catalogue, without its breaks of lines."""
    export(few, folder / "set.pdf", settings=settings, overwrite=True)
    with pypdf.PdfReader(folder / "set.pdf") as read:
        return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def only(few, *ids) -> ResultSet:
    """The same set with some of its hits."""
    *before, last = few.trace.stages
    ranking = tuple(hit for hit in last.ranking if hit.id in ids)
    happened = replace(few.trace, stages=(*before, replace(last, ranking=ranking)))
    return ResultSet(few.plan, happened, few.holdings, lambda: few.provenance)


def test_cover_plates_and_sources(few, tmp_path):
    """The question, what each step did, the plates, the records listed after them, and the licences are there."""
    shown = text(few, tmp_path, number=7, title="Axes & <others>")
    for said in ("Axes & <others>", "polished", "How it was ranked", "Likeness to the best hits", "Further records"):
        assert said in shown
    for said in (
        "8 records from 8 records in Sagnlandet & <Sons>",
        "Økse af flint",
        "All rights reserved",
        "Foto: Ann",
    ):
        assert said in shown
    assert "Ἀξίνη" in shown


def test_in_danish(few, tmp_path):
    """All that the program says is said in the language that is chosen."""
    shown = text(few, tmp_path, language="da")
    for said in ("Sådan er der rangordnet", "Findested", "3900–1700 f.Kr.", "Kilder og licenser"):
        assert said in shown


def test_pictures_are_in_it(few, tmp_path):
    """Each plate has its picture as a JPEG no larger than was asked for; without pictures it is said."""
    export(few, tmp_path / "a.pdf", settings={"pixels": 64})
    with pypdf.PdfReader(tmp_path / "a.pdf") as read:
        pictures = [one.image.size for page in read.pages[2:] for one in page.images]
    assert len(pictures) == 7
    assert max(max(size) for size in pictures) == 64
    assert text(few, tmp_path, pictures="none").count("No picture at hand") == 8


def test_signs_without_a_font_are_told(few, tmp_path):
    """Where all signs can be shown it is PDF/A-3, which archives keep; else it says that there are boxes."""
    assert "shown as boxes" not in text(only(few, "r0", "r2"), tmp_path)
    assert b"pdfaid:part" in (tmp_path / "set.pdf").read_bytes()
    boxes = "shown as boxes" in text(few, tmp_path)
    assert boxes != (b"pdfaid:part" in (tmp_path / "set.pdf").read_bytes())


def test_the_same_set_makes_the_same_file(few, tmp_path):
    """Nothing in it goes by the clock or by the machine's folders."""
    export(few, tmp_path / "a.pdf")
    export(few, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_an_empty_set(few, tmp_path):
    """A set without hits is a catalogue that says so."""
    assert "0 records from 8 records" in text(only(few), tmp_path)


@pytest.mark.parametrize("missing", ["typst", "pypdf"])
def test_what_is_missing_is_told(missing, few, tmp_path, monkeypatch):
    """Without the packages of the extra, the command that installs them is named."""
    export(few, tmp_path / "set.pdf", settings={"pictures": "none"})
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == missing:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[pdf\]'"):
        export(few, tmp_path / "again.pdf") if missing == "typst" else Pdf.carried(tmp_path / "set.pdf")
    assert not (tmp_path / "again.pdf").exists()


def test_plates_have_a_bound(few, tmp_path):
    """More plates than can be typeset at once are refused, with what is possible."""
    with pytest.raises(InvalidInputError, match="number must be"):
        export(few, tmp_path / "set.pdf", settings={"number": 100_000})


def test_a_long_list_ends_and_says_so(few, tmp_path):
    """What is neither plate nor list is counted, and its licences are there all the same."""
    shown = text(few, tmp_path, number=1, listed=2)
    assert "5 more records are in the set" in shown
    assert all(one in shown for one in ("All rights reserved", "No licence named", "Museum A"))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
def test_another_program_draws_every_page(few, tmp_path):
    """Poppler turns each page into a picture of A4's proportions."""
    export(few, tmp_path / "set.pdf")
    subprocess.run(["pdftoppm", "-r", "20", "-png", "set.pdf", "page"], cwd=tmp_path, check=True)
    assert len([*tmp_path.glob("page*.png")]) == 4
