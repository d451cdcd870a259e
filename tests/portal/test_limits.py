"""Strangers are counted one by one, also when they all come through the one proxy in front."""

from collections.abc import Callable
from typing import Any

import pytest

from daicho.portal.rules import RATES
from tests.portal.web import Stranger

FORM = {"organisation": "copro-holdings", "requester": "principal", "kinds": ["disclosure"]}


@pytest.mark.parametrize("proxies", [0, 1])
def test_one_address_does_not_use_up_anothers_tries(stranger: Callable[..., Stranger], settings, proxies: int):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    browser = stranger().browser

    def ask(address: str, forged: str = "") -> int:
        sent: dict[str, Any] = (
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"{forged}{address}"}
            if proxies
            else {"REMOTE_ADDR": address}
        )
        answer = browser.post("/request/", FORM | {"mailbox": "somebody@example.com"}, **sent)
        return int(answer.status_code)

    assert [ask("203.0.113.5") for _ in range(RATES["start"] + 1)][-2:] == [302, 429]
    assert ask("203.0.113.6") == 302
    assert ask("203.0.113.5", forged="198.51.100.7, ") == 429  # what a stranger writes there themselves does not count
