"""`make serve`: the web door on the demo's data, until Ctrl-C.

    python examples/staffing-group/serve.py [--to demo] [--port 8000] [--lang ja|en]

Tells the story first where nobody did (`demo.py`). The CRM's server does not outlive the story, so its
rows are loaded into a new one, and kept again at the end: what the desk erased stays erased. The first
call prints a one-time link for the officer; nobody has a password before.

Exit codes: 0 ended by Ctrl-C · 1 the door or the CRM did not open · 2 the folder cannot be used.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import crm
import folders
import server
import stores

from daicho.words.text import Language, Text

DAICHO = str(Path(sys.executable).with_name("daicho"))


def main() -> int:
    """Open the door; see the module for the exit codes."""
    options = _options()
    folders.forget_settings()
    folder, language = Path(options.to).resolve(), Language(options.lang)
    os.environ.update(DAICHO_LANG=str(language))
    if not (folder / stores.KEPT).is_dir():
        told = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("demo.py")), "--to", str(folder)], check=False
        )
        if told.returncode:
            return told.returncode
    signal.signal(signal.SIGTERM, _stop)
    try:
        with folders.alone(folder, language), server.running(folder / "postgresql") as url:
            stores.load_postgresql(url, crm.SCHEMA, crm.TABLES, folder / stores.KEPT)
            try:
                return _serve(folder, url, port=options.port)
            finally:
                stores.keep_postgresql(url, crm.TABLES, folder / stores.KEPT)
    except KeyboardInterrupt:
        return 0
    except folders.FolderError as error:
        print(error)
        return 2
    except server.ServerError as error:
        print(Text(f"CRM を開けません: {error}", f"The CRM does not open: {error}").say(language))
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", default="demo", help="folder of the demo")
    parser.add_argument("--port", type=int, default=8000, help="port on this machine")
    parser.add_argument("--lang", choices=[*Language], default=folders.spoken())
    return parser.parse_args()


def _serve(folder: Path, url: str, *, port: int) -> int:
    """Bring the tables up to this version and serve; Ctrl-C reaches the server as well as us."""
    environment = {**os.environ, **stores.credentials(url), "DAICHO_WORKSPACE": str(folder / "workspace")}
    if subprocess.run([DAICHO, "migrate"], env=environment, check=False).returncode:
        return 1
    door = subprocess.Popen([DAICHO, "serve", "--port", str(port)], env=environment)
    try:
        return door.wait()
    except KeyboardInterrupt:
        door.terminate()
        door.wait()
        return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
