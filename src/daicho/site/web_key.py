"""The secret that signs sessions and one-time links: ``DAICHO_WEB_KEY``, or a file of the workspace.

It protects sign-ins, not data: losing it signs everybody out. A command that serves no page works without.
"""

import os
import secrets
from pathlib import Path
from typing import Final

from daicho.site.workspace import Workspace
from daicho.words.errors import InstallationError, Place
from daicho.words.text import Text

VARIABLE: Final = "DAICHO_WEB_KEY"
FILE: Final = Path("keys", "web.key")
_LEAST: Final = 40
_OTHERS: Final = 0o077


def web_key(workspace: Workspace) -> str:
    """The secret; a passing one where none was made yet (only the command line works then).

    Raises:
        InstallationError: too short, unreadable, or readable by others.
    """
    path = workspace.folder / FILE
    named = os.environ.get(VARIABLE, "")
    if not named and not path.exists():
        return secrets.token_urlsafe(48)
    try:
        found = named or path.read_text(encoding="ascii").strip()
        exposed = not named and path.stat().st_mode & _OTHERS
    except (OSError, UnicodeDecodeError):
        found, exposed = "", 0
    if exposed or len(found) < _LEAST:
        raise InstallationError(
            Text(
                "セッションの署名鍵が短いか、読めないか、他の利用者に読める状態です。",
                "The key that signs sessions is too short, unreadable, or readable by others.",
            ),
            advice=Text(
                f"{path} を消して daicho serve をもう一度実行するか、chmod 600 で権限を直してください。",
                f"Remove {path} and run `daicho serve` again, or mend its mode with chmod 600.",
            ),
            place=Place(path=VARIABLE if named else str(path)),
        )
    return found


def make_web_key(workspace: Workspace) -> None:
    """Write the file unless there is one, or the environment gives the secret."""
    path = workspace.folder / FILE
    if os.environ.get(VARIABLE) or path.exists():
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
