"""Reading the pages: their text, links, headings and the commands they print."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(daicho [^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``prose`` is its text without what the program wrote."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def prose(self) -> str:
        return re.sub(r"<!-- generated: .*?<!-- /generated -->", "", self.text, flags=re.DOTALL)

    def blocks(self, kind: str = "") -> list[str]:
        """The bodies of fenced blocks of this kind."""
        return [found["body"] for found in _FENCE.finditer(self.text) if found["kind"] == kind]

    def links(self) -> list[str]:
        """Targets of links within the project."""
        unfenced = _FENCE.sub("", self.text)
        return [target for target in _LINK.findall(unfenced) if "://" not in target]

    def anchors(self) -> set[str]:
        """The anchors of its headings, as code hosts make them."""
        headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", self.text), re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def commands(self) -> Iterator[str]:
        """Every ``daicho …`` printed in prose or in a block, without prompt and remark."""
        for body in self.blocks():
            for line in body.splitlines():
                typed = line.removeprefix("$ ").partition("#")[0].strip()
                if typed.startswith("daicho "):
                    yield typed
        for typed in _INLINE.findall(_FENCE.sub("", self.prose)):
            yield typed


def pages() -> list[Page]:
    """All pages, the roots' and the folder's."""
    found = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Page(path, path.read_text(encoding="utf-8")) for path in sorted(found)]


def page(name: str) -> Page:
    """The page of that name."""
    return next(one for one in pages() if one.name == name)
