"""
Rights texts and addresses as one of the known licences: Creative Commons, and the statements of RightsStatements.org.

A licence that is taken for open and is none does harm; one that nobody recognised does not. So what can be read in two
ways is none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache


@dataclass(frozen=True, slots=True)
class Licence:
    """
    A known licence or statement of rights.

    `address` is the one that its makers define it by (with `http`), '' where a museum names no version. `is_open`: it
    lets anybody pass the picture on for any purpose, as the Open Definition has it (CC0, public domain, CC BY and
    CC BY-SA). `may_be_shown`: it lets a picture be shown to the public without profit; what is open may be.
    """

    name: str
    address: str
    is_open: bool
    may_be_shown: bool


@lru_cache(maxsize=10_000)
def licence_of(text: str) -> Licence | None:
    """
    The licence that a museum's words or an address name, in English, German, Danish, Dutch or French.

    None where they name none that is known, several that differ, or one with reservations. Of a licence whose version
    is not told there is no address, and none is guessed.
    """
    said = " ".join(html.unescape(re.sub(r"<[^>]*>", _addresses_in, text)).split())
    if not said or len(said) > LONGEST:
        return None
    addressed = dict.fromkeys(_by_address(said))
    if len(addressed) > 1:
        return None
    bare = _ANY_ADDRESS.sub(" ", said).strip(" \t-–—,;:.()")
    named = [one for one in dict.fromkeys(_by_name(bare)) if not any(_is_vaguer(one, other) for other in addressed)]
    named = [one for one in named if not any(_is_vaguer(one, other) for other in named)]
    found = {one.name: one for one in (*addressed, *named)}
    if len(found) != 1:
        return None
    (only,) = found.values()
    if only is _UNREADABLE or _UNSURE.search(bare):
        return None
    if (only.is_open or only == _statements()["nkc"]) and _RESTRICTED.search(bare):
        return None
    if only.may_be_shown and not addressed and _HEDGED.search(_RESTRICTED.sub(" ", bare)):
        return None
    return only


def is_open(text: str) -> bool:
    """Whether a licence, as a museum writes it, is known to let anybody pass the picture on for any purpose."""
    found = licence_of(text)
    return found is not None and found.is_open


def may_be_shown(text: str) -> bool:
    """Whether a licence, as a museum writes it, is known to let the picture be shown to the public."""
    found = licence_of(text)
    return found is not None and found.may_be_shown


def address_of(text: str) -> str:
    """The address of the licence that a museum's words name; '' where they name none, or no version of it."""
    found = licence_of(text)
    return found.address if found is not None else ""


def with_address(text: str) -> str:
    """What a museum writes of a licence, with its address where it has one and that does not stand there already."""
    address = address_of(text)
    return f"{text} ({address})" if address and "://" not in text else text


LONGEST = 2000
"""Characters of a text about rights; what is longer is no name of a licence."""

# ------------------------------------------------------------------ the table

CC0 = Licence("CC0", "http://creativecommons.org/publicdomain/zero/1.0/", True, True)
MARK = Licence("Public Domain Mark", "http://creativecommons.org/publicdomain/mark/1.0/", True, True)
PUBLIC_DOMAIN = Licence("Public domain", "", True, True)
ELEMENTS = ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd")
"""The six licences of Creative Commons, as their addresses call them."""
VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")

