"""Properties of the whole house."""

import re
from pathlib import Path

import pytest
from vulture import Vulture

from daicho.trail.events import EVENTS

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "daicho"
LONGEST = 450
#: What carries one of these is called by whoever the decorator hands it to.
TAKEN_UP = [
    "@app.*",
    "@*_app.*",
    "@register.*",
    "@router.*",
    "@api.*",
    "@receiver",
    "@model_validator",
    "@field_validator",
    "@property",
]
#: Names that nothing in src calls, each with who does.
CALLED_FROM_OUTSIDE = {
    "main": "the installed command",
    "Meta": "Django reads it",
    "MemoryStore": "the reference that defines the contract, for tests",
    "writable": "io.RawIOBase", "readable": "io.RawIOBase", "readinto": "io.RawIOBase",
    "ignore_aliases": "PyYAML", "get_col_spec": "SQLAlchemy", "_Table": "typed dictionary",
    "close_all": "tests and long-lived callers give connections back",
    "read_file": "the register's language, for pipelines",
    "find_control": "law tables read by auditors' tools", "list_body_clauses": "as above", "new_number": "as above",
    "kinds_that_may_be_charged": "as above", "find_period": "as above", "last_day_of": "as above",
    "corrections_of": "what later rooms ask of remembered corrections",
    "MethodChangeLetter": "a letter of desk practice 17 that the desk has no command for yet",
    "SubstituteMeasureLetter": "as above",
    "LanguageMiddleware": "named in the settings", "DoorMiddleware": "as above", "UploadMiddleware": "as above",
    "ToStandardError": "as above", "is_safe_url": "allauth's adapter", "SignInForm": "as above",
    "_populate": "Django's resolver", "_reverse_with_prefix": "as above", "validation_error_from_error_contexts": "ninja",
    "process_view": "Django's middleware", "process_exception": "as above", "load": "gunicorn", "load_config": "gunicorn",
    "is_open_for_signup": "allauth's adapter", "pre_login": "as above", "pre_social_login": "as above",
    "encrypt": "as above", "decrypt": "as above", "get_client_ip": "as above", "send_notification_mail": "as above",
    "get_public_key_credential_rp_entity": "as above",
    "MemoryOnly": "named in the settings", "handle_raw_input": "Django's upload handler", "receive_data_chunk": "as above", "file_complete": "as above",
    "csrf_failure": "named in the settings", "bad_request": "named in the routes", "forbidden": "as above",
    "not_found": "as above", "server_error": "as above", "shell": "a context processor named in the settings",
    "clean_mailbox": "Django's forms", "clean_person_birth_date": "as above", "clean_person_email": "as above",
    "clause_places": "what every published sentence is traced by",
}  # fmt: skip


def modules() -> list[Path]:
    return [path for path in SRC.rglob("*.py") if "migrations" not in path.parts]


def test_nothing_is_dead():
    finder = Vulture(ignore_decorators=TAKEN_UP)
    finder.scavenge([str(path) for path in modules()])
    kinds = {"function", "method", "class", "import", "unreachable_code"}
    dead = {
        f"{Path(one.filename).relative_to(SRC)}:{one.first_lineno} {one.name}"
        for one in finder.get_unused_code(min_confidence=60)
        if one.typ in kinds and one.name not in CALLED_FROM_OUTSIDE and not one.name.endswith("Config")
    }
    assert dead == set()


def test_no_file_outgrows_one_sitting():
    long = {}
    for path in modules():
        lines = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        if lines > LONGEST:
            long[str(path.relative_to(SRC))] = lines
    assert long == {}


def test_every_event_has_words_in_both_languages_for_its_facts():
    for code, kind in EVENTS.items():
        assert re.search(r"[ぁ-んァ-ヶ一-龥]", kind.words.ja), code
        assert kind.words.en.isascii(), code
        for sentence in (kind.words.ja, kind.words.en):
            assert set(re.findall(r"\{(\w+)\}", sentence)) <= set(kind.facts), code


@pytest.mark.parametrize("word", ["compliant", "準拠して", "法令に適合し"])
def test_the_product_never_says_that_somebody_complies(word: str):
    said = [
        str(path.relative_to(ROOT))
        for path in (*SRC.rglob("*.py"), *SRC.rglob("*.typ"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("README*.md"))
        if word in path.read_text(encoding="utf-8").lower()
        and "never" not in path.read_text(encoding="utf-8").lower().split(word)[0][-60:]
    ]
    assert said == []
