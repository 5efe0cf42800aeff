"""The log of a stage whose policy keeps one: what came to it, what was answered, and where it went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift import library
from undrift.access.listed import leave_trace
from undrift.access.matrix import Action
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import FILE, MOST_EXPORTED, Above, as_csv, counted, in_words, wants_file
from undrift.desks.frame.narrowing import Narrowing, with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.people import clock
from undrift.protocol.model import Protocol, Stage
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import agencies_of, been_at, states_of
from undrift.resolutions.stage_log import HEADS, Entry, agencies_in, entry

A_PAGE = 25
OPEN, ENDED = "open", "ended"
STATUS = ((OPEN, "Open"), (ENDED, "Ended"))
BEFORE = ("Reference", "Children")
# On the page what belongs together stands together; in a file each has a column.
SHOWN = ("Reference", "Children", "What was recommended", "Dates", "Response", "What came of it")


def logs_of(protocols: Sequence[Protocol]) -> list[Link]:
    """A link to each log that these policies keep, by its name there."""
    kept = (stage for protocol in protocols for stage in protocol.stages if stage.log)
    return [Link(stage.log, reverse("stage-log", args=[stage.id])) for stage in kept]


@require_safe
def stage_log(request: SignedRequest, stage: str) -> HttpResponse:
    """Whoever takes it away as a file, and whoever looks at a page of it, leaves a trace of every child in it."""
    now, person = clock.now(), request.user
    protocol, kept = _kept(request, stage)
    as_file, here = wants_file(request), reverse("stage-log", args=[stage])
    # What is open to be read for an hour may not be taken away.
    found = been_at(stage, protocol, person, now=now, action=Action.COPY if as_file else Action.READ)
    agencies = [(str(agency.pk), agency.name) for agency in agencies_of(found)]
    form = Narrowing(request.GET, (("status", "Status", STATUS), ("agency", "Agency now", agencies)))
    asked = form.query()
    if "status" in asked:
        found = found.filter(ended_at__isnull=asked["status"] == OPEN)
    if "agency" in asked:
        found = found.filter(responsible_agency=int(asked["agency"]))
    page = page_asked(request)
    rows, more = (list(found[:MOST_EXPORTED]), False) if as_file else leaf(found, page, A_PAGE)
    about = [(row.authority_id, one.child_id) for row in rows for one in row.about.all()]
    leave_trace(person, about, page=page_of(request), now=now)
    show = Presenter(person, now)
    entries = list(_entries(rows, protocol, stage))
    if as_file:
        lines = ((r.reference, show.title(r), *said) for r, said in entries)
        return as_csv(kept.log.lower().replace(" ", "-"), (*BEFORE, *HEADS), lines)
    things = protocol.called_at(stage), protocol.words.resolutions
    table = Table(kept.log, SHOWN, [_row(show, r, said) for r, said in entries])
    number = counted(found) if page > 1 or more else len(rows)
    csv = with_query(here, asked | {"as": FILE}) if number else ""
    return render(request, "worklist/log.html", {
        "heading": kept.log,
        "listing": Above(in_words(number, things), csv=csv),
        "table": table if entries else None,
        "empty": _empty(bool(asked), page, protocol, stage),
        "filters": form,
        "chosen": form.chips(here),
        "clear": here,
        "back": reverse("resolutions"),
        **beside(here, page, more, asked),
    })  # fmt: skip


def _kept(request: SignedRequest, stage: str) -> tuple[Protocol, Stage]:
    """The stage of the reader's own council's policy; 404 where it has no such stage, or keeps no log of it."""
    council = request.user.authority
    if council is None:
        raise Http404
    protocol = library.load(council.protocol_id, council.protocol_version, council.area)
    kept = next((each for each in protocol.stages if each.id == stage and each.log), None)
    if kept is None:
        raise Http404
    return protocol, kept


def _entries(rows: Sequence[Resolution], protocol: Protocol, stage: str) -> Iterator[tuple[Resolution, Entry]]:
    states = states_of(rows)
    agencies = agencies_in(states.values(), stage)
    for r in rows:
        said = entry(r, states[r.pk], protocol, stage, agencies)
        if said is not None:
            yield r, said


def _row(show: Presenter, r: Resolution, said: Entry) -> tuple[object, ...]:
    return (
        Link(r.reference, show.address("resolution", r.reference)),
        ". ".join(filter(None, (show.title(r), said.agency))),
        _sentences(said.kind, said.recommendation, said.asked),
        _sentences(f"Sent {said.sent}", said.complete_by and f"To be completed by {said.complete_by}"),
        said.response,
        _sentences(said.decision, said.completed and f"Completed: {said.completed}", said.then),
    )


def _sentences(*said: str) -> str:
    return " ".join(f"{each.rstrip('.')}." for each in said if each)


def _empty(narrowed: bool, page: int, protocol: Protocol, stage: str) -> str:
    if page > 1:
        return "There is nothing on this page. Go back to the page before."
    if narrowed:
        return "Nothing fits these filters. Take one away, or clear them all."
    return f"No {protocol.called_at(stage)} that you may read has been made yet. When one is, it stands here."
