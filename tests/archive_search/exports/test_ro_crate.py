"""What a research object says of a result set, read back by another library."""

import builtins
import csv
import json
import subprocess
from pathlib import Path

import pytest
import rocrate
from rocrate.rocrate import ROCrate

from archive_search.exporting import export
from archive_search.metadata.fields import STANDARD
from archive_search.plan import from_json
from archive_search.results import ResultSet
from archive_search.types import NotInstalledError
from archive_search.visible import visible

ROOT = Path(__file__).parents[3]
VALIDATOR = ROOT / ".venv-crate" / "bin" / "python"
CONTEXT = Path(rocrate.__file__).with_name("data") / "ro-crate.jsonld"


def crate(few, folder, **settings) -> ROCrate:
    """A crate, read back."""
    export(few, folder / "set", "ro-crate", settings=settings)
    return ROCrate(folder / "set")


def table(folder) -> dict[str, dict[str, str]]:
    """The rows of its table by id."""
    with (folder / "set" / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_every_picture_says_whose_it_is(few, tmp_path):
    """Each picture is the original, with its title, licence, maker and credit; the table names its file."""
    read = crate(few, tmp_path)
    files = {one["identifier"]: one for one in read.data_entities if "identifier" in one.properties()}
    assert set(files) == {f"r{n}" for n in range(7)}
    for record, one in files.items():
        path = tmp_path / "set" / table(tmp_path)[record]["picture"]
        assert path.read_bytes() == few.holdings.picture_file(record).read_bytes()
        assert one["contentSize"] == str(path.stat().st_size)
        assert one["license"]
        assert one["position"] == few.ranks[record]
    assert files["r0"]["name"] == "Økse af flint"
    assert files["r0"]["license"]["name"] == "CC BY 4.0"
    assert files["r0"]["creditText"] == "Foto: Ann"
    assert files["r1"]["license"].id == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert [one["name"] for one in files["r2"]["creator"]] == ["Smith", "Jones"]
    assert files["r3"]["license"]["name"] == "No licence named"
    assert files["r6"]["encodingFormat"] == "image/webp"


def test_how_the_search_was_run(few, tmp_path):
    """One action: the program with its version, the packages, who, when, what went in and what came out."""
    read = crate(few, tmp_path)
    told = few.provenance
    action = read.root_dataset["mentions"]
    assert action.type == "CreateAction"
    assert action["agent"]["name"] == "Ann Hansen"
    assert action["endTime"] == told.time == read.root_dataset["datePublished"]
    assert action["instrument"].type == "SoftwareApplication"
    assert action["instrument"]["softwareVersion"] == told.program
    needed = {one["name"]: one["softwareVersion"] for one in action["instrument"]["softwareRequirements"]}
    assert needed == dict(told.versions)
    assert [one.id for one in action["result"]] == ["result-set.json", "table.csv", "provenance.json"]
    went_in = {one.id: one for one in action["object"]}
    assert went_in["#archive"]["identifier"] == told.archive_id
    assert told.weights in went_in["#model"]["identifier"]
    assert read.name == "axe 1"
    assert "What sets it apart: polished" in read.description


def test_the_data_can_be_read_again(few, tmp_path):
    """The result set in it is a saved one, the plan can be run, and every file is described."""
    read = crate(few, tmp_path, title="My axes", language="da")
    again = ResultSet.load(tmp_path / "set" / "result-set.json")
    assert again.ranking == few.ranking
    assert [hit.payload["title"] for hit in again if hit.id != "r7"] == [
        hit.payload["title"] for hit in few if hit.id != "r7"
    ]
    assert from_json((tmp_path / "set" / "plan.json").read_text(encoding="utf-8")) == few.plan
    described = {one.id for one in read.data_entities}
    there = {path for path in (tmp_path / "set").rglob("*") if path.is_file()}
    assert len(described) == len(there) - 1
    assert read.name == "My axes"


def test_what_stays_is_nowhere_in_it(few, found, tmp_path):
    """No file of the folder names a sensitive record or holds its title; with only_open, none that is closed."""
    told = export(found, tmp_path / "set", "ro-crate", only_open=True, settings={"pictures": "none"})
    assert told.left_out == {"sensitive": 1, "licence": 250}
    for file in (tmp_path / "set").rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert '"r3"' not in text
        assert "All rights reserved" not in text


def test_links_stand_for_pictures(few, tmp_path):
    """Where links are wanted, the museum's addresses are parts of the crate, and no picture is copied."""
    payloads = {hit.id: {**hit.payload, "image_url": f"https://example.org/{hit.id}.jpg"} for hit in few}
    payloads["r0"]["image_url"] = "javascript:alert(1)"

    class Linked:
        """The same records with addresses."""

        fields = STANDARD

        def payloads(self, ids):
            """By id."""
            return {one: payloads[one] for one in ids if one in payloads}

        def boxes(self, payloads, sought, space):
            """None."""
            return {}

        picture_file = thumbnail_file = lambda self, one: None

    linked = ResultSet(few.plan, few.trace, Linked(), lambda: few.provenance)
    read = crate(linked, tmp_path, pictures="links")
    addresses = {one.id for one in read.data_entities if one.id.startswith("http")}
    assert addresses == {f"https://example.org/r{n}.jpg" for n in range(1, 8)}
    assert not (tmp_path / "set" / "pictures").exists()
    assert "javascript" not in (tmp_path / "set" / "ro-crate-metadata.json").read_text(encoding="utf-8")


def test_so_many_pictures_at_most(few, tmp_path):
    """The table has all records, the folder only as many pictures as are wanted."""
    crate(few, tmp_path, number=2, pictures="thumbnails", fields=["title"])
    assert len(list((tmp_path / "set" / "pictures").iterdir())) == 2
    assert len(table(tmp_path)) == 8


def test_what_is_missing_is_told(few, tmp_path, monkeypatch):
    """Without the package of the extra, the command that installs it is named, and nothing is left."""
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("rocrate"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotInstalledError, match=r"pip install 'archive-search\[ro-crate\]'"):
        export(few, tmp_path / "set", "ro-crate")
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
@pytest.mark.skipif(not VALIDATOR.exists(), reason="needs roc-validator: make crate-validator")
def test_the_validator_finds_nothing_required_missing(few, found, tmp_path):
    """By the profiles of RO-Crate 1.1 and Process Run Crate, small and hostile sets are whole; a broken one is not."""
    export(few, tmp_path / "few", "ro-crate")
    export(found, tmp_path / "found", "ro-crate")
    command = [VALIDATOR, Path(__file__).with_name("validate_crate.py"), CONTEXT]
    done = subprocess.run([*command, tmp_path / "few", tmp_path / "found"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "few" / "table.csv").unlink()
    done = subprocess.run([*command, tmp_path / "few"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "table.csv" in done.stdout


def test_hostile_texts_are_data(found, tmp_path):
    """Each title comes back from the crate letter by letter, signs that cannot be seen as escapes."""
    read = crate(found, tmp_path)
    names = {one["identifier"]: one["name"] for one in read.data_entities if "identifier" in one.properties()}
    wanted = {hit.id: visible(hit.payload["title"], lines=True) for hit in found if hit.id != "r3"}
    assert names == wanted
    assert json.loads((tmp_path / "set" / "result-set.json").read_text(encoding="utf-8"))["hits"][0]["rank"] == 1
