"""The register: stores, maps, holdings; planned, applied, confirmed, exported."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Code, DocumentsSaid, Files, TableSaid, Told, Words, files, words
from daicho.register import queries
from daicho.register.actions import Applied, apply_documents
from daicho.register.actions import confirm_map as confirm
from daicho.register.exporting import export_documents
from daicho.register.heads import read_bases
from daicho.register.health import check_store
from daicho.register.language import DocumentKind
from daicho.register.ledger import ledger_csv, ledger_rows, ledger_workbook
from daicho.register.ledger_reading import draft_holdings, read_ledger
from daicho.register.planning import Key, RegisterPlan, plan_written
from daicho.register.queries import MapView
from daicho.register.sketch import sketch_map
from daicho.words.errors import InputError
from daicho.words.text import Language, Text

router = Routes(Text("台帳と保管先", "Register and stores"))


class StoreTold(Told):
    """A store and the state of its map."""

    code: str
    name: Words
    kind: str
    organisation: str
    department: Words
    map: str | None
    map_state: str


class HealthTold(Told):
    """Whether a store answers and is what its map was checked on; ``error``: the code of what is wrong."""

    store: str
    paper: bool
    error: str | None = None
    message: Words | None = None
    advice: Words | None = None


class HoldingTold(Told):
    """A row of the register."""

    reg_no: str
    organisation: str
    name: Words
    subject_category: str
    items: Sequence[str]
    purposes: Sequence[str]
    store: str
    rpd: str
    retention_period: str
    status: str


class GapTold(Told):
    """Something the register leaves uncovered."""

    kind: str
    what: str
    organisation: str | None


class DocumentsTold(Told):
    """The register as YAML by name, and the digest each document stands at (``kind/organisation/code``)."""

    documents: Mapping[str, str]
    bases: Mapping[str, str]


class PlanTold(Told):
    """What applying would change, and everything wrong."""

    valid: bool
    documents: Sequence[Mapping[str, Any]]
    to_confirm: Sequence[str]
    findings: Sequence[Mapping[str, Any]]


class AppliedTold(Told):
    """How many documents were written; ``to_confirm``: maps that wait for another account."""

    created: int
    changed: int
    removed: int
    unchanged: int
    to_confirm: Sequence[str]


@router.get(
    "/stores", needs=TokenScope.REGISTER_READ, says=Text("保管先の一覧", "List stores"), response=list[StoreTold]
)
def list_stores(request: ApiRequest) -> list[StoreTold]:
    """With the state of their maps: ``in-force``, ``waiting``, ``none``, or ``slips`` for paper."""
    scope = request.door.scope
    maps = {one.store: one for one in queries.list_maps(scope=scope)}
    return [
        StoreTold(
            code=one.code,
            name=words(one.name),
            kind=one.kind,
            organisation=one.organisation,
            department=words(one.department),
            map=maps[one.code].code if one.code in maps else None,
            map_state=_map_state(maps.get(one.code), paper=one.is_paper),
        )
        for one in queries.list_stores(scope=scope)
    ]


def _map_state(view: MapView | None, *, paper: bool) -> str:
    if paper:
        return "slips"
    if view is None:
        return "none"
    return "in-force" if view.in_force else "waiting"


@router.get(
    "/stores/health",
    needs=TokenScope.REGISTER_READ,
    says=Text("保管先の応答と変化を点検する", "See whether stores answer and are unchanged"),
    response=list[HealthTold],
)
def check_stores(request: ApiRequest, store: Code | None = None) -> list[HealthTold]:
    """Asks the live stores; all of the account's own organisations unless one is named."""
    door = request.door
    own = [one for one in queries.list_stores(scope=door.scope) if door.scope.allows(one.organisation)]
    found = [queries.get_own_store(store, scope=door.scope)] if store else own
    told = []
    for ref in found:
        health = check_store(ref, scope=door.scope, open_store=door.open_store)
        wrong = health.error
        told.append(
            HealthTold(
                store=ref.code,
                paper=health.paper,
                error=wrong.code if wrong else None,
                message=words(wrong.message) if wrong else None,
                advice=words(wrong.advice) if wrong else None,
            )
        )
    return told


