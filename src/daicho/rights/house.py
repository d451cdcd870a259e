"""Whose letters they are: what the policy publishes, in the style that the installation's settings give."""

import re
from dataclasses import replace

from django.conf import settings

from daicho.letters.house import AccreditedBody, House, HouseStyle
from daicho.letters.setting import HouseStyles
from daicho.policy.language import Policy
from daicho.policy.language.base import Address
from daicho.policy.language.parties import BodyEntry
from daicho.words.errors import Place
from daicho.words.text import Text


def house_of(policy: Policy, organisation: str) -> House:
    """The company, its officer, desk and accredited body as the policy has them, and how it writes now.

    Raises:
        InstallationError: the style's typeface is not in the folders named for it.
    """
    company = policy.organisation(organisation)
    desk = policy.desk
    officer = policy.officer
    lines = desk.lines
    body = policy.accredited_body
    return House(
        company=company.name,
        postal_code=company.address.postal_code or "",
        address=_without_code(company.address),
        representative=_joined(company.representative.title, company.representative.name),
        officer=officer.title if officer else company.representative.title,
        department=desk.name,
        telephone=lines.telephone.text,
        hours=lines.telephone.hours.text if lines.telephone.hours else Text("", ""),
        fax=lines.fax.text if lines.fax else None,
        email=lines.email,
        accredited_body=_body(body.entry) if body is not None else None,
        style=_style_of(organisation),
    )


def _style_of(organisation: str) -> HouseStyle:
    """The style the settings file gives the company; a face that they name a folder for must be there."""
    styles: HouseStyles = settings.WORKSPACE.letters
    style = styles.of(organisation)
    if style.typeface is not None and style.typeface.folders:
        from daicho.letters.press import require_face  # noqa: PLC0415 (most commands that know a house print nothing)

        require_face(style.typeface, place=Place(path=str(settings.WORKSPACE.settings_file)))
    return style


def _without_code(address: Address) -> Text:
    """The address where the postal code is printed by itself: an English one often holds it, too."""
    code = address.postal_code
    if not code:
        return address.text
    ja = re.sub(rf"〒?\s*{code}\s*", "", address.text.ja)
    return Text(ja, re.sub(rf",?\s*{code},?\s*", ", ", address.text.en).strip(", "))


def _body(entry: BodyEntry) -> AccreditedBody:
    dialled = ["0" + one.removeprefix("+81-") if one.startswith("+81-") else one for one in entry.telephones]
    telephones = Text("、".join(dialled), ", ".join(entry.telephones))
    address, code = entry.address.text, entry.address.postal_code
    if code and code not in address.ja:
        address = replace(address, ja=f"〒{code}　{address.ja}")
    return AccreditedBody(name=_joined(entry.name, entry.office), address=address, telephone=telephones)


def _joined(left: Text, right: Text) -> Text:
    return Text(f"{left.ja}　{right.ja}", f"{right.en}, {left.en}")
