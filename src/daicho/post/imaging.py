"""画像  What is done to uploaded bytes, in a process of its own (`daicho.post.darkroom`).

The program reads one job from standard input (a line of JSON, then bytes) and writes one answer the
same way. Before it looks at the bytes it gives up the right to write files and to use much memory or
time, so that a hostile file can harm nothing but its own upload. What leaves is always new: pixels,
drawn and encoded here. Nothing of the file that came in is carried over, so no EXIF, no text layer,
no script, no second file hidden behind the first.
"""

import importlib.util
import io
import json
import re
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

MAX_PIXELS: Final = 50_000_000
MAX_PAGES: Final = 30
LONGEST_SIDE: Final = 2_400  # A4 at 200 dpi
DPI: Final = 200
_POINTS: Final = 72
_QUALITY: Final = 88
_MEMORY: Final = {"read": 1 << 30, "paint": 1 << 30, "codes": 1 << 30, "look": 6 << 30}
_SECONDS: Final = {"read": 30, "paint": 10, "codes": 10, "look": 60}
#: What our own papers carry; what other codes say is read by nobody.
OWN_CODE: Final = "DAICHO:"
_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.MicroQRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.PDF417,
        zxingcpp.BarcodeFormat.Code128,
    ]
)
_MY_NUMBER: Final = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
_WEIGHTS: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


class RefusedError(Exception):
    """The file is refused; the argument is a code of `daicho.post.darkroom`."""


# ── reading an upload ────────────────────────────────────────────────────────────────────────


