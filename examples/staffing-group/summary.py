"""``summary.json``: what happened, for people and for machines, and the same as a table."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from post import OFFICER, Post
from story import Story

from daicho.law.kinds import KINDS, RequestKind
from daicho.rights.rules import CLAIM_WORDS, ClaimState
from daicho.words.text import Text

HEADINGS = (
    Text("請求", "claim"),
    Text("種別", "kind"),
    Text("状態", "state"),
    Text("該当", "found"),
    Text("変更", "changed"),
    Text("読直し", "read back"),
    Text("文書", "files"),
)


def write(story: Story, post: Post, folder: Path, trail: Mapping[str, object]) -> None:
    """Write ``summary.json`` into the folder and show the table."""
    requests = [_case(post, form, number) for form, number in post.cases.items()]
    gaps = story.ask("policy", "check", Path(__file__).parent / "policy.yaml", "--on", "2026-11-04", by=OFFICER)
    summary = {
        "requests": requests,
        "findings": gaps,
        "trail": trail,
        "seconds": round(time.monotonic() - story.began, 1),
        "commands": story.commands,
    }
    (folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    story.chapter("summary", "まとめ", "Summary")
    story.table(
        [words.say(story.language) for words in HEADINGS],
        [
            (
                claim["number"],
                KINDS[RequestKind(claim["kind"])].name.say(story.language),
                CLAIM_WORDS[ClaimState(claim["state"])].say(story.language),
                *_totals(claim["stores"]),
                len(one["files"]),
            )
            for one in requests
            for claim in one["claims"]
        ],
    )
    story.say(f"残したもの: {folder}", f"Left behind: {folder}")


def _case(post: Post, form: str, number: str) -> dict[str, Any]:
    case = post.show(number)
    return {
        "form": form,
        "number": number,
        "state": case["state"],
        "claims": [
            {
                "number": claim["number"],
                "kind": claim["kind"],
                "state": claim["state"],
                "stores": _by_store(claim["outcome"] or ()),
                "still_open": claim["still_open"],
            }
            for claim in case["claims"]
        ],
        "slips": [{key: slip[key] for key in ("store", "task", "answer", "count")} for slip in case["slips"]],
        "letters": case["letters"],
        "files": post.files.get(number, []),
    }


def _by_store(outcome: Any) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for entry in outcome:
        counts = found.setdefault(entry["store"], {"found": 0, "changed": 0, "read_back": 0})
        for key in counts:
            counts[key] += entry[key]
    return found


def _totals(stores: Mapping[str, Mapping[str, int]]) -> tuple[int, int, int]:
    found, changed, read_back = (
        sum(counts[key] for counts in stores.values()) for key in ("found", "changed", "read_back")
    )
    return found, changed, read_back
