"""``daicho policy``: read, check, compare, render, draft and publish the declared policy.

``schema``, ``check``, ``compare`` and ``render`` need no workspace and no database.
"""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console
from rich.text import Text as Line

from daicho.cli.context import Context, columns, current, read_input
from daicho.policy.check import PolicyFinding, check, rules_in_force
from daicho.policy.compare import Kind, PolicyChange, compare
from daicho.policy.language import PolicyFile, policy_schema_text, read_policy
from daicho.policy.rules.duties import MOMENT_WORDS
from daicho.policy.rules.rule import Severity
from daicho.words.errors import InputError, Place
from daicho.words.text import Language, Text

app = typer.Typer(no_args_is_help=True, help="方針: the declared policy, checked, compared, rendered and published.")

_SIGNS: Final = {Kind.ADDED: ("+", "green"), Kind.REMOVED: ("-", "red"), Kind.CHANGED: ("~", "yellow")}

FILE = typer.Argument(help="A policy (YAML), or - for standard input.", metavar="FILE")
ON = typer.Option(None, "--on", help="Judge by the law of this day (2026-11-23); today without it.", metavar="DATE")
ORGANISATION = typer.Option(None, "--organisation", help="The group's parent; needed only with several drafts.")

_SEVERITY: Final = {
    Severity.ERROR: (Text("誤り", "error"), "bold red"),
    Severity.GAP: (Text("不足", "gap"), "yellow"),
    Severity.ADVICE: (Text("助言", "advice"), "cyan"),
}


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy language."""
    current().out.write(policy_schema_text())


@app.command("check")
def check_file(file: str = FILE, on: str | None = ON) -> None:
    """Report every finding at once. Exit 0: none; 1: findings; 2: not a valid document (every error is told)."""
    context = current()
    day = _day(on, "--on") or context.today()
    policy = _read(file)
    findings = check(policy, on=day)
    rules = len({rule.id for rule in rules_in_force(policy, on=day)})
    if not rules:
        raise InputError(
            Text("その日に有効な規則がありません。", "No rule is in force on that day."),
            advice=Text(
                "規則の表は 2017-05-30 からのものです。--on にそれ以降の日を指定してください。",
                "The tables of rules begin on 2017-05-30; name a later day with --on.",
            ),
        )
    context.show(
        _findings_data(file, day, rules, findings),
        lambda console: _print_findings(context, console, day, rules, findings),
    )
    if findings:
        raise typer.Exit(1)


@app.command("compare")
def compare_files(
    old: str = typer.Argument(help="The policy before (YAML).", metavar="OLD"),
    new: str = typer.Argument(help="The policy after (YAML).", metavar="NEW"),
    on: str | None = ON,
) -> None:
    """Tell two policies apart, and what each difference obliges to. Exit 0: nothing owed; 1: something is."""
    context = current()
    day = _day(on, "--on") or context.today()
    changes = compare(_read(old).policy, _read(new).policy, on=day)
    data = {"old": old, "new": new, "on": day.isoformat(), "changes": [change.as_dict() for change in changes]}
    context.show(data, lambda console: _print_changes(context, console, changes))
    if any(change.duties for change in changes):
        raise typer.Exit(1)


@app.command()
def render(
    file: str = FILE,
    to: Path = typer.Option(..., "--to", help="The folder to write into; made if it is not there.", metavar="DIR"),
) -> None:
    """Write the public page (HTML) and the PDF, each in Japanese and English."""
    from daicho.policy.render import html_of, page_of, pdf_of  # noqa: PLC0415 (fonts and typesetter load only here)
    from daicho.policy.render.html import file_name  # noqa: PLC0415

    context = current()
    policy = _read(file).policy
    made: dict[str, bytes] = {}
    for language in Language:
        page = page_of(policy, language)
        made[file_name(language, "html")] = html_of(page).encode()
        made[file_name(language, "pdf")] = pdf_of(page)
    paths = _write(to, made)
    context.show(
        {"files": [str(path) for path in paths]},
        lambda console: console.print("\n".join(str(path) for path in paths), markup=False),
    )


@app.command("apply")
def apply_file(
    file: str = FILE,
    base: int | None = typer.Option(None, "--base", help="The revision the file was written from.", min=1),
) -> None:
    """Keep the file as the draft of its group. It binds nobody until it is published."""
    context = current().ready()
    from daicho.policy.actions import apply_policy  # noqa: PLC0415

    applied = apply_policy(read_input(file), file, scope=context.scope(), at=context.at(), base=base)
    data = {
        "organisation": applied.organisation,
        "digest": applied.digest,
        "base": applied.base,
        "findings": applied.findings,
        "changed": applied.changed,
    }
    done = Text(
        f"{applied.organisation} の方針の下書きを保存しました（点検の結果 {applied.findings} 件）。",
        f"Kept as the draft policy of {applied.organisation} ({applied.findings} finding(s)).",
    )
    same = Text("下書きはすでにこの内容です。", "The draft already says this.")
    _tell(context, data, done if applied.changed else same)


@app.command()
def submit(organisation: str | None = ORGANISATION) -> None:
    """Ask another officer to approve the draft."""
    _step("submit", organisation, Text("下書きの承認を依頼しました。", "The draft awaits approval."))


@app.command()
def approve(organisation: str | None = ORGANISATION) -> None:
    """Approve a submitted draft that somebody else wrote."""
    _step("approve", organisation, Text("下書きを承認しました。", "The draft is approved."))


@app.command("send-back")
def send_back(organisation: str | None = ORGANISATION) -> None:
    """Give a submitted or approved draft back to its authors."""
    _step("send_back", organisation, Text("下書きを差し戻しました。", "The draft is sent back."))


@app.command()
def publish(
    organisation: str | None = ORGANISATION,
    effective_from: str | None = typer.Option(
        None, "--from", help="The first day it binds; today without it.", metavar="DATE"
    ),
) -> None:
    """Freeze the draft as the next numbered revision. From the second on, not by its author alone."""
    context = current().ready()
    from daicho.policy import actions  # noqa: PLC0415

    scope = context.scope()
    code = organisation or _only_draft(context)
    day = _day(effective_from, "--from") or context.today()
    revision = actions.publish(code, effective_from=day, scope=scope, at=context.at())
    data = {
        "organisation": revision.organisation,
        "number": revision.number,
        "digest": revision.digest,
        "effective_from": revision.effective_from.isoformat(),
    }
    done = Text(
        f"{revision.organisation} の方針 第{revision.number}版を確定しました（{day} 施行、{revision.digest[:12]}…）。",
        f"Revision {revision.number} of the policy of {revision.organisation} is frozen (from {day}, {revision.digest[:12]}…).",
    )
    _tell(context, data, done)


@app.command("list")
def list_all(
    organisation: str | None = typer.Option(
        None, "--organisation", help="The parent or any member; the workspace's without it."
    ),
) -> None:
    """List the revisions and the draft."""
    context = current().ready()
    from daicho.policy import queries  # noqa: PLC0415

    scope = context.scope()
    code = organisation or context.workspace.organisation
    revisions = queries.list_revisions(code)
    drafts = [draft for draft in queries.list_drafts(scope=scope) if draft.organisation == code or not code]
    data = {
        "revisions": [
            {
                "organisation": ref.organisation,
                "number": ref.number,
                "effective_from": ref.effective_from.isoformat(),
                "published_at": ref.published_at.isoformat(),
                "published_by": ref.published_by,
                "drafted_by": ref.drafted_by,
                "approved_by": ref.approved_by,
                "digest": ref.digest,
            }
            for ref in revisions
        ],
        "drafts": [
            {
                "organisation": draft.organisation,
                "base": draft.base,
                "drafted_at": draft.drafted_at.isoformat(),
                "drafted_by": draft.drafted_by,
                "state": draft.state.value,
                "digest": draft.digest,
            }
            for draft in drafts
        ],
    }
    waiting = context.say(Text("下書き", "draft"))
    rows = [
        (str(ref.number), ref.organisation, str(ref.effective_from), ref.published_by, ref.digest[:12])
        for ref in revisions
    ]
    rows += [(waiting, draft.organisation, "", draft.drafted_by, draft.digest[:12]) for draft in drafts]
    headings = (
        Text("版", "revision"),
        Text("組織", "organisation"),
        Text("施行日", "from"),
        Text("確定者", "by"),
        Text("要約値", "digest"),
    )
    context.show(data, columns(rows, headings=[context.say(text) for text in headings]))


@app.command()
def show(
    number: int | None = typer.Argument(None, help="A revision; the one in force without it.", metavar="[NUMBER]"),
    organisation: str | None = typer.Option(
        None, "--organisation", help="The parent or any member; the workspace's without it."
    ),
    on: str | None = typer.Option(None, "--on", help="The one in force on this day.", metavar="DATE"),
    draft: bool = typer.Option(False, "--draft", help="The draft instead."),
) -> None:
    """Print a revision's YAML as it was applied (``--format json``: its content)."""
    context = current().ready()
    from daicho.policy import queries  # noqa: PLC0415

    scope = context.scope()
    if draft:
        kept = queries.find_draft(organisation or _only_draft(context), scope=scope)
        source = kept.source if kept else ""
        content: dict[str, Any] = {} if kept is None else {"digest": kept.digest, "base": kept.base}
    else:
        code = organisation or context.workspace.organisation
        day = _day(on, "--on") or context.today()
        revision = queries.revision_at(code, day) if number is None else queries.get_revision(code, number)
        source = revision.source
        content = {
            "number": revision.number,
            "digest": revision.digest,
            "effective_from": revision.effective_from.isoformat(),
            "policy": revision.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        }
    context.show(content, lambda console: console.print(source, markup=False, end=""))


