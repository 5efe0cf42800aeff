"""The table of settings that are refused. docs/reference/configuration.md is made from it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from undrift.config import databases
from undrift.config.refusals import Rule, Setup, is_local
from undrift.library import calendars

HALF_HOUR, TEN_HOURS, YEAR = 30 * 60, 10 * 60 * 60, 365 * 24 * 60 * 60
SHORTEST_KEY, FEWEST_CHARACTERS, SHORTEST_SECRET = 50, 15, 16
SAMPLE = re.compile(r"insecure|change.?me|sample|example|secret.?key|your.?key|password", re.IGNORECASE)
NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
SAFE_TLS = "verify-full"
KNOWN_AHEAD = timedelta(days=180)

# In this order: each relies on those above it.
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "undrift.desks.frame.answers.KeepNoCopy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "undrift.config.idle.StaySignedInWhileActive",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "undrift.desks.account.guard.SecondFactorFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
VALIDATORS = ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
SENDERS_OF_NOTHING = ("filebased", "console", "dummy", "locmem")


def setting(name: str, judge: Callable[[Any], bool]) -> Callable[[Setup], bool]:
    """Wrong when `judge` says so of this one setting."""
    return lambda setup: judge(getattr(setup.settings, name, None))


def off(*names: str) -> Callable[[Setup], bool]:
    """Wrong unless every one of these settings is on."""
    return lambda setup: not all(getattr(setup.settings, name, False) for name in names)


def longer_than(name: str, seconds: int) -> Callable[[Setup], bool]:
    return setting(name, lambda value: not isinstance(value, int) or not 0 < value <= seconds)


def weak_key(key: str) -> bool:
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or bool(SAMPLE.search(key))


def weak_older_keys(setup: Setup) -> bool:
    older = setup.settings.SECRET_KEY_FALLBACKS
    return any(weak_key(key) for key in older) or setup.settings.SECRET_KEY in older


def not_https(origins: Iterable[str]) -> bool:
    return any(not origin.startswith("https://") or "*" in origin for origin in origins)


def without_tls(name: str) -> Callable[[Setup], bool]:
    def wrong(setup: Setup) -> bool:
        url = setup.environ.get(name, "")
        return bool(url) and not is_local(url) and databases.parts(url).get("sslmode") != SAFE_TLS

    return wrong


def one_role(setup: Setup) -> bool:
    application, owner = (setup.environ.get(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
    if not application:
        return False
    return not owner or databases.parts(application).get("user") == databases.parts(owner).get("user")


def any_provider(judge: Callable[[Any], bool]) -> Callable[[Setup], bool]:
    return lambda setup: any(judge(provider) for provider in setup.settings.SINGLE_SIGN_ON)


def providers_share_a_name(setup: Setup) -> bool:
    names = [provider.id for provider in setup.settings.SINGLE_SIGN_ON]
    return len(set(names)) != len(names) or not all(NAME.match(name) for name in names)


def middleware_amiss(setup: Setup) -> bool:
    there = [name for name in setup.settings.MIDDLEWARE if name in MIDDLEWARE]
    return there != list(MIDDLEWARE)


def loose_policy(setup: Setup) -> bool:
    directives = (getattr(setup.settings, "CONTENT_SECURITY_POLICY", None) or {}).get("DIRECTIVES", {})
    sources = [str(source) for listed in directives.values() for source in listed]
    needed = {"default-src", "base-uri", "form-action", "frame-ancestors", "object-src"}
    loose = any("unsafe-" in source or source in ("*", "http:", "https:") for source in sources)
    return loose or not needed <= directives.keys() or "data:" in directives["default-src"]


def missing_validators(setup: Setup) -> bool:
    listed = setup.settings.AUTH_PASSWORD_VALIDATORS
    named = {entry["NAME"].rpartition(".")[2]: entry.get("OPTIONS", {}) for entry in listed}
    return not set(VALIDATORS) <= named.keys() or named["MinimumLengthValidator"].get("min_length", 0) < 15


def cannot_write_seals(setup: Setup) -> bool:
    seals = Path(setup.settings.SEAL_FILE)
    target = seals if seals.exists() else seals.parent
    return not seals.is_absolute() or not target.exists() or not os.access(target, os.W_OK)


def mail_in_the_clear(setup: Setup) -> bool:
    told = setup.settings
    return told.EMAIL_HOST not in ("localhost", "127.0.0.1", "::1") and not (told.EMAIL_USE_TLS or told.EMAIL_USE_SSL)


def talkative_log(setup: Setup) -> bool:
    configured = setup.settings.LOGGING
    levels = [configured.get("root", {}).get("level")]
    levels += [logger.get("level") for logger in configured.get("loggers", {}).values()]
    handlers = [handler.get("class", "") for handler in configured.get("handlers", {}).values()]
    return any(level in ("DEBUG", logging.DEBUG, "NOTSET") for level in levels) or any(
        handler.endswith("AdminEmailHandler") for handler in handlers
    )


def calendar_runs_out(setup: Setup, today: date | None = None) -> bool:
    soon = (today or timezone.localdate()) + KNOWN_AHEAD
    return any(calendars.load(nation).last < soon for nation in calendars.NATIONS)


def forged_scheme(setup: Setup) -> bool:
    trusted = getattr(setup.settings, "SECURE_PROXY_SSL_HEADER", None)
    return trusted is not None and trusted != ("HTTP_X_FORWARDED_PROTO", "https")


RULES: tuple[Rule, ...] = (
    Rule("undrift.E001", "UNDRIFT_DEMO",
         "UNDRIFT_DEMO=1 lets anyone sign in as anyone, and DATABASE_URL names a database of your own.",
         "Unset UNDRIFT_DEMO to serve your own records; unset DATABASE_URL to show the demonstration.",
         lambda setup: setup.settings.DEMO and bool(setup.environ.get("DATABASE_URL")), also_at_home=True),
    Rule("undrift.E002", "ALLOWED_HOSTS", "ALLOWED_HOSTS is not set, so every page would be refused.",
         "Set ALLOWED_HOSTS to the service's host names, with commas between them.",
         setting("ALLOWED_HOSTS", lambda hosts: not any(hosts)), also_at_home=True),
    Rule("undrift.E003", "DEBUG", "DEBUG=1 shows code and records to whoever meets an error, on a database elsewhere.",
         "Unset DEBUG to serve; for development set DATABASE_URL to a database on this machine, or unset it.",
         lambda setup: setup.settings.DEBUG and bool(setup.environ.get("DATABASE_URL"))
         and not is_local(setup.environ["DATABASE_URL"]), also_at_home=True),
    Rule("undrift.E004", "SECRET_KEY", "SECRET_KEY is short, or like one from an example, so sessions could be forged.",
         "Set SECRET_KEY to 50 or more random characters, such as `openssl rand -base64 48` prints.",
         lambda setup: weak_key(setup.settings.SECRET_KEY)),
    Rule("undrift.E005", "SECRET_KEY_FALLBACKS", "SECRET_KEY_FALLBACKS holds a weak key, or the one in use.",
         "Set SECRET_KEY_FALLBACKS to the earlier keys, newest first, with commas between them; or unset it.",
         weak_older_keys),
    Rule("undrift.E006", "ALLOWED_HOSTS", "ALLOWED_HOSTS has a wildcard, so another site could stand in our links.",
         "Set ALLOWED_HOSTS to full host names: no *, and none that begins with a full stop.",
         setting("ALLOWED_HOSTS", lambda hosts: any("*" in host or host.startswith(".") for host in hosts))),
    Rule("undrift.E007", "CSRF_TRUSTED_ORIGINS", "CSRF_TRUSTED_ORIGINS names an address without https, or a wildcard.",
         "Set CSRF_TRUSTED_ORIGINS to full https:// addresses, or unset it.",
         setting("CSRF_TRUSTED_ORIGINS", not_https)),
    Rule("undrift.E008", "DATABASE_URL", "The embedded PostgreSQL would be used, which nobody backs up.",
         "Set DATABASE_URL and DATABASE_OWNER_URL to your own PostgreSQL, and unset ALLOW_EMBEDDED_DB.",
         lambda setup: not setup.environ.get("DATABASE_URL")),
    Rule("undrift.E009", "DATABASE_URL",
         "DATABASE_URL does not check whom it talks to, so records could be read on the way.",
         "Add ?sslmode=verify-full to DATABASE_URL, and sslrootcert=... where the certificate is your own.",
         without_tls("DATABASE_URL")),
    Rule("undrift.E010", "DATABASE_OWNER_URL", "DATABASE_OWNER_URL does not check whom it talks to.",
         "Add ?sslmode=verify-full to DATABASE_OWNER_URL, and sslrootcert=... where the certificate is your own.",
         without_tls("DATABASE_OWNER_URL")),
    Rule("undrift.E011", "DATABASE_OWNER_URL",
         "The application connects as the owner of its tables, and could rewrite history.",
         "Make two roles: set DATABASE_OWNER_URL to the one that owns the database, "
         "DATABASE_URL to one that owns nothing.",
         one_role),
    Rule("undrift.E012", "EMAIL_BACKEND",
         "EMAIL_BACKEND keeps messages on this machine, so nobody would be told anything.",
         "Unset EMAIL_BACKEND to send by SMTP, and set EMAIL_HOST.",
         setting("EMAIL_BACKEND", lambda name: any(kind in str(name) for kind in SENDERS_OF_NOTHING))),
    Rule("undrift.E013", "EMAIL_USE_TLS", "Messages would go to the mail server in the clear.",
         "Set EMAIL_USE_TLS=1 and EMAIL_PORT=587, or EMAIL_HOST to a relay on this machine.", mail_in_the_clear),
    Rule("undrift.E014", "EMAIL_TIMEOUT",
         "EMAIL_TIMEOUT is not set or long: a mail server that hangs would stop all messages.",
         "Set EMAIL_TIMEOUT to between 1 and 60 seconds.", longer_than("EMAIL_TIMEOUT", 60)),
    Rule("undrift.E015", "EMAIL_FROM", "EMAIL_FROM is not set, so messages would come from nobody and be thrown away.",
         "Set EMAIL_FROM to an address of the council, such as Undrift <undrift@council.example>.",
         setting("DEFAULT_FROM_EMAIL", lambda sender: "@localhost" in str(sender) or "@" not in str(sender))),
    Rule("undrift.E016", "SESSION_COOKIE_SECURE", "The session's cookie would travel without https.",
         "Set SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE to True.",
         off("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")),
    Rule("undrift.E017", "SESSION_COOKIE_NAME", "The cookies' names let another site of the council set them.",
         "Set SESSION_COOKIE_NAME and CSRF_COOKIE_NAME to names that begin with __Host-, with no domain.",
         lambda setup: not (setup.settings.SESSION_COOKIE_NAME.startswith("__Host-")
                            and setup.settings.CSRF_COOKIE_NAME.startswith("__Host-"))
         or bool(setup.settings.SESSION_COOKIE_DOMAIN or setup.settings.CSRF_COOKIE_DOMAIN)),
    Rule("undrift.E018", "SESSION_COOKIE_HTTPONLY", "A script could read the session's cookie.",
         "Set SESSION_COOKIE_HTTPONLY and CSRF_COOKIE_HTTPONLY to True.",
         off("SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")),
    Rule("undrift.E019", "SESSION_COOKIE_SAMESITE", "Another site could send forms with the session's cookie.",
         "Set SESSION_COOKIE_SAMESITE and CSRF_COOKIE_SAMESITE to Lax.",
         lambda setup: not {setup.settings.SESSION_COOKIE_SAMESITE, setup.settings.CSRF_COOKIE_SAMESITE}
         <= {"Lax", "Strict"}),
    Rule("undrift.E020", "SESSION_COOKIE_AGE",
         "SESSION_COOKIE_AGE leaves an unattended screen open for more than half an hour.",
         "Set SESSION_COOKIE_AGE to at most 1800 seconds.", longer_than("SESSION_COOKIE_AGE", HALF_HOUR)),
    Rule("undrift.E021", "SESSION_LONGEST_SECONDS", "SESSION_LONGEST_SECONDS lets a session last more than ten hours.",
         "Set SESSION_LONGEST_SECONDS to at most 36000.", longer_than("SESSION_LONGEST_SECONDS", TEN_HOURS)),
    Rule("undrift.E022", "SESSION_ENGINE",
         "Sessions are not kept in the database, so they could not be ended from here.",
         "Set SESSION_ENGINE to django.contrib.sessions.backends.db.",
         setting("SESSION_ENGINE", lambda name: name != "django.contrib.sessions.backends.db")),
    Rule("undrift.E023", "SESSION_SERIALIZER",
         "SESSION_SERIALIZER is not JSON: whoever can write a session could run code.",
         "Set SESSION_SERIALIZER to django.contrib.sessions.serializers.JSONSerializer.",
         setting("SESSION_SERIALIZER", lambda name: not str(name).endswith(".JSONSerializer"))),
    Rule("undrift.E024", "SECURE_SSL_REDIRECT", "Pages would be served without https.",
         "Set SECURE_SSL_REDIRECT to True; behind a proxy that ends TLS set BEHIND_PROXY=1.",
         off("SECURE_SSL_REDIRECT")),
    Rule("undrift.E025", "SECURE_HSTS_SECONDS", "Browsers would not remember to come by https only.",
         "Set SECURE_HSTS_SECONDS to 31536000 or more.",
         setting("SECURE_HSTS_SECONDS", lambda seconds: not isinstance(seconds, int) or seconds < YEAR)),
    Rule("undrift.E026", "PASSWORD_HASHERS",
         "PASSWORD_HASHERS does not begin with Argon2, so stolen passwords would be guessed sooner.",
         "Set PASSWORD_HASHERS to begin with django.contrib.auth.hashers.Argon2PasswordHasher.",
         setting("PASSWORD_HASHERS", lambda names: not names or not names[0].endswith(".Argon2PasswordHasher"))),
    Rule("undrift.E027", "AUTH_PASSWORD_VALIDATORS", "AUTH_PASSWORD_VALIDATORS would let weak passwords in.",
         "Set AUTH_PASSWORD_VALIDATORS to check likeness to the person, 15 characters or more, and common passwords.",
         missing_validators),
    Rule("undrift.E028", "SECOND_FACTOR_REQUIRED", "A case would open with a password alone.",
         "Set SECOND_FACTOR_REQUIRED to True.", setting("SECOND_FACTOR_REQUIRED", lambda value: value is not True)),
    Rule("undrift.E029", "MFA_TOTP_INSECURE_BYPASS_CODE",
         "MFA_TOTP_INSECURE_BYPASS_CODE is a code that opens every account.",
         "Unset MFA_TOTP_INSECURE_BYPASS_CODE.", setting("MFA_TOTP_INSECURE_BYPASS_CODE", bool), also_at_home=True),
    Rule("undrift.E030", "SINGLE_SIGN_ON",
         "A provider's server_url is not https, so whoever is on the way could sign in as anyone.",
         "Set each server_url in the SINGLE_SIGN_ON file to an https:// address.",
         any_provider(lambda provider: urlsplit(provider.server_url).scheme != "https")),
    Rule("undrift.E031", "SINGLE_SIGN_ON",
         "Two providers have one id, or an id is not small letters, numbers and hyphens.",
         "Set each id in the SINGLE_SIGN_ON file to a name of its own, such as westmarch.",
         providers_share_a_name, also_at_home=True),
    Rule("undrift.E032", "SINGLE_SIGN_ON", "A provider's secret is short.",
         "Set secret_file in the SINGLE_SIGN_ON file to one with the 16 or more characters that the provider gave.",
         any_provider(lambda provider: len(provider.secret) < SHORTEST_SECRET)),
    Rule("undrift.E033", "SOCIALACCOUNT_ADAPTER", "Single sign-on would run without PKCE and without closed doors.",
         "Set SOCIALACCOUNT_ADAPTER to undrift.desks.account.adapters.SingleSignOnAdapter.",
         setting("SOCIALACCOUNT_ADAPTER", lambda name: name != "undrift.desks.account.adapters.SingleSignOnAdapter")),
    Rule("undrift.E034", "SOCIALACCOUNT_EMAIL_AUTHENTICATION",
         "An email address alone would let a provider sign in as anyone.",
         "Set SOCIALACCOUNT_EMAIL_AUTHENTICATION and SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT to False.",
         lambda setup: bool(setup.settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION
                            or setup.settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT)),
    Rule("undrift.E035", "MIDDLEWARE",
         "MIDDLEWARE lacks a guard, or has them in an order in which one goes round another.",
         "Set MIDDLEWARE as it is shipped; docs/reference/configuration.md lists the guards in their order.",
         middleware_amiss, also_at_home=True),
    Rule("undrift.E036", "CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY lets pages run or load what is not ours.",
         "Set CONTENT_SECURITY_POLICY as it is shipped: 'self' and 'none', no unsafe-..., no wildcard.",
         loose_policy, also_at_home=True),
    Rule("undrift.E037", "X_FRAME_OPTIONS", "Another site could show our pages inside its own.",
         "Set X_FRAME_OPTIONS to DENY.", setting("X_FRAME_OPTIONS", lambda value: value != "DENY")),
    Rule("undrift.E038", "SECURE_REFERRER_POLICY", "Addresses of our pages would be told to other sites.",
         "Set SECURE_REFERRER_POLICY to same-origin and SECURE_CONTENT_TYPE_NOSNIFF to True.",
         lambda setup: setup.settings.SECURE_REFERRER_POLICY not in ("same-origin", "no-referrer")
         or not setup.settings.SECURE_CONTENT_TYPE_NOSNIFF),
    Rule("undrift.E039", "TIME_ZONE", "Due dates run to midnight in London, and the service would go by another clock.",
         "Set TIME_ZONE to Europe/London and USE_TZ to True.",
         lambda setup: setup.settings.TIME_ZONE != "Europe/London" or not setup.settings.USE_TZ, also_at_home=True),
    Rule("undrift.E040", "SEAL_FILE",
         "SEAL_FILE cannot be written, so nothing outside the database would vouch for history.",
         "Set SEAL_FILE to a file in a folder that exists and that the service may write to, best on another disk.",
         cannot_write_seals),
    Rule("undrift.E041", "LOG_LEVEL", "The log would hold what people typed, or be sent by mail.",
         "Set LOG_LEVEL to INFO or higher, and send no log by mail.", talkative_log),
    Rule("undrift.E042", "CACHES", "Each web process would remember by itself what all have to know.",
         "Set CACHES to django.core.cache.backends.db.DatabaseCache.",
         setting("CACHES", lambda caches: not caches["default"]["BACKEND"].endswith(".DatabaseCache"))),
    Rule("undrift.E043", "MESSAGE_STORAGE", "Messages about children would be kept in the browser.",
         "Set MESSAGE_STORAGE to django.contrib.messages.storage.session.SessionStorage.",
         setting("MESSAGE_STORAGE", lambda name: not str(name).endswith(".SessionStorage"))),
    Rule("undrift.E044", "SECURE_PROXY_SSL_HEADER", "A stranger could claim in a header that a page came by https.",
         "Set BEHIND_PROXY=1 behind a proxy that sets X-Forwarded-Proto itself; "
         "else leave SECURE_PROXY_SSL_HEADER unset.",
         forged_scheme),
    Rule("undrift.E045", "govuk-bank-holidays",
         "The bank holidays that ship with this version run out within half a year.",
         "Set up a newer version of Undrift, whose calendars know the years to come.", calendar_runs_out),
)  # fmt: skip
