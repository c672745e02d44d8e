"""The client: polite, bounded, and plain about what cannot be had."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from archive_search.connections import is_public
from archive_search.types import PictureError, SourceError
from ingest.harvest.answers import AnswerError, Validators, decoded, pieces
from ingest.harvest.client import CONTACT, Answer, Client
from ingest.source import StoppedError

PICTURE = bytes(range(256)) * 400


@pytest.fixture
def client(server):
    with server.client() as made:
        yield made


class Kept(dict):
    """Keeps answers in memory."""

    def answer(self, key: str) -> Answer | None:
        """What was kept."""
        return self.get(key)

    def keep_answer(self, key: str, answer: Answer) -> None:
        """Keep."""
        self[key] = answer


# ------------------------------------------------------------------ answers


def test_json_text_and_posted_questions(server, client):
    """Answers come as data or text; parameters go behind those of the address, lists repeat, None is left out."""
    server.answer("/a", lambda asked: {"path": asked.path, "body": asked.body})
    assert client.json(f"{server.url}/a?x=1", {"y": [2, 3], "z": None})["path"] == "/a?x=1&y=2&y=3"
    assert client.post_json(f"{server.url}/a", {"q": "økse"})["body"] == '{"q": "økse"}'
    server.answer("/t", "økse".encode("latin-1"), type="text/plain; charset=iso-8859-1")
    assert client.text(f"{server.url}/t") == "økse"


def test_servers_see_who_asks(server, monkeypatch):
    """The User-Agent names the program, its version and the contact: the one that is given, else the environment's."""
    server.answer("/a", {})
    monkeypatch.setenv(CONTACT, "museum@example.org")
    for contact, said in (("", "museum@example.org"), ("me@example.org", "me@example.org")):
        with server.client(contact=contact) as client:
            client.json(f"{server.url}/a")
        agent = server.asked[-1].headers["user-agent"]
        assert agent.startswith("archive-search/")
        assert agent.endswith(f"(+{said})")


@pytest.mark.parametrize(
    ("data", "kind", "text"),
    [
        ("økse".encode(), "application/json", "økse"),
        (b"\xef\xbb\xbf" + "økse".encode(), "text/plain; charset=latin-1", "økse"),
        ("økse".encode("utf-16"), "text/plain", "økse"),
        ("økse".encode("cp1252"), "text/plain; charset=utf-8", "økse"),
        ("økse".encode("cp1252"), "text/plain; charset=no-such", "økse"),
        (b"abc", "text/plain; charset=zip", "abc"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>ø</a>'.encode("latin-1"), "", '<?xml version="1.0"?><a>ø</a>'),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>ø</a>'.encode(), "text/xml; charset=utf-8", None),
    ],
)
def test_encodings_are_decoded_in_one_place(data, kind, text):
    """A mark, the header, the XML declaration, UTF-8 and Windows-1252 are gone by in that order."""
    assert decoded(data, kind) == (text or '<?xml version="1.0"?><a>ø</a>')


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_what_is_refused_is_said_with_its_number(server, client, status):
    """A refusal is not tried again, and names what the server said."""
    server.answer("/a", "no", status=status)
    with pytest.raises(AnswerError, match=f"{status}") as error:
        client.json(f"{server.url}/a")
    assert error.value.status == status
    assert server.count("/a") == 1


def test_web_pages_and_broken_json_are_refused(server, client):
    """A page where JSON should be, half a JSON text, and JSON nested a hundred levels deep stop with a sentence."""
    server.answer("/page", "<html>", type="text/html")
    server.answer("/half", '{"a": ', type="application/json")
    server.answer("/deep", "[" * 101 + "]" * 101, type="application/json")
    server.answer("/deeper", "[" * 1_000_000, type="application/json")
    for path, said in (("page", "not with JSON"), ("half", "not JSON"), ("deep", "deeper"), ("deeper", "JSON|deeper")):
        with pytest.raises(SourceError, match=said):
            client.json(f"{server.url}/{path}")


