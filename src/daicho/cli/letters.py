"""``daicho letters``: look at a house style before a letter goes out in it."""

from pathlib import Path
from typing import Annotated

import typer

from daicho.cli.context import current
from daicho.cli.rights.papers import Organisation, only_organisation, tell_written, write_paper
from daicho.words.text import Text

app = typer.Typer(no_args_is_help=True, help="書式: how letters look (daicho.toml, [letters]).")


@app.command()
def sample(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Folder for the two papers.")],
    organisation: Organisation = "",
) -> None:
    """Print a letter and a page of the ledger about an invented person, in the style in force."""
    context = current().ready()
    from daicho.letters.press import render  # noqa: PLC0415
    from daicho.letters.sample import sample_ledger, sample_letter  # noqa: PLC0415
    from daicho.policy.queries import policy_in_force  # noqa: PLC0415
    from daicho.rights.house import house_of  # noqa: PLC0415

    scope = context.scope()
    code = organisation or only_organisation(scope)
    scope.require(code)
    on, language = context.today(), context.spoken
    policy = policy_in_force(code, on)
    house = house_of(policy, code)
    printed = {
        f"sample-letter-{code}-{language}.pdf": render(sample_letter(house, language=language, on=on)),
        f"sample-ledger-{code}-{language}.pdf": render(sample_ledger(house, language=language, on=on)),
    }
    for name, paper in printed.items():
        write_paper(to / name, paper.pdf, private=False)
    strange = sorted(set(context.workspace.letters.own) - {one.code for one in policy.organisations})
    warnings = [one.message for paper in printed.values() for one in paper.warnings]
    warnings += [
        Text(
            f"daicho.toml の [letters.{one}] は、施行中の方針にない組織です。",
            f"[letters.{one}] of daicho.toml names no organisation of the policy in force.",
        )
        for one in strange
    ]
    tell_written(context, [str(to / name) for name in printed], dict.fromkeys(warnings), organisation=code)
