"""What passed together is said once; and a letter about a date says the one that counts for its reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.engine.musts import Must
from undrift.messages.texts import write
from undrift.people.models import Person
from undrift.record.models import Notice
from undrift.record.sweep import sweep
from undrift.resolutions.actions import Done, perform
from undrift.resolutions.models import Resolution

LATER = timedelta(days=40)


@pytest.fixture
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def in_hand(cast: Cast, *whats: str, by: date = TODAY + timedelta(days=2)) -> Resolution:
    """What was agreed in a talk, with the social worker."""
    r = reached.informal(cast).resolution
    for what in whats:
        agree(cast, r, cast.person("Hannah"), what, by)
    return r


def agree(cast: Cast, r: Resolution, who: Person, what: str, by: date) -> Done:
    action = acts.ActionAsked(what, who.name, by, str(who.pk))
    return perform(acts.AgreeAction(action), resolution=r, by=cast.person("Grace"), at=NOW)


def sent(r: Resolution, kind: str) -> list[tuple[str, str, str]]:
    """To whom, subject and text of each letter of that kind, oldest first."""
    notices = Notice.objects.filter(case=r, kind=kind).select_related("to_person", "case__chair", "case__authority")
    letters = [(notice.to_person.name, write(notice)) for notice in notices.order_by("pk")]
    return [(name, text.subject, text.body) for name, text in letters]


def test_an_action_and_the_decision_on_it_that_pass_in_one_sweep_bring_one_letter_each(west: Cast) -> None:
    r = in_hand(west, "Write up the visits")
    assert sweep(NOW + LATER) > 1
    letters = Counter(sent(r, "date_lapsed"))
    assert [letter for letter, times in letters.items() if times > 1] == []
    chairs = Notice.objects.filter(case=r, to_person=west.person("Grace"), kind="date_lapsed")
    assert chairs.filter(ask=Must.DECIDE_ON_THE_ACTION).count() == 1
    copied = [name for name, subject, _ in letters if name == "Judith Calloway"]
    assert len(copied) == 1


def test_each_of_two_late_actions_has_its_own_letter_for_each_leads_to_its_own_page(west: Cast) -> None:
    r = in_hand(west, "Write up the visits", "Ring the school")
    sweep(NOW + LATER)
    asked = [body for name, subject, body in sent(r, "date_lapsed") if name == "Grace Ollerton" and "action" in subject]
    assert sorted(page for body in asked for page in ("a1", "a2") if f"/actions/{page}" in body) == ["a1", "a2"]


def test_what_passed_in_two_sweeps_is_told_twice(west: Cast) -> None:
    r = in_hand(west, "Write up the visits")
    sweep(NOW + timedelta(days=3))
    first = len(sent(r, "date_lapsed"))
    sweep(NOW + LATER)
    assert len(sent(r, "date_lapsed")) > first > 0


@pytest.mark.usefixtures("the_sixth_of_may")
def test_a_letter_about_an_action_says_the_day_of_that_action(west: Cast) -> None:
    r = in_hand(west, "Write up the visits")
    agree(west, r, west.person("Priya"), "Ring the school", TODAY + timedelta(days=6))
    agree(west, r, west.person("Hannah"), "Ask her father", TODAY + timedelta(days=8))
    days = [subject.partition(":")[0].rpartition(" by ")[2] for _, subject, _ in sent(r, "action_agreed")]
    assert days == ["Fri 8 May", "Tue 12 May", "Thu 14 May"]


@pytest.mark.usefixtures("the_sixth_of_may")
def test_more_time_another_answer_and_a_new_manager_bring_the_date_that_the_chair_gave(west: Cast) -> None:
    grace, r = west.person("Grace"), reached.stage_one(west).resolution
    perform(acts.GiveMoreTime(date(2026, 5, 19), "Maya is away."), resolution=r, by=grace, at=NOW)
    assert {subject for _, subject, _ in sent(r, "more_time_given")} == {f"New date, Tue 19 May: {r.reference}"}
    assert all(": Tuesday 19 May 2026." in body for _, _, body in sent(r, "more_time_given"))
    late, callum = NOW + timedelta(days=15), west.person("Callum")
    over = acts.HandOver("team-manager", str(callum.pk), callum.name, "Priya is ill.", date(2026, 5, 27))
    perform(over, resolution=r, by=grace, at=late)
    assert [s for name, s, _ in sent(r, "handed_over") if name == callum.name] == [
        f"Over to you by Wed 27 May: {r.reference}"
    ]
    perform(reached.ANSWER, resolution=r, by=callum, at=late)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=late)
    perform(acts.AskAgain(date(2026, 5, 29), "By whom?"), resolution=r, by=grace, at=late)
    assert [s for name, s, _ in sent(r, "asked_again") if name == callum.name] == [
        f"Respond again by Fri 29 May: {r.reference} (stage 1)"
    ]


def test_a_date_that_changes_or_stays_is_said(west: Cast) -> None:
    r, grace, hannah = in_hand(west, "Write up the visits"), west.person("Grace"), west.person("Hannah")
    ask = acts.AskForActionDate("a1", date(2026, 5, 20), "I am on leave.")
    perform(ask, resolution=r, by=hannah, at=NOW)
    perform(acts.DeclineActionDate("a1", "She has waited."), resolution=r, by=grace, at=NOW)
    perform(acts.ChangeActionDate("a1", date(2026, 5, 18), "On that day, then."), resolution=r, by=grace, at=NOW)
    (stays,), (new,) = sent(r, "action_date_declined"), sent(r, "action_date_changed")
    assert stays[1] == f"The date stays, Fri 8 May: an action on {r.reference}"
    assert new[1] == f"New date, Mon 18 May: an action on {r.reference}"
    assert "Monday 18 May 2026" in new[2]
