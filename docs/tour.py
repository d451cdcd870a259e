# ruff: noqa: INP001 (a script beside the pages it draws for, not a package)
"""Takes the pictures of the tour: see ``docs/README.md``.

    make demo
    python docs/tour.py demo/workspace docs/pictures

Serves a copy of the demo's workspace, signs its accounts in, opens the pages of ``VIEWS`` in Chromium (the machine's,
or the one ``DAICHO_CHROMIUM`` names) in both languages, and writes one PNG each.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

DESK: Final = {"width": 1200, "height": 800}
PHONE: Final = {"width": 390, "height": 760}
COLOURS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One picture: the file's name, the page, whose eyes, how wide."""

    name: str
    path: str
    user: str = ""
    phone: bool = False
    dark: bool = False


VIEWS: Final = (
    View(name="home", path="/", user="kanri"),
    View(name="inbox", path="/requests/", user="mado"),
    View(name="case", path="/requests/R-2026-0006/", user="mado"),
    View(name="candidates", path="/requests/R-2026-0006/search/", user="shinsa"),
    View(name="post", path="/post/", user="mado"),
    View(name="ledger", path="/requests/ledger/", user="kanri"),
    View(name="policy", path="/policy/", user="kanri"),
    View(name="register", path="/register/", user="kanri"),
    View(name="map", path="/register/map/", user="kanri", dark=True),
    View(name="trail", path="/trail/", user="kansa"),
    View(name="privacy", path="/privacy/", phone=True),
)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Nothing: the pictures are the answer."""


def main() -> int:
    """Take every picture; exit code 0."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("to", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "workspace")
        shutil.copytree(options.workspace, copy)
        base = _serve(copy)
        for language in ("ja", "en"):
            _take(base, language, options.to)
    return 0


def _serve(workspace: Path) -> str:
    os.environ.update(
        DAICHO_WORKSPACE=str(workspace), DJANGO_SETTINGS_MODULE="daicho.site.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1"
    )
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    from daicho.site.wsgi import application  # noqa: PLC0415

    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


def _session(code: str) -> str:
    from allauth.mfa.models import Authenticator  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from daicho.people.models import Account  # noqa: PLC0415

    account = Account.objects.get(code=code)
    Authenticator.objects.get_or_create(user=account, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.cookies["daicho_session"].value)


def _take(base: str, language: str, to: Path) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    program = os.environ.get("DAICHO_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for view in VIEWS:
            context = browser.new_context(
                viewport=PHONE if view.phone else DESK,
                color_scheme="dark" if view.dark else "light",
                locale="ja-JP" if language == "ja" else "en-US",
            )
            cookies = [{"name": "daicho_language", "value": language, "url": base}]
            if view.user:
                cookies.append({"name": "daicho_session", "value": _session(view.user), "url": base})
            context.add_cookies(cookies)
            page = context.new_page()
            answer = page.goto(base + view.path)
            if answer is None or answer.status != 200:  # noqa: PLR2004
                raise SystemExit(f"{view.path}: {answer and answer.status}")
            page.wait_for_timeout(300)
            file = to / f"{view.name}-{language}.png"
            file.write_bytes(_few_colours(page.screenshot()))
            sys.stdout.write(f"{file} {file.stat().st_size:,} bytes\n")
            context.close()
        browser.close()


def _few_colours(png: bytes) -> bytes:
    from PIL import Image  # noqa: PLC0415

    written = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
