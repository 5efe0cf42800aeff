"""Who is told of what happened, and what each is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.engine.test_kinds import TELLS_NOBODY
from tests.engine.test_refused import (
    DIRECTOR,
    KEEPER,
    PASSED,
    YES,
    agreed,
    answered,
    at_the_top,
    begun,
    both,
    core_group_met,
    date_asked,
    directed,
    escalated,
    in_the_plan_cycle,
    plan_over,
    starred,
    urgent,
)
from tests.engine.test_telling import DENISE, GRACE, PLAN, PRIYA, Story
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts
from undrift.engine.ladder.fold import fold
from undrift.engine.ladder.told import told

# What asks the chair alone for something, and what tells nobody; of all else those always copied hear.
ONLY_THE_CHAIR = TELLS_NOBODY | {
    "action_agreed",
    "plan_ended",
    "plan_end_taken_back",
    "corrected",
    "action_date_asked",
    "milestone_reached",
    "owner_left",
    "said_not_mine",
    "said_to_stay",
}
HERE = {"team-manager": "", "group-manager": ""}
# Of an immediate risk everybody with a part here checks that somebody has acted, those always copied as well.
AT_RISK = dict.fromkeys(("team-manager", "group-manager", "group-manager-sr", "principal-iro"), "check")
UP = acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk("A visit was made."))


def hannahs() -> Story:
    """What was agreed is done by somebody known here."""
    visits = acts.ActionAsked("Write up the two visits", "Hannah Quill", date(2026, 5, 14), "9")
    story = begun().says(PRIYA, acts.Respond("agree", "It is being written.", (visits,)), days=4)
    return story.says(DENISE, acts.Approve(), days=5).says(GRACE, YES, days=6)


def finished() -> Story:
    return hannahs().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6)


def asked_for() -> Story:
    return hannahs().says(PRIYA, acts.AskForActionDate("a1", date(2026, 5, 18), "Half term."), days=7)


def partnership(*, yes: bool) -> Story:
    return at_the_top().says(DIRECTOR, acts.Respond("agree", "Yes.", consider={"wider-partnership": yes}))


HANDED = acts.HandOver("team-manager", "7", "Owen Tarrant", "Callum is off sick.")
TO_APPROVE = acts.HandOver("group-manager", "8", "Judith Calloway", "Denise is away.")
NOT_MINE = acts.SayNotMine("Callum Stroud", "They moved to his team.")
THE_CHAIRS = acts.HandOver("chair", "5", "Nadia Rowe", "Grace is away.")
UNANSWERED = acts.RecordLapse("1:respond:team-manager")
UNDECIDED = acts.RecordLapse("1:decide:chair")

TOLD: list[tuple[Callable[[], Story], dict[str, str]]] = [
    (lambda: begun().says(GRACE, HANDED), {"chair": "", "team-manager": "respond", "group-manager": ""}),
    (lambda: begun().says(GRACE, TO_APPROVE), {"chair": "", "team-manager": "", "group-manager": "approve"}),
    (lambda: begun().says(GRACE, THE_CHAIRS), {"chair": "decide", **HERE}),
    (lambda: begun().says(SYSTEM, UNANSWERED, days=PASSED),
     {"chair": "decide what next", "team-manager": "respond", "group-manager": ""}),
    (lambda: begun().says(SYSTEM, UNDECIDED, days=20), {"chair": "decide"}),
    (lambda: in_the_plan_cycle().says(SYSTEM, acts.RecordLapse("1:core-group-meeting:core-group"), days=20),
     {"chair": "find out about the step", "core-group": "take the step"}),
    (lambda: escalated().says(SYSTEM, acts.RecordLapse("2:speak:csc-senior-manager"), days=20), {"chair": "speak"}),
    (lambda: begun().says(GRACE, acts.Share("director", "She asked.")), {"director": "read what is shared"}),
    (lambda: begun().says(PRIYA, NOT_MINE), {"chair": "decide whose it is"}),
    (lambda: begun().says(PRIYA, NOT_MINE).says(GRACE, acts.SayItStays("They are hers.")), {"team-manager": ""}),
    (lambda: hannahs().says(SYSTEM, acts.RecordOwnerLeft("a1"), days=7), {"chair": "decide who does it"}),
    (lambda: begun().says(GRACE, acts.Note("He rang.")), {}),
    # Urgent action: at once, everybody with a part here, and the chair is asked to ring.
    (urgent, {"chair": "ring", **AT_RISK}),
    (lambda: begun().says(GRACE, UP),
     AT_RISK | {"chair": "ring", "group-manager": "respond", "head-of-service": "approve"}),
    (lambda: in_the_plan_cycle().says(GRACE, acts.RecordUrgentAction("He was seen.")),
     {"chair": "ring", "core-group": "check", "csc-team-manager": "check"}),
    (lambda: urgent().says(PRIYA, acts.RingBack(3, "Hannah")), {"chair": "", **HERE}),
    (lambda: urgent().says(PRIYA, acts.RingBack(3, "Hannah", safe=())), {"chair": "ring", **AT_RISK}),
    (lambda: urgent().says(GRACE, acts.Withdraw("Settled.")).says(GRACE, acts.GiveUpRing(3, "She moved.")),
     {"chair": ""}),
    (lambda: begun().says(GRACE, acts.GiveMoreTime(date(2026, 5, 20), "Ill.")), HERE),
    (lambda: answered().says(GRACE, acts.AskAgain(date(2026, 5, 15), "More."), days=6),
     HERE | {"team-manager": "respond"}),
    (lambda: both().says(GRACE, acts.EndForChild("jude", "moved", "Known there."), days=6), {"chair": "", **HERE}),
    (lambda: both().says(GRACE, acts.ReopenChild("maya", "She waits."), days=6), {"chair": "", **HERE}),
    (plan_over, {"chair": "decide whether it goes on"}),
    (lambda: plan_over().says(SYSTEM, acts.RecordEndTakenBack("maya")), {"chair": ""}),
    (lambda: plan_over().says(GRACE, acts.CarryOn(("maya",), "It is owed.")), {"chair": "", **HERE}),
    (lambda: begun().says(GRACE, acts.TakeRoute("share-with-head-of-safeguarding", "Two calls.")),
     {"chair": "", "head-of-safeguarding": "read what is shared"}),
    (lambda: begun().says(GRACE, acts.TakeRoute("immediate-safeguarding")), {"chair": "ring", **AT_RISK}),
    (lambda: partnership(yes=True), {"chair": "decide", "partnership-business-manager": "for the partnership"}),
    (lambda: partnership(yes=False), {"chair": "decide"}),
    (date_asked, {"chair": "agree the new date"}),
    (lambda: core_group_met(accepted=False), {"chair": "", "core-group": ""}),
    # What somebody else than the chair puts down as agreed, the chair hears of.
    (lambda: begun().says(PRIYA, acts.AgreeAction(PLAN)), {"chair": ""}),
    (lambda: begun().says(GRACE, acts.AgreeAction(PLAN)), {}),
    # What a Chief Officer directs binds: whoever directed it hears that its date passed, or moves.
    (lambda: directed().says(SYSTEM, acts.RecordLapse("action:a1"), days=15),
     {"chair": "decide on the action", "chief-officer": ""}),
    (lambda: directed().says(GRACE, acts.ChangeActionDate("a1", date(2026, 5, 18), "Ill."), days=7),
     {"chair": "", "chief-officer": ""}),
    # How it ended reaches whoever was asked or told at any stage.
    (lambda: begun().says(GRACE, UP).says(GRACE, acts.Withdraw("Settled.")),
     {**HERE, "head-of-service": "", "group-manager": ""}),
    (lambda: starred().says(GRACE, acts.Withdraw("Settled.")),
     {"front-line-manager": "", "csc-team-manager": "", "core-group": "", "csc-quality-review-manager": ""}),
]  # fmt: skip


# Who does an action is told by number: a person may do one who plays no part here.
TO_HANNAH: list[tuple[Callable[[], Story], dict[str, str]]] = [
    (hannahs, {"9": "do the action"}),
    (lambda: hannahs().says(GRACE, acts.ChangeActionDate("a1", date(2026, 5, 18), "Ill."), days=7), {"9": ""}),
    (lambda: hannahs().says(GRACE, acts.DropAction("a1", "She moved."), days=7), {"9": ""}),
    (lambda: hannahs().says(GRACE, acts.GiveAction("a1", "Ruth", "Ill.", "12"), days=7),
     {"12": "do the action", "9": ""}),
    (lambda: finished().says(GRACE, acts.ConfirmAction("a1"), days=7), {"9": ""}),
    (lambda: finished().says(GRACE, acts.ReturnAction("a1", "One is missing."), days=7), {"9": "do the action"}),
    (lambda: asked_for().says(GRACE, acts.DeclineActionDate("a1", "She has waited."), days=8), {"9": ""}),
    (lambda: hannahs().says(SYSTEM, acts.RecordLapse("action:a1"), days=15), {"9": "do the action"}),
    (lambda: hannahs().says(GRACE, acts.Close("moved", "Known there."), days=7), {"9": ""}),
    (lambda: hannahs().says(GRACE, THE_CHAIRS, days=7), {"9": ""}),
    (lambda: begun().says(KEEPER, acts.Correct(1, "Another family.")), {GRACE.person: ""}),  # who wrote it
    (lambda: begun().says(GRACE, acts.Correct(1, "Another family.")), {}),
    (agreed, {}),  # a name alone cannot be told
    (lambda: agreed().says(SYSTEM, acts.RecordLapse("action:a1"), days=15), {}),
]  # fmt: skip


@pytest.mark.parametrize(("story", "asked"), TO_HANNAH)
def test_whoever_did_or_wrote_what_it_is_about_is_told_of_it(story: Callable[[], Story], asked: dict[str, str]) -> None:
    happened = story()
    assert happened.state is not None
    found = told(happened.rules, happened.state, happened.history[-1])
    assert {each.person: each.ask for each in found if each.person} == asked
    assert not [each for each in found if each.person and each.role]


@pytest.mark.parametrize(("story", "asked"), TOLD)
def test_whoever_has_a_part_in_it_is_told_and_asked(story: Callable[[], Story], asked: dict[str, str]) -> None:
    happened = story()
    assert happened.state is not None
    all_told = told(happened.rules, happened.state, happened.history[-1])
    found = {each.role: each.ask for each in all_told if each.role}
    copied = () if happened.history[-1].type in ONLY_THE_CHAIR else happened.rules.protocol.always_copied
    assert found == dict.fromkeys(copied, "") | asked


def test_whoever_approves_is_told_of_the_approval_when_it_begins() -> None:
    story = Story(stage="stage-1")
    state = fold(story.rules.protocol, story.history[:1])
    assert state is not None
    told_then = told(story.rules, state, story.history[0])
    assert {each.role: each.ask for each in told_then}["group-manager"] == "approve"
