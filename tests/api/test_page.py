"""The page of the API: its example of checking a signature checks signatures."""

import re
from pathlib import Path
from typing import Any

from daicho.api.wire import Message, sign
from tests.rights.desk import AT

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def test_the_receivers_example_works():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    made: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), made)  # noqa: S102 (our own page)
    message = Message(id="msg_1", content=b'{"type":"webhook.test"}')
    headers = sign(message, b"k" * 32, at=AT)
    secret = "whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
    check, at = made["is_daichos"], AT.timestamp()
    assert check(secret, headers, message.content, now=lambda: at + 299)
    assert not check(secret, headers, message.content + b" ", now=lambda: at)
    assert not check(secret, headers | {"webhook-id": "msg_2"}, message.content, now=lambda: at)
    assert not check(secret, headers, message.content, now=lambda: at + 301)
    assert not check("whsec_" + "A" * 43 + "=", headers, message.content, now=lambda: at)
