"""The black-out tool in a real browser: drawn by mouse, by finger and by keyboard, warned, saved, gone."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image
from playwright.sync_api import Dialog, Page, expect

from daicho.post.actions.scans import look_at_page
from daicho.post.models import ScanPage
from tests.journeys.browser import browser, needs_chromium
from tests.post.room import SECRET_BOX, Room, card
from tests.rights.desk import AT
from tests.rights.planted import plain

pytestmark = [pytest.mark.slow, needs_chromium]


@pytest.fixture
def live_room(workspace: Path, transactional_db, live_server, monkeypatch) -> tuple[Room, str]:
    monkeypatch.setenv("DAICHO_AT", AT.isoformat())
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    with transaction.atomic():  # the copied rows name each other
        desk = plain(workspace)
    return Room(desk), live_server.url


def drag(page: Page, box: tuple[int, int, int, int]) -> None:
    """Over a rectangle of the stored page, a little more on every side."""
    area = page.locator(".post-canvas svg").bounding_box()
    assert area is not None
    scale = area["width"] / 1000
    x, y, width, height = box
    page.mouse.move(area["x"] + (x - 12) * scale, area["y"] + (y - 12) * scale)
    page.mouse.down()
    page.mouse.move(area["x"] + (x + width / 2) * scale, area["y"] + (y + height / 2) * scale, steps=4)
    page.mouse.move(area["x"] + (x + width + 12) * scale, area["y"] + (y + height + 12) * scale, steps=4)
    page.mouse.up()


@pytest.mark.parametrize(("width", "height", "language"), [(1360, 850, "ja"), (390, 844, "en")])
def test_drawn_warned_saved_and_gone(live_room: tuple[Room, str], width: int, height: int, language: str):
    room, address = live_room
    ref = room.scan(card(code="https://example.jp/1234"), envelope=room.envelope()).ref
    session = room.browser("clerk").cookies[settings.SESSION_COOKIE_NAME].value
    with browser() as opened:
        context = opened.new_context(viewport={"width": width, "height": height})
        context.add_cookies([
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address},
            {"name": "daicho_language", "value": language, "url": address},
        ])  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(10_000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        asked: list[str] = []
        refuse_codes = True

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.message)
            if refuse_codes and ("コード" in dialog.message or "code(s)" in dialog.message):
                dialog.dismiss()
            else:
                dialog.accept()

        page.on("dialog", answer)
        page.goto(f"{address}/post/scans/{ref}/1/black-out/")
        expect(page.locator("[data-hints] rect")).to_have_count(1)
        expect(page.locator("[data-save-button]")).to_be_disabled()
        drag(page, SECRET_BOX)
        expect(page.locator("[data-boxes] rect")).to_have_count(1)

        # by keyboard: a second box, moved, made larger, removed
        page.locator("[data-add]").click()
        second = page.locator("[data-boxes] rect").nth(1)
        expect(second).to_be_focused()
        before = float(second.get_attribute("x") or 0), float(second.get_attribute("width") or 0)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        after = float(second.get_attribute("x") or 0), float(second.get_attribute("width") or 0)
        assert after[0] > before[0]
        assert after[1] > before[1]
        page.keyboard.press("Delete")
        expect(page.locator("[data-boxes] rect")).to_have_count(1)

        # the code is still readable: asked twice, and nothing is saved when the second answer is no
        page.locator("[data-save-button]").click()
        for _ in range(50):
            page.wait_for_timeout(100)
            if len(asked) == 2:
                break
        assert len(asked) == 2
        assert ScanPage.objects.get().version == 1

        # with the suggestion taken it is saved
        page.locator("[data-take]").click()
        expect(page.locator("[data-boxes] rect")).to_have_count(2)
        page.locator("[data-save-button]").click()
        page.wait_for_url(f"{address}/post/scans/{ref}/")
        expect(page.locator(".notice.success")).to_be_visible()
        assert len(asked) == 3
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults == []
    seen = look_at_page(ref, 1, scope=room.desk.clerk, at=room.desk.at, folder=room.desk.files)
    x, y, wide, high = SECRET_BOX
    covered = Image.open(io.BytesIO(seen)).crop((x, y, x + wide, y + high)).convert("L")
    assert max(covered.tobytes()) < 12
    assert {box["reason"] for box in ScanPage.objects.get().boxes} == {"insurance_numbers", "qr_code"}
