"""What the policy's form asks of its fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import template

from daicho.policy.check import PolicyFinding
from daicho.policy.editing.form import anchor_of

register = template.Library()


@register.filter
def anchor(finding: PolicyFinding) -> str:
    """The id of the field a finding is about; the page goes to the nearest field around it that there is."""
    return anchor_of(finding.steps)


@register.filter
def marked_below(marks: Mapping[str, Any], place: str) -> bool:
    """Whether something stands at a field or inside it."""
    return any(at == place or at.startswith(f"{place}-") for at in marks)


@register.filter
def iso(value: object) -> str:
    """A day or a number as a field holds it, whatever the language of the screen."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
