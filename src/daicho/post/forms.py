"""The forms of the post room."""

from collections.abc import Mapping
from typing import Any

from django import forms

from daicho.people.doors import Door
from daicho.post.actions.envelopes import MAX_COUNT, MAX_NOTE, EnvelopeIntake
from daicho.post.papers import KIND_WORDS, OF_WORDS, sorts_of
from daicho.post.rules import CHANNEL_WORDS, CONTENT_WORDS, PAPER_WORDS, Channel, Content, PaperEnd
from daicho.rights.rules import DocumentKind, Of
from daicho.words.personal import Personal
from daicho.words.text import Text


class EnvelopeForm(forms.Form):
    """登録: one envelope as it lies on the table."""

    channel = forms.ChoiceField(choices=())
    arrived_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    organisation = forms.ChoiceField(choices=())
    post_room = forms.CharField(max_length=80)
    delivery_number = forms.CharField(max_length=40, required=False)
    opened_by = forms.CharField(max_length=80, required=False)
    place = forms.CharField(max_length=120, required=False)
    note = forms.CharField(max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, door: Door, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = door.say
        self.fields["channel"].choices = [(one, say(words)) for one, words in CHANNEL_WORDS.items()]  # type: ignore[attr-defined]
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["arrived_on"].widget.attrs["max"] = door.today.isoformat()
        for name, words in _LABELS.items():
            self.fields[name].label = say(words)
        for name, words in _HELP.items():
            self.fields[name].help_text = say(words)
        self.fields.update(_count_fields(door))

    def counts(self) -> list[Any]:
        """The counted contents, as bound fields."""
        return [self[f"count_{what}"] for what in Content]

    def intake(self) -> EnvelopeIntake:
        """What was entered, of a valid form."""
        given = self.cleaned_data
        return EnvelopeIntake(
            organisation=given["organisation"],
            channel=Channel(given["channel"]),
            post_room=given["post_room"],
            arrived_on=given["arrived_on"],
            delivery_number=given["delivery_number"],
            opened_by=given["opened_by"],
            place=given["place"],
            counted=_counted(given),
            note=Personal(given["note"], "note") if given["note"] else None,
        )


def _count_fields(door: Door) -> dict[str, forms.IntegerField]:
    """One number for each sort of contents."""
    return {
        f"count_{what}": forms.IntegerField(
            label=door.say(CONTENT_WORDS[what]),
            min_value=0,
            max_value=MAX_COUNT,
            required=False,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        for what in Content
    }


def _counted(given: Mapping[str, Any]) -> dict[Content, int]:
    return {what: given.get(f"count_{what}") or 0 for what in Content}


class OpeningForm(forms.Form):
    """開封: who opened it, and what lay in it."""

    opened_by = forms.CharField(max_length=80)

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opened_by"].label = door.say(_LABELS["opened_by"])
        self.fields.update(_count_fields(door))

    def counted(self) -> dict[Content, int]:
        """How many of what, of a valid form."""
        return _counted(self.cleaned_data)


_LABELS = {
    "channel": Text("届き方", "How it came"),
    "arrived_on": Text("到着日", "Arrived on"),
    "organisation": Text("宛先の会社", "Addressed to"),
    "post_room": Text("受け取った郵便室・受付", "Post room that took it in"),
    "delivery_number": Text("引受番号", "Delivery number"),
    "opened_by": Text("開封した人", "Opened by"),
    "place": Text("保管場所", "Kept in"),
    "note": Text("差出人・覚え", "Sender, notes"),
}
_HELP = {
    "arrived_on": Text(
        "社内のどの郵便室でも、最初に届いた日です。", "The first day it reached any post room of the company."
    ),
    "opened_by": Text(
        "開けてから登録するとき。あとで封筒の画面でも記録できます。",
        "If it is open already; else record it on the envelope's page later.",
    ),
    "delivery_number": Text("書留・特定記録などの番号。", "Of registered or recorded mail."),
    "note": Text("暗号化して保存し、窓口の人だけが見ます。", "Kept encrypted; only the desk sees it."),
    "place": Text("例：3階 施錠キャビネットA", "For example: 3rd floor, locked cabinet A"),
}


class ScanForm(forms.Form):
    """What is being uploaded; the files themselves are read by the view."""

    what = forms.ChoiceField(choices=())
    of = forms.ChoiceField(choices=(), required=False)

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = door.say
        choices: list[Any] = [("form:", say(KIND_WORDS[DocumentKind.FORM]))]
        choices += [
            (say(KIND_WORDS[kind]), [(f"{kind}:{sort}", say(name)) for sort, name in sorts_of(kind).items()])
            for kind in (DocumentKind.ID_COPY, DocumentKind.AUTHORITY)
        ]
        choices += [(f"{kind}:", say(KIND_WORDS[kind])) for kind in (DocumentKind.EVIDENCE, DocumentKind.OTHER)]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]
        self.fields["what"].label = say(Text("書類の種類", "Sort of paper"))
        self.fields["of"].choices = [(one, say(words)) for one, words in OF_WORDS.items()]  # type: ignore[attr-defined]
        self.fields["of"].label = say(Text("だれの書類か", "Whose paper"))

    def kind(self) -> tuple[DocumentKind, str, Of]:
        """(kind, sort, whose) of a valid form."""
        kind, _, sort = self.cleaned_data["what"].partition(":")
        return DocumentKind(kind), sort, Of(self.cleaned_data["of"] or Of.PERSON)


class PaperEndForm(forms.Form):
    """The paper left our hands."""

    how = forms.ChoiceField(choices=())
    on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(one, door.say(words)) for one, words in PAPER_WORDS.items()]  # type: ignore[attr-defined]
        self.fields["how"].label = door.say(Text("紙をどうしたか", "What became of the paper"))
        self.fields["on"].label = door.say(Text("日付", "Day"))

    def ending(self) -> PaperEnd:
        """How it ended, of a valid form."""
        return PaperEnd(self.cleaned_data["how"])


class RecordForm(forms.Form):
    """The scanned paper becomes one of its request's papers."""

    accepted = forms.BooleanField(required=False, initial=True)
    issued_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    place = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepted"].label = door.say(Text("有効な書類として認める", "It is accepted"))
        self.fields["issued_on"].label = door.say(Text("発行日（書かれていれば）", "Day of issue, if it bears one"))
        self.fields["place"].label = door.say(Text("紙の保管場所", "Where the paper is kept"))
