"""The forms of the web door: what is asked, in which words, and what is wrong said at its field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict

from daicho.law.kinds import KINDS, Requester, RequestKind
from daicho.policy.language import Arrival, Policy, ReplyBy
from daicho.portal.rules import companies, offered_kinds, reply_methods, requesters
from daicho.rights.actions.receiving import ADULT_AGE
from daicho.rights.intake import Intake
from daicho.words.era import DateTextError, read_date
from daicho.words.personal import Personal
from daicho.words.text import Language, Text
from daicho.work.actions import is_mailbox

_CHANGING = (RequestKind.CORRECTION, RequestKind.ADDITION)
#: Lines of a correction, each an item and its right value.
_LINES = 3
#: Of one field, right or wrong; more is nothing a form takes.
_KEPT = 2000
_NEEDED = Text("入力してください。", "Please fill this in.")
_CHOOSE = Text("選んでください。", "Please choose.")
_NO_MAILBOX = Text(
    "メールアドレスの形が正しくありません。半角英数字で入力してください（例 hanako@example.jp）。",
    "This is not a mail address. Write it as hanako@example.com.",
)
_NO_DAY = Text(
    "日付として読めません。1980-01-05 や 昭和55年1月5日 の形で入力してください。",
    "This is not a date. Write it as 1980-01-05.",
)
_METHODS = {
    ReplyBy.WRITTEN: Text("書面（郵送）", "On paper, by post"),
    ReplyBy.ELECTRONIC: Text("電磁的記録（保護されたダウンロード）", "Electronically, by a protected download"),
}


class _Spoken(forms.Form):
    """A form that speaks one language; every message is ours."""

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        self.language = language
        super().__init__(*args, **kwargs)

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def _messages(self, needed: Text = _NEEDED) -> dict[str, str]:
        choose = self.say(_CHOOSE)
        return {"required": self.say(needed), "invalid_choice": choose, "invalid_list": choose}


class StartForm(_Spoken):
    """Whom, who, what, and the mailbox."""

    def __init__(self, *args: Any, policy: Policy, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered_kinds(policy, on=on)
        named = [(one.code, self.say(one.name)) for one in companies(policy)]
        who = [(str(one), self.say(name)) for one, name in requesters(policy)]
        messages = self._messages(_CHOOSE)
        self.fields["organisation"] = forms.ChoiceField(
            choices=named, widget=forms.RadioSelect, error_messages=messages, initial=named[0][0]
        )
        self.fields["requester"] = forms.ChoiceField(
            choices=who, widget=forms.RadioSelect, error_messages=messages, initial=who[0][0]
        )
        self.fields["kinds"] = forms.MultipleChoiceField(
            choices=[(str(one.kind), self.say(one.name)) for one in self.offered],
            widget=forms.CheckboxSelectMultiple,
            error_messages=messages,
        )
        self.fields["mailbox"] = forms.CharField(
            max_length=254,
            widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"}),
            error_messages=self._messages(),
        )

    def clean_mailbox(self) -> str:
        return _mailbox(self.cleaned_data["mailbox"], self)

    @property
    def chosen_kinds(self) -> list[str]:
        """What is ticked now, for showing it again."""
        return [str(one) for one in self["kinds"].value() or []]


class FindForm(_Spoken):
    """The mailbox of requests whose links were lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mailbox"] = forms.CharField(
            max_length=254,
            widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"}),
            error_messages=self._messages(),
            label=self.say(Text("メールアドレス", "Mail address")),
        )

    def clean_mailbox(self) -> str:
        return _mailbox(self.cleaned_data["mailbox"], self)


