"""What can be wrong with keys and with what they sealed. No message shows a key or a value."""

from typing import ClassVar

from daicho.words.errors import DaichoError, Fault, InstallationError, Place
from daicho.words.text import Text


class KeyEncryptionKeyError(InstallationError):
    """The key-encryption key is missing, malformed, readable by others, or not the one that wrapped our keysets."""

    code: ClassVar[str] = "kek"


class KeysNotReadyError(InstallationError):
    """No keysets were ever made in this database, or one of them is gone."""

    code: ClassVar[str] = "keys-not-ready"


class SealDamagedError(DaichoError):
    """Sealed bytes do not open: changed, cut, bound to something else, or their key is not on the ring."""

    code: ClassVar[str] = "seal-damaged"
    fault: ClassVar[Fault] = Fault.INSTALLATION

    def __init__(self, message: Text | None = None, *, place: Place | None = None) -> None:
        super().__init__(
            message
            or Text(
                "封をした内容を開けません。壊れているか、別のものと入れ替わっているか、鍵が失われています。",
                "Sealed content does not open: it is damaged, was exchanged for another, or its key is gone.",
            ),
            advice=Text(
                "データベースとファイルを、同じ時点の控えから戻してください。",
                "Restore database and files from a backup of the same moment.",
            ),
            place=place,
        )
