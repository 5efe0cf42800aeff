"""How a plan cycle is told: each entry by itself, in the history of the children whom it is about and of no other."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.plan_cycle import stories
from tests.engine.plan_cycle.lived import Cycle
from undrift.engine.plan_cycle import acts, telling
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.engine.plan_cycle.sentences import Scene
from undrift.engine.plan_cycle.telling import Entry

HELD, LATER = stories.HELD, stories.LATER
NAMES = {"maya": "Maya", "jude": "Jude", "noor": "Noor"}


def entries(cycle: Cycle) -> list[Entry]:
    return list(telling.entries(cycle.rules, cycle.history, NAMES))


def test_to_the_sheet() -> None:
    assert [(e.text, tuple(e.children)) for e in entries(stories.to_the_sheet())] == [
        ("Began with the strategy discussion of Tuesday 28 April 2026.", ("maya", "jude")),
        ("A child joined. She was born on Sunday.", ("noor",)),
        ("Initial conference fixed for Friday 1 May 2026 at 14:00, Civic Centre.", ("maya", "jude", "noor")),
        ("The report of School was shared on Thursday 30 April 2026.", ("maya", "jude", "noor")),
        ("The report was shared on Thursday 30 April 2026.", ("maya", "jude", "noor")),
        ("The discussion before the conference was held on Thursday 30 April 2026, by phone. All is there.",
         ("maya", "jude", "noor")),
        ("Initial conference held on Friday 1 May 2026.", ("maya", "jude", "noor")),
        ("A plan, Neglect.", ("maya",)),
        ("A plan. The chair decided it otherwise than the conference. He is at risk too.", ("jude",)),
        ("No plan.", ("noor",)),
        ("The school dissents. She is at risk. The Named Professional agrees.", ("noor",)),
        ("Health dissents. It was too short.", ("maya", "jude", "noor")),
        ("Review conference fixed for Thursday 30 July 2026.", ("maya", "jude")),
        ("The outline plan was written.", ("maya",)),
        ("The outline plan was written.", ("jude",)),
        ("The decision sheet was sent on Friday 1 May 2026 to The family.", ("maya", "jude", "noor")),
        ("The decision sheet was sent on Wednesday 20 May 2026 to Health, The family.", ("maya", "jude", "noor")),
    ]  # fmt: skip


def test_between_two_conferences() -> None:
    assert [(e.text, tuple(e.children)) for e in entries(stories.between())][17:] == [
        ("Elias Thornby tells the chair by Wednesday 20 May 2026 how it stands. CAMHS offers an appointment.",
         ("maya",)),
        ("Ada Quill tells the chair by Wednesday 20 May 2026 how it stands. Housing writes.", ("jude",)),
        ("Done. It is on Friday.", ("maya",)),
        ("Not done. There is no house.", ("jude",)),
        ("The core group met on Wednesday 20 May 2026, and the plan was updated. Who came: School.", ("maya", "jude")),
        ("The core group met on Thursday 21 May 2026, and the plan was not updated.", ("maya",)),
        ("The core group of Wednesday 20 May 2026 was not held. Nobody came.", ("jude",)),
        ("Housing does not accept a recommendation. A house. There is none.", ("jude",)),
        ("On Wednesday 20 May 2026: She was missing. Found at her aunt’s.", ("maya",)),
        ("She sleeps at home. Needs help. Next step: talk about it informally. Of the plan: a visit (drifting). On file"
         " then: visits 3 of 4, as at Wednesday 20 May 2026. Two visits were missed.", ("maya",)),
        ("A concern was raised of it: SR-2026-0004.", ("maya",)),
        ("No concern is raised of it. There is one from June.", ("jude",)),
        ("Not done by Monday 15 June 2026: mid-point check.", ("jude",)),
    ]  # fmt: skip


def test_the_end_and_what_stands_beside() -> None:
    assert [(e.text, tuple(e.children)) for e in entries(stories.ended())][4:] == [
        ("Panel on Friday 1 May 2026.", ("maya",)),
        ("A good practice note was written for Maya, about the work of Ruth Pemberly.", ("maya",)),
        ("The plan ended on Wednesday 20 May 2026. The child moved to another authority.", ("maya",)),
        ("Entry 2 was made in error. It was another day.", ("maya",)),
        ("The plan cycle ended. They moved.", ("maya",)),
    ]
    assert [e.text for e in entries(stories.beside())][5:] == [
        "Appeal against a conference decision: Her mother, on Wednesday 20 May 2026. The school was not heard.",
        "Upheld. It was not heard.",
        "Appeal against a conference decision: Her father, on Wednesday 1 July 2026, after the last day.",
        "Not upheld. It was heard.",
    ]
    assert [e.text for e in entries(stories.put_off())] == [
        "Began.",
        "Initial conference fixed for Friday 8 May 2026.",
        "Initial conference postponed, without a new date yet. The hall is shut.",
        "Initial conference moved to Tuesday 12 May 2026. There is a day.",
        "Initial conference cancelled. Nobody can come.",
        "Initial conference fixed for Friday 1 May 2026.",
        "Initial conference held on Friday 1 May 2026, not quorate: Health, School missing.",
    ]


def test_a_note_names_nobody_who_may_not_be_named() -> None:
    cycle = stories.ended()
    *_, note, _, _, _ = telling.entries(cycle.rules, cycle.history, {})
    assert note.text == "A good practice note was written, about the work of Ruth Pemberly."
    assert (telling.title(note.event), telling.sentence(note.event)) == (
        "Good practice note",
        "wrote a good practice note",
    )


def offered(cycle: Cycle, key: str, on: date = LATER) -> tuple[str, ...]:
    """Of whom it is that a concern was raised of this offer."""
    cycle.does(acts.BeginConcern(key, "R-1"), on=on)
    return tuple(entries(cycle)[-1].children)


def test_a_concern_that_was_raised_stands_with_the_children_of_what_it_was_raised_of() -> None:
    assert offered(stories.put_off(), "cancelled:c1") == ("maya", "jude")
    discussed = Cycle().begun().fixed("initial", HELD, children=("jude",))
    discussed.does(acts.HoldDiscussion("c1", HELD, "concern"), on=HELD)
    assert offered(discussed, "discussion:c1") == ("jude",)
    assert offered(stories.between(), "not done:k2") == ("jude",)
    late = stories.to_the_sheet()
    assert offered(late, "late:0:core-group-meeting:jude") == ("jude",)
    late.does(acts.SetKeyAction("c1", ("maya",), "A visit.", LATER, "Ada"), on=LATER)
    assert offered(late, "late:1:key-action-feedback:k1", date(2026, 5, 21)) == ("maya",)
    report = Cycle().begun().fixed("initial", HELD)
    report.does(acts.ShareReport("c1", HELD), on=HELD)
    assert offered(report, "late:1:report-initial:c1", HELD) == ("maya", "jude")


@pytest.mark.parametrize(
    ("duty", "children", "said"),
    [
        ("fix the conference", ("maya",), "fix the conference"),
        ("decide what follows", ("jude",), "decide what follows"),
        ("do what the check led to", ("maya",), "do what the check led to"),
        ("decision-sheet", ("maya", "jude"), "conference Decision Sheet and outline plan"),
        ("end the plan cycle", ("maya", "jude"), "end the plan cycle"),
        ("reconvene the conference", ("maya", "jude"), "reconvene the conference"),
    ],
)
def test_a_date_that_passed_stands_with_the_children_whom_it_is_about(
    duty: str, children: tuple[str, ...], said: str
) -> None:
    cycle = Cycle("pan-lancashire").begun().fixed("initial", HELD)
    cycle.held(HELD)
    if duty == "decide what follows":
        cycle.does(acts.NotAccept(("jude",), "Housing", "A house.", "There is none."), on=HELD)
    if duty == "do what the check led to":
        cycle.does(acts.FinishCheck("maya", HELD, "She sleeps.", "concern", "note"), on=HELD)
    if duty == "reconvene the conference":
        cycle.does(acts.TakeRoute("appeal", HELD, "Her mother", "parent", conference="c1"), on=HELD)
        cycle.does(acts.DecideRoute("r1", True, "So it was."), on=HELD, by="directorate-safeguarding-manager")
    if duty == "end the plan cycle":
        for child in ("maya", "jude"):
            cycle.does(acts.EndPlan(child, HELD, "moved"), on=HELD)
    key = next(d.key for d in cycle.duties(duty) if d.owed)
    cycle.does(acts.RecordLapse(key), on=date(2026, 9, 30), by="system")
    last = entries(cycle)[-1]
    assert tuple(last.children) == children
    assert last.text.endswith(f": {said}.")


def test_a_check_that_has_the_number_of_a_child_is_not_taken_for_that_child() -> None:
    """Children have numbers of their own, and a check has that of its entry."""
    cycle = Cycle().begun("4", "6").fixed("initial", HELD).held(HELD)
    cycle.does(acts.FinishCheck("4", HELD, "She sleeps.", "concern", "talk"), on=HELD)
    assert cycle.state.children["4"].checks[0].id == "6"
    (duty,) = cycle.duties("do what the check led to")
    cycle.does(acts.RecordLapse(duty.key), on=LATER, by="system")
    assert tuple(entries(cycle)[-1].children) == ("4",)


def test_a_date_of_a_duty_that_there_is_no_more_is_told_of_the_child_whom_it_was_about() -> None:
    """An entry stays readable when what it was about is fixed anew."""
    cycle = Cycle("pan-lancashire").begun().fixed("initial", HELD).held(HELD, date(2026, 7, 30))
    cycle.does(acts.RecordLapse("0:midpoint-check:maya"), on=date(2026, 6, 30), by="system")
    cycle.does(acts.PostponeConference("c2", "The hall is shut."), on=date(2026, 6, 30))
    lapsed = next(e for e in cycle.history if e.type == "date_lapsed")
    scene = Scene(cycle.rules, cycle.state, lapsed, NAMES)
    assert EVENTS["date_lapsed"].entry(scene) == "Not done by Monday 15 June 2026: mid-point check."
    assert tuple(EVENTS["date_lapsed"].about(scene)) == ("maya",)
