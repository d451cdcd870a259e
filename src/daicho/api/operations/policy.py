"""The policy: checked, compared, rendered, drafted, approved, published; and the house style's sample."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import (
    Code,
    Day,
    Done,
    DraftSaid,
    Files,
    PolicySaid,
    Said,
    Told,
    TwoSaid,
    files,
)
from daicho.letters.press import render
from daicho.letters.sample import sample_ledger, sample_letter
from daicho.policy import actions, queries
from daicho.policy.check import check, rules_in_force
from daicho.policy.compare import compare
from daicho.policy.language import PolicyFile, policy_schema_text, read_policy
from daicho.policy.queries import DraftRef, RevisionRef, policy_in_force
from daicho.policy.render import html_of, page_of, pdf_of
from daicho.policy.render.html import file_name
from daicho.rights.house import house_of
from daicho.words.errors import InputError
from daicho.words.text import Language, Text

router = Routes(Text("方針", "Policy"))


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class StepSaid(Said):
    """The group, by its parent's code. ``digest``: of the draft that was looked at; another one is refused."""

    organisation: Code
    digest: Digest | None = None


class RemarkSaid(StepSaid):
    """Why it is sent back."""

    remark: Annotated[str, Field(max_length=2000)] = ""


class PublishSaid(StepSaid):
    """From which day; today without one."""

    effective_from: Day | None = None


class Findings(Told):
    """What the rules of that day find. ``rules``: how many were in force."""

    on: date
    rules: int
    findings: Sequence[Mapping[str, Any]]


class Changes(Told):
    """The differences of two policies, and what each obliges to."""

    on: date
    changes: Sequence[Mapping[str, Any]]


class Revisions(Told):
    """Published revisions, oldest first, and the drafts within reach."""

    revisions: Sequence[RevisionRef]
    drafts: Sequence[DraftRef]


class PolicyText(Told):
    """A revision: its YAML as it was applied, and its content."""

    number: int
    digest: str
    effective_from: date
    source: str
    policy: Mapping[str, Any]


def _read(document: str, name: str = "document") -> PolicyFile:
    return read_policy(document.encode(), path=name)


@router.get(
    "/policy/schema",
    needs=TokenScope.POLICY_READ,
    says=Text("方針の言語の JSON Schema", "The JSON Schema of the policy language"),
    response=Files,
)
def get_policy_schema(request: ApiRequest) -> Files:
    """For editors."""
    return files({"policy.schema.json": policy_schema_text().encode()})


@router.post(
    "/policy/check",
    needs=TokenScope.POLICY_READ,
    says=Text("方針を点検する", "Check a policy"),
    response=Findings,
)
def check_policy(request: ApiRequest, body: PolicySaid) -> Findings:
    """Every finding at once, with its place, its article and what to write instead."""
    file, on = _read(body.document), body.on or request.door.today
    rules = len({rule.id for rule in rules_in_force(file, on=on)})
    if not rules:
        raise InputError(
            Text("その日に有効な規則がありません。", "No rule is in force on that day."),
            advice=Text("2017-05-30 以降の日を指定してください。", "Name a day from 2017-05-30 on."),
        )
    return Findings(on=on, rules=rules, findings=[one.as_dict() for one in check(file, on=on)])


@router.post(
    "/policy/compare",
    needs=TokenScope.POLICY_READ,
    says=Text("二つの方針を比べる", "Tell two policies apart"),
    response=Changes,
)
def compare_policies(request: ApiRequest, body: TwoSaid) -> Changes:
    """And what each difference obliges to."""
    on = body.on or request.door.today
    changes = compare(_read(body.old, "old").policy, _read(body.new, "new").policy, on=on)
    return Changes(on=on, changes=[one.as_dict() for one in changes])


@router.post(
    "/policy/render",
    needs=TokenScope.POLICY_READ,
    says=Text("公表用のページと PDF を作る", "Render the public page and the PDF"),
    response=Files,
)
def render_policy(request: ApiRequest, body: PolicySaid) -> Files:
    """Each in Japanese and English; nothing is kept."""
    policy = _read(body.document).policy
    made: dict[str, bytes] = {}
    for language in Language:
        page = page_of(policy, language)
        made[file_name(language, "html")] = html_of(page).encode()
        made[file_name(language, "pdf")] = pdf_of(page)
    return files(made)


@router.post(
    "/policy/draft",
    needs=TokenScope.POLICY_WRITE,
    says=Text("方針の下書きを保存する", "Keep a policy as the draft"),
    response=actions.Applied,
)
def apply_policy(request: ApiRequest, body: DraftSaid) -> actions.Applied:
    """It binds nobody until it is published. With ``seen``, what somebody else saved meanwhile is not written over."""
    door = request.door
    return actions.apply_policy(
        body.document.encode(), "document", scope=door.scope, at=door.at, base=body.base, seen=body.seen
    )


