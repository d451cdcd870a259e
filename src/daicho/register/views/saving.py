"""What every page that writes shares: the plan behind a form, the apply behind its button."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.contrib import messages

from daicho.people.doors import DoorRequest
from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.register.actions import EDITORS_OF_HOLDINGS, EDITORS_OF_STORES, Applied, apply_documents
from daicho.register.language import DocumentKind
from daicho.register.planning import Key, RegisterPlan, plan_written
from daicho.register.queries import find_policy
from daicho.register.rules import Severity
from daicho.stores.settings import Setting
from daicho.words.errors import InputError, NotAllowedError, Problem
from daicho.words.text import Text

_EDITORS: Final = {
    DocumentKind.HOLDING: EDITORS_OF_HOLDINGS,
    DocumentKind.STORE: EDITORS_OF_STORES,
    DocumentKind.MAP: EDITORS_OF_STORES,
}
MOVED: Final = frozenset({"base-moved", "base-unknown"})


def plan(
    request: DoorRequest,
    texts: Mapping[str, str],
    *,
    bases: Mapping[Key, str] | None = None,
    removed: Sequence[Key] = (),
) -> RegisterPlan:
    """What saving these texts would do."""
    door = request.door
    return plan_written(
        texts,
        bases=bases or {},
        removed=removed,
        scope=door.scope,
        open_store=door.open_store,
        policy=find_policy(scope=door.scope, on=door.today),
        settings_of=lambda kind: settings_of(request, kind),
    )


def apply(request: DoorRequest, found: RegisterPlan, *, keepers: Collection[Role]) -> Applied:
    """Carry the plan out and say what came of it.

    Raises:
        NotAllowedError: a text sent from a page holds a document of a kind these roles do not edit here.
    """
    door = request.door
    if any(set(_EDITORS[one.kind]) != set(keepers) for one in found.documents):
        raise NotAllowedError(
            Text("この画面では、その種類の文書を変えられません。", "This page does not change documents of that kind."),
            advice=Text(
                "台帳の行、保管先、対応表は、それぞれの画面で編集してください。",
                "Edit rows, stores and maps each on their own page.",
            ),
        )
    done = apply_documents(found, scope=door.scope, at=door.at, keepers=keepers)
    counts = [
        (done.created, Text("新規 {n} 件", "{n} created")),
        (done.changed, Text("変更 {n} 件", "{n} changed")),
        (done.removed, Text("削除 {n} 件", "{n} removed")),
    ]
    said = [door.say(words.with_values(n=count)) for count, words in counts if count]
    nothing = door.say(Text("変更はありませんでした。", "Nothing was changed."))
    separator = door.say(Text("・", ", "))
    if said:
        messages.success(request, f"{door.say(Text('保存しました', 'Saved'))}: {separator.join(said)}")
    else:
        messages.info(request, nothing)
    for code in done.to_confirm:
        words = Text(
            "対応表 {code} は、別のアカウントが確認するまで使われません。",
            "The map {code} is not used until another account confirms it.",
        )
        messages.warning(request, door.say(words.with_values(code=code)))
    for problem in advice_of(found):
        messages.warning(request, say_problem(request, problem))
    return done


def settings_of(request: DoorRequest, kind: str) -> Sequence[Setting]:
    """The settings a kind of store takes; InputError for a kind there is not."""
    kinds: Mapping[str, Sequence[Setting]] = request.door.kinds
    if kind not in kinds:
        names = ", ".join(kinds)
        raise InputError(
            Text(f"保管先の種類 {kind} はありません。", f"There is no kind of store {kind}."),
            advice=Text(f"{names} のどれかにしてください。", f"Use one of {names}."),
        )
    return kinds[kind]


def advice_of(found: RegisterPlan) -> list[Problem]:
    """What does not stop it but should be looked at."""
    return [one.problem for one in found.findings if one.severity == Severity.ADVICE]


def say_problem(request: DoorRequest, problem: Problem) -> str:
    """What is wrong, and what to do."""
    return f"{request.door.say(problem.message)} {request.door.say(problem.advice)}"


def may_edit(request: DoorRequest, organisation: str, roles: Collection[Role]) -> bool:
    """Whether to offer editing what belongs to this organisation."""
    held = request.door.roles.get(organisation, frozenset())
    return Role.AUDITOR not in held and bool(held & set(roles))


def require_editor(request: DoorRequest, organisation: str, roles: Collection[Role]) -> None:
    """Refuse the form itself, before anybody fills it in."""
    require_role(request.door.scope, organisation, roles)
