"""Every setting, in one place. Production differs only by environment variables."""

import os
from pathlib import Path

from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from amana import installed, language_folders
from amana.database import parse_database_url

ROOT = Path(__file__).resolve().parent.parent


def is_on(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "yes", "true", "on"}


DEMO = is_on("AMANA_DEMO")
"""An invented country with one-click sign-in. Never with real people."""

SANDBOX = Path(found) if (found := os.environ.get("AMANA_SANDBOX", "")) else None
"""The folder of an exercise: this process plays it, and has nothing else (ADR 84)."""
PRACTISING = SANDBOX is not None and is_on("AMANA_PRACTISING")
"""Whether it is a learner's practice installation: without a scenario, by our own
clock."""

INVENTED = DEMO or SANDBOX is not None
"""Whether everyone here is invented."""

VAR = SANDBOX or Path(os.environ.get("AMANA_VAR", ROOT / "var")) / (
    "demo" if DEMO else ""
)

PRODUCTION = is_on("AMANA_PRODUCTION")
"""Real people: HTTPS alone, and every secret must be given."""
if INVENTED and PRODUCTION:
    raise ImproperlyConfigured("The demo signs anyone in; it can't be production.")
if SANDBOX and DEMO:
    raise ImproperlyConfigured("An exercise is an installation of its own.")
if PRODUCTION or SANDBOX:
    os.umask(0o077)  # keys and the database are read by their own user alone


def read_secret(name: str, otherwise: str) -> str:
    """Read a secret from the environment. Raises ImproperlyConfigured where production
    lacks it."""
    given = os.environ.get(name, "")
    if PRODUCTION and not given:
        raise ImproperlyConfigured(f"{name} must be set in production.")
    return given or otherwise


DEBUG = is_on("DEBUG") and not PRODUCTION
SECRET_KEY = read_secret("SECRET_KEY", "only-for-development-and-the-demo-" + "x" * 32)
HERE = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", ",".join(HERE)).split(",")
if not (PRODUCTION or INVENTED or {*ALLOWED_HOSTS} <= {*HERE, "testserver"}):
    raise ImproperlyConfigured(
        "Without AMANA_PRODUCTION=1 the secrets are those that anyone can read in the "
        "source, so only this machine is answered. Set it, and the secrets."
    )

VAULT_PEPPERS = read_secret("VAULT_PEPPERS", "only-for-development").split(",")
"""Secrets outside the database that harden each passphrase; the first is current."""

VAULT_ARGON2 = {"iterations": 3, "lanes": 1, "memory_cost": 64 * 1024}
"""Argon2id cost: passes, lanes, KiB (OWASP asks for at least 46 MiB × 1 pass)."""
if SANDBOX:  # everyone has the passphrase that is in the source
    VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}

AUDIT_ORIGIN = os.environ.get("AUDIT_ORIGIN", "amana.local/log")
"""The log's name in its checkpoints; never changed once others keep copies."""
AUDIT_LOG_KEY_FILE = Path(os.environ.get("AUDIT_LOG_KEY_FILE", VAR / "audit-log.key"))
"""The key that signs checkpoints. Outside the database and its backups."""
AUDIT_ANCHOR = Path(os.environ.get("AUDIT_ANCHOR", VAR / "audit.anchor"))
"""The last checkpoint that was signed. Outside the database: a log that was cut back in
it is held to this file. Copied elsewhere each day, like the key."""
WITNESS_NAME = os.environ.get("WITNESS_NAME", "")
"""Under which name this instance cosigns the logs of others; empty: it does not."""
WITNESS_KEY_FILE = Path(os.environ.get("WITNESS_KEY_FILE", VAR / "witness.key"))
"""The key with which it does. Outside the database and its backups."""
FACTS_KEY_FILE = Path(os.environ.get("FACTS_KEY_FILE", VAR / "facts.key"))
"""The key of facts that wait for the night; a new one each night. Outside the database
and its backups, and in no backup at all: what it opened must not open again."""
ISSUER_NAME = os.environ.get("ISSUER_NAME", "Amana Academy")
"""Who issues certificates, as they say it."""
CERTIFICATE_KEYS = Path(os.environ.get("CERTIFICATE_KEYS", VAR / "certificate-keys"))
"""The folder of the keys that sign them. Outside the database and its backups."""

