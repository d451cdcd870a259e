"""Every hostile file is refused in words, and nothing of it is kept; every good one loses all but its pixels."""

import io
import time
import zlib
from contextlib import suppress

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.html import escape
from PIL import Image

from daicho.post.actions.scans import look_at_page
from daicho.post.darkroom import MAX_BYTES, UploadRefusedError, develop
from daicho.post.models import Scan, ScanPage
from tests.post.room import CANARY, LOCKED_PDF, Room, card, pdf, png
from tests.rights.planted import rows_of_ours

HOSTILE = {
    "nothing": (b"", "empty"),
    "web page": (b"<!DOCTYPE html><script>alert(1)</script>", "type"),
    "drawing with script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "type"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "type"),
    "gif": (b"GIF89a" + bytes(60), "type"),
    "tiff": (b"II*\x00" + bytes(60), "type"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(60), "heic"),
    "avif": (b"\x00\x00\x00\x18ftypavif" + bytes(60), "heic"),
    "zip": (b"PK\x03\x04" + bytes(60), "type"),
    "image and web page": (card() + b"<html><script>x</script></html>", "polyglot"),
    "image and archive": (card() + b"PK\x03\x04....PK\x05\x06" + bytes(18), "polyglot"),
    "image and pdf": (png(10, 10) + pdf(), "polyglot"),
    "pdf and drawing": (pdf() + b"<svg onload=alert(1)>", "polyglot"),
    "pdf not at its start": (b"GIF89a" + pdf(), "type"),
    "locked pdf": (LOCKED_PDF, "encrypted"),
    "broken pdf": (b"%PDF-1.7\nnonsense", "damaged"),
    "31 pages": (pdf(31), "pages"),
    "bomb": (png(20_000, 20_000), "pixels"),
    "cut off": (card()[:900], "damaged"),
    "only a beginning": (b"\xff\xd8\xff\xe0", "damaged"),
    "png header only": (b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
    "too large": (b"\xff\xd8\xff" + bytes(MAX_BYTES), "bytes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_its_own_reason(name: str):
    content, why = HOSTILE[name]
    with pytest.raises(UploadRefusedError) as refused:
        develop(content)
    assert refused.value.why == why


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", ["web page", "image and archive", "locked pdf", "bomb", "heic", "too large"])
def test_on_the_screen_it_is_said_in_words_and_nothing_is_kept(room: Room, name: str, language: str):
    content, why = HOSTILE[name]
    number = room.envelope()
    browser = room.browser("clerk", language=language)
    file = SimpleUploadedFile("../../etc/山田花子.jpg", content, content_type="image/jpeg")
    said = browser.post("/post/scans/new/", {"what": "form:", "envelope": number, "files": file}, follow=True)
    refused = UploadRefusedError(why)
    assert escape(refused.message.say(language)) in said.content.decode()
    assert "山田" not in said.content.decode()
    assert Scan.objects.count() == ScanPage.objects.count() == 0
    assert room.sealed == []


def test_one_bad_file_does_not_stop_the_good_one_beside_it(room: Room):
    number = room.envelope()
    files = [SimpleUploadedFile("a.jpg", b"<svg/>"), SimpleUploadedFile("b.svg", card())]
    room.browser("clerk").post("/post/scans/new/", {"what": "form:", "envelope": number, "files": files})
    assert Scan.objects.count() == 1
    assert len(room.sealed) == 1


def test_nothing_but_pixels_is_kept(room: Room):
    given = card()
    assert CANARY.encode() in given  # in its EXIF and its comment
    stored = room.scan(given, envelope=room.envelope(note=None))
    seen = look_at_page(stored.ref, 1, scope=room.desk.clerk, at=room.desk.at, folder=room.desk.files)
    assert CANARY.encode() not in seen
    image = Image.open(io.BytesIO(seen))
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert all(CANARY.encode() not in file.read_bytes() for file in room.sealed)
    assert CANARY not in str(rows_of_ours())


def test_the_image_on_the_disk_is_sealed(room: Room):
    stored = room.scan(envelope=room.envelope())
    (file,) = room.sealed
    assert b"\xff\xd8\xff" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert "山田" not in file.name
    seen = look_at_page(stored.ref, 1, scope=room.desk.clerk, at=room.desk.at, folder=room.desk.files)
    assert seen.startswith(b"\xff\xd8\xff")


def test_a_sideways_photograph_stands_upright_and_a_huge_one_is_made_smaller():
    out = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (6000, 3000), "white").save(out, "JPEG", exif=turned)
    (page,) = develop(out.getvalue())
    assert (page.width, page.height) == (1200, 2400)


def test_a_transparent_png_gets_a_white_ground():
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    (page,) = develop(out.getvalue())
    assert Image.open(io.BytesIO(page.jpeg)).getpixel((20, 20)) == (255, 255, 255)


def test_a_pdf_becomes_one_image_a_page():
    pages = develop(pdf(3))
    assert [(page.width, page.height) for page in pages] == [(1653, 2339)] * 3


def test_when_the_row_cannot_be_written_the_pages_go(room: Room):
    number = room.envelope()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE post_scanpage")
    with pytest.raises(Exception, match="post_scanpage"):
        room.scan(envelope=number)
    assert room.sealed == []


def _pdf_with_image(width: int, height: int) -> bytes:
    """A small PDF with an image of this size, which unpacks to 3 bytes a pixel."""
    packer = zlib.compressobj(9)
    line = bytes(3 * width)
    data = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    draw = b"q 500 0 0 500 0 0 cm /I Do Q"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 500]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw),
        b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (head.encode(), len(data), data),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%sendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


def test_a_pdf_that_unpacks_to_gigabytes_takes_neither_memory_nor_time():
    """It is refused, or drawn without its image; this process never sees more than the page."""
    bomb = _pdf_with_image(40_000, 25_000)
    assert len(bomb) < 4_000_000
    began = time.monotonic()
    with suppress(UploadRefusedError):
        (page,) = develop(bomb)
        assert max(page.width, page.height) <= 2400
    assert time.monotonic() - began < 30


def test_a_page_as_large_as_a_house_becomes_an_ordinary_image():
    document = pypdfium2.PdfDocument.new()
    document.new_page(14_400, 14_400)
    out = io.BytesIO()
    document.save(out)
    (page,) = develop(out.getvalue())
    assert (page.width, page.height) == (2400, 2400)
