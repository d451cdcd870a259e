"""How the numbers of this room stand in an address."""

import re

from django.urls import register_converter
from django.urls.converters import StringConverter


class RequestNumber(StringConverter):
    """``R-2026-0001``."""

    regex = r"R-[0-9]{4}-[0-9]{4,9}"


class ClaimNumber(RequestNumber):
    """``R-2026-0001-2``."""

    regex = r"R-[0-9]{4}-[0-9]{4,9}-[0-9]{1,2}"


class Ref(RequestNumber):
    """``D-0a1b2c…``: an opaque reference of a paper, an instrument, a slip, a letter."""

    regex = r"[A-Z]-[0-9A-Za-z-]{4,40}"


register_converter(RequestNumber, "request")
register_converter(ClaimNumber, "claim")
register_converter(Ref, "ref")


def is_number_of_request(text: str) -> bool:
    """Whether this could stand in the address of a request."""
    return re.fullmatch(RequestNumber.regex, text) is not None


def is_request_number(text: str) -> bool:
    """Whether it is a claim's number of ours, and not one from an old ledger."""
    return re.fullmatch(ClaimNumber.regex, text) is not None
