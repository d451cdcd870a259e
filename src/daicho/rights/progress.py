"""Where a request stands on its way, in the steps that the desk takes: facts in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.rights.queries import RequestView
from daicho.rights.rules import CLAIM_ENDS, REQUEST_ENDS, ClaimState, MaskedBy, RequestState
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way; at most one is the current one."""

    name: Text
    done: bool = False
    current: bool = False


_NAMES: Final = (
    Text("受付", "Received"),
    Text("書類と手数料", "Papers and fee"),
    Text("本人確認", "Identity"),
    Text("検索と照合", "Search"),
    Text("決定", "Decision"),
    Text("実施", "Carrying out"),
    Text("回答", "Answer"),
    Text("発送", "Sent"),
)
#: Days before the target on which a delay is better told than kept.
NEAR: Final = 3

_UNVERIFIED: Final = frozenset(
    {RequestState.RECEIVED, RequestState.CHECKING, RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE}
)


def steps_of(case: RequestView, *, letters: str = "") -> Sequence[Step]:
    """The steps of a request, done as far as its slowest claim; ``letters`` as for `next_step`."""
    if case.state in REQUEST_ENDS - {RequestState.CLOSED}:
        return ()
    here = _here(case, letters)
    return [Step(name=name, done=place < here, current=place == here) for place, name in enumerate(_NAMES)]


def _here(case: RequestView, letters: str) -> int:
    if case.state is RequestState.CLOSED:
        return len(_NAMES) - 1 if letters else len(_NAMES)
    if case.state is RequestState.RECEIVED:
        return 1
    if case.state in _UNVERIFIED:
        return 1 if case.missing else 2
    return min((_step_of(claim.state) for claim in case.claims if claim.state not in CLAIM_ENDS), default=len(_NAMES))


