"""What one person does in a window of their own: finds words, clicks them, fills fields by their labels.

Every click is followed by a look: nothing on the console, nothing wider than the window, no error page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.journeys.browser import Screen, screen

#: Milliseconds a person waits for a page or a word; a slow machine is no reason to fail.
PATIENCE = 30_000

#: Whether a click leads to another page: not a place of this one, a part that is fetched, or a window of its own.
_LEAVES = """one => one.tagName === "A"
  ? !(one.hash && one.href.split("#")[0] === location.href.split("#")[0])
  : one.type === "submit" && one.formTarget !== "_blank" && !one.hasAttribute("hx-post")
    && !one.form.hasAttribute("hx-post") && !one.form.hasAttribute("data-again")"""

#: What may follow a label's words in the label itself.
_AFTER = r"[\s*]*(任意|必須|optional|required|when |「|「|if |by |郵便のとき|不応諾).*"


@dataclass
class Hands:
    """One person before one screen. Words are given in both languages; the page's own are looked for."""

    screen: Screen
    language: str
    within: Any = None

    def say(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en

    @property
    def page(self) -> Any:
        return self.screen.page

    @property
    def _here(self) -> Any:
        return self.page.locator("main") if self.within is None else self.within

    def part(self, ja: str, en: str) -> "Hands":
        """The panel or form with this heading."""
        heading = self.page.get_by_role("heading", name=self.say(ja, en))
        return Hands(
            self.screen,
            self.language,
            self.page.locator("section, form.panel, .panel, article").filter(has=heading).last,
        )

    def group(self, ja: str, en: str) -> "Hands":
        """The fields under this legend."""
        return Hands(self.screen, self.language, self.page.get_by_role("group", name=self.say(ja, en), exact=True))

    def open(self, path: str) -> None:
        assert self.screen.open(path) < 400, path
        self.look()

    def link(self, ja: str, en: str, *, menu: bool = False) -> None:
        """Follow the link whose words begin so; ``menu``: one of the navigation."""
        place = self.page.get_by_role("navigation") if menu else self._here
        self._click(place.get_by_role("link", name=_beginning(self.say(ja, en))).first)
        self.look()

    def press(self, ja: str, en: str) -> None:
        """Press a button; a question that it asks is answered with yes."""
        self._click(self._here.get_by_role("button", name=self.say(ja, en), exact=True))
        self.look()

    def press_in(self, place: Any, ja: str, en: str) -> None:
        """Press a button of one part of the page."""
        Hands(self.screen, self.language, place).press(ja, en)

    def press_in_vain(self, ja: str, en: str) -> None:
        """Press a button that leads to a word of what is wrong."""
        self._click(self._here.get_by_role("button", name=self.say(ja, en), exact=True))
        self.page.locator("main .notice.error, main .field .error").first.wait_for()
        assert self.screen.too_wide() <= 0
        self.screen.troubles.clear()  # the browser tells of every status above 400

    def press_keys(self, keys: str) -> None:
        """Keys that lead to another page."""
        with self._leaving():
            self.page.keyboard.press(keys)
        self.look()

    def _click(self, element: Any) -> None:
        """Click, and when that leads to another page, wait until it is the one that is open."""
        if element.evaluate(_LEAVES):
            with self._leaving():
                element.click()
        else:
            element.click()

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        """The page that is open is marked; wait until one without the mark is."""
        self.page.evaluate("document.documentElement.dataset.left = 'yes'")
        yield
        self.page.locator("html:not([data-left])").wait_for(state="attached")

    def unfold(self, ja: str, en: str) -> None:
        self._here.locator("summary", has_text=self.say(ja, en)).click()

    def field(self, ja: str, en: str) -> Any:
        """The one field with this label."""
        words = re.escape(self.say(ja, en))
        return self._here.get_by_label(re.compile(rf"^\s*{words}\s*($|{_AFTER})", re.DOTALL))

    def fill(self, ja: str, en: str, value: str) -> None:
        self.field(ja, en).fill(value)

    def pick(self, ja: str, en: str, option: tuple[str, str]) -> None:
        """Choose in a list by the option's words."""
        self.field(ja, en).select_option(label=self.say(*option))

    def tick(self, ja: str, en: str) -> None:
        """A box or a radio button by the words its label begins with."""
        self._here.get_by_label(_beginning(self.say(ja, en))).check()

    def choose(self, ja: str, en: str) -> None:
        """Click on words that stand in a label."""
        self._here.locator("label").get_by_text(self.say(ja, en), exact=True).click()

    def upload(self, ja: str, en: str, *, name: str, kind: str, content: bytes) -> None:
        """Choose a file of this machine."""
        self.field(ja, en).set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def sees(self, *words: tuple[str, str] | str) -> None:
        """The page says all of this."""
        from playwright.sync_api import expect

        for one in words:
            expect(self._here).to_contain_text(one if isinstance(one, str) else self.say(*one))

    def address(self) -> str:
        """The path of the page that is open."""
        return str(self.page.url.removeprefix(self.screen.base))

    def look(self) -> None:
        """Nothing is wrong with the page as it stands."""
        self.page.wait_for_load_state("load")
        where = self.address()
        assert self.screen.troubles == [], where
        assert self.screen.too_wide() <= 0, where
        assert self.page.locator("main .notice.error").count() == 0, (
            where,
            self.page.locator("main .notice.error").first.inner_text(),
        )


def _beginning(words: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(words)}(\s|$)")


@contextmanager
def hands(opened: Any, base: str, user: str, language: str, **more: Any) -> Iterator[Hands]:
    """Somebody signed in, in a window of their own, who says yes when asked whether they are sure."""
    from playwright.sync_api import expect

    expect.set_options(timeout=PATIENCE)
    with screen(opened, base, user=user, language=language, **more) as window:
        window.page.set_default_timeout(PATIENCE)
        window.page.on("dialog", lambda dialog: dialog.accept())
        yield Hands(window, language)
