"""Citations: rendered by a CSL processor, read back from BibTeX and RIS by other programs."""

import dataclasses
import json
import re
import warnings
from pathlib import Path

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from archive_search.exporting import export
from archive_search.exports.parts.citations import one_line, web_address
from archive_search.plan import Plan
from archive_search.ranking.chosen import Chosen
from archive_search.results import ResultSet, SavedHoldings
from archive_search.types import Query

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "csl-data.json").read_text(encoding="utf-8"))


def cited(found, folder, **settings):
    """The items of a set."""
    export(found, folder / "set.csl.json", settings=settings, overwrite=True)
    items = json.loads((folder / "set.csl.json").read_text(encoding="utf-8"))
    jsonschema.validate(items, SCHEMA)
    return items


def rendered(items, form):
    """A bibliography, as citeproc-py writes it with the style it comes with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what its style and items have that it does not know
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON

        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        plain = [{name: value for name, value in item.items() if name != "custom"} for item in items]
        made = CitationStylesBibliography(style, CiteProcJSON(plain), getattr(formatter, form))
        for item in items:
            made.register(Citation([CitationItem(item["id"])]))
        return [str(one) for one in made.bibliography()]


def test_an_object_is_cited_with_museum_number_date_licence_and_link(few, tmp_path):
    """Fields stand where the table of fields puts them in CSL; what it has no place for stands in the note."""
    known = {
        "r0": {
            "title": "Polished axe",
            "object_id": "A 14/26",
            "object_type": "axe",
            "creator": ["Smith", "Jones"],
            "date": "c. 3000 BC",
            "location": "Nationalmuseet",
            "collection": "Oldtid",
            "licence": "CC BY 4.0",
            "credit": "Foto: Ann",
            "record_url": "https://example.org/økse?a=1&b={2}",
            "material": ["flint"],
            "language": ["da"],
            "description": "Thin-butted.",
        },
        "r1": {"title": "Spoon", "date_from": 1650, "date_to": 1650, "record_url": "javascript:alert(1)"},
        "r2": {"object_type": "pot", "date_from": -3900, "date_to": -1700},
    }
    some = ResultSet(few.plan, few.trace, SavedHoldings(known), lambda: few.provenance)
    items = {item["custom"].get("archive-search", {}).get("record", "set"): item for item in cited(some, tmp_path)}
    assert items["r0"] == {
        "id": "a-14-26",
        "type": "graphic",
        "title": "Polished axe",
        "call-number": "A 14/26",
        "genre": "axe",
        "author": [{"literal": "Smith"}, {"literal": "Jones"}],
        "issued": {"literal": "c. 3000 BC"},
        "archive": "Nationalmuseet",
        "archive_collection": "Oldtid",
        "URL": "https://example.org/%C3%B8kse?a=1&b=%7B2%7D",
        "medium": "flint",
        "language": "da",
        "abstract": "Thin-butted.",
        "note": "Licence: CC BY 4.0 (http://creativecommons.org/licenses/by/4.0/). Credit: Foto: Ann. Record: r0",
        "custom": {"archive-search": {"record": "r0", "rank": some.ranks["r0"]}},
    }
    assert items["r1"]["issued"] == {"date-parts": [[1650]]}
    assert "URL" not in items["r1"]
    assert items["r2"]["issued"] == {"literal": "3900–1700 BCE"}
    assert items["r2"]["title"] == "pot"
    shown = rendered([items["r0"], items["r1"]], "plain")
    assert "Polished axe" in shown[0]
    assert "Smith" in shown[0]
    assert "1650" in shown[1]


def test_the_set_itself_is_cited(few, tmp_path):
    """Question, archive, who, day, generation, program and how it was ranked are in the first item."""
    first = cited(few, tmp_path)[0]
    assert first["title"] == "axe 1: Search catalogue, Sagnlandet & <\u2060Sons>"
    assert first["type"] == "dataset"
    assert first["author"] == [{"literal": "Ann Hansen"}]
    assert first["issued"]["date-parts"][0][0] >= 2026
    assert first["version"] == "gen-000001"
    assert "polished" in first["abstract"]
    assert "archive-search" in first["note"]
    assert "staged" in first["note"]
    assert first["custom"]["archive-search"]["plan"]["query"]["examples"][0]["value"] == "axe 1"
    assert "Ann Hansen" in rendered([first], "plain")[0]
    danish = cited(few, tmp_path, language="da")[0]
    assert danish["title"].startswith("axe 1: Søgekatalog")


def test_pictures_of_one_object_are_cited_once(few, tmp_path):
    """The best picture of an object stands for it, unless each is wanted; the same number elsewhere is another."""
    known = {hit.id: {"object_id": "A1", "location": "Roskilde" if hit.id == "r5" else "Lejre"} for hit in few}
    some = ResultSet(few.plan, few.trace, SavedHoldings(known), lambda: few.provenance)
    assert len(cited(some, tmp_path)) == 3
    ids = [item["id"] for item in cited(some, tmp_path, per_object=False)]
    assert len(set(ids)) == len(ids) == 9
    assert {"a1", "a1-2", "a1-8"} <= set(ids)
    assert len(cited(some, tmp_path, per_object=False, number=2)) == 3


def test_hostile_titles_in_csl_json(found, tmp_path):
    """Five hundred titles are what they were; a processor that writes HTML runs none of them."""
    items = cited(found, tmp_path)
    wanted = {hit.id: hit.payload["title"] for hit in found if hit.id != "r3"}
    titles = {item["custom"]["archive-search"]["record"]: item["title"].replace("\u2060", "") for item in items[1:]}
    assert titles == wanted
    shown = rendered(items[1:40], "html")
    assert len(shown) == 39
    assert not re.search("<script|<b>", "".join(shown))


def test_where_an_object_is_kept_in_bibtex(few, tmp_path):
    """Museum, collection and number stand together; the source stands for a museum that is not named."""
    known = {
        "r0": {"object_id": "A_1", "location": "Museum & Sons", "collection": "Oldtid", "source": "Portal"},
        "r1": {"object_id": "B2", "source": "Portal", "creator": ["Ann and Bob", "{Eve}"]},
    }
    some = ResultSet(few.plan, few.trace, SavedHoldings(known), lambda: few.provenance)
    export(some, tmp_path / "set.bib")
    text = (tmp_path / "set.bib").read_text(encoding="utf-8")
    assert r"howpublished = {Museum \& Sons, Oldtid, A\_1}" in text
    assert "howpublished = {Portal, B2}" in text
    assert r"author = {{Ann and Bob} and {\textbraceleft{}Eve\textbraceright{}}}" in text
    assert re.search(r"year = \{\d{4}\},\n  date = \{\d{4}-\d\d-\d\d\},", text)


def test_hostile_titles_in_bibtex(found, tmp_path):
    """Bibtexparser reads an entry each and, decoded from LaTeX, each title on one line; braces balance."""
    export(found, tmp_path / "set.bib")
    text = (tmp_path / "set.bib").read_text(encoding="utf-8")
    read = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=decoder())])
    assert not read.failed_blocks
    assert len(read.entries) == 500
    assert len({entry.key for entry in read.entries}) == 500
    titles = [re.sub(r"^\{(.*)\}$", r"\1", entry["title"]) for entry in read.entries[1:]]
    for title, hit in zip(titles, (hit for hit in found if hit.id != "r3"), strict=True):
        assert plain(title) == plain(hit.payload["title"])
    raw = text.partition("% archive-search provenance")[0]
    depth = 0
    for one in raw:
        depth += (one == "{") - (one == "}")
        assert 0 <= depth <= 4
    assert depth == 0
    assert not re.search(r"(?<!\\)[$#%~^]", re.sub(r"url = .*", "", raw))


def decoder():
    """What reads LaTeX, taught two signs that it does not know."""
    known = get_default_latex_context_db()
    signs = [MacroTextSpec("textless", simplify_repl="<"), MacroTextSpec("textgreater", simplify_repl=">")]
    known.add_context_category("signs", prepend=True, macros=signs)
    return LatexNodes2Text(latex_context=known, math_mode="verbatim", keep_braced_groups=False)


def plain(title):
    """A title on one line, as LaTeX prints it: without the difference between what looks alike there."""
    return re.sub(r"\s+", " ", one_line(title)).replace("’", "'").replace("”", '"').strip()


def test_hostile_titles_in_ris(found, tmp_path):
    """Rispy reads an entry each and each title on one line; no title begins a tag of its own."""
    export(found, tmp_path / "set.ris")
    with (tmp_path / "set.ris").open(encoding="utf-8") as file:
        read = rispy.load(file)
    assert len(read) == 500
    titles = [one.get("title", "") for one in read[1:]]
    assert titles == [one_line(hit.payload["title"]) for hit in found if hit.id != "r3"]
    assert [one["type_of_reference"] for one in read[:2]] == ["DATA", "ART"]
    assert read[1]["urls"][0].startswith("https://example.org/")
    assert "CC BY" in read[1]["notes"][0] or "All rights" in read[1]["notes"][0]


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://example.org/a?b=1&c=%20#d", "https://example.org/a?b=1&c=%20#d"),
        ("http://example.org/a b}\\c{\n", "http://example.org/a%20b%7D%5Cc%7B"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("http://[", ""),
        ("example.org", ""),
    ],
)
def test_only_addresses_of_the_web_are_links(value, address):
    """What is no web address is no link, and what breaks out of one stands as its number."""
    assert web_address(value) == address


def test_each_search_has_a_key_of_its_own(few, tmp_path):
    """The same set has the same key in every format and language; another question of the same day has another."""
    key = cited(few, tmp_path)[0]["id"]
    assert re.fullmatch(rf"search-{few.provenance.time[:10]}-axe-[0-9a-f]{{8}}", key)
    assert cited(few, tmp_path, language="da")[0]["id"] == key
    export(few, tmp_path / "set.bib")
    export(few, tmp_path / "set.ris")
    assert (tmp_path / "set.bib").read_text(encoding="utf-8").startswith(f"@misc{{{key},")
    assert f"ID  - {key}\n" in (tmp_path / "set.ris").read_text(encoding="utf-8")
    narrower = dataclasses.replace(few.plan, limit=5)
    other = ResultSet(narrower, few.trace, few.holdings, lambda: few.provenance)
    assert cited(other, tmp_path)[0]["id"] not in (key, f"search-{few.provenance.time[:10]}")
    later = dataclasses.replace(few.provenance, time="2030-01-02T03:04:05+00:00")
    assert cited(ResultSet(few.plan, few.trace, few.holdings, lambda: later), tmp_path)[0]["id"] != key


def test_a_collection_keeps_its_key_whenever_it_is_exported(few, tmp_path):
    """Its key says its name, with letters that have no others in ASCII written out, and no day."""
    plan = Plan(Query(), (Chosen(tuple(few.ranks), "Økser"),))
    found = [
        ResultSet(plan, few.trace, few.holdings, lambda time=time: dataclasses.replace(few.provenance, time=time))
        for time in ("2030-01-02T03:04:05+00:00", "2031-01-02T03:04:05+00:00")
    ]
    keys = {cited(one, tmp_path)[0]["id"] for one in found}
    assert len(keys) == 1
    assert re.fullmatch("set-oekser-[0-9a-f]{8}", keys.pop())
