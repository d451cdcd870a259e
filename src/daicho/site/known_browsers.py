"""A browser by which somebody came in before keeps a mark, so that failures of strangers elsewhere do not close it.

The mark is signed and names no account: neither it nor its name tells whose it is. It lets nobody in.
"""

import secrets
from datetime import timedelta
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

_SALT: Final = "daicho.site.known_browsers"
_KEPT: Final = timedelta(days=90)


def known_browser(request: HttpRequest, code: str) -> str:
    """The number of this browser, if the account came in by it; empty otherwise."""
    try:
        number = signing.loads(request.COOKIES.get(_cookie(code), ""), salt=_salt(code), max_age=_KEPT)
    except signing.BadSignature:
        return ""
    return str(number)


def know_browser(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """The account came in by this browser."""
    number = known_browser(request, code) or secrets.token_hex(8)
    response.set_cookie(
        _cookie(code),
        signing.dumps(number, salt=_salt(code)),
        max_age=_KEPT,
        path="/account/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _salt(code: str) -> str:
    return f"{_SALT}:{code}"


def _cookie(code: str) -> str:
    return f"daicho_known_{salted_hmac(_SALT, code, algorithm='sha256').hexdigest()[:16]}"
