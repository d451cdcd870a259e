"""The chapters of the story, in order. Each works on what the one before left."""

import json
import re
from pathlib import Path

import cast
import stores
import summary
import witness
from post import AUDITOR, CHECKER, DESK, ENGINEER, OFFICER, Post
from story import Story

from daicho.site.wiring import close_all
from daicho.words.text import Text

HERE = Path(__file__).parent
PARENT, SUBSIDIARY = "copro-holdings", "copro-construction"
PROOF = (
    Text("保管先", "store"),
    Text("表", "table"),
    Text("消去前", "before"),
    Text("消えた", "gone"),
    Text("変わった", "changed"),
    Text("そのまま残った", "kept as it was"),
)


def tell(story: Story, *, folder: Path, crm_url: str) -> None:
    """Tell everything; raises `story.StoryError` where a command ends otherwise than it should."""
    try:
        set_the_stage(story, folder, crm_url)
        open_the_office(story)
        publish_the_policy(story, folder)
        map_the_stores(story)
        post = answer_the_post(story, folder, crm_url)
        trail = show_the_trail(story, folder)
        summary.write(story, post, folder, trail)
    finally:
        close_all()


def set_the_stage(story: Story, folder: Path, crm_url: str) -> None:
    """The company's own systems, as they stood before Daicho came."""
    story.chapter("stage", "1. 会社の保管先を用意する", "1. The company's stores")
    made = stores.create(folder / "stores", crm_url)
    story.say(
        "3,000人分の架空のデータを入れた保管先: PostgreSQL の CRM、SQLite の求人サイトと人事、CSV のフォルダ二つ、紙のキャビネット一つ。",
        "Stores with data of 3,000 invented people: a CRM on PostgreSQL, the recruiting site and HR on SQLite, two folders of CSV, one paper cabinet.",
    )
    story.table(
        [Text("保管先", "store").say(story.language), Text("行", "rows").say(story.language)],
        [(store, f"{rows:,}") for store, rows in made.items()],
    )


def open_the_office(story: Story) -> None:
    """Workspace, keys and accounts."""
    story.chapter("office", "2. Daicho の作業フォルダと担当者", "2. The workspace and who acts in it")
    story.day("2026-10-19T09:00:00")
    story.run("init", "--organisation", PARENT, "--rehearsal", "--store-folder", "../stores")
    story.run("account", "add", OFFICER, "--role", "officer", "--name-from", _name_of(OFFICER))
    for code, role in ((DESK, "desk"), (CHECKER, "secretariat"), (ENGINEER, "engineer"), (AUDITOR, "auditor")):
        story.run("account", "add", code, "--role", role, "--name-from", _name_of(code), by=OFFICER)
    story.say(
        "派遣スタッフを雇う子会社にも、同じ担当者を置く。",
        "The same people act for the subsidiary that employs the temporary staff.",
    )
    for code, role in (
        (OFFICER, "officer"),
        (DESK, "desk"),
        (CHECKER, "secretariat"),
        (ENGINEER, "engineer"),
        (AUDITOR, "auditor"),
    ):
        story.run("account", "grant", code, role, "--organisation", SUBSIDIARY, by=OFFICER)
    story.run("keys", "status", by=OFFICER)


def _name_of(code: str) -> Path:
    """The file with an account's display name: no name is written on a command line."""
    return HERE / "accounts" / f"{code}.txt"


def publish_the_policy(story: Story, folder: Path) -> None:
    """The published policy is checked (gaps shown), rendered, frozen; the one brought up to date has none."""
    story.chapter("policy", "3. 公表している方針を確かめる", "3. The published policy")
    story.day("2026-10-20T09:00:00")
    now, next_one = HERE / "policy.yaml", HERE / "policy-2026.yaml"
    story.run("policy", "check", now, "--on", "2026-10-20", by=OFFICER, ends=(1,), lines=30)
    story.run("policy", "check", next_one, "--on", "2026-10-20", by=OFFICER)
    story.run("policy", "compare", now, next_one, by=OFFICER, ends=(0, 1))
    story.run("policy", "render", now, "--to", folder / "policy", by=OFFICER)
    story.run("policy", "apply", now, by=CHECKER)
    story.run("policy", "publish", "--from", "2021-01-01", by=OFFICER)
    story.run("policy", "apply", next_one, "--base", "1", by=CHECKER)
    story.run("policy", "publish", "--from", "2026-11-01", by=OFFICER)


