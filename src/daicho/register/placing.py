"""Where the stores of a plan would be: nowhere they may not be, and never with another company's."""

from collections.abc import Iterable

from daicho.register.compile import store_ref
from daicho.register.language import StoreDocument
from daicho.register.live import OpenStore
from daicho.register.rules import Contents, Draft, Findings
from daicho.stores.port import PlaceRefusedError
from daicho.stores.refusals import place_refused
from daicho.words.errors import DaichoError


def check_places(drafts: Iterable[Draft], after: Contents, *, findings: Findings, open_store: OpenStore) -> None:
    """See that no store that is new or changed leads to where it may not be, or to another company's data.

    The error is the same for both; a store that cannot be opened here is told of when its map is looked at.
    """
    for draft in drafts:
        store = draft.model
        if not isinstance(store, StoreDocument):
            continue
        others = [one for one in after.stores.values() if one.organisation != store.organisation]
        try:
            places = _places(store, open_store)
            if any(places & _places_or_none(one, open_store) for one in others if places):
                raise place_refused()
        except PlaceRefusedError as error:
            findings.error(error.code, error.message, error.advice, draft=draft, at=("settings",))
        except DaichoError:
            continue


def _places(store: StoreDocument, open_store: OpenStore) -> frozenset[str]:
    ref = store_ref(store)
    return frozenset() if ref.is_paper else open_store(ref).places


def _places_or_none(store: StoreDocument, open_store: OpenStore) -> frozenset[str]:
    try:
        return _places(store, open_store)
    except DaichoError:
        return frozenset()
