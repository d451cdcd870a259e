"""Commands of the people room."""

import typer

from daicho.cli import tokens
from daicho.cli.context import columns, current, read_input
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
        }
        for one in found
    ]
    headings = (
        Text("コード", "code"),
        Text("氏名", "name"),
        Text("所属", "home"),
        Text("役割", "roles"),
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
                    "" if one.is_active else stopped,
                )
                for one in found
            ],
            headings=[context.say(text) for text in headings],
        ),
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


def _name(path: str) -> str:
    try:
        return read_input(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            Text("氏名のファイルが UTF-8 ではありません。", "The file with the name is not UTF-8."),
            advice=Text("UTF-8 で保存し直してください。", "Save the file as UTF-8."),
            place=Place(path=path),
        ) from None
