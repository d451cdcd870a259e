"""What `daicho plan` shows and `daicho apply` does: documents against the register, the policy and the live stores.

Documents come from files, or are written on a screen. Reads everything, writes nothing. A plan remembers the state it was made on; applying it refuses
when the register moved meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from daicho.policy.language import Policy
from daicho.register.compile import adapter_values, frozen_digest, store_ref
from daicho.register.documents import check_document, kind_of
from daicho.register.files import bytes_of, find_files, is_another_kind
from daicho.register.heads import NAME, Base, key_of, read_bases
from daicho.register.language import DocumentKind, HoldingsDocument, MapDocument, StoreDocument
from daicho.register.live import OpenStore, PlannedCheck, check_live
from daicho.register.placing import check_places
from daicho.register.queries import Head, State, current_state
from daicho.register.rules import Contents, Draft, Findings, RegisterFinding, Severity, check_together, store_unknown
from daicho.register.writing import Difference, differences, digest_of, plain, to_yaml
from daicho.stores.settings import Setting, check_settings
from daicho.words.documents import read_document
from daicho.words.errors import DocumentError, InputError, Place, Problem
from daicho.words.scope import Scope
from daicho.words.text import Language, Text

SettingsOf = Callable[[str], Sequence[Setting]]
Key = tuple[DocumentKind, str, str]


class ChangeKind(StrEnum):
    """What applying would do to a document."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """One document of a plan. ``base`` is the register's digest it replaces, None when there is none."""

    kind: DocumentKind
    organisation: str
    code: str
    change: ChangeKind
    digest: str
    base: str | None
    body: str
    file: Path | None
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> Key:
        """How the register finds it."""
        return self.kind, self.organisation, self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPlan:
    """Everything `apply_documents` needs. ``token``: the state of the register it was made on."""

    documents: tuple[PlannedDocument, ...]
    checks: tuple[PlannedCheck, ...]
    findings: tuple[RegisterFinding, ...]
    token: str

    @property
    def errors(self) -> list[Problem]:
        """What stops it."""
        return [one.problem for one in self.findings if one.severity == Severity.ERROR]

    @property
    def is_valid(self) -> bool:
        """Whether it can be applied."""
        return not self.errors

    @property
    def changes(self) -> list[PlannedDocument]:
        """The documents that would be written."""
        return [one for one in self.documents if one.change != ChangeKind.UNCHANGED]


def plan_documents(
    paths: Sequence[Path],
    *,
    scope: Scope,
    open_store: OpenStore,
    policy: Policy | None,
    settings_of: SettingsOf | None = None,
) -> RegisterPlan:
    """Compare files with the register and with the live stores their maps speak of.

    Args:
        paths: files, and folders that are walked for ``*.yaml``.
        policy: the policy in force, else the draft; None when there is none yet.
        settings_of: the settings a kind of store takes; None = they are not checked here.

    Raises:
        InputError: a path does not exist.
    """
    work = _Work(scope=scope, state=current_state())
    for path, walked in find_files(paths):
        work.read(path, walked=walked)
    work.compare(paths)
    found = _finish(work, open_store=open_store, policy=policy, settings_of=settings_of)
    if not (work.drafts or work.planned or work.findings.found):
        return replace(found, findings=(_nothing(paths),))
    return found


def plan_written(
    texts: Mapping[str, str],
    *,
    bases: Mapping[Key, str],
    removed: Sequence[Key] = (),
    scope: Scope,
    open_store: OpenStore,
    policy: Policy | None,
    settings_of: SettingsOf | None = None,
) -> RegisterPlan:
    """As `plan_documents`, for documents written on a screen.

    Args:
        texts: name of a document in messages → its YAML.
        bases: for every document that was opened or is to be removed, the digest it had then; one that
            is in the register and not here is refused, because somebody else made it meanwhile.
        removed: documents to take out of the register.
    """
    noted = {key: Base(digest=digest, file="") for key, digest in bases.items()}
    work = _Work(scope=scope, state=current_state(), noted=noted)
    for path, text in texts.items():
        work.read_bytes(text.encode(), Path(path))
    work.compare(())
    for key in removed:
        head = work.state.heads.get(key)
        if head is not None:
            work.remove(head, noted.get(key, Base(digest="", file="")), None)
    return _finish(work, open_store=open_store, policy=policy, settings_of=settings_of)


