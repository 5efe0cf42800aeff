"""Before a conference: the strategy discussion, the talk by the policy's checklist, and the reports that are shared."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from undrift.desks.cycle.between_forms import DiscussionForm, ReportForm, StrategyForm
from undrift.desks.cycle.doing import address_of, asked, checklists_of, conference_in, open_names, opened, posted
from undrift.desks.cycle.forms import chosen
from undrift.desks.frame.components import Link
from undrift.desks.frame.pages import NotNow
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.national import INITIAL_WITHIN
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture
from undrift.plan_cycle.queries import context_of, might_begin

TOO_LATE = "The strategy discussion is recorded before anything else, for a child who has no plan."


def strategy(request: SignedRequest, public_id: str) -> HttpResponse:
    """With it the cycle begins, and the last day for the initial conference counts from it."""
    picture = opened(request, public_id, "fix_conference")
    if not picture.may_begin_with_strategy:
        raise NotNow(TOO_LATE, Link("Go back to it", address_of(picture)))
    besides = {str(child.pk): child.called for child in might_begin(picture)}
    names = {**open_names(picture), **besides}
    form = StrategyForm(posted(request), names=names, initial={"on": picture.today})

    def others(c: dict[str, Any]) -> tuple[str, ...]:
        return tuple(child for child in chosen(c, names) if child in besides)

    def act(c: dict[str, Any]) -> acts.Act:
        children = context_of(picture, others(c)).children
        return acts.Begin(tuple(str(child.pk) for child in children), c["on"])

    return asked(
        request, picture, form, act=act, joined_by=others, fields={"strategy": "on"},
        heading="The strategy discussion", button="Save the day", done="The strategy discussion is on the record.",
        intro=[f"The initial conference is held within {INITIAL_WITHIN} of it. The last day is then shown to you."],
    )  # fmt: skip


def discussion(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    """Its outcome may be a concern: what was answered with no is then ready to tick."""
    picture = opened(request, public_id, "hold_discussion")
    found = conference_in(picture, conference)
    lists = checklists_of(picture, "discussion held")
    form = DiscussionForm(posted(request), checklists=lists, initial={"on": picture.today})
    return asked(
        request, picture, form,
        act=lambda c: acts.HoldDiscussion(found.id, c["on"], c["outcome"], form.answers(), c["how"], c["notes"]),
        heading="Discussion before a conference", button="Save the discussion",
        done="The discussion is on the record.", intro=[picture.called(found), *_dates(picture, found)],
    )  # fmt: skip


def _dates(picture: Picture, conference: Conference) -> list[str]:
    """What the policy dates before this conference, and whether it is there."""
    return [
        f"{picture.what(duty)}: by {full_day(duty.day)}. {'Not there yet' if duty.owed else 'Done'}."
        for duty in picture.duties
        if duty.subject == conference.id and duty.day is not None and duty.must != "hold the conference"
    ]


def report(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    picture = opened(request, public_id, "share_report")
    found = conference_in(picture, conference)
    owing = [(step.who, picture.rules.protocol.title_of(step.who))
             for step in picture.rules.protocol.met_by("report shared") if step.who]  # fmt: skip
    form = ReportForm(posted(request), whose=dict(owing).items(), initial={"on": picture.today})
    return asked(
        request, picture, form,
        act=lambda c: acts.ShareReport(found.id, c["on"], c["other"] if c["whose"] == "other" else c["whose"]),
        heading="Say that a report was shared", button="Save", done="It is on the record that it was shared.",
        intro=[picture.called(found), *_dates(picture, found)],
    )  # fmt: skip
