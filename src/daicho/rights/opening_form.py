"""開示等請求書 on the screen: the published form's parts, filled in by the desk, checked as an intake document.

Offered is what the policy publishes and what the law owes beside it, as on the printed form. What is
wrong is found by `daicho.rights.intake` alone; its problems come back to the fields they belong to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.forms import BoundField

from daicho.law.kinds import KINDS, REQUESTER_NAMES, Requester, RequestKind, kinds_on
from daicho.policy.language import Arrival, Policy
from daicho.rights.intake import Intake
from daicho.rights.labels import CHANNEL_WORDS, METHOD_WORDS
from daicho.rights.worded import Day, WordedForm
from daicho.words.documents import Document, validate
from daicho.words.errors import DocumentError, Place
from daicho.words.text import Language, Text

VALUES: Final = 3  # lines for what a correction says is right
_AMENDING: Final = frozenset({RequestKind.CORRECTION, RequestKind.ADDITION, RequestKind.DELETION})
_FREE: Final = forms.Textarea(attrs={"rows": 2})
_LINES: Final = ("former_names", "former_addresses", "phones", "emails")
_PERSON: Final = ("name", "kana", "birth_date", "postal_code", "address", "relation", "period")
_AGENT: Final = ("name", "kana", "postal_code", "address", "phone")
_ENVELOPE: Final = ("post_room", "delivery_no", "opened_by", "contents", "kept_in")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPart:
    """One kind of request on the form: its tick, and what belongs to it."""

    kind: RequestKind
    asks: Text
    tick: BoundField
    basis: BoundField | None
    wish: BoundField
    evidence: BoundField | None
    values: Sequence[tuple[BoundField, BoundField]]
    fee: int | None
    published: bool


class OpeningForm(WordedForm):
    """The whole form. ``intake`` after `is_valid`."""

    addressed = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField()
    arrived_on = Day()
    language_of_reply = forms.ChoiceField()
    post_room = forms.CharField(required=False)
    delivery_no = forms.CharField(required=False)
    opened_by = forms.CharField(required=False)
    contents = forms.IntegerField(required=False, min_value=0, max_value=999)
    kept_in = forms.CharField(required=False)
    requester = forms.ChoiceField(widget=forms.RadioSelect)
    name = forms.CharField()
    kana = forms.CharField(required=False)
    former_names = forms.CharField(required=False, widget=_FREE)
    birth_date = forms.CharField(required=False)
    postal_code = forms.CharField(required=False)
    address = forms.CharField()
    former_addresses = forms.CharField(required=False, widget=_FREE)
    phones = forms.CharField(required=False, widget=_FREE)
    emails = forms.CharField(required=False, widget=_FREE)
    relation = forms.CharField(required=False)
    period = forms.CharField(required=False)
    agent_name = forms.CharField(required=False)
    agent_kana = forms.CharField(required=False)
    agent_postal_code = forms.CharField(required=False)
    agent_address = forms.CharField(required=False)
    agent_phone = forms.CharField(required=False)
    reply_to = forms.ChoiceField()
    method = forms.ChoiceField()
    support_measure = forms.BooleanField(required=False)
    again = forms.BooleanField(required=False)

    WORDS = {
        "addressed": Text("あて先の会社", "Addressed to"),
        "channel": Text("受付方法", "How it came"),
        "arrived_on": Text("到着日", "Arrived on"),
        "language_of_reply": Text("回答の言語", "Language of the answer"),
        "post_room": Text("到着した場所", "Post room"),
        "delivery_no": Text("引受番号", "Delivery number"),
        "opened_by": Text("開封者", "Opened by"),
        "contents": Text("封入物の点数", "Pieces in the envelope"),
        "kept_in": Text("封筒の保管場所", "Envelope kept in"),
        "requester": Text("請求者", "Who asks"),
        "name": Text("氏名", "Name"),
        "kana": Text("フリガナ", "Reading (kana)"),
        "former_names": Text("旧姓・旧名", "Former names"),
        "birth_date": Text("生年月日", "Birth date"),
        "postal_code": Text("郵便番号", "Postal code"),
        "address": Text("住所", "Address"),
        "former_addresses": Text("旧住所", "Former addresses"),
        "phones": Text("電話番号", "Telephone numbers"),
        "emails": Text("メールアドレス", "E-mail addresses"),
        "relation": Text("当社との関係", "Relation to the company"),
        "period": Text("関係のあった時期", "Period"),
        "agent_name": Text("代理人の氏名", "Agent's name"),
        "agent_kana": Text("代理人のフリガナ", "Agent's reading"),
        "agent_postal_code": Text("代理人の郵便番号", "Agent's postal code"),
        "agent_address": Text("代理人の住所", "Agent's address"),
        "agent_phone": Text("代理人の電話番号", "Agent's telephone"),
        "reply_to": Text("回答のあて先", "Answer goes to"),
        "method": Text("回答の方法", "Way of answering"),
        "support_measure": Text("支援措置（DV 等）の申出がある", "A support measure (domestic violence) applies"),
        "again": Text("同じ本人の請求があることを確かめた。別の請求として受け付ける",
                      "I looked at the open request of the same person; this is another one"),
    }  # fmt: skip
    HELP = {
        "arrived_on": Text(
            "会社のどこかの郵便受けに届いた日。期限はここから数えます。",
            "The day it reached any post room of the company; the clocks run from it.",
        ),
        "birth_date": Text(
            "昭和55年1月5日、S55.1.5、1980-01-05 のどれでも", "1980-01-05, or as written: 昭和55年1月5日"
        ),
        "former_names": Text("1行に1つ", "One a line"),
        "former_addresses": Text("1行に1つ", "One a line"),
        "phones": Text("1行に1つ", "One a line"),
        "emails": Text("1行に1つ", "One a line"),
        "support_measure": Text(
            "住所を画面で隠し、発送前に確かめます。", "Addresses are hidden on the screen and checked before posting."
        ),
        "reply_to": Text(
            "代理人が請求したときは代理人あて。受領の権限がない委任のときは本人に送ります。",
            "To the agent who asks; to the person where a mandate does not cover receiving the answer.",
        ),
        "name": Text("請求書に書かれたとおりの字で（髙・﨑なども）", "Exactly as written on the form"),
    }

    def __init__(
        self,
        *args: Any,
        policy: Policy,
        organisations: Sequence[str],
        numbers: Mapping[str, Text],
        on: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy, self.numbers, self.on = policy, numbers, on
        self.intake: Intake | None = None
        for name in self.fields:
            if not isinstance(self.fields[name].widget, forms.CheckboxInput | forms.RadioSelect):
                self.fields[name].widget.attrs.setdefault("autocomplete", "off")
        self.offer(
            "addressed", [(one.code, one.name) for one in policy.organisations if one.code in set(organisations)]
        )
        published = [channel for channel in policy.channels if channel is not Arrival.WEB]
        others = [one for one in (Arrival.COUNTER, Arrival.FAX) if one not in published]  # logged when they come
        self.offer("channel", [(str(one), CHANNEL_WORDS[one]) for one in (*published, *others)])
        self.offer("language_of_reply", [("ja", Text("日本語", "Japanese")), ("en", Text("英語", "English"))])
        agents = {agent for rule in policy.requests.agents.rules for agent in rule.agents}
        offered = [one for one in Requester if one is Requester.PRINCIPAL or one in agents]
        self.offer("requester", [(str(one), REQUESTER_NAMES[one]) for one in offered])
        self.offer("reply_to", [("agent", Text("代理人", "the agent")), ("person", Text("本人", "the person"))])
        self.offer("method", [(str(one), METHOD_WORDS[one]) for one in policy.reply_methods])
        self._offer_numbers()
        self._offer_kinds()

    def _offer_numbers(self) -> None:
        for name, label in self.numbers.items():
            self.fields[f"number_{name}"] = forms.CharField(
                required=False, label=label.say(self.language), widget=forms.TextInput(attrs={"autocomplete": "off"})
            )

    def _offer_kinds(self) -> None:
        say = self.language
        items = [("", "—"), *((item.code, item.name.say(say)) for item in self.policy.items)]
        for kind in self.kinds():
            rule = KINDS[kind]
            self.fields[f"{kind}"] = forms.BooleanField(required=False, label=rule.name.say(say))
            self.fields[f"{kind}_wish"] = forms.CharField(
                required=False, widget=_FREE, label=Text("希望の内容", "What is wished").say(say), max_length=400
            )
            if rule.bases_on(self.on):
                bases = [("", Text("記載なし", "not stated").say(say))]
                bases += [(basis.code, basis.words.say(say)) for basis in rule.bases_on(self.on)]
                self.fields[f"{kind}_basis"] = forms.ChoiceField(
                    required=False, choices=bases, label=Text("理由", "On the basis").say(say)
                )
            if kind not in _AMENDING:
                continue
            self.fields[f"{kind}_evidence"] = forms.CharField(
                required=False, label=Text("事実を示す資料", "Evidence").say(say), max_length=400
            )
            for line in range(VALUES if kind is not RequestKind.DELETION else 0):
                self.fields[f"{kind}_item_{line}"] = forms.ChoiceField(
                    required=False, choices=items, label=Text("項目", "Item").say(say)
                )
                self.fields[f"{kind}_value_{line}"] = forms.CharField(
                    required=False, label=Text("正しい内容", "What is right").say(say), max_length=2000
                )

    def kinds(self) -> list[RequestKind]:
        """What the page publishes, in its order, then what the law owes besides."""
        owed = [rule.kind for rule in kinds_on(self.on)]
        published = [kind for kind in self.policy.request_kinds if kind in owed]
        return [*published, *(kind for kind in owed if kind not in published)]

    def kind_parts(self) -> Iterator[KindPart]:
        """The kinds for the template."""
        for kind in self.kinds():
            rate = self.policy.fee_for(kind)
            yield KindPart(
                kind=kind,
                asks=KINDS[kind].asks,
                tick=self[f"{kind}"],
                basis=self[f"{kind}_basis"] if f"{kind}_basis" in self.fields else None,
                wish=self[f"{kind}_wish"],
                evidence=self[f"{kind}_evidence"] if f"{kind}_evidence" in self.fields else None,
                values=[
                    (self[f"{kind}_item_{line}"], self[f"{kind}_value_{line}"])
                    for line in range(VALUES)
                    if f"{kind}_item_{line}" in self.fields
                ],
                fee=rate.amount if rate else None,
                published=kind in self.policy.request_kinds,
            )

    def number_fields(self) -> list[BoundField]:
        """The numbers by which the register's maps know people."""
        return [self[f"number_{name}"] for name in self.numbers]

    # ── from the fields to an intake, and its problems back ──────────────────────────────────

    def clean(self) -> dict[str, Any]:
        """Build the intake; every problem goes to the field it belongs to."""
        found = super().clean() or {}
        if self.errors:
            return found
        raw, places = self._raw(found)
        try:
            self.intake = validate(Intake, Document(path="", value=raw, places=places))
        except DocumentError as error:
            for problem in error.problems:
                said = f"{problem.message.say(self.language)} {problem.advice.say(self.language)}"
                self.add_error(problem.place.path if problem.place.path in self.fields else None, said)
        return found

    def _raw(self, found: Mapping[str, Any]) -> tuple[dict[str, Any], dict[tuple[str | int, ...], Place]]:
        """The document these fields say, and which field each part of it came from."""
        at = _Places()
        by_agent = found["requester"] != Requester.PRINCIPAL
        person: dict[str, Any] = at.filled(found, _PERSON, ("person",))
        for name in _LINES:
            person[name] = [line.strip() for line in (found.get(name) or "").splitlines() if line.strip()]
            at.note(name, ("person", name))
        person["numbers"] = {
            name: found[f"number_{name}"].strip() for name in self.numbers if found[f"number_{name}"].strip()
        }
        at.note("requester", ("requester",))
        at.note("reply_to", ("reply",))
        at.note("address", ("reply", "address"))
        raw: dict[str, Any] = {
            "addressed": found["addressed"],
            "channel": found["channel"],
            "language": found["language_of_reply"],
            "arrived_on": found["arrived_on"],
            "requester": found["requester"],
            "person": person,
            "reply": {"to": found["reply_to"] if by_agent else "person", "method": found["method"]},
            "envelope": at.filled(found, _ENVELOPE, ("envelope",)),
            "support_measure": found["support_measure"],
            "claims": self._claims(found, at),
        }
        if by_agent:
            raw["agent"] = at.filled(found, _AGENT, ("agent",), prefix="agent_")
        return raw, at.places

    def _claims(self, found: Mapping[str, Any], at: "_Places") -> list[dict[str, Any]]:
        claims: list[dict[str, Any]] = []
        first = self.kinds()[0]
        at.note(str(first), ("claims",))
        for kind in self.kinds():
            if not found[f"{kind}"]:
                continue
            number = len(claims)
            claim: dict[str, Any] = {"kind": str(kind), "basis": found.get(f"{kind}_basis") or ""}
            for name in ("wish", "evidence"):
                if text := (found.get(f"{kind}_{name}") or "").strip():
                    claim[name] = text
                at.note(f"{kind}_{name}", ("claims", number, name))
            claim["values"] = {
                found[f"{kind}_item_{line}"]: found[f"{kind}_value_{line}"].strip()
                for line in range(VALUES)
                if found.get(f"{kind}_item_{line}")
            }
            at.note(str(kind), ("claims", number))
            at.note(str(kind), ("claims", number, "kind"))
            at.note(f"{kind}_basis", ("claims", number, "basis"))
            claims.append(claim)
        return claims


class _Places:
    """Which field every part of the document came from."""

    def __init__(self) -> None:
        self.places: dict[tuple[str | int, ...], Place] = {}

    def note(self, field: str, steps: tuple[str | int, ...]) -> None:
        """The part at ``steps`` is this field's."""
        self.places[steps] = Place(path=field)

    def filled(
        self, found: Mapping[str, Any], names: Sequence[str], steps: tuple[str, ...], *, prefix: str = ""
    ) -> dict[str, Any]:
        """What was filled in of these fields."""
        part = {}
        for name in names:
            value = found.get(f"{prefix}{name}")
            self.note(f"{prefix}{name}", (*steps, name))
            if value not in (None, ""):
                part[name] = value.strip() if isinstance(value, str) else value
        return part


class FileForm(WordedForm):
    """The same from a file: one intake document in YAML or JSON."""

    document = forms.FileField()
    again = forms.BooleanField(required=False)

    WORDS = {
        "document": Text("請求の文書（YAML・JSON）", "Intake document (YAML or JSON)"),
        "again": OpeningForm.WORDS["again"],
    }

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, language=language, **kwargs)
        self.fields["document"].widget.attrs["accept"] = ".yaml,.yml,.json"
