"""The policy laid out as blocks, in the order in which it is published.

The order is the one Japanese companies publish in: principle and policy with dates and signature;
then the handling page with purposes, sharing, safety, the request procedure, the accredited body
and the contact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from daicho.law.papers import ID_DOCUMENTS, MASKED_NAMES, Masked
from daicho.policy.language import AcceptedId, Policy
from daicho.policy.language.base import Address
from daicho.policy.language.parties import Desk, JointUse, Officer, Organisation
from daicho.policy.language.procedure import FeeRate, IdPapers
from daicho.policy.render.blocks import (
    Block,
    Card,
    Entries,
    Entry,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Row,
    Signature,
    Table,
)
from daicho.words.text import Language, Text

_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩"

_ESTABLISHED: Final = Text("制定日　{day}", "Established on {day}")
_REVISED: Final = Text("改定日　{day}", "Revised on {day}")
_RECIPIENTS: Final = Text("第三者への提供", "Provision to Third Parties")
_ENTRUSTEES: Final = Text("取扱いの委託", "Entrustment of Handling")
_COMPANIES: Final = Text("当社グループの会社", "Companies of the Group")
_TELEPHONE: Final = Text("電話", "Tel")
_FAX: Final = Text("FAX", "Fax")
_EMAIL: Final = Text("電子メール", "E-mail")
_BLACK_OUT: Final = Text("（黒塗りにする部分：{parts}）", " (black out: {parts})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A policy in one language, ready to be set."""

    language: Language
    title: str
    publisher: str
    revised_on: date
    blocks: tuple[Block, ...]


def page_of(policy: Policy, language: Language | str) -> Page:
    """Lay ``policy`` out in one language."""
    spoken = Language(language)
    layout = _Layout(policy, spoken)
    return Page(
        language=spoken,
        title=policy.title.say(spoken),
        publisher=policy.parent.name.say(spoken),
        revised_on=policy.revised_on,
        blocks=tuple(layout.blocks()),
    )


def said_day(day: date, language: Language) -> str:
    """``2021年1月1日`` / ``January 1, 2021``."""
    if language is Language.JA:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


