"""Licences as museums write them: their addresses."""

import pytest

from archive_search.metadata.licences import address_of


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
