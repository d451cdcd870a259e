"""The first policy of a company: begun from a starter in the form editor, or from a text of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from daicho.people.doors import Door, DoorRequest, changes
from daicho.policy.actions import DRAFTERS, apply_policy
from daicho.policy.editing.starter import ASKED, starter_policy
from daicho.policy.queries import find_revision_at, open_text, text_digest
from daicho.policy.screens.text import said_saved
from daicho.words.errors import DaichoError
from daicho.words.text import Language, Text

_LABELS = {
    "code": Text("会社のコード（英小文字・数字。あとで変えません）", "Code of the company (never changed later)"),
    "name_ja": Text("会社名", "Name of the company, in Japanese"),
    "name_en": Text("会社名（英語）", "Name in English"),
    "postal_code": Text("郵便番号", "Postal code"),
    "address": Text("住所", "Address"),
    "title": Text("代表者の役職", "Title of its representative"),
    "representative": Text("代表者の氏名", "Name of its representative"),
    "telephone": Text("個人情報の窓口の電話番号", "Telephone number of the desk for personal information"),
}


class StarterForm(forms.Form):
    """What only the company knows; all of it stands in the published policy."""

    code = forms.ChoiceField()
    name_ja = forms.CharField(max_length=200)
    name_en = forms.CharField(max_length=200, required=False)
    postal_code = forms.RegexField(r"^\d{3}-?\d{4}$", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    address = forms.CharField(max_length=300)
    title = forms.CharField(max_length=100)
    representative = forms.CharField(max_length=100)
    telephone = forms.CharField(max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    def __init__(self, *args: Any, codes: list[str], language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, label in _LABELS.items():
            self.fields[name].label = label.say(language)
        chosen = self.fields["code"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101 (a programmer's mistake, not a user's)
        chosen.choices = [(code, code) for code in codes]


@changes(*DRAFTERS)
def start(request: DoorRequest) -> HttpResponse:
    """What the starter needs to be this company's; saved as a draft, and opened section by section."""
    door = request.door
    here = _without_policy(door)
    asked = StarterForm(request.POST if request.method == "POST" else None, codes=here, language=door.language)
    if asked.is_valid():
        source = starter_policy({name: asked.cleaned_data[name] for name in ASKED}, on=door.today)
        organisation = asked.cleaned_data["code"]
        try:
            applied = apply_policy(
                source.encode(),
                "policy.yaml",
                scope=door.scope,
                at=door.at,
                seen=text_digest(""),
                organisation=organisation,
            )
        except DaichoError as error:
            asked.add_error(None, f"{error.message.say(door.language)} {error.advice.say(door.language)}")
            for one in getattr(error, "problems", ()):
                asked.add_error(None, f"{one.message.say(door.language)} {one.advice.say(door.language)}")
        else:
            messages.success(request, door.say(said_saved(changed=applied.changed, findings=applied.findings)))
            return redirect("policy:form", applied.organisation)
    return render(request, "policy/start.html", {"form": asked, "codes": here}, status=400 if asked.errors else 200)


def _without_policy(door: Door) -> list[str]:
    """Companies for which this account may draft and that have none; the one the workspace stands for first."""
    acting = door.acting(*DRAFTERS)
    free = [
        code
        for code in acting.organisations
        if not open_text(code, scope=acting).source and find_revision_at(code, door.today) is None
    ]
    return sorted(free, key=lambda code: (code != door.organisation, code))