_STATEMENTS: tuple[tuple[str, str, bool, str], ...] = (
    ("InC", "In Copyright", False, r"""
        in copyright | in copyright / all rights reserved | urheberrechtlich geschützt | urheberrechtsschutz
        | ophavsretligt beskyttet | ophavsretlig beskyttelse | auteursrechtelijk beschermd
        | protégé par le droit d['’]auteur | sous droits d['’]auteur"""),
    ("InC-OW-EU", "In Copyright - EU Orphan Work", False, "in copyright - eu orphan work"),
    ("InC-EDU", "In Copyright - Educational Use Permitted", True, r"""
        in copyright - educational use permitted
        | urheberrechtsschutz - nutzung zu bildungszwecken erlaubt"""),
    ("InC-NC", "In Copyright - Non-Commercial Use Permitted", True, r"""
        in copyright - non-?commercial use permitted
        | urheberrechtsschutz - nicht kommerzielle nutzung erlaubt"""),
    ("InC-RUU", "In Copyright - Rights-holder(s) Unlocatable or Unidentifiable", False,
     r"in copyright - rights-?holder\(?s?\)? unlocatable or unidentifiable"),
    ("NoC-CR", "No Copyright - Contractual Restrictions", False, "no copyright - contractual restrictions"),
    ("NoC-NC", "No Copyright - Non-Commercial Use Only", True, r"""
        no copyright - non-?commercial use only
        | kein urheberrechtsschutz - nur nicht kommerzielle nutzung erlaubt"""),
    ("NoC-OKLR", "No Copyright - Other Known Legal Restrictions", False,
     r"no copyright - other known legal restrictions"),
    ("NoC-US", "No Copyright - United States", False, "no copyright - united states"),
    ("CNE", "Copyright Not Evaluated", False, "copyright not evaluated | urheberrechtsschutz nicht bewertet"),
    ("UND", "Copyright Undetermined", False, "copyright undetermined | urheberrechtsschutz ungeklärt"),
    ("NKC", "No Known Copyright", True, r"""
        no known copyright(?: restrictions?)? | kein urheberrechtsschutz bekannt
        | ingen kendte ophavsretlige begrænsninger | geen auteursrecht bekend
        | pas de restrictions de droits d['’]auteur connues"""),
)  # fmt: skip
"""Statements of RightsStatements.org: name in its address, name, whether it may be shown, how it is written."""

_OF_EUROPEANA = {
    "rr-f": "InC", "rr-p": "InC", "rr-r": "InC", "unknown": "CNE", "orphan-work-eu": "InC-OW-EU",
    "out-of-copyright-non-commercial": "NoC-NC", "test-orphan-work-test": "InC-OW-EU",
}  # fmt: skip
"""Europeana's own statements of before 2016, and those that took their place."""


@cache
def _statements() -> Mapping[str, Licence]:
    return {
        key.casefold(): Licence(name, f"http://rightsstatements.org/vocab/{key}/1.0/", False, shown)
        for key, name, shown, _ in _STATEMENTS
    }


def _creative_commons(elements: str, version: str = "", port: str = "") -> Licence | None:
    """One of the six licences; None where there is no such one."""
    wanted = set(re.findall(r"[a-z]+", elements.casefold()))
    code = next((one for one in ELEMENTS if set(one.split("-")) == wanted), "")
    if not code or (version and version not in VERSIONS):
        return None
    port = "" if version == "4.0" or not version else port.casefold()  # there are no ports of 4.0
    name = " ".join(filter(None, (f"CC {code.upper()}", version, port.upper())))
    address = f"http://creativecommons.org/licenses/{code}/{version}/{port and f'{port}/'}" if version else ""
    return Licence(name, address, code in ("by", "by-sa"), True)


# ------------------------------------------------------------------ addresses

