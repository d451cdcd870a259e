# ruff: noqa: INP001 (a script beside the pages it writes, not a package)
"""Writes the generated parts of the pages: ``make docs``. With ``--check`` it only says which are stale.

A generated part stands between two marks of its page and comes from the code it speaks of::

    <!-- generated: claim-moves -->
    …
    <!-- /generated -->

Exit codes: 0 written, or everything current · 1 ``--check`` found a stale page · 2 a mark names no part.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MARK: Final = re.compile(
    r"^(?P<open><!-- generated: (?P<name>[a-z.-]+) -->)\n.*?^(?P<close><!-- /generated -->)$", re.MULTILINE | re.DOTALL
)
Parts = Mapping[str, Callable[[], str]]


def main() -> int:
    """Write or check; see the module for the exit codes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing; name the stale pages")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout whose pages are meant")
    options = parser.parse_args()
    parts = _parts()
    stale = False
    for page in pages(options.root):
        text = page.read_text(encoding="utf-8")
        unknown = sorted({found["name"] for found in MARK.finditer(text)} - set(parts))
        if unknown:
            sys.stderr.write(f"{page}: no such part: {', '.join(unknown)}\n")
            return 2
        made = fill(text, parts)
        if made == text:
            continue
        stale = True
        if options.check:
            sys.stderr.write(f"{page.relative_to(options.root)} is stale: run `make docs`\n")
        else:
            page.write_text(made, encoding="utf-8")
            sys.stdout.write(f"{page.relative_to(options.root)}\n")
    return 1 if options.check and stale else 0


def pages(root: Path) -> list[Path]:
    """Every page that may hold a generated part."""
    return sorted([*root.glob("README*.md"), *(root / "docs").rglob("*.md")])


def fill(text: str, parts: Parts) -> str:
    """The page with every part as the code says it now."""
    return MARK.sub(lambda found: f"{found['open']}\n{parts[found['name']]().strip()}\n{found['close']}", text)


def _parts() -> Parts:
    """Every part by its name. Django is set up first: errors and events live in rooms that need it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
    os.environ.setdefault("DAICHO_TESTING", "1")
    import django  # noqa: PLC0415

    django.setup()
    import api_tables  # noqa: PLC0415
    import commands  # noqa: PLC0415
    import door_tables  # noqa: PLC0415
    import house  # noqa: PLC0415
    import tables  # noqa: PLC0415

    return {**api_tables.PARTS, **commands.PARTS, **door_tables.PARTS, **house.PARTS, **tables.PARTS}


if __name__ == "__main__":
    sys.exit(main())