@router.get(
    "/stores/{store}/sketch",
    needs=TokenScope.REGISTER_WRITE,
    says=Text("生きた表から対応表の下書きを作る", "Draw a first map of a store from its live tables"),
    response=Files,
)
def sketch_store(request: ApiRequest, store: Code) -> Files:
    """For an engineer to correct; nothing is registered."""
    door = request.door
    ref = queries.get_own_store(store, scope=door.scope)
    if ref.is_paper:
        raise InputError(
            Text("紙の保管先に対応表は要りません。", "A paper store needs no map."),
            advice=Text("台帳に書けば検索依頼票で照会できます。", "Write it in the holdings; it is asked by slips."),
        )
    policy = queries.find_policy(scope=door.scope, on=door.today)
    drawn = sketch_map(
        door.open_store(ref).inspect(),
        store=store,
        holdings=[one.reg_no for one in queries.list_holdings(scope=door.scope, store=store)],
        items=[one.code for one in policy.items] if policy else [],
    )
    return files({f"{store}.map.yaml": drawn.text.encode()})


def _key(named: str) -> Key:
    kind, organisation, code = named.split("/")
    return DocumentKind(kind), organisation, code


def _plan(request: ApiRequest, body: DocumentsSaid) -> RegisterPlan:
    bases = {_key(named): digest for named, digest in body.bases.items()}
    return plan_texts(request, body.documents, bases=bases, removed=[_key(named) for named in body.removed])


def plan_texts(
    request: ApiRequest, texts: Mapping[str, str], *, bases: Mapping[Key, str], removed: Sequence[Key] = ()
) -> RegisterPlan:
    """What applying these texts would do."""
    door = request.door
    return plan_written(
        texts,
        bases=bases,
        removed=removed,
        scope=door.scope,
        open_store=door.open_store,
        policy=queries.find_policy(scope=door.scope, on=door.today),
        settings_of=lambda kind: door.kinds.get(kind, ()),
    )


@router.post(
    "/register/plan",
    needs=TokenScope.REGISTER_WRITE,
    says=Text("台帳の文書を適用したときの変更を見る", "Show what applying documents would change"),
    response=PlanTold,
)
def plan_register(request: ApiRequest, body: DocumentsSaid) -> PlanTold:
    """Changes nothing; everything wrong is told at once."""
    found = _plan(request, body)
    return PlanTold(
        valid=found.is_valid,
        documents=[
            {
                "kind": str(one.kind),
                "organisation": one.organisation,
                "code": one.code,
                "change": str(one.change),
                "differences": [
                    {"path": part.path, "before": part.before, "after": part.after} for part in one.differences
                ],
            }
            for one in found.documents
        ],
        to_confirm=[one.code for one in found.checks if one.waits],
        findings=[
            {
                "severity": str(one.severity),
                "code": one.problem.code,
                "path": one.problem.place.path,
                "line": one.problem.place.line,
                "column": one.problem.place.column,
                "message": one.problem.message.as_dict(),
                "advice": one.problem.advice.as_dict(),
            }
            for one in found.findings
        ],
    )


@router.post(
    "/register/apply",
    needs=TokenScope.REGISTER_WRITE,
    says=Text("台帳の文書を適用する", "Apply documents, all of them or none"),
    response=AppliedTold,
)
def apply_register(request: ApiRequest, body: DocumentsSaid) -> Applied:
    """A document that was changed elsewhere since its base is refused."""
    return apply_documents(_plan(request, body), scope=request.door.scope, at=request.door.at)


@router.post(
    "/maps/{code}/confirmation",
    needs=TokenScope.REGISTER_WRITE,
    says=Text(
        "対応表を確認する（適用した人とは別の人）", "Confirm a map, as another account than the one that applied it"
    ),
    response=MapView,
)
def confirm_map(request: ApiRequest, code: Code) -> MapView:
    """It is frozen by its digest from then on."""
    return confirm(code, scope=request.door.scope, at=request.door.at)


