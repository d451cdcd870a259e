"""How often one address of the network may do what costs a mail, a try or a file; see `daicho.people.rates`."""

import time

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from daicho.people import rates
from daicho.portal.errors import TooManyError
from daicho.portal.rules import RATES

_HOUR = 3600


def count(request: HttpRequest, what: str) -> None:
    """Count one; `what` is a line of `RATES`.

    Raises:
        TooManyError: more than the hour allows.
    """
    if rates.count(f"portal-{what}", _address(request), seconds=_HOUR, now=time.time()).times > RATES[what]:
        raise TooManyError


def _address(request: HttpRequest) -> str:
    """Who asks, as at the sign-in: behind the one trusted proxy, the address that it names."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # the proxy names nobody: then all of its visitors are one
        return str(request.META.get("REMOTE_ADDR", ""))
