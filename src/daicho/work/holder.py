"""Who holds a piece of work, and whether that holder still lives.

A holder is ``host/pid/start``: the process's start time tells a reused number apart. Work whose
holder is dead on this host is free at once, so that a crash is taken up by the very next call. A
process of another host cannot be seen from here (a container has a new name after every restart),
so it counts as living only while it goes on renewing what it holds: for `LEASE`.
"""

import os
import socket
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

#: A holder of another host that has renewed nothing for so long is taken to be dead.
LEASE: Final = timedelta(minutes=15)


@cache
def _this_host() -> str:
    return socket.gethostname()[:80]


def this_holder() -> str:
    """The running process, as a holder."""
    pid = os.getpid()
    return f"{_this_host()}/{pid}/{_started(pid)}"


def is_alive(holder: str, *, renewed: bool = True) -> bool:
    """Whether the holder may still be working.

    ``renewed``: whether it took or renewed the work within `LEASE`; asked of holders of another host only.
    """
    if not holder:
        return False
    host, _, rest = holder.partition("/")
    if host != _this_host():
        return renewed
    pid, _, started = rest.partition("/")
    if not pid.isdigit() or not int(pid) or not _runs(int(pid)):
        return False
    return _started(int(pid)) == started


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str:
    """Clock ticks since boot at which the process began; empty where the system does not say.

    A process that has ended and was not looked at by its parent yet holds nothing any more.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    if fields[:1] in (["Z"], ["X"]):
        return "ended"
    return fields[19] if len(fields) > 19 else ""  # noqa: PLR2004 (field 22 of proc_pid_stat(5))