def read(kind: str, content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Page images of an upload, with the codes found on them."""
    pages = list(_pdf_pages(content) if kind == "pdf" else _image_page(kind, content))
    encoded = [_encode(page) for page in pages]
    sizes = [{"width": page.width, "height": page.height, "codes": _codes(page)} for page in pages]
    return {"pages": sizes}, encoded


def _image_page(kind: str, content: bytes) -> Iterator[Image.Image]:
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper()]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise RefusedError("pixels")
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            yield _plain(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedError("pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError):
        raise RefusedError("damaged") from None


def _plain(image: Image.Image) -> Image.Image:
    """Upright, without transparency, not larger than needed."""
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, "white")
        image.paste(rgba, mask=rgba.getchannel("A"))
    image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _pdf_pages(content: bytes) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise RefusedError("encrypted" if locked else "damaged") from None
    with document:
        if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise RefusedError("encrypted")
        if not 1 <= len(document) <= MAX_PAGES:
            raise RefusedError("pages" if len(document) else "damaged")
        for index in range(len(document)):
            try:
                yield _pdf_page(document[index])
            except (pypdfium2.PdfiumError, ValueError, MemoryError):
                raise RefusedError("damaged") from None


def _pdf_page(page: pypdfium2.PdfPage) -> Image.Image:
    wide, high = page.get_size()
    if min(wide, high) < 1:
        raise RefusedError("damaged")
    scale = min(DPI / _POINTS, LONGEST_SIDE / max(wide, high))
    if min(wide, high) * scale < 1:
        raise RefusedError("damaged")
    drawn: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return drawn.convert("RGB")


def _encode(image: Image.Image) -> bytes:
    """A JPEG without anything but pixels; full colour resolution, since a seal is red."""
    plain = Image.new("RGB", image.size)
    plain.paste(image)  # a new image has no EXIF, profile, comment or thumbnail to carry over
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return out.getvalue()


# ── blacking out ─────────────────────────────────────────────────────────────────────────────


def paint(boxes: Sequence[dict[str, int]], content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """A page of ours with rectangles painted black, and the codes that can still be read on it."""
    page = Image.open(io.BytesIO(content), formats=["JPEG"]).convert("RGB")
    draw = ImageDraw.Draw(page)
    for box in boxes:
        right, bottom = box["x"] + box["width"] - 1, box["y"] + box["height"] - 1
        draw.rectangle((box["x"], box["y"], right, bottom), fill=(0, 0, 0))
    return {"pages": [{"width": page.width, "height": page.height, "codes": _codes(page)}]}, [_encode(page)]


# ── recognising ──────────────────────────────────────────────────────────────────────────────


def codes(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """How many codes that are not ours can be read on a page of ours."""
    page = Image.open(io.BytesIO(content), formats=["JPEG"]).convert("RGB")
    return {"codes": sum(not code["own"] for code in _codes(page))}, []


def look(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Places on a page of ours that may have to be blacked out; where, never what they say."""
    page = Image.open(io.BytesIO(content), formats=["JPEG"]).convert("RGB")
    found = [{**code["box"], "reason": "qr_code"} for code in _codes(page) if not code["own"]]
    if importlib.util.find_spec("rapidocr") is None:
        return {"found": found, "read_text": False}, []
    return {"found": [*found, *_written(page)], "read_text": True}, []


def _codes(page: Image.Image) -> list[dict[str, Any]]:
    found = []
    for code in zxingcpp.read_barcodes(page, formats=_FORMATS):
        corners = [
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_left,
            code.position.bottom_right,
        ]
        own = code.text[len(OWN_CODE) :] if code.text.startswith(OWN_CODE) else ""
        found.append({"box": _around([(one.x, one.y) for one in corners], page, margin=6), "own": own})
    return found


def _written(page: Image.Image) -> Iterator[dict[str, Any]]:
    """Places where a 12-digit number with the right check digit, or one of the labels, is written."""
    from rapidocr import RapidOCR  # noqa: PLC0415 (the extra `ocr`; heavy)

    seen: Any = RapidOCR(params={"Global.log_level": "error"})(page)  # texts and boxes: no part of it is switched off
    lines = [
        (text, _around([(int(x), int(y)) for x, y in box], page, margin=4))
        for text, box in zip(seen.txts or (), seen.boxes if seen.boxes is not None else (), strict=True)
    ]
    for text, box in lines:
        reason = reason_of(text)
        if reason == "individual_number":
            yield {**box, "reason": reason}
        elif reason:
            yield {**_to_the_right(box, [other for _, other in lines]), "reason": reason}


def reason_of(text: str) -> str:
    """Why a written line may have to be blacked out; empty for most."""
    plain = re.sub(r"\s+", " ", text)
    if any(is_individual_number(found.group()) for found in _MY_NUMBER.finditer(plain)):
        return "individual_number"
    if "本籍" in plain:
        return "permanent_domicile"
    if "保険者番号" in plain or ("記号" in plain and "番号" in plain):
        return "insurance_numbers"
    return ""


def is_individual_number(text: str) -> bool:
    """Whether twelve digits carry the check digit of an Individual Number."""
    digits = [int(one) for one in text if one.isdecimal()]
    left = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return len(digits) == len(_WEIGHTS) + 1 and digits[-1] == (0 if left <= 1 else 11 - left)


def _to_the_right(box: dict[str, int], others: Sequence[dict[str, int]]) -> dict[str, int]:
    """The label and what stands on its line to the right."""
    middle = box["y"] + box["height"] / 2
    row = [one for one in others if one["x"] >= box["x"] and one["y"] <= middle <= one["y"] + one["height"]]
    right = max([box["x"] + box["width"], *(one["x"] + one["width"] for one in row)])
    return {**box, "width": right - box["x"]}


def _around(points: Sequence[tuple[int, int]], page: Image.Image, *, margin: int) -> dict[str, int]:
    left = max(0, min(x for x, _ in points) - margin)
    top = max(0, min(y for _, y in points) - margin)
    right = min(page.width, max(x for x, _ in points) + margin)
    bottom = min(page.height, max(y for _, y in points) + margin)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


# ── the program ──────────────────────────────────────────────────────────────────────────────


def _confine(task: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY[task], _MEMORY[task]))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS[task], _SECONDS[task]))


def main() -> int:
    """One job; exit code 3 when the file is refused."""
    job = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    _confine(job["task"])
    tasks: dict[str, Callable[[], tuple[dict[str, Any], list[bytes]]]] = {
        "read": lambda: read(job["kind"], content),
        "paint": lambda: paint(job["boxes"], content),
        "codes": lambda: codes(content),
        "look": lambda: look(content),
    }
    try:
        said, parts = tasks[job["task"]]()
    except RefusedError as refused:
        sys.stdout.write(json.dumps({"refused": str(refused)}) + "\n")
        return 3
    said["lengths"] = [len(part) for part in parts]
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + b"".join(parts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
