"""Commands of the people room."""

import typer

from daicho.cli import tokens
from daicho.cli.context import Context, columns, current, read_input
from daicho.words.errors import InputError, Place
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="Accounts: who acts, for whom, in which role.")

app.add_typer(tokens.app, name="token")

ROLES = "officer, secretariat, desk, engineer, my_number_handler, auditor, department_head, employee"


@app.command()
def add(
    code: str = typer.Argument(help="The account's code: never reused, recorded in the trail."),
    organisation: str = typer.Option("", help="Home organisation; the workspace's by default."),
    role: list[str] = typer.Option(..., help=f"May be given more than once: {ROLES}."),
    name_from: str = typer.Option("", help="File (or - for standard input) holding the display name; else the code."),
    address_from: str = typer.Option("", help="File (or -) holding the mail address for reminders; else none."),
) -> None:
    """Make an account. The first one, which must be an officer, needs no --as."""
    context = current().ready()
    from daicho.people import queries  # noqa: PLC0415
    from daicho.people.actions import create_account  # noqa: PLC0415
    from daicho.people.rules import read_role  # noqa: PLC0415

    create_account(
        code,
        display_name=_name(name_from) if name_from else code,
        organisation=organisation or context.workspace.organisation,
        roles=[read_role(one) for one in role],
        mail_address=_address(address_from) if address_from else "",
        scope=None if queries.is_empty() else context.scope(),
        at=context.at(),
    )
    context.show(
        {"account": code, "roles": role},
        lambda console: console.print(
            context.say(Text(f"アカウント {code} を作りました。", f"The account {code} is made."))
        ),
    )


@app.command()
def grant(
    code: str = typer.Argument(help="The account's code."),
    role: str = typer.Argument(help=f"One of: {ROLES}."),
    organisation: str = typer.Option("", help="In which organisation; the workspace's by default."),
) -> None:
    """Give an account a role in an organisation."""
    context = current().ready()
    from daicho.people.actions import grant_role  # noqa: PLC0415
    from daicho.people.rules import read_role  # noqa: PLC0415

    place = organisation or context.workspace.organisation
    granted = grant_role(code, organisation=place, role=read_role(role), scope=context.scope(), at=context.at())
    done = Text(f"{code} に {place} の役割 {role} を与えました。", f"{code} is now {role} in {place}.")
    same = Text(f"{code} は {place} で既に {role} です。", f"{code} already is {role} in {place}.")
    context.show(
        {"account": code, "organisation": place, "role": role, "granted": granted},
        lambda console: console.print(context.say(done if granted else same)),
    )


@app.command()
def mail(
    code: str = typer.Argument(help="The account's code; one's own, or one that an officer or the secretariat keeps."),
    address_from: str = typer.Option("", help="File (or - for standard input) holding the mail address."),
    remove: bool = typer.Option(False, "--remove", help="Take the address away."),
) -> None:
    """Say where the reminders of an account go."""
    context = current().ready()
    from daicho.people.actions import set_mail_address  # noqa: PLC0415

    if bool(address_from) == remove:
        raise InputError(
            Text(
                "--address-from か --remove のどちらか一つを指定します。",
                "Give --address-from or --remove, one of them.",
            ),
            advice=Text(
                "アドレスは引数ではなくファイルで渡します。", "The address comes from a file, not as an argument."
            ),
        )
    address = "" if remove else _address(address_from)
    changed = set_mail_address(code, address, scope=context.scope(), at=context.at())
    done = Text(f"{code} のメールアドレスを登録しました。", f"The mail address of {code} is set.")
    if remove:
        done = Text(f"{code} のメールアドレスを削除しました。", f"The mail address of {code} is removed.")
    same = Text(f"{code} のメールアドレスは変わりません。", f"The mail address of {code} is as it was.")
    context.show(
        {"account": code, "changed": changed},
        lambda console: console.print(context.say(done if changed else same)),
    )