@router.post(
    "/policy/submission",
    needs=TokenScope.POLICY_WRITE,
    says=Text("下書きの承認を求める", "Ask for the approval of the draft"),
    response=Done,
)
def submit_policy(request: ApiRequest, body: StepSaid) -> Done:
    """By who wrote it."""
    actions.submit(body.organisation, digest=body.digest, scope=request.door.scope, at=request.door.at)
    return Done(ref=body.organisation, state="submitted")


@router.post(
    "/policy/approval",
    needs=TokenScope.POLICY_WRITE,
    says=Text("下書きを承認する", "Approve the draft"),
    response=Done,
)
def approve_policy(request: ApiRequest, body: StepSaid) -> Done:
    """By another account than those that wrote it."""
    actions.approve(body.organisation, digest=body.digest, scope=request.door.scope, at=request.door.at)
    return Done(ref=body.organisation, state="approved")


@router.post(
    "/policy/return",
    needs=TokenScope.POLICY_WRITE,
    says=Text("下書きを差し戻す", "Send the draft back"),
    response=Done,
)
def send_back_policy(request: ApiRequest, body: RemarkSaid) -> Done:
    """With a remark for who wrote it."""
    actions.send_back(
        body.organisation, remark=body.remark, digest=body.digest, scope=request.door.scope, at=request.door.at
    )
    return Done(ref=body.organisation, state="sent_back")


@router.post(
    "/policy/discarding",
    needs=TokenScope.POLICY_WRITE,
    says=Text("下書きを破棄する", "Throw the draft away"),
    response=Done,
)
def discard_policy(request: ApiRequest, body: StepSaid) -> Done:
    """What is published stays."""
    actions.discard(body.organisation, digest=body.digest, scope=request.door.scope, at=request.door.at)
    return Done(ref=body.organisation, state="discarded")


@router.post(
    "/policy/publication",
    needs=TokenScope.POLICY_WRITE,
    says=Text("下書きを次の版として確定する", "Freeze the draft as the next numbered revision"),
    response={201: RevisionRef},
)
def publish_policy(request: ApiRequest, body: PublishSaid) -> RevisionRef:
    """From that day on it binds."""
    door = request.door
    return actions.publish(
        body.organisation,
        effective_from=body.effective_from or door.today,
        digest=body.digest,
        scope=door.scope,
        at=door.at,
    )


@router.get(
    "/policy/revisions",
    needs=TokenScope.POLICY_READ,
    says=Text("方針の版と下書きの一覧", "List revisions and drafts"),
    response=Revisions,
)
def list_policies(request: ApiRequest, organisation: Code) -> Revisions:
    """Of the group that the organisation belongs to."""
    request.door.scope.require(organisation)
    drafts = [one for one in queries.list_drafts(scope=request.door.scope) if one.organisation == organisation]
    return Revisions(revisions=queries.list_revisions(organisation), drafts=drafts)


@router.get("/policy", needs=TokenScope.POLICY_READ, says=Text("方針を読む", "Read a policy"), response=PolicyText)
def get_policy(
    request: ApiRequest,
    organisation: Code,
    number: Annotated[int, Field(ge=1, le=1_000_000)] | None = None,
    on: Day | None = None,
) -> PolicyText:
    """A numbered revision, or the one in force on that day (today)."""
    request.door.scope.require(organisation)
    if number is not None:
        found = queries.get_revision(organisation, number)
    else:
        found = queries.revision_at(organisation, on or request.door.today)
    return PolicyText(
        number=found.number,
        digest=found.digest,
        effective_from=found.effective_from,
        source=found.source,
        policy=found.policy.model_dump(mode="json", by_alias=True, exclude_defaults=True),
    )


@router.get(
    "/letters/sample",
    needs=TokenScope.POLICY_READ,
    says=Text("書式の見本（PDF）", "A sample of the house style, as PDF"),
    response=Files,
)
def print_sample(request: ApiRequest, organisation: Code, language: Language = Language.JA) -> Files:
    """A letter and a page of the ledger about an invented person."""
    request.door.scope.require(organisation)
    on = request.door.today
    house = house_of(policy_in_force(organisation, on), organisation)
    printed = {
        f"sample-letter-{organisation}-{language}.pdf": render(sample_letter(house, language=language, on=on)),
        f"sample-ledger-{organisation}-{language}.pdf": render(sample_ledger(house, language=language, on=on)),
    }
    warnings = [one.message for paper in printed.values() for one in paper.warnings]
    return files({name: paper.pdf for name, paper in printed.items()}, warnings)
