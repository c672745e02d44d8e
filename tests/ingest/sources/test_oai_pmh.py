"""The source `oai-pmh`, against a repository on this machine."""

import threading

import pytest

from archive_search.types import InvalidInputError, SourceError
from ingest.source import Rejected
from ingest.sources.oai_pmh import OaiPmh
from ingest.testing import Desk, Encoder, picture
from tests.ingest.records import real, record

HEAD = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{}</OAI-PMH>'
SPACES = {
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "lido": "http://www.lido-schema.org",
    "edm": "http://www.europeana.eu/schemas/edm/",
    "marc21": "http://www.loc.gov/MARC21/slim",
}


def formats(*prefixes):
    """The answer to ListMetadataFormats."""
    said = "".join(
        f"<metadataFormat><metadataPrefix>{one}</metadataPrefix><metadataNamespace>{SPACES[one]}</metadataNamespace>"
        "</metadataFormat>"
        for one in prefixes
    )
    return HEAD.format(f"<ListMetadataFormats>{said}</ListMetadataFormats>")


def dublin_core(id, image):
    """A record in Dublin Core."""
    space = 'xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f"<d:dc {space}><dc:title>Axe {id}</dc:title><dc:identifier>{image}</dc:identifier></d:dc>"


def listed(records, token="", total="", stamps=None):
    """A page of ListRecords: metadata by id, None of what is deleted; `stamps` are the days when they changed."""
    days = {id: f"<datestamp>{day}</datestamp>" for id, day in (stamps or {}).items()}
    said = "".join(
        f"<record><header><identifier>{id}</identifier>{days.get(id, '')}</header><metadata>{data}</metadata></record>"
        if data is not None
        else f'<record><header status="deleted"><identifier>{id}</identifier></header></record>'
        for id, data in records.items()
    )
    more = f'<resumptionToken completeListSize="{total}">{token}</resumptionToken>' if token or total else ""
    return HEAD.format(f"<ListRecords>{said}{more}</ListRecords>")


def error(code, said=""):
    """An answer that is an error of the protocol."""
    return HEAD.format(f'<error code="{code}">{said}</error>')


class Repository:
    """Answers as a repository does; what it was asked is in `asked`."""

    def __init__(self, server, ids, size=10, prefixes=("oai_dc", "lido"), granularity="YYYY-MM-DDThh:mm:ssZ"):
        self.server, self.size, self.prefixes, self.granularity = server, size, prefixes, granularity
        self.records = {id: dublin_core(id, f"{server.url}/{id}.png") for id in ids}
        self.expired: list[str] = []
        self.stamps: dict[str, str] = {}
        self.tells_length = True
        self.asked: list[dict[str, str]] = []
        server.answer("/oai", self, type="text/xml")

    def __call__(self, asked):
        """One answer."""
        question = asked.query
        self.asked.append(question)
        if question["verb"] == "ListMetadataFormats":
            return formats(*self.prefixes)
        if question["verb"] == "Identify":
            return HEAD.format(f"<Identify><granularity>{self.granularity}</granularity></Identify>")
        token = question.get("resumptionToken", "")
        if token in self.expired:
            self.expired.remove(token)
            return error("badResumptionToken", "It has expired.")
        since, _, place = token.rpartition("at") if token else (question.get("from", ""), "", "0")
        there = [one for one in self.records.items() if not self.stamps or self.stamps[one[0]] >= since]
        some = dict(there[int(place) : int(place) + self.size])
        if not some:
            return error("noRecordsMatch")
        more = f"{since}at{int(place) + self.size}" if int(place) + self.size < len(there) else ""
        return listed(some, more, str(len(there)) if self.tells_length else "", self.stamps)

    def verbs(self):
        """What was asked, briefly."""
        return [one["verb"] + one.get("resumptionToken", "") for one in self.asked]


def source(server, **settings):
    """The source of the repository."""
    return OaiPmh(f"{server.url}/oai", **{"allow_private": True, "rate": 1000.0, **settings})


