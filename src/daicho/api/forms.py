"""Forms of tokens and webhooks: what is asked, in the language of the screen; whether it is allowed, the actions say."""

from collections.abc import Sequence
from typing import Any

from django import forms

from daicho.api.rules import DEFAULT_DAYS, MAX_DAYS, MAX_NAME
from daicho.api.scopes import SCOPES, TokenScope
from daicho.trail.events import EVENTS
from daicho.words.text import Language, Text

_NAME = Text("名前", "Name")
_DAYS = Text("有効日数", "Days it lives")
_SCOPES = Text("できること", "What it may do")
_URL = Text("通知先の URL", "Address")
_PLACE = Text("組織", "Organisation")
_FIRST = ("request", "requests", "claim", "claims", "letter", "run", "stop", "slip")
_EVENTS = Text("知らせる出来事", "Events to tell")


class TokenForm(forms.Form):
    """A new token of one's own; only scopes that the account's roles give are offered."""

    name = forms.CharField(max_length=MAX_NAME)
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS)

    def __init__(self, data: Any = None, *, language: Language, offered: Sequence[TokenScope]) -> None:
        super().__init__(data)
        _label(self, language, name=_NAME, days=_DAYS)
        self.fields["name"].help_text = Text(
            "どのプログラムのものか、あとで見て分かる名前。", "So that you know later which program it belongs to."
        ).say(language)
        self.fields["days"].help_text = Text(
            f"長くても {MAX_DAYS} 日。短いほど安全です。", f"At most {MAX_DAYS}; the shorter, the safer."
        ).say(language)
        self.fields["scopes"] = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple,
            label=_SCOPES.say(language),
            choices=[(str(one), f"{one} · {SCOPES[one].name.say(language)}") for one in offered],
        )


class WebhookForm(forms.Form):
    """A new webhook."""

    name = forms.CharField(max_length=MAX_NAME)
    url = forms.CharField(max_length=500)

    def __init__(
        self, data: Any = None, *, language: Language, organisations: Sequence[tuple[str, str]], events: Sequence[str]
    ) -> None:
        super().__init__(data)
        _label(self, language, name=_NAME, url=_URL)
        self.fields["url"].widget.attrs.update(inputmode="url", placeholder="https://", autocomplete="off")
        self.fields["url"].help_text = Text(
            "https:// で始まる社外の URL。社内のホストは daicho.toml の webhook_hosts に書いてから。",
            "An https:// address outside; hosts inside are listed under webhook_hosts in daicho.toml first.",
        ).say(language)
        self.fields["organisation"] = forms.ChoiceField(choices=organisations, label=_PLACE.say(language))
        self.fields["events"] = forms.MultipleChoiceField(
            choices=_grouped(events, language), widget=forms.CheckboxSelectMultiple, label=_EVENTS.say(language)
        )


def _grouped(events: Sequence[str], language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """The events by the first word of their codes, requests and claims first: most webhooks are about these."""
    groups: dict[str, list[tuple[str, str]]] = {one: [] for one in _FIRST}
    for code in events:
        words = EVENTS[code].say(dict.fromkeys(EVENTS[code].facts, "…"), language)
        groups.setdefault(code.partition(".")[0], []).append((code, f"{code} · {words}"))
    return [(f"{name}.*", found) for name, found in groups.items() if found]


def _label(form: forms.Form, language: Language, **labels: Text) -> None:
    for name, text in labels.items():
        form.fields[name].label = text.say(language)
