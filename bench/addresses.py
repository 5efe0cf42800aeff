"""Every address of the service, and the bare views beside them."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bare/resolutions", bare.worklist),
    path("bare/resolutions/<str:reference>", bare.resolution),
    path("", include("undrift.config.urls")),
]
