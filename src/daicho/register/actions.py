"""The only writer of the register.

`apply_documents` is one transaction for a whole plan: documents, the checks of their maps, and one
trail entry a document, or nothing. The version row is locked first, so that two appliers queue and
the second one's plan is seen to be stale. The note beside the files is written after the commit; if
the process dies between the two, the next plan finds the documents unchanged and writes it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from django.db import transaction

from daicho.people.queries import require_role
from daicho.people.rules import Role
from daicho.register.heads import Base, key_of, write_bases
from daicho.register.kept_shape import shape_changes
from daicho.register.language import DocumentKind
from daicho.register.live import PlannedCheck
from daicho.register.models import MapCheck, RegisterDocument, RegisterRevision, RegisterVersion
from daicho.register.planning import ChangeKind, PlannedDocument, RegisterPlan
from daicho.register.queries import MapView, get_map
from daicho.register.reading import ActiveMap
from daicho.stores.port import Store, StoreChangedError
from daicho.trail.acts import Acts
from daicho.words.errors import DocumentError, NotAllowedError
from daicho.words.scope import Scope
from daicho.words.text import Text

#: Who may change the register of an organisation, and confirm its maps.
KEEPERS: Final = (Role.OFFICER, Role.SECRETARIAT, Role.ENGINEER)
#: On the screen each works on what is theirs: the rows of the 台帳, and stores with their maps.
EDITORS_OF_HOLDINGS: Final = (Role.OFFICER, Role.SECRETARIAT)
EDITORS_OF_STORES: Final = (Role.ENGINEER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What `apply_documents` did. ``to_confirm``: maps that now wait for a second account."""

    created: int
    changed: int
    removed: int
    unchanged: int
    to_confirm: tuple[str, ...]


def apply_documents(plan: RegisterPlan, *, scope: Scope, at: datetime, keepers: Collection[Role] = KEEPERS) -> Applied:
    """Carry out a plan, all of it or nothing, and note beside the files what they were applied as.

    Args:
        keepers: the roles of which one is needed in every organisation of the plan.

    Raises:
        DocumentError: the plan has errors.
        NotAllowedError: the actor keeps no register of an organisation in it, or the register was changed since the plan was made.
    """
    if plan.errors:
        raise DocumentError(plan.errors)
    for organisation in sorted({one.organisation for one in plan.documents}):
        require_role(scope, organisation, keepers)
    with transaction.atomic():
        _lock(plan.token)
        acts = Acts(actor=scope.actor, at=at)
        for one in plan.changes:
            _write(one, scope=scope, at=at)
            facts = {str(one.kind): one.code.lower(), "change": str(one.change), "digest": one.digest or None}
            acts.add(f"{one.kind}.applied", organisation=one.organisation, **facts)
        written = {one.code for one in plan.changes if one.kind == DocumentKind.MAP}
        for check in plan.checks:
            _keep_check(check, scope=scope, at=at)
            if check.renewed and check.code not in written:
                acts.add(
                    "map.applied",
                    organisation=check.organisation,
                    map=check.code,
                    change="rechecked",
                    digest=check.digest,
                )
        _renew()
        acts.write()
    _note_bases(plan.documents)
    waiting = sorted(check.code for check in plan.checks if check.waits)
    counts = [sum(one.change == kind for one in plan.documents) for kind in ChangeKind]
    created, changed, unchanged, removed = counts
    return Applied(created=created, changed=changed, removed=removed, unchanged=unchanged, to_confirm=tuple(waiting))


def confirm_map(code: str, *, scope: Scope, at: datetime, digest: str | None = None) -> MapView:
    """Confirm a map that can change rows, as a second account; it is frozen by its digest from then on.

    Args:
        digest: what the second account has looked at; another map is not confirmed. None = as it stands.

    Raises:
        NotFoundError: no such map within the scope.
        NotAllowedError: by the account that applied it, or it needs no confirmation.
    """
    with transaction.atomic():
        _lock(None)
        view = get_map(code, scope=scope)
        require_role(scope, view.organisation, KEEPERS)
        if view.in_force:
            raise NotAllowedError(
                Text(f"対応表 {code} は確認を待っていません。", f"The map {code} waits for no confirmation."),
                advice=Text("保管先の一覧で状態を確かめてください。", "See its state in the list of stores."),
            )
        if digest is not None and digest != view.digest:
            raise NotAllowedError(
                Text(
                    f"対応表 {code} は、見ている間に変わりました。", f"The map {code} changed while it was looked at."
                ),
                advice=Text("もう一度開いて、内容を確かめてください。", "Open it again and look at what it says now."),
            )
        moved = (
            MapCheck.objects.filter(
                document__kind=DocumentKind.MAP,
                document__code=code,
                organisation=view.organisation,
                digest=view.digest,
                in_force=True,
                confirmed_by="",
            )
            .exclude(checked_by=scope.actor)
            .update(confirmed_by=scope.actor, confirmed_at=at)
        )
        if moved != 1:
            raise NotAllowedError(
                Text(
                    f"対応表 {code} は適用した本人（{view.checked_by}）には確認できません。",
                    f"The map {code} cannot be confirmed by the account that applied it ({view.checked_by}).",
                ),
                advice=Text("別のアカウントで確認してください。", "Another account has to confirm it."),
            )
        _renew()
        acts = Acts(actor=scope.actor, at=at)
        acts.add("map.confirmed", organisation=view.organisation, map=code, digest=view.digest)
        acts.write()
    return get_map(code, scope=scope)


