"""Every address of the service: each face keeps its own list."""

from django.urls import include, path

from undrift.config.health import health

handler400 = "undrift.desks.frame.answers.not_read"
handler500 = "undrift.desks.frame.answers.went_wrong"
handler403 = "undrift.desks.frame.pages.refused"
urlpatterns = [
    path("health", health, name="health"),
    path("", include("undrift.desks.urls")),
]
