"""The one settings file. Each setting is read from the environment once, here; checks.py explains what is missing."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from undrift.config import databases
from undrift.config.secret import secret_key
from undrift.people.sign_on import providers

ENVIRON = os.environ
DEBUG = ENVIRON.get("DEBUG") == "1"
# The demonstration: invented people one may choose to be, plain http on this machine, mail into files.
DEMO = ENVIRON.get("UNDRIFT_DEMO") == "1"
PLAIN_HTTP = DEBUG or DEMO

DATA_FOLDER = databases.data_folder()
SECRET_KEY = secret_key(ENVIRON, DATA_FOLDER, made_here=PLAIN_HTTP)
# Earlier keys, newest first, with commas between them: what they closed can still be opened while a key is changed.
SECRET_KEY_FALLBACKS = [key for key in ENVIRON.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = ENVIRON.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if PLAIN_HTTP else "").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in ENVIRON.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

ROOT_URLCONF = "undrift.config.urls"
WSGI_APPLICATION = "undrift.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "undrift.config.apps.HouseConfig",
    "undrift.people.apps.PeopleConfig",
    "undrift.children.apps.ChildrenConfig",
    "undrift.record.apps.RecordConfig",
    "undrift.access.apps.AccessConfig",
    "undrift.resolutions.apps.ResolutionsConfig",
    "undrift.intake.apps.IntakeConfig",
    "undrift.messages.apps.NoticesConfig",
    "undrift.desks.apps.DesksConfig",
    "undrift.demo.apps.DemoConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth.account",  # after ours, so that our templates are found first
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.forms",  # so that form templates are found beside ours
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "undrift.desks.frame.answers.KeepNoCopy",
    "undrift.desks.frame.answers.OnlyText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "undrift.config.idle.StaySignedInWhileActive",
    "django.contrib.messages.middleware.MessageMiddleware",
    "undrift.desks.account.kept.KeepTyped",  # before the next, which turns away whoever is not signed in
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "undrift.desks.account.guard.SecondFactorFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "undrift.desks.frame.addresses.RuleFirst",
    "undrift.desks.frame.one_reader.WithinReach",  # what it sets lives as long as the page's transaction
    "undrift.desks.frame.keeping.CountsOnce",  # the innermost: within that transaction
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "undrift.desks.frame.navigation.navigation",
                "undrift.config.idle.session_seconds",
                "undrift.desks.frame.keeping.kept_text",
            ],
            "builtins": ["undrift.desks.templatetags.once"],  # each form says which drawing of its page it is of
        },
    },
]
FORM_RENDERER = "undrift.desks.frame.forms.Renderer"

# Data

DATABASES = {"default": databases.django_database(ENVIRON)}
# The application's role may add to these tables and read them, and nothing else: `grant_app_role` reads this list.
APPEND_ONLY_TABLES = [
    "people_accountact",
    "record_event",
    "access_look",
    "record_seal",
    "children_factchange",
    "record_goodpracticereport",
]
# To these it may add, and of what is there it may change these columns alone: what is given is ended, never deleted.
INSERT_AND_END_TABLES = {
    "access_opening": ["until", "reviewed_by_id", "reviewed_at", "finding", "remark"],
    "access_restriction": ["lift_asked_by_id", "lift_asked_at", "lifted_by_id", "lifted_at"],
    "access_listing": ["ends", "ended_by_id", "ended_at"],
    "access_exclusion": ["lifted_by_id", "lifted_at"],
    "access_alert": ["next_attempt_at", "sent_at", "attempts", "last_error"],
    "record_notice": ["next_attempt_at", "sent_at", "dropped_at", "attempts", "last_error"],
    "people_letter": ["next_attempt_at", "sent_at", "attempts", "last_error"],
    "people_holding": ["ends", "ended_by_id", "ended_at"],
    "people_cover": ["ends", "ended_by_id", "ended_at"],
    "children_allocation": ["done_at", "ended_by_id", "ended_at"],
    "children_samechild": ["undone_by_id", "undone_at", "undone_why"],
    "children_alsoinfamily": ["ended_by_id", "ended_at"],
    "people_grant": ["settled_by_id", "settled_at", "outcome"],
}
# Which migrations have run is the owner's to write; what became of those that are ended, the owner's triggers'.
READ_ONLY_TABLES = ["django_migrations", "record_ending"]
# Where the heads of all histories are kept outside the database, so that a cut tail is found.
SEAL_FILE = Path(ENVIRON.get("SEAL_FILE", DATA_FOLDER / "seals.jsonl"))
CACHES = {
    # In the database, so that every web process knows the same. Wrong tries have rows of their own: people/tries.py.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

# A paste of a few megabytes is read, so that the page can say which answer is too long and give it back.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20
# A file that is sent stays in memory while its page is answered; beyond 20 MB it is read past.
FILE_UPLOAD_HANDLERS = ["undrift.desks.frame.uploads.InMemory"]

# People

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["undrift.people.seats.SignedIn"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},  # the usual ones are not what our people have
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "undrift.people.common_passwords.MadeOfCommonPasswords"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # the longest that any link lives; undrift.people.links says how long each
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a page; undrift.config.idle renews it
SESSION_LONGEST_SECONDS = 10 * 60 * 60  # from signing in, whatever is opened
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# "Strict" would lose the session on the way back from a provider.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if not PLAIN_HTTP:
    # A browser takes a cookie of such a name only by https, from this very host, for the whole of it.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_FAILURE_VIEW = "undrift.desks.account.kept.stale"  # keeps what was typed
# In the session, which stays on the server: a message may name a child.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Signing in: by a council's own provider, or a password and a second factor. docs/guides/signing-in.md

SECOND_FACTOR_REQUIRED = True  # only a test says otherwise; the service does not start without it
SINGLE_SIGN_ON = providers(ENVIRON.get("SINGLE_SIGN_ON", ""))
ACCOUNT_ADAPTER = "undrift.desks.account.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # asked of nobody: there is no signing up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # undrift.desks.account.patience makes people wait; it locks nobody out
ACCOUNT_SESSION_REMEMBER = None
MFA_ADAPTER = "undrift.desks.account.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 0  # a code is good for its own half minute, and once
MFA_RECOVERY_CODE_DIGITS = 12
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLAIN_HTTP
SOCIALACCOUNT_ADAPTER = "undrift.desks.account.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10  # seconds

# The browser

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "img-src": [SELF, "data:"],  # the design system's own small pictures are written into its styles
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_REDIRECT_EXEMPT = ["^health$"]
if ENVIRON.get("BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"
STATIC_ROOT = Path(ENVIRON.get("STATIC_ROOT", DATA_FOLDER / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "undrift.config.static.HashedNames"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# Words and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

# Mail and log

EMAIL_BACKEND = ENVIRON.get(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'filebased' if PLAIN_HTTP else 'smtp'}.EmailBackend"
)
EMAIL_FILE_PATH = DATA_FOLDER / "mail"
EMAIL_HOST = ENVIRON.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(ENVIRON.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = ENVIRON.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = ENVIRON.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = ENVIRON.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10  # seconds
# The one link in each notice begins with it; unless said, it is where `make run` serves.
SITE_URL = ENVIRON.get("SITE_URL", f"http://localhost:{ENVIRON.get('PORT', '8000')}")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRON.get("EMAIL_FROM", "Undrift <undrift@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "undrift.config.lines.line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRON.get("LOG_LEVEL", "INFO")},
}