def given(server, archive, stop=None, **settings):
    """What the source gives in an archive."""
    archive.mkdir(exist_ok=True)
    with source(server, **settings).opened(archive, stop or threading.Event()) as opened:
        return list(opened.records())


IDS = [f"oai:m:{number}" for number in range(25)]


def test_a_repository_becomes_an_archive_and_tells_what_changed(server, tmp_path):
    """All pages are taken by their tokens; later only what changed is asked for, and what was deleted goes."""
    museum = Repository(server, IDS)
    for number, id in enumerate(IDS):
        server.answer(f"/{id}.png", picture(number), type="image/png")
    taken = source(server, prefix="oai_dc")
    desk = Desk(tmp_path)
    assert desk.run(taken, Encoder()).added == 25
    assert museum.verbs() == ["ListRecords", "ListRecordsat10", "ListRecordsat20"]
    museum.records = {IDS[3]: museum.records[IDS[3]].replace("Axe", "Polished axe"), IDS[4]: None}
    museum.asked.clear()
    summary = desk.run(taken, Encoder())
    assert (summary.relabelled, summary.unchanged, summary.gone) == (1, 23, (IDS[4],))
    assert museum.verbs() == ["Identify", "ListRecords"]
    assert museum.asked[1]["from"].endswith("Z")
    assert desk.index.open().points([IDS[3]])[0].payload["title"] == f"Polished axe {IDS[3]}"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(("oai_dc", "marc21", "edm", "lido"), "lido"), (("marc21", "oai_dc", "edm"), "edm"), (("oai_dc",), "oai_dc")],
)
def test_the_format_that_says_most_is_chosen(server, tmp_path, offered, chosen):
    """LIDO comes before EDM, and that before Dublin Core."""
    museum = Repository(server, IDS[:1], prefixes=offered)
    given(server, tmp_path)
    assert museum.asked[-1]["metadataPrefix"] == chosen


def test_a_repository_without_a_known_format_is_said(server, tmp_path):
    """What is offered is told."""
    Repository(server, IDS, prefixes=("marc21",))
    with pytest.raises(SourceError, match="offers marc21"):
        given(server, tmp_path)


def test_all_three_formats_are_read(server, tmp_path):
    """A record is read by what it is, whatever it was asked for as; an unknown one is refused by itself."""
    museum = Repository(server, ())
    inner = {name: record(name).decode().partition("?>")[2] for name in ("lido-1.1.xml", "edm.xml", "oai_dc.xml")}
    museum.records = {**inner, "marc": "<marc/>", "empty": ""}
    museum.records["lido-1.1.xml"] = inner["lido-1.1.xml"].replace("pictures/", f"{server.url}/")
    found = given(server, tmp_path)
    assert [one.id for one in found] == [
        *("lido-1.1.xml", "edm.xml", "edm.xml/2", "oai_dc.xml", "oai_dc.xml/2", "marc", "empty"),
    ]
    assert [type(one) for one in found[-2:]] == [Rejected, Rejected]
    assert "LIDO, EDM and Dublin Core are" in found[-2].reason


def test_sets_and_dates_are_asked_for_as_finely_as_the_repository_tells(server, tmp_path):
    """A repository that tells days is asked for days; the set goes along; a token goes alone."""
    museum = Repository(server, IDS, granularity="YYYY-MM-DD")
    given(server, tmp_path, prefix="oai_dc", only_set="coins", from_date="2024-01-31", until_date="2024-02-01")
    assert museum.asked[1] == {
        "verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "coins", "from": "2024-01-31", "until": "2024-02-01",
    }  # fmt: skip
    assert museum.asked[2] == {"verb": "ListRecords", "resumptionToken": "2024-01-31at10"}
    museum.granularity = "YYYY-MM-DDThh:mm:ssZ"
    given(server, tmp_path / "finer", prefix="oai_dc", until_date="2024-02-01")
    assert museum.asked[-3]["until"] == "2024-02-01T23:59:59Z"
    with pytest.raises(InvalidInputError, match="written like 2024-01-31"):
        given(server, tmp_path / "wrong", prefix="oai_dc", from_date="yesterday")


