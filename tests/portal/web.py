"""A desk whose policy publishes the web door, a real SMTP server, and a stranger's browser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.test import Client
from PIL import Image, ImageDraw

from daicho.post.actions.scans import check_scan
from daicho.post.queries import list_scans
from daicho.trail.actions import record
from daicho.work.mail import send_now
from tests.people.entering import enter
from tests.rights import desk as desks
from tests.rights.desk import AT, Desk, open_desk
from tests.rights.planted import planted
from tests.work.postbox import Postbox

CHANNEL = """\
    channels:
      - by: web
        says: {ja: 当社のウェブサイトからもお申し出いただけます。, en: You may also ask on our website.}
"""
ELECTRONIC = """\
    methods:
      - by: electronic
        says: {ja: 電磁的記録でも回答します。, en: We also answer electronically.}
"""


def web_policy(text: str) -> str:
    """The example's policy with the web door and electronic answers published."""
    for old, new in (("    channels:\n", CHANNEL), ("    methods:\n", ELECTRONIC)):
        assert old in text[text.index("\nrequests:") :]
        head, tail = text[: text.index("\nrequests:")], text[text.index("\nrequests:") :]
        text = head + (tail.replace(old, new, 1) if old != "    methods:\n" else _last(tail, old, new))
    return text


def _last(text: str, old: str, new: str) -> str:
    """In the part ``replies``."""
    place = text.index("\n  replies:")
    return text[:place] + text[place:].replace(old, new, 1)


def web_desk(folder: Path) -> Desk:
    return planted("web", folder, _build)


def _build(folder: Path) -> Desk:
    plain = desks.POLICY
    changed = folder / "web-policy.yaml"
    changed.write_text(web_policy(plain.read_text(encoding="utf-8")), encoding="utf-8")
    desks.POLICY = changed
    try:
        return open_desk(folder)
    finally:
        desks.POLICY = plain


def photograph(width: int = 900, height: int = 600) -> bytes:
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((40, 40, 300, 200), fill=(90, 120, 200))
    out = BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


FORM = {
    "person_name": "高橋 花子",
    "person_kana": "タカハシ ハナコ",
    "person_birth_date": "昭和55年1月5日",
    "person_postal_code": "450-0002",
    "person_address": "愛知県名古屋市中村区名駅3-28-12",
    "person_phone": "090-1111-2222",
}
AGENT = {"agent_name": "代理 太郎", "agent_address": "東京都千代田区一番町1"}


@dataclass(slots=True)
class Stranger:
    """A browser without an account, and the mailbox of who sits there."""

    desk: Desk
    box: Postbox
    set_clock: Callable[[datetime], None]
    mailbox: str = "hanako@example.com"
    language: str = "ja"
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=False))
    at: datetime = AT

    def __post_init__(self) -> None:
        self.browser.cookies["daicho_language"] = self.language
        self.set_clock(self.at)

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)
        self.set_clock(self.at)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.browser.post(path, data or {})

    def get(self, path: str) -> Any:
        return self.browser.get(path)

    def mails(self) -> int:
        """Let the house send what waits; returns how many arrived."""
        before = len(self.box.mails)
        send_now(record=record, at=self.at)
        return len(self.box.mails) - before

    def start(self, *kinds: str, requester: str = "principal", **more: str) -> Any:
        data = {"organisation": "copro-holdings", "requester": requester, "kinds": list(kinds), "mailbox": self.mailbox}
        return self.post("/request/", {**data, **more})

    def begin(self, *kinds: str, requester: str = "principal") -> None:
        """From the first page to the form."""
        assert self.start(*kinds, requester=requester).status_code == 302
        assert self.mails() == 1
        link = self.box.link()
        assert self.get(link).status_code == 200
        assert self.post(link)["Location"] == "/request/form/"

    def show_paper(self, code: str, content: bytes | None = None, **more: str) -> Any:
        file = BytesIO(photograph() if content is None else content)
        file.name = "../../etc/身分証.jpg"
        return self.post("/request/papers/", {"paper": code, "file": file, **more})

    def submit(self) -> str:
        """Send the request; returns its number from the page."""
        done = self.browser.post("/request/submit/", follow=True)
        assert done.redirect_chain[-1][0] == "/request/done/", done.content.decode()
        number: str = self.browser.session["portal_number"]
        assert number in done.content.decode()
        return number

    def enter(self, link: str) -> Any:
        """By link and code."""
        assert self.post(link)["Location"] == "/request/code/"
        assert self.mails() == 1
        return self.browser.post("/request/code/", {"code": self.box.code()}, follow=True)


def look_at_uploads(desk: Desk, number: str) -> None:
    """The desk opens each scan of a request and says that what must be black is."""
    for scan in list_scans(scope=desk.clerk, request=number):
        if scan.waits_for_check:
            areas = {area: "covered" for area, _, _ in scan.asked}
            check_scan(scan.ref, areas, paper=False, scope=desk.clerk, at=desk.at, folder=desk.files)


def signed_in(code: str, language: str = "ja") -> Client:
    """A browser of the house, with a second factor."""
    browser = Client()
    browser.cookies["daicho_language"] = language
    return enter(browser, code)
