"""保管先をフォームで  A store as a form: what every store says, and the settings its kind takes.

A secret is named (``env:CRM_URL``), never typed in: there is no field that would keep one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from daicho.register.language import StoreDocument
from daicho.stores.settings import Setting, SettingType
from daicho.words.text import Language, Text

_SETTING: Final = "setting_"
_LABELS: Final[Mapping[str, Text]] = {
    "store": Text("コード", "Code"),
    "name_ja": Text("名称（日本語）", "Name (Japanese)"),
    "name_en": Text("名称（英語）", "Name (English)"),
    "organisation": Text("組織", "Organisation"),
    "department_ja": Text("管理部門（日本語）", "Department (Japanese)"),
    "department_en": Text("管理部門（英語）", "Department (English)"),
    "country": Text("国", "Country"),
    "kept_days": Text("バックアップの保持日数", "Days backups are kept"),
    "replies_in_days": Text("検索依頼票の回答日数", "Days to answer a slip"),
}
_HELP: Final[Mapping[str, Text]] = {
    "store": Text("英小文字・数字・-。後から変えられません。", "Small letters, digits, -; it cannot be changed later."),
    "country": Text("ISO 3166 の二文字。日本は JP。", "Two letters of ISO 3166; JP for Japan."),
    "kept_days": Text(
        "消去した行がバックアップに残る日数。消去の回答に書きます。",
        "How long erased rows live on in backups; the letter says so.",
    ),
    "replies_in_days": Text(
        "部署が紙を調べて答えるまでの営業日。", "How long the department may take to search its papers."
    ),
}
_SECRET_HELP: Final = Text(
    "接続文字列そのものは書かず、環境変数の名前を env:名前 で書きます。",
    "Never the address itself: name the environment variable, env:NAME.",
)
_MAPPING_HELP: Final = Text("一行に「名前: 値」。", "One “name: value” a line.")


class StoreForm(forms.Form):
    """A store of one kind."""

    def __init__(
        self,
        data: Any = None,
        *,
        language: Language,
        kind: str,
        known: Sequence[Setting],
        organisations: Mapping[str, str],
        organisation: str = "",
        document: StoreDocument | None = None,
    ) -> None:
        first = _initial(document, known) if document else {"country": "JP", "organisation": organisation}
        super().__init__(data, initial=first, label_suffix="")
        self.language, self.kind, self.document = language, kind, document
        # The department stands in the head of every store; an adapter that asks for it is given that one.
        self.known = [one for one in known if one.name != "department"]
        label = {name: text.say(language) for name, text in _LABELS.items()}
        self.fields["store"] = forms.RegexField(r"^[a-z0-9][a-z0-9_-]{0,62}$", label=label["store"])
        for name in ("name_ja", "name_en"):
            self.fields[name] = forms.CharField(label=label[name], max_length=2000)
        own = {**({document.organisation: document.organisation} if document else {}), **organisations}
        self.fields["organisation"] = forms.ChoiceField(label=label["organisation"], choices=list(own.items()))
        for name in ("department_ja", "department_en"):
            self.fields[name] = forms.CharField(label=label[name], max_length=2000)
        self.fields["country"] = forms.RegexField(r"^[A-Z]{2}$", label=label["country"])
        for one in self.known:
            self.fields[_SETTING + one.name] = _field(one, language)
        if kind == "paper":
            self.fields["replies_in_days"] = forms.IntegerField(
                label=label["replies_in_days"], required=False, min_value=1, max_value=365
            )
        else:
            self.fields["kept_days"] = forms.IntegerField(
                label=label["kept_days"], required=False, min_value=0, max_value=36500
            )
        for name, text in _HELP.items():
            if name in self.fields:
                self.fields[name].help_text = text.say(language)
        if document is not None:
            self.fields["store"].disabled = self.fields["organisation"].disabled = True

    @property
    def head_fields(self) -> list[forms.BoundField]:
        """What every store says."""
        return [field for field in self if not field.name.startswith(_SETTING)]

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        """What this kind takes."""
        return [field for field in self if field.name.startswith(_SETTING)]

    def value(self) -> dict[str, Any]:
        """The store as a document holds it."""
        given = self.cleaned_data
        settings = {one.name: self._setting(one) for one in self.known if given[_SETTING + one.name] not in (None, "")}
        found: dict[str, Any] = {
            "store": given["store"],
            "name": {"ja": given["name_ja"], "en": given["name_en"]},
            "kind": self.kind,
            "organisation": given["organisation"],
            "department": {"ja": given["department_ja"], "en": given["department_en"]},
            "country": given["country"],
        }
        if settings:
            found["settings"] = settings
        if given.get("kept_days") is not None:
            found["backups"] = {"kept_days": given["kept_days"]}
        if given.get("replies_in_days") is not None:
            found["replies_in_days"] = given["replies_in_days"]
        return found

    def _setting(self, one: Setting) -> Any:
        value = self.cleaned_data[_SETTING + one.name]
        if one.type is SettingType.MAPPING:
            return _mapping(value)
        before = self.document.settings.get(one.name) if self.document else None
        if isinstance(before, Mapping) and value in before.values():
            return dict(before)  # written in both languages, and left as it was
        return value

    def take(self, steps: tuple[Any, ...], message: str, advice: str) -> None:
        """Put a finding at the field it stands at, or above the form."""
        names = {"name": "name_ja", "department": "department_ja", "backups": "kept_days"}
        first = str(steps[0]) if steps else ""
        name = f"{_SETTING}{steps[1]}" if first == "settings" and len(steps) > 1 else names.get(first, first)
        self.add_error(name if name in self.fields else None, f"{message} {advice}")


def _field(one: Setting, language: Language) -> forms.Field:
    label = one.words.say(language)
    label = label[:1].upper() + label[1:]
    if one.choices:
        return forms.ChoiceField(
            label=label, required=one.required, choices=[("", "–"), *((code, code) for code in one.choices)]
        )
    match one.type:
        case SettingType.NUMBER:
            return forms.IntegerField(label=label, required=one.required, min_value=0)
        case SettingType.SECRET:
            return forms.RegexField(
                r"^env:[A-Za-z_][A-Za-z0-9_]*$",
                label=label,
                required=one.required,
                help_text=_SECRET_HELP.say(language),
                widget=forms.TextInput(attrs={"placeholder": "env:CRM_URL", "autocomplete": "off"}),
                error_messages={"invalid": _SECRET_HELP.say(language)},
            )
        case SettingType.MAPPING:
            return forms.CharField(
                label=label,
                required=one.required,
                help_text=_MAPPING_HELP.say(language),
                widget=forms.Textarea(attrs={"rows": 3, "class": "code"}),
            )
        case _:
            return forms.CharField(label=label, required=one.required, max_length=2000)


def _mapping(text: str) -> dict[str, Any]:
    """``customers: id`` a line; several columns with commas."""
    found: dict[str, Any] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip():
            columns = [one.strip() for one in value.split(",") if one.strip()]
            found[name.strip()] = columns[0] if len(columns) == 1 else columns
    return found


def _initial(document: StoreDocument, known: Sequence[Setting]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "store": document.store,
        "name_ja": document.name.ja,
        "name_en": document.name.en,
        "organisation": document.organisation,
        "department_ja": document.department.ja,
        "department_en": document.department.en,
        "country": document.country,
        "kept_days": document.backups.kept_days if document.backups else None,
        "replies_in_days": document.replies_in_days,
    }
    types = {one.name: one.type for one in known}
    for name, value in document.settings.items():
        if isinstance(value, Mapping) and types.get(name) is SettingType.MAPPING:
            lines = (f"{key}: {', '.join(one) if isinstance(one, list | tuple) else one}" for key, one in value.items())
            found[_SETTING + name] = "\n".join(lines)
        elif isinstance(value, Mapping):
            found[_SETTING + name] = value.get("ja", "")
        else:
            found[_SETTING + name] = value
    return found
