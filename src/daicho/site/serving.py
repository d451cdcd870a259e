"""The web server: gunicorn, with nothing written outside the workspace."""

import threading
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from gunicorn.app.base import BaseApplication

from daicho.people.queries import find_first_link
from daicho.site.web_key import make_web_key, web_key
from daicho.site.workspace import Workspace
from daicho.words.errors import InstallationError
from daicho.words.text import Text


def prepare(workspace: Workspace, *, workers: int) -> str:
    """Make the signing key unless there is one, and return it.

    Raises:
        InstallationError: several processes on SQLite, or the tables are of another version.
    """
    if workers > 1 and connection.vendor == "sqlite":
        raise InstallationError(
            Text("SQLite では一つのプロセスだけで動かします。", "With SQLite one process serves."),
            advice=Text(
                "--workers を 1 にするか、daicho.toml の database で PostgreSQL を指してください。",
                "Leave --workers at 1, or name a PostgreSQL under database in daicho.toml.",
            ),
        )
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InstallationError(
            Text("データベースの表がこの版のものではありません。", "The database does not have this version's tables."),
            advice=Text("daicho migrate を実行してください。", "Run `daicho migrate`."),
        )
    make_web_key(workspace)
    return web_key(workspace)


def first_link(*, at: datetime) -> str:
    """Path of a one-time link for an officer while nobody can sign in yet; empty otherwise."""
    return find_first_link(at=at)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with threads, told everything here and reading no file of its own."""

    def __init__(self, *, bind: str, workers: int, threads: int) -> None:
        self.told: dict[str, Any] = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "worker_tmp_dir": None,
            "accesslog": None,  # addresses hold request numbers, and nobody asked for them
            "errorlog": "-",
            "loglevel": "warning",
            "timeout": 120,
            "graceful_timeout": 20,
            "max_requests": 0,
            "limit_request_line": 4094,
            "proc_name": "daicho",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.told.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from daicho.site.wsgi import application  # noqa: PLC0415 (after the fork)

        threading.Thread(target=_start_background, name="background", daemon=True).start()
        return application


def _start_background() -> None:
    """Import the rooms while the first page is read; then send mail and webhooks, end what is over, and remind."""
    from django.conf import settings  # noqa: PLC0415 (after the fork)

    from daicho.api import webhooks  # noqa: PLC0415
    from daicho.api.actions.answers import forget_answers  # noqa: PLC0415
    from daicho.portal.actions.news import tell_news  # noqa: PLC0415
    from daicho.portal.actions.tidying import tidy  # noqa: PLC0415
    from daicho.rights.actions.importing import drop_abandoned  # noqa: PLC0415
    from daicho.site.clock import TOKYO, now  # noqa: PLC0415
    from daicho.site.reminding import DailyRound  # noqa: PLC0415
    from daicho.site.rooms import import_rooms  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415
    from daicho.work.mail import start_sender  # noqa: PLC0415

    import_rooms()
    webhooks.start_sender(clock=now)

    remind = DailyRound(settings.WORKSPACE.remind_at) if settings.WORKSPACE.remind_at else None

    def do_what_is_due(at: datetime) -> None:
        tidy(at=at, folder=settings.WORKSPACE.files)
        forget_answers(at=at)
        tell_news(address=settings.WORKSPACE.address, at=at, on=at.astimezone(TOKYO).date())
        drop_abandoned(folder=settings.WORKSPACE.files, at=at)
        if remind is not None:
            remind(at)

    start_sender(clock=now, record=record, also=do_what_is_due)