@router.get(
    "/register/coverage",
    needs=TokenScope.REGISTER_READ,
    says=Text("台帳の空白を見る", "List what the register leaves uncovered"),
    response=list[GapTold],
)
def list_gaps(request: ApiRequest) -> list[GapTold]:
    """Against the policy in force."""
    door = request.door
    policy = queries.find_policy(scope=door.scope, on=door.today)
    return [
        GapTold(kind=str(one.kind), what=one.what, organisation=one.organisation or None)
        for one in queries.list_gaps(scope=door.scope, policy=policy)
    ]


@router.get(
    "/register/documents",
    needs=TokenScope.REGISTER_READ,
    says=Text("台帳を文書として書き出す", "Export the register as documents"),
    response=DocumentsTold,
)
def export_register(request: ApiRequest) -> DocumentsTold:
    """In the words it was applied in, with the bases to go on from: what `plan_register` and `apply_register` take."""
    with TemporaryDirectory(prefix="daicho-") as folder:
        root = Path(folder)
        export_documents(root, scope=request.door.scope)
        documents = {
            str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.yaml"))
        }
        places = [root, *(path for path in root.rglob("*") if path.is_dir())]
        bases = {key: base.digest for place in places for key, base in read_bases(place).items()}
    return DocumentsTold(documents=documents, bases=bases)


@router.get(
    "/holdings", needs=TokenScope.REGISTER_READ, says=Text("台帳の一覧", "List holdings"), response=list[HoldingTold]
)
def list_holdings(request: ApiRequest, organisation: Code | None = None) -> list[HoldingTold]:
    """The rows of the register."""
    found = queries.list_holdings(scope=request.door.scope, organisations=[organisation] if organisation else None)
    return [
        HoldingTold(
            reg_no=one.reg_no,
            organisation=one.organisation,
            name=words(one.name),
            subject_category=one.subject_category,
            items=list(one.items),
            purposes=list(one.purposes),
            store=one.store,
            rpd=str(one.rpd),
            retention_period=str(one.retention_period),
            status=str(one.status),
        )
        for one in found
    ]


@router.get(
    "/holdings/ledger",
    needs=TokenScope.REGISTER_READ,
    says=Text("個人情報管理台帳を書き出す（Excel か CSV）", "Write the register as an assessor asks for it"),
    response=Files,
)
def export_holdings(
    request: ApiRequest,
    form: Annotated[str, Field(pattern="^(xlsx|csv)$")] = "xlsx",
    organisation: Code | None = None,
    language: Language = Language.JA,
) -> Files:
    """``form``: xlsx or csv."""
    door = request.door
    parts = queries.list_holding_parts(scope=door.scope, organisations=[organisation] if organisation else None)
    rows = ledger_rows(
        parts,
        policy=queries.find_policy(scope=door.scope, on=door.today),
        stores={one.code: one for one in queries.list_stores(scope=door.scope)},
        language=language,
    )
    title = Text("個人情報管理台帳", "Register").say(language)
    return files({f"register.{form}": ledger_workbook(rows, title=title) if form == "xlsx" else ledger_csv(rows)})


@router.post(
    "/holdings/drawing",
    needs=TokenScope.REGISTER_WRITE,
    says=Text("既存の台帳から文書の下書きを作る", "Turn an existing ledger into a holdings document"),
    response=Files,
)
def import_holdings(request: ApiRequest, body: TableSaid) -> Files:
    """Nothing is registered until the document is finished and applied."""
    door = request.door
    try:
        raw = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(
            Text("content が base64 ではありません。", "`content` is not base64."),
            advice=Text("ファイルを base64 にして送ってください。", "Send the file's bytes in base64."),
        ) from None
    drawn = draft_holdings(
        read_ledger(raw, path=body.name),
        organisation=body.organisation or door.organisation,
        policy=queries.find_policy(scope=door.scope, on=door.today),
        stores=queries.list_stores(scope=door.scope),
    )
    return files({"holdings.yaml": drawn.text.encode()})
