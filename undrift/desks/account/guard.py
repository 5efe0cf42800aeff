"""No page about a child opens to a session that has not given a second factor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from undrift.desks.frame import factor

View = Callable[..., HttpResponse]
MARK = "before_second_factor"


def before_second_factor(view: View) -> View:
    """Mark a view that somebody who has signed in may use on the way to their second factor."""
    setattr(view, MARK, True)
    return view


def may_open_without(view: Any) -> bool:
    """The pages open to everybody (signing in, urgent help, help), and those on the way to the second factor."""
    return not getattr(view, "login_required", True) or getattr(view, MARK, False)


class SecondFactorFirst:
    """Leads everything else to the second factor. What is not marked is refused, so a new page is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or may_open_without(view) or factor.is_given(request):
            return None
        return redirect("second-factor")
