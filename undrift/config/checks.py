"""The table of bad settings as Django's system checks: every management command refuses them too."""

import os
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from undrift.config.refusals import Setup
from undrift.config.start_up import broken_settings


@register(Tags.security)
def settings_are_safe(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    return [Error(rule.sentence, hint=rule.remedy, id=rule.id) for rule in broken_settings(Setup(settings, os.environ))]
