"""Names of files from any text: safe on every system, in one place, told apart."""

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.file_names import LONGEST, SafeNames, safe_name

PIECES = [
    *("/", "\\", "..", ".", " ", "-", "~", "con", "NUL", "lpt1", "COM¹", "aux.", ":", "*", "?", '"', "<", ">", "|"),
    *("\0", "\x07", "\r", "\n", "\t", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\u200d", "\ud800"),
    *("Økse", "e\u0301", "花瓶", "\U0001f3fa", "\U0001f468\u200d\U0001f469", "فأس"),
    *("x" * 300, "／", "．", "ﬁ", "ß", "İ"),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join), st.text(st.characters(codec=None)))
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE | re.DOTALL)


@given(TEXTS, st.sampled_from(["", ".jpg", ".tar.gz", "/../x", ". ", ".con", "." + "e" * 300]))
def test_a_name_is_safe_everywhere(text, ending):
    """Whatever the text: one part of a path on every system, short, visible, and no name of a device."""
    name = safe_name(text, ending)
    assert name
    assert len(name.encode("utf-8")) <= LONGEST
    assert PurePosixPath(name).parts == (name,)
    assert PureWindowsPath(name).parts == (name,)
    assert not re.search(r'[<>:"/\\|?*]', name)
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert not DEVICES.fullmatch(name)
    assert not [one for one in name if unicodedata.category(one) in ("Cc", "Cs")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ufeff]", name)


@given(TEXTS)
def test_a_safe_name_stays(text):
    """Making a safe name safe changes nothing."""
    name = safe_name(text)
    assert safe_name(name) == name


@given(st.lists(TEXTS, max_size=30), st.sampled_from(["", ".jpg"]))
def test_no_two_files_share_a_name(texts, ending):
    """Names of one folder differ also where capitals and composed letters do not count, and each is safe."""
    names = SafeNames(("table.csv",))
    given_names = [names(text, ending) for text in [*texts, "Table", "TABLE"]]
    seen = {"table.csv"} | {unicodedata.normalize("NFC", name).casefold() for name in given_names}
    assert len(seen) == len(given_names) + 1
    assert all(len(name.encode()) <= LONGEST for name in given_names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Flint axe, Økse", "Flint axe, Økse.jpg"),
        ("../../etc/passwd", "_.._etc_passwd.jpg"),
        ("con", "_con.jpg"),
        ("", "_.jpg"),
        ("a\u202eb\x07c\nd", "abc d.jpg"),
        ("ends...", "ends.jpg"),
        ("-rf ~", "rf ~.jpg"),
    ],
)
def test_names_tell_what_they_are_of(text, name):
    """Words stay as they are, what is no word goes."""
    assert safe_name(text, ".jpg") == name
