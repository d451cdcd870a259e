"""What a stranger sends is not read into memory; what staff send is, up to what one process holds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from daicho.site import upload_limits
from daicho.site.uploads import MAX_REQUEST, MemoryOnly
from tests.people.entering import enter

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of files that were read."""
    found: list[int] = []
    receive = MemoryOnly.receive_data_chunk

    def count(self: MemoryOnly, raw_data: bytes, start: int) -> None:
        found.append(len(raw_data))
        receive(self, raw_data, start)

    monkeypatch.setattr(MemoryOnly, "receive_data_chunk", count)
    return found


def paper(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.pdf", b"x" * size)


@pytest.mark.parametrize("path", [LOGIN, "/request/", "/request/papers/", "/people/invited/x/", "/", "/nowhere/"])
@pytest.mark.parametrize("checked", [True, False])
def test_a_stranger_sends_no_file(house, taken: list[int], path: str, *, checked: bool):
    browser = Client(enforce_csrf_checks=checked)
    answer = browser.post(path, {"file": paper(upload_limits.STRANGER), "login": "x", "password": "x"})
    assert answer.status_code == (404 if path == "/nowhere/" else 413)
    assert taken == []
    assert upload_limits.held.total == 0


def test_a_stranger_is_told_in_both_languages(house):
    browser = Client()
    said = browser.post(LOGIN, {"file": paper(100_000)}).content.decode()
    assert "送られた内容が大きすぎます" in said
    assert "too large" in browser.post(f"{LOGIN}?lang=en", {"file": paper(100_000)}).content.decode()
    assert browser.post(LOGIN, {"login": "x", "password": "y" * 2000}).status_code == 200


def test_also_a_form_without_a_file_is_short(house):
    answer = Client().post(LOGIN, "x=" + "y" * 100_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_whoever_opened_a_mailed_link_sends_one_paper(house, taken: list[int]):
    browser = Client(enforce_csrf_checks=True)  # the check of the form's token reads the form
    browser.get(LOGIN)
    session = browser.session
    session["portal_draft"] = "D-1"
    session.save()
    browser.post("/request/papers/", {"file": paper(1024 * 1024)})
    assert sum(taken) == 1024 * 1024
    assert browser.post("/request/papers/", {"file": paper(upload_limits.PAPER)}).status_code == 413
    assert upload_limits.held.total == 0


def test_one_process_holds_so_much_at_once(house, taken: list[int], monkeypatch: pytest.MonkeyPatch):
    staff = enter(Client(), "officer")
    monkeypatch.setattr(upload_limits.held, "total", upload_limits.HELD - 1024 * 1024)
    answer = staff.post("/post/new/", {"files": paper(2 * 1024 * 1024)})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert taken == []
    monkeypatch.setattr(upload_limits.held, "total", 0)
    assert staff.post("/post/new/", {"files": paper(2 * 1024 * 1024)}).status_code != 503
    assert upload_limits.held.total == 0
    assert staff.post("/post/new/", CONTENT_LENGTH=str(MAX_REQUEST + 1)).status_code == 413


def test_half_of_it_is_staffs_alone(house, taken: list[int], monkeypatch: pytest.MonkeyPatch):
    browser = Client(enforce_csrf_checks=True)  # the check of the form's token reads the form
    browser.get(LOGIN)
    session = browser.session
    session["portal_draft"] = "D-1"
    session.save()
    monkeypatch.setattr(upload_limits.held, "total", upload_limits.HELD // 2)
    assert browser.post("/request/papers/", {"file": paper(1024 * 1024)}).status_code == 503
    assert enter(Client(), "officer").post("/post/new/", {"files": paper(1024 * 1024)}).status_code != 503
