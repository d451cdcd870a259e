"""Every page of the desk in a real browser: no error on the console, nothing wider than the window, axe finds nothing serious."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from daicho.people.doors import Passage, permission_of
from daicho.site.shell import walk_routes
from tests.journeys.browser import DESK, PHONE, needs_chromium, screen
from tests.rights.desk import open_desk

pytestmark = [pytest.mark.slow, needs_chromium]
SERIOUS = {"serious", "critical"}


@pytest.fixture
def served(workspace, transactional_db, live_server):
    desk = open_desk(workspace, cabinet=True)
    number = desk.verified({"kind": "disclosure"})
    return live_server.url.replace("127.0.0.1", "localhost"), number


def pages(number: str) -> list[str]:
    """The address of every page that is looked at: those without a parameter, and those of one request."""
    found = []
    for name, view in walk_routes(get_resolver().url_patterns):
        permission = permission_of(view)
        if permission is None or permission.passage not in {Passage.READS, Passage.SIGNED_IN}:
            continue
        for arguments in ([], [number]) if name.startswith("rights:") else ([],):
            try:
                found.append(reverse(name, args=arguments))
            except NoReverseMatch:
                continue
    return sorted(set(found))


@pytest.mark.parametrize(
    ("language", "size"), [("ja", DESK), ("en", PHONE), ("ja", PHONE)], ids=["ja-desk", "en-phone", "ja-phone"]
)
def test_every_page_stands(chromium, served, language, size):
    from axe_playwright_python.sync_playwright import Axe

    base, number = served
    wrong: dict[str, list[str]] = {}
    seen = 0
    with screen(chromium, base, user="boss", language=language, size=size) as desk:
        for path in pages(number):
            answer = desk.page.request.get(base + path)
            if answer.status in {404, 405}:  # the number of something else; where a form is sent
                continue
            if "text/html" not in answer.headers.get("content-type", "") or "attachment" in answer.headers.get(
                "content-disposition", ""
            ):
                continue
            desk.troubles.clear()
            status = desk.open(path)
            found = [*desk.troubles]
            if status >= 400:
                found.append(f"status {status}")
            if desk.too_wide() > 0:
                found.append(f"{desk.too_wide()} px wider than the window")
            if "<" in desk.page.title():
                found.append("markup in the title")
            checked = Axe().run(desk.page).response["violations"]
            found += [
                f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes']][:3]}"
                for one in checked
                if one["impact"] in SERIOUS
            ]
            seen += 1
            if found:
                wrong[path] = found
    assert wrong == {}
    assert seen >= 30
