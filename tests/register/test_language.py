"""The YAML language of the register, document by document."""

import pytest

from daicho.law.kinds import RequestKind
from daicho.register.documents import read_file
from daicho.register.language import HoldingsDocument, MapDocument, StoreDocument
from daicho.register.reading import Disclose, EndKind, Rpd
from daicho.stores.plan import Match, Use
from daicho.words.errors import DocumentError

STORE = """\
store: crm
name: {ja: 顧客管理, en: CRM}
kind: sqlite
organisation: copro-holdings
department: {ja: 営業管理部, en: Sales administration}
settings: {path: crm.sqlite3}
backups: {kept_days: 35}
"""

HOLDINGS = """\
holdings:
  - reg_no: H-001
    name: {ja: 顧客台帳, en: Customer master}
    organisation: copro-holdings
    subject_category: partner
    items: [name, email]
    purposes: [partner-communication]
    store: crm
    rpd: yes
    retention_period: 5年
"""

MAP = """\
map: crm
store: crm
tables:
  customers:
    holding: H-001
    label: {ja: 顧客, en: Customer}
    key: [id]
    identities:
      - {kind: "number:crm-customer", columns: [id]}
      - {kind: email, columns: [email]}
      - {kind: name, columns: [family_name, given_name], use: confirm}
    identified_by:
      - ["number:crm-customer"]
      - [email, name]
    columns:
      family_name: {item: name}
      given_name: {item: name}
      email: {item: email, disclose: yes, about: person, value: current}
      memo: {item: email, disclose: review, about: mixed, value: record}
      mail_ok: {technical: yes}
    on:
      erase: {end: delete}
      suspend_use: {end: replace, columns: {mail_ok: false}}
  orders:
    holding: H-001
    key: [id]
    links: [{columns: [customer_id], parent: customers, parent_columns: [id]}]
    columns:
      ordered_at: {item: email, value: record}
    on:
      erase:
        end: keep
        until: "5 years from ordered_at"
        ground: {code: labour-109, law: {ja: 労働基準法第109条, en: Art. 109}, text: {ja: 法令により保存, en: kept by law}}
"""


def problems_of(text: str) -> list[tuple[str, int]]:
    with pytest.raises(DocumentError) as caught:
        read_file(text.encode(), path="x.yaml")
    return [(one.code, one.place.line) for one in caught.value.problems]


def test_it_reads_each_kind_of_document():
    store = read_file(STORE.encode(), path="s.yaml").model
    holdings = read_file(HOLDINGS.encode(), path="h.yaml").model
    found = read_file(MAP.encode(), path="m.yaml").model
    assert isinstance(store, StoreDocument)
    assert store.backups is not None
    assert store.backups.kept_days == 35
    assert isinstance(holdings, HoldingsDocument)
    assert holdings.holdings[0].rpd is Rpd.YES
    assert isinstance(found, MapDocument)
    customers = found.tables["customers"]
    assert customers.identities[0].use is Use.LOOKUP
    assert customers.columns["email"].disclose is Disclose.YES
    assert customers.on[RequestKind.SUSPEND_USE].columns == {"mail_ok": False}
    assert found.tables["orders"].on[RequestKind.ERASE].end is EndKind.KEEP


def test_two_ways_without_match_are_an_error_at_the_table_and_mended_by_saying_which():
    two = MAP.replace(
        "parent_columns: [id]}]",
        "parent_columns: [id]}, {columns: [payer_id], parent: customers, parent_columns: [id]}]",
    )
    assert problems_of(two) == [("match", MAP[: MAP.index("  orders:")].count("\n") + 1)]
    mended = read_file(two.replace("  orders:\n", "  orders:\n    match: both\n").encode(), path="m.yaml").model
    assert isinstance(mended, MapDocument)
    assert mended.tables["orders"].match is Match.BOTH


@pytest.mark.parametrize("combination", ["[email]", "[name]", "[email, name, telephone]", "[email, postal_code]"])
def test_a_combination_that_cannot_tell_people_apart_is_refused(combination: str):
    text = MAP.replace("- [email, name]", f"- {combination}")
    assert text != MAP
    assert {code for code, _ in problems_of(text)} & {"weak-combination", "identified-by-kind"}


