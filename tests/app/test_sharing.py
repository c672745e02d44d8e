"""A shared archive: who may what, what has to be written for it, and that nothing is shown before a login."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from playwright.sync_api import Browser, Page, expect

from app.server import serve
from app.sharing import FILE, ROLES, SHARED, Sharing, read_sharing, role_of
from app.who import call_me, may, who
from archive_search.archive import Archive
from archive_search.stores.file_copy import copy_tree
from archive_search.types import ArchiveError
from tests.app.browsing import PATIENCE_MS, ready
from tests.app.provider import provider

GOOD: dict[str, Any] = {
    "share": {"run_by": "the archive of Example Museum"},
    "auth": {
        "redirect_uri": "https://search.museum.example/oauth2callback",
        "cookie_secret": "0123456789abcdef0123456789abcdef",
        "client_id": "archive-search",
        "client_secret": "secret",
        "server_metadata_url": "https://login.museum.example/.well-known/openid-configuration",
    },
    "people": {"Anna@museum.example": "editor", "bo@museum.example": "judge", "*@museum.example": "reader"},
}


def written(folder: Path, **changes: Any) -> Path:
    """The file with some of its values changed, named by section and key: auth__client_id."""
    data: dict[str, Any] = {name: dict(section) for name, section in GOOD.items()}
    for name, value in changes.items():
        section, _, key = name.partition("__")
        if key:
            data[section][key] = value
        elif value is None:
            del data[section]
        else:
            data[section] = value
    file = folder / FILE
    file.write_text(tomli_w.dumps(data), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("anna@museum.example", "editor"),
        (" ANNA@Museum.Example ", "editor"),
        ("bo@museum.example", "judge"),
        ("carl@museum.example", "reader"),
        ("carl@other.example", None),
        ("anna@museum.example.evil.example", None),
        ("anna@museum.example@evil.example", None),
        ("*@museum.example", "reader"),
        ("museum.example", None),
        ("@museum.example", "reader"),
        ("", None),
    ],
)
def test_roles(tmp_path: Path, email: str, role: str | None) -> None:
    """A person's own address counts before that of their house; anybody else has no role."""
    assert read_sharing(written(tmp_path)).role(email) == role


