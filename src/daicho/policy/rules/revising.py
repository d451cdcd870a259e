"""Whether a file may become a draft, and a draft a revision. Facts in, refusal out."""

from dataclasses import dataclass
from datetime import date

from daicho.words.errors import InputError, NotAllowedError
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest published revision."""

    number: int
    digest: str
    effective_from: date


def require_new_content(*, digest: str, head: Head | None) -> None:
    """Refuse a file that says what is already published.

    Raises:
        InputError: nothing changed.
    """
    if head is not None and head.digest == digest:
        raise InputError(
            Text(
                f"公表中の第{head.number}版と同じ内容です。何も変わりませんでした。",
                f"It says the same as revision {head.number}. Nothing was changed.",
            ),
            advice=Text("変更してから、もう一度適用してください。", "Change the file before you apply it again."),
        )


def require_base(*, base: int | None, head: Head | None) -> None:
    """Refuse a file that was not written from the head: somebody else's revision would be lost.

    Raises:
        NotAllowedError: the base is not the head, or is not stated although there is a head.
    """
    current = None if head is None else head.number
    if base == current:
        return
    said_ja = "書かれていません" if base is None else f"第{base}版です"
    said_en = "not stated" if base is None else f"revision {base}"
    if current is None:
        raise NotAllowedError(
            Text(
                f"元にした版が{said_ja}が、公表済みの版はまだありません。",
                f"Its base is {said_en}, but nothing is published yet.",
            ),
            advice=Text("base を消してください。", "Remove base."),
        )
    raise NotAllowedError(
        Text(
            f"公表中の最新は第{current}版ですが、元にした版が{said_ja}。",
            f"The newest revision is {current}, but the file's base is {said_en}.",
        ),
        advice=Text(
            f"第{current}版との違いを確かめて取り込み、base: {current} と書いてください。",
            f"Compare it with revision {current}, take over what differs, and write base: {current}.",
        ),
    )


def require_effective_day(*, effective_from: date, today: date, head: Head | None) -> None:
    """Refuse a day that would change the policy of days gone by.

    The first revision may begin in the past: the policy was published before Daicho came.

    Raises:
        InputError: the day is not after the head's, or is past.
    """
    if head is None:
        return
    if effective_from <= head.effective_from:
        raise InputError(
            Text(
                f"施行日は第{head.number}版の施行日（{head.effective_from}）より後にします。",
                f"It must take effect after revision {head.number} ({head.effective_from}).",
            ),
            advice=Text("後の日を指定してください。", "Give a later day."),
        )
    if effective_from < today:
        raise InputError(
            Text(f"施行日 {effective_from} は過ぎています。", f"The day {effective_from} has passed."),
            advice=Text(
                "今日以後の日を指定してください。過去の請求はその日の方針で扱われます。",
                "Give today or a later day; past requests are judged by the policy of their day.",
            ),
        )


class StaleTextError(NotAllowedError):
    """Somebody else saved another text meanwhile; what was written is still with whoever wrote it."""

    code = "policy-stale"


def require_seen(*, seen: str, now: str) -> None:
    """Refuse a text that was written over another one than the newest: both are digests of texts.

    Raises:
        StaleTextError: they differ.
    """
    if seen != now:
        raise StaleTextError(
            Text(
                "編集している間に、ほかの人が別の内容を保存しました。まだ保存していません。",
                "Somebody else saved another text while you were editing. Yours is not saved yet.",
            ),
            advice=Text(
                "下の違いを見て取り込み、もう一度保存してください。書いた内容は残っています。",
                "Look at the difference below, take over what you want, and save again. Your text is still here.",
            ),
        )
