"""The installed command. Loading the rest takes half a second, in which Ctrl-C is as welcome as later."""

import sys


def main() -> None:
    """Run one command and leave with its exit code."""
    try:
        from daicho.cli.main import run  # noqa: PLC0415 (loading it is what may be interrupted)

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
