"""Files that leave by the browser: never kept by it, named plainly."""

import io
import zipfile
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from daicho.rights.actions.issuing import OutFile


def pdf(file: OutFile, *, inline: bool = False) -> HttpResponse:
    """A PDF, to look at or to save."""
    return _sent(file.name, file.content, "application/pdf", inline=inline)


def file_of(file: OutFile, kind: str, *, inline: bool = False) -> HttpResponse:
    """A file of any other kind."""
    return _sent(file.name, file.content, kind, inline=inline)


def zipped(files: Sequence[OutFile]) -> bytes:
    """Several files as one; what they are made of is packed already."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.writestr(file.name, file.content)
    return packed.getvalue()


def csv(name: str, content: bytes) -> HttpResponse:
    """A table for a spreadsheet."""
    return _sent(name, content, "text/csv; charset=utf-8", inline=False)


def _sent(name: str, content: bytes, kind: str, *, inline: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