_ANY_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""creativecommons\.org/(?:
        licenses/(?P<code>[a-z]+(?:-[a-z]+)*)(?:/(?P<version>\d\.\d)(?:/(?P<port>igo|scotland|[a-z]{2})\b)?)?
        | publicdomain/(?P<public>zero|mark)\b | share-your-work/public-domain/(?P<share>cc0|pdm)\b
        | p/(?P<badge>zero|mark)/)
    | rightsstatements\.org/(?:vocab|page)/(?P<statement>[A-Za-z-]+)(?:/\d\.\d)?
    | europeana\.eu/rights/(?P<europeana>[a-z-]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_UNREADABLE = Licence("", "", False, False)
"""Stands for an address of a licence that does not exist: with it nothing is known."""


def _addresses_in(tag: re.Match[str]) -> str:
    """What a tag links to, in its place."""
    return f" {' '.join(_ANY_ADDRESS.findall(tag[0]))} "


def _by_address(text: str) -> Iterator[Licence]:
    for found in _ADDRESS.finditer(text):
        public = (found["public"] or found["share"] or found["badge"] or "").casefold()
        if public:
            yield CC0 if public in ("zero", "cc0") else MARK
        elif found["code"]:
            yield _creative_commons(found["code"], found["version"] or "", found["port"] or "") or _UNREADABLE
        elif found["statement"]:
            yield _statements().get(found["statement"].casefold(), _UNREADABLE)
        else:
            key = _OF_EUROPEANA.get(found["europeana"].casefold(), "")
            yield _statements().get(key.casefold(), _UNREADABLE)


# ------------------------------------------------------------------ names

_PORTS = {
    "de": "germany|deutschland|duitsland|allemagne|tyskland", "dk": "denmark|danmark|dänemark",
    "fr": "france|frankreich",
    "nl": "netherlands|nederland|niederlande", "at": "austria|österreich", "se": "sweden|sverige|schweden",
    "no": "norway|norge|norwegen", "us": "united states|usa", "ch": "switzerland|schweiz|suisse",
    "uk": "uk: england & wales|england & wales", "es": "spain|españa", "it": "italy|italia", "be": "belgium|belgique",
}  # fmt: skip
_PORT = "|".join(f"(?P<port_{code}>{names})" for code, names in _PORTS.items())
_BEHIND = (
    r"(?:[\s,]*(?:v|version)?\.?\s*(?P<version>\d\.\d)\b)?"
    rf"(?:[\s,]+(?:(?P<port>IGO|SCOTLAND|[A-Z]{{2}})\b|(?i:{_PORT})))?"
)
_CODED = re.compile(
    r"(?:\b(?i:cc|creative[\s-]commons)[\s_-]*)(?P<code>(?i:by(?:[\s/_-]*(?:nc|nd|sa)\b)*))(?![a-z-])" + _BEHIND
)
_ELEMENT = {
    "by": "attribution|namensnennung|naamsvermelding|navngivelse|kreditering|paternité",
    "nc": r"""non[\s-]?commercial(?:\s+use)?|nicht[\s-]?kommerziell|keine\s+kommerzielle\s+nutzung|niet[\s-]?commercieel
        |pas\s+d['’]utilisation\s+commerciale|utilisation\s+non\s+commerciale|ikke[\s-]?kommerciel""",
    "nd": r"""no[\s-]?deriv(?:ative|ativ)?s?(?:\s+works)?|keine\s+bearbeitung(?:en)?|geen\s+afgeleide\s+werken
        |pas\s+de\s+modifications?|ingen\s+bearbejdelser?""",
    "sa": r"""share[\s-]?alike|weitergabe\s+unter\s+gleichen\s+bedingungen|gelijk\s?delen
        |partage\s+(?:dans\s+les\s+mêmes\s+conditions|à\s+l['’]identique)|del\s+på\s+samme\s+vilkår""",
}
_ONE = "|".join(f"(?:{names})" for names in _ELEMENT.values())
_SPELLED = re.compile(
    rf"""(?:(?:creative\s+commons|cc)[\s,:-]*)?(?:licen[cs]e|licens|lizenz|licentie)?[\s:-]*
    (?P<elements>(?:{_ELEMENT["by"]})(?:[\s,/-]+(?:{_ONE}))*)
    (?:[\s,-]*(?:v|version)?\.?\s*(?P<version>\d\.\d)\b)?
    (?:[\s,]+(?:international|internationaal|internationale?|unported|generic|generisch|{_PORT}))?
    [\s,]*(?:public\s+)?(?:licen[cs]e|licens|lizenz|licentie)?[\s.]*""",
    re.IGNORECASE | re.VERBOSE,
)
_ZERO = re.compile(
    r"""\bcc[\s_-]?(?:zero|0)\b | \bcreative\s+commons[\s:,-]*(?:cc)?[\s-]?zero\b | \bcreative\s+commons\s+cc0\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MARK = re.compile(r"\bpublic\s+domain\s+mark\b|\bpdm\s*(?:1\.0)?\b|\bcc[\s-]?pdm?\b", re.IGNORECASE)
_PUBLIC = re.compile(
    r"""(?:in\s+the\s+|im\s+)?(?:public[\s-]domain|gemeinfrei|publiek\s+domein|(?:dans\s+le\s+)?domaine\s+public
    |offentligt?\s+domæne|pd)(?:\s*\(?(?:pd|gemeinfrei|public\s+domain)\)?)?[\s.]*""",
    re.IGNORECASE | re.VERBOSE,
)
_PARTS = re.compile(r"\s*(?:[;|/]|\.\s|\s\(|\)\s*)\s*")


def _by_name(text: str) -> Iterator[Licence]:
    """Licences that a text names: codes and CC0 anywhere in it, what is spelled out where it is a part by itself."""
    for found in _CODED.finditer(text):
        yield _creative_commons(found["code"], found["version"] or "", _port(found)) or _UNREADABLE
    if _ZERO.search(text):
        yield CC0
    if _MARK.search(text):
        yield MARK
    for part in dict.fromkeys((text, *filter(None, _PARTS.split(text)))):
        if spelled := _SPELLED.fullmatch(part):
            code = "-".join(one for one, names in _ELEMENT.items() if _says(names, spelled["elements"]))
            if code != "by" or not re.fullmatch(_ELEMENT["by"], part, re.IGNORECASE):  # by itself it is any word
                yield _creative_commons(code, spelled["version"] or "", _port(spelled)) or _UNREADABLE
        elif _PUBLIC.fullmatch(part):
            yield PUBLIC_DOMAIN
        else:
            plain = re.sub(r"\s*[-–—]\s+", " - ", part).casefold()
            yield from (
                _statements()[key.casefold()]
                for key, _, _, forms in _STATEMENTS
                if re.fullmatch(rf"(?:{_one_line(forms)})[\s.]*", plain)
            )


def _says(names: str, text: str) -> bool:
    return re.search(names, text, re.IGNORECASE | re.VERBOSE) is not None


def _one_line(forms: str) -> str:
    return "|".join(" ".join(one.split()) for one in forms.split("|"))


def _port(found: re.Match[str]) -> str:
    """The country that a name ends with; '' where none."""
    groups = found.groupdict()
    named = next((key.removeprefix("port_") for key, said in groups.items() if key.startswith("port_") and said), "")
    return groups.get("port") or named


def _is_vaguer(one: Licence, other: Licence) -> bool:
    """Whether a name says the same as another, but less of it: no version, no country."""
    if one.name == other.name:
        return False
    if one is PUBLIC_DOMAIN:
        return other in (CC0, MARK)
    if one is MARK or one is CC0 or not one.name.startswith("CC "):
        return False
    return other.name.startswith(f"{one.name} ")


_RESTRICTED = re.compile(
    r"""non-?commercial | nicht[\s-]?kommerziell | niet[\s-]?commercieel | ikke[\s-]?kommerciel | non\s+commerciale
    | no[\s-]?deriv | keine\s+bearbeitung | all\s+rights\s+reserved | alle\s+rechte\s+vorbehalten
    | tous\s+droits\s+réservés | alle\s+rettigheder\s+forbehold | \b(?:nc|nd)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that go with no licence that is open."""
_HEDGED = re.compile(
    r"""\b(?:may|might|not|except|unless|other|some|partly|data|metadata|metadaten|description|text|texts?
    |nicht|außer|ikke|undtagen|niet|behalve|sauf|until|bis|without|pending)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words by which a text says that a licence it names holds not for all, or is not for the picture."""
_UNSURE = re.compile(r"\b(?:copyright\s+unknown|orphan\s+work)\b(?<!EU orphan work)", re.IGNORECASE)
"""Words by which a text says that nobody knows whose the rights are."""
