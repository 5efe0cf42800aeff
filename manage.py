#!/usr/bin/env python3
"""Django's commands for this service. Without DATABASE_URL they run on the embedded PostgreSQL."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from undrift.config import databases, embedded
from undrift.config.start_up import refuse_bad_configuration


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    databases.prepare_for_command(sys.argv)
    try:
        with databases.served():
            if sys.argv[1:2] and sys.argv[1] in databases.SERVING_COMMANDS:
                django.setup()
                refuse_bad_configuration()
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, embedded.CannotServe) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