@app.command("list")
def list_() -> None:
    """List the accounts of the organisations one may see."""
    context = current().ready()
    from daicho.people.queries import list_accounts  # noqa: PLC0415

    found = list_accounts(scope=context.scope())
    data = [
        {
            "code": one.code,
            "display_name": one.display_name,
            "home_organisation": one.home_organisation,
            "is_active": one.is_active,
            "roles": {place: [str(role) for role in roles] for place, roles in one.roles.items()},
            "mail": one.mail,
            "reminders": one.reminders,
        }
        for one in found
    ]
    headings = (
        Text("コード", "code"),
        Text("氏名", "name"),
        Text("所属", "home"),
        Text("役割", "roles"),
        Text("メール", "mail"),
        Text("状態", "state"),
    )
    stopped = context.say(Text("停止", "deactivated"))
    context.show(
        data,
        columns(
            [
                (
                    one.code,
                    one.display_name,
                    one.home_organisation,
                    " ".join(f"{place}:{','.join(roles)}" for place, roles in one.roles.items()),
                    one.mail,
                    "" if one.is_active else stopped,
                )
                for one in found
            ],
            headings=[context.say(text) for text in headings],
        ),
    )


@app.command()
def invite(code: str = typer.Argument(help="The account's code.")) -> None:
    """Make the one-time link with which somebody sets the first password. Hand it over yourself."""
    context = current().ready()
    from daicho.people.actions import invite_account  # noqa: PLC0415

    _sign_as_the_server_does(context)
    _tell_link(context, code, invite_account(code, scope=context.scope(), at=context.at()))


@app.command()
def reset(code: str = typer.Argument(help="The account's code; here, at the machine, also one's own.")) -> None:
    """End an account's password, second factors and sessions, and make a new one-time link."""
    context = current().ready()
    from daicho.people.actions import reset_sign_in  # noqa: PLC0415

    _sign_as_the_server_does(context)
    _tell_link(context, code, reset_sign_in(code, scope=context.scope(), at=context.at(), own=True))


def _sign_as_the_server_does(context: Context) -> None:
    from django.conf import settings  # noqa: PLC0415

    from daicho.site.web_key import make_web_key, web_key  # noqa: PLC0415

    make_web_key(context.workspace)
    settings.SECRET_KEY = web_key(context.workspace)


def _tell_link(context: Context, code: str, token: str) -> None:
    from django.urls import reverse  # noqa: PLC0415

    from daicho.people.invitations import GOOD_FOR  # noqa: PLC0415

    address = context.workspace.address.rstrip("/")
    link = address + reverse("people:invited", args=[token])
    where = Text("", "") if address else Text("（サーバーのアドレスの後に続けます）", " (after the server's address)")
    said = Text(
        f"{code} がサインインするためのリンク（{GOOD_FOR.days} 日間、一度だけ有効）{where.ja}:",
        f"One-time link for {code}, good for {GOOD_FOR.days} days{where.en}:",
    )
    context.show(
        {"account": code, "link": link},
        lambda console: console.print(f"{context.say(said)}\n{link}", soft_wrap=True),
    )


@app.command()
def deactivate(code: str = typer.Argument(help="The account's code.")) -> None:
    """End what an account may do. Its code stays in the trail and is not used again."""
    context = current().ready()
    from daicho.people.actions import deactivate_account  # noqa: PLC0415

    deactivate_account(code, scope=context.scope(), at=context.at())
    context.show(
        {"account": code, "is_active": False},
        lambda console: console.print(
            context.say(Text(f"アカウント {code} を停止しました。", f"The account {code} is deactivated."))
        ),
    )


def _address(path: str) -> str:
    found = _name(path).strip()
    if not found:
        raise InputError(
            Text("メールアドレスが空です。", "There is no mail address in it."),
            advice=Text("name@example.jp の形で一行に書いてください。", "Write it on one line, as name@example.jp."),
            place=Place(path=path),
        )
    return found


def _name(path: str) -> str:
    try:
        return read_input(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            Text("ファイルが UTF-8 ではありません。", "The file is not UTF-8."),
            advice=Text("UTF-8 で保存し直してください。", "Save the file as UTF-8."),
            place=Place(path=path),
        ) from None
