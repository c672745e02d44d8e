"""An archive's own `vocabulary.csv`: what is read of it, and what is wrong with the rest."""

import pytest

from archive_search.metadata.local_terms import LocalTerms, read_local_terms
from archive_search.metadata.translating import Term


def written(tmp_path, text):
    """A file with this text, read."""
    file = tmp_path / "vocabulary.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_local_terms(file)


def test_no_file_is_no_terms(tmp_path):
    """An archive needs no vocabulary of its own."""
    assert read_local_terms(tmp_path / "vocabulary.csv") == LocalTerms()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_are_read(tmp_path, separator):
    """Rows are read whatever separates their cells; language and AAT number may be empty, or not there."""
    rows = [
        ("Term", "Language", "Prompt", "AAT"),
        ("skæfteøkse", "da", "hafted axe", ""),
        ("Celt", "", "axe", "300022241"),
    ]
    found = written(tmp_path, "\ufeff" + "\n".join(map(separator.join, rows)) + "\n\n")
    assert found.terms == (Term("skæfteøkse", "da", "hafted axe"), Term("Celt", "", "axe", "300022241"))
    assert found.faults == ()
    assert found.remark == ""
    assert written(tmp_path, "prompt,term\naxe,celt\n").terms == (Term("celt", "", "axe"),)


def test_faulty_rows_are_listed_with_their_lines(tmp_path):
    """A row that cannot be used is told with its line and why; the others are used."""
    rows = ["term,language,prompt,aat", "celt,da,axe,", ",da,axe,", "kølle,da,,", "a,xx,axe,", "b,da,axe,12",
            "CELT,da,club,", "c,da,axe,,more", "økse,da,axe,"]  # fmt: skip
    found = written(tmp_path, "\n".join(rows))
    assert [one.term for one in found.terms] == ["celt", "økse"]
    assert found.faults == (
        "line 3: the term is empty",
        "line 4: the prompt is empty",
        "line 5: the language is one of en, da, de, sv, no, nl, fr, or empty; got 'xx'",
        "line 6: a number of Getty's AAT has nine digits and begins with 300; got '12'",
        "line 7: 'CELT' is there already, as 'axe'",
        "line 8: it has 5 cells, the first line 4",
    )
    assert "line 3: the term is empty (and 5 more)" in found.remark


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("word,prompt\na,b\n", "line 1: there is no column term"),
        ("term,prompt,note\na,b,c\n", "line 1: there is no column 'note'"),
        (b"term,prompt\nb,c\n\xff\xfe,b\n", "line 3: it is not written in UTF-8"),
        ("", "line 1: there is no column term and no column prompt"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path, text, fault):
    """Of a file that cannot be used nothing is, and it is told why."""
    found = written(tmp_path, text)
    assert found.terms == ()
    assert found.faults[0].startswith(fault)