def test_a_wall_before_a_service_is_waited_for(server):
    """403 with a web page where JSON is asked for is tried again after a longer wait."""
    server.answer("/a", "<html>checking your browser", status=403, type="text/html", times=1)
    server.answer("/a", {"ok": 1})
    begun = time.monotonic()
    with server.client(backoff_s=0.005) as client:
        assert client.json(f"{server.url}/a") == {"ok": 1}
    assert time.monotonic() - begun > 0.1


def test_too_long_answers_are_not_taken(server):
    """An answer of 2 GB, announced or not, and one packed a thousandfold are left before they fill the memory."""
    server.answer("/huge", huge=2_000_000_000)
    server.answer("/endless", huge=2_000_000_000, announced=False)
    bomb = gzip.compress(b"\0" * 5_000_000)
    server.answer("/bomb", bomb, type="application/json", headers={"Content-Encoding": "gzip"})
    with server.client(largest_answer=1_000_000) as client:
        for path in ("huge", "endless", "bomb"):
            with pytest.raises(AnswerError, match="more than 1 MB"):
                client.json(f"{server.url}/{path}")


def test_what_was_packed_well_is_unpacked_little_by_little():
    """However many times its size a packed answer has, no more than a piece of it is unpacked at once."""
    raw = gzip.compress(b"\0" * 20_000_000)
    found = list(pieces(httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(raw)), 10**9))
    assert sum(map(len, found)) == 20_000_000
    assert max(map(len, found)) <= 1 << 18


def test_packed_answers_are_unpacked(server, client):
    """Gzip is understood; what nobody asked for is refused."""
    packed = gzip.compress(b'{"a": 1}')
    server.answer("/a", packed, type="application/json", headers={"Content-Encoding": "gzip"})
    assert client.json(f"{server.url}/a") == {"a": 1}
    server.answer("/b", packed, type="application/json", headers={"Content-Encoding": "br"})
    with pytest.raises(AnswerError, match="'br'"):
        client.json(f"{server.url}/b")


def test_known_answers_are_not_sent_again(server):
    """With an ETag or a date of change the second question brings nothing but the word that nothing is new."""
    server.answer("/a", {"n": 1}, etag='"1"')
    server.answer("/b", {"n": 2}, modified="Mon, 02 Nov 2026 10:00:00 GMT")
    kept = Kept()
    for _ in range(2):
        with server.client(answers=kept) as client:
            assert (client.json(f"{server.url}/a"), client.json(f"{server.url}/b")) == ({"n": 1}, {"n": 2})
    assert server.asked[2].headers["if-none-match"] == '"1"'
    assert server.asked[3].headers["if-modified-since"].startswith("Mon")


# ------------------------------------------------------------------ again, and how often


def test_what_may_pass_is_tried_again(server, client):
    """500, 503 and a connection that breaks off do not stop a question that is answered in the end."""
    server.answer("/a", status=500, times=1)
    server.answer("/a", status=503, times=1)
    server.answer("/a", b"x" * 100, cut=10, times=1)
    server.answer("/a", {"n": 1})
    assert client.json(f"{server.url}/a") == {"n": 1}
    assert server.count("/a") == 4


def test_what_does_not_pass_ends(server, client):
    """After five tries it is told what the server said."""
    server.answer("/a", status=500)
    with pytest.raises(AnswerError, match="500"):
        client.json(f"{server.url}/a")
    assert server.count("/a") == 5


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_holds_everybody(server, client, as_date):
    """While a host has asked for time nobody asks it, whether the time is given in seconds or as a date."""
    until = datetime.now(UTC) + timedelta(seconds=1.5)  # dates have no fractions
    said = format_datetime(until, usegmt=True) if as_date else "0.3"
    server.answer("/a", status=429, headers={"Retry-After": said}, times=1)
    server.answer("/a", {"n": 1})
    server.answer("/b", {"n": 2})
    begun = time.monotonic()
    asking = threading.Thread(target=client.json, args=(f"{server.url}/a",))
    asking.start()
    time.sleep(0.1)
    client.json(f"{server.url}/b")
    asking.join()
    assert time.monotonic() - begun > (0.45 if as_date else 0.29)
    assert server.paths()[0] == "/a"


