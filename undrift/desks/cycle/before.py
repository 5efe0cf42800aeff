"""Before a conference: the discussion by the policy's checklist, and the reports that are shared."""

from __future__ import annotations

from django.http import HttpResponse

from undrift.desks.cycle.between_forms import DiscussionForm, ReportForm
from undrift.desks.cycle.doing import asked, checklists_of, conference_in, opened, posted
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture


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
