"""What is about one child stands in that child's record alone: history, list, file, copy text and messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import answered, drafted, stage_one
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import ENDINGS
from undrift.messages.texts import WORDINGS, Facts
from undrift.record.models import Event
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)
# What is written below about Jude alone, and what his part came to.
OF_JUDE = ("for Jude", "Jude’s", "He is not seen", "Find a group for him", "Swimming on Fridays", "became looked after",
           "Stage two", "His new plan", "Farah", "moved to another authority")  # fmt: skip
OF_MAYA = ("for Maya", "Maya’s", "Hold the missed core group", "Her new council", "Moved to Maidvale")
PAGES = ("", "/resolutions", "/resolutions?as=csv", "/history")


@pytest.fixture(autouse=True)
def a_fortnight_later() -> Iterator[None]:
    with time_machine.travel(NOW + 14 * A_DAY, tick=False):
        yield


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    return client


@pytest.fixture
def grace(west: Cast) -> Client:
    return client_of(west, "Grace")


def number(cast: Cast, child: str) -> str:
    return str(cast.child(child).pk)


@pytest.fixture
def apart(west: Cast) -> Resolution:
    """Accepted for Maya, with an action; not for Jude, who goes on to stage 2, where another is agreed for him."""
    r = stage_one(west, "Maya", "Jude").resolution
    plan = acts.ActionAsked("Hold the missed core group", "Hannah Quill", date(2026, 5, 29))
    perform(acts.Respond("agree", "It is called.", (plan,)), resolution=r, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=r, by=west.person("Denise"), at=NOW)
    grace = west.person("Grace")
    verdict = {number(west, "Maya"): True, number(west, "Jude"): False}
    perform(acts.Judge(verdict, "He is not seen."), resolution=r, by=grace, at=NOW)
    on = acts.MoveOn("stage-2", "not accepted", {number(west, "Jude"): "He is not seen."}, ask="Find a group for him.")
    perform(on, resolution=r, by=grace, at=NOW + A_DAY)
    group = acts.ActionAsked("Swimming on Fridays", "Priya Nairn", date(2026, 6, 5))
    answer = acts.Respond("agree", "Swimming on Fridays.", (group,))
    perform(answer, resolution=r, by=west.person("Denise"), at=NOW + 2 * A_DAY)
    perform(acts.Approve(), resolution=r, by=west.person("Farah"), at=NOW + 2 * A_DAY)
    perform(acts.Judge({number(west, "Jude"): True}), resolution=r, by=grace, at=NOW + 3 * A_DAY)
    return r


def end(cast: Cast, r: Resolution, child: str, ending: str, why: str, day: int = 5) -> None:
    act = acts.EndForChild(number(cast, child), ending, why)
    perform(act, resolution=r, by=cast.person("Grace"), at=NOW + day * A_DAY)


def record(client: Client, cast: Cast, child: str) -> str:
    """Everything that this child's own pages say, without what stands there of the family."""
    told = []
    for page in PAGES:
        answer = client.get(f"/children/{cast.child(child).public_id}{page}")
        assert answer.status_code == 200
        text: str = answer.content.decode()
        told.append(text.partition("Brothers and sisters")[0])
    return "\n".join(told)


def copied(client: Client, cast: Cast, r: Resolution, child: str) -> str:
    page: str = client.get(f"/resolutions/{r.reference}/copy/{cast.child(child).public_id}").content.decode()
    assert "<pre" in page
    return page.partition("<pre")[2].partition("</pre>")[0]


def nothing_of(words: tuple[str, ...], text: str) -> None:
    assert [said for said in words if said in text] == []


def test_how_it_ended_for_a_brother_is_in_his_history_alone(west: Cast, grace: Client, apart: Resolution) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    nothing_of(OF_JUDE, record(grace, west, "Maya"))
    nothing_of(OF_JUDE, copied(grace, west, apart, "Maya"))
    jude = record(grace, west, "Jude")
    assert "ended it for one child: the child became looked after" in jude.lower()
    assert "Ended on 11 May 2026: the child became looked after" in jude
    assert "Ended for Jude" in jude
    nothing_of(OF_MAYA, jude)
    nothing_of(OF_MAYA, copied(grace, west, apart, "Jude"))


def test_what_comes_after_a_childs_part_has_ended_is_not_in_its_record(
    west: Cast, grace: Client, apart: Resolution
) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    end(west, apart, "Maya", "moved", "Her new council has the file.", day=6)
    nothing_of((*OF_MAYA, "moved to another authority"), record(grace, west, "Jude"))
    nothing_of((*OF_MAYA, "moved to another authority"), copied(grace, west, apart, "Jude"))
    nothing_of(("for Jude", "looked after"), record(grace, west, "Maya"))


