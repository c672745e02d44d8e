"""The command line, from a sample archive to an answer."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from app.command import cli, main
from archive_search.archive import Archive
from archive_search.exporting import EXPORTS
from archive_search.geometry import distance_km
from archive_search.plan import trace
from archive_search.projection.maps import kept_map
from archive_search.stores.file_copy import copy_tree
from archive_search.strategies import STRATEGIES
from archive_search.types import ArchiveError, ArchiveSearchError, Example, Query, UnknownNameError
from tests.permissions import forbidden

ROOT = Path(__file__).parents[2]


def command(*arguments: object) -> str:
    """Run a command in this process; its standard output, or its error raised."""
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    if isinstance(result.exception, Exception):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """A small sample folder."""
    folder = tmp_path_factory.mktemp("sample") / "sample"
    command("sample", folder, "--records", 60)
    return folder


@pytest.fixture(scope="module")
def archive(sample) -> Path:
    """The archive made from it."""
    folder = sample.parent / "archive"
    command(
        "ingest", "folder", sample / "pictures", "--metadata", sample / "records.csv", "--archive", folder, "--quiet"
    )
    return folder


def test_search_as_json(archive):
    """`search --json` prints one object with plan, hits and stages, best first, payload included."""
    found = json.loads(command("search", "car", "--refine", "red", "--archive", archive, "--json", "--limit", 5))
    assert found["format"] == "archive-search result set"
    assert found["provenance"]["generation"] == "gen-000001"
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3, 4, 5]
    assert [hit["score"] for hit in found["hits"]] == sorted((hit["score"] for hit in found["hits"]), reverse=True)
    assert set(found["hits"][0]) == {"rank", "plain_rank", "id", "score", "box", "payload"}
    assert all(set(stage) == {"name", "kept", "of", "raised"} for stage in found["stages"])
    assert found["hits"][0]["payload"]["file"]


def test_a_number_finds_its_record(archive):
    """What is asked for as a number is told first, however it is typed; --json stays one object."""
    hit = json.loads(command("search", "car", "--archive", archive, "--json", "--limit", 1))["hits"][0]
    number = hit["payload"]["object_id"]
    said = command("search", f"inv. no. {number.lower()}", "--archive", archive).splitlines()
    assert any(line.startswith(f"{hit['id']} has the number inv. no. {number.lower()}: ") for line in said)
    assert said[0].split()[1:4] == ["has", "the", "number"]
    assert json.loads(command("search", number, "--archive", archive, "--json"))["hits"]


def test_a_printed_plan_runs_again(archive, tmp_path):
    """The plan that --json prints, run with --plan, gives the same hits."""
    text = command("search", "axe", "--refine", "flint", "--not", "drawing", "--archive", archive, "--json")
    (tmp_path / "saved.json").write_text(text, encoding="utf-8")
    again = json.loads(command("search", "--plan", tmp_path / "saved.json", "--archive", archive, "--json"))
    assert again["hits"] == json.loads(text)["hits"]


def test_like_returns_the_record_first(archive):
    """A record is most like itself, with score 1."""
    record = json.loads(command("search", "--archive", archive, "--json", "--limit", 1))["hits"][0]["id"]
    hits = json.loads(command("search", "--like", record, "--archive", archive, "--json"))["hits"]
    assert hits[0]["id"] == record
    assert hits[0]["score"] == pytest.approx(1.0, abs=1e-5)


def test_search_by_a_picture_file(archive, sample):
    """The picture of a record finds that record first."""
    picture = sorted((sample / "pictures").iterdir())[3]
    hits = json.loads(command("search", "--image", picture, "--archive", archive, "--json"))["hits"]
    assert hits[0]["payload"]["file"] == picture.name
    assert hits[0]["score"] == pytest.approx(1.0, abs=1e-3)


def test_search_by_a_region(archive, sample):
    """The whole as a region is the picture; a part is another query; of a file and of a record alike."""
    picture = sorted((sample / "pictures").iterdir())[3]
    of_file = ("search", "--image", picture, "--archive", archive, "--json")
    hits = json.loads(command(*of_file, "--region", "0,0,1,1"))["hits"]
    assert hits[0]["payload"]["file"] == picture.name
    of_record = ("search", "--like", hits[0]["id"], "--archive", archive, "--json")
    part = json.loads(command(*of_record, "--region", "0,0,0.3,0.3"))
    assert part["plan"]["query"]["examples"][0]["value"] == f"0,0,0.3,0.3@{hits[0]['id']}"
    assert part["hits"][0]["score"] < 0.999 < hits[0]["score"]


def test_judgements_and_variety_from_the_command_line(archive):
    """Liked records rise; one hit per object and stacks tell what is behind a hit; a printed plan keeps all of it."""
    query = ("search", "car", "--archive", archive, "--json", "--limit", 60)
    plain = json.loads(command(*query))
    last = plain["hits"][-1]["id"]
    liked = json.loads(command(*query, "--liked", last))
    assert next(hit["rank"] for hit in liked["hits"] if hit["id"] == last) < len(plain["hits"])
    assert {step["step"] for step in liked["plan"]["steps"]} > {"feedback"}
    single = json.loads(command(*query, "--per-object", "--stack", "--diversity", 0.8))
    owners = [hit["payload"].get("object_id") for hit in single["hits"]]
    assert len(owners) == len(set(owners)) == len({hit["payload"].get("object_id") for hit in plain["hits"]})
    assert sum(map(len, single["stacks"].values())) == len(plain["hits"]) - len(single["hits"])


def test_filters_and_years(archive):
    """Filters keep what matches; undated records stay unless dropped; stages count what filters leave."""
    every = json.loads(command("search", "--archive", archive, "--json", "--limit", 1000))["hits"]
    kept = json.loads(
        command(
            "search", "--from", -1000, "--to", 500, "--undated", "drop", "--archive", archive, "--json", "--limit", 1000
        )
    )
    expected = {
        hit["id"]
        for hit in every
        if hit["payload"].get("date_from") is not None
        and hit["payload"]["date_from"] <= 500
        and hit["payload"]["date_to"] >= -1000
    }
    assert {hit["id"] for hit in kept["hits"]} == expected
    assert kept["stages"][0] == {"name": "filters", "kept": len(expected), "of": len(every), "raised": 0}
    unknown = json.loads(command("search", "--where", "material=", "--archive", archive, "--json", "--limit", 1000))[
        "hits"
    ]
    assert unknown
    assert all(not hit["payload"].get("material") for hit in unknown)


def test_what_was_found_near_a_place(archive):
    """`--near` keeps what was found less far from there than so many kilometres; a place that is none is refused."""
    every = json.loads(command("search", "--archive", archive, "--json", "--limit", 1000))["hits"]
    points = {hit["id"]: hit["payload"]["point"] for hit in every if "point" in hit["payload"]}
    assert points
    first = next(iter(points.values()))
    around = f"{first['lat']},{first['lon']},40"
    near = json.loads(command("search", "--near", around, "--archive", archive, "--json", "--limit", 1000))["hits"]
    at = (first["lat"], first["lon"])
    assert {hit["id"] for hit in near} == {
        one for one, point in points.items() if distance_km(at, (point["lat"], point["lon"])) < 40
    }
    with pytest.raises(ArchiveSearchError, match=r"--near takes LAT,LON,KM: .*; got 'Ribe'"):
        command("search", "--near", "Ribe", "--archive", archive)


def test_the_table_is_readable(archive):
    """The table has a header and one line per hit; stages close it."""
    lines = command("search", "car", "--limit", 3, "--archive", archive).splitlines()
    assert lines[0].split() == ["rank", "score", "id", "title", "date", "file"]
    assert [line.split()[0] for line in lines[1:4]] == ["1", "2", "3"]
    assert lines[4].startswith("nearest: ")


def test_the_end_is_suggested(archive):
    """Below the table a sentence tells how many of the hits shown stand out; where all of them do, there is none."""
    cut = trace(STRATEGIES["staged"]().plan(Query((Example("text", "car"),))), Archive.open(archive)).cut
    assert cut
    sentence = f"The first {cut} stand out"
    assert sentence in command("search", "car", "--archive", archive, "--limit", cut + 1)
    assert sentence not in command("search", "car", "--archive", archive, "--limit", cut)


def test_nothing_found_says_so(archive):
    """Filters that nothing passes give a sentence, not an empty screen."""
    assert "Nothing found" in command("search", "car", "--where", "material=unobtainium", "--archive", archive)


def test_a_filter_with_a_slip_names_what_was_meant(archive):
    """Where no record passes the filters, values that are spelled like the wrong one are named."""
    material = next(iter(Archive.open(archive).store.facet("material")))
    told = json.loads(command("search", "car", "--where", f"material={material}x", "--archive", archive, "--json"))
    assert f"No record holds '{material}x' in the field 'material'. Spelled like it: {material}." in told["remarks"]


def test_status_lists_what_was_not_understood(sample, tmp_path):
    """Dates and measurements that gave no years and no size, by frequency, as text and JSON; with nothing yet, that."""
    folder, copy = tmp_path / "archive", tmp_path / "pictures"
    copy.mkdir()
    rows = ["file,date,measurements"]
    dates = ["long ago", "1850", "long ago", "once"]
    for picture, date in zip(sorted((sample / "pictures").iterdir()), dates, strict=False):
        (copy / picture.name).write_bytes(picture.read_bytes())
        rows.append(f"{picture.name},{date},{'as drawn' if date == 'once' else 'L 12 cm'}")
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    command("ingest", "folder", copy, "--metadata", tmp_path / "list.csv", "--archive", folder, "--quiet")
    told = json.loads(command("status", "--archive", folder, "--not-understood", "--json"))
    assert told == {
        "dates": {"records": 3, "texts": {"long ago": 2, "once": 1}},
        "sizes": {"records": 1, "texts": {"as drawn": 1}},
    }
    text = command("status", "--archive", folder, "--not-understood")
    assert "dates       3 records not understood, 2 different texts" in text
    assert text.index("2  long ago") < text.index("1  once") < text.index("1  as drawn")


def test_status_counts_and_explains(archive, sample, tmp_path):
    """Status tells counts, spaces, generation, and why records were rejected, as text and JSON."""
    copy = tmp_path / "pictures"
    copy.mkdir()
    for picture in sorted((sample / "pictures").iterdir())[:3]:
        (copy / picture.name).write_bytes(picture.read_bytes())
    (copy / "note.jpg").write_text("not a picture")
    (copy / "empty.png").write_bytes(b"")
    folder = tmp_path / "archive"
    command("ingest", "folder", copy, "--archive", folder, "--quiet")
    found = json.loads(command("status", "--archive", folder, "--json"))
    assert (found["records"], found["generation"], list(found["spaces"])) == (3, "gen-000001", ["demo", "palette"])
    assert {one["image"]: one["stage"] for one in found["rejected"]} == {"note.jpg": "opened", "empty.png": "opened"}
    text = command("status", "--archive", folder)
    assert "records     3" in text
    assert found["fields"] == {"title": 3, "colours": 3}
    assert "fields      title 3, colours 3" in text
    assert "note.jpg" in text


def test_status_groups_what_was_rejected(sample, tmp_path):
    """Reasons stand once each with how many have them and some ids; --rejected lists every record, no id twice."""
    links = tmp_path / "links.txt"
    links.write_text("".join(f"https://no.invalid/{number}.jpg\n" for number in range(5)) + "none\n")
    folder = tmp_path / "archive"
    command("ingest", "urls", links, "--archive", folder, "--quiet")
    told = command("status", "--archive", folder)
    assert "         5  … cannot be asked: nobody knows the name no.invalid.\n" in told
    assert (
        "when opened: https://no.invalid/0.jpg, https://no.invalid/1.jpg, https://no.invalid/2.jpg and 2 more\n" in told
    )
    assert f"each record: archive-search status --rejected --archive {folder}\n" in told
    header, *rows = command("status", "--archive", folder, "--rejected").splitlines()
    assert header.split() == ["id", "picture", "stage", "reason"]
    assert len(rows) == 6
    assert sum(one.count("https://no.invalid/3.jpg") for one in rows) == 2  # the id, and in the reason
    assert command("status", "--archive", _made(sample, tmp_path), "--rejected") == "Nothing was rejected.\n"


def _made(sample, tmp_path):
    """An archive of one picture."""
    place = tmp_path / "one"
    place.mkdir()
    one = min((sample / "pictures").iterdir())
    (place / one.name).write_bytes(one.read_bytes())
    command("ingest", "folder", place, "--archive", tmp_path / "sound", "--quiet")
    return tmp_path / "sound"


def test_status_tells_how_the_index_searches(archive, tmp_path):
    """Precision and why are told, what the next ingest makes of it, and what was measured, with the day and by what."""
    folder = copy_tree(archive, tmp_path / "archive")
    text = command("status", "--archive", folder)
    assert "precision   float32, chosen by size: every search compares all vectors" in text
    assert "recall" not in text
    text = command("status", "--archive", folder, "--measure-recall")
    assert "recall      measured 20" in text
    assert "demo by 50 phrases, the best 100: 100.00% found" in text
    (folder / "archive.toml").write_text(
        (folder / "archive.toml").read_text().replace('precision = ""', 'precision = "4-bit"')
    )
    assert "packs the index anew as 4-bit" in command("status", "--archive", folder)
    found = json.loads(command("status", "--archive", folder, "--json"))
    assert (found["precision"]["name"], found["precision"]["fixed"], found["precision"]["next"]) == (
        "float32",
        True,
        "4-bit",
    )
    assert {one["asked"] for one in found["recall"]["measured"]} == {"phrases", "pictures"}


def test_an_ingest_without_any_picture_says_that_the_archive_is_empty(tmp_path):
    """Where all is rejected there is no generation, and none is named."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "note.jpg").write_text("not a picture")
    said = command("ingest", "folder", tmp_path / "pictures", "--archive", tmp_path / "archive", "--quiet")
    assert "1 rejected; the archive is still empty" in said
    assert "None" not in said


