"""The only writer of runs, holds, slips and data files; one module an office."""

from daicho.runs.actions.asking import SLIP_ANSWERS, Kept, answer_slip, issue_slips
from daicho.runs.actions.carrying import (
    Intended,
    LeftToHumanError,
    OpenStore,
    Settle,
    Settled,
    StoppedByHoldError,
    carry_out,
    intend,
    note_settled,
    take_up,
)
from daicho.runs.actions.deciding import decide_left
from daicho.runs.actions.grasping import HeldElsewhereError, take_over
from daicho.runs.actions.holding import release_hold, set_hold
from daicho.runs.actions.reading import confirm_collected
from daicho.runs.actions.tidying import drop_data, drop_expired

__all__ = [
    "SLIP_ANSWERS",
    "HeldElsewhereError",
    "Intended",
    "Kept",
    "LeftToHumanError",
    "OpenStore",
    "Settle",
    "Settled",
    "StoppedByHoldError",
    "answer_slip",
    "carry_out",
    "confirm_collected",
    "decide_left",
    "drop_data",
    "drop_expired",
    "intend",
    "issue_slips",
    "note_settled",
    "release_hold",
    "set_hold",
    "take_over",
    "take_up",
]