def map_the_stores(story: Story) -> None:
    """Holdings and maps are planned, applied, confirmed by a second person; what is not covered is listed."""
    story.chapter("register", "4. 台帳と保管先の対応表", "4. The register and the maps of the stores")
    story.day("2026-11-04T09:00:00")
    register = HERE / "register"
    story.run("plan", register, by=ENGINEER, ends=(0, 1), lines=40)
    story.run("apply", "--yes", register, by=ENGINEER, lines=3)
    for code in ("crm", "genkyari", "hr", "exports", "events"):
        story.run("confirm", code, by=OFFICER)
    story.run("coverage", by=OFFICER, ends=(0, 1))


def answer_the_post(story: Story, folder: Path, crm_url: str) -> Post:
    """Seven envelopes."""
    post = Post(story=story, folder=folder)
    story.day("2026-11-04T14:00:00")
    story.run("rights", "form", "--to", folder / "form" / "request-form.pdf", "--organisation", PARENT, by=DESK)
    erased = next(member for member in cast.read() if member.code == "saito-yumi")
    story.chapter(
        "disclosure", "5. 開示の請求（郵送、定額小為替500円）", "5. A disclosure by post, with a ¥500 money order"
    )
    post.disclosure()
    story.chapter("correction", "6. 住所の訂正", "6. An address is corrected")
    post.correction()
    story.chapter("stop", "7. 第三者への提供の停止", "7. Provision to third parties is stopped")
    post.stop_provision()
    story.chapter("erasure", "8. すべての保管先からの消去", "8. A person is erased everywhere")
    before = witness.look(erased, witness.read(folder / "stores", crm_url))
    post.erasure()
    prove(story, before, witness.look(erased, witness.read(folder / "stores", crm_url)))
    story.chapter("fee", "9. 手数料の不足", "9. The fee is short")
    post.short_fee()
    story.chapter("ambiguous", "10. 同姓同名と共用のメール", "10. A namesake and a shared mailbox")
    post.ambiguous()
    story.chapter("entrusted", "11. 預かっているだけの情報", "11. Held only for another company")
    post.entrusted()
    story.say("審査員が求める一年分の受付簿:", "The ledger of the year, as an assessor asks for it:")
    story.day("2026-11-24T16:00:00")
    story.run("rights", "ledger", "--year", "2026", "--to", folder / "ledger", "--organisation", PARENT, by=AUDITOR)
    return post


def prove(story: Story, before: list[witness.Standing], after: list[witness.Standing]) -> None:
    """Daicho's own word is not enough: the stores, looked into past it."""
    story.say("Daicho を通さずに保管先を直接見る:", "The stores themselves, looked into past Daicho:")
    story.table(
        [words.say(story.language) for words in PROOF],
        [
            (one.store, one.table, was.same, one.gone, one.changed, one.same)
            for was, one in zip(before, after, strict=True)
        ],
    )


def show_the_trail(story: Story, folder: Path) -> dict[str, object]:
    """Every act stands in the trail; a tampered copy is caught by the public key alone."""
    story.chapter("trail", "12. 証跡の検証", "12. The trail is verified, and a tampered copy caught")
    story.day("2026-11-24T17:00:00")
    kept = folder / "trail"
    kept.mkdir()
    story.run("trail", "checkpoint", by=OFFICER)
    key = kept / "public-key.json"
    key.write_text(json.dumps(story.ask("trail", "key", by=AUDITOR)), encoding="utf-8")
    story.run("trail", "export", "--to", kept / "trail.jsonl", by=AUDITOR)
    story.run("trail", "verify", kept / "trail.jsonl", "--key", key)
    tampered = kept / "tampered.jsonl"
    tampered.write_bytes(_tamper((kept / "trail.jsonl").read_bytes()))
    story.say("写しの一か所だけを書き換える: 決定した担当者の名前。", "One place of a copy is changed: who decided.")
    story.run("trail", "verify", tampered, "--key", key, ends=(1,))
    whole, caught = (story.ask("trail", "verify", path, "--key", key) for path in (kept / "trail.jsonl", tampered))
    return {
        "entries": whole["entries"],
        "signed": whole["signed_size"],
        "verified": whole["findings"] == [],
        "tampered_caught": [finding["harm"] for finding in caught["findings"]],
    }


def _tamper(exported: bytes) -> bytes:
    """Change who decided the last claim, as somebody covering a mistake would."""
    lines = exported.decode().splitlines(keepends=True)
    for index in range(len(lines) - 1, -1, -1):
        if "claim.decided" in lines[index]:
            lines[index] = re.sub(f'"{CHECKER}"', f'"{DESK}"', lines[index], count=1)
            break
    return "".join(lines).encode()