def _mailbox(value: str, form: _Spoken) -> str:
    if not is_mailbox(value.strip()):
        raise forms.ValidationError(form.say(_NO_MAILBOX))
    return value.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields under one heading."""

    heading: Text
    help: Text | None
    fields: Sequence[BoundField]


class RequestForm(_Spoken):
    """The request itself: person, agent, each claim, the answer. Built from the policy in force and the draft."""

    def __init__(
        self, *args: Any, policy: Policy, requester: Requester, kinds: Sequence[str], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy, self.requester, self.on = policy, requester, on
        self.kinds = [one for one in offered_kinds(policy, on=on) if one.kind in kinds]
        self.by_agent = requester is not Requester.PRINCIPAL
        self._headings: list[tuple[Text, Text | None, list[str]]] = []
        self._add_person()
        if self.by_agent:
            self._add_agent()
        for one in self.kinds:
            self._add_claim(one.kind, one.name, one.bases)
        self._add_reply()

    # ── fields ───────────────────────────────────────────────────────────────────────────

    def _line(self, name: str, label: Text, *, required: bool = False, help_: Text | None = None, **attrs: str) -> str:
        self.fields[name] = forms.CharField(
            label=self.say(label),
            required=required,
            max_length=400,
            help_text=self.say(help_) if help_ else "",
            widget=forms.TextInput(attrs=attrs),
            error_messages=self._messages(),
        )
        return name

    def _choice(self, name: str, label: Text, choices: Iterable[tuple[str, Text]], **options: Any) -> str:
        self.fields[name] = forms.ChoiceField(
            label=self.say(label),
            choices=[(code, self.say(words)) for code, words in choices],
            error_messages=self._messages(_CHOOSE),
            **options,
        )
        return name

    def _add_person(self) -> None:
        who = Text("ご本人", "The person") if self.by_agent else Text("あなたについて", "About you")
        complete = "off" if self.by_agent else "name"
        names = [
            self._line("person_name", Text("氏名", "Name"), required=True, autocomplete=complete),
            self._line("person_kana", Text("フリガナ", "Reading in kana")),
            self._line(
                "person_former_name",
                Text("以前の氏名（旧姓など）", "Former name"),
                help_=Text("当社の記録が以前の氏名のことがあります。", "Our records may have it."),
            ),
            self._line(
                "person_birth_date",
                Text("生年月日", "Birth date"),
                required=self.requester is Requester.MINOR_AGENT,
                help_=Text("例 1980-01-05、昭和55年1月5日", "For example 1980-01-05"),
            ),
            self._line("person_postal_code", Text("郵便番号", "Postal code"), inputmode="numeric"),
            self._line(
                "person_address",
                Text("住所", "Address"),
                required=True,
                help_=Text(
                    "本人確認書類にある現在の住所。書面の回答はこの住所にお送りします。",
                    "As on your identity paper. An answer on paper goes there.",
                ),
            ),
            self._line("person_former_address", Text("以前の住所", "Former address")),
            self._line("person_phone", Text("電話番号", "Telephone"), inputmode="tel"),
            self._line(
                "person_email",
                Text("当社に届け出たことのあるメールアドレス", "A mail address we may know"),
                inputmode="email",
            ),
            self._line(
                "person_relation",
                Text("当社とのご関係", "Your relation to us"),
                help_=Text("例 派遣スタッフ、応募者、お取引先", "For example: temporary staff, applicant, customer"),
            ),
            self._line(
                "person_period",
                Text("その時期", "When"),
                help_=Text("例 2019年ごろ〜2022年", "For example 2019 to 2022"),
            ),
        ]
        self.fields["support_measure"] = forms.BooleanField(
            required=False,
            label=self.say(
                Text(
                    "住民票の支援措置（DV・ストーカー等）を受けている。住所の取扱いに注意してほしい。",
                    "A support measure (domestic violence, stalking …) protects the address: handle it with care.",
                )
            ),
        )
        why = Text(
            "記録を探すためにだけ使います。分かる範囲でご入力ください。",
            "Used only to find your records. Fill in what you can.",
        )
        self._headings.append((who, why, [*names, "support_measure"]))

    def _add_agent(self) -> None:
        names = [
            self._line("agent_name", Text("代理人の氏名", "Agent's name"), required=True, autocomplete="name"),
            self._line("agent_kana", Text("フリガナ", "Reading in kana")),
            self._line("agent_postal_code", Text("郵便番号", "Postal code"), inputmode="numeric"),
            self._line("agent_address", Text("代理人の住所", "Agent's address"), required=True),
            self._line("agent_phone", Text("電話番号", "Telephone"), inputmode="tel", autocomplete="tel"),
        ]
        self._headings.append((Text("代理人（あなた）", "The agent (you)"), None, names))

    def _add_claim(self, kind: RequestKind, name: Text, bases: Sequence[tuple[str, Text]]) -> None:
        names = []
        if bases:
            none = Text("（選ばない）", "(none)")
            label = Text("請求の理由", "Reason")
            names.append(self._choice(f"{kind}_basis", label, [("", none), *bases], required=False))
        if kind in _CHANGING:
            items = [("", Text("（項目）", "(item)")), *((item.code, item.name) for item in self.policy.items)]
            for place in range(1, _LINES + 1):
                label = Text(f"項目 {place}", f"Item {place}")
                names.append(self._choice(f"{kind}_item_{place}", label, items, required=False))
                names.append(self._line(f"{kind}_value_{place}", Text("正しい内容", "What is right")))
            names.append(self._line(f"{kind}_evidence", Text("根拠となる資料", "What shows it")))
        names.append(
            self._line(
                f"{kind}_wish",
                Text("対象・ご要望", "What exactly"),
                help_=Text("例 登録時の職務経歴、メール配信", "For example: my work history, your newsletter"),
            )
        )
        self._headings.append((Text(f"請求：{name.ja}", f"Request: {name.en}"), KINDS[kind].asks, names))

    def _add_reply(self) -> None:
        names = []
        methods = reply_methods(self.policy)
        if len(methods) > 1:
            choices = [(str(one), _METHODS[one]) for one in methods]
            names.append(
                self._choice(
                    "reply_method",
                    Text("回答の方法", "How we answer"),
                    choices,
                    widget=forms.RadioSelect,
                    initial=choices[0][0],
                )
            )
        if self.by_agent:
            to = [("agent", Text("代理人", "the agent")), ("person", Text("ご本人", "the person"))]
            label = Text("回答の宛先", "Who receives it")
            names.append(self._choice("reply_to", label, to, widget=forms.RadioSelect, initial="agent"))
        if names:
            self._headings.append((Text("回答", "The answer"), None, names))

    @property
    def sections(self) -> list[Section]:
        """The fields in the order of the page."""
        return [Section(heading=head, help=help_, fields=[self[name] for name in names])
                for head, help_, names in self._headings]  # fmt: skip

    @property
    def filled_sections(self) -> list[Section]:
        """As `sections`, with what was filled in only."""
        found = []
        for one in self.sections:
            fields = [field for field in one.fields if field.value()]
            if fields:
                found.append(Section(heading=one.heading, help=None, fields=fields))
        return found

    # ── checks ───────────────────────────────────────────────────────────────────────────

    def clean_person_birth_date(self) -> str:
        value: str = self.cleaned_data["person_birth_date"]
        if not value:
            return ""
        try:
            born = read_date(value)
        except DateTextError:
            raise forms.ValidationError(self.say(_NO_DAY)) from None
        if born > self.on:
            raise forms.ValidationError(self.say(Text("未来の日付です。", "That day is in the future.")))
        age = self.on.year - born.year - ((self.on.month, self.on.day) < (born.month, born.day))
        if self.requester is Requester.MINOR_AGENT and age >= ADULT_AGE:
            adult = Text(
                "成年に達している方は、ご本人か、委任を受けた代理人がご請求ください。",
                "An adult asks alone, or through a mandated agent.",
            )
            raise forms.ValidationError(self.say(adult))
        return born.isoformat()

    def clean_person_email(self) -> str:
        value: str = self.cleaned_data["person_email"].strip()
        return _mailbox(value, self) if value else ""

    def clean(self) -> dict[str, Any]:
        for one in self.kinds:
            if one.kind in _CHANGING:
                self._check_values(one.kind)
        return self.cleaned_data

    def _check_values(self, kind: RequestKind) -> None:
        pairs = self._pairs(kind)
        for place, (item, value) in enumerate(pairs, start=1):
            if item and not value:
                self.add_error(f"{kind}_value_{place}", self.say(_NEEDED))
            if value and not item:
                self.add_error(f"{kind}_item_{place}", self.say(_CHOOSE))
        if not any(item and value for item, value in pairs):
            what = Text("直す項目と正しい内容を一つ以上入力してください。", "Give at least one item and what is right.")
            self.add_error(f"{kind}_item_1", self.say(what))

    def _pairs(self, kind: RequestKind) -> list[tuple[str, str]]:
        said = self.cleaned_data
        return [
            (said.get(f"{kind}_item_{place}", ""), said.get(f"{kind}_value_{place}", ""))
            for place in range(1, _LINES + 1)
        ]

    # ── what comes of it ─────────────────────────────────────────────────────────────────

    def content(self) -> dict[str, Any]:
        """What was typed, right or wrong, for keeping."""
        data: Any = self.data
        return {name: data.get(name, "")[:_KEPT] for name in self.fields if data.get(name) not in (None, "")}

    def intake(self, organisation: str, mailbox: Personal[str]) -> Intake:
        """The request, once the form is valid."""
        said = self.cleaned_data
        emails = [said["person_email"]]
        if not self.by_agent:
            emails.insert(0, mailbox.reveal(purpose="an identity the person gave and proved"))
        person = {
            "name": said["person_name"],
            "kana": said["person_kana"] or None,
            "former_names": _given(said["person_former_name"]),
            "birth_date": said["person_birth_date"] or None,
            "postal_code": said["person_postal_code"] or None,
            "address": said["person_address"],
            "former_addresses": _given(said["person_former_address"]),
            "phones": _given(said["person_phone"]),
            "emails": _given(*dict.fromkeys(emails)),
            "relation": said["person_relation"] or None,
            "period": said["person_period"] or None,
        }
        agent = {
            name: said.get(f"agent_{name}") or None for name in ("name", "kana", "postal_code", "address", "phone")
        }
        return Intake.model_validate(
            {
                "addressed": [organisation],
                "channel": Arrival.WEB,
                "language": self.language,
                "requester": self.requester,
                "person": person,
                "agent": agent if self.by_agent else None,
                "reply": {
                    "to": said.get("reply_to", "person"),
                    "method": said.get("reply_method") or reply_methods(self.policy)[0],
                },
                "support_measure": said["support_measure"],
                "claims": [self._claim(one.kind) for one in self.kinds],
            }
        )

    def _claim(self, kind: RequestKind) -> dict[str, Any]:
        said = self.cleaned_data
        claim: dict[str, Any] = {
            "kind": kind,
            "basis": said.get(f"{kind}_basis", ""),
            "wish": said.get(f"{kind}_wish") or None,
        }
        if kind in _CHANGING:
            claim["values"] = {item: value for item, value in self._pairs(kind) if item and value}
            claim["evidence"] = said.get(f"{kind}_evidence") or None
        return claim


def _given(*values: str) -> list[str]:
    return [value for value in values if value]


def as_data(content: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """Kept content as a form takes it."""
    return MultiValueDict({name: [value] for name, value in content.items()})
