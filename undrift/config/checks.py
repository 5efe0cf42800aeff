"""What is wrong with the settings of this machine, and how to put it right."""

import os
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from undrift.config import databases


@register(Tags.security)
def two_database_roles(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    urls = databases.database_urls(os.environ)
    if urls.owner_is_apart:
        return []
    return [
        Warning(
            "The application connects to the database as the owner of its tables, so the history is guarded by "
            "triggers alone.",
            hint=(
                "Make two roles: one that owns the database (DATABASE_OWNER_URL, used only to change tables) and one "
                "that owns nothing (DATABASE_URL). Then run `manage.py make_ready`."
            ),
            id="undrift.W001",
        )
    ]


@register(Tags.security)
def demo_stays_at_home(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if not (settings.DEMO and databases.database_urls(os.environ).external):
        return []
    return [
        Error(
            "UNDRIFT_DEMO=1 lets anyone sign in as anyone, and DATABASE_URL names a database of your own.",
            hint="Unset UNDRIFT_DEMO to serve your own records; unset DATABASE_URL to show the demonstration.",
            id="undrift.E001",
        )
    ]


@register(Tags.security)
def hosts_are_named(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if any(settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "ALLOWED_HOSTS is not set, so every page would be refused.",
            hint="Set ALLOWED_HOSTS to the service's host names, with commas between them.",
            id="undrift.E002",
        )
    ]
