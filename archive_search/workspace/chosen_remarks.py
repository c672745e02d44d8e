"""What a collection says of itself when it leaves, in English and Danish."""

from __future__ import annotations

import re
from collections.abc import Mapping

REMARKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "collection_by": "This is the collection {}, chosen by {}, as it was on {}: a chosen set in its own order. "
        "It is no ranking, and its scores say nothing.",
        "collection": "This is the collection {}, as it was on {}: a chosen set in its own order. It is no ranking, "
        "and its scores say nothing.",
        "note": "Note on the whole: {}",
        "tags": "Tags of the whole: {}",
        "gone": "No longer in the archive: {} of its records.",
        "missing": "{} of {} chosen records are not in this archive.",
    },
    "da": {
        "collection_by": "Dette er samlingen {}, valgt af {}, som den var den {}: et udvalg i sin egen orden. Det er "
        "ingen rangordning, og point siger intet.",
        "collection": "Dette er samlingen {}, som den var den {}: et udvalg i sin egen orden. Det er ingen "
        "rangordning, og point siger intet.",
        "note": "Note om det hele: {}",
        "tags": "Mærker for det hele: {}",
        "gone": "{} af dens poster er ikke længere i arkivet.",
        "missing": "{} af {} valgte poster er ikke i dette arkiv.",
    },
}
"""By language, then by what is said; `missing` is said by the step that chooses when a plan is run."""


def remark(kind: str, *values: object) -> str:
    """A remark, in English, as result sets keep it."""
    return REMARKS["en"][kind].format(*values)


def in_language(said: str, language: str) -> str:
    """A remark that `remark` made, in another language; '' of any other text."""
    for kind, form in REMARKS["en"].items():
        pattern = "(.+)".join(map(re.escape, form.split("{}")))
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return REMARKS[language][kind].format(*found.groups())
    return ""