def _finish(
    work: "_Work", *, open_store: OpenStore, policy: Policy | None, settings_of: SettingsOf | None
) -> RegisterPlan:
    """Check what was read against everything else."""
    if settings_of is not None:
        work.check_settings(settings_of)
    after = work.after()
    work.findings.found += check_together(work.drafts.values(), after, policy)
    others = [draft for key, draft in _kept_drafts(work) if key not in work.drafts]
    work.findings.found += [one for one in check_together(others, after, None) if one.severity == Severity.ERROR]
    settled = {one.key for one in work.planned if one.change == ChangeKind.UNCHANGED}
    new = [draft for key, draft in work.drafts.items() if key not in settled]
    check_places(new, after, findings=work.findings, open_store=open_store)
    work.check_maps(after, open_store)
    return RegisterPlan(
        documents=tuple(work.planned),
        checks=tuple(work.checks),
        findings=tuple(sorted(work.findings.found, key=_position)),
        token=work.state.token,
    )


@dataclass(slots=True, kw_only=True)
class _Work:
    scope: Scope
    state: State
    noted: Mapping[Key, Base] | None = None  # what the documents came from, when no file says it
    drafts: dict[Key, Draft] = field(default_factory=dict)
    files: dict[Key, Path] = field(default_factory=dict)
    read_files: set[Path] = field(default_factory=set)
    planned: list[PlannedDocument] = field(default_factory=list)
    checks: list[PlannedCheck] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def read(self, path: Path, *, walked: bool) -> None:
        """Read one file into drafts; its errors become findings."""
        self.read_files.add(path)
        self.read_bytes(bytes_of(path), path, walked=walked)

    def read_bytes(self, raw: bytes, path: Path, *, walked: bool = False) -> None:
        """As `read`, with the bytes at hand."""
        try:
            document = read_document(raw, path=str(path))
            if walked and kind_of(document) is None and is_another_kind(document):
                return
            model = check_document(document).model
        except DocumentError as error:
            self.findings.found += [RegisterFinding(severity=Severity.ERROR, problem=one) for one in error.problems]
            return
        match model:
            case StoreDocument():
                self._add(Draft(kind=DocumentKind.STORE, model=model, document=document), path)
            case HoldingsDocument():
                for index, part in enumerate(model.holdings):
                    steps = ("holdings", index)
                    self._add(Draft(kind=DocumentKind.HOLDING, model=part, document=document, steps=steps), path)
            case MapDocument():
                self._add(Draft(kind=DocumentKind.MAP, model=model, document=document), path)

    def _add(self, draft: Draft, path: Path) -> None:
        organisation = draft.model.organisation if not isinstance(draft.model, MapDocument) else ""
        key = (draft.kind, organisation, draft.code)
        rivals = [known for known in self.drafts if _same_document(known, key)]
        if rivals:
            self.findings.error(
                "document-twice",
                Text(
                    f"{draft.code} は {self.files[rivals[0]]} にもあります。",
                    f"{draft.code} also stands in {self.files[rivals[0]]}.",
                ),
                Text("どちらかを消してください。", "Remove one of them."),
                draft=draft,
            )
            return
        self.drafts[key] = draft
        self.files[key] = path

    def compare(self, paths: Sequence[Path]) -> None:
        """Give maps their organisation, then compare every draft with the register and its base."""
        self._place_maps()
        self._refuse_foreign()
        for key, draft in self.drafts.items():
            self._compare_one(key, draft)
        self._find_removals(paths)

    def _place_maps(self) -> None:
        stores = {**self.state.contents.stores}
        stores.update({d.model.store: d.model for d in self.drafts.values() if isinstance(d.model, StoreDocument)})
        for key, draft in list(self.drafts.items()):
            if isinstance(draft.model, MapDocument) and draft.model.store in stores:
                placed = (DocumentKind.MAP, stores[draft.model.store].organisation, draft.code)
                self.drafts[placed], self.files[placed] = self.drafts.pop(key), self.files.pop(key)

    def _refuse_foreign(self) -> None:
        """A store of another company is unknown here, in the same words as one that is nowhere.

        Rows of the register may name it once somebody with a scope over both has put one of their organisation there.
        """
        stores = self.state.contents.stores
        foreign = {code for code, store in stores.items() if not self.scope.allows(store.organisation)}
        shared = {(part.organisation, part.store) for part in self.state.contents.holdings.values()}
        for key, draft in list(self.drafts.items()):
            model = draft.model
            if isinstance(model, StoreDocument) or model.store not in foreign:
                continue
            if isinstance(model, MapDocument) or (model.organisation, model.store) not in shared:
                store_unknown(self.findings, draft, model.store)
                del self.drafts[key], self.files[key]

    def _compare_one(self, key: Key, draft: Draft) -> None:
        kind, organisation, code = key
        if organisation and not self.scope.allows(organisation):
            self.findings.error(
                "not-found",
                Text(f"組織 {organisation} はありません。", f"There is no organisation {organisation}."),
                Text("このアカウントの所属を確かめてください。", "Check which organisations this account belongs to."),
                draft=draft,
                at=("organisation",),
            )
            return
        moved = [head for head in self.state.heads if _same_document(head, key) and head != key]
        if moved:
            self.findings.error(
                "organisation-changed",
                Text(
                    f"コード {code} はすでに別の組織で使われています。",
                    f"The code {code} is already used by another organisation.",
                ),
                Text("別のコードにしてください。", "Use another code."),
                draft=draft,
            )
            return
        head = self.state.heads.get(key)
        after = plain(draft.model)
        digest = digest_of(after)
        file = self.files[key]
        change = _change_of(head, digest)
        if change == ChangeKind.CHANGE and head is not None:
            self._require_base(key, draft, head)
        self.planned.append(
            PlannedDocument(
                kind=kind,
                organisation=organisation,
                code=code,
                change=change,
                digest=digest,
                base=head.digest if head else None,
                body=to_yaml(after),
                file=file if self.noted is None else None,
                differences=tuple(differences(plain(head.model), after)) if head else (),
            )
        )

    def _require_base(self, key: Key, draft: Draft, head: Head) -> None:
        noted = self.noted
        base = read_bases(self.files[key].parent).get(key_of(*key)) if noted is None else noted.get(key)
        if base is not None and base.digest == head.digest:
            return
        if self.noted is not None:
            self.findings.error("base-moved" if base else "base-unknown", *_moved_on_screen(head, base), draft=draft)
            return
        code = "base-moved" if base else "base-unknown"
        message = (
            Text(
                f"{draft.code} はこのファイルの元になった版の後、別の場所で変更されています（現在 第{head.number}版）。",
                f"{draft.code} was changed elsewhere after the revision this file came from (now revision {head.number}).",
            )
            if base
            else Text(
                f"{draft.code} は登録済みですが、このファイルがどの版から作られたか分かりません（{NAME} がありません）。",
                f"{draft.code} is registered, and it is not known which revision this file came from (no {NAME}).",
            )
        )
        self.findings.error(code, message, _export_advice(self.files[key].parent), draft=draft)

    def _find_removals(self, paths: Sequence[Path]) -> None:
        """Documents this folder held when it was applied, that no file holds any more."""
        folders = {path.parent for path in self.read_files}
        for path in paths:
            if path.is_dir():
                folders |= {one.parent for one in path.rglob(NAME)}
        for folder in sorted(folders):
            for text, base in sorted(read_bases(folder).items()):
                kind, organisation, code = text.split("/", 2)
                head = self.state.heads.get((DocumentKind(kind), organisation, code))
                file = folder / base.file
                if head is not None and (file in self.read_files or not file.exists()):
                    self.remove(head, base, file)

    def remove(self, head: Head, base: Base, file: Path | None) -> None:
        """Plan to take a document out, unless it stands elsewhere in the plan or was changed since."""
        key = (head.kind, head.organisation, head.code)
        if (
            key in self.drafts
            or any(one.key == key for one in self.planned)
            or not self.scope.allows(head.organisation)
        ):
            return
        if base.digest != head.digest:
            place = Place(path=str(file or f"register:{head.kind}/{head.code}"))
            message = Text(
                f"{head.code} は消されていますが、その後に別の場所で変更されています。",
                f"{head.code} was removed here and changed elsewhere since.",
            )
            advice = _export_advice(file.parent) if file else _moved_on_screen(head, base)[1]
            problem = Problem(code="base-moved", place=place, message=message, advice=advice)
            self.findings.found.append(RegisterFinding(severity=Severity.ERROR, problem=problem))
            return
        self.planned.append(
            PlannedDocument(
                kind=head.kind,
                organisation=head.organisation,
                code=head.code,
                change=ChangeKind.REMOVE,
                digest="",
                base=head.digest,
                body="",
                file=file,
            )
        )

    def check_settings(self, settings_of: SettingsOf) -> None:
        """Look at the settings of every store before any is opened."""
        for draft in self.drafts.values():
            if not isinstance(draft.model, StoreDocument):
                continue
            try:
                known = settings_of(draft.model.kind)
            except InputError as error:
                self.findings.error("store-kind", error.message, error.advice, draft=draft, at=("kind",))
                continue
            values = adapter_values(store_ref(draft.model), known, language=Language.JA)
            for one in check_settings(known, values):
                self.findings.error(one.code, one.message, one.advice, draft=draft, at=("settings", one.name))

    def after(self) -> Contents:
        """The register as it would be."""
        removed = {one.key for one in self.planned if one.change == ChangeKind.REMOVE}
        contents = Contents()
        for key, head in self.state.heads.items():
            if key not in removed:
                contents.put(head.model)
        for draft in self.drafts.values():
            contents.put(draft.model)
        return contents

    def check_maps(self, after: Contents, open_store: OpenStore) -> None:
        """Compare every map at hand, and every map that a change of its store or holdings moves, with its live store."""
        if any(one.severity == Severity.ERROR for one in self.findings.found):
            return  # a map is compared with its store once it agrees with itself and the register
        touched = {(one.kind, one.code) for one in self.planned if one.change != ChangeKind.UNCHANGED}
        for key, draft in _kept_drafts(self):
            if not isinstance(draft.model, MapDocument):
                continue
            holdings = after.holdings_of(draft.model)
            relies = {key[::2], (DocumentKind.STORE, draft.model.store)}
            relies |= {(DocumentKind.HOLDING, part.reg_no) for part in holdings.values()}
            if key in self.drafts or (relies & touched and self._moves(draft.model, after)):
                found = check_live(
                    draft,
                    draft.model,
                    after.stores[draft.model.store],
                    holdings,
                    known=self.state.checks.get(draft.code),
                    open_store=open_store,
                    settled=not relies & touched,
                    spoken=key in self.drafts,
                )
                self.findings.found += found.findings
                self.checks += [found.check] if found.check else []

    def _moves(self, document: MapDocument, after: Contents) -> bool:
        """Whether the plan changes what was confirmed of a map; words for people may change while its store is away."""
        known = self.state.checks.get(document.map)
        if known is None:
            return True
        store, holdings = after.stores[document.store], after.holdings_of(document)
        shape_digest = known.compiled.shape_digest
        return frozen_digest(document, store, holdings, shape_digest=shape_digest) != known.digest


