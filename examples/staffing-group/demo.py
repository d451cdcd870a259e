"""`make demo`: one company, one policy, five stores, seven letters in the post; a few seconds each.

    python examples/staffing-group/demo.py [--to demo] [--lang ja|en]

Creates the staffing group in a fresh folder, answers the requests of ``requests/`` by the
command line a person would use, and leaves the letters, the data, the trail and
``summary.json`` there. Everything is invented; nothing outside the folder is touched, no port
is opened, and nothing is left running. The clock of the story stands in November 2026.

Exit codes: 0 told to the end · 1 something ended otherwise than the story expects · 2 the folder
cannot be used · 130 interrupted.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import chapters
import crm
import folders
import server
import stores
from story import Story, StoryError

from daicho.words.text import Language, Text


def main() -> int:
    """Tell the story; see the module for the exit codes."""
    options = _options()
    folders.forget_settings()
    language = Language(options.lang)
    story = Story(language=language)
    signal.signal(signal.SIGTERM, _stop)
    folder = Path(options.to).resolve()
    try:
        with _fresh(folder, language):
            os.environ.update(DAICHO_WORKSPACE=str(folder / "workspace"), DAICHO_LANG=str(language))
            with server.running(folder / "postgresql") as url:
                os.environ.update(stores.credentials(url))
                chapters.tell(story, folder=folder, crm_url=url)
                stores.keep_postgresql(url, crm.TABLES, folder / stores.KEPT)  # for `make serve`
    except KeyboardInterrupt:
        story.say("中断しました。何も動いたまま残っていません。", "Interrupted. Nothing is left running.")
        return 130
    except folders.FolderError as error:
        story.say(str(error), str(error))
        return 2
    except (StoryError, server.ServerError) as error:
        story.say(f"話が止まりました: {error}", f"The story stopped: {error}")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", default="demo", help="folder to make (a former demo there is replaced)")
    parser.add_argument("--lang", choices=[*Language], default=folders.spoken())
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _fresh(folder: Path, language: Language) -> Iterator[None]:
    """Empty the folder of a former demo, never of anything else, and keep others out meanwhile."""
    if folder.exists() and any(folder.iterdir()) and not (folder / folders.MARK).exists():
        raise folders.FolderError(
            Text(
                f"{folder} には、このデモが作ったものでないファイルがあります。--to で別のフォルダを示してください。",
                f"{folder} holds files this demo did not make. Name another folder with --to.",
            ).say(language)
        )
    folder.mkdir(parents=True, exist_ok=True)
    with folders.alone(folder, language):
        server.clear_leftovers(folder / "postgresql")
        for entry in folder.iterdir():
            if entry.name != folders.MARK:
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                (folder / "postgresql").rmdir()  # the server has taken everything out of it


if __name__ == "__main__":
    sys.exit(main())
