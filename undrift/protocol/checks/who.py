"""Checks of who plays which part."""

from __future__ import annotations

from collections.abc import Iterator

from undrift.protocol.checks.table import Found, Holders, check, check_holders, duties, stage_place
from undrift.protocol.model import Protocol


@check(
    "UD101",
    "error",
    "A stage that nobody answers",
    wrong="""
[[stage]]
id = "formal"
title = "Formal"
formality = "formal"
to = ["manager"]
exits = [{ to = "resolved", when = ["accepted"] }]
""",
    mend='Say who responds and by when: duty = [{ who = "manager", must = "respond", within = "5 working days" }].',
)
def _nobody_answers(protocol: Protocol) -> Iterator[Found]:
    """A concern that is sent to a stage without an answerer waits for ever: no date passes that would move it on."""
    for number, stage in enumerate(protocol.stages):
        if stage.kind == "request" and stage.answer is None:
            yield Found(f'Nobody has to respond at "{stage.title}".', stage_place(number), stage.clause)


@check(
    "UD102",
    "error",
    "An approver who approves their own answer",
    wrong='duty = [{ who = "manager", must = "respond", within = "5 working days", approved_by = "manager" }]',
    mend="Name somebody else as approved_by, or leave it out where the policy asks for no approval.",
)
def _approves_himself(protocol: Protocol) -> Iterator[Found]:
    """Nobody may approve their own answer, so an answer at this stage could never be given."""
    for stage, duty, place in duties(protocol):
        if duty.approved_by == duty.who:
            title = protocol.title_of(duty.who)
            yield Found(f'At "{stage.title}" the {title} answers, and approves the same answer.', place, duty.clause)


@check(
    "UD103",
    "error",
    "A stage without a judge",
    wrong="""
judged_by = []
duty = [{ who = "manager", must = "respond", within = "5 working days" }]
""",
    mend='Say who judges whether the answer resolves it: judged_by = ["chair"].',
)
def _no_judge(protocol: Protocol) -> Iterator[Found]:
    """Answered and resolved are two facts. Without a judge an answer ends nothing and moves nothing on."""
    for number, stage in enumerate(protocol.stages):
        if not stage.judged_by:
            yield Found(
                f'Nobody judges whether an answer at "{stage.title}" resolves it.', stage_place(number), stage.clause
            )


@check(
    "UD104",
    "error",
    "A judge who judges their own answer",
    wrong="""
judged_by = ["manager"]
duty = [{ who = "manager", must = "respond", within = "5 working days" }]
""",
    mend="Name as judged_by somebody who neither answers nor approves the answer: usually the one who raised it.",
)
def _judges_himself(protocol: Protocol) -> Iterator[Found]:
    """A stage where all who judge are those who answered lets a concern be closed by the person it was about."""
    for number, stage in enumerate(protocol.stages):
        asked = stage.answer
        if asked and stage.judged_by and set(stage.judged_by) <= {asked.who, asked.approved_by}:
            yield Found(
                f'At "{stage.title}" the {protocol.title_of(stage.judged_by[0])} judges an answer of their own.',
                stage_place(number, "judged_by"),
                stage.clause,
            )


@check(
    "UD105",
    "warning",
    "Somebody answers to whom it is not addressed",
    wrong="""
to = ["director"]
duty = [{ who = "manager", must = "respond", within = "5 working days" }]
""",
    mend="Add the one who answers to the stage's to, or let the one it is addressed to answer.",
)
def _not_addressed(protocol: Protocol) -> Iterator[Found]:
    """Who has to answer should be among those the concern is addressed to, or the first they hear of it is a date."""
    for number, stage in enumerate(protocol.stages):
        asked = stage.answer
        if asked and stage.to and asked.who not in stage.to:
            title = protocol.title_of(asked.who)
            yield Found(
                f'"{stage.title}" is answered by the {title}, and not addressed to them.',
                stage_place(number),
                stage.clause,
            )


