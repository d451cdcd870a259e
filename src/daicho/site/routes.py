"""Routes that a library serves, and who may pass them; what is not listed admits nobody."""

from typing import Final

from daicho.people.doors import Passage, Permission

_PUBLIC: Final = Permission(passage=Passage.PUBLIC)
_OWN: Final = Permission(passage=Passage.SIGNED_IN)

#: Name of the route → who may pass it.
LIBRARY_ROUTES: Final[dict[str, Permission]] = {
    "account_login": _PUBLIC,
    "account_logout": _PUBLIC,
    "account_inactive": _PUBLIC,
    "account_reauthenticate": _OWN,
    "account_change_password": _OWN,
    "account_set_password": _OWN,
    "mfa_authenticate": _PUBLIC,  # between password and second factor nobody is signed in yet
    "mfa_login_webauthn": _PUBLIC,
    "mfa_index": _OWN,
    "mfa_reauthenticate": _OWN,
    "mfa_reauthenticate_webauthn": _OWN,
    "mfa_activate_totp": _OWN,
    "mfa_deactivate_totp": _OWN,
    "mfa_view_recovery_codes": _OWN,
    "mfa_generate_recovery_codes": _OWN,
    "mfa_download_recovery_codes": _OWN,
    "mfa_list_webauthn": _OWN,
    "mfa_add_webauthn": _OWN,
    "mfa_remove_webauthn": _OWN,
    "mfa_edit_webauthn": _OWN,
    "openid_connect_login": _PUBLIC,
    "openid_connect_callback": _PUBLIC,
    "socialaccount_login_cancelled": _PUBLIC,
    "socialaccount_login_error": _PUBLIC,
    "socialaccount_connections": _OWN,
}

#: Where a session shows the second factor the account has; every other page waits for it.
SHOWING: Final = frozenset({"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})


def permission_of_library(name: str) -> Permission | None:
    """Who may pass a library's route; None when it is not listed."""
    return LIBRARY_ROUTES.get(name)
