"""途中の通知: receipt, what is missing, delay, and the return of what was never made good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction

from daicho.law.kinds import RequestKind
from daicho.letters.letter import Letter
from daicho.letters.press import render
from daicho.rights.actions.answering import Answered, close_if_done
from daicho.rights.actions.issuing import OutFile, issue
from daicho.rights.actions.receiving import take_numbers
from daicho.rights.case import Case
from daicho.rights.dossier import case_of, in_hand, money_in_hand
from daicho.rights.models import SubjectRequest
from daicho.rights.notices import defect_letter, delay_letter, receipt_letter, return_letter
from daicho.rights.reading import lacks, lock_request, policy_of
from daicho.rights.rules import CLAIM_ENDS, REQUEST_ENDS, ClaimState, Missing, RequestState, is_charged, move_claim
from daicho.trail.acts import Acts
from daicho.words.errors import InputError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

_UNNUMBERED: Final = "（下書き DRAFT）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """What a delay notice says: why, in the person's language, and by when the answer is expected."""

    reason: str
    expected_on: date


def notify(
    number: str, notice: str, *, delay: Delay | None = None, scope: Scope, at: datetime, folder: Path
) -> Answered:
    """A letter on the way: ``receipt``, ``missing`` (with the day to cure it), ``delay``, or ``return``.

    ``return`` ends a request whose fee or papers were not made good by the day given, and says that
    everything, the money order included, goes back.

    Raises:
        NotAllowedError: it does not fit where the request stands.
        InputError: a delay without a reason, or with a day that has passed.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_open(request)
        acts = Acts(actor=scope.actor, at=at)
        case = case_of(request, scope=scope, at=at)
        (letter_no,) = take_numbers("L", 1, at=at)
        letter = _notice_letter(request, case, notice, letter_no, delay=delay, at=at, acts=acts)
        issued = issue(request, letter, folder=folder, at=at, acts=acts)
        acts.write()
    return Answered(
        number=number,
        state=RequestState(request.state),
        files=[issued.file],
        letters=[issued.number],
        warnings=issued.warnings,
        waiting={},
    )


def preview_notice(number: str, notice: str, *, delay: Delay | None = None, scope: Scope, at: datetime) -> OutFile:
    """The letter as it would be printed now; nothing is issued, numbered or written down.

    Raises:
        NotAllowedError, InputError: as `notify`.
    """
    with transaction.atomic():
        request = lock_request(number, scope=scope)
        _require_open(request)
        acts = Acts(actor=scope.actor, at=at)
        case = case_of(request, scope=scope, at=at)
        letter = _notice_letter(request, case, notice, _UNNUMBERED, delay=delay, at=at, acts=acts)
        transaction.set_rollback(True)  # what issuing it would write
    return OutFile(name=f"{number}-{notice}-preview.pdf", content=render(letter).pdf)


def _require_open(request: SubjectRequest) -> None:
    if request.state in REQUEST_ENDS:
        raise NotAllowedError(
            Text("この請求は終わっています。", "This request has ended."),
            advice=Text(
                "発行済みの文書は、その請求の「回答」から取り出せます。",
                "Letters already issued are handed out under “Answer” of the request.",
            ),
        )


def _notice_letter(
    request: SubjectRequest,
    case: Case,
    notice: str,
    letter_no: str,
    *,
    delay: Delay | None,
    at: datetime,
    acts: Acts,
) -> Letter:
    missing, _, _ = lacks(request, policy_of(request), on=at.date())
    match notice:
        case "receipt":
            return receipt_letter(case, letter_no, received=in_hand(request), aim_on=request.target_on)
        case "delay":
            return _delay(request, case, letter_no, delay)
        case "missing" if missing and request.cure_on is not None:
            if not _was_asked(request):  # the days run from the letter, not from our looking
                request.cure_on = max(request.cure_on, at.date() + timedelta(days=case.policy.cure_days))
                request.save(update_fields=["cure_on"])
            return defect_letter(case, letter_no, missing, cure_by=request.cure_on)
        case "missing":
            raise NotAllowedError(
                Text("不足しているものはありません。", "Nothing is missing."),
                advice=Text("先に書類を点検してください。", "Have the papers checked first."),
            )
        case _:
            return _return(request, case, letter_no, missing, at=at, acts=acts)


def _delay(request: SubjectRequest, case: Case, letter_no: str, delay: Delay | None) -> Letter:
    """A day that a letter names is a day of ours: it runs as a clock until the request ends."""
    if delay is None or not delay.reason.strip():
        raise InputError(
            Text("遅延の理由がありません。", "The reason of the delay is missing."),
            advice=Text(
                "遅延の理由と、回答の予定日を示してください。",
                "Give the reason, and the day on which the answer is expected.",
            ),
        )
    if delay.expected_on <= case.dated_on:
        raise InputError(
            Text("回答の予定日が過ぎています。", "The day of the expected answer has passed."),
            advice=Text("明日以降の日を指定してください。", "Name a day after today."),
        )
    request.promised_on = delay.expected_on
    request.save(update_fields=["promised_on"])
    return delay_letter(case, letter_no, reason=delay.reason.strip(), expected_on=delay.expected_on)


def _was_asked(request: SubjectRequest) -> bool:
    return request.letters.filter(kind="defect").exists()


def _return(
    request: SubjectRequest, case: Case, letter_no: str, missing: Sequence[Missing], *, at: datetime, acts: Acts
) -> Letter:
    if not _was_asked(request):
        raise NotAllowedError(
            Text("補正のお願いをまだ出していません。", "The person was never asked to make it good."),
            advice=Text("先に補正のお願いを出してください。", "Send the request to make good first."),
        )
    if request.cure_on is None or at.date() <= request.cure_on:
        raise NotAllowedError(
            Text("補正の期限が過ぎていません。", "The day to cure it has not passed."),
            advice=Text(
                f"期限（{request.cure_on}）の翌日以降に返戻してください。"
                if request.cure_on
                else "先に補正を求めてください。",
                f"Return it after {request.cure_on}." if request.cure_on else "Ask for what is missing first.",
            ),
        )
    if not missing:
        raise NotAllowedError(
            Text("不足しているものはありません。", "Nothing is missing."),
            advice=Text(
                "書類を点検して、本人確認に進んでください。", "Have the papers checked, and go on with the identity."
            ),
        )
    if all(one.only_charged for one in missing):
        return _return_charged(request, case, letter_no, missing, at=at, acts=acts)
    returned = in_hand(request)
    request.claims.exclude(state__in=CLAIM_ENDS).update(state=ClaimState.RETURNED)
    request.fees.filter(returned_on=None, cashed_on=None).update(returned_on=at.date())
    request.documents.filter(disposed_on=None).update(disposed_on=at.date(), disposed_how="returned")
    acts.add("request.returned", organisation=request.organisation, request=request.number)
    close_if_done(request, at=at, acts=acts)
    return return_letter(case, letter_no, reason=_never_came(missing), returned=returned)


def _return_charged(
    request: SubjectRequest, case: Case, letter_no: str, missing: Sequence[Missing], *, at: datetime, acts: Acts
) -> Letter:
    """Beside a free claim only what is charged for ends, and only the money goes back with it."""
    policy = policy_of(request)
    for claim in request.claims.filter(state__in=[ClaimState.SEARCHING, ClaimState.ASSESSING]):
        if is_charged(policy, RequestKind(claim.kind)):
            move_claim(ClaimState(claim.state), ClaimState.RETURNED)
            claim.state = ClaimState.RETURNED
            claim.save(update_fields=["state"])
    orders = request.fees.filter(returned_on=None, cashed_on=None)
    returned = money_in_hand(request)
    orders.update(returned_on=at.date())
    request.cure_on = None
    request.save(update_fields=["cure_on"])
    acts.add("request.returned", organisation=request.organisation, request=request.number)
    close_if_done(request, at=at, acts=acts)
    return return_letter(case, letter_no, reason=_never_came(missing), returned=returned)


def _never_came(missing: Sequence[Missing]) -> Text:
    what = "、".join(one.what.ja for one in missing), ", ".join(one.what.en for one in missing)
    return Text(
        f"お願いした期限までに、次のものをお送りいただけませんでした：{what[0]}",
        f"The following did not reach us by the day we asked for: {what[1]}",
    )