def test_ingest_again_changes_nothing(archive, sample):
    """A second ingest of the same folder finds everything unchanged and publishes nothing."""
    before = json.loads(command("status", "--archive", archive, "--json"))["generation"]
    said = command(
        "ingest", "folder", sample / "pictures", "--metadata", sample / "records.csv", "--archive", archive, "--quiet"
    )
    assert "unchanged" in said
    assert f"{before} as before" in said


def test_an_archive_in_the_folder_of_pictures_takes_in_no_copies(sample, tmp_path):
    """An archive made among the pictures stays as it is however often they are ingested, and says what it passed by."""
    for picture in sorted((sample / "pictures").iterdir())[:3]:
        (tmp_path / picture.name).write_bytes(picture.read_bytes())
    for _ in range(3):
        command("ingest", "folder", tmp_path, "--archive", tmp_path / "archive", "--quiet")
        assert json.loads(command("status", "--archive", tmp_path / "archive", "--json"))["records"] == 3
    result = CliRunner().invoke(cli, ["ingest", "folder", str(tmp_path), "--archive", str(tmp_path / "archive")])
    assert f"the archive in {tmp_path / 'archive'} passed over" in result.stderr


def test_tiles_are_remembered_until_they_are_ended(sample, tmp_path):
    """`--tiles` adds tiles to what is there and to what comes later, `--no-tiles` ends that and removes nothing."""
    pictures, folder = tmp_path / "pictures", tmp_path / "archive"
    pictures.mkdir()
    names = [picture.name for picture in sorted((sample / "pictures").iterdir())[:4]]

    def bring(name: str, *options: str) -> str:
        with Image.open(sample / "pictures" / name) as picture:
            picture.resize((900, 900)).save(pictures / name)
        return command("ingest", "folder", pictures, "--archive", folder, "--quiet", *options)

    def tiles() -> dict[str, object]:
        return json.loads(command("status", "--archive", folder, "--json"))["spaces"].get("demo-tiles", {})

    bring(names[0])
    assert tiles() == {}
    assert "1 added, 1 with vectors in a new space" in bring(names[1], "--tiles")
    several = tiles()
    bring(names[2])
    before = tiles()
    assert before["tiles"] > several["tiles"] > 2
    assert before["without"] == several["without"] == 0
    bring(names[3], "--no-tiles")
    assert tiles()["tiles"] == before["tiles"]
    assert tiles()["without"] == 1
    assert "tiles = false" in (folder / "archive.toml").read_text()
    text = command("status", "--archive", folder)
    assert f"{before['tiles']} vectors of parts of 3 pictures" in text
    assert "have no vector" not in text
    found = json.loads(command("search", "axe", "--archive", folder, "--json"))
    assert [stage["name"] for stage in found["stages"]][:2] == ["nearest", "tiles"]


