"""The two shipped protocols say what the published policies say, line by line where the policy is a list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from undrift import library
from undrift.library import UnknownProtocol
from undrift.protocol.model import Part, Protocol, Stage
from undrift.protocol.reader import ProtocolError, read

WALSALL, LANCASHIRE = library.load("walsall"), library.load("pan-lancashire")
BOTH = pytest.mark.parametrize("protocol", [WALSALL, LANCASHIRE], ids=["walsall", "pan-lancashire"])


def answer(stage: Stage) -> tuple[str, str | None, str] | None:
    asked = stage.answer
    return (asked.who, asked.approved_by, str(asked.within)) if asked else None


def entries(protocol: Protocol) -> Iterator[tuple[str, Part]]:
    for stage in protocol.stages:
        yield f"stage {stage.id}", stage
        for part in (*stage.duties, *stage.exits, *stage.examples, *stage.consider):
            yield f"stage {stage.id}: {part}", part
        if stage.speak_first:
            yield f"stage {stage.id}, speaking first", stage.speak_first
    for name, role in protocol.roles.items():
        yield f"role {name}", role
    lists = (
        protocol.routes, protocol.milestones, protocol.grounds, protocol.checklists, protocol.good_practice,
        protocol.principles, protocol.occasions, protocol.caps,
    )  # fmt: skip
    for part in (part for parts in lists for part in parts):
        yield f"{type(part).__name__} {part}", part
    for checklist in protocol.checklists:
        for item in checklist.items:
            yield f"checklist {checklist.id}: {item.id}", item


# What the policies do not say and the service cannot do without; each such line says so in the text.
NOT_IN_THE_TEXT = {
    "walsall": [("stage-5", "ended")],
    "pan-lancashire": [
        ("starred", "formal-escalation"),
        ("formal-escalation", "chief-officer"),
        ("chief-officer", "ended"),
    ],
}


@BOTH
def test_every_entry_carries_its_clause(protocol: Protocol) -> None:
    """A clause is quoted only where the policy says it: where it says nothing, there is none."""
    silent = [part for _, part in entries(protocol) if not getattr(part, "clause", "")]
    ways = [(stage.id, way.to) for stage in protocol.stages for way in stage.exits if way in silent]
    assert ways == NOT_IN_THE_TEXT[protocol.head.id]
    assert len(silent) == len(ways)
    unsaid = [line for line in library.text_of(protocol.head.id).splitlines() if "# not in the text" in line]
    assert len(unsaid) == len(ways)
    assert not [line for line in unsaid if "clause" in line]


@BOTH
def test_each_protocol_covers_conferences_and_plans(protocol: Protocol) -> None:
    assert protocol.head.applies_to == ("child protection conference", "child protection plan")


@BOTH
def test_a_policy_that_says_working_days_of_its_stages_means_every_day_by_days_and_another_leaves_it_open(
    protocol: Protocol,
) -> None:
    assert protocol.head.bare_days == ("calendar" if protocol.says_working_days else "unstated")


@BOTH
def test_each_protocol_has_an_urgent_route_that_anybody_may_take(protocol: Protocol) -> None:
    assert [route for route in protocol.routes if route.urgent and not route.may]


@BOTH
def test_no_stage_moves_on_by_itself_and_each_has_a_way_up_and_a_way_to_resolve(protocol: Protocol) -> None:
    *lower, highest = protocol.stages
    for stage, above in zip(lower, protocol.stages[1:], strict=True):
        assert above.id in {e.to for e in stage.exits}
    assert {e.to for e in highest.exits} == {"resolved", "ended"}
    assert all("chair" in stage.judged_by for stage in protocol.stages)


# Walsall ---------------------------------------------------------------------------------------------------------

WALSALL_STAGES = [
    ("informal", ("team-manager",), ("team-manager", None, "agreed")),
    ("stage-1", ("team-manager", "group-manager"), ("team-manager", "group-manager", "7 days")),
    ("stage-2", ("group-manager", "head-of-service"), ("group-manager", "head-of-service", "4 days")),
    ("stage-3", ("head-of-service", "assistant-director"), ("head-of-service", "assistant-director", "3 days")),
    ("stage-4", ("assistant-director", "director"), ("assistant-director", None, "3 days")),
    ("stage-5", ("director",), ("director", None, "3 days")),
]


def test_walsall_has_an_informal_and_five_formal_stages_each_with_its_people_and_days() -> None:
    assert [(s.id, s.to, answer(s)) for s in WALSALL.stages] == WALSALL_STAGES
    assert [s.formality for s in WALSALL.stages] == ["informal", *["formal"] * 5]


def test_walsall_may_start_at_any_stage() -> None:
    assert all(stage.may_start_here for stage in WALSALL.stages)


def test_walsall_always_copies_two_people() -> None:
    assert WALSALL.always_copied == ("group-manager-sr", "principal-iro")
    assert WALSALL.always_copied_clause


def test_walsall_stage_1_prefers_a_conversation_in_person_to_email() -> None:
    first = WALSALL.stage("stage-1").speak_first
    assert first is not None
    assert (first.to, first.prefer, first.required) == (
        "team-manager", ("in person", "phone", "video call", "email"), True
    )  # fmt: skip


def test_walsall_asks_about_the_wider_partnership_at_stage_5_alone() -> None:
    assert [s.id for s in WALSALL.stages if s.consider] == ["stage-5"]


WALSALL_GROUNDS = {
    "PREP-FAMILY", "REPORT-LATE", "GENOGRAM", "FGC", "CHECKS", "INVITES", "FATHERS", "PARENT-SAFETY", "CHILD-ATTEND",
    "CONSULT-FORM", "CHILD-VOICE", "INTERPRETER", "SEEN", "CORE-GROUP", "SAFETY-PLAN", "RISK-NOW", "NO-KNOWLEDGE",
    "NO-RECEIVING-SW", "DRIFT",
}  # fmt: skip


def test_walsall_has_a_ground_for_each_of_the_nineteen_issues_in_its_list() -> None:
    listed = {g.code for g in WALSALL.grounds if g.clause == "Formal Resolutions, issues or concerns"}
    assert listed == WALSALL_GROUNDS
    assert len(listed) == 19


def test_walsall_has_a_ground_for_each_of_its_four_general_reasons() -> None:
    general = {g.code for g in WALSALL.grounds if g.kind == "general"}
    assert general == {"ACTIONS", "SIGNIFICANT-EVENT", "STATUTORY", "BREACH"}


WALSALL_EXAMPLES = {
    "informal": {"REPORT-LATE", "VISITS-RECORD", "PREP-FAMILY"},
    "stage-1": {
        "PREP-POOR", "CHILD-ATTEND", "CHILD-VOICE", "CONSULT-FORM", "ASSESSMENT", "FGC", "FATHERS", "SAFETY-PLAN",
        "NO-PROGRESS",
    },
    "stage-2": {"RISK-NOW", "CONF-CANCELLED", "OTHER-AGENCY"},
    "stage-3": {"RISK-NOW", "OTHER-AGENCY"},
    "stage-4": {"RISK-NOW", "OTHER-AGENCY"},
    "stage-5": {"RISK-NOW", "OTHER-AGENCY"},
}  # fmt: skip


@pytest.mark.parametrize("stage_id", WALSALL_EXAMPLES)
def test_walsall_gives_the_entry_examples_of_each_stage(stage_id: str) -> None:
    stage = WALSALL.stage(stage_id)
    assert {e.ground for e in stage.examples if e.ground} == WALSALL_EXAMPLES[stage_id]
    if stage.formality == "formal":
        assert {"not answered", "not accepted"} <= {e.when for e in stage.examples}


def test_walsall_occasions_are_the_key_times_of_the_policy() -> None:
    key = {o.id for o in WALSALL.occasions if o.clause == "Key times when a resolution may be triggered"}
    assert key == {"pre-conference", "after-conference"}
    assert "midway" in {o.id for o in WALSALL.occasions}


def test_walsall_pre_conference_checklist_asks_about_every_issue_of_the_list() -> None:
    checklist = next(c for c in WALSALL.checklists if c.id == "pre-conference")
    assert {i.ground for i in checklist.items} >= WALSALL_GROUNDS
    assert checklist.who == ("chair", "social-worker", "team-manager")


def test_walsall_has_a_pre_conference_discussion_between_the_chair_and_the_social_worker() -> None:
    talk = WALSALL.milestone("pre-conference-discussion")
    assert talk is not None
    assert talk.who == "chair"
    assert "Social Worker" in talk.contains[0]
    assert "as necessary, the Team Manager" in talk.contains[0]


def test_walsall_asks_whether_a_concern_is_weighty_before_it_is_raised() -> None:
    checklist = next(c for c in WALSALL.checklists if c.id == "before-raising")
    assert [i.id for i in checklist.items] == ["weighty", "impact", "level"]


def test_walsall_good_practice_is_shared_by_tier() -> None:
    assert {g.id: (g.shared_with, g.reported) for g in WALSALL.good_practice} == {
        "good": (("team-manager",), False),
        "exemplary": (("team-manager", "group-manager-sr", "principal-iro"), True),
    }


def test_walsall_principle_refuses_staffing_cooperation_and_resources_as_obstacles() -> None:
    principle = next(p for p in WALSALL.principles if p.id == "no-excuse")
    assert {"capacity", "partner", "resources"} <= set(principle.obstacles)
    assert not {"family", "legal", "other"} & set(principle.obstacles)


# Pan-Lancashire --------------------------------------------------------------------------------------------------

LANCASHIRE_STAGES = [
    ("conference", ("csc-team-manager",), None),
    ("core-group", (), None),
    ("informal", (), ("front-line-manager", None, "15 working days")),
    (
        "starred",
        ("csc-team-manager", "core-group", "csc-quality-review-manager"),
        ("front-line-manager", None, "5 working days"),
    ),
    (
        "formal-escalation",
        ("directorate-safeguarding-manager", "head-of-csc", "head-of-safeguarding-audit"),
        ("safeguarding-lead", None, "5 working days"),
    ),
    ("chief-officer", ("director-targeted-assessment",), ("chief-officer", None, "5 working days")),
]


def test_pan_lancashire_has_six_stages_each_with_its_people_and_days() -> None:
    assert [(s.id, s.tells.start, answer(s)) for s in LANCASHIRE.stages] == LANCASHIRE_STAGES
    assert [s.number for s in LANCASHIRE.stages] == ["1", "2", "3", "4", "5", "6"]


def test_pan_lancashire_begins_with_two_steps_of_the_plan_cycle() -> None:
    first, second = LANCASHIRE.stages[:2]
    assert {first.kind, second.kind} == {"milestone"}
    assert [(d.must, str(d.within)) for d in (*first.duties, *second.duties)] == [
        ("decision-sheet", "1 working day"),
        ("core-group-meeting", "10 working days"),
    ]
    assert LANCASHIRE.head.equivalent == ("24 hours = 1 working day",)


def test_pan_lancashire_outline_plan_has_six_contents() -> None:
    sheet = LANCASHIRE.milestone("decision-sheet")
    assert sheet is not None
    assert len(sheet.contains) == 6


def test_pan_lancashire_core_group_is_asked_whether_the_recommendation_is_accepted() -> None:
    meeting = LANCASHIRE.milestone("core-group-meeting")
    assert meeting is not None
    assert meeting.not_accepted is not None
    assert meeting.not_accepted.offers == "informal"


def test_pan_lancashire_chair_sets_the_date_at_each_stage_that_asks_for_an_answer() -> None:
    assert all(stage.chair_sets_date for stage in LANCASHIRE.stages if stage.answer)


def test_the_check_between_conferences_is_called_as_the_policy_calls_it() -> None:
    assert (WALSALL.check, LANCASHIRE.check) == ("midway check", "mid-point check")


def test_pan_lancashire_chair_also_speaks_with_the_csc_senior_manager_at_stage_5() -> None:
    (talk,) = LANCASHIRE.stage("formal-escalation").others
    assert (talk.who, talk.must, talk.to) == ("chair", "speak", "csc-senior-manager")


def test_pan_lancashire_starred_recommendation_needs_a_plan_and_sets_out_action_and_time() -> None:
    starred = LANCASHIRE.stage("starred")
    assert starred.only_on_plan
    assert starred.may_start_here
    assert starred.sets_out == ("ask", "completion")
    assert starred.answer is not None
    assert starred.answer.sets_out == ("actions", "dates")


def test_pan_lancashire_gives_the_examples_of_starred_recommendations_in_three_kinds() -> None:
    kinds: dict[str, set[str]] = {}
    for ground in LANCASHIRE.grounds:
        kinds.setdefault(ground.kind, set()).add(ground.code)
    assert kinds == {
        "the plan": {"PLAN-INSUFFICIENT", "NOT-IMPLEMENTED", "NOT-ACCEPTED"},
        "specific action": {"RISK-ASSESSMENT", "AGENCY-INFORMATION", "FAMILY-SUPPORT", "LEGAL-GATEWAY"},
        "practice": {"AGENCY-REPORT", "VISITS", "DELAY"},
        "resource": {"SPECIALIST", "HOUSING"},
    }


def test_pan_lancashire_says_what_a_conference_cannot_decide() -> None:
    note = LANCASHIRE.stage("conference").note
    assert "legal steps" in note
    assert "care planning meeting" in note


def test_pan_lancashire_keeps_other_procedures_beside_the_ladder() -> None:
    routes = {r.id: r for r in LANCASHIRE.routes}
    assert set(routes) == {"urgent-action", "safeguarding-referral", "professional-advice", "appeal", "complaint"}
    assert str(routes["appeal"].within) == "21 days"
    assert "Directorate Safeguarding Manager" in routes["appeal"].to
    assert "In writing" in routes["appeal"].text


def test_pan_lancashire_serves_three_areas() -> None:
    assert LANCASHIRE.head.areas == ("Blackburn with Darwen", "Blackpool", "Lancashire")
    assert [o.title for o in LANCASHIRE.overlays] == list(LANCASHIRE.head.areas)


def test_pan_lancashire_calls_it_a_starred_recommendation() -> None:
    assert (LANCASHIRE.words.resolution, LANCASHIRE.words.reference) == ("starred recommendation", "SR")
    assert [LANCASHIRE.called_at(stage) for stage in ("informal", "starred")] == [
        "resolution",
        "starred recommendation",
    ]


# Loading ---------------------------------------------------------------------------------------------------------


def test_a_protocol_is_read_once_and_given_in_the_version_asked_for() -> None:
    assert library.load("walsall") is library.load("walsall")
    assert library.load("walsall", WALSALL.head.version) == WALSALL


def test_a_protocol_or_a_version_that_does_not_ship_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownProtocol, match="These ship: walsall, pan-lancashire"):
        library.load("northmoor")
    with pytest.raises(UnknownProtocol, match="ships in version"):
        library.load("walsall", "1999.1")


def test_a_principle_that_names_an_obstacle_nobody_declared_is_refused() -> None:
    text = library.text_of("walsall").replace('obstacles = ["capacity",', 'obstacles = ["weather",')
    with pytest.raises(ProtocolError, match="weather"):
        read(text, "walsall.toml")
