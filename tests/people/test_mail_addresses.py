"""Where an account's reminders go: who may say so, what is refused, and that the address stands nowhere it is not meant to."""

import io
import json
from pathlib import Path

import pytest

from daicho.cli.main import run
from daicho.people import actions, queries
from daicho.people.models import Account
from daicho.people.rules import Role
from daicho.trail.models import TrailEntry
from daicho.words.errors import InputError, NotAllowedError, NotFoundError
from daicho.words.scope import Scope
from daicho.words.text import Language
from tests.site.conftest import AT, enter, house  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

ADDRESS = "canary.mado@example.co.jp"
MASKED = "c•••@e•••.jp"


@pytest.fixture
def officer(house) -> Scope:  # noqa: F811
    return queries.get_actor("officer", at=AT)


def scope_of(code: str) -> Scope:
    return queries.get_actor(code, at=AT)


def address_of(code: str) -> str:
    return Account.objects.get(code=code).mail_address


def events() -> list[str]:
    return list(TrailEntry.objects.order_by("seq").values_list("event", flat=True))


def text(answer) -> str:
    return str(answer.content.decode())


# ── who may ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("keeper", ["officer", "secretariat", "desk"])
def test_a_keeper_and_the_person_set_it_once(officer, keeper):
    assert actions.set_mail_address("desk", f" {ADDRESS} ", scope=scope_of(keeper), at=AT)
    assert address_of("desk") == ADDRESS
    before = len(events())
    assert not actions.set_mail_address("desk", ADDRESS, scope=scope_of(keeper), at=AT)
    assert len(events()) == before
    assert actions.set_mail_address("desk", "", scope=scope_of(keeper), at=AT)
    assert address_of("desk") == ""
    assert events()[-2:] == ["account.mail_set", "account.mail_removed"]
    assert ADDRESS not in "".join(TrailEntry.objects.values_list("facts", flat=True))


@pytest.mark.parametrize("other", ["desk", "engineer", "auditor", "employee", "department-head"])
def test_nobody_else_sets_it(officer, other):
    before = len(events())
    with pytest.raises(NotAllowedError):
        actions.set_mail_address("my-number-handler", ADDRESS, scope=scope_of(other), at=AT)
    assert address_of("my-number-handler") == ""
    assert len(events()) == before


def test_an_officers_is_set_by_an_officer(officer):
    with pytest.raises(NotAllowedError):
        actions.set_mail_address("officer", ADDRESS, scope=scope_of("secretariat"), at=AT)
    assert actions.set_mail_address("officer", ADDRESS, scope=officer, at=AT)


def test_a_foreign_keeper_knows_of_no_such_account(officer):
    actions.create_account("solna", display_name="S", organisation="solna", roles=[Role.OFFICER], scope=officer, at=AT)
    with pytest.raises(NotFoundError):
        actions.set_mail_address("desk", ADDRESS, scope=scope_of("solna"), at=AT)


def test_it_is_forgotten_when_the_account_ends(officer):
    actions.set_mail_address("desk", ADDRESS, scope=officer, at=AT)
    actions.deactivate_account("desk", scope=officer, at=AT)
    assert address_of("desk") == ""
    with pytest.raises(NotAllowedError):
        actions.set_mail_address("desk", ADDRESS, scope=officer, at=AT)


