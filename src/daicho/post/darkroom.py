"""暗室  Uploads are judged by their content, then developed into page images in a process of their own.

The bytes that came in live in memory until the page images are made, and nowhere else.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from daicho.post.imaging import MAX_PAGES, MAX_PIXELS
from daicho.post.papers import Box
from daicho.words.errors import InputError
from daicho.words.text import Text

MAX_BYTES: Final = 20 * 1024 * 1024
_WAIT: Final = {"read": 60, "paint": 20, "codes": 20, "look": 90}
#: Jobs at once in this process: each may take the memory that `daicho.post.imaging` allows it.
MAX_JOBS: Final = 2
_PATIENCE: Final = 30.0  # seconds a job waits for its turn
_turns: Final = threading.BoundedSemaphore(MAX_JOBS)
_TAIL: Final = 65_557  # where a zip keeps its end
_PLAIN: Final = Text("PDF・JPEG・PNG で送ってください。", "Send PDF, JPEG or PNG.")

_KNOWN: Final = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"%PDF-", "pdf"))
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_MARKUP: Final = (b"<script", b"<html", b"<!doctype html", b"<svg")

_REFUSALS: Final[Mapping[str, tuple[Text, Text]]] = {
    "empty": (
        Text("ファイルが空です。", "The file is empty."),
        Text("もう一度読み取ってください。", "Scan it again."),
    ),
    "bytes": (
        Text(f"ファイルが {MAX_BYTES // 1024 // 1024} MB を超えています。", f"The file is larger than {MAX_BYTES // 1024 // 1024} MB."),
        Text("200 dpi 程度で読み取り直すか、分けてください。", "Scan it again at about 200 dpi, or split it."),
    ),
    "heic": (
        Text("HEIC（iPhone の標準の写真形式）は受け付けていません。", "HEIC, the iPhone's own photo format, is not accepted."),
        Text("JPEG に変換するか、「設定→カメラ→フォーマット→互換性優先」で撮り直してください。",
             "Convert it to JPEG, or set Camera > Formats to “Most Compatible” and take it again."),
    ),
    "type": (Text("PDF・JPEG・PNG ではありません（内容で判断しています）。", "This is no PDF, JPEG or PNG, judged by its content."), _PLAIN),
    "polyglot": (
        Text("一つのファイルに別の形式（HTML、ZIP など）が隠れています。", "Another format (HTML, ZIP …) hides inside this file."),
        Text("もとの紙から読み取り直してください。受け取ったファイルなら、情報システム部門に知らせてください。",
             "Scan the paper again. If somebody sent you this file, tell your IT department."),
    ),
    "encrypted": (
        Text("PDF にパスワードまたは保護がかかっています。", "The PDF has a password or is protected."),
        Text("保護を外した PDF、または画像で送ってください。", "Send it without protection, or as images."),
    ),
    "pages": (
        Text(f"{MAX_PAGES} ページを超えています。", f"It has more than {MAX_PAGES} pages."),
        Text("書類ごとに分けてください。", "Split it by paper."),
    ),
    "pixels": (
        Text(f"画像が大きすぎます（{MAX_PIXELS // 1_000_000} メガピクセルまで）。", f"The image is too large ({MAX_PIXELS // 1_000_000} megapixels at most)."),
        Text("解像度を下げてください。", "Use a lower resolution."),
    ),
    "busy": (
        Text("ほかの書類を処理しています。", "Other papers are being worked on."),
        Text("1 分ほど置いてから、もう一度送ってください。", "Send it again in about a minute."),
    ),
    "damaged": (
        Text("ファイルが壊れているか、途中で切れています。", "The file is damaged or cut off."),
        Text("もう一度読み取ってください。", "Scan it again."),
    ),
}  # fmt: skip


class UploadRefusedError(InputError):
    """An upload is not taken; nothing of it was kept. ``why`` is a code of the table above."""

    code = "upload-refused"

    def __init__(self, why: str) -> None:
        message, advice = _REFUSALS[why]
        super().__init__(message, advice=advice)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page image made here. ``codes``: rectangles with what our own codes say (empty for others)."""

    jpeg: bytes
    width: int
    height: int
    codes: Sequence[Mapping[str, Any]]

    @property
    def own_codes(self) -> tuple[str, ...]:
        """What the codes of our own papers on it say."""
        return tuple(code["own"] for code in self.codes if code["own"])

    @property
    def strange_codes(self) -> tuple[Mapping[str, int], ...]:
        """Where codes are that are not ours."""
        return tuple(code["box"] for code in self.codes if not code["own"])


def kind_of(content: bytes) -> str:
    """The format of an upload, by its content.

    Raises:
        UploadRefusedError: not one of the three, too large, or more than one format at once.
    """
    if not content:
        raise UploadRefusedError("empty")
    if len(content) > MAX_BYTES:
        raise UploadRefusedError("bytes")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise UploadRefusedError("heic")
    kind = next((name for magic, name in _KNOWN if content.startswith(magic)), "")
    if not kind:
        raise UploadRefusedError("type")
    lowered = content.lower()
    hidden = any(mark in lowered for mark in _MARKUP) or (kind != "pdf" and b"%PDF-" in content)
    if hidden or (b"PK\x05\x06" in content[-_TAIL:] and b"PK\x03\x04" in content):
        raise UploadRefusedError("polyglot")
    return kind


def develop(content: bytes) -> tuple[Page, ...]:
    """Page images of an upload.

    Raises:
        UploadRefusedError: it is not taken; says why.
    """
    said, parts = _run({"task": "read", "kind": kind_of(content)}, content)
    return _pages(said, parts)


def black_out(jpeg: bytes, boxes: Sequence[Box]) -> Page:
    """A page of ours with these rectangles painted over."""
    plain = [{"x": box.x, "y": box.y, "width": box.width, "height": box.height} for box in boxes]
    return _pages(*_run({"task": "paint", "boxes": plain}, jpeg))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Places that may have to be blacked out; ``read_text``: whether writing was looked at, too."""

    found: Sequence[Mapping[str, Any]]
    read_text: bool


def count_codes(jpeg: bytes) -> int:
    """How many codes that are not ours can be read on a page of ours; much quicker than `recognise`."""
    said, _ = _run({"task": "codes"}, jpeg)
    return int(said["codes"])


def recognise(jpeg: bytes) -> Looked:
    """Look at a page of ours for codes and, with the extra ``ocr``, for numbers and the permanent domicile."""
    said, _ = _run({"task": "look"}, jpeg)
    return Looked(found=said["found"], read_text=said["read_text"])


def _pages(said: Mapping[str, Any], parts: Sequence[bytes]) -> tuple[Page, ...]:
    return tuple(
        Page(jpeg=part, width=page["width"], height=page["height"], codes=page["codes"])
        for page, part in zip(said["pages"], parts, strict=True)
    )


def _run(job: Mapping[str, Any], content: bytes) -> tuple[Mapping[str, Any], list[bytes]]:
    """One job in a process of its own, of few at once; one that dies, or takes too long, had a damaged file."""
    if not _turns.acquire(timeout=_PATIENCE):
        raise UploadRefusedError("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-m", "daicho.post.imaging"],
            input=json.dumps(job).encode() + b"\n" + content,
            capture_output=True,
            timeout=_WAIT[job["task"]],
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UploadRefusedError("damaged") from None
    finally:
        _turns.release()
    head, _, rest = done.stdout.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise UploadRefusedError("damaged") from None
    if "refused" in said:
        raise UploadRefusedError(said["refused"])
    parts = []
    for length in said["lengths"]:
        parts.append(rest[:length])
        rest = rest[length:]
    return said, parts
