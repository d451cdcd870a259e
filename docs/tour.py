# ruff: noqa: INP001 (a script beside the pages it draws for, not a package)
"""Takes the pictures of the tour: see ``docs/README.md``.

    make demo
    python docs/tour.py demo/workspace docs/pictures

Serves a copy of the demo's workspace at the story's own time, adds what the story leaves out (`tour_scene`), signs its
accounts in, opens the pages of ``VIEWS`` in Chromium (the machine's, or the one ``DAICHO_CHROMIUM`` names) in both
languages, and writes one PNG each. The workspace itself is not touched.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from PIL import Image

AT: Final = "2026-11-24T17:30:00+09:00"  # half an hour after the story ends
WIDE: Final = 1200
PHONE: Final = {"width": 390, "height": 780}
COLOURS: Final = 128
LIKE: Final = 48  # square of the distance below which two colours look the same
GAP: Final = 24
ASIDE: Final = (214, 211, 203)
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One window: the page, whose eyes, how large, what is done there before the picture is taken."""

    path: str
    user: str = ""
    size: Mapping[str, int] = field(default_factory=lambda: {"width": WIDE, "height": 800})
    then: Callable[[Any], None] | None = None


def _draw_boxes(page: Any) -> None:
    """Take what was recognised, and draw one box by hand."""
    page.locator("[data-take]").click()
    canvas = page.locator(".post-canvas svg").bounding_box()
    scale = canvas["width"] / CARD["width"]
    left, top, right, bottom = NUMBERS
    page.mouse.move(canvas["x"] + left * scale, canvas["y"] + top * scale)
    page.mouse.down()
    page.mouse.move(canvas["x"] + right * scale, canvas["y"] + bottom * scale, steps=4)
    page.mouse.up()


def _forget_a_word(page: Any) -> None:
    """Take one thing out of the text, and follow the finding that appears to its line."""
    text = page.locator("textarea.code")
    lines = text.input_value().splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.strip() == "- by: electronic")
    page.evaluate(
        "([text, told]) => { text.value = told; text.dispatchEvent(new Event('input', {bubbles: true})) }",
        [text.element_handle(), "".join(lines[:start] + lines[start + 4 :])],
    )
    page.locator("#findings button[data-line]").first.click(timeout=20_000)


def _show_candidates(page: Any) -> None:
    """All of them beside the person."""
    page.locator("#candidates").evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 110)")


#: Size of the invented card, and where its numbers stand on it (left, top, right, bottom).
CARD: Final = {"width": 1000, "height": 640}
NUMBERS: Final = (288, 364, 690, 484)

#: Name of the picture → its windows, side by side.
VIEWS: Final[Mapping[str, Sequence[View]]] = {
    "home": [View(path="/", user="kanri", size={"width": WIDE, "height": 720})],
    "scan": [View(path="{scan}", user="mado", size={"width": WIDE, "height": 970}, then=_draw_boxes)],
    "search": [
        View(
            path="/requests/R-2026-0006/search/",
            user="mado",
            size={"width": WIDE, "height": 640},
            then=_show_candidates,
        )
    ],
    "policy": [View(path="/policy/copro-holdings/text/", user="kanri", then=_forget_a_word)],
    "map": [View(path="/register/map/", user="kanri", size={"width": WIDE, "height": 962})],
    "phones": [
        View(path="/privacy/", size=PHONE),
        View(path="/request/", size=PHONE),
        View(path="/requests/R-2026-0006/", user="mado", size=PHONE),
    ],
}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Nothing: the pictures are the answer."""


def main() -> int:
    """Take every picture, or those named; exit code 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--only", choices=[*VIEWS], action="append", help="this picture; may be given more than once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "workspace")
        shutil.copytree(options.workspace, copy)
        base = _serve(copy)
        with _browser() as browser:
            import tour_scene  # noqa: PLC0415 (needs Django, as `_serve` set it up)

            places = {"scan": tour_scene.prepare(_photograph(browser, tour_scene.card(**CARD)))}
            for language in ("ja", "en"):
                for name in options.only or VIEWS:
                    shots = [_take(browser, base, language, view, places) for view in VIEWS[name]]
                    _write(_beside(shots), options.to / f"{name}-{language}.png")
    return 0


def _serve(workspace: Path) -> str:
    with (workspace / "daicho.toml").open("a", encoding="utf-8") as settings:
        settings.write('mail_server = "env:DAICHO_SMTP_URL"\nmail_from = "privacy@example.jp"\n')
    os.environ.update(
        DAICHO_WORKSPACE=str(workspace),
        DAICHO_AT=AT,
        DAICHO_SMTP_URL="smtp://localhost:9",  # the web door asks that there is one; nothing is sent
        DJANGO_SETTINGS_MODULE="daicho.site.settings",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",  # the browser's driver runs a loop of its own in this thread
    )
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    from daicho.site.wsgi import application  # noqa: PLC0415

    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    program = os.environ.get("DAICHO_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def _photograph(browser: Any, html: str) -> bytes:
    """A picture of a page of our own."""
    page = browser.new_page(viewport=CARD)
    page.set_content(html)
    taken: bytes = page.screenshot()
    page.close()
    return taken


def _session(code: str) -> str:
    """The key of a session that is signed in with a second factor."""
    from allauth.mfa.models import Authenticator  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from daicho.people.models import Account  # noqa: PLC0415

    account = Account.objects.get(code=code)
    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]  # as a sign-in notes it
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return str(client.cookies["daicho_session"].value)


def _take(browser: Any, base: str, language: str, view: View, places: Mapping[str, str]) -> Image.Image:
    context = browser.new_context(viewport=dict(view.size), color_scheme="light", locale=language)
    cookies = [{"name": "daicho_language", "value": language, "url": base}]
    if view.user:
        cookies.append({"name": "daicho_session", "value": _session(view.user), "url": base})
    context.add_cookies(cookies)
    page = context.new_page()
    path = view.path.format(**places)
    answer = page.goto(base + path)
    if answer is None or answer.status != 200:  # noqa: PLR2004
        raise SystemExit(f"{path}: {answer and answer.status}")
    page.wait_for_load_state("networkidle")
    if view.then is not None:
        view.then(page)
    page.wait_for_timeout(400)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return taken


def _beside(shots: Sequence[Image.Image]) -> Image.Image:
    if len(shots) == 1:
        return shots[0]
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    whole = Image.new("RGB", (width, max(shot.height for shot in shots) + 2 * GAP), ASIDE)
    left = GAP
    for shot in shots:
        whole.paste(shot, (left, GAP))
        left += shot.width + GAP
    return whole


def _write(picture: Image.Image, file: Path) -> None:
    """The most frequent colours that differ, as they are, and each other as the nearest of them.

    Flat parts stay true, small signs keep their colour, and the file is a third of what it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    found = [colour for _, colour in sorted(picture.getcolors(picture.width * picture.height), reverse=True)]
    kept: list[tuple[int, int, int]] = []
    for colour in found:
        if len(kept) < COLOURS and all(_apart(colour, other) > LIKE for other in kept):
            kept.append(colour)
    nearest = {colour: min(range(len(kept)), key=lambda one: _apart(colour, kept[one])) for colour in found}
    written = Image.new("P", picture.size)
    written.putpalette([part for colour in kept for part in colour])
    written.putdata([nearest[colour] for colour in picture.get_flattened_data()])
    written.save(file, "PNG", optimize=True)
    sys.stdout.write(f"{file} {file.stat().st_size:,} bytes\n")


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


if __name__ == "__main__":
    sys.exit(main())
