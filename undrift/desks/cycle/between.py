"""Between two conferences: core groups, what an agency does not accept, key actions with their feedback, the check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse

from undrift.access.family_facts import FamilyFacts
from undrift.desks.cycle.between_forms import (
    CheckForm,
    CoreGroupForm,
    FeedbackForm,
    KeyActionForm,
    NotAcceptedForm,
    stands_rows,
)
from undrift.desks.cycle.doing import asked, checklists_of, conference_in, open_names, opened, posted
from undrift.desks.cycle.forms import chosen
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.picture import Picture


def core_group(request: SignedRequest, public_id: str) -> HttpResponse:
    """Held, with who came; or not held, with why."""
    picture = opened(request, public_id, "hold_core_group")
    names = open_names(picture)
    form = CoreGroupForm(posted(request), names=names, initial={"on": picture.today})

    def act(c: dict[str, Any]) -> acts.Act:
        children = chosen(c, names)
        if c["held"] == "yes":
            return acts.HoldCoreGroup(children, c["on"], c["came"], c["updated"] == "yes")
        return acts.MissCoreGroup(children, c["on"], c["why"])

    return asked(
        request, picture, form, act=act, heading="Core group", button="Save the core group",
        done="The core group is on the record.",
    )  # fmt: skip


def not_accepted(request: SignedRequest, public_id: str) -> HttpResponse:
    picture = opened(request, public_id, "not_accept")
    names = open_names(picture)
    form = NotAcceptedForm(posted(request), names=names)
    return asked(
        request, picture, form,
        act=lambda c: acts.NotAccept(chosen(c, names), c["agency"], c["recommendation"], c["why"]),
        heading="A recommendation is not accepted", button="Tell the chair", done="The chair is told.",
        intro=["The chair decides what follows. What the policy offers then is shown to the chair."],
    )  # fmt: skip


def key_action(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    """On which the chair wants to hear by a day."""
    picture = opened(request, public_id, "set_key_action")
    found = conference_in(picture, conference)
    names = {child: name for child, name in open_names(picture).items() if child in found.children}
    form = KeyActionForm(posted(request), names=names, people=picture.askable)

    def act(c: dict[str, Any]) -> acts.Act:
        return acts.SetKeyAction(found.id, chosen(c, names), c["wording"], c["by"], c["who"], c["person"])

    return asked(
        request, picture, form, act=act, heading="Key action", button="Ask to hear about it",
        done="It is on the record, and whoever was chosen is told.", intro=[picture.called(found)],
    )  # fmt: skip


def feedback(request: SignedRequest, public_id: str, action: str) -> HttpResponse:
    """On one page, by whoever has it."""
    picture = opened(request, public_id, "feed_back")
    found = next((each for each in picture.key_actions if each.id == action and each.fed_back is None), None)
    if found is None:
        raise Http404
    form = FeedbackForm(posted(request), initial={"on": picture.today})
    return asked(
        request, picture, form, act=lambda c: acts.FeedBack(found.id, c["on"], c["done"] == "yes", c["text"]),
        heading="How does a key action stand?", button="Tell the chair", done="The chair is told.",
        intro=[found.wording, f"{found.who}, by {full_day(found.by)}."], fields={"id": "text"},
    )  # fmt: skip


def check(request: SignedRequest, public_id: str) -> HttpResponse:
    """The child's experience first, what not to overlook beside it, and a next step that is always stated."""
    picture = opened(request, public_id, "finish_check")
    lists = checklists_of(picture, "check done")
    form = CheckForm(
        posted(request), checklists=lists, name=picture.child.called, initial={"on": picture.today}
    )  # fmt: skip
    rows = stands_rows(posted(request), [each.wording for each in picture.key_actions])
    facts = _facts(picture)

    def act(c: dict[str, Any]) -> acts.Act:
        actions = {row["what"]: row["stands"] for row in rows.answers if row["what"]}
        return acts.FinishCheck(
            picture.id, c["on"], c["experience"], c["view"], c["next_step"], actions, facts, form.answers(),
            {"yes": True, "no": False}.get(c["father"]), c["notes"],
        )  # fmt: skip

    return asked(
        request, picture, form, act=act, rows=rows, row_name="action", template="cycle/check.html",
        rows_heading="How do the actions of the plan stand?", heading=_called(picture), button="Save the check",
        done="The check is on the record.", prompts=picture.prompts,
        voice=FamilyFacts(request.user, picture.now).latest_voice(picture.child),
        facts=[(name, fact.value, full_day(fact.as_at, short=True)) for name, fact in facts.items()],
    )  # fmt: skip


def _called(picture: Picture) -> str:
    """As the policy calls it."""
    return next((step.title for step in picture.rules.protocol.met_by("check done")), "Check of the plan")


def _facts(picture: Picture) -> Mapping[str, acts.Fact]:
    """What is on file, each with the day for which it holds: kept with the check as it was then."""
    part, file, today = picture.part, picture.file.of(picture.id), picture.today
    found: dict[str, acts.Fact] = {}
    if file.visits:
        visit = file.visits[-1]
        alone = "seen alone" if visit.alone else "not known to be seen alone"
        found["Last visit"] = acts.Fact(f"{full_day(visit.on, short=True)}, {alone}", min(visit.on, today))
    if part.core_groups:
        found["Last core group"] = acts.Fact(full_day(part.core_groups[-1], short=True), today)
    waiting = sum(1 for each in picture.key_actions if each.fed_back is None)
    if picture.key_actions:
        found["Key actions without feedback"] = acts.Fact(f"{waiting} of {len(picture.key_actions)}", today)
    return found
