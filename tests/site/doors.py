"""A real web door: ``daicho serve`` in a workspace of its own, and a browser in front of it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DAICHO = str(Path(sys.executable).with_name("daicho"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    address: str
    link: str
    seconds: float
    pid: int


def daicho(workspace: Path, *words: str) -> str:
    done = subprocess.run(
        [DAICHO, *words],
        env=environment(workspace), capture_output=True, text=True, check=False, cwd=workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(workspace: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DAICHO", "DJANGO"))}
    return {**kept, "DAICHO_WORKSPACE": str(workspace), "PYTHONUNBUFFERED": "1"}


def make_workspace(folder: Path) -> Path:
    folder.mkdir()
    daicho(folder, "init", "--organisation", "copro")
    daicho(folder, "account", "add", "kanri", "--role", "officer")
    return folder


@contextlib.contextmanager
def opened(workspace: Path) -> Iterator[Opened]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen(
        [DAICHO, "serve", "--port", str(port)],
        env=environment(workspace), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=workspace,
    )  # fmt: skip
    address = f"http://localhost:{port}"
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{address}/account/login/", timeout=5) as page:  # noqa: S310 (our own address)
                    assert page.status == 200
                break
            except OSError:
                assert process.poll() is None, process.stdout and process.stdout.read()
                assert time.monotonic() - began < 30
                time.sleep(0.02)
        seconds = time.monotonic() - began
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        link = next((line.strip() for line in told if "/people/invited/" in line), "")
        yield Opened(address=address, link=link, seconds=seconds, pid=process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
