"""Whose data a caller may touch: built once at the door, passed down, never widened."""

from dataclasses import dataclass

from daicho.words.errors import NotFoundError
from daicho.words.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The organisations of the group that the acting account may see, and who acts.

    ``actor`` is the account's code; it is what the trail records.
    An empty ``organisations`` allows nothing.
    """

    actor: str
    organisations: frozenset[str]

    def allows(self, organisation: str) -> bool:
        """Whether this organisation is within reach."""
        return organisation in self.organisations

    def require(self, organisation: str) -> None:
        """Raise `NotFoundError` for a foreign organisation, without naming it: the code may be of a row the caller never saw."""
        if not self.allows(organisation):
            raise NotFoundError(
                Text("その組織はありません。", "There is no such organisation."),
                advice=Text(
                    "組織コード、またはこのアカウントの所属を確かめてください。",
                    "Check the organisation code, or which organisations this account belongs to.",
                ),
            )
