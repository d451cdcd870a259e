"""What can be wrong with the trail itself. No message repeats a fact."""

from typing import ClassVar

from daicho.words.errors import DaichoError, Fault
from daicho.words.text import Text


class TrailRefusedError(DaichoError):
    """What was to be written is not in the table of events; nothing of the act stays."""

    code: ClassVar[str] = "trail-refused"
    fault: ClassVar[Fault] = Fault.DAICHO


class TrailOutsideTransactionError(DaichoError):
    """An entry would have been written apart from its act."""

    code: ClassVar[str] = "trail-outside-transaction"
    fault: ClassVar[Fault] = Fault.DAICHO

    def __init__(self) -> None:
        super().__init__(
            Text("取引の外で証跡を書こうとしました。", "The trail was to be written outside a transaction."),
            advice=Text(
                "行為と同じ transaction.atomic() の中で書いてください。",
                "Write it inside the transaction.atomic() of the act.",
            ),
        )


class TrailDamagedError(DaichoError):
    """The rows of the trail contradict one another: somebody changed the database."""

    code: ClassVar[str] = "trail-damaged"
    fault: ClassVar[Fault] = Fault.JUDGEMENT

    def __init__(self, message: Text | None = None) -> None:
        super().__init__(
            message
            or Text(
                "証跡の末尾が、その記録と合いません。データベースが直接変更されています。",
                "The end of the trail does not agree with its entries: the database was changed directly.",
            ),
            advice=Text(
                "変更を加えず、daicho trail export と verify で場所を調べ、控えと照らしてください。",
                "Change nothing; find the place with `daicho trail export` and `verify`, and compare with a backup.",
            ),
        )
