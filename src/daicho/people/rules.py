"""Who may do what: facts in, decision out."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from daicho.words.errors import InputError
from daicho.words.text import Text


class Role(StrEnum):
    """What an account is in one organisation."""

    OFFICER = "officer"  # 個人情報保護管理者
    SECRETARIAT = "secretariat"  # 事務局
    DESK = "desk"  # 窓口
    ENGINEER = "engineer"  # データベースの管理者
    MY_NUMBER_HANDLER = "my_number_handler"  # 特定個人情報の事務取扱担当者
    AUDITOR = "auditor"  # 個人情報保護監査責任者・監査員・審査員
    DEPARTMENT_HEAD = "department_head"  # 部門長
    EMPLOYEE = "employee"  # 従業者


ROLE_WORDS: Final[dict[Role, Text]] = {
    Role.OFFICER: Text("個人情報保護管理者", "responsible officer"),
    Role.SECRETARIAT: Text("事務局", "secretariat"),
    Role.DESK: Text("窓口", "inquiry desk"),
    Role.ENGINEER: Text("システム管理者", "engineer"),
    Role.MY_NUMBER_HANDLER: Text("特定個人情報事務取扱担当者", "My Number handler"),
    Role.AUDITOR: Text("監査担当者", "auditor"),
    Role.DEPARTMENT_HEAD: Text("部門長", "department head"),
    Role.EMPLOYEE: Text("従業者", "employee"),
}

#: Who acts when no account exists yet; never a row, never able to sign in.
INSTALLER: Final = "system:installer"

#: Who reminds: the daily round; never a row, never able to sign in.
REMINDER: Final = "system:reminder"

_ACCOUNT_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_ORGANISATION_CODE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
MAX_DISPLAY_NAME: Final = 100


def may_act(held: Iterable[Role], wanted: Iterable[Role]) -> bool:
    """Whether somebody holding ``held`` may change something that needs one of ``wanted``.

    An auditor changes nothing (JIS Q 15001 A.3.7.2: audits are carried out by people who are
    objective and impartial), whatever other roles a careless grant left beside it.
    """
    roles = set(held)
    return Role.AUDITOR not in roles and bool(roles & set(wanted))


def may_read(held: Iterable[Role], wanted: Iterable[Role]) -> bool:
    """Whether somebody holding ``held`` may look at something meant for ``wanted``; an auditor may."""
    return bool(set(held) & {*wanted, Role.AUDITOR})


def may_be_granted(held: Iterable[Role], role: Role) -> bool:
    """Whether ``role`` may stand beside ``held`` in one organisation: an auditor holds no other role there."""
    roles = set(held) - {role}
    return not roles or (role is not Role.AUDITOR and Role.AUDITOR not in roles)


def require_account_code(code: str) -> None:
    """Refuse what is not an account code.

    Raises:
        InputError: empty, too long, or other characters than small letters, digits and ``. _ -``.
    """
    if _ACCOUNT_CODE.fullmatch(code) is None:
        raise InputError(
            Text("アカウントコードの形が正しくありません。", "This is not an account code."),
            advice=Text(
                "英小文字か数字で始め、英小文字・数字・「.」「_」「-」だけを 60 文字以内で使ってください。",
                "Begin with a small letter or digit; use only small letters, digits and . _ -, at most 60 characters.",
            ),
        )


def require_organisation_code(code: str) -> None:
    """Refuse what is not an organisation code.

    Raises:
        InputError: empty, too long, or other characters than small letters, digits and ``. _ -``.
    """
    if _ORGANISATION_CODE.fullmatch(code) is None:
        raise InputError(
            Text("組織コードの形が正しくありません。", "This is not an organisation code."),
            advice=Text(
                "方針ファイルの organisations に書いたコードを指定してください。",
                "Give a code that the policy lists under organisations.",
            ),
        )


def require_display_name(name: str) -> str:
    """Return the name without outer spaces.

    Raises:
        InputError: empty, too long, or with control characters.
    """
    stripped = name.strip()
    if not stripped or len(stripped) > MAX_DISPLAY_NAME or not stripped.isprintable():
        raise InputError(
            Text("氏名(表示名)が正しくありません。", "This is not a display name."),
            advice=Text(
                f"1 行、{MAX_DISPLAY_NAME} 文字以内で指定してください。",
                f"Give one line of at most {MAX_DISPLAY_NAME} characters.",
            ),
        )
    return stripped


def read_role(code: str) -> Role:
    """Return the role with this code.

    Raises:
        InputError: no such role; the advice lists all.
    """
    try:
        return Role(code)
    except ValueError:
        listed = ", ".join(Role)
        raise InputError(
            Text("その役割はありません。", "There is no such role."),
            advice=Text(f"次のどれかを指定してください: {listed}", f"Give one of: {listed}"),
        ) from None
