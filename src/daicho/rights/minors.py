"""未成年者・後見  What the desk must think of where a minor, or somebody for another person, asks (desk practice 13).

Hints for a human, never a decision: who may act for whom is read from the papers that came.
"""

from datetime import date
from typing import Final

from daicho.law.kinds import Requester
from daicho.words.text import Text

#: 成年年齢 (Civil Code Art. 4, since 2022-04-01).
ADULT_AT: Final = 18
#: 離婚後の共同親権 (Civil Code Arts. 819, 824-2 as amended by Act No. 33 of 2024).
JOINT_AUTHORITY_SINCE: Final = date(2026, 4, 1)

_JOINT: Final = Text(
    "2026年4月1日から、離婚した父母が共同で親権を持つことがあります。戸籍で親権者を確かめ、共同親権なら、"
    "この請求を一方だけでできる事情（監護教育の日常の行為、急迫の事情、家庭裁判所の定め、他方の同意）を確かめてください。",
    "Since 2026-04-01 divorced parents may hold parental authority jointly. See the family register for who holds it; "
    "where both do, establish why one alone may ask: a daily matter, urgency, a court's ruling, or the other's consent.",
)
_CONFLICT: Final = Text(
    "親権者どうしの争い、虐待の疑い、支援措置など、本人と代理人の利益が相反するおそれがあるときは、本人確認を済ませず、"
    "個人情報保護管理者に判断を求めてください。",
    "Where the interests of the two may conflict (a dispute between parents, suspected abuse, a support measure), do not "
    "verify the identity: ask the privacy officer.",
)
_SUPPORT: Final = Text(
    "支援措置のある請求を法定代理人が行っています。加害者とされる人でないことを管理者と確かめるまで、先に進めないでください。",
    "A statutory agent asks about somebody under a support measure: go no further before the officer has made sure that "
    "it is not the person the measure protects from.",
)


def age_on(birth_date: date, on: date) -> int:
    """Whole years of age."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def identity_hints(
    requester: Requester, birth_date: date | None, arrived_on: date, *, support_measure: bool = False
) -> list[Text]:
    """What to think of before the identity is called verified. Age is judged on the day of arrival."""
    age = age_on(birth_date, arrived_on) if birth_date else None
    match requester:
        case Requester.PRINCIPAL:
            return [_asks_alone(age)] if age is not None and age < ADULT_AT else []
        case Requester.MINOR_AGENT:
            hints = [_of_age(age)] if age is not None and age >= ADULT_AT else []
            if arrived_on >= JOINT_AUTHORITY_SINCE:
                hints.append(_JOINT)
            return [*hints, _CONFLICT, *([_SUPPORT] if support_measure else [])]
        case Requester.GUARDIAN:
            return [_CONFLICT, *([_SUPPORT] if support_measure else [])]
        case _:
            return []


def _asks_alone(age: int) -> Text:
    return Text(
        f"本人は到着日に {age} 歳の未成年者です。本人による請求として受けるには、請求の意味を理解していることを確かめてください。"
        "法定代理人が書いた請求なら、請求者を「未成年者の法定代理人」として受け付け直します。",
        f"The person was {age} on the day of arrival, a minor. To take it as the person's own request, make sure that they "
        "understand what they ask for. If a parent wrote the form, register it as one by the minor's statutory agent.",
    )


def _of_age(age: int) -> Text:
    return Text(
        f"本人は到着日に {age} 歳で、成年です。未成年者の法定代理人としては請求できません。本人の請求か、委任状による請求になります。",
        f"The person was {age} on the day of arrival, of age: nobody asks as a minor's statutory agent. It is the person's "
        "own request, or one by a mandate.",
    )
