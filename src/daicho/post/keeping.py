"""Where page images lie: sealed files in the folder ``scans``, one per page and version, opened page by page."""

import secrets
from pathlib import Path
from typing import Final

from daicho.keys.queries import ring
from daicho.keys.sealed import SealedFile
from daicho.post.models import ScanPage

FOLDER: Final = "scans"


def seal_page(jpeg: bytes, *, scan: str, folder: Path) -> SealedFile:
    """Write one page image; nobody can open it before its key stands in a row."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = place / f"{secrets.token_hex(12)}.sealed"
    with SealedFile.create(path, ring=ring(), bound_to=f"scan:{scan}") as writer:
        writer.write(jpeg)
    return writer.sealed


def sealed_page(page: ScanPage, *, scan: str, folder: Path) -> SealedFile:
    """The sealed file of a page's newest version."""
    return SealedFile(
        path=folder / FOLDER / page.name, wrapped_key=bytes(page.wrapped_key), bound_to=f"scan:{scan}", size=page.size
    )


def open_page(page: ScanPage, *, scan: str, folder: Path) -> bytes:
    """The image of a page."""
    content: bytes = sealed_page(page, scan=scan, folder=folder).read(ring=ring())
    return content


def remove_file(name: str, *, folder: Path) -> None:
    """Remove the file of a page whose key is dropped already."""
    SealedFile(path=folder / FOLDER / name, wrapped_key=b"", bound_to=name, size=0).remove()