LRS_URL = os.environ.get("LRS_URL", "")
"""A record store (xAPI) that hears of the learning of those who agree; empty: none."""
if PRODUCTION and LRS_URL and not LRS_URL.startswith("https://"):
    raise ImproperlyConfigured("LRS_URL must begin with https:// in production.")
LRS_NAME = os.environ.get("LRS_NAME", "")
"""Who keeps it, as learners read it."""
LRS_USER = os.environ.get("LRS_USER", "")
LRS_PASSWORD = os.environ.get("LRS_PASSWORD", "")

# The demo's belong to no one: no country has the code 999.
ACADEMY_EMAIL = os.environ.get("ACADEMY_EMAIL", "academy@merravia.example" * DEMO)
ACADEMY_TELEPHONE = os.environ.get("ACADEMY_TELEPHONE", "+999 20 555 0100" * DEMO)
ACADEMY_WHATSAPP = os.environ.get("ACADEMY_WHATSAPP", "+999 20 555 0101" * DEMO)
"""How the public pages of courses say that one reaches the academy; empty: not so."""

ERASED_LIST = Path(os.environ.get("ERASED_LIST", VAR / "erased.list"))
"""What was erased, outside the database: an older copy of it is held to this list."""
BACKUP_DATA_RECIPIENT = os.environ.get("BACKUP_DATA_RECIPIENT", "")
BACKUP_KEYS_RECIPIENT = os.environ.get("BACKUP_KEYS_RECIPIENT", "")
"""To which public keys of age backups are sealed: the contents to one, what opens them
to another. Their private keys never lie on the server."""
BACKUP_FOLDER = os.environ.get("BACKUP_FOLDER", "")
"""Where the timers write both archives each night; empty: they make no backup."""
WAL_FOLDER = os.environ.get("WAL_FOLDER", "")
"""Where copies of PostgreSQL and its log of changes (WAL) are kept sealed, so that any
moment of the last days can be had; empty, or on SQLite: only each night's can."""
POSTGRES_PROGRAMS = os.environ.get("POSTGRES_PROGRAMS", "")
"""Where pg_dump and its like of the server's version lie; empty: on the path."""
CONFINED_TURNS = VAR / "turns"
"""The folder whose empty files say which foreign file is being read at the moment."""
PREPARED_QUERIES = os.environ.get("PREPARED_QUERIES", "1") == "1"
"""Whether the SQL of what pages ask again and again is kept (ADR 22)."""
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
METRICS_FROM = os.environ.get("METRICS_FROM", "")
"""Who reads `/metrics`: by a token, from addresses (`10.1.0.0/16,::1`), or by both if
both are set; with neither, it can't be read."""
SECURITY_CONTACT = os.environ.get("SECURITY_CONTACT", "")
SECURITY_CONTACT_UNTIL = os.environ.get("SECURITY_CONTACT_UNTIL", "")
"""Whom to tell of a weakness of this installation, and until which day that is surely
read: `mailto:security@example.org`, `2027-06-30`; empty: `/.well-known/security.txt` is
no page here."""
LTI_KEY_FILE = Path(os.environ.get("LTI_KEY_FILE", VAR / "lti.key"))
"""The key that signs what we ask of other learning systems. Outside the database."""

AUDIT_SEALS_AT_ONCE = True
"""Whether a request seals what it did; else only `seal_audit` does."""

INSTALLED_APPS = [*installed.ROOMS, *installed.LIBRARIES]
MIDDLEWARE = installed.MIDDLEWARE
if DEMO:
    INSTALLED_APPS.append("amana.demo")
if SANDBOX:
    # The first of all: no model may have asked for the time before.
    INSTALLED_APPS.insert(0, "amana.practising" if PRACTISING else "amana.sandbox")
    MIDDLEWARE = installed.put_after(
        installed.OF_PRACTICE if PRACTISING else installed.OF_EXERCISES
    )
    FORCE_SCRIPT_NAME = os.environ.get("AMANA_PREFIX", "")