def test_tiles_need_an_embedder(tmp_path):
    """Vectors from elsewhere have no tiles, which is said before anything is done."""
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "pictures" / "a.png")
    (tmp_path / "records.csv").write_text("id,file\nA,a.png\n")
    np.save(tmp_path / "v.npy", np.eye(1, 8))
    with pytest.raises(ArchiveSearchError, match="Tiles need an embedder"):
        command(
            *("ingest", "folder", tmp_path / "pictures", "--metadata", tmp_path / "records.csv"),
            *("--vectors", tmp_path / "v.npy", "--space", "elsewhere", "--archive", tmp_path / "a", "--tiles"),
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--embedder", "nope"), "No embedder is called 'nope'. Known: clip-vit-b-32, "),
        (("--embedder", "demo", "--embedder", "clip-vit-b-32"), "archive-search models fetch"),
        (("--metadata", "{0}/none.csv"), "There is no metadata file"),
        (("--metadata", "{0}/records.csv", "--map", "title=Titel"), "a column 'Titel', which does not exist"),
        (("--metadata", "{0}/records.csv", "--match", "Datei"), "There is no column 'Datei' to match by"),
        (("--vectors", "{0}/v.npy", "--space", "elsewhere"), "it has 1 row and the metadata file has 0"),
        (("--metadata", "{0}/records.csv", "--vectors", "{0}/v.npy", "--space", "palette"), "filled by archive-search"),
        (("--metadata", "{0}/records.csv", "--vectors", "{0}/v.npy", "--space", "demo"), "with 256 dimensions"),
        (("--max-megapixels", "0"), "max_megapixels must be at least"),
        (("--store", "http://localhost:6333"), "http"),
        (("--region", "mars"), "mars"),
    ],
)
def test_what_is_refused_leaves_no_archive_behind(tmp_path, options, message):
    """Names, files and settings are checked before anything is made."""
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "pictures" / "a.png")
    (tmp_path / "records.csv").write_text("id,file\nA,a.png\n")
    np.save(tmp_path / "v.npy", np.eye(1, 8))
    with pytest.raises(ArchiveSearchError) as caught:
        command(
            *("ingest", "folder", tmp_path / "pictures", "--archive", tmp_path / "archive"),
            *(one.format(tmp_path) for one in options),
        )
    assert message in str(caught.value)
    assert not (tmp_path / "archive").exists()


