"""Plots drawn here as SVG: bars that print, need no script, and say their numbers in words.

Lengths are of the drawing's own units (one is about a CSS pixel); colours are classes of the stylesheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ROW = 26
_BAR = 16
_LABEL = 104
_TOTAL = 28
_WIDTH = 300
_HIGH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a plot: its name, and one number per part."""

    name: str
    parts: Sequence[int]


def stacked_bars(bars: Sequence[Bar], *, parts: Sequence[str], tones: Sequence[str], title: str) -> SafeString:
    """Horizontal bars, each of several parts, drawn to one scale.

    Args:
        parts: what each part is called; for the words behind a part.
        tones: the class of each part (``fill``, ``fill-soft``, ``fill-warn``, ``fill-bad``).
    """
    longest = max((sum(bar.parts) for bar in bars), default=0) or 1
    scale = (_WIDTH - _LABEL - _TOTAL) / longest
    rows = []
    for number, bar in enumerate(bars):
        top, left = number * _ROW, float(_LABEL)
        rects = []
        for count, name, tone in zip(bar.parts, parts, tones, strict=True):
            wide = count * scale
            if count:
                rects.append((f"{left:.1f}", top + 5, f"{wide:.1f}", _BAR, tone, f"{bar.name} {name}: {count}"))
            left += wide
        rows.append(
            format_html(
                '<text class="strong" x="{}" y="{}" text-anchor="end">{}</text>{}<text x="{}" y="{}">{}</text>',
                _LABEL - 8,
                top + 17,
                bar.name,
                format_html_join(
                    "", '<rect x="{}" y="{}" width="{}" height="{}" class="{}"><title>{}</title></rect>', rects
                ),
                f"{left + 6:.1f}",
                top + 17,
                sum(bar.parts),
            )
        )
    return format_html(
        '<svg class="plot" role="img" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMin meet"><title>{}</title>{}</svg>',
        _WIDTH,
        max(len(bars) * _ROW, _ROW),
        title,
        format_html_join("", "{}", ((row,) for row in rows)),
    )


def columns(values: Sequence[tuple[str, int]], *, title: str) -> SafeString:
    """Upright bars, one a name; every third name is written below."""
    highest = max((count for _, count in values), default=0) or 1
    step = _WIDTH / max(len(values), 1)
    rects, names, numbers = [], [], []
    for number, (name, count) in enumerate(values):
        tall = count / highest * (_HIGH - 18)
        left = number * step
        rects.append(
            (f"{left + step * 0.15:.1f}", f"{_HIGH - tall:.1f}", f"{step * 0.7:.1f}", f"{tall:.1f}", f"{name}: {count}")
        )
        if count:
            numbers.append((f"{left + step / 2:.1f}", f"{_HIGH - tall - 5:.1f}", count))
        if number % 3 == 0 or number == len(values) - 1:
            names.append((f"{left + step / 2:.1f}", _HIGH + 16, name))
    return format_html(
        '<svg class="plot" role="img" viewBox="-16 0 {} {}"><title>{}</title>'
        '<path class="line" d="M0 {}H{}" stroke-width="1"/>{}{}{}</svg>',
        _WIDTH + 32,
        _HIGH + 22,
        title,
        _HIGH,
        _WIDTH,
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="fill"><title>{}</title></rect>', rects),
        format_html_join("", '<text class="strong" x="{}" y="{}" text-anchor="middle">{}</text>', numbers),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', names),
    )