def _kept_drafts(work: _Work) -> list[tuple[Key, Draft]]:
    """Every document of the register as it would be, as a draft; those of no file stand at ``register:…``."""
    found: list[tuple[Key, Draft]] = []
    removed = {one.key for one in work.planned if one.change == ChangeKind.REMOVE}
    for key, head in work.state.heads.items():
        if key not in removed and key not in work.drafts:
            path = f"register:{head.kind}/{head.organisation}/{head.code}"
            document = read_document(to_yaml(plain(head.model)).encode(), path=path)
            found.append((key, Draft(kind=head.kind, model=head.model, document=document)))
    return [*work.drafts.items(), *found]


def _same_document(left: Key, right: Key) -> bool:
    """Stores and maps by code alone, holdings by organisation and number."""
    if left[0] != right[0] or left[2] != right[2]:
        return False
    return left[0] != DocumentKind.HOLDING or left[1] == right[1]


def _change_of(head: Head | None, digest: str) -> ChangeKind:
    if head is None:
        return ChangeKind.CREATE
    return ChangeKind.UNCHANGED if head.digest == digest else ChangeKind.CHANGE


def _export_advice(folder: Path) -> Text:
    return Text(
        f"変更を版管理に残し、daicho export --to {folder} で現在の版を書き出してから、変更を載せ直してください。",
        f"Keep your change in version control, run `daicho export --to {folder}`, then put the change on top again.",
    )


