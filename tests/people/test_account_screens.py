"""Accounts on the screen, as the officer, a colleague of another company, the auditor and the employee see them."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from daicho.people import actions, queries
from daicho.people.models import Account, AccountOrganisation
from daicho.people.rules import Role
from daicho.trail.models import TrailEntry
from daicho.words.errors import NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from tests.site.conftest import AT, enter, house  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(house) -> Scope:  # noqa: F811
    return queries.get_actor("officer", at=AT)


@pytest.fixture
def desk_of(enter):  # noqa: F811
    return enter


def text(answer) -> str:
    return str(answer.content.decode())


def test_the_list_shows_roles_factors_and_state_in_both_languages(officer, desk_of):
    browser = desk_of(Role.OFFICER)
    page = text(browser.get("/people/"))
    for said in ("個人情報保護管理者", "監査担当者", "招待待ち", "認証アプリ", "全 8 件中"):
        assert said in page, said
    english = text(browser.get("/people/?lang=en"))
    for said in ("responsible officer", "auditor", "no password yet", "1–8 of 8"):
        assert said in english, said


def test_search_role_state_and_order(officer, desk_of):
    actions.deactivate_account("employee", scope=officer, at=AT)
    browser = desk_of(Role.OFFICER)

    def rows(query: str) -> list[str]:
        page = text(browser.get(f"/people/?{query}"))
        return [part.split("/")[0] for part in page.split('href="/people/account/')[1:]]

    assert rows("q=AUDIT") == ["auditor"]
    assert rows("role=desk") == ["desk"]
    assert rows("state=ended") == ["employee"]
    assert "employee" not in rows("state=active")
    assert rows("sort=-code") == sorted(rows(""), reverse=True)
    assert rows("q=nobody") == []
    assert "当てはまるアカウントはありません" in text(browser.get("/people/?q=nobody"))
    assert browser.get("/people/?sort=x&page=99&role=x").status_code == 200


def test_a_foreign_organisation_is_not_seen(officer, desk_of):
    actions.create_account("solna", display_name="S", organisation="solna", roles=[Role.OFFICER], scope=officer, at=AT)
    browser = desk_of(Role.OFFICER)
    assert "solna" not in text(browser.get("/people/"))
    for path in ("", "grant/", "remove/", "invite/", "reset/", "deactivate/"):
        answer = browser.get("/people/account/solna/") if not path else browser.post(f"/people/account/solna/{path}")
        assert answer.status_code in {302, 404}
    assert Account.objects.get(code="solna").is_active
    assert browser.get("/people/account/nobody/").status_code == 404


def test_an_account_is_made_given_a_role_and_invited(officer, desk_of):
    browser = desk_of(Role.OFFICER)
    made = browser.post(
        "/people/new/",
        {"code": "mado", "display_name": "窓口 花子", "organisation": "copro", "roles": ["desk", "employee"]},
    )
    assert made["Location"] == "/people/account/mado/"
    browser.post("/people/account/mado/grant/", {"organisation": "copro", "role": "secretariat"})
    assert queries.roles_of("mado", "copro") == {Role.DESK, Role.EMPLOYEE, Role.SECRETARIAT}
    browser.post("/people/account/mado/remove/", {"organisation": "copro", "role": "employee"})
    assert queries.roles_of("mado", "copro") == {Role.DESK, Role.SECRETARIAT}
    browser.post("/people/account/mado/invite/")
    page = text(browser.get("/people/account/mado/"))
    assert "http://testserver/people/invited/" in page
    assert "窓口 花子" in page
    assert "/people/invited/" not in text(browser.get("/people/account/mado/")), "it is shown once"
    assert "/people/invited/" not in " ".join(TrailEntry.objects.values_list("facts", flat=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "Mado!"}, "アカウントコードの形"),
        ({"code": "desk"}, "もうあります"),
        ({"roles": []}, "必須"),
        ({"roles": ["king"]}, "king"),
        ({"roles": ["auditor", "desk"]}, "他の役割を兼ね"),
        ({"organisation": "Copro 1"}, "組織コードの形"),
        ({"display_name": " "}, "必須"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_made(officer, desk_of, given, said):
    before = Account.objects.count(), TrailEntry.objects.count()
    whole = {"code": "mado", "display_name": "M", "organisation": "copro", "roles": ["desk"], **given}
    answer = desk_of(Role.OFFICER).post("/people/new/", whole)
    assert answer.status_code == 400
    assert said in text(answer)
    assert (Account.objects.count(), TrailEntry.objects.count()) == before


def test_an_auditor_looks_and_is_offered_nothing(officer, desk_of):
    browser = desk_of(Role.AUDITOR)
    page = text(browser.get("/people/account/desk/"))
    assert "窓口" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    for path in ("grant/", "remove/", "invite/", "reset/", "deactivate/"):
        assert browser.post(f"/people/account/desk/{path}").status_code == 403
    assert browser.get("/people/new/").status_code == 403


def test_refusals_come_back_with_advice(officer, desk_of):
    browser = desk_of(Role.OFFICER)
    for path, given, said in (
        ("officer/deactivate/", {}, "最後の管理者は停止できません"),
        ("officer/remove/", {"organisation": "copro", "role": "officer"}, "最後の管理者の役割"),
        ("officer/reset/", {}, "自分のサインインはやり直しにできません"),
        ("desk/grant/", {"organisation": "copro", "role": "auditor"}, "他の役割を兼ねられません"),
        ("desk/grant/", {"organisation": "copro", "role": "king"}, "その役割はありません"),
    ):
        answer = browser.post(f"/people/account/{path}", given, follow=True)
        assert said in text(answer), path


def test_officers_take_roles_away_but_never_the_last(officer):
    with pytest.raises(NotAllowedError):
        actions.remove_role("officer", organisation="copro", role=Role.OFFICER, scope=officer, at=AT)
    actions.create_account("second", display_name="2", organisation="copro", roles=[Role.OFFICER], scope=officer, at=AT)
    with pytest.raises(NotAllowedError):
        actions.remove_role("officer", organisation="copro", role=Role.OFFICER, scope=officer, at=AT)
    before = TrailEntry.objects.count()
    assert actions.remove_role("second", organisation="copro", role=Role.OFFICER, scope=officer, at=AT)
    assert not actions.remove_role("second", organisation="copro", role=Role.OFFICER, scope=officer, at=AT)
    assert TrailEntry.objects.count() == before + 1
    assert queries.find_signed_in("second", at=AT) is None, "without a role nothing opens"
    for role in (Role.DESK, Role.AUDITOR):
        with pytest.raises(NotAllowedError):
            actions.remove_role(
                "employee", organisation="copro", role=Role.EMPLOYEE, scope=queries.get_actor(role, at=AT), at=AT
            )
    with pytest.raises(NotFoundError):
        actions.remove_role("desk", organisation="solna", role=Role.DESK, scope=officer, at=AT)


def test_a_deactivated_account_is_shown_as_such(officer, desk_of):
    browser = desk_of(Role.OFFICER)
    browser.post("/people/account/desk/deactivate/")
    page = text(browser.get("/people/account/desk/"))
    assert "停止" in page
    assert "/people/account/desk/invite/" not in page
    assert AccountOrganisation.objects.filter(account__code="desk").exists(), "what it was stays in sight"


def test_everybody_sees_their_own_account(officer, desk_of):
    browser = desk_of(Role.EMPLOYEE)
    assert "従業者" in text(browser.get("/people/me/"))
    assert "employee" in text(browser.get("/people/me/?lang=en"))
    assert browser.get("/people/account/employee/").status_code == 403
    without = Client()
    assert without.get("/people/me/").status_code == 302


def test_a_second_factor_is_counted_per_account(officer):
    Authenticator.objects.create(user=Account.objects.get(code="desk"), type="webauthn", data={})
    Authenticator.objects.create(user=Account.objects.get(code="desk"), type="recovery_codes", data={})
    found = {one.code: list(one.factors) for one in queries.list_accounts(scope=officer)}
    assert found["desk"] == ["recovery_codes", "webauthn"]
    assert found["auditor"] == []
