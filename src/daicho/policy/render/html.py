"""The page as one HTML file: its style inside, no script, nothing fetched from anywhere."""

from functools import cache
from html import escape
from importlib.resources import files
from typing import Final, assert_never

from daicho.policy.render.blocks import (
    Block,
    Card,
    Entries,
    Entry,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Signature,
    Table,
)
from daicho.policy.render.page import Page
from daicho.words.text import Language, Text

_CONTENTS: Final = Text("目次", "Contents")
_OTHER: Final = {Language.JA: (Language.EN, "English"), Language.EN: (Language.JA, "日本語")}
_TAG: Final = {1: "h2", 2: "h3", 3: "h4", 4: "h5"}


def file_name(language: Language, ending: str) -> str:
    """``privacy-policy.ja.html``: pages link to one another by these names."""
    return f"privacy-policy.{language}.{ending}"


def html_of(page: Page) -> str:
    """The page as an HTML document (UTF-8)."""
    other, other_name = _OTHER[page.language]
    return f"""<!doctype html>
<html lang="{page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="format-detection" content="telephone=no">
<title>{escape(page.title)} | {escape(page.publisher)}</title>
<style>
{_style()}</style>
</head>
<body>
<header>
<p class="publisher">{escape(page.publisher)}</p>
<h1>{escape(page.title)}</h1>
<nav class="forms" aria-label="language"><a href="{file_name(other, "html")}" lang="{other}" hreflang="{other}">{other_name}</a>
<a href="{file_name(page.language, "pdf")}" type="application/pdf">PDF</a></nav>
</header>
{contents_of(page)}
<main>
{body_of(page)}
</main>
</body>
</html>
"""


@cache
def _style() -> str:
    return files("daicho.policy").joinpath("static/policy/page.css").read_text(encoding="utf-8")


def body_of(page: Page) -> str:
    """The blocks alone, for a page with a frame of its own; every text is escaped."""
    return "\n".join(_block(block) for block in page.blocks)


def contents_of(page: Page) -> str:
    """The table of contents alone."""
    anchored = [block for block in page.blocks if isinstance(block, Heading) and block.anchor]
    entries = "\n".join(
        f'<li class="level{block.level}"><a href="#{escape(block.anchor)}">{escape(block.text)}</a></li>'
        for block in anchored
    )
    name = _CONTENTS.say(page.language)
    return f'<nav class="contents" aria-label="{name}">\n<p>{name}</p>\n<ul>\n{entries}\n</ul>\n</nav>'


def _block(block: Block) -> str:
    match block:
        case Heading():
            said = _heading(block)
        case Paragraph():
            said = _paragraph(block)
        case Entries():
            said = _entries(block)
        case Table():
            said = _table(block)
        case Facts():
            said = _facts(block.facts, "facts boxed" if block.boxed else "facts")
        case Signature():
            said = _signature(block)
        case Card():
            said = _card(block)
        case _:
            assert_never(block)
    return said


def _heading(block: Heading) -> str:
    tag = _TAG[block.level]
    anchor = f' id="{escape(block.anchor)}"' if block.anchor else ""
    number = f'<span class="number">{escape(block.number)}</span> ' if block.number else ""
    return f"<{tag}{anchor}>{number}<span>{escape(block.text)}</span></{tag}>"


def _paragraph(block: Paragraph) -> str:
    kind = "" if block.kind == "plain" else f' class="{block.kind}"'
    return f"<p{kind}>{_lines(block.text)}</p>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _entries(block: Entries) -> str:
    marked = any(entry.mark for entry in block.entries)
    kind = ' class="marked"' if marked else ""
    return f"<ul{kind}>\n" + "\n".join(_entry(entry, marked=marked) for entry in block.entries) + "\n</ul>"


def _entry(entry: Entry, *, marked: bool) -> str:
    mark = f'<span class="mark">{escape(entry.mark)}</span>' if marked else ""
    below = "".join(_paragraph(paragraph) for paragraph in entry.below)
    text = f"<span>{_lines(entry.text)}</span>"
    return f"<li>{mark}{text}{below}</li>"


def _table(block: Table) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in block.headings)
    rows = []
    for row in block.rows:
        notes = "".join(f'<small class="note">{escape(note)}</small>' for note in row.notes)
        label = escape(block.headings[1])
        rows.append(
            f'<tr><th scope="row">{escape(row.label)}{notes}</th><td data-label="{label}">{escape(row.text)}</td></tr>'
        )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _facts(facts: tuple[Fact, ...], kind: str) -> str:
    parts = []
    for fact in facts:
        lines = "".join(f"<dd>{_lines(line)}</dd>" for line in fact.lines)
        parts.append(f"<div><dt>{escape(fact.label)}</dt>{lines}</div>")
    return f'<dl class="{kind}">\n' + "\n".join(parts) + "\n</dl>"


def _signature(block: Signature) -> str:
    dates = "".join(f"<p>{escape(line)}</p>" for line in block.dates)
    return (
        f'<div class="signature"><div class="dates">{dates}</div>'
        f"<p>{escape(block.company)}</p><p>{escape(block.signer)}</p></div>"
    )


def _card(block: Card) -> str:
    lines = "".join(f"<p>{_lines(line)}</p>" for line in block.lines)
    facts = _facts(block.facts, "facts") if block.facts else ""
    return f'<address><p class="name">{escape(block.name)}</p>{lines}{facts}</address>'
