"""``daicho serve``: the web door, on this machine's port or behind a proxy."""

import os
from typing import Annotated, Any

import typer

from daicho.cli.context import current
from daicho.words.text import Text


def add_to(app: typer.Typer) -> None:
    """Mount the command at the top level."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    bind: Annotated[str, typer.Option(help="Address to listen on; behind a proxy leave it.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes; more than one needs PostgreSQL.", min=1, max=64)] = 1,
    threads: Annotated[int, typer.Option(help="Threads a process.", min=1, max=64)] = 8,
) -> None:
    """Open the web door until Ctrl-C. While nobody can sign in yet, a one-time link for an officer is printed."""
    context = current().ready()
    from django.conf import settings  # noqa: PLC0415

    from daicho.site.serving import Server, first_link, prepare  # noqa: PLC0415

    address = settings.WORKSPACE.address or f"http://localhost:{port}"
    secret = prepare(settings.WORKSPACE, workers=workers)
    os.environ["DAICHO_WORKSPACE"] = str(settings.WORKSPACE.folder)
    settings.SECRET_KEY = secret
    path = first_link(at=context.at())
    told: dict[str, Any] = {"address": address, "first_link": f"{address}{path}" if path else None}
    context.show(told, lambda console: console.print(context.say(_words(address, path)), soft_wrap=True))
    context.out.flush()
    Server(bind=f"{bind}:{port}", workers=workers, threads=threads).run()


def _words(address: str, path: str) -> Text:
    opened = Text(f"画面: {address}  （Ctrl-C で終了）", f"Open {address}  (Ctrl-C ends it)")
    if not path:
        return opened
    return Text(
        f"{opened.ja}\n最初の管理者のための一度限りのリンク（3 日間有効）:\n{address}{path}",
        f"{opened.en}\nOne-time link for the first officer (good for three days):\n{address}{path}",
    )
