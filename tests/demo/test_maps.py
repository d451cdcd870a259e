"""The example's maps fit the example's stores: every table, column, key, index and end."""

from pathlib import Path

import pytest
import stores  # type: ignore[import-not-found]

from daicho.register.checks import Found
from daicho.register.documents import read_file
from daicho.register.language import MapDocument, StoreDocument
from daicho.register.shapes import check_shape
from daicho.stores.adapters import open_store
from daicho.stores.port import StoreSettings
from tests.demo.conftest import EXAMPLE, Stage

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

MAPS = sorted((EXAMPLE / "register" / "maps").glob("*.yaml"))


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_map_fits_its_store(stage: Stage, path: Path) -> None:
    read = read_file(path.read_bytes(), path=path.name)
    assert isinstance(read.model, MapDocument)
    errors, advice = Found(document=read.document), Found(document=read.document)
    (stage.folder.parent / "workspace").mkdir(exist_ok=True)
    opened = open_store(_settings(stage, read.model.store))
    try:
        check_shape(read.model, opened.inspect(), errors=errors, advice=advice)
    finally:
        opened.close()
    assert errors.problems == []
    assert not [one.code for one in advice.problems if one.code in {"columns-unmapped", "reference-unmapped"}]


def _settings(stage: Stage, code: str) -> StoreSettings:
    path = EXAMPLE / "register" / "stores" / f"{code}.yaml"
    document = read_file(path.read_bytes(), path=path.name).model
    assert isinstance(document, StoreDocument)
    secrets: dict[str, str] = stores.credentials(stage.crm_url)
    return StoreSettings(
        code=code,
        kind=document.kind,
        values=document.settings,
        secret=lambda reference: secrets[reference.removeprefix("env:")],
        base_folder=str(stage.folder.parent / "workspace"),
    )
