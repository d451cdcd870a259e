"""Errors of the API's own: who calls, how often, and with which key."""

from typing import ClassVar

from daicho.words.errors import InputError, JudgementError, NotAllowedError
from daicho.words.text import Text


class NoTokenError(NotAllowedError):
    """Nobody is known to call."""

    code = "no-token"

    def __init__(self) -> None:
        super().__init__(
            Text("有効な API トークンがありません。", "There is no valid API token."),
            advice=Text(
                "Authorization: Bearer に、有効なトークンを付けてください。トークンは画面の「API」で作れます。",
                "Send a living token as `Authorization: Bearer …`; make one on the API page or with `daicho account token add`.",
            ),
        )


class NoDeciderError(NotAllowedError):
    """Nobody is known to decide."""

    code = "no-decider"

    def __init__(self) -> None:
        super().__init__(
            Text("決定する人のトークンが有効ではありません。", "The token of the one who decides is not a living one."),
            advice=Text(
                "decider_token に、決定する別のアカウントの、requests:decide を持つ有効なトークンを入れてください。",
                "Put a living token with requests:decide, of the other account that decides, under decider_token.",
            ),
        )


class ScopeMissingError(NotAllowedError):
    """The token is not for this, or its account lost the role."""

    code = "scope"

    def __init__(self, scope: str) -> None:
        super().__init__(
            Text(f"このトークンでは {scope} の操作ができません。", f"This token does not reach {scope}."),
            advice=Text(
                "権限のあるトークンを作るか、アカウントの役割を管理者に確かめてください。",
                "Make a token with that scope, or have an officer look at the roles of its account.",
            ),
        )


class TooManyCallsError(NotAllowedError):
    """The minute's calls are used up."""

    code = "too-many-calls"
    retry: ClassVar[bool] = True

    def __init__(self, seconds: int) -> None:
        super().__init__(
            Text("呼び出しが多すぎます。", "Too many calls."),
            advice=Text(f"{seconds} 秒待ってから続けてください。", f"Wait {seconds} second(s), then go on."),
        )
        self.seconds = seconds


class KeyReusedError(JudgementError):
    """An ``Idempotency-Key`` came again with another call."""

    code = "key-reused"

    def __init__(self) -> None:
        super().__init__(
            Text("この Idempotency-Key は別の呼び出しに使われました。", "This Idempotency-Key stood for another call."),
            advice=Text("新しいキーを付けて呼び出してください。", "Call with a new key."),
        )


class KeyBusyError(JudgementError):
    """The first call with this ``Idempotency-Key`` is still under way."""

    code = "key-busy"
    retry: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(
            Text("同じ Idempotency-Key の呼び出しが進行中です。", "A call with this Idempotency-Key is under way."),
            advice=Text(
                "少し待って、同じキーでもう一度呼び出してください。", "Wait a little and call again with the same key."
            ),
        )


class BodyError(InputError):
    """What was sent cannot be read at all; ``status`` says which way."""

    code = "body"

    def __init__(self, status: int, message: Text, advice: Text) -> None:
        super().__init__(message, advice=advice)
        self.status = status
