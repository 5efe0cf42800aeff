"""The service's addresses, and one more: the long form of the components page, for those who have signed in."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from undrift.desks.help.gallery import components


def long_form(request: HttpRequest) -> HttpResponse:
    return components(request)


urlpatterns = [path("long-form", long_form, name="long-form"), path("", include("undrift.config.urls"))]