NOT_IN_SANDBOX = tuple(map(Path, os.environ.get("AMANA_BESIDE", "").split(os.pathsep)))
"""The folders of the installation beside an exercise, which it never reads."""
ROOT_URLCONF = "amana.urls"
WSGI_APPLICATION = "amana.wsgi.application"
TEMPLATES: list[dict[str, object]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "amana.ui.templatetags.ui_tags",
                "amana.ui.templatetags.ui_forms",
                "amana.ui.templatetags.ui_lists",
                "amana.ui.templatetags.ui_navigation",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": parse_database_url(os.environ.get("DATABASE_URL", ""), VAR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "amana.trust.access.limits.SharedMemory"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
if SANDBOX:  # no worker beside it
    TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["amana.trust.vault.signin.PassphraseBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:today"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "amana.trust.access.sessions"
SESSION_COOKIE_AGE = 12 * 3600
# Never `Lax`: that another site's request carries no session is what makes compressing
# pages safe (ADR 75).
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # no trace of a visit outlives the browser's window
LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = True, "Lax"
if PRODUCTION:
    # The browser accepts this prefix only over HTTPS, from this host, for all paths: no
    # other host of the domain can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
MESSAGE_STORAGE = "amana.ui.messages.Messages"

ACCOUNT_ADAPTER = "amana.trust.vault.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "amana.trust.vault.signin.SignInForm"}
ACCOUNT_RATE_LIMITS = {
    **dict.fromkeys(("login", "outside", "help", "figures", "verification"), "30/m/ip"),
    **dict.fromkeys(("certificate", "way_in", "calendar", "cosign", "pack"), "60/m/ip"),
    "login_failed": "10/m/ip,5/5m/key",
    "unlock": "5/5m/user",
    "join": "10/m/ip",
    "recover": "10/m/ip,5/5m/key",
    "sealed": "10/m/ip",
    "reference": "10/m/user",
    "elsewhere": "20/h/user",
    "slowed": "12/m/user",
    "meeting": "30/h/user",
    "enquiry": "10/h/ip",
    "learner_link": "100/h/ip",
    "learner_mail": "5/h/key",
    "invite_list": "6/d/user",
    "arrive": "10/m/user",
    "letter": "300/m/user",
    "directory": "120/m/ip",
    "directory_whole": "10/m/ip",
    "directory_key": "600/m/key",
    "directory_whole_key": "20/m/key",
}
"""How many tries in which time, per address, account or person."""

# 0 by default: with one too many, an attacker could choose their address, and so escape
# the limits above.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
"""How many proxies of our own stand before this: whose word on addresses we believe."""

MFA_ADAPTER = "amana.trust.vault.signin.FactorAdapter"
MFA_FORMS = {
    "authenticate": "amana.trust.vault.signin.AuthenticatorCodeForm",
    "authenticate_webauthn": "amana.trust.vault.signin.PasskeyForm",
    "login_webauthn": "amana.trust.vault.signin.PasskeySignInForm",
    "activate_totp": "amana.trust.vault.signin.NewAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # localhost has no certificate
MFA_TOTP_TOLERANCE = 1

OPEN_TO_LEARNERS = is_on("OPEN_TO_LEARNERS") or DEMO
PUBLIC_DIRECTORY = not is_on("NO_PUBLIC_DIRECTORY")
ADDRESS = os.environ.get("ADDRESS", "http://localhost:8000").rstrip("/")
"""Where people reach this, for the links in messages."""

MAIL_HOST = read_secret("MAIL_HOST", "")
"""Empty: messages are shown on the console and go nowhere."""
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": int(os.environ.get("MAIL_PORT", "587")),
            "username": os.environ.get("MAIL_USER", ""),
            "password": os.environ.get("MAIL_PASSWORD", ""),
            "use_tls": True,
            "timeout": 20,  # seconds: who doesn't answer keeps no message waiting
        },
    }
    if MAIL_HOST
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
if SANDBOX:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "amana@localhost")

BIGBLUEBUTTON_URL = os.environ.get("BIGBLUEBUTTON_URL", "").rstrip("/")
"""The address of a BigBlueButton server's API; empty: sessions have other video."""
if PRODUCTION and BIGBLUEBUTTON_URL and not BIGBLUEBUTTON_URL.startswith("https://"):
    raise ImproperlyConfigured("BIGBLUEBUTTON_URL must begin with https://.")