@check(
    "UD106",
    "warning",
    "A stage addressed to nobody",
    wrong="""
[[stage]]
id = "formal"
title = "Formal"
to = []
""",
    mend='Say to whom it goes: to = ["manager"].',
)
def _addressed_to_nobody(protocol: Protocol) -> Iterator[Found]:
    """Nobody is told when such a stage begins, so nobody outside it knows that something was raised."""
    for number, stage in enumerate(protocol.stages):
        if not stage.to and not stage.tells.start:
            yield Found(
                f'"{stage.title}" is addressed to nobody, and nobody is told of it.', stage_place(number), stage.clause
            )


@check(
    "UD107",
    "warning",
    "Speaking first to somebody else",
    wrong="""
to = ["director"]
speak_first = { to = "manager" }
""",
    mend="Let speak_first name one of those in the stage's to.",
)
def _speaks_to_another(protocol: Protocol) -> Iterator[Found]:
    """The conversation before a stage is there to settle it; held with somebody it does not go to, it cannot."""
    for number, stage in enumerate(protocol.stages):
        first = stage.speak_first
        if first and stage.to and first.to not in stage.to:
            title = protocol.title_of(first.to)
            yield Found(
                f'Before "{stage.title}" one speaks with the {title}, to whom it is not addressed.',
                stage_place(number, "speak_first"),
                first.clause or stage.clause,
            )


@check(
    "UD108",
    "warning",
    "A role that plays no part",
    wrong="""
[role.deputy]
title = "Deputy"
held_by = "the authority's Deputy"
""",
    mend="Use it (who, approved_by, to, tells, always_copied ...), or take the table out.",
)
def _plays_no_part(protocol: Protocol) -> Iterator[Found]:
    """A role that is declared and named nowhere is told and asked nothing: often a line was forgotten."""
    used, words = _roles_used(protocol), _words_beside_the_ladder(protocol)
    for role_id, role in protocol.roles.items():
        if role_id not in used and role.title not in words:
            yield Found(
                f"The {role.title} is declared, and told of nothing and asked for nothing.",
                f"role.{role_id}",
                role.clause,
            )


def _roles_used(protocol: Protocol) -> set[str]:
    used = {*protocol.always_copied, *(name for name, role in protocol.roles.items() if role.keeps_records)}
    for stage in protocol.stages:
        used.update(stage.to, stage.sent_by, stage.judged_by, stage.tells.start, stage.tells.move, stage.tells.resolved)
        used.update(role for question in stage.consider for role in (question.who, *question.tells))
        if stage.speak_first:
            used.add(stage.speak_first.to)
        for duty in stage.duties:
            used.update(role for role in (duty.who, duty.approved_by, duty.to) if role)
    for route in protocol.routes:
        used.update((*route.may, *route.tells, *route.decided_by))
    for checklist in protocol.checklists:
        used.update(checklist.who)
    for practice in protocol.good_practice:
        used.update(practice.shared_with)
    for milestone in protocol.milestones:
        used.update((*milestone.tells, *((milestone.who,) if milestone.who else ())))
    return used


def _words_beside_the_ladder(protocol: Protocol) -> str:
    """The words in which a route, a ground or a question may name a role by its title."""
    routes = (f"{route.to} {route.text}" for route in protocol.routes)
    grounds = (ground.title for ground in protocol.grounds)
    return " ".join((*routes, *grounds))


@check_holders(
    "UD109",
    "error",
    "A role that nobody holds here",
    wrong="# a role of the ladder for which the authority has nobody: neither a holder nor cover",
    mend="Name a holder on the people pages, or give the role an else: whose part it is where there is no such post.",
)
def _nobody_holds(protocol: Protocol, holders: Holders) -> Iterator[Found]:
    """A policy that names a post which the authority does not have stops at the first stage that needs it."""
    if holders is None:
        return
    used = _roles_used(protocol)
    for role_id, role in protocol.roles.items():
        if role_id in used and role_id not in holders:
            yield Found(f"Nobody here holds the part of {role.title}.", f"role.{role_id}", role.clause)
