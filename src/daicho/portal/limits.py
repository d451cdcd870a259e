"""How often one address of the network may do what costs a mail, a try or a file; counted in Django's cache."""

from django.core.cache import cache
from django.http import HttpRequest

from daicho.portal.errors import TooManyError
from daicho.portal.rules import RATES

_HOUR = 3600


def count(request: HttpRequest, what: str) -> None:
    """Count one; `what` is a line of `RATES`.

    Raises:
        TooManyError: more than the hour allows.
    """
    key = f"portal:{what}:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, _HOUR)
    if cache.incr(key) > RATES[what]:
        raise TooManyError
