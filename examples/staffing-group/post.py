"""The letters in the post, one after another, as the desk works them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from story import Story

HERE = Path(__file__).parent

#: Who does what. Two persons are needed where one could err alone.
OFFICER, DESK, CHECKER, ENGINEER, AUDITOR = "kanri", "mado", "shinsa", "infra", "kansa"


@dataclass(slots=True)
class Post:
    """What the desk has at hand; ``cases``: file stem of the form → number of the request."""

    story: Story
    folder: Path
    cases: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    # ── the steps of every case ──────────────────────────────────────────────────────────

    def open(self, form: str, day: str) -> str:
        """Register the form ``requests/<form>.yaml``; return the request's number."""
        self.story.day(day)
        written = self.story.run("rights", "open", HERE / "requests" / f"{form}.yaml", by=DESK)
        found = re.search(r"R-\d{4}-\d+", written)
        number = found.group() if found else ""
        self.cases[form] = number
        return number

    def papers(self, number: str, *, evidence: bool = False) -> None:
        """The form itself, the copy of a licence with the domicile blacked out, and evidence."""
        self.story.run("rights", "document", number, "--kind", "form", "--place", "A-3", by=DESK)
        self.story.run(
            "rights", "document", number, "--kind", "id_copy", "--paper", "drivers_licence", "--masked", "sender", "--place", "A-3",
            by=DESK,
        )  # fmt: skip
        if evidence:
            self.story.run("rights", "document", number, "--kind", "evidence", "--place", "A-3", by=DESK)

    def money(self, number: str, yen: int, instrument: str) -> None:
        """A postal money order out of the envelope."""
        self.story.run("rights", "fee", number, "--amount", str(yen), "--number", instrument, by=DESK)

    def check(self, number: str, *, ends: Sequence[int] = (0,)) -> None:
        """Is everything there, and is it really this person?"""
        self.story.run("rights", "check", number, "--identity-verified", by=DESK, ends=ends)

    def search(self, number: str, *, paper: str = "none", ends: Sequence[int] = (0, 1)) -> None:
        """Search every store; let the departments of paper stores answer ``found`` or ``none``."""
        self.story.run("rights", "search", number, by=DESK, ends=ends, lines=24)
        self.slips(number, paper)

    def slips(self, number: str, answer: str) -> bool:
        """The departments answer their slips of this request; False when none was waiting."""
        waiting = [slip for slip in self.show(number)["slips"] if not slip["answer"]]
        count = ["--count", "1"] if answer == "found" else []
        for slip in waiting:
            if answer != "none":
                paper = self.folder / "slips" / f"{slip['store']}-{slip['task']}.pdf"
                self.story.run("rights", "slip", "print", slip["ref"], "--to", paper, by=DESK)
            self.story.run("rights", "slip", "answer", slip["ref"], answer, *count, by=DESK)
        return bool(waiting)

    def decide(self, claim: str, decision: str, *more: str | Path) -> None:
        """Another person decides than who opened the envelope."""
        self.story.run("rights", "decide", claim, decision, *more, by=CHECKER)

    def carry_out(self, claim: str, *more: str, ends: Sequence[int] = (0,)) -> None:
        """Change the stores, and read them back."""
        self.story.run("rights", "carry-out", claim, *more, by=CHECKER, ends=ends, lines=40)

    def answer(self, number: str, form: str, *more: str, ends: Sequence[int] = (0,)) -> None:
        """Letters and data into ``letters/<form>``."""
        to = self.folder / "letters" / form
        self.story.run("rights", "answer", number, "--to", to, *more, by=DESK, ends=ends)
        self.files[number] = sorted(str(path.relative_to(self.folder)) for path in to.iterdir()) if to.exists() else []

    def show(self, number: str) -> Mapping[str, Any]:
        """The case as it stands."""
        found: Mapping[str, Any] = self.story.ask("rights", "show", number, by=DESK)
        return found

    # ── the letters ──────────────────────────────────────────────────────────────────────

    def disclosure(self) -> None:
        """01: everything about an applicant, with what concerns others withheld."""
        number = self.open("01-disclosure", "2026-11-05T10:00:00")
        self.papers(number)
        self.money(number, 500, "00123-4567")
        self.check(number)
        self.search(number)
        claim = f"{number}-1"
        self.story.say(
            "自由記述と第三者の情報は、人が一つずつ見て決める。",
            "Free text and what concerns others is decided by a human, cell by cell.",
        )
        self.story.run("rights", "review", claim, by=CHECKER, ends=(0, 1), lines=40)
        cells = self.story.ask("rights", "review", claim, by=CHECKER)
        decided = self.folder / "workspace" / "cells-01.json"
        decided.write_text(
            json.dumps({one["cell"]: _verdict(one) for one in cells}, ensure_ascii=False), encoding="utf-8"
        )
        self.story.run("rights", "cells", claim, decided, by=CHECKER)
        self.story.day("2026-11-06T15:00:00")
        reason = self.folder / "workspace" / "reason-01.txt"
        reason.write_text("面接メモ等のうち、ご本人以外の方に関する記述は開示しておりません。", encoding="utf-8")
        self.decide(claim, "partly", "--ground", "harms_rights", "--reason-file", reason)
        self.carry_out(claim)
        self.answer(number, "01-disclosure")

    def correction(self) -> None:
        """02: a new address in the current values; the contract is annotated."""
        number = self.open("02-correction", "2026-11-09T11:00:00")
        self.papers(number, evidence=True)
        self.check(number)
        self.search(number)
        claim = f"{number}-1"
        self.story.day("2026-11-10T10:00:00")
        self.decide(claim, "approved")
        self.carry_out(claim, "--dry-run", ends=(0, 1))
        self.carry_out(claim)
        self.answer(number, "02-correction")

    def stop_provision(self) -> None:
        """03: no more provision to client companies."""
        number = self.open("03-stop-provision", "2026-11-10T13:00:00")
        self.papers(number)
        self.check(number)
        self.search(number)
        claim = f"{number}-1"
        self.story.day("2026-11-11T11:00:00")
        self.decide(claim, "approved")
        self.carry_out(claim)
        self.answer(number, "03-stop-provision")

    def erasure(self) -> None:
        """04: everything, everywhere, on paper too; what other laws keep is answered as kept."""
        number = self.open("04-erasure", "2026-11-11T15:00:00")
        self.papers(number)
        self.check(number)
        self.story.run("rights", "search", number, by=DESK, ends=(1,), lines=20)
        self.story.say(
            "旧姓のままの問い合わせが一件。フリガナが違うので、機械は決めず、人が請求書の旧姓と見比べる。",
            "One inquiry still bears the former surname. Its kana differ, so no machine decides: a human compares it with the form.",
        )
        self.story.run("rights", "candidates", number, by=DESK, ends=(1,), lines=20)
        for one in self.story.ask("rights", "candidates", number, by=DESK):
            self.story.run("rights", "candidate", number, one["mark"], "--same", by=DESK)
        self.story.day("2026-11-12T10:00:00")
        self.search(number, paper="found")
        claim = f"{number}-1"
        self.decide(claim, "approved")
        self.story.say(
            "紙の書類が裁断されるまで、この請求は終わらない。", "Until the paper is shredded, the claim stays open."
        )
        self.carry_out(claim, ends=(0, 1))
        self.story.day("2026-11-16T09:30:00")
        if self.slips(number, "done"):
            self.carry_out(claim)
        self.answer(number, "04-erasure")

    def short_fee(self) -> None:
        """05: ¥300 instead of ¥500: held, with a cure notice and a date."""
        number = self.open("05-short-fee", "2026-11-16T16:00:00")
        self.papers(number)
        self.money(number, 300, "00987-6543")
        self.check(number, ends=(1,))
        self.answer(number, "05-short-fee", "--notice", "missing")

    def ambiguous(self) -> None:
        """06: two of the name without a birth date, and the spouse's mailbox: a human compares."""
        number = self.open("06-ambiguous", "2026-11-17T10:00:00")
        self.papers(number)
        self.money(number, 500, "00555-1212")
        self.check(number)
        self.search(number, ends=(1,))
        self.story.run("rights", "candidates", number, by=DESK, ends=(1,), lines=40)
        self.story.say(
            "誰の行か確かでない間は、何も開示も消去もしない。",
            "While it is not certain whose rows these are, nothing is disclosed or erased.",
        )
        self.story.run("rights", "answer", number, by=DESK, ends=(1, 3))

    def entrusted(self) -> None:
        """07: held only for another company: the person is told whom to ask."""
        number = self.open("07-entrusted", "2026-11-18T10:00:00")
        self.papers(number)
        self.money(number, 500, "00777-3434")
        self.check(number)
        self.search(number)
        claim = f"{number}-1"
        self.story.day("2026-11-19T10:00:00")
        self.decide(claim, "refused", "--ground", "entrusted")
        self.answer(number, "07-entrusted")


def _verdict(cell: Mapping[str, Any]) -> str:
    """What a careful reviewer decides in this story: what names or judges others is withheld."""
    about_others = ("課長", "男性")
    return "harms_rights" if any(word in cell["value"] for word in about_others) else "show"
