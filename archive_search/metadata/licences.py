"""Which licences allow a picture to be passed on by anybody, for any purpose."""

from __future__ import annotations

import re

_OPEN = re.compile(
    r"""
    \bcc[\s-]?(zero|0)\b | \bcc[\s-]?by(-sa)?\b(?![\s-]*(nc|nd)) | publicdomain/(zero|mark) | licenses/by(-sa)?/
    | \bpublic\s+domain\b | \bpdm?\s*1\.0\b | \bno\s+known\s+copyright\b | vocab/(NoC-|NKC)
    | \bgemeinfrei\b | \bfri\s+brug\b
    | \bdomaine\s+public\b | \bpubliek\s+domein\b
    | \bcreative\s+commons\s+attribution(?!.*\b(non-?commercial|no\s*deriv\w*)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOSED = re.compile(
    r"\bby[\s-]*(nc|nd)\b|-nc\b|-nd\b|non-?commercial|no\s?derivatives|all\s+rights\s+reserved", re.IGNORECASE
)


def is_open(licence: str) -> bool:
    """
    Whether a licence, as a museum writes it, lets anybody pass the picture on for any purpose.

    Those of the Open Definition do: CC0, public domain, CC BY and CC BY-SA, by name or address. What is not recognised
    does not.
    """
    return bool(_OPEN.search(licence)) and not _CLOSED.search(licence)


_ADDRESS = re.compile(
    r"(?:creativecommons\.org/((?:licenses|publicdomain)/[a-z+-]+/\d\.\d(?:/[a-z]{2}\b)?)"
    r"|rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+/\d\.\d))",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\bcc[\s-]*(by(?:[\s-]*(?:nc|nd|sa))*)[\s,-]*(?:v(?:ersion)?\.?\s*)?(\d\.\d)(?:\s+([A-Z]{2})\b)?", re.IGNORECASE
)


def address_of(licence: str) -> str:
    """
    The address of a Creative Commons licence or a statement of RightsStatements.org, as both define it (with `http`).

    '' where what a museum writes names none, or no version of one: none is guessed.
    """
    if found := _ADDRESS.search(licence):
        if found[1]:
            return f"http://creativecommons.org/{found[1].lower()}/"
        name, _, version = found[2].partition("/")
        return f"http://rightsstatements.org/vocab/{name}/{version}/"
    if found := _NAMED.search(licence):
        name = "-".join(re.findall(r"[a-z]+", found[1].lower()))
        port = f"{found[3].lower()}/" if found[3] and found[3].isupper() else ""
        return f"http://creativecommons.org/licenses/{name}/{found[2]}/{port}"
    if re.search(r"\bcc[\s-]?(?:zero|0)\b", licence, re.IGNORECASE):
        return "http://creativecommons.org/publicdomain/zero/1.0/"
    if re.search(r"\b(?:pdm?\s*1\.0|public\s+domain\s+mark)\b", licence, re.IGNORECASE):
        return "http://creativecommons.org/publicdomain/mark/1.0/"
    if re.search(r"\bno\s+known\s+copyright\b", licence, re.IGNORECASE):
        return "http://rightsstatements.org/vocab/NKC/1.0/"
    return ""
