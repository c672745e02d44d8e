"""What an ingest is asked to do, as data."""

import pandas as pd
import pytest
from PIL import Image

import ingest
from archive_search.types import InvalidInputError, UnknownNameError
from ingest.ledger import Ledger
from ingest.pipeline import Options
from ingest.recipe import run_request
from ingest.request import Request, read_request, request_of
from ingest.sources.urls import Urls

pytestmark = pytest.mark.usefixtures("hashes")


@pytest.fixture
def pictures(tmp_path):
    """Two pictures and a table."""
    (tmp_path / "pictures").mkdir()
    for name in ("red", "green"):
        Image.new("RGB", (40, 30), name).save(tmp_path / "pictures" / f"{name}.png")
    (tmp_path / "records.csv").write_text("file,Titel\nred.png,Axe\ngreen.png,Bead\n")
    return tmp_path / "pictures"


def test_an_ingest_notes_what_it_was_asked_and_can_be_asked_again(tmp_path, pictures):
    """The ledger keeps the request, and running it does the same: nothing is new then."""
    source = ingest.Folder(pictures, metadata=pictures.parent / "records.csv", fields=("title=Titel",), id_prefix="M/")
    ingest.run(tmp_path / "archive", source, embedders=["hash"], options=Options(batch=2, retry=True))
    with Ledger(tmp_path / "archive" / "ledger.sqlite", reading=True) as ledger:
        run = ledger.last_runs()[0]
        assert ledger.counts() == {run.origin: 2}
    request = read_request(run.request)
    assert request.made() == source
    assert (request.embedders, request.options) == (("hash",), {"batch": 2})
    again = run_request(tmp_path / "archive", request)
    assert (again.unchanged, again.added) == (2, 0)


def test_paths_mean_the_same_wherever_it_is_read(tmp_path, pictures, monkeypatch):
    """A folder named from where the program was started is kept as a whole path."""
    monkeypatch.chdir(tmp_path)
    request = request_of(ingest.Folder("pictures", metadata="records.csv"), vectors="v.npy", space="given")
    assert request.settings == {"folder": str(pictures), "metadata": str(tmp_path / "records.csv")}
    assert request.vectors == str(tmp_path / "v.npy")


def test_what_is_no_data_is_no_request(pictures):
    """A DataFrame, or a source that is no plug-in, cannot be asked for again."""
    assert request_of(ingest.Folder(pictures, metadata=pd.DataFrame({"file": ["red.png"]}))) is None
    assert request_of(object()) is None


@pytest.mark.parametrize("text", ["", "[]", '{"source": 7}', '{"source": "folder", "more": 1}'])
def test_what_is_no_request_is_refused(text):
    """Anything but what was written is refused in a sentence."""
    with pytest.raises(InvalidInputError):
        read_request(text)


def test_an_unknown_source_or_setting_is_refused():
    """The names that exist are told."""
    with pytest.raises(UnknownNameError, match="folder"):
        Request("cloud").made()
    with pytest.raises(InvalidInputError, match="no field 'colour'"):
        Request("folder", {"folder": "x", "colour": "red"}).made()


def test_a_trial_is_not_asked_for_again(tmp_path):
    """Taking the first few, trying the rejected again and asking for pictures again are for once."""
    source = Urls(tmp_path / "links.txt", recheck=True, rate=5.0)
    request = request_of(source, options=Options(limit=20, retry=True, batch=8))
    assert dict(request.options) == {"batch": 8}
    assert request.made() == Urls(tmp_path / "links.txt", rate=5.0)
