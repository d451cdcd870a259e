"""Who holds a piece of work, and whether that holder still lives."""

import os
import subprocess
import sys
import time

import pytest

from daicho.work.holder import is_alive, this_holder


def test_this_process_holds_and_lives():
    assert is_alive(this_holder(), renewed=False)
    assert this_holder() == this_holder()


def test_nobody_is_not_alive():
    assert not is_alive("", renewed=True)


@pytest.mark.parametrize("renewed", [True, False])
def test_a_holder_of_another_host_lives_while_it_renews(renewed):
    assert is_alive("another-host/1/1", renewed=renewed) is renewed


def test_another_process_lives_until_it_ends_also_as_a_zombie():
    host = this_holder().split("/")[0]
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    assert child.stdin is not None
    with open(f"/proc/{child.pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 (a file of the system)
        started = stat.read().rpartition(")")[2].split()[19]
    holder = f"{host}/{child.pid}/{started}"
    assert is_alive(holder, renewed=False)
    child.kill()
    until = time.monotonic() + 10
    while time.monotonic() < until and _state(child.pid) != "Z":
        time.sleep(0.01)
    assert not is_alive(holder, renewed=False)  # dead, though its parent has not yet looked
    child.wait()
    assert not is_alive(holder, renewed=False)


def test_a_number_used_again_by_another_process_is_told_apart():
    host, pid, started = this_holder().split("/")
    assert not is_alive(f"{host}/{pid}/{int(started) + 1}", renewed=False)


def test_a_process_of_somebody_else_is_alive():
    host = this_holder().split("/")[0]
    with open("/proc/1/stat", encoding="ascii") as stat:  # noqa: PTH123 (a file of the system)
        started = stat.read().rpartition(")")[2].split()[19]
    assert is_alive(f"{host}/1/{started}", renewed=False)


@pytest.mark.parametrize("broken", ["{host}/x/1", "{host}//", "{host}/0", "{host}/999999999/1", "{host}"])
def test_a_broken_holder_of_this_host_is_dead(broken):
    host = this_holder().split("/")[0]
    assert not is_alive(broken.format(host=host), renewed=False)


def test_a_fork_is_another_holder():
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, this_holder().encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        child = told.read()
    os.wait()
    assert child != this_holder()
    assert not is_alive(child, renewed=False)


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 (a file of the system)
        return stat.read().rpartition(")")[2].split()[0]
