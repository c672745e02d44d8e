"""The file archive.toml."""

import pytest

from archive_search.settings import Settings, read_settings, write_settings
from archive_search.types import ArchiveError


def test_settings_survive_the_file(tmp_path):
    """What is written is read back unchanged, Danish letters and quotes included."""
    settings = Settings('Søby "1"', ("demo",), {"title": "Titel"}, ("da",), "http://localhost:6333/x", ("/pictures",))
    write_settings(tmp_path / "archive.toml", settings)
    assert read_settings(tmp_path / "archive.toml") == settings
    assert [file.name for file in tmp_path.iterdir()] == ["archive.toml"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "is not valid TOML"),
        ("name = 'x'\nembeders = []", "has no field 'embeders'. Known: name, embedders"),
        ("embedders = []", "name"),
        ("name = 'x'\nfields = 3", "fields"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, text, message):
    """A wrong archive.toml is refused with the file and the field."""
    (tmp_path / "archive.toml").write_text(text)
    with pytest.raises(ArchiveError, match="archive.toml") as caught:
        read_settings(tmp_path / "archive.toml")
    assert message in str(caught.value)


def test_settings_without_an_id_have_one_that_stays(tmp_path):
    """A file that somebody wrote without an id gives the same at every reading, and another for another name."""
    for name in ("Museum", "Other"):
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}"\n')
    first, again = (read_settings(tmp_path / "Museum.toml") for _ in range(2))
    assert first.id == again.id
    assert read_settings(tmp_path / "Other.toml").id != first.id