def test_a_token_that_expires_on_the_way_means_to_begin_anew(server, tmp_path):
    """The list is asked for from its beginning; every record is given once."""
    museum = Repository(server, IDS)
    museum.expired = ["at20"]
    assert [one.id for one in given(server, tmp_path, prefix="oai_dc")] == IDS
    assert museum.verbs() == [f"ListRecords{token}" for token in ("", "at10", "at20", "", "at10", "at20")]


def asked_from(museum):
    """The lists that were asked for from their begin, by the day from which on."""
    asked = [one for one in museum.asked if one["verb"] == "ListRecords" and "resumptionToken" not in one]
    return [one.get("from", "") for one in asked]


def told_by(server, archive, stop=None):
    """What is given, and what is told meanwhile."""
    archive.mkdir(exist_ok=True)
    with source(server, prefix="oai_dc").opened(archive, stop or threading.Event()) as opened:
        return [one.id for one in opened.records()], opened.told()


def test_a_list_in_order_is_begun_anew_behind_what_came(server, tmp_path):
    """Where records came as they changed, the rest is asked for by its days, in words; no picture comes twice."""
    museum = Repository(server, IDS, granularity="YYYY-MM-DD")
    museum.stamps = {id: f"2024-01-{1 + number // 3:02}" for number, id in enumerate(IDS)}
    museum.expired = ["at20"]
    for number, id in enumerate(IDS):
        server.answer(f"/{id}.png", picture(number), type="image/png")
    told = []
    summary = Desk(tmp_path).run(source(server, prefix="oai_dc"), Encoder(), on_remark=told.append)
    assert (summary.added, summary.rejected) == (25, 0)
    assert asked_from(museum) == ["", "2024-01-07"]
    assert museum.verbs()[-2:] == ["Identify", "ListRecords"]
    assert [server.count(f"/{id}.png") for id in IDS] == [1] * 25
    (said,) = told
    assert "(the resumptionToken has expired): it is asked again from 2024-01-07 on; what is kept" in said


def test_a_list_without_order_or_length_is_begun_anew_from_its_beginning(server, tmp_path):
    """Whatever order records come in, none is passed over when a token expires."""
    museum = Repository(server, IDS, granularity="YYYY-MM-DD")
    days = [f"2024-01-{1 + number // 3:02}" for number in range(25)]
    mixed = [*days[15:20], *days[:5], *days[5:15], *days[20:]]
    late = [*days[5:25], *days[:5]]  # in order as far as anybody can see, and yet older ones come
    odd = [f"week {number:02}" for number in range(25)]
    for number, (order, tells) in enumerate([(mixed, True), (days, False), (late, True), (odd, True)]):
        museum.stamps, museum.tells_length = dict(zip(IDS, order, strict=True)), tells
        museum.expired, museum.asked = ["at20"], []
        found, (told,) = told_by(server, tmp_path / str(number))
        assert found == IDS
        assert asked_from(museum)[-1] == ""
        assert "asked again from its beginning" in told


def test_a_list_in_order_goes_on_behind_a_stop_long_ago(server, tmp_path):
    """A token that has expired since a stop costs no more than the last day's records."""
    museum = Repository(server, IDS, granularity="YYYY-MM-DD")
    museum.stamps = {id: f"2024-01-{1 + number // 3:02}" for number, id in enumerate(IDS)}
    stop = threading.Event()
    stop.set()
    assert len(told_by(server, tmp_path, stop)[0]) == 10
    museum.expired, museum.asked = ["at10"], []
    found, (told,) = told_by(server, tmp_path)
    assert found == IDS
    assert asked_from(museum) == ["2024-01-04"]
    assert "from 2024-01-04 on" in told


