"""Lists of links: which are records, and why the others are not."""

from __future__ import annotations

import threading

import pytest

from archive_search.types import MetadataError, UnknownNameError
from ingest.source import Rejected
from ingest.sources import SOURCES
from ingest.sources.urls import Urls
from ingest.testing import Desk, Encoder, picture


@pytest.fixture
def made(tmp_path):
    """Write a file and give its records and its rejections."""

    def make(text, name="links.csv", **settings):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        found = list(Urls(file, **settings).records())
        return [one for one in found if not isinstance(one, Rejected)], [
            one for one in found if isinstance(one, Rejected)
        ]

    return make


def test_97_of_100_links_are_taken_and_three_listed(server, tmp_path):
    """A file that is gone, a web page and a line that is no link are rejected with their reasons; the rest comes."""
    for number in range(97):
        server.answer(f"/{number}.png", picture(number), type="image/png")
    server.answer("/page", "<html>", type="text/html")
    links = [*(f"{server.url}/{number}.png" for number in range(97)), f"{server.url}/gone.png", f"{server.url}/page"]
    file = tmp_path / "links.txt"
    file.write_text("# three are none\n\n" + "\n".join([*links, "see the drawer"]), encoding="utf-8")
    desk = Desk(tmp_path)
    with Urls(file, allow_private=True, rate=1000).opened(tmp_path, threading.Event()) as source:
        summary = desk.run(source, Encoder())
    assert (summary.added, summary.rejected) == (97, 3)
    reasons = desk.reasons()
    assert reasons[f"{server.url}/gone.png"].startswith(f"opened: {server.url}/gone.png: ")
    assert "(404)" in reasons[f"{server.url}/gone.png"]
    assert "web page" in reasons[f"{server.url}/page"]
    assert reasons["line 102"].startswith("record: line 102: see the drawer is no address of the web")


def test_links_into_a_network_within_are_rejected_one_by_one_and_told_once(server, tmp_path):
    """The reason of each is the address, not robots.txt; a remark names the server once, and nothing is asked of it."""
    file = tmp_path / "links.txt"
    file.write_text("\n".join(f"{server.url}/{number}.png" for number in range(20)), encoding="utf-8")
    desk, told = Desk(tmp_path), []
    with Urls(file, rate=1000).opened(tmp_path, threading.Event()) as source:
        summary = desk.run(source, Encoder(), on_remark=told.append)
    assert (summary.added, summary.rejected) == (0, 20)
    reasons = desk.reasons().values()
    assert all("127.0.0.1 is not on the public internet" in one and "robots" not in one for one in reasons)
    assert len(told) == 1
    assert told[0].startswith(f"nothing can be had from 127.0.0.1:{server.port}: 127.0.0.1 is not on the public")
    assert server.count() == 0


def test_it_is_found_by_its_name():
    """The source is called urls."""
    assert SOURCES["urls"] is Urls


def test_a_text_gives_titles_by_file_names(made):
    """A line is a record with its link as id; commas in links stay, quotation marks around them go."""
    records, rejected = made(
        '"https://a.example/flint_axe%20head.jpg"\nhttps://b.example/iiif/x/full/843,/0/default.jpg,\n', "links.txt"
    )
    assert [one.image for one in records] == [
        "https://a.example/flint_axe%20head.jpg",
        "https://b.example/iiif/x/full/843,/0/default.jpg",
    ]
    assert (records[0].metadata["title"], records[0].metadata["file"]) == ("flint axe head", "flint_axe head.jpg")
    assert "title" not in records[1].metadata
    assert not rejected


def test_a_table_describes_its_links(made):
    """Columns become fields as in a folder's metadata file; the link column is found among those that hold links."""
    records, _ = made(
        "Object number,Titel,Date,Page,Picture\n"
        "A1,Økse,1850,https://m.example/a1,https://m.example/a1.jpg\n"
        "A2,Skår,,https://m.example/a2,https://m.example/a2.jpg\n",
        fields=("id=Object number", "title=Titel"),
    )
    assert [(one.id, one.image) for one in records] == [
        ("A1", "https://m.example/a1.jpg"),
        ("A2", "https://m.example/a2.jpg"),
    ]
    assert records[0].metadata["title"] == "Økse"
    assert records[0].metadata["date_from"] == 1850
    assert records[0].metadata["image_url"] == "https://m.example/a1.jpg"


def test_the_column_of_links_is_no_page_of_the_record(made):
    """A column called Link that holds the pictures does not fill the record's address, unless it is mapped to it."""
    text = "Inv,Link\nA1,https://m.example/a1.jpg\n"
    (record,), _ = made(text)
    assert record.image == "https://m.example/a1.jpg"
    assert "record_url" not in record.metadata
    (record,), _ = made(text, fields=("record_url=Link",))
    assert record.metadata["record_url"] == "https://m.example/a1.jpg"


def test_several_links_in_a_cell_are_views_of_one_object(made):
    """The first picture has the row's id, the others that id with a number; they share the object."""
    records, _ = made('id,image\nA1,"https://m.example/1.jpg; https://m.example/2.jpg|https://m.example/3,4.jpg"\n')
    assert [one.id for one in records] == ["A1", "A1/2", "A1/3"]
    assert records[2].image == "https://m.example/3,4.jpg"
    assert {one.metadata["object_id"] for one in records} == {"A1"}


def test_rows_that_are_none_are_told(made):
    """No link, no address, the same id and the same link again: each is rejected with its place."""
    _, rejected = made(
        "id,image\nA1,https://m.example/1.jpg\nA2,\nA3,C:\\pictures\\3.jpg\nA1,https://m.example/4.jpg\n"
        "A5,https://u:p@m.example/5.jpg\nA6,https://m.example/a b.jpg\n",
        fields=("id=id",),
    )
    assert [one.reason.partition(": ")[0] for one in rejected] == [f"line {number}" for number in (3, 4, 5, 6, 7)]
    assert "is empty" in rejected[0].reason
    assert "no address" in rejected[1].reason
    assert "'A1' belongs to line 2" in rejected[2].reason
    assert "password" in rejected[3].reason
    assert "no spaces" in rejected[4].reason
    _, twice = made("https://m.example/1.jpg\nhttps://m.example/1.jpg\n", "links.txt")
    assert "was in line 1 already" in twice[0].reason


def test_what_is_no_list_is_refused_as_a_whole(made):
    """A table without links, a column that is not there, and a file that is not there say what to do."""
    with pytest.raises(MetadataError, match="Name the column") as told:
        made("id,title\nA1,Axe\n")
    assert told.value.settings == ("link",)
    with pytest.raises(UnknownNameError, match="Columns: id, image"):
        made("id,image\nA1,https://m.example/1.jpg\n", link="picture")
    with pytest.raises(MetadataError, match="There is no file"):
        list(Urls("no-such.csv").records())


def test_remarks_say_how_the_list_was_read(tmp_path):
    """What fills which field, and where the links are, is said before anything is fetched."""
    file = tmp_path / "links.csv"
    file.write_text("id,title,image\nA1,Axe,https://m.example/1.jpg\n", encoding="utf-8")
    said = "\n".join(Urls(file).remarks)
    assert "links from the column 'image'" in said
    assert "title from title" in said
    assert "id from id" in said
