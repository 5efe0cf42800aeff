"""All resolutions that a person may see, narrowed as they like; and the search."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from undrift.access.matrix import Action
from undrift.access.scope import scope_of
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.worklist.choices import Choices, choices_for
from undrift.desks.worklist.filters import FilterForm
from undrift.desks.worklist.finding import found
from undrift.record.adopted import rules_of
from undrift.resolutions.finding import LONGEST, Asked
from undrift.resolutions.queries import Page, worklist


@require_safe
def resolutions(request: SignedRequest) -> HttpResponse:
    """In at most eight queries, whatever the number of resolutions."""
    now, here = timezone.now(), reverse("resolutions")
    choices = choices_for(request.user)
    form = FilterForm(request.GET, choices)
    filters = form.filters()
    page = worklist(request.user, filters, now=now, page=_page(request))
    show = Presenter(request.user, now)
    _give_calendars(show, page, choices)
    chosen = form.chips(here)
    return render(request, "worklist/resolutions.html", {
        "heading": "Resolutions",
        "list_caption": "Ended, the latest first" if filters.ended else "Open, earliest due first",
        "work": show.works(page.rows),
        "empty": _empty(bool(chosen), page.number),
        "filters": form,
        "chosen": chosen,
        "clear": here,
        **_pages(here, form, page),
    })  # fmt: skip


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


def _pages(here: str, form: FilterForm, page: Page) -> dict[str, str]:
    asked = form.query()
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
        context["found"] = found(request.user, asked, timezone.now())
    return render(request, "worklist/search.html", context)