def test_all_errors_of_a_document_come_at_once_in_the_order_of_the_lines():
    text = (
        MAP.replace("kind: email, columns", "kind: e-mail, columns")
        .replace("mail_ok: {technical: yes}", "mail_ok: {technical: yes, item: email}")
        .replace("memo: {item: email, disclose: review", "memo: {item: email, disclose: withhold")
        .replace("end: keep\n        until", "end: keep\n        column: x\n        until")
        .replace("    label: {ja: 顧客, en: Customer}\n", "    label: {ja: 顧客}\n")
    )
    found = problems_of(text)
    codes = [code for code, _ in found]
    # the table whose shape is broken is told by its shape; the other table's rules are told all the same
    assert codes == ["missing", "unmapped-column", "end-extra"]
    found = problems_of(text.replace("label: {ja: 顧客}", "label: {ja: 顧客, en: Customer}"))
    assert [code for code, _ in found] == [
        "identity-kind",
        "identified-by-kind",
        "withhold-ground",
        "technical-item",
        "unmapped-column",
        "end-extra",
    ]
    assert [line for _, line in found] == sorted(line for _, line in found)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("store: crm\ntables", "tables", "missing"),
        ("use: confirm", "use: sometimes", "enum"),
        ("{end: delete}", "{end: vanish}", "enum"),
        ("{end: delete}", "{end: annotate, column: memo}", "end-needs"),
        ("{end: delete}", "{end: blank, columns: {memo: x}}", "end-columns"),
        ("{end: delete}", "{end: blank, columns: [id]}", "end-key"),
        ("{end: delete}", "{end: blank, columns: [phone]}", "unmapped-column"),
        ('        until: "5 years from ordered_at"\n', "", "end-needs"),
        ("erase: {end: delete}", "correction: {end: replace, columns: {memo: x}}", "record-rewritten"),
        ("erase: {end: delete}", "disclosure: {end: delete}", "end-kind"),
        ("erase: {end: delete}", "forget: {end: delete}", "enum"),
        ("parent: customers", "parent: clients", "link-parent"),
        ("parent_columns: [id]", "parent_columns: [id, email]", "link-columns"),
        ("links: [{columns: [customer_id]", "links: [{columns: [customer_id], fancy: 1", "extra-forbidden"),
        ('    identified_by:\n      - ["number:crm-customer"]\n      - [email, name]\n', "", "identified-by"),
        ("about: mixed", "about: nobody", "enum"),
        ("map: crm", "map: CRM map", "string-pattern-mismatch"),
    ],
)
def test_a_wrong_map_is_told_with_its_code(before: str, after: str, code: str):
    text = MAP.replace(before, after)
    assert text != MAP
    assert code in {found for found, _ in problems_of(text)}


def test_a_ring_of_links_is_told_once_with_its_tables():
    text = MAP.replace(
        "    identities:\n",
        "    match: either\n    links: [{columns: [last_order], parent: orders, parent_columns: [id]}]\n    identities:\n",
    )
    assert [code for code, _ in problems_of(text)] == ["cycle"]


def test_a_table_nobody_can_reach_is_an_error():
    text = MAP.replace("    links: [{columns: [customer_id], parent: customers, parent_columns: [id]}]\n", "")
    assert [code for code, _ in problems_of(text)] == ["unreachable-table"]


def test_an_entrusted_holding_names_its_entruster():
    assert [code for code, _ in problems_of(HOLDINGS.replace("rpd: yes", "rpd: entrusted"))] == ["entruster"]


@pytest.mark.parametrize(
    "setting", ["url: postgresql://daicho:geheim@db/crm", "url: postgresql://db/crm", "password: geheim", "dsn: a:b"]
)
def test_a_secret_is_named_and_never_written_and_never_quoted_back(setting: str):
    text = STORE.replace("path: crm.sqlite3", setting)
    with pytest.raises(DocumentError) as caught:
        read_file(text.encode(), path="s.yaml")
    assert [one.code for one in caught.value.problems] == ["secret-written"]
    assert "geheim" not in "".join(one.say("en") + one.say("ja") for one in caught.value.problems)
    read_file(STORE.replace("path: crm.sqlite3", 'url: "env:CRM_URL"').encode(), path="s.yaml")


def test_a_document_of_another_kind_says_what_it_could_be():
    assert problems_of("policy: x\n") == [("unknown-document", 1)]
    assert problems_of("- a\n") == [("unknown-document", 1)]
    assert problems_of("") == [("unknown-document", 1)]


def test_a_wrong_entry_is_not_also_told_as_a_missing_one_and_an_empty_list_is():
    assert [code for code, _ in problems_of(HOLDINGS.replace("rpd: yes", "rpd: perhaps"))] == ["enum"]
    assert [code for code, _ in problems_of("holdings: []\n")] == ["too-short"]
    assert [code for code, _ in problems_of(HOLDINGS.replace("items: [name, email]", "items: []"))] == ["too-short"]