def test_precomputed_vectors(tmp_path):
    """Vectors from elsewhere fill their own space, searched by records; words are looked for in the catalogue."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    rows = ["id,file,painter"]
    for number in range(4):
        Image.new("RGB", (40, 30), (60 * number, 10, 10)).save(pictures / f"p{number}.png")
        rows.append(f"A{number},p{number}.png,{'Myson' if number == 2 else ''}")
    (tmp_path / "records.csv").write_text("\n".join(rows))
    vectors = np.eye(4, 8, dtype=np.float16)
    vectors[1, 0] = 1
    np.save(tmp_path / "v.npy", vectors)
    base = (
        "ingest",
        "folder",
        pictures,
        "--metadata",
        tmp_path / "records.csv",
        "--archive",
        tmp_path / "a",
        "--quiet",
    )
    command(*base, "--vectors", tmp_path / "v.npy", "--space", "elsewhere")
    hits = json.loads(command("search", "--like", "A0", "--archive", tmp_path / "a", "--json"))["hits"]
    assert [hit["id"] for hit in hits][:2] == ["A0", "A1"]
    assert [hit["score"] for hit in hits][:2] == pytest.approx([1, 0.5**0.5], abs=1e-3)
    found = json.loads(command("search", "Myson", "--archive", tmp_path / "a", "--json"))
    assert [hit["id"] for hit in found["hits"]] == ["A2"]
    assert any("cannot be searched by words" in remark for remark in found["remarks"])
    assert "Nothing found" in command("search", "xyzzy", "--archive", tmp_path / "a")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("search", "x", "--where", "materiel=flint"), "no field 'materiel': is 'material' meant? Known: object_id"),
        (("search", "x", "--where", "flint"), "--where takes FIELD=VALUE"),
        (("search", "x", "--from", 5, "--to", -5), "is later than"),
        (("search", "x", "--from", "nan"), "A year is a number such as 1850, or -4000 for 4000 BC; got nan"),
        (("search", "x", "--to", "inf"), "got inf"),
        (("search", "x", "--to", "1e400"), "got inf"),
        (("search", "x", "--strategy", "best"), "No strategy is called 'best'. Known: nearest, staged"),
        (("search", "x", "--space", "clap"), "has no space 'clap'. Known: demo"),
        (("search", "--like", "nobody"), "No record has the id 'nobody'"),
        (("search", "--image", "nowhere.jpg"), "There is no picture file nowhere.jpg"),
        (("search", "x", "--refine", "0:red"), "weight must be above 0"),
        (("search", "x", "--undated", "maybe"), "'keep' or 'drop'"),
        (("search", "x", "--region", "0,0,1,1"), "name that picture, as a file or by a record's id"),
        (("search", "x", "--diversity", "2"), "between 0.0 and 1.0"),
        (("search", "x", "--liked", "a", "--disliked", "a"), "both liked and disliked"),
        (("search", "x", "--liked", "zzz"), "No record has the id 'zzz' in this archive. None is spelled like it; ids"),
        (("search", "x", "--disliked", "nobody"), "No record has the id 'nobody' in this archive."),
    ],
)
def test_bad_options_are_refused_in_a_sentence(archive, arguments, message):
    """A wrong option is refused with what was possible."""
    with pytest.raises(ArchiveSearchError) as caught:
        command(*arguments, "--archive", archive)
    assert message in str(caught.value)


def test_errors_of_the_program_are_one_line_and_exit_1(tmp_path):
    """From the shell, an error is one sentence on standard error and exit code 1, never a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "app.command", "search", "x", "--archive", str(tmp_path / "none")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("archive-search: ")
    assert "does not exist" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_place_that_may_not_be_read_is_one_line(tmp_path, capsys, monkeypatch):
    """Whatever the command, what the system refuses is one line that names the place."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["demo", str(tmp_path / "demo"), "--no-browser", "--port", str(port)]
    monkeypatch.setattr(sys, "argv", ["archive-search", *arguments])
    with forbidden(tmp_path), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"archive-search: {tmp_path / 'demo'}")
    assert line.endswith(": Permission denied")


def test_status_of_an_archive_that_may_only_be_read(archive):
    """What an archive holds is told where nothing can be written."""
    with forbidden(archive, 0o555):
        found = json.loads(command("status", "--archive", archive, "--json"))
    assert found["records"] == 60
    last = found["last_ingest"]["summary"]  # of the first ingest, or of one that found nothing new
    assert last["added"] + last["unchanged"] == 60


def test_chance_is_told_above_the_hits(archive):
    """Where no picture stands out and no record says the words, that is said before the hits."""
    result = CliRunner().invoke(cli, ["search", "xyzzy", "--archive", str(archive)])
    assert result.output.index("No picture stands out for these words") < result.output.index("rank")
    found = json.loads(command("search", "axe", "--archive", archive, "--json"))
    assert not any("No picture stands out" in remark for remark in found["remarks"])


def test_unknown_words_are_named(archive):
    """Words that the demo encoder does not know are named in the remarks."""
    found = json.loads(command("search", "quernstone axe", "--archive", archive, "--json"))
    assert any("quernstone" in remark for remark in found["remarks"])


def test_a_sample_that_cannot_be_written_is_refused_in_a_sentence(tmp_path):
    """Where a file is in the way, drawing a sample says so, in the demo as well."""
    (tmp_path / "file").touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name, options in (("sample", ()), ("demo", ("--port", port))):
        with pytest.raises(ArchiveError, match=r"No sample can be drawn in .*file.*: (Not a directory|File exists)"):
            command(name, tmp_path / "file", *options)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_search_is_exported(archive, tmp_path, ending):
    """`search --export` writes all hits in the format of the ending, says how many, and prints no table."""
    target = tmp_path / f"cars.{ending}"
    said = command("search", "car", "--limit", 30, "--export", target, "--archive", archive)
    assert said.strip() == f"{target}: 30 records as {ending}"
    assert target.stat().st_size > 1000


def test_settings_of_a_format_are_typed(archive, tmp_path):
    """`--set` gives a setting of the format, several with commas; a wrong one is told before the search."""
    target = tmp_path / "cars.html"
    given = ["--set", "language=da", "--set", "fields=title, colours", "--set", "number=3", "--set", "pictures=none"]
    command("search", "car", "--limit", 5, "--export", target, *given, "--archive", archive)
    page = target.read_text(encoding="utf-8")
    assert "Kilder og licenser" in page
    assert page.count("<figure") == 3
    for wrong, said in (("number=many", "number"), ("number", "NAME=VALUE"), ("size=3", "none called 'size'")):
        with pytest.raises(ArchiveSearchError, match=said):
            command("search", "car", "--export", tmp_path / "b.html", "--set", wrong, "--archive", archive)
    assert [*tmp_path.iterdir()] == [target]


def test_an_export_replaces_nothing_unless_told(archive, tmp_path):
    """A file that is there stays, told before the search, unless `--overwrite` is said; a folder is never replaced."""
    target = tmp_path / "cars.csv"
    target.write_text("mine")
    wanted = ("search", "car", "--limit", 5, "--archive", archive, "--export")
    with pytest.raises(ArchiveSearchError, match="is there already"):
        command(*wanted, target)
    assert target.read_text() == "mine"
    command(*wanted, target, "--overwrite")
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 6
    for folder in (archive, tmp_path, "."):
        with pytest.raises(ArchiveSearchError, match="no export replaces a folder"):
            command(*wanted, folder, "--format", "ro-crate", "--overwrite")
    with pytest.raises(ArchiveSearchError, match=r"nowhere does not exist: make it first"):
        command(*wanted, tmp_path / "nowhere" / "cars.csv")


def test_what_says_how_to_export_needs_an_export(archive):
    """Options of exports that are given without one are told, not passed over."""
    for given in (
        ("--only-open",),
        ("--format", "pdf"),
        ("--set", "language=da"),
        ("--sensitive", "a"),
        ("--overwrite",),
    ):
        with pytest.raises(ArchiveSearchError, match=f"{given[0]} says how to export: add --export FILE"):
            command("search", "car", *given, "--archive", archive)


def test_nothing_is_no_export(archive, tmp_path):
    """Where no record is left to be exported that is told with the reason, and no file is written."""
    wanted = ("search", "--where", "material=nothing such", "--archive", archive, "--export", tmp_path / "none.csv")
    with pytest.raises(ArchiveSearchError, match="Nothing is left to export, no file is written: no record was found"):
        command(*wanted)
    assert not [*tmp_path.iterdir()]


def test_a_name_that_says_another_format_is_told(archive, tmp_path):
    """A file whose ending is that of another format is written as it was asked for, and that is said."""
    target = tmp_path / "cars.pdf"
    wanted = ["search", "car", "--limit", "3", "--export", str(target), "--format", "csv", "--archive", str(archive)]
    assert "cars.pdf ends like pdf, what is written into it is csv" in CliRunner().invoke(cli, wanted).stderr
    assert target.read_text(encoding="utf-8-sig").startswith("rank,")


def test_formats_are_listed():
    """Every format with the endings that choose it, and its settings as they are typed."""
    said = command("formats")
    assert "(.html, .htm)" in said
    assert "language=en  Language; one of en, da." in said
    assert all(name in said for name in EXPORTS)


def test_an_export_of_no_known_kind_is_refused_before_the_search(archive, tmp_path):
    """An ending that chooses no format is told with those that do, and nothing is written."""
    with pytest.raises(ArchiveSearchError, match="chooses no format"):
        command("search", "car", "--export", tmp_path / "cars.doc", "--archive", archive)
    assert not [*tmp_path.iterdir()]


def test_a_server_that_ends_while_it_loads_a_model_ends_in_order(archive):
    """What loads the model behind the first page is waited for: a process that ends at once is not aborted."""
    page = f"""
