"""Thumbnails: size, name, and that they appear whole or not at all."""

import threading

from PIL import Image

from archive_search.pictures.thumbnails import thumbnail_name
from ingest.thumbnails import Thumbnails

HASH = "ab" + "0" * 62


def test_longest_side_is_bounded(tmp_path):
    """A thumbnail is a JPEG whose longer side is 400 pixels and whose shape is the picture's."""
    Thumbnails(tmp_path).save(HASH, Image.new("RGB", (1600, 900), "red"))
    with Image.open(tmp_path / "ab" / f"{HASH}.jpg") as found:
        assert (found.format, found.size) == ("JPEG", (400, 225))
        red, green, blue = found.convert("RGB").getpixel((200, 100))
    assert (red > 230, green < 25, blue < 25) == (True, True, True)


def test_small_pictures_keep_their_size(tmp_path):
    """A picture smaller than a thumbnail is not blown up."""
    Thumbnails(tmp_path).save(HASH, Image.new("RGB", (64, 30)))
    with Image.open(tmp_path / thumbnail_name(HASH)) as found:
        assert found.size == (64, 30)


def test_very_narrow_pictures(tmp_path):
    """A picture of one pixel's width has a thumbnail too."""
    Thumbnails(tmp_path).save(HASH, Image.new("RGB", (1, 3000)))
    with Image.open(tmp_path / thumbnail_name(HASH)) as found:
        assert found.size == (1, 400)


def test_present_thumbnails_are_not_written_again(tmp_path):
    """What is there stays; an empty file, left by a power cut, is replaced."""
    thumbnails = Thumbnails(tmp_path)
    thumbnails.save(HASH, Image.new("RGB", (10, 10)))
    thumbnails.save(HASH, Image.new("RGB", (20, 20)))
    with Image.open(thumbnails.file(HASH)) as found:
        assert found.size == (10, 10)
    thumbnails.file(HASH).write_bytes(b"")
    assert not thumbnails.has(HASH)
    thumbnails.save(HASH, Image.new("RGB", (20, 20)))
    assert thumbnails.has(HASH)


def test_the_picture_itself_stays(tmp_path):
    """Making a thumbnail does not shrink the picture it is made from."""
    picture = Image.new("RGB", (900, 900))
    Thumbnails(tmp_path).save(HASH, picture)
    assert picture.size == (900, 900)


def test_threads_may_write_the_same_thumbnail(tmp_path):
    """Two records with the same picture, loaded at once, leave one whole thumbnail and no parts."""
    thumbnails, picture = Thumbnails(tmp_path), Image.effect_noise((300, 300), 90).convert("RGB")
    threads = [threading.Thread(target=thumbnails.save, args=(HASH, picture)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{HASH}.jpg"]
    with Image.open(thumbnails.file(HASH)) as found:
        found.load()


def test_parts_are_cleared_and_thumbnails_removed(tmp_path):
    """Half-written files of a killed ingest are cleared away; a thumbnail can be removed, even twice."""
    thumbnails = Thumbnails(tmp_path)
    thumbnails.clear_parts()
    thumbnails.save(HASH, Image.new("RGB", (10, 10)))
    (tmp_path / ".part" / "left").write_bytes(b"half")
    thumbnails.clear_parts()
    assert list((tmp_path / ".part").iterdir()) == []
    thumbnails.remove(HASH)
    thumbnails.remove(HASH)
    assert not thumbnails.has(HASH)


def test_thumbnails_of_an_earlier_release(tmp_path):
    """A WebP that an earlier release made is the picture's thumbnail: it is found, not made again, and removed."""
    thumbnails, webp = Thumbnails(tmp_path), tmp_path / "ab" / f"{HASH}.webp"
    webp.parent.mkdir()
    Image.new("RGB", (10, 10)).save(webp)
    assert (thumbnails.has(HASH), thumbnails.file(HASH)) == (True, webp)
    assert thumbnails.save(HASH, Image.new("RGB", (20, 20))) is None
    assert list(tmp_path.rglob("*.jpg")) == []
    thumbnails.remove(HASH)
    assert not thumbnails.has(HASH)