def test_login_must_be_confirmed(tmp_path: Path) -> None:
    """Who has not logged in has no role, nor whose provider says that the address is not theirs."""
    sharing = read_sharing(written(tmp_path))
    claims = {"is_logged_in": True, "email": "anna@museum.example"}
    assert role_of(claims, sharing) == "editor"
    assert role_of({**claims, "email_verified": True}, sharing) == "editor"
    assert role_of({**claims, "email_verified": False}, sharing) is None
    assert role_of({**claims, "is_logged_in": False}, sharing) is None
    assert role_of({"is_logged_in": True}, sharing) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"auth": None}, "auth"),
        ({"people": None}, "people"),
        ({"share": None}, "share"),
        ({"people": {}}, "names nobody"),
        ({"people__dora@museum.example": "boss"}, "dora@museum.example"),
        ({"people__*": "reader"}, "'*'"),
        ({"people__*@*": "reader"}, "'*@*'"),
        ({"people__d*@museum.example": "reader"}, "'d*@museum.example'"),
        ({"auth__cookie_secret": "short"}, "32 characters"),
        ({"auth__client_secret": " "}, "auth.client_secret is empty"),
        ({"auth__redirect_uri": "http://search.museum.example/oauth2callback"}, "https://"),
        ({"auth__redirect_uri": "https://search.museum.example/"}, "/oauth2callback"),
        ({"share__run_by": ""}, "run_by is empty"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """A file that is no login, or one in name only, is refused, and the sentence says what and where."""
    with pytest.raises(ArchiveError) as refused:
        read_sharing(written(tmp_path, **changes))
    assert said in str(refused.value)


def test_no_sharing_without_a_login(museum: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive is not shared where no login was written down; the sentence says what to write where."""
    monkeypatch.setenv(SHARED, "")
    with pytest.raises(ArchiveError, match="share.md") as refused:
        serve(museum, 1, open_browser=False, host="0.0.0.0", share=True)
    assert str(museum / FILE) in str(refused.value)


def test_own_archive_is_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is shared, who sits before the page may do everything."""
    monkeypatch.delenv(SHARED, raising=False)
    assert all(may(role) for role in ROLES)


def test_nobody_is_anybody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a shared archive nobody who has not logged in may anything, and no name can be given."""
    monkeypatch.setenv(SHARED, str(written(tmp_path)))
    call_me("anna@museum.example")
    assert who() == ""
    assert not any(may(role) for role in ROLES)


# ------------------------------------------------------------------ in a browser

ANNA = {"email": "anna@museum.example", "email_verified": True, "name": "Anna"}


@pytest.fixture(scope="module")
def person() -> dict[str, Any]:
    """Who logs in next."""
    return dict(ANNA)


@pytest.fixture(scope="module")
def shared_archive(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the museum, to be shared."""
    copy = tmp_path_factory.mktemp("shared") / "archive"
    copy_tree(museum, copy)
    return copy


@pytest.fixture(scope="module")
def shared_address(starting: Callable[..., str], shared_archive: Path, person: dict[str, Any]) -> Iterator[str]:
    """The address of a server that shares it, behind a login that lets in whom `person` is."""
    with provider(person) as there:
        written(
            shared_archive,
            auth__redirect_uri="http://127.0.0.1:{port}/oauth2callback",
            auth__server_metadata_url=f"{there}/.well-known/openid-configuration",
        )
        yield starting("-m", "app.testing", "--share", str(shared_archive))


@pytest.fixture
def visitor(browser: Browser, shared_address: str, person: dict[str, Any]) -> Iterator[Page]:
    """A tab in which nobody has logged in yet."""
    person.clear()
    person.update(ANNA)
    context = browser.new_context(base_url=shared_address)
    page = context.new_page()
    page.set_default_navigation_timeout(PATIENCE_MS)
    yield page
    context.close()


def log_in(page: Page) -> None:
    """Log in as who the provider says."""
    page.goto("/")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible(timeout=30_000)


def status(url: str) -> int:
    """How the server answers who has not logged in."""
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.browser
def test_nothing_is_shown_before_a_login(visitor: Page, shared_address: str, shared_archive: Path) -> None:
    """Who has not logged in reads who runs the archive and what is kept, and gets no record, picture or upload."""
    visitor.goto("/record?id=AX000")
    expect(visitor.get_by_role("button", name="Log in")).to_be_visible(timeout=60_000)
    expect(visitor.get_by_text("It is run by the archive of Example Museum.")).to_be_visible()
    expect(visitor.get_by_text("What is kept of you")).to_be_visible()
    assert "Flint axe" not in visitor.content()
    assert visitor.title().startswith("Test museum") or "axe" not in visitor.title()
    thumbnail = Archive.open(shared_archive).store.points(["AX000"])[0].payload["thumbnail"]
    beside = ("/query/0", "/points?space=hash", "/points/0?space=hash", "/_stcore/upload_file/a/b", "/media/x")
    for path in (f"/thumbnail/{thumbnail}", "/picture?id=AX000", *beside):
        assert status(f"{shared_address}{path}") == 403
    visitor.context.add_cookies([{"name": "_streamlit_user", "value": '{"email": "x"}', "url": shared_address}])
    assert visitor.request.get("/picture?id=AX000").status == 403


@pytest.mark.browser
def test_editor_logs_in_and_out(visitor: Page) -> None:
    """Who is on the list logs in, goes by their address, sees pictures, may everything, and logs out again."""
    log_in(visitor)
    ready(visitor)
    expect(visitor.get_by_text("anna@museum.example").first).to_be_visible()
    assert visitor.request.get("/picture?id=AX000").status == 200
    for name in ("Judge", "Collections"):
        expect(visitor.get_by_role("link", name=name, exact=True)).to_be_visible()
    visitor.get_by_role("link", name="Archive", exact=True).click()
    expect(visitor.get_by_text("Take up a folder")).to_be_visible()
    # the page is drawn for nobody before the browser has asked to be logged out, and holds its cookie until then
    with visitor.expect_response("**/auth/logout*", timeout=PATIENCE_MS):
        visitor.get_by_role("button", name="Log out").click()
    expect(visitor.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
    assert visitor.request.get("/picture?id=AX000").status == 403


@pytest.mark.browser
def test_reader_only_reads(visitor: Page, person: dict[str, Any]) -> None:
    """A reader searches and exports; judging, collecting and taking up are not offered, nor reached by address."""
    person["email"] = "carl@museum.example"
    log_in(visitor)
    ready(visitor)
    for name in ("Judge", "Collections"):
        expect(visitor.get_by_role("link", name=name, exact=True)).to_have_count(0)
    visitor.get_by_role("button", name="Keep").click()
    expect(visitor.get_by_role("menuitem")).to_have_count(1)
    visitor.goto("/judge")
    expect(visitor.get_by_text("This page is for those who may judge.")).to_be_visible(timeout=30_000)
    visitor.goto("/archive")
    expect(visitor.get_by_text("Pictures are taken up by those who may edit.")).to_be_visible(timeout=30_000)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "eve@other.example"}, "is not among the people"),
        ({"email_verified": False}, "has not confirmed"),
    ],
)
def test_others_stay_out(visitor: Page, person: dict[str, Any], claims: dict[str, Any], said: str) -> None:
    """Who is not on the list, or only says that they are, is told whom to ask, and sees nothing."""
    person.update(claims)
    log_in(visitor)
    expect(visitor.get_by_text(said)).to_be_visible()
    assert visitor.request.get("/picture?id=AX000").status == 403


def test_sharing_is_a_value(tmp_path: Path) -> None:
    """The name under which people come is that of the redirect address."""
    sharing = read_sharing(written(tmp_path))
    assert isinstance(sharing, Sharing)
    assert sharing.host == "search.museum.example"