class _Layout:
    """One policy in one language; every method yields the blocks of one part."""

    def __init__(self, policy: Policy, language: Language) -> None:
        self.policy = policy
        self.language = language

    def say(self, text: Text) -> str:
        return text.say(self.language)

    def blocks(self) -> Iterator[Block]:
        yield from self.principle()
        yield from self.handling()
        yield from self.purposes()
        yield from self.outside()
        for scheme in self.policy.joint_use:
            yield from self.joint_use(scheme)
        yield from self.keeping()
        yield from self.requests()
        yield from self.contact()
        yield from self.companies()

    # ── principle and policy ─────────────────────────────────────────────────────────────

    def principle(self) -> Iterator[Block]:
        statements = self.policy.statements
        yield Heading(level=1, text=self.say(statements.heading), anchor="principle")
        for paragraph in statements.preamble:
            yield Paragraph(text=self.say(paragraph.says))
        yield Heading(level=2, text=self.say(statements.sections_heading), anchor="policy")
        for number, section in enumerate(statements.sections, start=1):
            yield Heading(level=3, text=self.say(section.heading), number=f"{number}.")
            yield Entries(entries=tuple(Entry(text=self.say(paragraph.says)) for paragraph in section.paragraphs))
        yield self.signature()

    def signature(self) -> Block:
        dates = self.policy.dates
        lines = [_ESTABLISHED.with_values(day=said_day(dates.established.on, self.language))]
        lines += [_REVISED.with_values(day=said_day(revised.on, self.language)) for revised in dates.revised]
        parent = self.policy.parent
        return Signature(
            dates=tuple(self.say(line) for line in lines),
            company=self.say(parent.name),
            signer=self.representative(parent),
        )

    def representative(self, organisation: Organisation) -> str:
        name = self.say(organisation.representative.name)
        title = self.say(organisation.representative.title)
        return f"{title}　{name}" if self.language is Language.JA else f"{name}, {title}"

    # ── handling ─────────────────────────────────────────────────────────────────────────

    def handling(self) -> Iterator[Block]:
        handling = self.policy.handling
        yield Heading(level=1, text=self.say(handling.heading), anchor="handling")
        yield Paragraph(text=self.say(handling.says))

    def purposes(self) -> Iterator[Block]:
        table = self.policy.purpose_table
        notes = {point.code: point.note for point in self.policy.collection_points}
        yield Heading(level=2, text=self.say(table.heading), anchor="purposes")
        yield Table(
            headings=(self.say(table.subject_heading), self.say(table.purpose_heading)),
            rows=tuple(
                Row(
                    label=self.say(row.label),
                    text=self.say(row.says),
                    notes=tuple(self.say(note) for code in row.notes_on if (note := notes[code]) is not None),
                )
                for row in table.rows
            ),
        )

    def outside(self) -> Iterator[Block]:
        for heading, parties, anchor in (
            (_RECIPIENTS, self.policy.recipients, "recipients"),
            (_ENTRUSTEES, self.policy.entrustees, "entrustees"),
        ):
            if parties:
                yield Heading(level=2, text=self.say(heading), anchor=anchor)
                yield Facts(facts=tuple(Fact(label=self.say(one.name), lines=(self.say(one.says),)) for one in parties))

    def joint_use(self, scheme: JointUse) -> Iterator[Block]:
        yield Heading(level=2, text=self.say(scheme.heading), anchor=scheme.code)
        yield Paragraph(text=self.say(scheme.says))
        if scheme.title is not None:
            yield Heading(level=4, text=self.say(scheme.title))
        groups = tuple(
            f"{_CIRCLED[index % len(_CIRCLED)]} {self.say(group.label)}\n{self.say(group.says)}"
            for index, group in enumerate(scheme.items.groups)
        )
        responsible = [self.say(scheme.responsible.says)]
        for code in scheme.responsible.organisations:
            organisation = self.policy.organisation(code)
            if scheme.responsible.shows_address:
                responsible.append(self.address(organisation.address))
            if scheme.responsible.shows_representative:
                responsible.append(self.representative(organisation))
        yield Facts(
            facts=(
                Fact(label=self.say(scheme.items.heading), lines=groups),
                Fact(label=self.say(scheme.users.heading), lines=(self.say(scheme.users.says),)),
                Fact(label=self.say(scheme.purposes.heading), lines=(self.say(scheme.purposes.says),)),
                Fact(label=self.say(scheme.responsible.heading), lines=tuple(responsible)),
            ),
            boxed=True,
        )

    def keeping(self) -> Iterator[Block]:
        if self.policy.retention is not None:
            yield Heading(level=2, text=self.say(self.policy.retention.heading), anchor="retention")
            yield Entries(entries=tuple(Entry(text=self.say(rule.says)) for rule in self.policy.retention.rules))
        if self.policy.safety is not None:
            yield Heading(level=2, text=self.say(self.policy.safety.heading), anchor="safety")
            yield Facts(
                facts=tuple(
                    Fact(label=self.say(measure.label), lines=(self.say(measure.says),))
                    for measure in self.policy.safety.measures
                )
            )

    # ── requests ─────────────────────────────────────────────────────────────────────────

    def requests(self) -> Iterator[Block]:
        requests = self.policy.requests
        yield Heading(level=2, text=self.say(requests.heading), anchor="requests")
        yield Paragraph(text=self.say(requests.says))
        yield Entries(
            entries=tuple(Entry(text=self.say(entry.says), mark=entry.label or "") for entry in requests.offers)
        )
        yield Paragraph(text=self.say(requests.called.says))
        parts = [
            self.addressee(),
            self.submission(),
            self.agents(),
            self.fees(),
            self.replies(),
            self.accredited_body(),
        ]
        number = 0
        for part in parts:
            blocks = list(part)
            if blocks:
                number += 1
                heading = blocks[0]
                assert isinstance(heading, Heading)  # noqa: S101 (every part opens with its heading)
                yield Heading(level=3, text=heading.text, number=f"{number}.")
                yield from blocks[1:]

    def addressee(self) -> Iterator[Block]:
        addressee = self.policy.requests.addressee
        yield Heading(level=3, text=self.say(addressee.heading))
        for channel in addressee.channels:
            yield Paragraph(text=self.say(channel.says))
        for part in (addressee.enclosures, addressee.delivery, addressee.envelope):
            if part is not None:
                yield Paragraph(text=self.say(part.says))

    def submission(self) -> Iterator[Block]:
        submission = self.policy.requests.submission
        yield Heading(level=3, text=self.say(submission.heading))
        yield Paragraph(text=self.say(submission.form.says))
        yield from self.papers(submission.identity)
        if self.policy.requests.id_copies is not None:
            yield Paragraph(text=self.say(self.policy.requests.id_copies.says))

    def papers(self, papers: IdPapers) -> Iterator[Block]:
        below = [Paragraph(text=self.say(papers.says))]
        if not self.names_its_papers(papers):
            below += [Paragraph(text=f"・{self.paper(one)}", kind="item") for one in papers.accepted]
        if papers.black_out_note is not None:
            below.append(Paragraph(text=self.say(papers.black_out_note.says), kind="note"))
        yield Entries(entries=(Entry(text=self.say(papers.label), below=tuple(below)),))

    def names_its_papers(self, papers: IdPapers) -> bool:
        """Whether the sentence itself names every accepted paper, so that no list is printed below it."""
        said = papers.says.ja
        return all(ID_DOCUMENTS[one.document].name.ja.partition("（")[0] in said for one in papers.accepted)

    def paper(self, accepted: AcceptedId) -> str:
        name = self.say(ID_DOCUMENTS[accepted.document].name)
        parts = [part for part in accepted.black_out if part is not Masked.BACK_SIDE]  # the name says “front only”
        if not parts:
            return name
        said = ("、" if self.language is Language.JA else ", ").join(self.say(MASKED_NAMES[part]) for part in parts)
        return name + self.say(_BLACK_OUT.with_values(parts=said))

    def agents(self) -> Iterator[Block]:
        agents = self.policy.requests.agents
        yield Heading(level=3, text=self.say(agents.heading))
        yield Paragraph(text=self.say(agents.says))
        yield from self.papers(agents.identity)
        yield Entries(entries=tuple(Entry(text=self.say(paper.says)) for rule in agents.rules for paper in rule.papers))

    def fees(self) -> Iterator[Block]:
        fees = self.policy.requests.fees
        if fees is None:
            return
        yield Heading(level=3, text=self.say(fees.heading))
        for rate in fees.rates:
            yield from self.rate(rate)

    def rate(self, rate: FeeRate) -> Iterator[Block]:
        yield Paragraph(text=self.say(rate.says))
        for part in (rate.payment, rate.costs, rate.shortage):
            if part is not None:
                yield Paragraph(text=self.say(part.says))

    def replies(self) -> Iterator[Block]:
        replies = self.policy.requests.replies
        yield Heading(level=3, text=self.say(replies.heading))
        for method in replies.methods:
            yield Paragraph(text=self.say(method.says))

    def accredited_body(self) -> Iterator[Block]:
        body = self.policy.accredited_body
        if body is None:
            return
        yield Heading(level=3, text=self.say(body.heading))
        yield Paragraph(text=self.say(body.says))
        name = (self.say(body.entry.name), self.say(body.entry.office))
        telephones = ", ".join(self.say(_number(one)) for one in body.entry.telephones)
        yield Card(
            name="　".join(name) if self.language is Language.JA else ", ".join(reversed(name)),
            lines=(self.address(body.entry.address), self.say(Text(f"電話　{telephones}", f"Tel: {telephones}"))),
        )
        if body.note is not None:
            yield Paragraph(text=self.say(body.note.says), kind="note")

    # ── contact ──────────────────────────────────────────────────────────────────────────

    def contact(self) -> Iterator[Block]:
        for desk in self.policy.desks:
            yield Paragraph(text=self.say(desk.says), kind="lead")
            organisation = self.policy.organisation(desk.organisation)
            officers = [one for one in self.policy.officers if one.desk == desk.code]
            yield Card(
                name=self.say(organisation.name),
                lines=(self.address(desk.address or organisation.address),),
                facts=(
                    Fact(label=self.say(desk.name), lines=self.lines(desk)),
                    *(self.officer(officer) for officer in officers),
                ),
            )
        elsewhere = [one for one in self.policy.officers if one.desk is None]
        if elsewhere:
            yield Facts(facts=tuple(self.officer(officer) for officer in elsewhere))

    def lines(self, desk: Desk) -> tuple[str, ...]:
        found = []
        for label, line in ((_TELEPHONE, desk.lines.telephone), (_FAX, desk.lines.fax)):
            if line is not None:
                hours = f"（{line.hours.text.ja}）" if line.hours else ""
                hours_en = f" ({line.hours.text.en})" if line.hours else ""
                found.append(
                    self.say(Text(f"{label.ja}　{line.text.ja}{hours}", f"{label.en}: {line.text.en}{hours_en}"))
                )
        if desk.lines.email:
            found.append(f"{self.say(_EMAIL)}: {desk.lines.email}")
        return tuple(found)

    def officer(self, officer: Officer) -> Fact:
        department = officer.department
        title = self.say(officer.title)
        if department is not None and department.ja not in officer.title.ja:
            title = (
                f"{self.say(department)}　{title}"
                if self.language is Language.JA
                else f"{title}, {self.say(department)}"
            )
        name = (self.say(officer.name),) if officer.name else ()
        return Fact(label=self.say(officer.heading), lines=(title, *name))

    def companies(self) -> Iterator[Block]:
        listed = [one for one in self.policy.organisations if one.published]
        if len(listed) < 2:  # noqa: PLR2004 (the parent alone stands in the signature)
            return
        yield Heading(level=2, text=self.say(_COMPANIES), anchor="companies")
        yield Facts(
            facts=tuple(
                Fact(label=self.say(one.name), lines=(self.address(one.address), self.representative(one)))
                for one in listed
            )
        )

    def address(self, address: Address) -> str:
        """The address; the postal code stands before it in Japanese, and inside the English text."""
        if self.language is Language.JA and address.postal_code:
            return f"〒{address.postal_code} {address.text.ja}"
        return self.say(address.text)


def _number(number: str) -> Text:
    if number.startswith("+81-"):
        return Text("0" + number.removeprefix("+81-"), number)
    toll_free = number.startswith(("0120", "0800"))
    return Text(number, number if toll_free else f"+81-{number[1:]}")