# ── parts ────────────────────────────────────────────────────────────────────────────────


def _step(step: str, organisation: str | None, done: Text) -> None:
    context = current().ready()
    from daicho.policy import actions  # noqa: PLC0415

    scope = context.scope()
    code = organisation or _only_draft(context)
    take = {"submit": actions.submit, "approve": actions.approve, "send_back": actions.send_back}[step]
    take(code, scope=scope, at=context.at())
    _tell(context, {"organisation": code, "step": step}, done)


def _read(file: str) -> PolicyFile:
    return read_policy(read_input(file), path=file)


def _day(value: str | None, option: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InputError(
            Text(f"{option} は日付ではありません。", f"{option} is not a date."),
            advice=Text("2026-11-23 の形で書いてください。", "Write it as 2026-11-23."),
        ) from None


def _write(folder: Path, made: dict[str, bytes]) -> list[Path]:
    """Write every file beside its place first, then move all into place."""
    paths = [folder / name for name in made]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            path.with_name(f".{path.name}.part").write_bytes(made[path.name])
        for path in paths:
            path.with_name(f".{path.name}.part").replace(path)
    except OSError as error:
        raise InputError(
            Text("書き出し先に書けません。", "The folder cannot be written to."),
            advice=Text("場所と書き込み権限を確かめてください。", "Check the place and the permission to write."),
            place=Place(path=str(folder)),
        ) from error
    return paths


def _print_changes(context: Context, console: Console, changes: list[PolicyChange]) -> None:
    for change in changes:
        difference = change.difference
        sign, style = _SIGNS[difference.kind]
        head = Line(f"{sign} ", style=style)
        head.append(context.say(difference.what), style="bold")
        head.append(f"  {difference.area}:{difference.code}", style="dim")
        if change.human:
            head.append(" " + context.say(Text("（人が判断）", "(a human decides)")), style="magenta")
        console.print(head)
        if difference.before is not None:
            console.print(Line(f"    - {context.say(difference.before)}"))
        if difference.after is not None:
            console.print(Line(f"    + {context.say(difference.after)}"))
        for duty in change.duties:
            cited = " / ".join(citation.say(context.spoken) for citation in duty.citations(on=change.on))
            console.print(Line(f"    → [{context.say(MOMENT_WORDS[duty.moment])}] {context.say(duty.words)} ({cited})"))
    owed = sum(bool(change.duties) for change in changes)
    human = sum(change.human for change in changes)
    summary = Text(
        f"違い {len(changes)} 件。うち {owed} 件に義務があり、{human} 件は人が判断します。",
        f"{len(changes)} difference(s); {owed} oblige to something, {human} are for a human to decide.",
    )
    none = Text("違いはありません。", "No difference.")
    console.print(context.say(summary if changes else none), markup=False)


def _only_draft(context: Context) -> str:
    from daicho.policy.queries import list_drafts  # noqa: PLC0415

    drafts = list_drafts(scope=context.scope())
    if len(drafts) == 1:
        return drafts[0].organisation
    if not drafts:
        raise InputError(
            Text("方針の下書きがありません。", "There is no draft policy."),
            advice=Text("先に daicho policy apply を行ってください。", "Run `daicho policy apply` first."),
        )
    raise InputError(
        Text("下書きが二つ以上あります。", "There is more than one draft."),
        advice=Text("--organisation で親会社を示してください。", "Name the parent with --organisation."),
    )


def _findings_data(file: str, day: date, rules: int, findings: list[PolicyFinding]) -> dict[str, Any]:
    return {
        "file": file,
        "on": day.isoformat(),
        "rules": rules,
        "counts": {
            **{severity.value: count for severity, count in _counts(findings).items()},
            "human": sum(finding.human for finding in findings),
            "unverified": sum(not finding.verified for finding in findings),
        },
        "findings": [finding.as_dict() for finding in findings],
    }


def _counts(findings: list[PolicyFinding]) -> dict[Severity, int]:
    found = Counter(finding.severity for finding in findings)
    return {severity: found[severity] for severity in Severity}


def _print_findings(context: Context, console: Console, day: date, rules: int, findings: list[PolicyFinding]) -> None:
    for finding in findings:
        _print_finding(context, console, finding)
    if not findings:
        none = Text(
            f"{day} の法令・規格による {rules} の規則で、不足は見つかりませんでした。",
            f"No gap found by {rules} rules of the law and standards of {day}.",
        )
        console.print(context.say(none), markup=False)
        return
    counts = _counts(findings)
    human = sum(finding.human for finding in findings)
    unverified = sum(not finding.verified for finding in findings)
    kinds = "・".join if context.spoken == "ja" else ", ".join
    listed = kinds(f"{context.say(_SEVERITY[severity][0])} {count}" for severity, count in counts.items() if count)
    summary = Text(
        f"{day} の法令・規格で {len(findings)} 件（{listed}）。うち {human} 件は人が確かめます。",
        f"{len(findings)} finding(s) by the law and standards of {day} ({listed}); {human} of them are for a human to look at.",
    )
    console.print(context.say(summary), markup=False)
    if unverified:
        console.print(
            context.say(
                Text(
                    f"{unverified} 件は、原文を読み直していない条項だけに基づきます。",
                    f"{unverified} rest only on provisions whose text was not re-read.",
                )
            ),
            markup=False,
        )


def _print_finding(context: Context, console: Console, finding: PolicyFinding) -> None:
    word, style = _SEVERITY[finding.severity]
    head = Line()
    head.append(f"{finding.place}", style="bold")
    head.append(f"  {finding.rule} ")
    head.append(context.say(word), style=style)
    if finding.human:
        head.append(" " + context.say(Text("（人が確認）", "(for a human)")), style="magenta")
    head.append(f"  {finding.cited(context.spoken)}", style="dim")
    console.print(head)
    console.print(Line(f"  {context.say(finding.message)}"))
    console.print(Line(f"  → {context.say(finding.advice)}\n"))


def _tell(context: Context, data: object, text: Text) -> None:
    context.show(data, lambda console: console.print(context.say(text), markup=False))
