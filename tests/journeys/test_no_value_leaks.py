"""カナリア: no value of a person stands anywhere it is not meant to.

Unmistakable values are planted in the store and on the forms. The journeys are run, errors
included, and then everything the program wrote is searched: both streams of every command that is
not meant to show values, logs, the trail, every byte of the workspace. First each value is seen
where it belongs.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.shop import AT, Shop
from tests.letters.reading import text_of
from tests.rights.forks import ROOT, Forks

pytestmark = pytest.mark.slow

CANARIES = {
    "family name": "金糸雀",
    "given name": "歌鳴子",
    "kana": "カナリアウタナコ",
    "address": "鳥取県鳥取市小鳥町七丁目77番7号",
    "new address": "島根県松江市鳥籠町8-88-8",
    "phone": "090-7777-1234",
    "phone digits": "09077771234",
    "e-mail": "canary.utanako@example.com",
    "free text": "籠の中で毎朝さえずる",
    "secret": "与信番号カナリア零零七",
    "reason": "歌声の件で係争中のため",
    "searcher": "倉庫係の目白さん",
    "other person": "鶯谷良介",
    "misplaced": "雲雀丘の住所を書き間違えた",
    "constraint": "鸚鵡返しの制約",
}

STATEMENTS = [
    (
        "INSERT INTO customers VALUES (770077007,'金糸雀','歌鳴子','canary.utanako@example.com','090-7777-1234',"
        "'1977-07-07','鳥取県鳥取市小鳥町七丁目77番7号','籠の中で毎朝さえずる。','与信番号カナリア零零七',1)"
    ),
    "INSERT INTO customers VALUES (8,'鶯谷','良介','canary.utanako@example.com',NULL,NULL,NULL,NULL,NULL,1)",
    "INSERT INTO customers (id, family_name, given_name) VALUES (9,'鶯谷良介','')",
    "INSERT INTO orders VALUES (7001,770077007,'2026-01-01','籠の中で毎朝さえずる鳥')",
]

PERSON = """\
person:
  name: 金糸雀 歌鳴子
  kana: カナリアウタナコ
  birth_date: 1977-07-07
  postal_code: 680-0001
  address: 鳥取県鳥取市小鳥町七丁目77番7号
  phones: [090-7777-1234]
  emails: [canary.utanako@example.com]
