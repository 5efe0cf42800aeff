"""A report is made: over which period, which sentences of which notes; then each is shortened and confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.listed import leave_trace
from undrift.access.traced import Traced
from undrift.desks.frame.keeping import untaken
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.frame.typed import as_number
from undrift.desks.good_practice.forms import ChooseForm, OverForm, WordsForm, name_of, place_of
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.people.models import Unit
from undrift.plan_cycle.good_practice import ALL_TEAMS, Making, NotPublished, Sentence, day_of, publish
from undrift.plan_cycle.periods import Period, period_asked, periods

CARE = "childrens-social-care"
TICK = "Tick at least one sentence"
AT_MOST = 60  # sentences of one report
SURE = (
    "Read each sentence as somebody would who knows the family. The service finds names, dates and numbers that are on"
    " file; it does not know what everybody in a street knows."
)


@dataclass(frozen=True)
class Asked:
    """What the address says."""

    offered: list[Period]
    period: Period
    teams: list[Unit]
    team: Unit | None

    @property
    def query(self) -> dict[str, str]:
        return {"period": self.period.key, "team": str(self.team.pk) if self.team is not None else ""}


def _asked(request: SignedRequest) -> tuple[Asked, Making]:
    now = clock.now()
    offered = periods(london_date(now))
    period = period_asked(request.GET.get("period", ""), offered)
    teams = list(Unit.objects.filter(authority=request.user.authority_id, agency__kind=CARE).order_by("name"))
    number = as_number(request.GET.get("team", ""))
    team = next((unit for unit in teams if unit.pk == number), None)
    return Asked(offered, period, teams, team), Making(request.user, now, period.first, period.last, team)


def _trace(request: SignedRequest, making: Making) -> None:
    """The notes are read here: one look at all their children, within an hour."""
    about = sorted({(each.note.child.authority_id, each.note.child.pk) for each in making.offered})
    page = page_of(request)
    if about and not Traced(request.session).already([child for _, child in about], "list", page, making.now):
        leave_trace(request.user, about, page=page, now=making.now)


@require_safe
def choose(request: SignedRequest) -> HttpResponse:
    """The notes of a period that may be quoted, sentence by sentence."""
    asked, making = _asked(request)
    _trace(request, making)
    over = OverForm(
        [(period.key, period.title) for period in asked.offered],
        [(str(unit.pk), unit.name) for unit in asked.teams],
        **asked.query,
    )
    return render(request, "good_practice/choose.html", {
        "heading": "Choose what stands in the good practice report",
        "back": reverse("good-practice"),
        "over": over,
        "title": _titled(asked),
        "form": ChooseForm(making.offered, **asked.query) if making.offered else None,
        "written": len(making.notes),
        "known": bool(making.tiers),
    })  # fmt: skip


def words(request: SignedRequest) -> HttpResponse:
    """Each chosen sentence as it will stand; then the report is published."""
    asked, making = _asked(request)
    chosen = _chosen(request, making)
    back = with_query(reverse("good-practice-choose"), asked.query)
    if not chosen:
        messages.error(request, TICK)
        return untaken(redirect(back))
    _trace(request, making)
    stands = making.replaces
    form = WordsForm(request.POST if request.method == "POST" else None, chosen, replaces=stands is not None)
    if request.method == "POST" and form.is_valid():
        over = as_number(request.POST.get("over", ""))
        try:
            made = publish(making, form.chosen(), why=form.cleaned_data.get("why", ""), over=over)
        except NotPublished as refused:
            _put(form, refused)
        else:
            messages.success(request, "The report is published.")
            return redirect("good-practice-report", number=made.pk)
    intro = [SURE]
    if stands is not None:
        intro.append(
            f"This report was published on {full_day(day_of(stands), short=True)}. What you publish now replaces that"
            " version, and both say so."
        )
    return render_question(
        request, form, heading="Shorten and confirm each sentence", caption=_titled(asked), button="Publish the report",
        back=back, cancel=back, intro=intro, template="good_practice/words.html", over=stands.pk if stands else "",
    )  # fmt: skip


def _chosen(request: SignedRequest, making: Making) -> list[Sentence]:
    found = []
    for offered in making.offered:
        ticked = set(request.GET.getlist(name_of(offered)))
        found += [sentence for sentence in offered.sentences if place_of(sentence) in ticked]
    return found[:AT_MOST]


def _put(form: WordsForm, refused: NotPublished) -> None:
    """Each refusal at its sentence, in the same words."""
    for key, refusal in refused.refusals.items():
        name = f"{refusal.about}-{key}" if key else refusal.about
        form.add_error(name if name in form.fields else None, refusal.sentence)


def _titled(asked: Asked) -> str:
    return f"{asked.period.title}, {asked.team.name if asked.team is not None else ALL_TEAMS.lower()}"
