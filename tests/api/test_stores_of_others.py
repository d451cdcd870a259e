"""Stores and companies: nobody reaches another company's data, or Daicho's own, by what a document names."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from daicho.people.actions import create_account
from daicho.people.queries import get_actor
from daicho.people.rules import Role
from daicho.register.actions import apply_documents
from daicho.register.planning import plan_written
from daicho.register.reading import StoreRef
from daicho.site import wiring
from daicho.stores.port import PlaceRefusedError
from daicho.words.text import Text
from tests.api.calling import Caller
from tests.rights.desk import AT, ORGANISATION, Desk
from tests.rights.screens import signed_in

OTHER = "copro-career"
HOLDING = """\
holdings:
  - {reg_no: X-1, name: {ja: 甲, en: Mine}, organisation: copro-career, subject_category: business-partners,
     items: [name], purposes: [partner-contact], store: %s, rpd: yes, retention_period: 1年}
"""
MAP = """\
map: mine
store: %s
tables:
  t:
    holding: H-1
    key: [id]
    identities: [{kind: "number:customer", columns: [id]}]
    identified_by: [["number:customer"]]
    columns: {id: {technical: yes}}
"""
STORE = """\
store: %s
name: {ja: 影, en: Shadow}
kind: %s
organisation: copro-career
department: {ja: 部, en: D}
settings: {%s}
backups: {kept_days: 35}
"""


@pytest.fixture
def other(desk: Desk, calling: Callable[..., Caller]) -> Caller:
    """An engineer of another company of the group."""
    make = replace(desk.officer, organisations=frozenset({ORGANISATION, OTHER}))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("daicho.people.actions.require_role", lambda *_args, **_more: None)
        create_account("other", display_name="x", organisation=OTHER, roles=[Role.ENGINEER], scope=make, at=AT)
    return calling(get_actor("other", at=AT))


def findings(caller: Caller, **documents: str) -> list[tuple[str, str]]:
    answer = caller.post("/register/plan", {"documents": {f"{name}.yaml": text for name, text in documents.items()}})
    assert answer.status == 200, answer.raw
    return [(one["code"], one["message"]["en"]) for one in answer.said["findings"]]


# ── another company's store ──────────────────────────────────────────────────────────────────


def test_a_row_cannot_be_put_into_another_companys_store_and_is_told_as_of_no_store(other: Caller):
    for store in ("shop", "nowhere"):
        assert findings(other, h=HOLDING % store) == [("store-unknown", f"The register has no store {store}.")]
    assert other.post("/register/apply", {"documents": {"h.yaml": HOLDING % "shop"}}).status == 400
    assert other.get("/stores").said == []


def test_a_map_of_another_companys_store_is_told_as_of_no_store(other: Caller):
    for store in ("shop", "nowhere"):
        written = MAP % store
        assert ("store-unknown", f"The register has no store {store}.") in findings(other, m=written)
        assert len(findings(other, m=written)) == 1


def test_a_store_shared_by_who_may_is_named_but_not_looked_into(desk: Desk, other: Caller, calling):
    both = replace(desk.clerk, actor="boss", organisations=frozenset({ORGANISATION, OTHER}))
    plan = plan_written(
        {"h.yaml": HOLDING % "shop"}, bases={}, scope=both, open_store=wiring.open_store, policy=None
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("daicho.register.actions.require_role", lambda *_args, **_more: None)
        apply_documents(plan, scope=both, at=AT)
    assert [one["code"] for one in other.get("/stores").said] == ["shop"]
    for path in ("/stores/shop/sketch", "/stores/nowhere/sketch"):
        assert (other.get(path).status, other.get(path).code) == (404, "not-found")
    assert other.get("/stores/health", store="shop").status == 404
    assert other.get("/stores/health").said == []
    browser = signed_in("other", "en")
    assert browser.get(reverse("register:health", args=["shop"])).status_code == 404
    assert browser.get(reverse("register:map", args=["shop"])).status_code == 404
    page = browser.get(reverse("register:store", args=["shop"])).content.decode()
    assert "Another organisation" in page
    assert "shop.sqlite3" not in page
    own = calling(desk.officer)  # and its own people still look into it
    assert own.get("/stores/shop/sketch").status == 200
    assert [one["store"] for one in own.get("/stores/health").said] == ["shop"]


# ── where a store may be ─────────────────────────────────────────────────────────────────────


def refused(caller: Caller, kind: str, setting: str) -> bool:
    return "store-place" in {code for code, _ in findings(caller, s=STORE % ("mine", kind, setting))}


def test_a_store_stays_in_the_workspace_and_off_what_is_daichos(other: Caller, workspace: Path, tmp_path: Path):
    sqlite3.connect(workspace / "daicho.sqlite3").close()
    (workspace / "link.sqlite3").symlink_to(workspace / "daicho.sqlite3")
    (workspace / "hard.sqlite3").hardlink_to(workspace / "daicho.sqlite3")
    for path in (
        "daicho.sqlite3",
        "./x/../daicho.sqlite3",
        "daicho.sqlite3-wal",
        "link.sqlite3",
        "hard.sqlite3",
        "keys/kek.json",
        "files/a",
        "daicho.toml",
        "../elsewhere.sqlite3",
        "/etc/passwd",
    ):
        assert refused(other, "sqlite", f"path: {path}"), path
    for folder in ("keys", "files", ".", "..", "/etc"):
        assert refused(other, "csv", f"folder: {folder}, encoding: cp932"), folder
    assert not refused(other, "sqlite", "path: mine.sqlite3")
    assert not refused(other, "csv", "folder: exports, encoding: cp932")


def test_a_folder_outside_is_open_once_daicho_toml_lists_it(other: Caller, workspace: Path, monkeypatch):
    assert refused(other, "sqlite", "path: ../outside/a.sqlite3")
    listed = replace(settings.WORKSPACE, store_folders=(workspace / ".." / "outside",))
    monkeypatch.setattr(settings, "WORKSPACE", listed)
    assert not refused(other, "sqlite", "path: ../outside/a.sqlite3")
    assert refused(other, "sqlite", "path: ../outsider/a.sqlite3")


def test_two_companies_never_have_one_place(desk: Desk, other: Caller, workspace: Path, monkeypatch):
    taken = findings(other, s=STORE % ("mine", "sqlite", "path: shop.sqlite3"))
    own = findings(other, s=STORE % ("mine", "sqlite", "path: daicho.sqlite3"))
    assert [code for code, _ in taken] == [code for code, _ in own] == ["store-place"]
    (workspace / "alias.sqlite3").symlink_to(workspace / "shop.sqlite3")
    assert refused(other, "sqlite", "path: alias.sqlite3")
    assert (
        other.post(
            "/register/apply", {"documents": {"s.yaml": STORE % ("mine", "sqlite", "path: shop.sqlite3")}}
        ).status
        == 400
    )


@pytest.mark.parametrize("name", ["DAICHO_DATABASE_URL", "DAICHO_KEK", "DAICHO_WEB_KEY", "OWN_DB"])
def test_daichos_own_secrets_are_no_stores(other: Caller, name: str, monkeypatch):
    monkeypatch.setattr(settings, "WORKSPACE", replace(settings.WORKSPACE, database="env:OWN_DB"))
    monkeypatch.setenv(name, "postgresql://somebody@db.example/daicho")
    monkeypatch.setenv("SHOP_URL", "postgresql://shop@db.example/shop")
    assert refused(other, "postgresql", f'url: "env:{name}"')
    assert refused(other, "postgresql", f'url: "env:SHOP_URL", write_url: "env:{name}"')
    assert not refused(other, "postgresql", 'url: "env:SHOP_URL"')


def test_daichos_own_database_is_refused_by_any_name(desk: Desk, monkeypatch):
    own = {"ENGINE": "django.db.backends.postgresql", "HOST": "localhost", "PORT": "", "NAME": "daicho"}
    monkeypatch.setattr(settings, "DATABASES", {"default": own})
    words = Text("影", "Shadow")
    for number, (address, is_own) in enumerate(
        [
            ("postgresql://a@127.0.0.1:5432/daicho", True),
            ("host=/var/run/postgresql dbname=daicho user=b", True),
            ("postgresql://a@localhost/shop", False),
            ("postgresql://a@db.example/daicho", False),
        ]
    ):
        monkeypatch.setenv(f"SHADOW_{number}", address)
        ref = StoreRef(
            code="shadow", kind="postgresql", name=words, organisation=OTHER, department=words, country="JP",
            settings={"url": f"env:SHADOW_{number}", "schema": "anything"}, backups_kept_days=35, replies_in_days=None,
        )  # fmt: skip
        if is_own:
            with pytest.raises(PlaceRefusedError):
                wiring.open_store(ref)
        else:
            wiring.open_store(ref)