def assert_unchanged(active_map: ActiveMap, store: Store) -> None:
    """Before a run touches a store: are its mapped tables still what the map was checked on?

    Raises:
        StoreChangedError: naming tables and columns, never a value.
    """
    changes = shape_changes(active_map.shape, store.inspect(tuple(active_map.mapped_columns)))
    if changes:
        names = ", ".join(changes)
        raise StoreChangedError(
            Text(
                f"保管先 {active_map.store.code} が、対応表 {active_map.code} を確認した時と違います: {names}",
                f"{active_map.store.code} is not what the map {active_map.code} was checked on: {names}",
            ),
            advice=Text(
                "対応表を直して適用し、別の人が確認してください。それまでこの保管先には触れません。",
                "Mend and apply the map, and have somebody else confirm it; until then this store is not touched.",
            ),
        )


def _lock(token: str | None) -> None:
    """Take the version row until the transaction ends; with ``token``, refuse when it is not the one the plan saw."""
    RegisterVersion.objects.bulk_create([RegisterVersion(pk=1, token="")], ignore_conflicts=True)
    row = RegisterVersion.objects.select_for_update().get(pk=1)
    if token is not None and row.token != token:
        raise NotAllowedError(
            Text("計画の後に台帳が変更されました。", "The register was changed after this plan was made."),
            advice=Text(
                "今の台帳を開き直して、はじめからやり直してください。",
                "Open the register as it stands now, and start again.",
            ),
        )


def _renew() -> None:
    """Tell every reader that what it parsed is old; after the last write, so that nobody keeps a half-written state."""
    RegisterVersion.objects.filter(pk=1).update(token=token_hex(16))


def _write(one: PlannedDocument, *, scope: Scope, at: datetime) -> None:
    row, _ = RegisterDocument.objects.get_or_create(
        organisation=one.organisation, kind=one.kind, code=one.code, defaults={"number": 0, "digest": ""}
    )
    row.number += 1
    row.digest = one.digest
    row.removed_at = at if one.change == ChangeKind.REMOVE else None
    row.save(update_fields=["number", "digest", "removed_at"])
    RegisterRevision.objects.create(
        document=row,
        organisation=one.organisation,
        number=row.number,
        digest=one.digest,
        body=one.body,
        applied_by=scope.actor,
        applied_at=at,
    )
    if one.change == ChangeKind.REMOVE:
        MapCheck.objects.filter(document=row, in_force=True).update(in_force=False)


def _keep_check(check: PlannedCheck, *, scope: Scope, at: datetime) -> None:
    """A map that froze to the same digest keeps its confirmation; otherwise it waits for a second account."""
    row = RegisterDocument.objects.get(organisation=check.organisation, kind=DocumentKind.MAP, code=check.code)
    current = MapCheck.objects.filter(document=row, in_force=True)
    if current.filter(digest=check.digest).update(number=row.number, notes=dict(check.notes)):
        return
    current.update(in_force=False)
    MapCheck.objects.create(
        document=row,
        organisation=check.organisation,
        number=row.number,
        digest=check.digest,
        shape=dict(check.shape),
        notes=dict(check.notes),
        checked_by=scope.actor,
        checked_at=at,
    )


def _note_bases(documents: Iterable[PlannedDocument]) -> None:
    bases: dict[Path, dict[str, Base]] = {}
    gone: dict[Path, list[str]] = {}
    for one in documents:
        if one.file is None:
            continue
        key = key_of(*one.key)
        if one.change == ChangeKind.REMOVE:
            gone.setdefault(one.file.parent, []).append(key)
        else:
            bases.setdefault(one.file.parent, {})[key] = Base(digest=one.digest, file=one.file.name)
    for folder in bases.keys() | gone.keys():
        write_bases(folder, bases.get(folder, {}), gone=gone.get(folder, ()))