BIGBLUEBUTTON_SECRET = os.environ.get("BIGBLUEBUTTON_SECRET", "")
"""What it shares with us, and by which our requests to it are signed."""

LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_words": {"()": "amana.unattended.PrivateLogFilter"}},
    "handlers": {
        "journal": {"class": "logging.StreamHandler", "filters": ["without_words"]}
    },
    "root": {"handlers": [] if DEBUG else ["journal"]},
    "loggers": {
        name: {"filters": ["without_words"]}
        for name in ("django.request", "django.tasks", "django_tasks_db")
        if not DEBUG
    },
}
"""The words of an error may be about a person; who develops sees them (DEBUG)."""

PAGE_LANGUAGES = language_folders.load_languages()
"""The languages of the pages, from their folders in `amana/locale/` (ADR 78)."""
LANGUAGE_CODE = language_folders.SOURCE
LANGUAGES = [(code, _(language.english)) for code, language in PAGE_LANGUAGES.items()]
LANGUAGES_BIDI = [
    *(code for code in global_settings.LANGUAGES_BIDI if code not in PAGE_LANGUAGES),
    *(code for code, page in PAGE_LANGUAGES.items() if page.direction == "rtl"),
]
LOCALE_PATHS = [language_folders.FOLDER]
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")

COUNTRY = os.environ.get("COUNTRY", "XM" if INVENTED else "")
"""The country's code: `JO`. Facts tell nationals from others by it."""
NEIGHBOURS = frozenset(os.environ.get("NEIGHBOURS", "").split(",")) - {""}
"""The codes of the countries next to it."""
REGION = frozenset(os.environ.get("REGION", "").split(",")) - {""}
"""The codes of the other countries of the region."""

HOLIDAYS_OF = os.environ.get("HOLIDAYS_OF", "")
"""Whose public holidays stop the clocks that count working days: `JO`, `DE-BY`."""
OWN_HOLIDAYS = os.environ.get("OWN_HOLIDAYS", "")
"""Further days that are not working days: `2026-06-08,2026-06-09`."""

WEEKEND = os.environ.get("WEEKEND", "")
"""`fri,sat`; empty: the country's own, or Saturday and Sunday."""

OFFICE_HOURS = os.environ.get("OFFICE_HOURS", "08:00-16:00")

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("AMANA_STATIC", VAR / "static"))
HAS_HASHED_FILES = not SANDBOX or (STATIC_ROOT / "staticfiles.json").exists()
"""An exercise names files as the server beside it does, which serves them."""
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site's page reads a file of ours
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "amana.ui.storage.StaticFiles"
        if not DEBUG and HAS_HASHED_FILES
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Uploads stay in memory: a temporary file would lie on the disk in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# The same as `arriving.LARGEST`: what was received has to fit.
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "object-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.NONE],  # but for the page where a module is kept (ADR 0014)
    "report-uri": ["/ui/csp-report"],
}
if SANDBOX:  # what happens in an exercise is no report to the server beside it
    del SECURE_CSP["report-uri"]
X_FRAME_OPTIONS = "DENY"
# "no-referrer" would make Origin null, and no form would pass.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "amana.ui.errors.csrf_failed"
MESSAGE_TAGS = {10: "plain", 20: "info", 25: "good", 30: "due", 40: "late"}

QUICK_EXIT_URL = os.environ.get("QUICK_EXIT_URL", "https://www.wikipedia.org/")
"""Where "leave this page" leads: an ordinary page that anyone might read."""

HELPLINES_FILE = os.environ.get(
    "HELPLINES_FILE",
    str(ROOT / "mechanisms/example/helplines.toml") if INVENTED else "",
)
"""Whom the public page says that one can call (see `amana.ui.helplines`)."""

SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_REDIRECT_EXEMPT = ["^health$", "^metrics$"]  # asked within, without HTTPS
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Only in production: a browser remembers it for a year, for localhost too.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading is for the domain's owner
if ALLAUTH_TRUSTED_PROXY_COUNT:
    # Our own proxy always sets this header itself, whatever the browser sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
