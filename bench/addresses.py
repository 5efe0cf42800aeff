"""Every address of the service, and the bare views beside them."""

from django.urls import include, path

from bench import bare, bare_lists
from undrift.desks.frame import addresses as rules

OPEN = rules.Rule(rules.Of.OWN)
rules.RULES = {**rules.RULES, "bare-worklist": OPEN, "bare-resolution": OPEN, "bare-list": OPEN}

urlpatterns = [
    path("bare/resolutions", bare.worklist, name="bare-worklist"),
    path("bare/resolutions/<str:reference>", bare.resolution, name="bare-resolution"),
    path("bare/lists/<str:name>", bare_lists.unlocked, name="bare-list"),
    path("", include("undrift.config.urls")),
]
