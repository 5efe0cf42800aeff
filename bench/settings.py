"""The service's own settings, with the bare views beside its pages and each answer's queries counted in a header."""

from pathlib import Path

# The real settings, all of them: what is measured is what is served.
from undrift.config.settings import *  # noqa: F403
from undrift.config.settings import MIDDLEWARE, TEMPLATES

ROOT_URLCONF = "bench.addresses"
MIDDLEWARE = ["bench.counting.CountQueries", *MIDDLEWARE]
TEMPLATES = [TEMPLATES[0] | {"DIRS": [Path(__file__).parent / "templates"]}]