from streamlit.testing.v1 import AppTest
AppTest.from_file({str(ROOT / "app" / "main.py")!r}, default_timeout=60).run()
"""
    variables = {**os.environ, "ARCHIVE_SEARCH_ARCHIVE": str(archive), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", page], env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_server_that_ends_while_it_encodes_words_ends_in_order(archive):
    """What torch computes behind the pages is stopped first: it would abort the process."""
    page = """
import threading
import torch
from app import opened
begun = threading.Event()
def endless(*_):
    while True:
        torch.nn.functional.linear(torch.ones(64, 64), torch.ones(64, 64))
        begun.set()
opened.AFTER_S, opened.suggestions = 0, endless
opened.warm_up(opened.archive())
assert begun.wait(60)
"""
    variables = {**os.environ, "ARCHIVE_SEARCH_ARCHIVE": str(archive), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", page], env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_map_is_made_from_the_command_line(archive, tmp_path):
    """Every picture of the space is on it; the groups are told with their words; an unknown space is refused."""
    own = copy_tree(archive, tmp_path / "own")
    first, *groups = command("map", "--archive", own).splitlines()
    assert first.startswith("60 pictures of the space demo in ")
    assert sum(int(line.split()[0]) for line in groups) == 60
    assert len(kept_map(Archive.open(own), "demo").ids) == 60
    with pytest.raises(UnknownNameError, match="no space 'none'"):
        command("map", "--archive", own, "--space", "none")
