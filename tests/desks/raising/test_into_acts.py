"""From answers to acts, and from refusals to boxes. No database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from undrift import library
from undrift.children.models import Child
from undrift.desks.concern import into_acts
from undrift.desks.concern.into_acts import About
from undrift.desks.concern.suggestion import is_grave, starts, suggest
from undrift.desks.concern.where_refused import Place, place_of
from undrift.engine.ladder import acts
from undrift.engine.refusal import Refusal

WEDNESDAY = date(2026, 5, 6)
MAYA, NOOR = Child(pk=1, first_name="Maya", public_id="m2m2"), Child(pk=2, first_name="Noor", public_id="n3n3")


def about(**more: Any) -> About:
    known: dict[str, Any] = {
        "stage": "stage-1", "children": (MAYA, NOOR), "impact_names": {1: "impact_m2m2", 2: "impact_n3n3"},
        "on_plan": frozenset({1}), "today": WEDNESDAY, "spoke_to": "team-manager", "spoke_name": "Priya Nairn",
        "answers": "group-manager", "answers_name": "Denise Harkaway", "known": {"hannah quill": "7"},
    }  # fmt: skip
    return About(**(known | more))


CLEANED = {
    "impact_m2m2": "She went quiet.", "impact_n3n3": "", "grounds": ["FGC"], "concern": "Late", "occasion": "midway",
    "risk": "no", "how": "phone", "spoke_on": WEDNESDAY, "spoke_name": "", "spoken": "yes",
}  # fmt: skip


def test_each_child_goes_with_their_own_impact_and_plan() -> None:
    act = into_acts.formal(CLEANED, about())
    assert act.children == (
        acts.ChildConcern("1", "She went quiet.", "Maya", on_plan=True),
        acts.ChildConcern("2", "", "Noor", on_plan=False),
    )


def test_a_name_left_empty_is_the_manager_named_beside_it() -> None:
    talk = acts.Conversation("phone", WEDNESDAY, "team-manager", "Priya Nairn")
    assert into_acts.formal(CLEANED, about()).spoke == talk
    spoke = into_acts.formal(CLEANED | {"spoke_name": "Yasmin Okell"}, about()).spoke
    assert spoke is not None
    assert spoke.name == "Yasmin Okell"


def test_no_conversation_is_none() -> None:
    assert into_acts.formal(CLEANED | {"spoken": "no"}, about()).spoke is None


def test_a_call_because_of_a_risk_is_a_conversation_with_who_answers() -> None:
    act = into_acts.formal(CLEANED | {"spoken": "", "risk": "yes", "rung": "yes"}, about())
    assert act.rang == acts.Conversation("phone", WEDNESDAY, "group-manager", "Denise Harkaway", safe=())
    assert act.spoke is None
    assert act.risk == acts.Risk("")


def test_what_was_done_is_one_text_with_who_and_when() -> None:
    acted = {"risk": "yes", "acted": "Strategy discussion", "acted_by": "Priya Nairn", "acted_on": WEDNESDAY}
    act = into_acts.formal(CLEANED | acted, about())
    assert act.risk == acts.Risk("Strategy discussion (Priya Nairn, Wednesday 6 May 2026)", WEDNESDAY)


def test_what_was_done_is_left_out_when_there_is_no_risk() -> None:
    assert into_acts.formal(CLEANED | {"acted": "Strategy discussion"}, about()).risk is None


def test_only_a_talk_of_another_day_is_backdated() -> None:
    assert into_acts.informal(CLEANED, [], about()).happened is None
    earlier = CLEANED | {"spoke_on": date(2026, 5, 1)}
    assert into_acts.informal(earlier, [], about()).happened == date(2026, 5, 1)


def test_an_agreed_action_knows_its_person_by_name() -> None:
    row = {"what": "Write up the visits", "who": " Hannah Quill ", "by": WEDNESDAY}
    (known,) = into_acts.informal(CLEANED, [row], about()).actions
    assert known == acts.ActionAsked("Write up the visits", " Hannah Quill ", WEDNESDAY, "7")
    assert into_acts.action(row | {"who": "Grandmother"}, {"hannah quill": "7"}).person == ""


def test_moving_on_says_again_only_what_changed() -> None:
    cleaned = CLEANED | {"impact_n3n3": "She is tired."}
    act = into_acts.move_on(cleaned, about(), "not answered", {"1": "She went quiet.", "2": "She is well."})
    assert act.impacts == {"2": "She is tired."}
    assert (act.to, act.because) == ("stage-1", "not answered")


BOXES = {"1": "impact_m2m2", "2": "impact_n3n3"}


@pytest.mark.parametrize(
    ("refusal", "place"),
    [
        (Refusal("no-children", "", about="children"), Place("children", "children")),
        (Refusal("no-impact", "", about="impact", child="2"), Place("impact", "impact_n3n3")),
        (Refusal("no-impact", "", about="impact"), Place("impact", "impact_m2m2")),
        (Refusal("speak-first", "", about="spoke"), Place("spoken", "spoken")),
        (Refusal("how-spoken", "", about="spoke"), Place("spoken", "how")),
        (Refusal("spoken-later", "", about="spoke"), Place("spoken", "spoke_on")),
        (Refusal("why-this-stage", "", about="why_this_stage"), Place("stage", "why")),
        (Refusal("date-past", "", about="date"), Place("people", "date")),
        (Refusal("not-yours", ""), Place()),  # about nothing that can be typed
    ],
)
def test_a_refusal_is_shown_at_its_box(refusal: Refusal, place: Place) -> None:
    assert place_of(refusal, BOXES) == place


WALSALL, PAN_LANCASHIRE = library.load("walsall"), library.load("pan-lancashire")


@pytest.mark.parametrize(
    ("grounds", "risk", "stage"),
    [
        ([], False, "stage-1"),
        (["REPORT-LATE"], False, "stage-1"),  # it usually starts informally; here the chair goes formal
        (["FGC", "CONF-CANCELLED"], False, "stage-2"),
        (["RISK-NOW"], False, "stage-2"),
        (["FGC"], True, "stage-2"),
        ([], True, "stage-2"),
    ],
)
def test_the_gravest_reason_or_the_risk_suggests_the_stage(grounds: list[str], risk: bool, stage: str) -> None:
    assert suggest(WALSALL, grounds, risk).stage.id == stage


def test_where_only_one_stage_is_a_start_it_is_the_one() -> None:
    assert suggest(PAN_LANCASHIRE, [], True).stage.id == "starred"
    assert [s.id for s in starts(PAN_LANCASHIRE, informal=False)] == ["starred"]
    assert [s.id for s in starts(PAN_LANCASHIRE, informal=True)] == ["informal"]


def test_the_two_highest_levels_are_grave() -> None:
    assert [s.id for s in WALSALL.stages if is_grave(WALSALL, s)] == ["stage-4", "stage-5"]
    assert [s.id for s in PAN_LANCASHIRE.stages if is_grave(PAN_LANCASHIRE, s)] == [
        "formal-escalation",
        "chief-officer",
    ]
