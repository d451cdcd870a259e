"""Planning, applying and confirming documents against the register and live stores."""

from pathlib import Path

import pytest

from daicho.people.actions import create_account, grant_role
from daicho.people.rules import Role
from daicho.register.actions import apply_documents, assert_unchanged, confirm_map
from daicho.register.heads import NAME, read_bases
from daicho.register.models import MapCheck, RegisterDocument, RegisterRevision
from daicho.register.planning import ChangeKind, RegisterPlan, plan_documents
from daicho.register.queries import (
    find_active_map,
    find_store,
    get_map,
    list_active_maps,
    list_holdings,
    list_stores,
)
from daicho.stores.port import StoreChangedError
from daicho.trail.models import TrailEntry
from daicho.words.errors import DocumentError, InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from tests.register.crm import (
    ALICE,
    AT,
    AUDITOR,
    BOB,
    CUSTOMERS,
    HOLDINGS,
    MALLORY,
    MAP,
    SHAPE,
    STORE,
    Shelf,
    column,
    open_accounts,
    with_column,
    with_table,
    write,
    write_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _accounts() -> None:
    open_accounts()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({"crm": SHAPE})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_all(tmp_path / "register")


def plan(shelf: Shelf, *paths: Path, scope=ALICE) -> RegisterPlan:
    return plan_documents(paths, scope=scope, open_store=shelf.open, policy=None)


def apply(shelf: Shelf, *paths: Path, scope=ALICE):
    return apply_documents(plan(shelf, *paths, scope=scope), scope=scope, at=AT)


def errors_of(found: RegisterPlan) -> list[str]:
    return [one.code for one in found.errors]


def test_a_plan_shows_what_would_be_created_and_writes_nothing(shelf: Shelf, folder: Path):
    found = plan(shelf, folder)
    assert found.is_valid
    assert {(one.kind, one.code, one.change) for one in found.documents} == {
        ("store", "crm", ChangeKind.CREATE),
        ("store", "cabinet", ChangeKind.CREATE),
        ("holding", "H-001", ChangeKind.CREATE),
        ("holding", "H-002", ChangeKind.CREATE),
        ("map", "crm", ChangeKind.CREATE),
    }
    assert [one.organisation for one in found.documents] == ["copro-holdings"] * 5
    assert not RegisterDocument.objects.exists()
    assert not (folder / NAME).exists()


def test_applying_keeps_documents_with_one_trail_entry_each_and_notes_their_bases(shelf: Shelf, folder: Path):
    done = apply(shelf, folder)
    assert (done.created, done.changed, done.removed, done.unchanged) == (5, 0, 0, 0)
    assert done.to_confirm == ("crm",)
    assert RegisterRevision.objects.count() == 5
    events = sorted(TrailEntry.objects.exclude(event__startswith="account.").values_list("event", flat=True))
    assert events == ["holding.applied"] * 2 + ["map.applied"] + ["store.applied"] * 2
    assert len(read_bases(folder)) == 5
    again = plan(shelf, folder)
    assert again.is_valid
    assert again.changes == []
    assert apply(shelf, folder).unchanged == 5
    assert TrailEntry.objects.filter(event__endswith=".applied").count() == 5


def test_what_was_applied_can_be_read_within_the_scope_only(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    assert [one.code for one in list_stores(scope=ALICE)] == ["cabinet", "crm"]
    cabinet = find_store("cabinet", scope=ALICE)
    assert cabinet is not None
    assert (cabinet.is_paper, cabinet.replies_in_days) == (True, 5)
    assert [one.reg_no for one in list_holdings(scope=ALICE)] == ["H-001", "H-002"]
    assert list_stores(scope=MALLORY) == []
    assert list_holdings(scope=MALLORY) == []
    assert list_active_maps(scope=MALLORY) == []
    with pytest.raises(NotFoundError):
        list_active_maps(scope=MALLORY, organisations=["copro-holdings"])
    with pytest.raises(NotFoundError):
        get_map("crm", scope=MALLORY)
    with pytest.raises(NotFoundError):
        confirm_map("crm", scope=MALLORY, at=AT)
    foreign = errors_of(plan(shelf, folder, scope=MALLORY))
    assert (foreign.count("not-found"), foreign.count("store-unknown")) == (4, 1)  # a map is as if its store were none


def test_a_map_that_changes_rows_is_in_force_only_after_a_second_account(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    with pytest.raises(NotAllowedError, match="crm"):
        list_active_maps(scope=ALICE)
    assert find_active_map("crm") is None
    with pytest.raises(NotAllowedError, match="alice"):
        confirm_map("crm", scope=ALICE, at=AT)
    view = confirm_map("crm", scope=BOB, at=AT)
    assert (view.in_force, view.checked_by, view.confirmed_by) == (True, "alice", "bob")
    (found,) = list_active_maps(scope=ALICE, organisations=["copro-holdings"])
    assert (found.code, found.digest) == ("crm", view.digest)
    assert find_active_map("crm", digest=view.digest, organisation="copro-holdings") is found
    assert find_active_map("crm", digest="0" * 64) is None
    assert find_active_map("crm", organisation="other-company") is None
    assert TrailEntry.objects.filter(event="map.confirmed", actor="bob").count() == 1
    with pytest.raises(NotAllowedError):
        confirm_map("crm", scope=BOB, at=AT)


def test_only_who_keeps_the_register_may_apply_and_confirm(shelf: Shelf, folder: Path):
    ready = plan(shelf, folder, scope=AUDITOR)
    assert ready.is_valid
    with pytest.raises(NotAllowedError, match="role"):
        apply_documents(ready, scope=AUDITOR, at=AT)
    assert not RegisterDocument.objects.exists()
    apply(shelf, folder)
    with pytest.raises(NotAllowedError, match="role"):
        confirm_map("crm", scope=AUDITOR, at=AT)


def test_a_map_that_only_shows_needs_no_second_account(shelf: Shelf, folder: Path):
    lines = MAP.splitlines(keepends=True)
    shows = "".join(one for one in lines if "erase: {end: delete}" not in one and "suspend_use" not in one)
    shows = shows.replace("    on:\n  orders:", "  orders:").replace("7 years from ordered_at", "取引の終わりから7年")
    write(folder, crm_map=shows)
    assert apply(shelf, folder).to_confirm == ()
    assert [one.code for one in list_active_maps(scope=ALICE)] == ["crm"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("crm_map", "suspend_use: {end: replace, columns: {mail_ok: no}}", "suspend_use: {end: delete}"),
        ("crm_store", "path: crm.sqlite3", "path: other.sqlite3"),
        ("holdings", "rpd: yes\n    retention_period: 7年", "rpd: no\n    retention_period: 7年"),
    ],
)
def test_changing_what_a_run_relies_on_asks_for_a_second_account_again(
    shelf: Shelf, folder: Path, name: str, before: str, after: str
):
    apply(shelf, folder)
    confirm_map("crm", scope=BOB, at=AT)
    path = folder / f"{name}.yaml"
    changed = path.read_text().replace(before, after)
    assert changed != path.read_text()
    path.write_text(changed)
    done = apply(shelf, path)
    assert (done.changed, done.to_confirm) == (1, ("crm",))
    with pytest.raises(NotAllowedError):
        list_active_maps(scope=ALICE)
    assert confirm_map("crm", scope=BOB, at=AT).in_force
    assert MapCheck.objects.filter(in_force=True).count() == 1


def test_changing_words_keeps_the_confirmation(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    confirm_map("crm", scope=BOB, at=AT)
    path = folder / "holdings.yaml"
    path.write_text(path.read_text().replace("顧客台帳", "お客様台帳"))
    found = plan(shelf, path)
    (change,) = found.changes
    assert [(one.path, one.before, one.after) for one in change.differences] == [("name.ja", "顧客台帳", "お客様台帳")]
    assert apply(shelf, path).to_confirm == ()
    (active,) = list_active_maps(scope=ALICE)
    assert active.tables["customers"].holding.name.ja == "お客様台帳"


def test_one_wrong_document_keeps_all_of_them_out(shelf: Shelf, folder: Path):
    write(folder, crm_map=MAP.replace("store: crm", "store: sales"))
    found = plan(shelf, folder)
    assert errors_of(found) == ["store-unknown"]
    assert found.errors[0].place.line == 2
    with pytest.raises(DocumentError):
        apply_documents(found, scope=ALICE, at=AT)
    assert not RegisterDocument.objects.exists()
    assert not TrailEntry.objects.filter(event__endswith=".applied").exists()
    assert not (folder / NAME).exists()


def test_errors_of_several_files_come_together(shelf: Shelf, folder: Path):
    write(folder, crm_store=STORE.replace("kind: sqlite\n", ""), holdings=HOLDINGS.replace("rpd: yes", "rpd: maybe"))
    codes = [(Path(one.place.path).name, one.code) for one in plan(shelf, folder).errors]
    assert ("crm_store.yaml", "missing") in codes
    assert codes.count(("holdings.yaml", "enum")) == 2


@pytest.mark.parametrize(
    ("name", "before", "after", "code"),
    [
        ("crm_map", "holding: H-002", "holding: H-009", "holding-unknown"),
        ("crm_map", "store: crm", "store: cabinet", "map-of-paper"),
        ("holdings", "items: [order]\n    purposes: [partner-communication]\n    store: crm",
         "items: [order]\n    purposes: [partner-communication]\n    store: cabinet", "holding-elsewhere"),
        ("holdings", "store: crm", "store: attic", "store-unknown"),
        ("cabinet", "store: cabinet", "store: crm", "document-twice"),
    ],
)  # fmt: skip
def test_documents_that_contradict_each_other_are_refused(
    shelf: Shelf, folder: Path, name: str, before: str, after: str, code: str
):
    path = folder / f"{name}.yaml"
    path.write_text(path.read_text().replace(before, after))
    assert code in errors_of(plan(shelf, folder))


def test_a_map_that_does_not_fit_its_live_store_is_refused_when_applied(shelf: Shelf, folder: Path):
    shelf.shapes["crm"] = with_table("orders", None)
    found = plan(shelf, folder)
    assert errors_of(found) == ["table-missing"]
    assert found.errors[0].place.path.endswith("crm_map.yaml")


def test_a_store_that_does_not_answer_stops_a_new_map_but_not_an_unchanged_one(shelf: Shelf, folder: Path):
    shelf.unplugged = True
    assert errors_of(plan(shelf, folder)) == ["store-unreachable"]
    shelf.unplugged = False
    apply(shelf, folder)
    shelf.unplugged = True
    cabinet = folder / "cabinet.yaml"
    cabinet.write_text(cabinet.read_text().replace("3階", "4階"))
    found = plan(shelf, folder)
    assert errors_of(found) == []
    assert [one.problem.code for one in found.findings] == ["store-unreachable"]
    assert apply(shelf, folder).changed == 1


def test_a_file_whose_base_is_not_the_head_is_refused_until_it_is_mended(shelf: Shelf, folder: Path, tmp_path: Path):
    apply(shelf, folder)
    other = write_all(tmp_path / "elsewhere")
    (other / NAME).write_text((folder / NAME).read_text())
    path = other / "crm_store.yaml"
    path.write_text(path.read_text().replace("営業管理部", "情報システム部"))
    apply(shelf, path)
    mine = folder / "crm_store.yaml"
    mine.write_text(mine.read_text().replace("kept_days: 35", "kept_days: 60"))
    found = plan(shelf, folder)
    assert errors_of(found) == ["base-moved"]
    assert "daicho export" in found.errors[0].advice.en
    (folder / NAME).unlink()
    assert errors_of(plan(shelf, folder)) == ["base-unknown"]


def test_a_document_taken_out_of_its_folder_is_removed(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    (folder / "cabinet.yaml").unlink()
    found = plan(shelf, folder)
    assert [(one.code, one.change) for one in found.changes] == [("cabinet", ChangeKind.REMOVE)]
    assert apply(shelf, folder).removed == 1
    assert find_store("cabinet", scope=ALICE) is None
    assert plan(shelf, folder).changes == []
    assert RegisterRevision.objects.filter(document__code="cabinet").count() == 2


def test_a_document_that_was_removed_can_come_back_as_its_next_revision(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    confirm_map("crm", scope=BOB, at=AT)
    text = (folder / "crm_map.yaml").read_text()
    (folder / "crm_map.yaml").unlink()
    apply(shelf, folder)
    assert list_active_maps(scope=ALICE) == []
    assert find_active_map("crm") is None
    write(folder, crm_map=text)
    done = apply(shelf, folder)
    assert (done.created, done.to_confirm) == (1, ("crm",))
    assert get_map("crm", scope=ALICE).number == 3


def test_a_store_shared_by_the_group_is_seen_by_those_whose_data_it_holds(shelf: Shelf, folder: Path):
    technology = Scope(actor="dave", organisations=frozenset({"copro-technology"}))
    both = Scope(actor="alice", organisations=frozenset({"copro-holdings", "copro-technology"}))
    grant_role("alice", organisation="copro-technology", role=Role.OFFICER, scope=both, at=AT)
    create_account(
        "dave", display_name="dave", organisation="copro-technology", roles=[Role.OFFICER], scope=both, at=AT
    )
    theirs = HOLDINGS.replace("organisation: copro-holdings", "organisation: copro-technology", 1)
    assert theirs.index("copro-technology") < theirs.index("copro-holdings")
    write(folder, holdings=theirs)
    assert "not-found" in errors_of(plan(shelf, folder))  # alice alone may not write for the other company
    apply(shelf, folder, scope=both)
    confirm_map("crm", scope=BOB, at=AT)
    assert [one.code for one in list_stores(scope=technology)] == ["crm"]
    assert [one.reg_no for one in list_holdings(scope=technology)] == ["H-001"]
    (found,) = list_active_maps(scope=technology)
    assert list(found.tables_of({"copro-technology"})) == ["customers"]
    assert list(found.tables_of({"copro-holdings"})) == ["orders"]
    assert find_active_map("crm", organisation="copro-technology") is not None


def test_a_holding_that_a_map_needs_cannot_be_taken_out(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    write(folder, holdings=HOLDINGS[: HOLDINGS.index("  - reg_no: H-002")])
    found = plan(shelf, folder / "holdings.yaml")
    assert [(one.code, one.change) for one in found.changes] == [("H-002", ChangeKind.REMOVE)]
    assert errors_of(found) == ["holding-unknown"]
    assert found.errors[0].place.path.startswith("register:map/")


def test_a_plan_that_grew_stale_is_refused(shelf: Shelf, folder: Path):
    first, second = plan(shelf, folder), plan(shelf, folder)
    apply_documents(first, scope=ALICE, at=AT)
    with pytest.raises(NotAllowedError, match="after this plan"):
        apply_documents(second, scope=ALICE, at=AT)
    assert RegisterRevision.objects.count() == 5


def test_a_store_that_changed_since_is_noticed_before_a_run_and_confirmed_anew(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    confirm_map("crm", scope=BOB, at=AT)
    (active,) = list_active_maps(scope=ALICE)
    assert_unchanged(active, shelf.open(active.store))
    shelf.shapes["crm"] = with_table("customers", with_column(CUSTOMERS, column("email", length=100)))
    with pytest.raises(StoreChangedError, match=r"customers\.email"):
        assert_unchanged(active, shelf.open(active.store))
    assert apply(shelf, folder).to_confirm == ("crm",)
    assert '"change":"rechecked"' in TrailEntry.objects.filter(event="map.applied").latest("seq").facts
    with pytest.raises(NotAllowedError):
        list_active_maps(scope=ALICE)
    confirm_map("crm", scope=BOB, at=AT)
    (renewed,) = list_active_maps(scope=ALICE)
    assert_unchanged(renewed, shelf.open(active.store))
    assert renewed.digest != active.digest


def test_maps_are_parsed_once_for_each_state_of_the_register(shelf: Shelf, folder: Path):
    apply(shelf, folder)
    confirm_map("crm", scope=BOB, at=AT)
    assert list_active_maps(scope=ALICE)[0] is list_active_maps(scope=ALICE)[0]


def test_a_policy_beside_the_documents_is_passed_over_and_a_misspelt_document_is_not(shelf: Shelf, folder: Path):
    write(folder, policy="format: daicho-policy/1\n")
    assert plan(shelf, folder).is_valid
    write(folder, wrong="stor: crm\n")
    assert errors_of(plan(shelf, folder)) == ["unknown-document"]
    assert errors_of(plan(shelf, folder / "policy.yaml")) == ["unknown-document"]


def test_paths_without_documents_are_told(shelf: Shelf, tmp_path: Path):
    with pytest.raises(InputError):
        plan(shelf, tmp_path / "nowhere")
    assert errors_of(plan(shelf, tmp_path)) == ["no-documents"]
