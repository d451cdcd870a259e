"""The published policy as everybody sees it, without an account."""

from datetime import date

import pytest
from django.urls import reverse

from daicho.policy.actions import apply_policy, publish
from daicho.policy.queries import list_revisions
from daicho.policy.screens import public
from daicho.words.scope import Scope
from tests.policy.screens import ALICE, AT, CHANGED, GROUP, NOW, SOURCE, publish_the_first, said, seat_everybody

pytestmark = pytest.mark.django_db
BOB = Scope(actor="bob", organisations=frozenset({GROUP}))
MALLORY = Scope(actor="mallory", organisations=frozenset({"other-company"}))
OTHER = SOURCE.replace("copro-holdings", "other-company").replace("コプロ・ホールディングス", "ほかの会社")


@pytest.fixture(autouse=True)
def office(workspace, monkeypatch):
    monkeypatch.setenv("DAICHO_AT", NOW)
    seat_everybody()


def publish_the_second(day: date) -> None:
    apply_policy(CHANGED.encode(), "policy.yaml", scope=ALICE, at=AT, base=1)
    publish(GROUP, effective_from=day, scope=BOB, at=AT)


@pytest.mark.parametrize("path", ["", "versions/", "1/", "policy.ja.pdf", "1/policy.ja.pdf", "of/nobody/"])
@pytest.mark.parametrize(("language", "words"), [("ja", "公表されていません"), ("en", "is not published")])
def test_nothing_published_is_said_in_words(client, path, language, words):
    page = client.get(f"/privacy/{path}?lang={language}")
    assert page.status_code == 404
    assert words in said(page)


@pytest.mark.parametrize(("language", "words"), [("ja", "お問い合わせへの対応"), ("en", "Responding to inquiries")])
def test_the_policy_in_force_in_both_languages(client, language, words):
    publish_the_first()
    page = client.get("/privacy/", headers={"cookie": f"daicho_language={language}"})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in said(page)
    assert words in said(page)
    assert "<style" not in said(page)
    assert "<script" not in said(page)
    assert "style=" not in said(page)


def test_it_may_be_kept_for_minutes_and_is_asked_for_by_its_mark(client):
    publish_the_first()
    page = client.get("/privacy/")
    assert page["Cache-Control"] == "public, max-age=300"
    assert "Cookie" in page["Vary"]
    assert not page.cookies
    again = client.get("/privacy/", headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/privacy/?lang=en")["Cache-Control"].startswith("private")
    assert client.get("/privacy/?lang=en")["ETag"] != page["ETag"]
    publish_the_second(date(2026, 11, 23))
    assert client.get("/privacy/", headers={"if-none-match": page["ETag"]}).status_code == 200


def test_it_says_nothing_of_drafts(client):
    publish_the_first()
    before = said(client.get("/privacy/")), said(client.get("/privacy/versions/"))
    apply_policy(CHANGED.encode(), "policy.yaml", scope=ALICE, at=AT, base=1)
    assert (said(client.get("/privacy/")), said(client.get("/privacy/versions/"))) == before
    assert client.get("/privacy/2/").status_code == 404
    assert client.get("/privacy/draft/").status_code == 404


def test_a_coming_revision_is_announced_and_an_old_one_says_that_it_is_old(client, monkeypatch):
    publish_the_first()
    publish_the_second(date(2026, 12, 1))
    now = said(client.get("/privacy/?lang=ja"))
    assert "お問い合わせへの対応" in now
    assert "2026年12月1日に改定します" in now
    assert "から施行します" in said(client.get("/privacy/2/?lang=ja"))
    monkeypatch.setenv("DAICHO_AT", "2026-12-01T00:00:01+09:00")
    assert "お問い合わせへのご回答" in said(client.get("/privacy/?lang=ja"))
    assert "いまの方針ではありません" in said(client.get("/privacy/1/?lang=ja"))


def test_every_revision_is_listed_with_its_days_and_both_pdfs(client):
    publish_the_first()
    publish_the_second(date(2026, 11, 23))
    page = client.get("/privacy/versions/?lang=en")
    assert [(row[0].number, row[4], row[5]) for row in page.context["rows"]] == [
        (2, "", "now"),
        (1, "November 22, 2026", "past"),
    ]
    for path in ("/privacy/2/policy.ja.pdf", "/privacy/1/policy.en.pdf", "/privacy/policy.ja.pdf"):
        pdf = client.get(path)
        assert pdf.content.startswith(b"%PDF-")
        assert pdf["Content-Type"] == "application/pdf"
    assert "/privacy/1/policy.en.pdf" in said(page)
    assert client.get("/privacy/1/policy.fr.pdf").status_code == 404
    assert len(list_revisions(GROUP)) == 2


def test_two_groups_are_told_apart(client):
    publish_the_first()
    apply_policy(OTHER.encode(), "policy.yaml", scope=MALLORY, at=AT)
    publish("other-company", effective_from=date(2021, 1, 1), scope=MALLORY, at=AT)
    page = said(client.get("/privacy/"))
    assert f"/privacy/of/{GROUP}/" in page
    assert "/privacy/of/other-company/" in page
    other = said(client.get("/privacy/of/other-company/?lang=ja"))
    assert "ほかの会社" in other
    assert "/privacy/of/other-company/versions/" in other
    assert "/privacy/of/other-company/1/policy.ja.pdf" in other
    assert "コプロ・ホールディングス" not in other


def test_the_one_the_installation_stands_for_is_shown_first(client, settings):
    from dataclasses import replace

    publish_the_first()
    apply_policy(OTHER.encode(), "policy.yaml", scope=MALLORY, at=AT)
    publish("other-company", effective_from=date(2021, 1, 1), scope=MALLORY, at=AT)
    settings.WORKSPACE = replace(settings.WORKSPACE, organisation="other-company")
    assert "ほかの会社" in said(client.get("/privacy/?lang=ja"))


def test_the_blank_form_is_linked_when_there_is_a_page_for_it(client, monkeypatch):
    publish_the_first()
    monkeypatch.setattr(public, "FORM_ROUTE", "no:where")
    assert "Request form" not in said(client.get("/privacy/?lang=en"))
    monkeypatch.setattr(public, "FORM_ROUTE", "privacy:versions")
    page = said(client.get("/privacy/?lang=en"))
    assert f'<a href="{reverse("privacy:versions")}">Request form' in page


def test_texts_are_escaped(client):
    hostile = SOURCE.replace("ja: プライバシーポリシー,", 'ja: "<script>alert(1)</script>",', 1)
    assert hostile != SOURCE
    apply_policy(hostile.encode(), "policy.yaml", scope=ALICE, at=AT)
    publish(GROUP, effective_from=date(2021, 1, 1), scope=ALICE, at=AT)
    for path in ("/privacy/?lang=ja", "/privacy/versions/?lang=ja"):
        assert "<script>" not in said(client.get(path))
        assert "&lt;script&gt;" in said(client.get(path))