def _step_of(state: ClaimState) -> int:
    match state:
        case ClaimState.NOTED | ClaimState.SEARCHING:
            return 3
        case ClaimState.ASSESSING:
            return 4
        case ClaimState.APPROVED | ClaimState.PARTLY | ClaimState.CARRYING_OUT:
            return 5
        case _:
            return 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do now, why, and on which page; ``anchor`` is the part of that page."""

    what: Text
    why: Text
    route: str = ""
    anchor: str = ""


def next_step(
    case: RequestView, *, acknowledged: bool, on: date, undecided: int = 0, again: bool = False, letters: str = ""
) -> Next | None:
    """The one thing that moves the request on; None when it has ended and nothing is left to do.

    ``undecided``: candidates that no human judged; ``again``: one was judged since the search. ``letters``: what the
    letters issued wait for, as `daicho.rights.sights.letters_waiting` says it: a letter that lies here tells nobody.
    """
    if case.state in REQUEST_ENDS:
        return _on_its_way(case, letters) or _after(case, on)
    if letters in _LETTERS:
        return _on_its_way(case, letters)
    if case.state in _UNVERIFIED:
        return _before_identity(case, acknowledged=acknowledged, on=on)
    return _for_claims(case, undecided=undecided, again=again)


def delay_to_tell(case: RequestView, *, on: date) -> Next | None:
    """遅延のお知らせ: proposed when the target is near or past, and no day that still holds was promised.

    Not while the request waits for the person: the day to cure it is told already.
    """
    waits = case.state in REQUEST_ENDS or case.state in {RequestState.AWAITING_DOCUMENTS, RequestState.AWAITING_FEE}
    due = case.promised_on or case.target_on
    left = (due - on).days
    if waits or left > NEAR:
        return None
    if case.promised_on is not None:
        why = Text(
            f"約束した日（{due}）を{'過ぎています' if left < 0 else '迎えます'}。",
            f"The day promised ({due}) {'has passed' if left < 0 else 'is near'}.",
        )
    else:
        why = Text(
            f"回答の目標（{due}）を過ぎています。" if left < 0 else f"回答の目標（{due}）まで {left} 日です。",
            f"The target ({due}) has passed." if left < 0 else f"{left} day(s) to the target ({due}).",
        )
    return Next(what=Text("遅延を知らせる", "Tell of the delay"), why=why, route="rights:papers", anchor="notices")


#: The letter exists, and is not with the person yet.
_LETTERS: Final = {
    "enclose": (
        Text("書面を印刷し、封入する", "Print the letters, and put them in their envelopes"),
        Text("発行した書面がまだ封入されていません。", "A letter was issued and is not in its envelope yet."),
    ),
    "check": (
        Text("封筒を照合する", "Check the envelope"),
        Text("封入した人と別の人が照合します。", "Somebody other than who filled it checks it."),
    ),
    "send": (
        Text("発送する", "Send it"),
        Text("照合の済んだ封筒があります。", "An envelope is checked and ready."),
    ),
    "returned": (
        Text("返送された封筒を確かめる", "See to the envelope that came back"),
        Text("本人に届いていません。", "It did not reach the person."),
    ),
}


def _on_its_way(case: RequestView, letters: str) -> Next | None:
    if letters not in _LETTERS:
        return None
    what, why = _LETTERS[letters]
    if letters == "enclose" and case.method == "electronic":
        what = Text("回答を渡す", "Hand the answer over")
        why = Text("ダウンロードのリンクを本人に送ります。", "The link to download it by is mailed to the person.")
    return Next(what=what, why=why, route="rights:answer", anchor="letters")


def _after(case: RequestView, on: date) -> Next | None:
    due = [one for one in case.documents if not one["disposed_on"] and one["dispose_on"] and one["dispose_on"] <= on]
    if not due:
        return None
    return Next(
        what=Text("本人確認書類の写しを廃棄する", "Destroy the copies of identity papers"),
        why=Text(f"保管の期限を過ぎた写しが {len(due)} 点あります。", f"{len(due)} copy(ies) are past their day."),
        route="rights:papers",
        anchor="documents",
    )


def _before_identity(case: RequestView, *, acknowledged: bool, on: date) -> Next:
    if not case.documents:
        return Next(
            what=Text("届いた書類を記録する", "Record the papers that came"),
            why=Text(
                "封筒の中身を、公表した書類の一覧と照らし合わせます。", "Compare the envelope with the published list."
            ),
            route="rights:papers",
            anchor="documents",
        )
    if case.missing:
        asked = any(letter["kind"] == "defect" for letter in case.letters)
        what = "、".join(one.ja for one in case.missing), ", ".join(one.en for one in case.missing)
        if not asked:
            return Next(
                what=Text("不足を確かめて、補正をお願いする", "Check what is missing, and ask for it"),
                why=Text(f"足りないもの：{what[0]}", f"Missing: {what[1]}"),
                route="rights:papers",
                anchor="check",
            )
        late = case.cure_on is not None and on > case.cure_on
        return Next(
            what=Text("返戻する", "Return the documents") if late else Text("補正を待つ", "Wait for the person"),
            why=Text(f"お願い済み：{what[0]}", f"Asked for: {what[1]}"),
            route="rights:papers",
            anchor="notices",
        )
    if any(one["masked"] == MaskedBy.UNCHECKED and not one["disposed_on"] for one in case.documents):
        return Next(
            what=Text("写しの黒塗りを確かめる", "Check what is black on the uploads"),
            why=Text("本人確認はそのあとです。", "The identity is verified after that."),
            route="rights:papers",
            anchor="check",
        )
    if not acknowledged and case.state is RequestState.RECEIVED:
        return Next(
            what=Text("受付の通知を送り、本人確認をする", "Acknowledge it, and check the identity"),
            why=Text("書類と手数料がそろいました。", "Papers and fee are complete."),
            route="rights:papers",
            anchor="check",
        )
    return Next(
        what=Text("本人確認をする", "Check the identity"),
        why=Text("書類と手数料がそろいました。", "Papers and fee are complete."),
        route="rights:papers",
        anchor="check",
    )


def _for_claims(case: RequestView, *, undecided: int, again: bool) -> Next:
    states = {claim.state for claim in case.claims}
    slips = sum(1 for slip in case.slips if not slip.answer)
    if states & {ClaimState.NOTED, ClaimState.SEARCHING}:
        return Next(
            what=Text("保管先を検索する", "Search the stores"),
            why=Text("本人確認が済みました。", "The identity is verified."),
            route="rights:search",
        )
    if ClaimState.ASSESSING in states:
        if undecided or again or slips:
            return _to_settle(undecided=undecided, again=again, slips=slips)
        return Next(
            what=Text("決定する", "Decide"),
            why=Text("受け付けた人と別の人が決定します。", "Somebody other than who registered it decides."),
            route="rights:decide",
        )
    if states & {ClaimState.APPROVED, ClaimState.PARTLY, ClaimState.CARRYING_OUT}:
        return Next(
            what=Text("実施する", "Carry it out"),
            why=Text("決定が済みました。", "It is decided."),
            route="rights:decide",
        )
    done = ClaimState.READING_BACK in states
    return Next(
        what=Text("回答する", "Answer"),
        why=Text("実施と確認が済みました。", "It is carried out and read back.")
        if done
        else Text("決定を理由とともに文書で知らせます。", "The decision and its ground are told in a letter."),
        route="rights:answer",
    )


def _to_settle(*, undecided: int, again: bool, slips: int) -> Next:
    """What the search left open: nothing is decided before."""
    if undecided:
        return Next(
            what=Text("見つかった記録が本人のものか確かめる", "Judge whether the rows found are the person's"),
            why=Text(f"未判断の候補が {undecided} 件あります。", f"Candidates not judged yet: {undecided}."),
            route="rights:search",
            anchor="candidates",
        )
    if again:
        return Next(
            what=Text("もう一度検索する", "Search again"),
            why=Text("候補の判断が検索に反映されます。", "The search takes in how the candidates were judged."),
            route="rights:search",
        )
    return Next(
        what=Text("検索依頼票の回答を記録する", "Record the answers to the search slips"),
        why=Text(f"未回答の票が {slips} 枚あります。", f"Slips without an answer: {slips}."),
        route="rights:search",
        anchor="slips",
    )
