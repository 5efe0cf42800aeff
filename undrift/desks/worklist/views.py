"""All resolutions that a person may see, narrowed as they like; and the search."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from undrift.access.listed import leave_trace
from undrift.access.matrix import Action
from undrift.access.scope import scope_of
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.components import Link, Work
from undrift.desks.frame.listing import MOST_COUNTED, MOST_EXPORTED, as_csv, listing, sort_asked
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.worklist.choices import Choices, choices_for
from undrift.desks.worklist.filters import FilterForm
from undrift.desks.worklist.finding import found
from undrift.desks.worklist.log import logs_of
from undrift.engine.dates.moments import london_date
from undrift.people import clock
from undrift.record.adopted import rules_of
from undrift.resolutions.finding import LONGEST, Asked
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import Page, worklist

DUE = "due"
SORTS = {DUE: "Due first", "raised": "Raised last", "oldest": "Raised first", "moved": "Moved last"}
THINGS = ("resolution", "resolutions")
COLUMNS = (
    "Immediate risk", "Reference", "Children", "Concern", "Stage", "Raised", "Date", "What the date means", "With",
    "Status",
)  # fmt: skip


@require_safe
def resolutions(request: SignedRequest) -> HttpResponse:
    """In at most eight queries, whatever the number of resolutions."""
    now, here = clock.now(), reverse("resolutions")
    choices = choices_for(request.user)
    form = FilterForm(request.GET, choices)
    filters, sort = form.filters(), sort_asked(request, SORTS)
    page = worklist(request.user, filters, now=now, page=_page(request), order=sort, count_to=MOST_COUNTED + 1)
    show = Presenter(request.user, now)
    _give_calendars(show, page, choices)
    chosen = form.chips(here)
    return render(request, "worklist/resolutions.html", {
        "heading": "Resolutions",
        "list_caption": _caption(filters.ended, sort),
        "listing": listing(
            page.found, THINGS, here, form.query(), _sorts(filters.ended), sort, reverse("resolutions-csv")
        ),
        "work": show.works(page.rows),
        "empty": _empty(bool(chosen), page.number),
        "filters": form,
        "chosen": chosen,
        "clear": here,
        "beyond": _beyond(choices) if request.user.authority_id is not None else (),
        **_pages(here, form, page, sort),
    })  # fmt: skip


@require_safe
def resolutions_csv(request: SignedRequest) -> HttpResponse:
    """What the list shows, all its pages up to the most that are exported, with a child at immediate risk first.

    It leaves a trace of every child in it.
    """
    now, choices = clock.now(), choices_for(request.user)
    filters, sort = FilterForm(request.GET, choices).filters(), sort_asked(request, SORTS)
    page = worklist(request.user, filters, now=now, size=MOST_EXPORTED, order=sort)
    show = Presenter(request.user, now)
    _give_calendars(show, page, choices)
    about = [(row.authority_id, one.child_id) for row in page.rows for one in row.about.all()]
    leave_trace(request.user, about, page=page_of(request), now=now)
    lines = sorted(zip(page.rows, show.works(page.rows), strict=True), key=lambda line: not _at_risk(line[0]))
    return as_csv("resolutions", COLUMNS, (_line(show, row, work) for row, work in lines))


def _beyond(choices: Choices) -> tuple[Link, ...]:
    """Where more stands of all of them than in a list."""
    return (*logs_of(choices.protocols), Link("Reports", reverse("reports")))


def _at_risk(row: Resolution) -> bool:
    return row.risk and row.ended_at is None


def _line(show: Presenter, row: Resolution, work: Work) -> tuple[object, ...]:
    raised, due = london_date(row.raised_at).isoformat(), work.day.isoformat() if work.day else ""
    risk, holder = "Yes" if _at_risk(row) else "No", show.holder_by_name(row, row.turn(show.now))
    concern = show.concern(row)
    return risk, row.reference, work.title, concern, work.stage, raised, due, work.label, holder, work.status


def _sorts(ended: bool) -> dict[str, str]:
    """What has ended is due no more: the usual order is then by when it ended."""
    return SORTS | {DUE: "Ended last"} if ended else SORTS


def _caption(ended: bool, sort: str) -> str:
    if sort != DUE:
        return f"{'Ended' if ended else 'Open'}: {SORTS[sort].lower()}"
    return "Ended, the latest first" if ended else "Open, earliest due first"


def _page(request: SignedRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 1


def _give_calendars(show: Presenter, page: Page, choices: Choices) -> None:
    for row in page.rows:
        vars(row)["closures"] = [
            {"date": day, "reason": reason} for day, reason in choices.closures.get(row.authority_id, ())
        ]
    for row in {row.authority_id: row for row in page.rows}.values():
        show.knows(row.authority, rules_of(row).calendar)


def _pages(here: str, form: FilterForm, page: Page, sort: str) -> dict[str, str]:
    asked = form.query() | ({"sort": sort} if sort != DUE else {})
    before = with_query(here, asked | ({"page": str(page.number - 1)} if page.number > 2 else {}))
    return {
        "previous": before if page.number > 1 else "",
        "next": with_query(here, asked | {"page": str(page.number + 1)}) if page.more else "",
        "here": f"Page {page.number}" if page.number > 1 or page.more else "",
    }


def _empty(narrowed: bool, page: int) -> str:
    if page > 1:
        return "There is nothing on this page. Go back to the page before."
    if narrowed:
        return "Nothing fits these filters. Take one away, or clear them all."
    return "There is no open resolution that you can see. When one is raised or sent to you, it appears here."


WORDS = "searched-for"


@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SignedRequest) -> HttpResponse:
    """The words come by POST, so that no name is kept in an address, a history or a log.

    They wait in the session, on the server: a page that answered a POST would have the browser keep what was posted.
    """
    if request.method == "POST":
        request.session[WORDS] = " ".join(request.POST.get("q", "").split())[:LONGEST]
        return redirect("search")
    text = request.session.get(WORDS, "")
    asked = Asked(text)
    context = {"heading": "Search", "text": text, "asked": asked, "posted": WORDS in request.session}
    context["glass"] = scope_of(request.user).has(Action.GLASS)
    if asked.long_enough:
        context["found"] = found(request.user, asked, clock.now())
    return render(request, "worklist/search.html", context)
