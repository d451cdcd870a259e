"""台帳の一行をフォームで  One row of the register as a form: the choices are the policy's in force.

A code that stands in the row and not in the policy stays a choice, marked, so that opening and
saving a row loses nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django import forms

from daicho.policy.language import Policy
from daicho.register.language import HoldingPart, Status
from daicho.register.ledger import COLUMNS
from daicho.register.reading import Rpd, StoreRef
from daicho.words.text import Language, Text

#: The columns that name several codes of the policy.
LISTS: Final = ("items", "purposes", "entrusted_to", "provided_to", "joint_use")
#: The columns that are one line of words.
_LINES: Final = (
    "acquisition_route", "notice_ref", "count_range", "medium", "storage_place", "storage_method", "use_period",
    "retention_period", "retention_basis", "disposal_method", "owner_dept", "manager", "risk_ref",
)  # fmt: skip

#: The form in the order a person fills it in: heading, fields.
SECTIONS: Final[tuple[tuple[Text, tuple[str, ...]], ...]] = (
    (
        Text("何の台帳か", "What it is"),
        ("reg_no", "organisation", "name_ja", "name_en", "subject_category", "store", "count_range", "status"),
    ),
    (Text("項目と利用目的", "Items and purposes"), ("items", "purposes")),
    (
        Text("法令上の区分", "What the law calls it"),
        ("rpd", "entruster_ja", "entruster_en", "sensitive", "spi"),
    ),
    (Text("取得", "How it is acquired"), ("acquisition_route", "direct_in_writing", "notice_ref")),
    (Text("保管", "How it is kept"), ("storage_place", "storage_method", "medium", "access_roles")),
    (
        Text("期限と廃棄", "How long, and how it ends"),
        ("retention_period", "retention_basis", "use_period", "disposal_method"),
    ),
    (Text("渡す先", "Who else receives it"), ("entrusted_to", "provided_to", "joint_use")),
    (Text("管理", "Responsibility"), ("owner_dept", "manager", "risk_ref", "created_on", "reviewed_on")),
)

_HELP: Final[Mapping[str, Text]] = {
    "reg_no": Text("半角英数字。後から変えられません。", "Letters and digits; it cannot be changed later."),
    "store": Text("保管先は「保管先」の画面で登録します。", "Stores are registered on the page “Stores”."),
    "count_range": Text("例：100〜500件", "For example 100–500"),
    "access_roles": Text("一行に一つ。", "One a line."),
    "retention_period": Text("例：退職後5年", "For example 5 years after leaving"),
    "retention_basis": Text("法令名・社内規程など", "The law, or the company's rule"),
    "entruster_ja": Text("受託している場合だけ。", "Only when it is entrusted to us."),
    "spi": Text("個人番号を含むもの。", "It holds Individual Numbers."),
    "sensitive": Text("病歴・障害・健康診断結果など。", "Medical history, disability, health checks and the like."),
    "reviewed_on": Text("台帳は年に一回以上見直します。", "The register is reviewed once a year at least."),
}
_NAMES: Final[Mapping[str, Text]] = {
    "name_ja": Text("個人情報の名称（日本語）", "Name (Japanese)"),
    "name_en": Text("個人情報の名称（英語）", "Name (English)"),
    "entruster_ja": Text("委託元（日本語）", "Entrusted by (Japanese)"),
    "entruster_en": Text("委託元（英語）", "Entrusted by (English)"),
}
_RPD: Final = (
    (Rpd.YES, Text("該当する", "yes")),
    (Rpd.NO, Text("該当しない", "no")),
    (Rpd.ENTRUSTED, Text("受託している（委託元のもの）", "entrusted to us")),
)
_STATUS: Final = (
    (Status.ACTIVE, Text("使用中", "in use")),
    (Status.SUSPENDED, Text("停止", "suspended")),
    (Status.DISPOSED, Text("廃棄済", "disposed of")),
)
_YES_NO: Final = (
    ("", Text("―", "–")),
    ("yes", Text("はい（直接書面）", "yes, directly in writing")),
    ("no", Text("いいえ", "no")),
)
#: A finding that stands at the whole row → the field a person mends it in, and how.
_AT: Final[Mapping[str, tuple[str, Text]]] = {
    "entruster": ("entruster_ja", Text("委託元を書いてください。", "Write who entrusted it.")),
    "entruster-unused": ("rpd", Text("受託にするか、委託元を消してください。", "Say it is entrusted, or clear it.")),
    "sensitive-unsaid": ("sensitive", Text("ここに印を付けてください。", "Tick this.")),
    "spi-unsaid": ("spi", Text("ここに印を付けてください。", "Tick this.")),
    "holding-twice": ("reg_no", Text("別の番号にしてください。", "Use another number.")),
    "base-unknown": ("reg_no", Text("別の番号にしてください。", "Use another number.")),
}


class HoldingForm(forms.Form):
    """Every column of reference 4.1."""

    def __init__(
        self,
        data: Any = None,
        *,
        language: Language,
        policy: Policy | None,
        stores: Iterable[StoreRef],
        organisations: Iterable[str],
        part: HoldingPart | None = None,
        suggested: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(part) if part else dict(suggested or {}), label_suffix="")
        self.language, self.part = language, part
        self._headings = {name: text.say(language) for name, text in COLUMNS}
        self._build(policy, stores, organisations)
        for name, text in _HELP.items():
            self.fields[name].help_text = text.say(language)
        if part is not None:
            self.fields["reg_no"].disabled = self.fields["organisation"].disabled = True

    def _build(self, policy: Policy | None, stores: Iterable[StoreRef], organisations: Iterable[str]) -> None:
        say = self.language
        names = {one.code: one.name.say(say) for one in policy.organisations} if policy else {}
        self.fields["reg_no"] = forms.RegexField(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", label=self._headings["reg_no"])
        self._choose("organisation", [(code, names.get(code, code)) for code in sorted(organisations)])
        for name in ("name_ja", "name_en"):
            self.fields[name] = forms.CharField(label=_NAMES[name].say(say), max_length=2000)
        self._choose("subject_category", [(one.code, one.name.say(say)) for one in policy.subjects] if policy else [])
        self._choose("store", [(one.code, one.name.say(say)) for one in stores])
        self._several("items", [(one.code, one.name.say(say)) for one in policy.items] if policy else [], needed=True)
        self._several(
            "purposes", [(one.code, one.says.say(say)) for one in policy.purposes] if policy else [], needed=True
        )
        self._several("entrusted_to", [(one.code, one.name.say(say)) for one in policy.entrustees] if policy else [])
        self._several("provided_to", [(one.code, one.name.say(say)) for one in policy.recipients] if policy else [])
        joint = [(one.code, (one.title or one.heading).say(say)) for one in policy.joint_use] if policy else []
        self._several("joint_use", joint)
        self._choose("rpd", [(str(code), text.say(say)) for code, text in _RPD])
        self._choose("status", [(str(code), text.say(say)) for code, text in _STATUS])
        self._choose("direct_in_writing", [(code, text.say(say)) for code, text in _YES_NO], needed=False)
        for name in ("entruster_ja", "entruster_en"):
            self.fields[name] = forms.CharField(label=_NAMES[name].say(say), required=False, max_length=2000)
        for name in ("sensitive", "spi"):
            self.fields[name] = forms.BooleanField(label=self._headings[name], required=False)
        for name in _LINES:
            self.fields[name] = forms.CharField(label=self._headings[name], required=False, max_length=2000)
        self.fields["access_roles"] = forms.CharField(
            label=self._headings["access_roles"], required=False, widget=forms.Textarea(attrs={"rows": 3})
        )
        for name in ("created_on", "reviewed_on"):
            self.fields[name] = forms.DateField(
                label=self._headings[name], required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            )

    def _choose(self, name: str, choices: Sequence[tuple[str, str]], *, needed: bool = True) -> None:
        held = [getattr(self.part, name)] if self.part and name != "direct_in_writing" else []
        self.fields[name] = forms.ChoiceField(
            label=self._headings[name], choices=self._with_held(choices, held), required=needed
        )

    def _several(self, name: str, choices: Sequence[tuple[str, str]], *, needed: bool = False) -> None:
        held = getattr(self.part, name) if self.part else ()
        self.fields[name] = forms.MultipleChoiceField(
            label=self._headings[name],
            choices=self._with_held(choices, held),
            required=needed,
            widget=forms.CheckboxSelectMultiple,
        )

    def _with_held(self, choices: Sequence[tuple[str, str]], held: Iterable[Any]) -> list[tuple[str, str]]:
        known = {code for code, _ in choices}
        mark = Text("（方針にありません）", " (not in the policy)").say(self.language)
        return [*choices, *((str(code), f"{code}{mark}") for code in held if str(code) not in known)]

    @property
    def sections(self) -> list[tuple[Text, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(words, [self[name] for name in names]) for words, names in SECTIONS]

    @cached_property
    def _value(self) -> dict[str, Any]:
        given: dict[str, Any] = {**self.cleaned_data}
        for name in ("name", "entruster"):
            said = {"ja": given.pop(f"{name}_ja").strip(), "en": given.pop(f"{name}_en").strip()}
            given[name] = said if any(said.values()) else None
        given["access_roles"] = [one.strip() for one in given["access_roles"].splitlines() if one.strip()]
        written = given["direct_in_writing"]
        given["direct_in_writing"] = written == "yes" if written else None
        given["rpd"] = {"yes": True, "no": False}.get(given["rpd"], given["rpd"])
        if self.part and str(self.part.count_range) == given["count_range"]:
            given["count_range"] = self.part.count_range  # a number stays a number
        ordered = {name: given.get(name) for name in HoldingPart.model_fields}
        told = ("rpd", "direct_in_writing")  # here a no is an answer
        return {
            name: one
            for name, one in ordered.items()
            if one not in (None, "", [], False) or (name in told and one is not None)
        }

    def value(self) -> dict[str, Any]:
        """The row as a document holds it, as it was sent; keys in the order of the language, without defaults."""
        return self._value

    def take(self, code: str, field: str | None, message: str, advice: Text) -> None:
        """Put a finding at the field it speaks of, or above the form."""
        at, own = _AT.get(code, (field, advice))
        self.add_error(at if at in self.fields else None, f"{message} {own.say(self.language)}")


def _initial(part: HoldingPart) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(part, name) for name in HoldingPart.model_fields}
    for name in ("name", "entruster"):
        said = found.pop(name)
        found[f"{name}_ja"], found[f"{name}_en"] = (said.ja, said.en) if said else ("", "")
    found["access_roles"] = "\n".join(part.access_roles)
    written = part.direct_in_writing
    found["direct_in_writing"] = "" if written is None else "yes" if written else "no"
    return {name: list(one) if isinstance(one, tuple) else one for name, one in found.items()}
