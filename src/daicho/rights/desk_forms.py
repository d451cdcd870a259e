"""What the desk fills in on the pages of a case: papers, money, the check, notices, and who works on it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from daicho.law.kinds import Requester
from daicho.policy.language import Instrument, Policy
from daicho.rights.checklist import HOW_WORDS, MASKED_WORDS, choices, comparisons
from daicho.rights.rules import MaskedBy
from daicho.rights.worded import Day, WordedForm
from daicho.words.text import Text

INSTRUMENT_WORDS: Final = {
    Instrument.POSTAL_MONEY_ORDER: Text("定額小為替", "postal money order"),
    Instrument.STAMPS: Text("切手", "stamps"),
    Instrument.BANK_TRANSFER: Text("銀行振込", "bank transfer"),
    Instrument.CASH: Text("現金", "cash"),
}
NOTICE_WORDS: Final = {
    "receipt": Text("受付のお知らせ", "Acknowledgement of receipt"),
    "missing": Text("補正のお願い", "Request to make good what is missing"),
    "delay": Text("遅延のお知らせ", "Delay notice"),
    "return": Text("書類の返戻", "Return of the documents"),
}


class DocumentForm(WordedForm):
    """One paper that came."""

    paper = forms.ChoiceField()
    masked = forms.ChoiceField()
    issued_on = Day(required=False)
    place = forms.CharField(max_length=120, required=False)
    rejected = forms.BooleanField(required=False)

    WORDS = {
        "paper": Text("書類", "Paper"),
        "masked": Text("黒塗り", "Blacked out"),
        "issued_on": Text("発行日", "Issued on"),
        "place": Text("保管場所", "Where it lies"),
        "rejected": Text("届いたが、有効なものとして数えない", "It came, but does not count"),
    }
    HELP = {
        "place": Text("キャビネットや綴りの名前（中身は書かない）", "Cabinet or folder; never what it says"),
        "issued_on": Text("期限のある証明書では必須", "Needed where the policy limits its age"),
    }

    def __init__(self, *args: Any, policy: Policy, requester: Requester, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("paper", [(one.value, one.name) for one in choices(policy, requester, on=on)])
        self.offer(
            "masked", [(str(code), text) for code, text in MASKED_WORDS.items() if code is not MaskedBy.UNCHECKED]
        )


class DisposeForm(WordedForm):
    """What became of a paper."""

    how = forms.ChoiceField()
    on = Day()

    WORDS = {"how": Text("処分", "What became of it"), "on": Text("日", "On")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("how", HOW_WORDS.items())


class MoneyForm(WordedForm):
    """One money order that came."""

    face_value = forms.IntegerField(min_value=1, max_value=10_000_000)
    instrument = forms.ChoiceField()
    number = forms.CharField(max_length=40, required=False)
    issued_on = Day(required=False)

    WORDS = {
        "face_value": Text("額面（円）", "Face value (yen)"),
        "instrument": Text("種類", "Instrument"),
        "number": Text("記番号", "Number on it"),
        "issued_on": Text("発行日", "Issued on"),
    }
    HELP = {"issued_on": Text("発行から6か月で使えなくなります", "It expires six months after its issue")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("instrument", [(str(code), text) for code, text in INSTRUMENT_WORDS.items()])


class IdentityForm(WordedForm):
    """Everything a human compared; each tick is needed."""

    def __init__(self, *args: Any, requester: Requester, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, text in comparisons(requester).items():
            self.fields[code] = forms.BooleanField(label=text.say(self.language))

    def compared(self) -> Sequence[str]:
        """The codes of what was compared."""
        return list(self.fields)


class NoticeForm(WordedForm):
    """A letter on the way."""

    notice = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    expected_on = Day(required=False)

    WORDS = {
        "notice": Text("通知", "Notice"),
        "reason": Text("遅延の理由（そのまま手紙に印字）", "Reason of the delay, printed as written"),
        "expected_on": Text("回答の予定日", "Day of the expected answer"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("notice", NOTICE_WORDS.items())

    def clean(self) -> dict[str, Any]:
        """A delay says why and until when."""
        found = super().clean() or {}
        if found.get("notice") == "delay":
            if not (found.get("reason") or "").strip():
                self.add_error("reason", Text("理由を書いてください。", "Write the reason.").say(self.language))
            if not found.get("expected_on"):
                self.add_error("expected_on", Text("予定日を書いてください。", "Write the day.").say(self.language))
        return found


class AssignForm(WordedForm):
    """Who works on it."""

    account = forms.ChoiceField()

    WORDS = {"account": Text("担当", "Assigned to")}

    def __init__(self, *args: Any, accounts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = None if self.initial.get("account") else Text("まだ決まっていない", "nobody yet")
        self.offer("account", [(code, Text(name, name)) for code, name in accounts], none=nobody)