def test_a_token_that_has_expired_since_a_stop_means_to_begin_anew(server, tmp_path):
    """Where a harvest was broken off long ago, all is asked for again; what is kept is given once."""
    museum = Repository(server, IDS)
    stop = threading.Event()
    stop.set()
    assert len(given(server, tmp_path, stop, prefix="oai_dc")) == 10
    museum.expired = ["at10"]
    museum.asked.clear()
    assert [one.id for one in given(server, tmp_path, prefix="oai_dc")] == IDS
    assert museum.verbs() == [f"ListRecords{token}" for token in ("at10", "", "at10", "at20")]


def test_tokens_that_are_never_known_end_the_harvest(server, tmp_path):
    """A repository that forgets every token is not asked for ever."""
    museum = Repository(server, IDS)
    museum.expired = ["at10"] * 100
    with pytest.raises(SourceError, match="tokens to go on with that it does not know"):
        given(server, tmp_path, prefix="oai_dc")
    assert len(museum.asked) < 12


def test_a_page_that_leads_to_itself_ends_the_harvest(server, tmp_path):
    """A token that comes again is no way on."""
    server.answer("/oai", listed({IDS[0]: dublin_core("a", "https://a.example/a.png")}, "same"), type="text/xml")
    with pytest.raises(SourceError, match="again and again"):
        given(server, tmp_path, prefix="oai_dc")


@pytest.mark.parametrize("ids", [IDS[:3], []])
def test_a_list_without_an_end_ends_the_harvest(server, tmp_path, ids):
    """The same records, or none, under ever new tokens are no list."""
    records, tokens = {id: dublin_core(id, "https://a.example/a.png") for id in ids}, iter(range(10_000))
    server.answer("/oai", lambda _: listed(records, f"t{next(tokens)}"), type="text/xml")
    with pytest.raises(SourceError, match="has no end"):
        given(server, tmp_path, prefix="oai_dc")
    assert server.count("/oai") < 110


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error("cannotDisseminateFormat"), "no such metadata prefix"),
        (error("noSetHierarchy"), "there are no sets"),
        (error("badArgument", "what is x?"), "what is x"),
        ("<html/>", "does not speak OAI-PMH"),
        ("{}", "cannot be read as XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
    ],
)
def test_errors_are_told_in_words(server, tmp_path, answer, said):
    """The codes of the protocol, and what is no answer of it at all."""
    server.answer("/oai", answer, type="text/xml")
    with pytest.raises(SourceError, match=said):
        given(server, tmp_path, prefix="oai_dc", only_set="x")


def test_nothing_new_is_no_error(server, tmp_path):
    """Where no record matches there is none."""
    server.answer("/oai", error("noRecordsMatch"), type="text/xml")
    assert not given(server, tmp_path, prefix="oai_dc")


def test_an_answer_in_another_encoding_is_read(server, tmp_path):
    """What the document declares counts where the server names no encoding."""
    page = listed({"a": dublin_core("økse", "https://a.example/a.png")}).replace("UTF-8", "ISO-8859-1")
    server.answer("/oai", page.encode("iso-8859-1"), type="text/xml")
    assert given(server, tmp_path, prefix="oai_dc")[0].metadata["title"] == "Axe økse"


def test_a_real_answer_is_read(server, tmp_path):
    """Twenty records of coins and notes, as a repository gave them, with the token that leads on."""
    page = (real("lido") / "nfdi4objects_example2.xml").read_bytes()
    server.answer("/oai?verb=ListRecords&metadataPrefix=lido", page, type="text/xml")
    server.answer("/oai?verb=ListRecords&resumptionToken=oai_1721138630738", listed({"last": None}), type="text/xml")
    found = given(server, tmp_path, prefix="lido")
    assert len(found) == 32
    assert len({one.metadata["object_id"] for one in found}) == 20
