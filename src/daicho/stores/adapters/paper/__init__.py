"""Paper, mailboxes, services without an adapter: stores that people search.

Nothing here is automatic. A search slip 検索依頼票 goes to the department named in the settings,
and its answer is recorded like a store's (desk practice 1).
"""

from daicho.stores.adapters.paper.store import PaperStore
from daicho.stores.port import Store, StoreSettings
from daicho.stores.settings import Setting, require_settings
from daicho.words.text import Text

SETTINGS = (
    Setting(name="department", words=Text("検索する部署", "the department that searches"), required=True),
    Setting(name="place", words=Text("保管場所", "where it is kept")),
)


def open_store(settings: StoreSettings) -> Store:
    """A store that only people can open."""
    values = require_settings(SETTINGS, settings)
    return PaperStore(settings.code, department=values["department"], place=values.get("place", ""))