"""


def intake(claim: str, *, person: str = PERSON) -> str:
    return f"addressed: [copro-holdings]\n{person}claims:\n  - {claim}\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("workspace")
    with Forks() as forks:
        forks.get(folder, "tests.journeys.shop:build", statements=STATEMENTS, cabinet=1)
        forks.warm(folder, "tests.journeys.shop:warm")
        shop = Shop(forks, folder)
        _walk(shop)
        yield shop


def _walk(shop: Shop) -> None:
    """Every journey, well and badly."""
    _disclose(shop)
    for claim in (
        "{kind: correction, values: {address: 島根県松江市鳥籠町8-88-8}, wish: 籠の中で毎朝さえずる}",
        "{kind: stop_provision}",
    ):
        number = _open(shop, claim)
        shop.expect(0, "rights", "decide", f"{number}-1", "approved", by="boss")
        shop.expect(0, "rights", "carry-out", f"{number}-1", "--dry-run")
        shop.expect(0, "rights", "carry-out", f"{number}-1")
        shop.expect(0, "rights", "answer", number, "--to", shop.folder.parent / "out", "--pack")
    refused = _open(shop, "{kind: erase, basis: no_longer_needed}")
    reason = shop.write("reason.txt", CANARIES["reason"])
    shop.expect(
        0, "rights", "decide", f"{refused}-1", "refused", "--ground", "no_reason", "--reason-file", reason, by="boss"
    )
    _store_errors(shop)
    _input_errors(shop)
    for format_ in ("text", "json"):
        for language in ("ja", "en"):
            shop.expect(0, "rights", "list", "--format", format_, language=language)
            shop.expect(0, "rights", "show", refused, "--format", format_, language=language)
            shop.expect(0, "runs", "list", "--format", format_, language=language, by="boss")
            shop.expect(0, "stops", "list", "--format", format_, language=language)
            shop.expect(0, "trail", "list", "--format", format_, language=language, by="boss")
    shop.expect(0, "trail", "export", "--to", shop.folder / "trail.jsonl", by="boss")
    shop.expect(0, "rights", "ledger", "--year", 2026, "--to", shop.folder.parent / "out", "--no-names")


def _open(shop: Shop, claim: str, *, language: str = "ja") -> str:
    """Open, check, search; the second candidate and the department are answered. Returns the number."""
    opened = shop.expect(0, "rights", "open", "-", "--format", "json", stdin=intake(claim), language=language)
    number: str = json.loads(opened.printed)["number"]
    shop.expect(0, "rights", "document", number, "--kind", "form")
    shop.expect(0, "rights", "document", number, "--kind", "id_copy", "--paper", "drivers_licence", "--place", "A-3")
    shop.expect(0, "rights", "fee", number, "--amount", 500)
    shop.expect(0, "rights", "check", number, "--identity-verified", language=language)
    shop.expect(1, "rights", "search", number, "--by-name", language=language)
    shown = shop("rights", "candidates", number, "--format", "json", shows=True)
    assert CANARIES["other person"] in shown.printed.replace('", "', "")
    for one in json.loads(shown.printed):
        shop.expect(0, "rights", "candidate", number, one["mark"], "--other", language=language)
    shop.expect(1, "rights", "search", number)
    slips = json.loads(shop.expect(0, "rights", "slip", "list", "--format", "json").printed)
    for slip in slips:
        searcher = shop.write("searcher.txt", CANARIES["searcher"])
        shop.expect(0, "rights", "slip", "answer", slip["ref"], "none", "--searcher-file", searcher)
    return number


def _disclose(shop: Shop) -> None:
    number = _open(shop, "{kind: disclosure, wish: 籠の中で毎朝さえずる}")
    review = shop("rights", "review", f"{number}-1", "--format", "json", by="boss", shows=True)
    assert CANARIES["free text"] in review.printed
    decided = shop.write("cells.yaml", "".join(f"{one['cell']}: show\n" for one in json.loads(review.printed)))
    shop.expect(0, "rights", "cells", f"{number}-1", decided, by="boss")
    shop.expect(0, "rights", "decide", f"{number}-1", "approved", by="boss")
    shop.expect(0, "rights", "carry-out", f"{number}-1", "--dry-run", "--format", "json")
    shop.expect(0, "rights", "carry-out", f"{number}-1")
    shop.expect(0, "rights", "answer", number, "--to", shop.folder.parent / "out", "--pack", "--format", "json")


def _store_errors(shop: Shop) -> None:
    import sqlite3

    number = _open(shop, "{kind: erase, basis: no_longer_needed}")
    shop.expect(0, "rights", "decide", f"{number}-1", "approved", by="boss")

    def past(sql: str) -> None:
        with sqlite3.connect(shop.folder / "shop.sqlite3") as connection:
            connection.execute(sql)

    past(
        "CREATE TRIGGER keep BEFORE DELETE ON customers BEGIN "
        "SELECT RAISE(ABORT, '鸚鵡返しの制約: 金糸雀 歌鳴子 canary.utanako@example.com'); END"
    )
    shop.expect(4, "rights", "carry-out", f"{number}-1")
    shop.expect(5, "rights", "carry-out", f"{number}-1", "--format", "json")  # refused again: a human's turn
    for language in ("ja", "en"):
        shop.expect(5, "rights", "carry-out", f"{number}-1", language=language)
    past("DROP TRIGGER keep")
    (run,) = json.loads(shop.expect(0, "runs", "list", "--open", "--format", "json", by="boss").printed)
    shop.expect(0, "runs", "decide", run["run"], "shop", "--retry", by="boss")
    other = _open(shop, "{kind: disclosure}")
    past("ALTER TABLE orders RENAME TO 籠の中で毎朝さえずる表")
    shop.expect(4, "rights", "carry-out", f"{number}-1")
    shop.expect(4, "rights", "search", other)
    shop.expect(3, "rights", "search", number)  # what is decided is not searched again
    past("ALTER TABLE 籠の中で毎朝さえずる表 RENAME TO orders")
    shop.expect(0, "runs", "list", "--open", by="boss")
    past("UPDATE customers SET birthday = '籠の中で毎朝さえずる' WHERE id = 8")
    shop.expect(0, "rights", "carry-out", f"{number}-1")
    past(STATEMENTS[0])
    past(STATEMENTS[-1])


def _input_errors(shop: Shop) -> None:
    broken = [
        intake("{kind: 雲雀丘の住所を書き間違えた}"),
        intake("{kind: erase, basis: 雲雀丘の住所を書き間違えた}"),
        intake("{kind: correction, values: {雲雀丘の住所を書き間違えた: address}}"),
        intake("{kind: correction, values: [雲雀丘の住所を書き間違えた]}"),
        intake("{kind: erase, 雲雀丘の住所を書き間違えた: x}"),
        intake("{kind: erase}", person=PERSON.replace("1977-07-07", "雲雀丘の住所を書き間違えた")),
        intake("{kind: erase}", person=PERSON + "  雲雀丘の住所を書き間違えた: 鳥取県鳥取市小鳥町七丁目77番7号\n"),
        intake("{kind: erase}", person="person: 雲雀丘の住所を書き間違えた\n"),
        intake("{kind: erase}", person=PERSON.replace("name:", "name: {雲雀丘の住所を書き間違えた: 金糸雀} #")),
        PERSON + "  雲雀丘の住所を書き間違えた\n\t- : :",
        "雲雀丘の住所を書き間違えた: *金糸雀\n",
        "addressed: [雲雀丘の住所を書き間違えた]\n" + PERSON + "claims: [{kind: erase}]\n",
        "addressed: [copro-holdings]\nreply: {to: 雲雀丘の住所を書き間違えた}\n" + PERSON + "claims: [{kind: erase}]\n",
        "addressed: [copro-holdings]\narrived_on: 雲雀丘の住所を書き間違えた\n" + PERSON + "claims: [{kind: erase}]\n",
        "金糸雀 歌鳴子\n雲雀丘の住所を書き間違えた\n",
        "[" * 200,
    ]
    for text in broken:
        for language, format_ in (("ja", "text"), ("en", "json")):
            found = shop("rights", "open", "-", "--format", format_, stdin=text, language=language)
            assert found.code == 2, (text, found.code, found.errors)
    cells = shop.write("bad-cells.yaml", "雲雀丘の住所を書き間違えた: 金糸雀\n0.note: 歌鳴子\n")
    number = _open(shop, "{kind: disclosure}")
    for language in ("ja", "en"):
        shop.expect(2, "rights", "cells", f"{number}-1", cells, by="boss", language=language)
        shop.expect(3, "rights", "decide", f"{number}-1", "approved", by="clerk", language=language)


# ── presence ─────────────────────────────────────────────────────────────────────────────────


def forms(value: str) -> Iterator[bytes]:
    """A value as it can stand in a file or an output."""
    yield value.encode()
    yield json.dumps(value)[1:-1].encode()
    yield value.encode("utf-16-le")
    yield value.encode("shift_jis", "ignore")


def places(content: bytes) -> list[str]:
    """The names of the canaries that stand in it."""
    return [name for name, value in CANARIES.items() if any(form in content for form in forms(value))]


def test_the_canaries_are_seen_where_they_belong(shop):
    store = (shop.folder / "shop.sqlite3").read_bytes()
    assert {"family name", "e-mail", "free text", "secret", "other person"} <= set(places(store))
    letters = [path for path in (shop.folder.parent / "out").iterdir() if path.suffix == ".pdf"]
    told = "".join(text_of(path.read_bytes()) for path in letters)
    for name in ("family name", "given name", "address", "new address", "free text"):
        assert CANARIES[name] in told, name
    data = next((shop.folder.parent / "out").glob("*-data.json")).read_text(encoding="utf-8")
    assert CANARIES["phone"] in data
    assert CANARIES["secret"] not in data


def test_a_search_for_canaries_finds_them_in_every_form():
    for name, value in CANARIES.items():
        for form in (value, json.dumps(value)):
            assert name in places(form.encode())


# ── absence ──────────────────────────────────────────────────────────────────────────────────


def test_no_command_says_a_value_it_is_not_meant_to_show(shop):
    assert len(shop.said) > 100
    told = {line: places((said.printed + said.errors).encode()) for line, said in shop.said}
    assert {line: found for line, found in told.items() if found} == {}


def test_nothing_is_a_traceback(shop):
    for line, said in shop.said:
        assert "Traceback" not in said.errors + said.printed, line
        assert said.code in {0, 1, 2, 3, 4, 5, 6}, line


def test_no_value_stands_in_any_file_of_the_workspace(shop):
    ours = {
        path
        for path in shop.folder.rglob("*")
        if path.is_file() and path.name != "shop.sqlite3" and "shop.sqlite3-" not in path.name
    }
    names = {path.relative_to(shop.folder).parts[0] for path in ours}
    assert {"daicho.sqlite3", "files", "keys", "trail.jsonl"} <= names
    assert sum(path.stat().st_size for path in ours if path.name.startswith("daicho.sqlite3")) > 200_000
    assert {str(path): places(path.read_bytes()) for path in ours if places(path.read_bytes())} == {}
    assert not [path for path in shop.folder.rglob("*") if places(path.name.encode())]


def test_the_trail_tells_the_journeys_and_no_value(shop):
    trail = (shop.folder / "trail.jsonl").read_bytes()
    for event in (b"request.opened", b"run.confirmed", b"candidate.decided", b"claim.decided", b"slip.answered"):
        assert event in trail
    assert places(trail) == []


def test_the_process_list_shows_no_value(shop):
    """The installed program, as another user of the machine sees it while it waits for its input."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DAICHO_")}
    environment |= {"DAICHO_WORKSPACE": str(shop.folder), "DAICHO_TESTING": "1", "DAICHO_AT": AT}
    environment |= {"PYTHONPATH": f"{ROOT / 'src'}"}
    program = "from daicho.cli.entry import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "rights", "open", "-", "--as", "clerk", "--format", "json"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    listed = b""
    for _ in range(200):  # until the program stands there under its own name
        listed = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
        if b"rights" in listed:
            break
        time.sleep(0.02)
    out, err = process.communicate(intake("{kind: erase}").encode())
    assert process.returncode == 0, err
    assert b"rights" in listed
    assert places(listed) == []
    assert places(out + err) == []
    number = json.loads(out)["number"]
    assert re.fullmatch(r"R-2026-\d{4}", number)