def _moved_on_screen(head: Head, base: Base | None) -> tuple[Text, Text]:
    if base is None:
        return (
            Text(f"{head.code} はもう登録されています。", f"{head.code} is already registered."),
            Text(
                "別の番号にするか、登録済みのものを編集してください。", "Use another number, or edit the one there is."
            ),
        )
    return (
        Text(
            f"開いている間に {head.code} が別の人によって変更されました（現在 第{head.number}版）。",
            f"{head.code} was changed by somebody else while it was open here (now revision {head.number}).",
        ),
        Text(
            "違いを見て、自分の変更を載せるか決めてください。書いた内容は失われていません。",
            "Look at the difference and decide whether to put yours on top; nothing you wrote is lost.",
        ),
    )


def _nothing(paths: Iterable[Path]) -> RegisterFinding:
    return RegisterFinding(
        severity=Severity.ERROR,
        problem=Problem(
            code="no-documents",
            place=Place(path=str(next(iter(paths), "."))),
            message=Text("台帳の文書がありません。", "There is no register document here."),
            advice=Text(
                "store:、holdings:、map: で始まる *.yaml を置いてください。",
                "Put *.yaml files that begin with store:, holdings: or map:.",
            ),
        ),
    )


def _position(finding: RegisterFinding) -> tuple[bool, str, int, int, str]:
    """Errors first, then by place."""
    place = finding.problem.place
    return finding.severity != Severity.ERROR, place.path, place.line, place.column, finding.problem.code
