"""Addresses of the tests alone: views that fail, and views that give away what they should not."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.mail import send_mail
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from undrift.children.models import Child

log = logging.getLogger("undrift.planted")


def child() -> Child:
    with connection.cursor() as cursor:  # past the second lock, which would show nobody a child
        cursor.execute("SELECT set_config('undrift.reach', 'service', true)")
    found = Child.objects.order_by("pk").first()
    assert found is not None
    return found


def held_by_a_variable(request: HttpRequest) -> HttpResponse:
    whose = child()
    raise RuntimeError("Something broke") if whose.first_name else AssertionError


def said_by_an_error(request: HttpRequest) -> HttpResponse:
    return HttpResponse(int(child().first_name))


def said_by_the_database(request: HttpRequest) -> HttpResponse:
    known = child()
    Child.objects.create(authority=known.authority, family=known.family, external_id=known.external_id)
    return HttpResponse()


def said_by_the_cause(request: HttpRequest) -> HttpResponse:
    try:
        people: dict[str, str] = {}
        return HttpResponse(people[child().last_name])
    except KeyError as error:
        raise RuntimeError(f"Nobody is called {child().last_name}") from error


FAILING: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    view.__name__.replace("_", "-"): view
    for view in (held_by_a_variable, said_by_an_error, said_by_the_database, said_by_the_cause)
}


def telling(request: HttpRequest, channel: str) -> HttpResponse:
    """Gives away a child's name in the channel that is asked for."""
    name = child().first_name
    page = HttpResponse(f"<title>{name if channel == 'title' else 'A page'}</title><h1>{name}</h1>")
    match channel:
        case "header":
            page.headers["X-Child"] = name
        case "cookie":
            page.set_cookie("child", name)
        case "address":
            page.write(f'<a href="/children?name={name}">{name}</a>')
        case "log":
            log.info("Somebody looked at %s", name)
        case "calendar":
            page.headers["Content-Type"] = "text/calendar"
        case "mail":
            send_mail("Read it", f"About {name}", None, ["somebody@mail.example"])
        case "kept":
            page.headers["Cache-Control"] = "max-age=60"
    return page


PLANTED = "planted"  # `conftest.py` gives the name a rule

urlpatterns = [
    *(path(f"failing/{name}", login_not_required(view), name=PLANTED) for name, view in FAILING.items()),
    path("telling/<str:channel>", login_not_required(telling), name=PLANTED),
    path("", include("undrift.config.urls")),
]
