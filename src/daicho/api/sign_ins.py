"""What the people room tells of sign-ins: whose sign-in is reset loses the tokens, too."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from daicho.people.sign_ins import sign_in_was_reset


@receiver(sign_in_was_reset)
def _revoke_tokens(code: str, actor: str, at: datetime, **_: Any) -> None:
    from daicho.api.actions.tokens import revoke_tokens_of  # noqa: PLC0415 (the first page waits for no room)

    revoke_tokens_of(code, actor=actor, at=at)
