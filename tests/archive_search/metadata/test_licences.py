"""Licences as museums write them: which they are, what they allow, their addresses."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.metadata.licences import address_of, is_open, licence_of, may_be_shown


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("CC BY-SA 4.0", "http://creativecommons.org/licenses/by-sa/4.0/"),
        ("cc-by 3.0", "http://creativecommons.org/licenses/by/3.0/"),
        ("CC BY-NC-ND 2.5 DK", "http://creativecommons.org/licenses/by-nc-nd/2.5/dk/"),
        ("© Museum, CC BY v4.0 international", "http://creativecommons.org/licenses/by/4.0/"),
        ("https://creativecommons.org/licenses/by/4.0/deed.da", "http://creativecommons.org/licenses/by/4.0/"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC0", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public Domain Mark 1.0", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("https://rightsstatements.org/page/NoC-NC/1.0/?language=en", "http://rightsstatements.org/vocab/NoC-NC/1.0/"),
        ("No known copyright restrictions", "http://rightsstatements.org/vocab/NKC/1.0/"),
        ("CC BY", ""),
        ("public domain", ""),
        ("All rights reserved", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_licence(written, address):
    """A licence that is named with its version has the address that defines it; of any other none is guessed."""
    assert address_of(written) == address


@pytest.mark.parametrize(
    ("written", "name", "is_open", "may_be_shown"),
    [
        ("Attribution-ShareAlike License", "CC BY-SA", True, True),
        ("Attribution License", "CC BY", True, True),
        ("Foto: Ann Hansen, Nationalmuseet (CC-BY-SA)", "CC BY-SA", True, True),
        ("Namensnennung - Nicht kommerziell 4.0 (CC BY-NC 4.0)", "CC BY-NC 4.0", False, True),
        ("Namensnennung-Weitergabe unter gleichen Bedingungen 3.0 Deutschland", "CC BY-SA 3.0 DE", True, True),
        ("Attribution-NonCommercial-NoDerivs 2.0 Generic", "CC BY-NC-ND 2.0", False, True),
        ("CC BY 4.0 DE", "CC BY 4.0", True, True),
        ("http://creativecommons.org/licenses/by/3.0/igo/", "CC BY 3.0 IGO", True, True),
        ("Creative Commons-BY", "CC BY", True, True),
        ("CC0 1.0 Universell", "CC0", True, True),
        ("https://creativecommons.org/share-your-work/public-domain/cc0/", "CC0", True, True),
        ('<span>Public Domain<br/><img src="https://i.creativecommons.org/p/mark/1.0/88x31.png"/></span>',
         "Public Domain Mark", True, True),
        ('<a href="http://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>', "CC BY 4.0", True, True),
        ("pd", "Public domain", True, True),
        ("Gemeinfrei", "Public domain", True, True),
        ("Publiek domein", "Public domain", True, True),
        ("Domaine public", "Public domain", True, True),
        ("No known copyright restrictions", "No Known Copyright", False, True),
        ("No Copyright - United States", "No Copyright - United States", False, False),
        ("In copyright", "In Copyright", False, False),
        ("Urheberrechtsschutz nicht bewertet", "Copyright Not Evaluated", False, False),
        ("http://rightsstatements.org/vocab/InC-EDU/1.0/", "In Copyright - Educational Use Permitted", False, True),
        ("http://www.europeana.eu/rights/rr-f/", "In Copyright", False, False),
    ],
)  # fmt: skip
def test_what_museums_write_is_a_known_licence(written, name, is_open, may_be_shown):
    """A name, a text or an address in any of the languages is one licence, and is read the same from its own name."""
    found = licence_of(written)
    assert found is not None
    assert (found.name, found.is_open, found.may_be_shown) == (name, is_open, may_be_shown)
    assert licence_of(found.name) == found
    assert found.address == "" or licence_of(found.address) == found


@pytest.mark.parametrize(
    "written",
    [
        "All rights reserved",
        "Not in the public domain",
        "This work may be in the public domain in the United States",
        "Public domain, non-commercial use only",
        "CC BY-SA (metadata), all rights reserved (image)",
        "CC BY and CC BY-SA",
        "CC BY 5.0",
        "Creative Commons 3D",
        "Attribution",
        "https://creativecommons.org/licenses/by-sa/4.0/; CC BY 4.0",
        "The description is licensed under CC BY 4.0, all other data under CC0",
        "Copyright unknown / All Rights Reserved",
        "© The Board of Trustees of the Science Museum, London",
        "Fri brug",
        "x" * 5000 + " CC0",
        "",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_known_licence(written):
    """What is no licence, has reservations or names several that differ is neither open nor may it be shown."""
    assert licence_of(written) is None
    assert not is_open(written)
    assert not may_be_shown(written)


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    """No text breaks the reading, and what is open may be shown."""
    assert may_be_shown(text) or not is_open(text)


@pytest.mark.skipif("ARCHIVE_SEARCH_RECORDS" not in os.environ, reason="needs real records")
def test_every_licence_on_real_records_is_read_again_from_its_name():
    """Each rights text of the Portable Antiquities Scheme's index is a known licence."""
    table = Path(os.environ["ARCHIVE_SEARCH_RECORDS"]) / "pas-bronze-age"
    found: Counter[str] = Counter()
    for file in table.rglob("*.csv"):
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
            found.update(row["imageLicense"] for row in csv.DictReader(opened) if row.get("imageLicense"))
    assert found
    assert all(licence_of(one) for one in found)
