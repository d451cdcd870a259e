"""What stops the person at the web door, and what to do about it."""

from datetime import datetime

from daicho.words.errors import DaichoError, Fault, InputError, NotAllowedError
from daicho.words.text import Text


class LinkError(NotAllowedError):
    """The link does not open anything: unknown, expired, used or ended; which of them is not told."""

    code = "link"

    def __init__(self) -> None:
        super().__init__(
            Text("このリンクは使えません。", "This link does not work."),
            advice=Text(
                "期限が切れたか、すでに使われています。最新のメールのリンクを開くか、下の「はじめから」または「状況の確認」からやり直してください。",
                "It has expired or was used already. Open the link of the newest mail, or begin again below.",
            ),
        )


class CodeError(InputError):
    """The code is not the one that was mailed last, or is too old."""

    code = "code"

    def __init__(self, left: int) -> None:
        super().__init__(
            Text("確認コードが違います。", "That is not the code."),
            advice=Text(
                f"最新のメールの 6 桁の数字を入力してください（あと {left} 回）。"
                if left
                else "新しい確認コードを送ってください。",
                f"Enter the six digits of the newest mail ({left} tries left)." if left else "Have a new code sent.",
            ),
        )
        self.left = left


class LockedError(NotAllowedError):
    """Too many wrong codes."""

    code = "locked"

    def __init__(self, until: datetime) -> None:
        super().__init__(
            Text("確認コードの入力を一時的に止めています。", "No code is taken for now."),
            advice=Text(
                f"誤りが続いたためです。{until:%H:%M} 以降に、新しい確認コードを送ってください。",
                f"There were too many wrong ones. Have a new code sent after {until:%H:%M}.",
            ),
        )


class TooManyError(DaichoError):
    """More tries from one place, or mails to one mailbox, than an hour allows."""

    code = "too-many"
    fault = Fault.INPUT
    retry = True

    def __init__(self) -> None:
        super().__init__(
            Text("短い時間に操作が続いたため、受け付けを止めています。", "Too much came from here in a short time."),
            advice=Text("1 時間ほど置いてから、もう一度お試しください。", "Please try again in about an hour."),
        )


def draft_gone() -> NotAllowedError:
    """The draft this browser knew is submitted, erased or expired."""
    return NotAllowedError(
        Text("書きかけの請求がありません。", "There is no draft here."),
        advice=Text(
            "メールのリンクを開いて続けるか、はじめから入力してください。",
            "Go on by the link in your mail, or begin again.",
        ),
    )
