"""What every template may use: sentences in two languages, days, badges, and pages of a list."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from daicho.site.clock import TOKYO
from daicho.words.era import Calendar, say_date
from daicho.words.text import Language, Text

register = template.Library()

_WEEK: Final = ("月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def _language(context: Mapping[str, Any]) -> Language:
    request = context.get("request")
    return getattr(request, "language", Language.JA)


@register.simple_tag(takes_context=True)
def t(context: Mapping[str, Any], ja: str, en: str, **values: object) -> str:
    """One sentence in the language of the screen: ``{% t "受付" "Requests" %}``; ``{name}`` places are filled."""
    found = Text(ja, en)
    return (found.with_values(**values) if values else found).say(_language(context))


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], text: Any) -> str:
    """A `Text`, or what else has words in both languages, in that of the screen; anything else as it is."""
    return str(text.say(_language(context))) if hasattr(text, "say") else str(text or "")


@register.simple_tag(takes_context=True)
def account(context: Mapping[str, Any], code: str | None, *, with_code: bool = False) -> SafeString | str:
    """Who acted, by name; the code, where it is another, as its tooltip, or beside it where it is evidence."""
    return _called(context["request"].door.account_name(code or ""), code or "", with_code=with_code)


@register.simple_tag(takes_context=True)
def company(context: Mapping[str, Any], code: str | None, *, with_code: bool = False) -> SafeString | str:
    """A company by the name in its policy, with its code like `account`."""
    return _called(context["request"].door.company_name(code or ""), code or "", with_code=with_code)


def _called(name: str, code: str, *, with_code: bool) -> SafeString | str:
    if name == code:
        return name
    shape = '{1} <small class="mono">{0}</small>' if with_code else '<span title="{}">{}</span>'
    return format_html(shape, code, name)


@register.simple_tag
def cells(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """The cells of one row of a wide table, (heading, text) each: one call a row, because a tag a cell takes ten times as long."""
    return SafeString(
        "".join(f'<td data-label="{escape(name)}">{escape(text)}</td>' for name, text in pairs).replace("\n", "<br>")
    )


@register.simple_tag(takes_context=True)
def day(context: Mapping[str, Any], on: date | datetime | None) -> SafeString | str:
    """A day with its weekday, as a ``<time>``: ``2026-11-24（火）``; a dash for none."""
    if on is None:
        return "–"
    if isinstance(on, datetime):
        on = on.astimezone(TOKYO).date()
    english = _language(context) is Language.EN
    week = (" ({})" if english else "（{}）").format(_WEEK[1 if english else 0][on.weekday()])
    return format_html('<time datetime="{}">{}<small>{}</small></time>', on.isoformat(), on.isoformat(), week)


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], at: datetime | None) -> SafeString | str:
    """A day and a time of Asia/Tokyo, as a ``<time>``."""
    if at is None:
        return "–"
    local = at.astimezone(TOKYO)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}")


@register.simple_tag(takes_context=True)
def era(context: Mapping[str, Any], on: date | None) -> str:
    """A day as letters write it: 令和8年11月24日."""
    return "–" if on is None else say_date(on, calendar=Calendar.ERA, language=_language(context))


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: object) -> str:
    """The query of this page with some values changed (None or "" removes one): ``?state=checking&page=2``."""
    values = context["request"].GET.copy()
    values.pop("lang", None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"


@register.simple_tag(takes_context=True)
def in_language(context: Mapping[str, Any], language: str) -> str:
    """The address of this page in the other language."""
    values = context["request"].GET.copy()
    values["lang"] = language
    return f"{context['request'].path}?{urlencode(list(values.items()))}"


@register.inclusion_tag("site/clock.html", takes_context=True)
def clock(context: Mapping[str, Any], due_on: date | None, *, done: bool = False) -> dict[str, Any]:
    """How far a day is, in words and colour: ``あと 3 日``, ``2 日超過``."""
    today = context["request"].door.today
    left = (due_on - today).days if due_on else None
    tone = "none" if left is None or done else "late" if left < 0 else "soon" if left <= 3 else "calm"  # noqa: PLR2004 (three days)
    return {"request": context["request"], "due_on": due_on, "left": left, "past": -left if left else 0, "tone": tone}


@register.inclusion_tag("site/summary.html", takes_context=True)
def error_summary(context: Any) -> dict[str, Any]:
    """What is wrong in the forms of this page, each with the id of its field; shown on top, where the page opens."""
    found = {id(form): form for value in context.flatten().values() for form in _forms_in(value)}
    wrong = [
        (_id_of(form, name), form[name].label if name in form.fields else "", said)
        for form in found.values()
        if form.is_bound
        for name, told in form.errors.items()
        for said in told
    ]
    return {"request": context.get("request"), "wrong": wrong}


def _forms_in(value: object, depth: int = 2) -> Iterator[BaseForm]:
    """Forms handed to a template: by themselves, or in lists and mappings."""
    if isinstance(value, BaseForm):
        yield value
    elif isinstance(value, BaseFormSet):
        yield from value.forms
    elif depth and isinstance(value, (list, tuple, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _forms_in(one, depth - 1)


def _id_of(form: BaseForm, name: str) -> str:
    """The element to go to: the field, the first of several choices, or for the form as a whole its first field."""
    names = [name] if name in form.fields else [one.name for one in form.visible_fields()][:1]
    bound = form[names[0]] if names else None
    return "" if bound is None else bound.id_for_label or f"{bound.auto_id}_0"


@register.filter
def lookup(values: Mapping[Any, Any], key: object) -> Any:
    """``{{ mapping|lookup:key }}``; empty for a key that is not there."""
    return values.get(key, "") if values else ""
