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
