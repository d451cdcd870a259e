"""What every mail of the web door says about who writes, and how days are written in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daicho.letters.house import House
from daicho.policy.language import Policy
from daicho.rights.house import house_of
from daicho.words.text import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes: the company asked, its published desk; ``address``: where browsers find the door."""

    house: House
    language: Language
    address: str

    def values(self, **more: str) -> Mapping[str, str]:
        """The values of a template: these, and ``more``."""
        say, house = self.language, self.house
        return {
            "company": house.company.say(say),
            "department": house.department.say(say),
            "telephone": house.telephone.say(say),
            "hours": house.hours.say(say),
            "postal": f"{house.postal_code} {house.address.say(say)} {house.department.say(say)}".strip(),
            **more,
        }

    def link(self, path: str) -> str:
        """The whole address of a page."""
        return self.address.rstrip("/") + path

    def moment(self, at: datetime) -> str:
        """``2026年11月24日 10:00``."""
        if self.language is Language.EN:
            return f"{at:%H:%M} on {at.day} {at:%B} {at.year} (Japan time)"
        return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"

    def day(self, on: date) -> str:
        """``2026年11月24日``."""
        return f"{on.day} {on:%B} {on.year}" if self.language is Language.EN else f"{on.year}年{on.month}月{on.day}日"

    def last_day(self, at: datetime) -> str:
        """The last whole day before a moment."""
        return self.day((at - timedelta(seconds=1)).date())


def sender_of(policy: Policy, organisation: str, *, language: Language, address: str) -> Sender:
    """Who writes for an organisation under this policy."""
    return Sender(house=house_of(policy, organisation), language=language, address=address)