def test_copy_text_says_how_it_ended_for_this_child(west: Cast, grace: Client, apart: Resolution) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    by = west.person("Grace")
    for action in ("a1", "a2"):
        perform(acts.FinishAction(action, date(2026, 5, 12)), resolution=apart, by=by, at=NOW + 6 * A_DAY)
        perform(acts.ConfirmAction(action), resolution=apart, by=by, at=NOW + 6 * A_DAY)
    act = acts.Resolve({number(west, "Maya"): "She is seen."}, not_spoken="On leave.")
    perform(act, resolution=apart, by=by, at=NOW + 7 * A_DAY)
    jude, maya = copied(grace, west, apart, "Jude"), copied(grace, west, apart, "Maya")
    assert "Ended for Jude on Monday 11 May 2026: The child became looked after. His new plan has it." in jude
    assert "Agreed: Swimming on Fridays (Priya Nairn)" in jude
    nothing_of(("Resolved", *OF_MAYA), jude)
    assert "Resolved on Wednesday 13 May 2026 by Grace Ollerton" in maya
    assert "Agreed: Hold the missed core group (Hannah Quill)" in maya
    assert "accepted for Maya" in maya


def test_the_end_of_a_plan_and_what_goes_on_after_it_is_one_childs_own(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    west.child("Jude").plans.update(ends=NOW.date())
    record_plans_ended(NOW + A_DAY)
    perform(acts.CarryOn((number(west, "Jude"),), "It is owed to him."), resolution=r, by=west.person("Grace"),
            at=NOW + 2 * A_DAY)  # fmt: skip
    judith = client_of(west, "Judith")  # who sees a child without a plan, too
    nothing_of(("Plan ended", "Carried on"), record(judith, west, "Maya"))
    jude = record(judith, west, "Jude")
    assert "Plan ended" in jude
    assert "Carried on" in jude


def test_open_again_for_a_sister_is_in_her_history_alone(west: Cast, grace: Client, apart: Resolution) -> None:
    act = acts.ReopenChild(number(west, "Maya"), "The visits stopped.")
    perform(act, resolution=apart, by=west.person("Grace"), at=NOW + 6 * A_DAY)
    assert "Re-opened for Maya" in record(grace, west, "Maya")
    nothing_of(("Re-opened",), record(grace, west, "Jude"))


def test_an_error_in_a_brothers_entry_is_corrected_in_his_history_alone(
    west: Cast, grace: Client, apart: Resolution
) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    wrong = Event.objects.get(case=apart.pk, type="child_ended").seq
    perform(acts.Correct(wrong, "It was his cousin."), resolution=apart, by=west.person("Grace"), at=NOW + 6 * A_DAY)
    assert "Correction" not in record(grace, west, "Maya")
    assert "Correction" in record(grace, west, "Jude")


def test_agreed_and_ended_are_said_apart(west: Cast, grace: Client, apart: Resolution) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    family = lint(grace.get(f"/families/{west.family('Alder').reference}")).text
    assert f"{apart.reference}: agreed" in family
    assert f"{apart.reference}: ended on 11 May 2026: the child became looked after" in family
    assert "Agreed, or ended" not in family


def test_no_message_says_how_a_childs_part_ended() -> None:
    facts = Facts("R-2026-0001", "resolution", "Stage one", NOW.date(), "Grace Ollerton", "", "")
    said = " ".join(line(facts) for wording in WORDINGS.values() for line in wording).lower()
    nothing_of(tuple(how.lower() for how in ENDINGS.values()), said)


# What falls away when a child's part ends ----------------------------------------------------------------------------


def ending_page(client: Client, cast: Cast, r: Resolution, child: str) -> str:
    text: str = lint(client.get(f"/resolutions/{r.reference}/children/{cast.child(child).public_id}/end")).text
    return text


def test_an_action_that_stays_asked_is_not_said_to_fall_away(west: Cast, grace: Client, apart: Resolution) -> None:
    jude = ending_page(grace, west, apart, "Jude")
    assert "nobody is asked" not in jude
    assert "Hold the missed core group" not in jude
    said = "1 agreed action is for Jude alone, and it stays asked until you end it: Swimming on Fridays (Priya Nairn)."
    assert said in jude


def test_with_the_last_child_every_action_falls_away(west: Cast, grace: Client, apart: Resolution) -> None:
    end(west, apart, "Jude", "looked-after", "His new plan has it.")
    said = "2 agreed actions are not complete, and nobody is asked for them any more: "
    assert said in ending_page(grace, west, apart, "Maya")
    assert said in lint(grace.get(f"/resolutions/{apart.reference}/close")).text
    assert said in lint(grace.get(f"/resolutions/{apart.reference}/withdraw")).text


def test_once_all_is_complete_it_waits_for_the_chair_and_not_for_what_was_agreed(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    answered(west, r, NOW)
    verdict = {number(west, "Maya"): True, number(west, "Jude"): True}
    perform(acts.Judge(verdict), resolution=r, by=west.person("Grace"), at=NOW)
    page = lint(grace.get(f"/resolutions/{r.reference}")).text
    assert "Agreed. It stays open until the chair says what changed." in page
    assert "until what was agreed is done" not in page


def test_what_is_drafted_for_both_stands_in_both_histories(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    drafted(west, r, NOW)
    for child in ("Maya", "Jude"):
        assert "Response written" in record(grace, west, child)