def test_a_host_that_asks_for_an_hour_is_left_alone(server, client):
    """A wait that is too long ends the harvest with the time that was asked for."""
    server.answer("/a", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(AnswerError, match="60 minutes"):
        client.json(f"{server.url}/a")
    assert server.count("/a") == 1


def test_the_rate_is_kept_over_all_threads(server):
    """Twenty questions on eight threads at forty a second take half a second, not less."""
    server.answer("/a", {})
    with server.client(rate=40.0) as client:
        begun = time.monotonic()
        ask = [threading.Thread(target=client.json, args=(f"{server.url}/a",)) for _ in range(20)]
        for one in ask:
            one.start()
        for one in ask:
            one.join()
    assert 0.45 < time.monotonic() - begun < 1.5


def test_only_so_many_are_asked_at_once(server):
    """Six questions that take a tenth of a second each, two at the same time, take three tenths."""
    server.answer("/a", {}, wait=0.1)
    with server.client(rate=1000.0, at_once=2) as client:
        begun = time.monotonic()
        ask = [threading.Thread(target=client.json, args=(f"{server.url}/a",)) for _ in range(6)]
        for one in ask:
            one.start()
        for one in ask:
            one.join()
    assert time.monotonic() - begun > 0.29


def test_a_dead_host_costs_little(server):
    """Once a host has failed for several requests in a row, each further one is tried only once."""
    server.answer("/a", status=503)
    with server.client(tries=3) as client:
        for _ in range(6):
            with pytest.raises(AnswerError):
                client.json(f"{server.url}/a")
    assert server.count("/a") == 3 * 3 + 3


def test_waiting_ends_when_it_is_stopped(server):
    """A harvest that is told to stop does not wait for what a server asked for."""
    server.answer("/a", status=503, headers={"Retry-After": "30"})
    stop = threading.Event()
    with server.client(stop=stop) as client:
        threading.Timer(0.1, stop.set).start()
        begun = time.monotonic()
        with pytest.raises(StoppedError):
            client.json(f"{server.url}/a")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", ["/drip", "/heads"])
def test_a_byte_now_and_then_is_not_waited_for(server, path):
    """A server that sends one byte after the other, in its headers too, is left when patience ends."""
    server.answer("/drip", b"x" * 1000, every=0.05)
    if path == "/heads":
        listening = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        threading.Thread(target=_headers_without_end, args=(listening,), daemon=True).start()
    else:
        url = server.url + path
    begun = time.monotonic()
    with server.client(patience_s=0.3, tries=1) as client, pytest.raises(AnswerError, match="slowly"):
        client.text(url)
    assert time.monotonic() - begun < 2
    if path == "/heads":
        listening.close()


def _headers_without_end(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    try:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        connection.close()


# ------------------------------------------------------------------ addresses


def test_servers_within_are_asked_only_where_that_is_allowed(server):
    """This machine is not asked unless private servers are allowed, and the refusal says so."""
    server.answer("/a", {})
    with (
        server.client(allowed=is_public) as client,
        pytest.raises(AnswerError, match="private servers are"),
    ):
        client.json(f"{server.url}/a")
    assert server.count() == 0


def test_a_name_that_turns_to_this_machine_is_not_followed(server, tmp_path):
    """A name is checked at each connection, at the address that is connected to: rebinding ends all that it gives."""
    server.answer("/a", {"n": 1}, headers={"Connection": "close"})
    answers = iter([["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.1"]])
    first = {"resolve": lambda *_: next(answers), "allowed": lambda address: str(address) == "127.0.0.1"}
    with server.client(**first) as client:
        assert client.json(f"http://museum.example:{server.port}/a") == {"n": 1}
        for _ in range(2):
            with pytest.raises(AnswerError, match="not on the public internet"):
                client.json(f"http://museum.example:{server.port}/a")
    assert server.count() == 1
    assert next(answers) == ["127.0.0.1"]


def test_redirects_are_checked_like_the_first_address(server, tmp_path):
    """A redirect round and round, or to a file, is left; keys do not go to another host."""
    server.answer("/round", status=302, headers={"Location": "/round"})
    server.answer("/file", status=302, headers={"Location": "file:///etc/passwd"})
    server.answer("/away", status=302, headers={"Location": f"http://localhost:{server.port}/there"})
    server.answer("/there", lambda asked: dict(asked.headers))

    with server.client() as client:
        for path, said in (("round", "more than"), ("file", "no address")):
            with pytest.raises(AnswerError, match=said):
                client.json(f"{server.url}/{path}")
        assert "x-key" not in client.json(f"{server.url}/away", headers={"X-Key": "secret"})
        assert client.json(f"{server.url}/there", headers={"X-Key": "secret"})["x-key"] == "secret"


def test_a_redirect_to_a_network_within_is_refused(server):
    """A public server that sends on to this machine leads nowhere."""
    server.answer("/away", status=302, headers={"Location": f"http://within.example:{server.port}/there"})
    server.answer("/there", {})
    places = {"museum.example": "127.0.0.1", "within.example": "127.0.0.2"}
    first = {"resolve": lambda name, _: [places[name]], "allowed": lambda address: str(address) == "127.0.0.1"}
    with server.client(**first) as client, pytest.raises(AnswerError, match="within.example is not on the public"):
        client.json(f"http://museum.example:{server.port}/away")
    assert server.count("/there") == 0


def test_a_server_within_is_told_before_its_robots_txt_and_once(server, tmp_path):
    """Each link to it is refused with the address as the reason; nothing is asked, and the server is told once."""
    names: list[str] = []

    def resolve(name: str, _: int) -> list[str]:
        names.append(name)
        return ["10.0.0.7"]

    with server.client(allowed=is_public, resolve=resolve) as client:
        for number in range(3):
            link = f"http://within.example/{number}.jpg"
            with pytest.raises(PictureError) as refused:
                client.download(link, tmp_path / "a")
            assert str(refused.value).startswith(
                f"{link} cannot be asked: within.example is not on the public internet"
            )
            assert "robots" not in str(refused.value)
        for robots in (True, False):
            with pytest.raises(AnswerError, match="within.example is not on") as error:
                client.text("http://within.example/page", robots=robots)
            assert error.value.settings == ("allow_private",)
        (told,) = client.remarks.take()
        assert told.startswith("nothing can be had from within.example: within.example is not on the public internet")
        assert client.remarks.take() == []
    assert len(names) <= 2


def test_a_name_that_nobody_knows_is_told_once(server, tmp_path):
    """Links to it are refused one by one without looking it up anew, and the name is told once."""

    def resolve(name: str, _: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with server.client(resolve=resolve) as client:
        for number in range(3):
            with pytest.raises(PictureError, match=rf"{number}.jpg cannot be asked: nobody knows the name m.example$"):
                client.download(f"http://m.example/{number}.jpg", tmp_path / "a")
        assert client.remarks.take() == ["nothing can be had from m.example: nobody knows the name m.example"]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a/b", "http://", "C:\\a.png", "http://u:p@museum.example/"]
)
def test_what_is_no_address_is_not_asked(url):
    """Only http and https are asked, and no address that tells a password."""
    with Client() as client, pytest.raises(AnswerError):
        client.json(url)


def test_keys_are_not_told_in_errors(server, client):
    """What an error shows of an address hides keys."""
    with pytest.raises(AnswerError) as error:
        client.json(f"{server.url}/a?wskey=verysecret&q=1")
    assert "verysecret" not in str(error.value)
    assert "q=1" in str(error.value)


# ------------------------------------------------------------------ pictures


def test_a_picture_comes_whole(server, client, tmp_path):
    """The file is there with what the server calls this version; asked again, nothing is sent."""
    server.answer("/a.jpg", PICTURE, type="image/jpeg", etag='"1"')
    version = client.download(f"{server.url}/a.jpg", tmp_path / "deep" / "a")
    assert (tmp_path / "deep" / "a").read_bytes() == PICTURE
    assert client.download(f"{server.url}/a.jpg", tmp_path / "deep" / "a", version) == version == Validators('"1"')
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["a"]


def test_a_download_goes_on_where_it_broke_off(server, client, tmp_path):
    """The second try asks for the rest only, and only of the same version."""
    server.answer("/a.jpg", PICTURE, type="image/jpeg", etag='"1"', cut=60_000, times=1)
    server.answer("/a.jpg", PICTURE, type="image/jpeg", etag='"1"')
    client.download(f"{server.url}/a.jpg", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == PICTURE
    last = server.asked[-1].headers
    assert int(last["range"].removeprefix("bytes=").removesuffix("-")) > 0
    assert last["if-range"] == '"1"'


def test_a_download_of_another_version_begins_anew(server, client, tmp_path):
    """Where the picture has changed meanwhile nothing of the old one stays."""
    server.answer("/a.jpg", PICTURE, type="image/jpeg", etag='"1"', cut=60_000, times=1)
    server.answer("/a.jpg", b"other" * 100, type="image/jpeg", etag='"2"')
    client.download(f"{server.url}/a.jpg", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"other" * 100


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "refuses"), (404, "nothing at"), (410, "gone for good"), (429, "too often"), (500, "wrong")],
)
def test_pictures_that_cannot_be_had_are_told(server, client, tmp_path, status, said):
    """403, 404, 410, 429 and 500 are reasons in words for one record, and leave no file."""
    server.answer("/a.jpg", "no", status=status)
    with pytest.raises(PictureError, match=said):
        client.download(f"{server.url}/a.jpg", tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_pages_and_too_large_pictures_are_refused(server, tmp_path):
    """A web page is no picture, and one of 2 GB is not taken."""
    server.answer("/page", "<html>", type="text/html; charset=utf-8")
    server.answer("/huge", huge=2_000_000_000)
    server.answer("/endless", huge=2_000_000_000, announced=False)
    with server.client(largest_picture=1_000_000) as client:
        for path, said in (("page", "web page"), ("huge", "more than 1 MB"), ("endless", "more than 1 MB")):
            with pytest.raises(PictureError, match=said):
                client.download(f"{server.url}/{path}", tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_robots_txt_is_gone_by(server, client, tmp_path):
    """What robots.txt excludes, patterns included, is not fetched; it is read once; APIs are asked all the same."""
    server.answer("/robots.txt", "User-agent: *\nDisallow: /private\nDisallow: /*.tif$\n")
    server.answer("/private/a", {"n": 1})
    server.answer("/a.jpg", PICTURE, type="image/jpeg")
    for path in ("private/a", "a.tif"):
        with pytest.raises(PictureError, match="robots"):
            client.download(f"{server.url}/{path}", tmp_path / "a")
    client.download(f"{server.url}/a.jpg", tmp_path / "a")
    assert client.json(f"{server.url}/private/a") == {"n": 1}
    assert server.count("/robots.txt") == 1


def test_a_robots_txt_that_is_waited_for_holds_nobody_else(server, client, tmp_path):
    """While one server takes its time to say what it wants, pictures of others come."""
    server.answer("/robots.txt", "", wait=1.0, times=1)
    server.answer("/a.jpg", PICTURE, type="image/jpeg")
    slow = threading.Thread(target=client.download, args=(f"{server.url}/a.jpg", tmp_path / "slow"))
    slow.start()
    while not server.count("/robots.txt"):
        time.sleep(0.01)
    client.download(f"http://localhost:{server.port}/a.jpg", tmp_path / "quick")
    assert slow.is_alive()
    slow.join()
    assert (tmp_path / "slow").read_bytes() == (tmp_path / "quick").read_bytes() == PICTURE


def test_a_robots_txt_that_cannot_be_read_forbids(server, client, tmp_path):
    """Where the server fails to tell what it wants, nothing is fetched from it."""
    server.answer("/robots.txt", status=500)
    server.answer("/a.jpg", PICTURE, type="image/jpeg")
    with pytest.raises(PictureError, match="robots.txt cannot be read"):
        client.download(f"{server.url}/a.jpg", tmp_path / "a")
