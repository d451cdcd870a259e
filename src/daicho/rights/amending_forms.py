"""The forms by which a request is put right: the fields of registration, filled in with what stands there."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from daicho.law.kinds import KINDS, RequestKind
from daicho.rights.actions.amending import MAX_NOTE, Amendment
from daicho.rights.amendments import NOTE_WORDS
from daicho.rights.intake import Agent, ClaimIntake, Facts, Person
from daicho.rights.opening_form import OpeningForm
from daicho.rights.worded import Day, WordedForm
from daicho.words.documents import Document, validate
from daicho.words.errors import DocumentError, Place
from daicho.words.text import Text

_LINES: Final = ("former_names", "former_addresses", "phones", "emails")
_PERSON: Final = (
    "name",
    "kana",
    "former_names",
    "birth_date",
    "postal_code",
    "address",
    "former_addresses",
    "phones",
    "emails",
    "relation",
    "period",
)
_AGENT: Final = ("name", "kana", "postal_code", "address", "phone")
#: What the trail says was changed, in the words of the form.
PART_WORDS: Final[Mapping[str, Text]] = {
    **{f"person.{name}": OpeningForm.WORDS[name] for name in _PERSON},
    **{f"agent.{name}": OpeningForm.WORDS[f"agent_{name}"] for name in _AGENT},
    "person.numbers": Text("番号", "Numbers"),
    "arrived_on": OpeningForm.WORDS["arrived_on"],
}
#: What a support measure (支援措置) keeps from the page; left empty it stays as it is.
_WHERE: Final = ("postal_code", "address", "former_addresses", "phones", "emails")
_ROWS: Final = forms.Textarea(attrs={"rows": 2})
_STAYS: Final = Text(
    "支援措置のため表示しません。空欄のままなら変わりません。",
    "Not shown: support measure. Left empty it stays as it is.",
)


class AmendForm(WordedForm):
    """What the form says. ``amendment`` after `is_valid`."""

    state = forms.CharField(widget=forms.HiddenInput)
    arrived_on = Day()

    WORDS = OpeningForm.WORDS

    def __init__(self, *args: Any, facts: Facts, hidden: bool, arrived_on: Any, state: str, **kwargs: Any) -> None:
        self.facts, self.hidden = facts, hidden
        self.amendment: Amendment | None = None
        super().__init__(*args, **kwargs)
        self.fields["arrived_on"].initial, self.fields["state"].initial = arrived_on, state
        for name in _PERSON:
            self._add(name, name, getattr(facts.person, name))
        if facts.agent is not None:
            for name in _AGENT:
                self._add(f"agent_{name}", name, getattr(facts.agent, name))

    def _add(self, field: str, name: str, value: Any) -> None:
        hides = self.hidden and field in _WHERE
        one = forms.CharField(
            required=name in {"name", "address"} and not hides, widget=_ROWS if name in _LINES else forms.TextInput
        )
        one.label = self.WORDS[field].say(self.language)
        if hides:
            one.help_text = _STAYS.say(self.language)
        elif name in _LINES:
            one.initial = "\n".join(value)
        else:
            one.initial = "" if value is None else str(value)
        self.fields[field] = one

    def clean(self) -> dict[str, Any]:
        """Build the amendment; what is wrong goes to its field."""
        found = super().clean() or {}
        if self.errors:
            return found
        person = self._part(found, self.facts.person.model_dump(mode="json"), _PERSON, prefix="")
        read = self._read(Person, person, prefix="")
        agent = None
        if self.facts.agent is not None:
            agent = self._read(
                Agent, self._part(found, self.facts.agent.model_dump(mode="json"), _AGENT, prefix="agent_"), "agent_"
            )
        if not self.errors:
            self.amendment = Amendment(person=read, agent=agent, arrived_on=found["arrived_on"], state=found["state"])
        return found

    def _part(
        self, found: Mapping[str, Any], now: dict[str, Any], names: Sequence[str], *, prefix: str
    ) -> dict[str, Any]:
        for name in names:
            value = (found.get(f"{prefix}{name}") or "").strip()
            if not value and self.hidden and f"{prefix}{name}" in _WHERE:
                continue
            if name in _LINES:
                now[name] = [line.strip() for line in value.splitlines() if line.strip()]
            else:
                now[name] = value or None
        return now

    def _read(self, shape: Any, raw: dict[str, Any], prefix: str) -> Any:
        places: dict[tuple[str | int, ...], Place] = {(name,): Place(path=f"{prefix}{name}") for name in raw}
        try:
            return validate(shape, Document(path="", value=raw, places=places))
        except DocumentError as error:
            for problem in error.problems:
                said = f"{problem.message.say(self.language)} {problem.advice.say(self.language)}"
                self.add_error(problem.place.path if problem.place.path in self.fields else None, said)
        return None


class NoteForm(WordedForm):
    """対応の記録."""

    kind = forms.ChoiceField()
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_NOTE)

    WORDS = {"kind": Text("種類", "Kind"), "text": Text("内容", "What was said or is to be kept in mind")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", NOTE_WORDS.items())


class AddClaimForm(WordedForm):
    """A kind that was left off. ``claim`` after `is_valid`."""

    kind = forms.ChoiceField()
    basis = forms.ChoiceField(required=False)
    wish = forms.CharField(required=False, widget=_ROWS)
    item = forms.ChoiceField(required=False)
    value = forms.CharField(required=False)

    WORDS = {
        "kind": Text("請求の種別", "Kind"),
        "basis": Text("請求の理由", "Basis"),
        "wish": Text("希望の内容", "Wish"),
        "item": Text("訂正・追加する項目", "Item to put right"),
        "value": Text("正しい内容", "Its right value"),
    }

    def __init__(
        self, *args: Any, kinds: Sequence[RequestKind], items: Sequence[tuple[str, Text]], **kwargs: Any
    ) -> None:
        self.claim: ClaimIntake | None = None
        super().__init__(*args, **kwargs)
        none = Text("なし", "none")
        self.offer("kind", [(str(kind), KINDS[kind].name) for kind in kinds])
        bases = {basis.code: basis.words for kind in kinds for basis in KINDS[kind].bases}
        self.offer("basis", bases.items(), none=none)
        self.offer("item", items, none=none)

    def clean(self) -> dict[str, Any]:
        """Build the claim; what is wrong goes to its field."""
        found = super().clean() or {}
        if self.errors:
            return found
        raw: dict[str, Any] = {"kind": found["kind"], "basis": found["basis"]}
        if found["wish"].strip():
            raw["wish"] = found["wish"].strip()
        if found["item"]:
            raw["values"] = {found["item"]: found["value"].strip()}
        places: dict[tuple[str | int, ...], Place] = {(name,): Place(path=name) for name in ("kind", "basis", "wish")}
        places[("values",)] = Place(path="value")
        try:
            self.claim = validate(ClaimIntake, Document(path="", value=raw, places=places))
        except DocumentError as error:
            for problem in error.problems:
                said = f"{problem.message.say(self.language)} {problem.advice.say(self.language)}"
                self.add_error(problem.place.path if problem.place.path in self.fields else None, said)
        return found
