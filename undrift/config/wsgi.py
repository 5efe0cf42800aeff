"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from undrift.config.start_up import refuse_bad_configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
os.environ.setdefault("DATABASE_POOL", "1")
application = get_wsgi_application()
refuse_bad_configuration()
