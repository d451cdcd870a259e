"""Who may do what with runs, holds and slips."""

from typing import Final

from daicho.people.rules import Role

#: Who sets and releases legal holds, and may see them: a hold says that there is an investigation.
HOLDERS: Final = (Role.OFFICER, Role.SECRETARIAT)
#: Who decides on a store that stands neither before nor after.
JUDGES: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)
#: Who records what a department answered.
SLIP_KEEPERS: Final = (Role.DESK, Role.SECRETARIAT, Role.OFFICER)
#: Who may look at runs: counts and codes, no person.
LOOKERS: Final = (*SLIP_KEEPERS, Role.ENGINEER)
#: Who goes on with a run that was left.
CARRIERS: Final = LOOKERS
#: Who erases what is past its days before the daily tidying does.
TIDIERS: Final = (Role.OFFICER, Role.ENGINEER)
#: Who takes a run from a holder that may still live.
OVERRIDERS: Final = (Role.OFFICER,)
