"""Each page sees of the database what its reader may see: the second lock is set for the length of one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from undrift.access import second_lock
from undrift.access.scope import GATHERED, KEPT_AS
from undrift.desks.frame import factor
from undrift.people import clock
from undrift.people.seats import seat_of

SERVER_ERROR = 500
READS = ("GET", "HEAD")


class WithinReach:
    """The innermost middleware. A page that failed leaves nothing behind; one that was refused keeps its trace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        within = connection.in_atomic_block  # only in tests, whose transaction is wider than one page
        with transaction.atomic(savepoint=False):
            before = second_lock.kept() if within else None
            self._enter(request)
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
            elif before is not None:
                second_lock.put_back(before)
        return response

    def _enter(self, request: HttpRequest) -> None:
        person = request.user
        if not person.is_authenticated or not factor.is_given(request):
            second_lock.enter_nobody()
            return
        seat = seat_of(person, clock.today())
        # Beside the seat, for as long as the request lives: the first lock asks for it again and again.
        setattr(person, KEPT_AS, second_lock.enter(person, seat, clock.now()))
        if request.method in READS:
            setattr(person, GATHERED, {})
