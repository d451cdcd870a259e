"""Who works at the desk, and who may look."""

from typing import Final

from daicho.people.rules import Role

#: Roles that receive, check, decide and answer requests.
DESK: Final = (Role.DESK, Role.SECRETARIAT, Role.OFFICER)
#: Roles that may look at a case without its people; whoever audits may, too.
LOOKERS: Final = (*DESK, Role.ENGINEER)
