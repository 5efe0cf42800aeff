"""Sending what was typed: the answers become an act, the act is performed, the draft becomes a reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from undrift.access.family_facts import FamilyFacts
from undrift.desks.concern import into_acts
from undrift.desks.concern.fields import impact_name
from undrift.desks.concern.into_acts import About
from undrift.desks.concern.matter import Matter, known_people
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.raising import steps
from undrift.desks.raising.offered import take_up
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.refusal import Refusal
from undrift.record.drafts import locked_draft
from undrift.record.who_plays import context_for
from undrift.resolutions import how_far_back
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

# The occasions that a conference belongs to by itself, and whether it is the one held last or the next.
CONFERENCE_OF = {
    "pre-conference": FamilyFacts.next_conference,
    "after-conference": FamilyFacts.latest_conference,
    "conference": FamilyFacts.latest_conference,
}


def formal_act(raising: Raising, more: Mapping[str, Any] | None = None) -> acts.Raise:
    cleaned = steps.cleaned(raising) | dict(more or {})
    return into_acts.formal(cleaned, about(raising, cleaned))


def informal_act(raising: Raising, cleaned: Mapping[str, Any], agreed: Iterable[Mapping[str, Any]]) -> acts.Raise:
    return into_acts.informal(cleaned, agreed, about(raising, cleaned))


def about(raising: Raising, cleaned: Mapping[str, Any]) -> About:
    stage, matter = raising.stage, raising.case
    assert stage is not None
    spoke_to = raising.talk_with
    answers = stage.answer.who if stage.answer else ""
    find_conference = CONFERENCE_OF.get(cleaned.get("occasion", ""))
    conference = find_conference(matter.facts, matter.family.pk) if find_conference else None
    return About(
        stage=stage.id,
        children=raising.chosen,
        impact_names={child.pk: impact_name(child) for child in raising.chosen},
        on_plan=frozenset(matter.plans),
        today=matter.today,
        spoke_to=spoke_to,
        spoke_name=raising.name_of(spoke_to) if spoke_to else "",
        answers=answers,
        answers_name=raising.name_of(answers) if answers else "",
        known=known_people(matter.found.values()),
        conference=conference.reference if conference else "",
    )


def verdict(raising: Raising, act: acts.Raise) -> Refusal | None:
    """Why this act would be refused now. Changes nothing."""
    matter: Matter = raising.case
    decision = decide(matter.rules, None, act, matter.by, matter.now)
    if isinstance(decision, Refusal):
        return decision
    return how_far_back.refused(act, [child.id for child in act.children], matter.today)


class SentBefore(Exception):
    """The draft had been sent already, from another page of it. `reference` is what it became."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


def send(raising: Raising, act: acts.Raise, instead: str = "") -> str:
    """Perform the act; the reference it was given. `SentBefore` where the draft was sent meanwhile.

    `instead` is the number of whom the answer is asked of, where nobody holds the post that answers. Refuses as
    `perform` does; nothing is sent then and the draft stays.
    """
    with transaction.atomic():
        draft = locked_draft(raising.answers.draft.pk)
        if "sent" in draft.content:
            raise SentBefore(str(draft.content["sent"]))
        context = context_for(raising.chosen, raising.matter.now, raising.agency, raising.matter.facts.scope.people)
        done = perform(act, by=raising.matter.person, context=context)
        _ask_instead(raising, done.resolution, instead)
        take_up(raising, done.resolution.reference)
        raising.answers.sent(done.resolution.reference)
    return done.resolution.reference


def _ask_instead(raising: Raising, resolution: Resolution, number: str) -> None:
    asked = raising.stage.answer if raising.stage else None
    chosen = next((one.person for one in raising.instead if str(one.person.pk) == number), None)
    if asked is None or chosen is None:
        return
    act = acts.HandOver(asked.who, number, chosen.name, f"Nobody holds the post of {raising.post_asked}.")
    perform(act, resolution=resolution, by=raising.matter.person)
