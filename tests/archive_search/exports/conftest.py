"""Result sets to be exported: five hundred hostile titles, and eight records with original pictures."""

import random
from contextlib import contextmanager

import pytest
from PIL import Image

from archive_search.archive import Archive
from archive_search.embedders import EMBEDDERS
from archive_search.settings import Settings
from archive_search.testing import HashEmbedder
from archive_search.types import EmbedderInfo, Point


@contextmanager
def hashed(info):
    """Have the embedder; two of the sets may be there at once."""
    if "hash" in EMBEDDERS:
        yield
    else:
        with EMBEDDERS.register("hash", info):
            yield


RECORDS = [
    {"title": "Økse af flint", "licence": "CC BY 4.0", "credit": "Foto: Ann", "rights_holder": "Museum A"},
    {"title": "../../etc/passwd", "licence": "https://creativecommons.org/publicdomain/zero/1.0/"},
    {"title": "con", "licence": "All rights reserved", "creator": ["Smith", "Jones"]},
    {"title": "فأس حجرية", "date": "c. 3000 BC", "material": ["flint"]},
    {"title": "\u202egnp.exe", "date_from": -3900, "date_to": -1700, "findspot": "Gerlev"},
    {"title": "</script><script>alert(1)</script>", "source": "A & <B>"},
    {"title": "גרזן \U0001f3fa Ἀξίνη", "licence": "CC BY 4.0", "credit": "Foto: Ann", "rights_holder": "Museum A"},
    {"object_type": "axe", "object_id": "A1426", "licence": "CC BY 4.0"},
]


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Eight records; six have an original picture, the seventh a thumbnail only, the eighth neither."""
    folder = tmp_path_factory.mktemp("few")
    pictures = folder / "pictures"
    pictures.mkdir()
    embedder = HashEmbedder()
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: embedder)
    with hashed(info):
        archive = Archive.create(folder / "a", Settings("Sagnlandet & <Sons>", ("hash",), pictures=(str(pictures),)))
        archive.thumbnails.mkdir()
        rows = embedder.encode([embedder.preprocess(f"axe {n}", "text") for n in range(len(RECORDS))], "text")
        points = []
        for n, (row, record) in enumerate(zip(rows, RECORDS, strict=True)):
            Image.new("RGB", (300, 200 + n), (200, 30 * n, 90)).save(pictures / f"{n}.png")
            Image.new("RGB", (60, 40), (200, 30 * n, 90)).save(archive.thumbnails / f"{n}.webp")
            held = {"ingested_from": str(pictures), "image": f"{n}.png", "thumbnail": f"{n}.webp"}
            held = {"thumbnail": f"{n}.webp"} if n == 6 else {} if n == 7 else held
            points.append(Point(f"r{n}", {"hash": row}, {**record, **held}))
        build = archive.index.begin({"hash": 64})
        build.store.upsert(points)
        build.publish()
        yield archive.search("axe 1", refine=["polished"], exclude=["drawing"], years=(-4000, 1000), who="Ann Hansen")


BAD = [
    *("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "../../etc/passwd", "C:\\con", "<script>alert(1)</script>"),
    *("x" * 300, "\U0001f3fa\U0001f3fa", "\u202eesrever", "tab\there", "line\nbreak", '"quoted", with comma', "; =2+2"),
    *(
        "\u0007bell",
        "&amp; <b>",
        "https://example.org/?a=1&b=<>",
        "Økse",
        "花瓶",
        "'apostrophe",
        " space ",
        "\ufeffmark",
    ),
]


@pytest.fixture(scope="session")
def hostile():
    """Texts that some program would run, cut or lose."""
    return BAD


def titles() -> list[str]:
    """Five hundred hostile titles."""
    rng = random.Random(7)
    return [*BAD, *(rng.choice(BAD) + rng.choice(BAD) + str(n) for n in range(500 - len(BAD)))]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """A result set of all five hundred, some of them closed or sensitive."""
    embedder = HashEmbedder()
    info = EmbedderInfo("hash", 64, frozenset({"text", "image"}), "hashes", "MIT", lambda: embedder)
    with hashed(info):
        archive = Archive.create(tmp_path_factory.mktemp("archive") / "a", Settings("Museum & <Sons>", ("hash",)))
        archive.thumbnails.mkdir()
        Image.new("RGB", (90, 60), "red").save(archive.thumbnails / "red.webp")
        rows = embedder.encode([embedder.preprocess(f"axe {n}", "text") for n in range(500)], "text")
        build = archive.index.begin({"hash": 64})
        build.store.upsert(
            [
                Point(
                    f"r{n}",
                    {"hash": row},
                    {
                        "title": title,
                        "thumbnail": "red.webp",
                        "material": ["flint", "bone"],
                        "date_from": -3000 + n,
                        "licence": "CC BY 4.0" if n % 2 else "All rights reserved",
                        "record_url": f"https://example.org/{n}",
                        **({"sensitive": "yes"} if n == 3 else {}),
                        "extra": {"=col": title},
                    },
                )
                for n, (row, title) in enumerate(zip(rows, titles(), strict=True))
            ]
        )
        build.publish()
        yield archive.search("axe 7", limit=500, who="Ann")
