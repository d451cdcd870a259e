"""Django's settings, read from the workspace. Nothing here is secret and nothing is guessed."""

from pathlib import Path

from csp.constants import NONE, SELF

from daicho.site.web_key import web_key
from daicho.site.workspace import django_database, find_workspace

WORKSPACE = find_workspace()
HERE = Path(__file__).resolve().parent

DEBUG = False
SECRET_KEY = web_key(WORKSPACE)
ALLOWED_HOSTS = WORKSPACE.hosts
CSRF_TRUSTED_ORIGINS = [WORKSPACE.address] if WORKSPACE.address else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "daicho.site",  # before allauth: its templates stand in for the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "daicho.keys",
    "daicho.trail",
    "daicho.work",
    "daicho.people",
    "daicho.subjects",
    "daicho.policy",
    "daicho.register",
    "daicho.runs",
    "daicho.consent",
    "daicho.rights",
    "daicho.api",
    "daicho.post",
    "daicho.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "daicho.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "daicho.site.upload_limits.UploadMiddleware",  # before the next one, which reads the form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "daicho.site.middleware.DoorMiddleware",
]

ROOT_URLCONF = "daicho.site.urls"
WSGI_APPLICATION = "daicho.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["daicho.site.templatetags.daicho"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "daicho.site.shell.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": django_database(WORKSPACE)}
# Failed sign-ins, calls and visits are counted here: in this process on SQLite (one process serves), else where all
# processes see them. Django's own limit of 300 entries would let a flood of strangers push the counts out.
CACHES = {
    "default": {
        **(
            {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "daicho"}
            if DATABASES["default"]["ENGINE"].endswith("sqlite3")
            else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}
        ),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = str(WORKSPACE.language)
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

# ── files ────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["daicho.site.uploads.MemoryOnly"]  # what is uploaded never lies on the disk in clear

# ── sign-in: allauth, with codes instead of mail addresses ───────────────────────────────────
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("code", "display_name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if WORKSPACE.address.startswith("https://") else 0  # TLS ends at one proxy in front
ACCOUNT_ADAPTER = "daicho.site.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "daicho.site.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end by themselves: their hash is of the old password
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/300s/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "daicho.site.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = WORKSPACE.address.startswith("http://localhost") or not WORKSPACE.address
MFA_TOTP_ISSUER = "Daicho"
USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row at every look
SOCIALACCOUNT_ADAPTER = "daicho.site.adapters.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = WORKSPACE.single_sign_on
SOCIALACCOUNT_ONLY = False
# A link, not a form: `form-action` would have to list every address a company's provider leads through.
SOCIALACCOUNT_LOGIN_ON_GET = True

# ── what the browser may do ──────────────────────────────────────────────────────────────────
SECURE = WORKSPACE.address.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "daicho_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "daicho_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "daicho.site.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],
        "manifest-src": [SELF],
    }
}
# ── what is said to standard error: our own words, never the text of a request ───────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "timed": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"}
    },
    "handlers": {"stderr": {"class": "daicho.site.faults.ToStandardError", "formatter": "timed"}},
    "loggers": {"daicho": {"handlers": ["stderr"], "level": "WARNING"}},
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_SUBJECT_PREFIX = ""
