"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
os.environ.setdefault("DATABASE_POOL", "1")
application = get_wsgi_application()
