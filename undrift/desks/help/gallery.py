"""Every component on one page, for those who make pages. Only in the demo and while developing."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from undrift.desks.frame.components import Agreed, Card, Dated, Fact, Link, Moment, Place, Step, Table, Work
from undrift.desks.frame.forms import DateField, Option, Rows, as_typed

DAY = date(2026, 5, 12)
NOON = datetime(2026, 5, 6, 11, 42, tzinfo=timezone(timedelta(hours=1)))


class ActionForm(forms.Form):
    what = forms.CharField(label="What will be done", error_messages={"required": "Enter what will be done"})
    who = forms.CharField(label="Who will do it", error_messages={"required": "Enter who will do it"})
    by = DateField(label="By when", error_messages={"required": "Enter a date by which this will be done"})


ActionRows: Any = formset_factory(ActionForm, formset=Rows, extra=0, min_num=1, max_num=20)


class EverythingForm(forms.Form):
    reveals = {"agree": {"no": ["why"]}, "about": {"other": ["other"]}}

    name = forms.CharField(
        label="Who did you speak to?", help_text="Their full name", error_messages={"required": "Enter a name"}
    )
    agree = forms.ChoiceField(
        label="Do you agree there is a concern?",
        choices=[
            ("yes", "Agree"),
            ("part", Option("Agree in part", "Say below which part")),
            ("no", Option("Do not agree", divided=True)),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you agree"},
    )
    why = forms.CharField(label="Why not?", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    about = forms.MultipleChoiceField(
        label="What is the concern?",
        help_text="Select all that apply",
        choices=[("late", "Report shared late"), ("visits", "Visits not consistently recorded"), ("other", "Other")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one reason"},
    )
    other = forms.CharField(label="What else?", required=False)
    impact = forms.CharField(
        label="How does this affect Maya?",
        help_text="Write what you saw and what it means for her. She may read this when she is older",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Enter how this affects Maya"},
    )
    note = forms.CharField(
        label="Note to Maya", required=False, widget=forms.Textarea(attrs={"data-maxwords": 250, "rows": 3})
    )
    stage = forms.ChoiceField(
        label="Stage",
        choices=[("", "Select a stage"), ("1", "Stage 1"), ("2", "Stage 2")],
        error_messages={"required": "Select a stage"},
    )
    due = DateField(
        label="Check again on", help_text="For example, 12 5 2026", error_messages={"required": "Enter a date"}
    )
    paper = forms.FileField(label="Which file?", help_text="20 MB or smaller", required=False, widget=forms.FileInput)
    rung = forms.BooleanField(
        label="I have rung Denise Harkaway", error_messages={"required": "Ring Denise Harkaway first"}
    )


class FilterForm(forms.Form):
    stage = forms.MultipleChoiceField(
        label="Stage", choices=[("1", "Stage 1"), ("2", "Stage 2")], required=False, widget=forms.CheckboxSelectMultiple
    )


SHOWN = {
    "facts": [
        Fact("Age", "9"),
        Fact("On a plan", "5 months"),
        Fact("Category", "Neglect"),
        Fact("Chair", "Grace Ollerton"),
        Fact("Team", "North"),
    ],
    "steps": [
        Step("Informal", "Not used"),
        Step("Stage 1", "Answered late", "late", "13 May 2026", "Priya Nairn"),
        Step("Stage 2", "Answered in time", "met", "19 May 2026", "Denise Harkaway"),
        Step("Stage 3", "No response", "missed", "Due 22 May 2026", "Farah Lindley"),
        Step("Stage 4", "Now", "now", "Due 28 May 2026", "Stephen Ropley"),
        Step("Stage 5", "Not used"),
    ],
    "moments": [
        Moment("Response sent back", NOON, "Denise Harkaway", "Give a date for the missed core group"),
        Moment("Note for another child", NOON, "Priya Nairn", "Written on the wrong record", struck=True),
        Moment("Raised", DAY, "Grace Ollerton", href="#timeline", link="Read the concern"),
    ],
    "answers": [
        Fact("Concern", "Report shared late\nVisits not consistently recorded", "#answers"),
        Fact("Who did you speak to?", "Priya Nairn", "#answers"),
        Fact("Reference", "R-2026-0147"),
    ],
    "cards": [
        Card(3, "Decide", "#worklist"),
        Card(2, "Dates missed", "#worklist"),
        Card(4, "Confirm actions", "#actions"),
    ],
    "work": [
        Work(
            date(2026, 5, 1),
            "2 working days late",
            "Rowan family (4 children)",
            "#worklist",
            "Little change",
            "Stage 1",
            "Callum Stroud",
            "Waiting for chair",
            "Decide what to do",
            "#worklist",
            tone="late",
        ),
        Work(
            date(2026, 5, 7),
            "Due tomorrow",
            "Amara and Zion Linnet",
            "#worklist",
            "No safety plan",
            "Stage 1",
            "Grace Ollerton",
            "Waiting for chair",
            "Read the response",
            "#worklist",
            tone="soon",
        ),
        Work(
            DAY,
            "Due in 4 working days",
            "Lily Wren-Ash",
            "#worklist",
            "Core groups far apart",
            "Stage 1",
            "Priya Nairn",
            "Waiting for response",
        ),
        Work(None, "No date asked for", "Restricted", status="Restricted"),
    ],
    "agreed": [
        Agreed(
            "Write up the two visits",
            "Hannah Quill",
            DAY,
            "Done 11 May",
            "Done, waiting for chair",
            "met",
            href="#actions",
            link="Confirm",
        ),
        Agreed(
            "Chair the next core group",
            "Priya Nairn",
            date(2026, 5, 22),
            "Moved from",
            "In progress",
            was=date(2026, 5, 15),
        ),
        Agreed("Family meeting", "Hannah Quill", date(2026, 5, 1), "2 working days late", "Not started", "late"),
    ],
    "table": Table(
        "Teams",
        ("Team", "Children", "Open resolutions", "Next due"),
        [(Link("North", "#actions"), 120, 4, Dated(DAY, "Due tomorrow", "soon")), ("South", 98, 7, "Nothing is due")],
    ),
    "places": [
        Place("Overview", "#places", current=True),
        Place("Resolutions", "#places"),
        Place("History", "#places"),
    ],
    "chosen": [Link("Stage 1", "#worklist")],
    "proof_lines": [
        "Thursday 30 April 2026: raised, not counted",
        "Friday 1 May: day 1",
        "Monday 4 May: Early May bank holiday, not counted",
        "Tuesday 5 May: day 2",
        "Tuesday 12 May: day 7, due by the end of the day",
    ],
    "statuses": [
        "Draft",
        "Waiting for response",
        "Waiting for approval",
        "Waiting for chair",
        "Actions in progress",
        "Resolved",
        "Closed",
        "Immediate risk",
    ],
}


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form, rows = EverythingForm(sent), ActionRows(sent, prefix="action")
    if (again := rows.shown_again()) is not None:
        form, rows = EverythingForm(initial=as_typed(form)), again
    return render(
        request,
        "help/components.html",
        SHOWN
        | {
            "heading": "Components",
            "form": form,
            "rows": rows,
            "filters": FilterForm(prefix="filter"),
            "day": DAY,
            "at": NOON,
            "back": "#main-content",
            "reference": "R-2026-0147",
        },
    )
