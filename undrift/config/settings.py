"""The one settings file. Each setting is read from the environment once, here; checks.py explains what is missing."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from undrift.config import databases
from undrift.config.secret import secret_key

ENVIRON = os.environ
DEBUG = ENVIRON.get("DEBUG") == "1"
# The demonstration: invented people one may choose to be, plain http on this machine, mail into files.
DEMO = ENVIRON.get("UNDRIFT_DEMO") == "1"
PLAIN_HTTP = DEBUG or DEMO

DATA_FOLDER = databases.data_folder()
SECRET_KEY = secret_key(ENVIRON, DATA_FOLDER, made_here=PLAIN_HTTP)
ALLOWED_HOSTS = ENVIRON.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if PLAIN_HTTP else "").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in ENVIRON.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

ROOT_URLCONF = "undrift.config.urls"
WSGI_APPLICATION = "undrift.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "undrift.config.apps.HouseConfig",
    "undrift.people.apps.PeopleConfig",
    "undrift.children.apps.ChildrenConfig",
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
    "django.forms",  # so that form templates are found beside ours
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "undrift.desks.middleware.KeepNoCopy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "undrift.config.idle.StaySignedInWhileActive",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
                "undrift.desks.navigation.navigation",
            ],
        },
    },
]
FORM_RENDERER = "undrift.desks.forms.Renderer"

# Data

DATABASES = {"default": databases.django_database(ENVIRON)}
# The application's role may add to these tables and read them, and nothing else: `grant_app_role` reads this list.
APPEND_ONLY_TABLES = ["resolutions_event", "resolutions_seal"]
# Where the heads of all histories are kept outside the database, so that a cut tail is found.
SEAL_FILE = Path(ENVIRON.get("SEAL_FILE", DATA_FOLDER / "seals.jsonl"))
CACHES = {
    # In the database, so that every web process counts the same failed sign-ins.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

# People

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a page; undrift.config.idle renews it
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_HTTPONLY = True

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
SITE_URL = ENVIRON.get("SITE_URL", "http://localhost:8000")  # the one link in each notice begins with it
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRON.get("EMAIL_FROM", "Undrift <undrift@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRON.get("LOG_LEVEL", "INFO")},
}
