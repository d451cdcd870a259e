"""Whatever stands in an address, no page falls over: years that no calendar has, digits that are no numbers, NUL.

The walk asks each route which parameters it reads, then hands it every hostile value in each of them.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from daicho.people.doors import Passage
from tests.people.entering import enter
from tests.site.test_routes import routes
from tests.site.test_two_companies import House, house, pages  # noqa: F401 (a fixture)

VALUES = (
    "0000", "0001", "-1", "²", "\0", "9" * 5_000, "NaN", "0001-01-01", "9999-12-31", "2026-02-30", "\ud800", "x" * 5_000, str(2**63),
)  # fmt: skip


class Asked:
    """Which names a view reads from its address."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        for method in ("__getitem__", "getlist", "get", "__contains__"):
            monkeypatch.setattr(QueryDict, method, self._noting(getattr(QueryDict, method)))

    def _noting(self, method):
        def ask(given, name, *rest, **more):
            self.names.add(name)
            return method(given, name, *rest, **more)

        return ask


def opened(code: str = "boss") -> Client:
    return enter(Client(raise_request_exception=False), code)


def addresses(house: House) -> Iterator[str]:  # noqa: F811
    """Every page: those for signed-in people with what there is, those of anybody as they are."""
    yield from dict.fromkeys(address.partition("?")[0] for address, _ in pages(house))
    yield from (one.address for one in routes() if one.permission and one.permission.passage is Passage.PUBLIC)


@pytest.mark.slow
def test_no_value_in_an_address_makes_a_page_fall_over(house: House, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    wrong: list[object] = []
    browser, tried = opened(), 0
    for address in addresses(house):
        if "logout" in address:
            continue
        with monkeypatch.context() as patched:
            asked = Asked(patched)
            plain = browser.get(address).status_code
        if plain >= 500:
            wrong.append((address, plain))
        if plain not in {200, 400}:
            continue
        for name in sorted(asked.names - {"csrfmiddlewaretoken"}):
            for value in VALUES:
                query = urlencode({name: value}, errors="surrogatepass")
                status = browser.get(f"{address}?{query}").status_code
                tried += 1
                if status >= 500 and status != 503:
                    wrong.append((address, name, value[:12], status))
    assert wrong == []
    assert tried > 1_000, "the walk found what the pages read"


@pytest.mark.slow
def test_no_value_in_a_path_makes_a_page_fall_over(house: House):  # noqa: F811
    wrong: list[object] = []
    browser = opened()
    for route in routes():
        for dummy in ("nothing-9", "999999"):
            if f"/{dummy}/" not in route.address and not route.address.endswith(f"{dummy}/"):
                continue
            for value in ("0", "0000", "-1", "%C2%B2", "%00", "9" * 3_000, str(2**63), "draft", "a%00b", "%ED%A0%80"):
                status = browser.get(route.address.replace(dummy, value)).status_code
                if status >= 500 and status != 503:
                    wrong.append((route.name, value[:12], status))
    assert wrong == []


def test_a_nul_is_told_as_a_mistake_of_the_sender(house: House):  # noqa: F811
    """PostgreSQL takes no NUL where SQLite does, so it is refused before a row is asked for."""
    browser = opened()
    for address in ("/requests/?organisation=%00", "/trail/?about=a%00", "/people/account/a%00/", "/post/%00/"):
        answer = browser.get(address)
        assert answer.status_code == 400, address
        assert "NUL" in answer.content.decode()
    form = browser.post("/requests/find/", "q=%00", content_type="application/x-www-form-urlencoded")
    assert form.status_code == 400


def test_several_rows_at_once_takes_only_numbers_that_can_be_numbers(house: House):  # noqa: F811
    """A name that is no number is passed over before anything is done, not found out when the answer is written."""
    given = {"number": [house.number, "x", "R-１-1", "\n"], "act": "withdraw"}
    answer = opened("clerk").post("/requests/bulk/", given)
    assert answer.status_code == 200
    assert house.number in answer.content.decode()
    none = opened("clerk").post("/requests/bulk/", {"number": ["x"], "act": "withdraw"}, follow=True)
    assert "行と操作を選んでください" in none.content.decode()
