"""The post room of the tests: a desk, browsers signed in as its people, and papers made on the spot."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import noto_cjk_sans_jp_regular
import pypdfium2
import zxingcpp
from django.test import Client
from PIL import Image, ImageDraw, ImageFont

from daicho.post.actions.envelopes import EnvelopeIntake, register_envelope
from daicho.post.actions.scans import ScanIntake, Stored, store_scan
from daicho.post.rules import Channel, Content
from daicho.rights.actions.receiving import open_request
from daicho.rights.rules import DocumentKind
from daicho.words.personal import Personal
from tests.people.entering import enter
from tests.rights.desk import ORGANISATION, Desk

CANARY = "CANARY-7f3e"
SECRET_BOX = (100, 300, 500, 80)  # where `card` writes what must go
_FORM = "disclosure"
_FONTS = Path(str(noto_cjk_sans_jp_regular.__file__)).parent


@dataclass(slots=True)
class Room:
    """The desk, and shorthands."""

    desk: Desk

    def browser(self, code: str, *, language: str = "ja") -> Client:
        """A browser signed in with a second factor."""
        client = enter(Client(), code)
        client.cookies["daicho_language"] = language
        return client

    def envelope(self, **more: object) -> str:
        given = {
            "organisation": ORGANISATION,
            "channel": Channel.POST,
            "post_room": "本社 総務",
            "arrived_on": self.desk.at.date(),
            "opened_by": "郵便 係",
            "counted": {Content.FORM: 1, Content.ID_COPY: 1},
            "note": Personal(f"差出人 {CANARY}", "note"),
            **more,
        }
        return register_envelope(EnvelopeIntake(**given), scope=self.desk.clerk, at=self.desk.at)  # type: ignore[arg-type]

    def request(self) -> str:
        return open_request(self.desk.intake({"kind": _FORM}), scope=self.desk.clerk, at=self.desk.at)

    def scan(self, content: bytes | None = None, **more: object) -> Stored:
        given = {"kind": DocumentKind.ID_COPY, "paper": "eligibility_certificate", **more}
        return store_scan(
            card() if content is None else content,
            ScanIntake(**given),  # type: ignore[arg-type]
            scope=self.desk.clerk,
            at=self.desk.at,
            folder=self.desk.files,
        )

    @property
    def sealed(self) -> list[Path]:
        """The page files on the disk."""
        return sorted((self.desk.files / "scans").glob("*")) if (self.desk.files / "scans").is_dir() else []


def card(*, code: str = "", exif: bool = True) -> bytes:
    """A photograph of a card: red where the secret stands, a code if asked, a canary in its EXIF."""
    image = Image.new("RGB", (1000, 640), "white")
    x, y, width, height = SECRET_BOX
    ImageDraw.Draw(image).rectangle((x, y, x + width, y + height), fill=(220, 20, 20))
    if code:
        image.paste(qr(code), (720, 330))
    out = io.BytesIO()
    data = Image.Exif()
    if exif:
        data[0x010E] = CANARY
        data[0x0112] = 1
    image.save(out, "JPEG", exif=data, comment=CANARY if exif else "")
    return out.getvalue()


WRITTEN_AT = (120, 280)


def written(text: str) -> bytes:
    """A page with one line of print, in the letters' own font."""
    image = Image.new("RGB", (1200, 800), "white")
    ImageDraw.Draw(image).text(WRITTEN_AT, text, fill="black", font=ImageFont.truetype(next(_FONTS.rglob("*.otf")), 56))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()


def qr(text: str) -> Image.Image:
    drawn: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6)
    return Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), bytes(memoryview(drawn)))


def pdf(pages: int = 1) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


LOCKED_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -44/O<28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A>/U<28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>
%%EOF
"""


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()
