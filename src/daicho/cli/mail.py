"""``daicho mail``: remind the accounts, and send what waits in the outbox; for a timer where the web server does not run."""

from datetime import datetime

import typer
from rich.console import Console

from daicho.cli.context import columns, current
from daicho.words.errors import InputError
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="発信箱: mail that waits to be sent.")


@app.command()
def send() -> None:
    """Queue what people who asked on the web should hear, and make one pass over the outbox. Exit code 1 when something could not be sent."""
    context = current().ready()
    from daicho.portal.actions.news import tell_news  # noqa: PLC0415
    from daicho.trail.actions import record  # noqa: PLC0415
    from daicho.work.mail import require_server, send_now  # noqa: PLC0415

    require_server()
    tell_news(address=context.workspace.address, at=context.at(), on=context.today())
    done = send_now(record=record, at=context.at())
    told = {"sent": done.sent, "waiting": done.failed, "dead": done.dead}
    words = Text(
        f"送信 {done.sent} 件、再試行待ち {done.failed} 件、送れなかったもの {done.dead} 件",
        f"{done.sent} sent, {done.failed} to be tried again, {done.dead} given up",
    )
    context.show(told, lambda console: console.print(context.say(words)))
    if done.failed or done.dead:
        raise typer.Exit(1)


@app.command()
def remind(
    dry_run: bool = typer.Option(False, "--dry-run", help="Queue nothing; tell who would be reminded."),
    on: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="With --dry-run: as on that day."),
) -> None:
    """Queue the day's reminder for every account with an address and work to do. Nobody is reminded twice, or on a holiday."""
    context = current().ready()
    from daicho.site.reminding import OUTCOME_WORDS, Outcome, remind_all  # noqa: PLC0415
    from daicho.words.workdays import is_workday  # noqa: PLC0415

    if on is not None and not dry_run:
        raise InputError(
            Text("日付は --dry-run のときだけ指定できます。", "A day can be given with --dry-run only."),
            advice=Text(
                "お知らせは今日の分だけを送ります。--dry-run を付けるか、--on を外してください。",
                "Reminders are of today. Add --dry-run, or leave --on out.",
            ),
        )
    day = on.date() if on else context.today()
    found = remind_all(at=context.at(), on=day if dry_run else None, trial=dry_run)
    queued = sum(one.outcome is Outcome.QUEUED for one in found)
    said = Text(
        f"{day}：発信箱に入れたもの {queued} 件（daicho mail send か、動いている画面が送ります）",
        f"{day}: {queued} queued (`daicho mail send`, or the web door while it runs, sends them)",
    )
    if dry_run:
        would = sum(one.outcome is Outcome.WOULD for one in found)
        said = Text(f"{day}：送る相手 {would} 人（試しなので送りません）", f"{day}: {would} would be reminded; a trial")
    if not is_workday(day):
        said = Text(f"{day} は営業日ではないので、送りません。", f"{day} is no working day: nobody is reminded.")
    headings = (Text("アカウント", "account"), Text("項目", "kinds"), Text("結果", "outcome"))
    rows = [(one.account, one.things or "", context.say(OUTCOME_WORDS[one.outcome])) for one in found]

    def told(console: Console) -> None:
        if rows:
            columns(rows, headings=[context.say(text) for text in headings])(console)
        console.print(context.say(said))

    accounts = [{"account": one.account, "outcome": str(one.outcome), "things": one.things} for one in found]
    context.show({"on": day.isoformat(), "working_day": is_workday(day), "accounts": accounts}, told)
    if any(one.outcome is Outcome.FAILED for one in found):
        raise typer.Exit(1)