@pytest.mark.parametrize(
    "address",
    ["mado", "mado@example", "mado@example.jp, x@example.jp", "窓口@example.jp", "a@example.jp\nBcc: b@example.jp", "<a@b.jp>", "x" * 250 + "@e.jp"],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_repeated(officer, address):
    before = len(events())
    for attempt in (
        lambda: actions.set_mail_address("desk", address, scope=officer, at=AT),
        lambda: actions.create_account(
            "mado",
            display_name="M",
            organisation="copro",
            roles=[Role.DESK],
            mail_address=address,
            scope=officer,
            at=AT,
        ),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        assert address not in caught.value.say("ja") + caught.value.say("en") + str(caught.value)
    assert address_of("desk") == ""
    assert not Account.objects.filter(code="mado").exists()
    assert len(events()) == before


def test_everybody_switches_their_own(officer):
    auditor = scope_of("auditor")
    assert actions.switch_reminders(wanted=False, language=Language.EN, scope=auditor, at=AT)
    assert not actions.switch_reminders(wanted=False, language=Language.EN, scope=auditor, at=AT)
    told = queries.get_mail_settings("auditor")
    assert (told.wanted, told.language, told.reminded_on) == (False, Language.EN, None)
    assert queries.get_mail_settings("desk").wanted
    assert events().count("account.reminders_switched") == 1


# ── on the screen ────────────────────────────────────────────────────────────────────────────


def test_the_list_shows_who_has_an_address_but_not_the_address(officer, enter):  # noqa: F811
    actions.set_mail_address("desk", ADDRESS, scope=officer, at=AT)
    actions.switch_reminders(wanted=False, language=None, scope=scope_of("desk"), at=AT)
    browser = enter(Role.OFFICER)
    page = text(browser.get("/people/"))
    assert MASKED in page
    assert ADDRESS not in page
    assert "受け取らない" in page
    without = text(browser.get("/people/?state=unmailed"))
    assert "/people/account/desk/" not in without
    assert "/people/account/auditor/" in without


def test_the_officer_sets_it_on_the_accounts_page_and_the_auditor_sees_it_masked(officer, enter):  # noqa: F811
    browser = enter(Role.OFFICER)
    said = browser.post("/people/account/desk/mail/", {"mail_address": ADDRESS}, follow=True)
    assert "メールアドレスを登録しました" in text(said)
    assert ADDRESS in text(said)
    refused = browser.post("/people/account/desk/mail/", {"mail_address": "mado@"}, follow=True)
    assert "メールアドレスの形が正しくありません" in text(refused)
    assert address_of("desk") == ADDRESS
    auditor = enter(Role.AUDITOR)
    page = text(auditor.get("/people/account/desk/"))
    assert MASKED in page
    assert ADDRESS not in page
    assert auditor.post("/people/account/desk/mail/", {"mail_address": ""}).status_code == 403
    assert address_of("desk") == ADDRESS


def test_a_new_account_has_it_from_the_start(officer, enter):  # noqa: F811
    browser = enter(Role.OFFICER)
    given = {"code": "mado", "display_name": "窓口", "organisation": "copro", "roles": ["desk"]}
    refused = browser.post("/people/new/", given | {"mail_address": "mado"})
    assert refused.status_code == 400
    assert "メールアドレスの形" in text(refused)
    assert browser.post("/people/new/", given | {"mail_address": ADDRESS}).status_code == 302
    assert address_of("mado") == ADDRESS


@pytest.mark.parametrize(("language", "on", "off"), [("ja", "お知らせメールを受け取ります", "お知らせメールを止めました"),
                                                     ("en", "Reminders are mailed to you", "Reminders are switched off")])  # fmt: skip
def test_a_person_changes_their_own_on_their_page(officer, enter, language, on, off):  # noqa: F811
    browser = enter(Role.EMPLOYEE)
    browser.cookies["daicho_language"] = language
    given = {"mail_address": ADDRESS, "mail_language": "en", "wanted": "on"}
    page = text(browser.post("/people/me/reminders/", given, follow=True))
    assert on in page
    assert f'value="{ADDRESS}"' in page
    assert off in text(browser.post("/people/me/reminders/", {"mail_address": ADDRESS}, follow=True))
    told = queries.get_mail_settings("employee")
    assert (told.address, told.wanted, told.language) == (ADDRESS, False, None)
    browser.post("/people/me/reminders/", {"mail_address": "x", "wanted": "on"})
    assert queries.get_mail_settings("employee") == told, "nothing of it is taken"
    assert browser.get("/people/me/reminders/").status_code == 405


def test_one_without_a_mail_server_is_told_so(officer, enter):  # noqa: F811
    assert "メールサーバの設定がない" in text(enter(Role.DESK).get("/people/me/"))


# ── at the command line ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def typed(officer, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())

    def call(line: str, *, actor: str = "officer") -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        return run([*line.split(), "--as", actor], out=out, err=err), out.getvalue(), err.getvalue()

    return call


def test_the_command_line_takes_it_from_a_file_and_shows_it_masked(typed, tmp_path: Path):
    file = tmp_path / "address.txt"
    file.write_text(f"{ADDRESS}\r\n", encoding="utf-8-sig")
    assert typed(f"account add mado --organisation copro --role desk --address-from {file}")[0] == 0
    assert address_of("mado") == ADDRESS
    _, shown, _ = typed("account list --format json")
    (mado,) = [one for one in json.loads(shown) if one["code"] == "mado"]
    assert (mado["mail"], mado["reminders"]) == (MASKED, True)
    assert ADDRESS not in shown + typed("account list")[1]
    code, told, _ = typed("account mail mado --remove --lang en")
    assert (code, told) == (0, "The mail address of mado is removed.\n")
    assert address_of("mado") == ""
    assert typed(f"account mail mado --address-from {file} --format json", actor="mado")[0] == 0, "one's own"
    assert address_of("mado") == ADDRESS


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("account mail desk", 2),
        ("account mail desk --remove --address-from {file}", 2),
        ("account mail desk --address-from {file}.none", 2),
        ("account mail desk --address-from {file}", 2),
        ("account mail nobody --remove", 2),
        ("account mail officer --remove --as employee", 3),
    ],
)
def test_the_command_line_refuses(typed, tmp_path: Path, line: str, code: int):
    file = tmp_path / "address.txt"
    file.write_text(" \n", encoding="utf-8")
    words = line.format(file=file).split(" --as ")
    assert typed(words[0], actor=words[1] if len(words) > 1 else "officer")[0] == code
