"""The web application, for gunicorn."""

import contextlib
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, InterfaceError, connection

from undrift.config import databases
from undrift.config.start_up import refuse_bad_configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
os.environ.setdefault("DATABASE_POOL", "1")
os.environ[databases.SERVES_PAGES] = "1"  # its connections see nothing until a page says for whom
application = get_wsgi_application()
refuse_bad_configuration()
numbers = import_module("undrift.desks.frame.numbers")  # models can be imported only now
with contextlib.suppress(DatabaseError, InterfaceError):  # it starts without, and keeps the numbers of the time before
    numbers.read_and_keep()
connection.close()
