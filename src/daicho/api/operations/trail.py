"""The trail: read, signed, exported, verified; and the keys."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, Files, RotateSaid, Told, VerifySaid, Words, files, words
from daicho.keys import actions as keys
from daicho.keys.queries import KeysetStatus, export_public_keys
from daicho.keys.queries import list_keysets as keysets
from daicho.keys.signing import read_public_keys
from daicho.trail import actions, queries, verification
from daicho.trail.actions import CheckpointMade
from daicho.words.text import Text

router = Routes(Text("証跡と鍵", "Trail and keys"))
Seq = Annotated[int, Field(ge=0, le=2**53)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:*-]{0,100}$")]


class EntryTold(Told):
    """An entry, and what it says."""

    seq: int
    at: datetime
    event: str
    actor: str
    organisation: str
    facts: Mapping[str, Any]
    words: Words


class EntryPage(Told):
    """Entries, oldest first; ``next``: give it as ``after`` to go on."""

    entries: Sequence[EntryTold]
    next: int


class FindingTold(Told):
    """Something an export does not agree with itself about."""

    harm: str
    line: int
    first: int
    last: int
    message: Words


class VerificationTold(Told):
    """What verifying found; ``intact``: nothing."""

    trail: str
    intact: bool
    entries: int
    checkpoints: int
    signed_size: int
    findings: Sequence[FindingTold]
    more: int


@router.get("/trail", needs=TokenScope.TRAIL_READ, says=Text("証跡を読む", "Read the trail"), response=EntryPage)
def list_entries(  # noqa: PLR0913, PLR0917 (filters)
    request: ApiRequest,
    event: Word = "",
    about: Word = "",
    actor: Word = "",
    since: datetime | None = None,
    until: datetime | None = None,
    after: Seq = 0,
    before: Seq = 0,
    limit: Annotated[int, Field(ge=1, le=1000)] = 50,
) -> EntryPage:
    """The latest entries, or with ``after`` those behind it. ``event``: a code, or its first word."""
    zone = request.door.at.tzinfo
    found = queries.list_entries(
        scope=request.door.scope,
        event=event,
        about=about,
        actor=actor,
        since=since.replace(tzinfo=zone) if since and since.tzinfo is None else since,
        until=until.replace(tzinfo=zone) if until and until.tzinfo is None else until,
        after=after,
        before=before,
        limit=limit,
    )
    entries = [
        EntryTold(
            seq=one.seq,
            at=one.at,
            event=one.event,
            actor=one.actor,
            organisation=one.organisation,
            facts=one.facts,
            words=Words(ja=one.say("ja"), en=one.say("en")),
        )
        for one in found
    ]
    return EntryPage(entries=entries, next=entries[-1].seq if entries else after)


@router.post(
    "/trail/export",
    needs=TokenScope.TRAIL_READ,
    says=Text("証跡に署名して全件を書き出す", "Sign the trail and write all of it"),
    response=Files,
    together=False,
)
def export_trail(request: ApiRequest) -> Files:
    """JSON lines, for `verify_trail` or ``daicho trail verify``. The trail says that it was exported.

    Only a whole export can be verified, so it is for one who reads the trail of every organisation in it (403).
    """
    queries.require_whole(request.door.scope)
    actions.make_checkpoint(actor=request.door.scope.actor, at=request.door.at, for_export=True)
    made = io.BytesIO()
    queries.export(made.write, at=request.door.at)
    return files({"trail.jsonl": made.getvalue()})


@router.post(
    "/trail/verify",
    needs=TokenScope.TRAIL_READ,
    says=Text("書き出した証跡を検証する", "Verify an exported trail"),
    response=VerificationTold,
)
def verify_trail(request: ApiRequest, body: VerifySaid) -> VerificationTold:
    """Nothing of this installation is asked, but whoever wants to be sure verifies elsewhere."""
    found = verification.verify(
        verification.read_lines(io.BytesIO(body.trail.encode())),
        read_public_keys(body.keys.encode(), path="keys"),
        anchors=body.anchors.encode().splitlines(),
    )
    return VerificationTold(
        trail=found.trail or "",
        intact=found.intact,
        entries=found.entries,
        checkpoints=found.checkpoints,
        signed_size=found.signed_size,
        findings=[
            FindingTold(harm=str(one.harm), line=one.line, first=one.first, last=one.last, message=words(one.message))
            for one in found.findings
        ],
        more=found.more,
    )


@router.post(
    "/trail/checkpoints",
    needs=TokenScope.TRAIL_READ,
    says=Text("証跡に署名する", "Sign the trail as it stands"),
    response=CheckpointMade,
    together=False,
)
def make_checkpoint(request: ApiRequest) -> CheckpointMade:
    """``fresh`` is false when nothing had happened since the last."""
    return actions.make_checkpoint(actor=request.door.scope.actor, at=request.door.at)


@router.get(
    "/trail/keys",
    needs=TokenScope.TRAIL_READ,
    says=Text("検証用の公開鍵", "The public keys an auditor verifies with"),
    response=Files,
)
def get_public_keys(request: ApiRequest) -> Files:
    """With the trail's id."""
    return files({"trail-keys.json": export_public_keys(trail=queries.get_end().trail).encode()})


@router.get("/keys", needs=TokenScope.KEYS_READ, says=Text("鍵束の状態", "List keysets"), response=list[KeysetStatus])
def list_keysets(request: ApiRequest) -> Sequence[KeysetStatus]:
    """Without their secrets."""
    return keysets()


@router.post(
    "/keys/rotation",
    needs=TokenScope.KEYS_WRITE,
    says=Text("鍵を更新する", "Give the keysets a new primary key"),
    response=Done,
    together=False,
)
def rotate_keys(request: ApiRequest, body: RotateSaid) -> Done:
    """Old data stays readable. The key-encryption key is replaced on the machine only."""
    names = keys.rotate(scope=request.door.scope, at=request.door.at, record=actions.record, signing=body.signing)
    return Done(ref=" ".join(names), count=len(names))
