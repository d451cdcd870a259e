"""Django's settings, read from the workspace. Nothing here is secret and nothing is guessed."""

from daicho.site.workspace import django_database, find_workspace

WORKSPACE = find_workspace()

DEBUG = False
SECRET_KEY = "the command line signs nothing with this"  # noqa: S105 (a web door will bring its own from the workspace)
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "daicho.keys",
    "daicho.trail",
    "daicho.people",
    "daicho.subjects",
    "daicho.policy",
    "daicho.register",
    "daicho.runs",
    "daicho.consent",
    "daicho.rights",
]

AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": django_database(WORKSPACE)}

LANGUAGE_CODE = str(WORKSPACE.language)
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True
