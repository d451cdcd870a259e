# ruff: noqa: INP001 (a part of `tour.py`, beside the pages it draws for)
"""What the pictures of the tour need and the demo's story leaves out: an envelope with a scan, an open web door.

Everything is done by the rooms' own actions, by the accounts of the story. Django is set up before this is imported.
"""

import base64
import io
from typing import Any, Final

import zxingcpp
from django.conf import settings
from django.urls import reverse
from PIL import Image

from daicho.people.queries import get_actor
from daicho.policy import actions as policy
from daicho.policy.queries import find_revision_at, get_revision
from daicho.post.actions.envelopes import EnvelopeIntake, classify_envelope, register_envelope
from daicho.post.actions.scans import ScanIntake, store_scan
from daicho.post.rules import Channel, Content, EnvelopeKind
from daicho.rights.rules import DocumentKind
from daicho.site.clock import now

GROUP: Final = "copro-holdings"
DESK, WRITER, OFFICER = "mado", "shinsa", "kanri"
_POST: Final = "    channels:\n      - by: post\n"
_WEB: Final = """\
    channels:
      - by: web
        says:
          ja: 開示等の請求等は、当社ウェブサイトからもお申し出いただけます。
          en: You may also make a Request for Disclosure, etc. on our website.
      - by: post
"""


def prepare(scanned: bytes) -> str:
    """An envelope of today with the scan of an identity paper, and a policy that publishes the web; the tool's path."""
    _open_web_door()
    desk, at = get_actor(DESK, at=now()), now()
    intake = EnvelopeIntake(
        organisation=GROUP,
        channel=Channel.POST,
        post_room="名古屋本社 総務課",
        arrived_on=at.date(),
        opened_by="窓口 佐久間",
        delivery_number="123-45-67890-1",
        counted={Content.FORM: 1, Content.ID_COPY: 1},
        place="キャビネット A-3",
    )
    envelope = register_envelope(intake, scope=desk, at=at)
    classify_envelope(envelope, EnvelopeKind.REQUEST, scope=desk, at=at)
    paper = ScanIntake(kind=DocumentKind.ID_COPY, paper="eligibility_certificate", envelope=envelope)
    stored = store_scan(scanned, paper, scope=desk, at=at, folder=settings.WORKSPACE.files)
    return reverse("post:black_out", args=[stored.ref, 1])


def _open_web_door() -> None:
    at = now()
    found = find_revision_at(GROUP, at.date())
    if found is None:
        raise SystemExit(f"{GROUP} has no policy: run `make demo` first")
    text = get_revision(GROUP, found.number).source
    if text.count(_POST) != 1:
        raise SystemExit("the policy of the example names its channels in another way now")
    writer, officer = get_actor(WRITER, at=at), get_actor(OFFICER, at=at)
    raw = text.replace(_POST, _WEB).encode()
    policy.apply_policy(raw, "policy.yaml", base=found.number, scope=writer, at=at)
    policy.publish(GROUP, effective_from=at.date(), scope=officer, at=at)


def card(*, width: int, height: int) -> str:
    """HTML of an invented 資格確認書; numbers and QR code are what must be blacked out."""
    return f"""<!doctype html><meta charset="utf-8"><style>
    body {{ margin: 0; inline-size: {width}px; block-size: {height}px; box-sizing: border-box; padding: 40px 56px;
      background: #f4f1e4; font: 30px/1.9 "Noto Sans CJK JP", "Noto Sans JP", sans-serif; color: #23201a }}
    h1 {{ font-size: 40px; letter-spacing: .3em; margin: 0 0 20px; font-weight: 600 }}
    dl {{ display: grid; grid-template-columns: 240px 1fr; margin: 0 }} dd {{ margin: 0 }} dt {{ color: #6b6553 }}
    img {{ position: absolute; right: 56px; top: 48px; image-rendering: pixelated }}
    p {{ position: absolute; right: 40px; bottom: 0; font-size: 60px; color: #b3231f44; letter-spacing: .4em }}
    </style><h1>資格確認書</h1><img src="{_code("https://example.jp/")}" width="170" height="170">
    <dl><dt>氏名</dt><dd>見本　花子</dd><dt>フリガナ</dt><dd>ミホン　ハナコ</dd><dt>生年月日</dt><dd>平成 2 年 4 月 9 日</dd>
    <dt>住所</dt><dd>愛知県名古屋市架空区仮町 9-99</dd><dt>記号・番号</dt><dd>00-000 ・ 000000（枝番 00）</dd>
    <dt>保険者番号</dt><dd>00000000</dd></dl><p>見本</p>"""


def _code(text: str) -> str:
    """A QR code as a data address."""
    drawn: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)
    written = io.BytesIO()
    Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), bytes(memoryview(drawn))).save(written, "PNG")
    return "data:image/png;base64," + base64.b64encode(written.getvalue()).decode()
