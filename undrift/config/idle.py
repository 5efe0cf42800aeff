"""A session ends after half an hour without a page, not half an hour after signing in."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

RENEW_SECONDS = 60  # at most one write a minute, rather than one a page


class StaySignedInWhileActive:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get("active", 0) >= RENEW_SECONDS:
                request.session["active"] = now  # saving it moves its end
        return self.get_response(request)
