"""Who holds a piece of work, and whether that holder still lives.

A holder is ``host/pid/start``: the process's start time tells a reused number apart. Work whose
holder is dead on this host is free at once, so that a crash is taken up by the very next call;
work held on another host is not judged from here.
"""

import os
import socket
from functools import cache
from pathlib import Path


@cache
def _this_host() -> str:
    return socket.gethostname()[:80]


def this_holder() -> str:
    """The running process, as a holder."""
    pid = os.getpid()
    return f"{_this_host()}/{pid}/{_started(pid)}"


def is_alive(holder: str) -> bool:
    """Whether the holder may still be working; True when it runs on another host."""
    if not holder:
        return False
    host, _, rest = holder.partition("/")
    if host != _this_host():
        return True
    pid, _, started = rest.partition("/")
    if not pid.isdigit() or not _runs(int(pid)):
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
    """Clock ticks since boot at which the process began; empty where the system does not say."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""  # noqa: PLR2004 (field 22 of proc_pid_stat(5))
