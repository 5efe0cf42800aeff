"""The figures of a period, on a page and on paper. No record is opened by it, and nobody is named in it."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.desks.frame.components import Table
from undrift.desks.frame.narrowing import PlainSelect
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.moments import london_date
from undrift.people import clock
from undrift.plan_cycle.periods import Period, period_asked, periods
from undrift.record.adopted import authority_of, rules_for
from undrift.resolutions.figures import Figures


class PeriodForm(forms.Form):
    def __init__(self, offered: list[Period], chosen: Period) -> None:
        super().__init__(initial={"period": chosen.key})
        choices = [(each.key, each.title) for each in offered]
        self.fields["period"] = forms.ChoiceField(label="Period", choices=choices, widget=PlainSelect)


@require_safe
def reports(request: SignedRequest) -> HttpResponse:
    council, now = authority_of(request.user), clock.now()
    if council is None:
        raise Http404
    offered = periods(london_date(now))
    period = period_asked(request.GET.get("period", ""), offered)
    figures = Figures(request.user, rules_for(council), period.first, period.last, now)
    return render(request, "reports/reports.html", {
        "heading": "Reports",
        "over": PeriodForm(offered, period),
        "title": f"Raised {period.title}",
        "number": len(figures.rows),
        "figures": [
            (figure, Table(figure.title, figure.heads, figure.rows) if figure.rows else None) for figure in figures.all
        ],
    })  # fmt: skip
