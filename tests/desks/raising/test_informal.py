"""The two-minute record of an informal talk."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages

from tests.desks.page_lint import lint, read
from tests.desks.raising.chairs import Answers, Chair, Questions, day, next_weekday, today
from undrift.children.models import Conference
from undrift.desks.concern.typed_so_far import drafts_of
from undrift.desks.frame import sending
from undrift.desks.frame.days import full_day, short_day
from undrift.record.history import history_of, state_of
from undrift.record.models import Draft
from undrift.resolutions.models import Resolution

Change = Callable[[Answers], Answers]


def told(chair: Chair, *children: str) -> Answers:
    """What Grace types about the Alders."""
    texts = {
        "Maya": "She was asked about things she had not heard before.",
        "Jude": "He did not know why people came.",
        "Noor": "We cannot show that she is seen in her cot room.",
    }
    answers: Answers = {
        "children": [chair.id(name) for name in children],
        "occasion": "after-conference",
        "grounds": ["REPORT-LATE", "VISITS-RECORD"],
        "concern": "The report reached Mum on the morning.",
        "risk": "no",
        "spoke_name": "Priya Nairn",
        "how": "in person",
        "agreed-TOTAL_FORMS": "1",
        "agreed-INITIAL_FORMS": "0",
        "agreed-0-what": "Write up the two visits",
        "agreed-0-who": "Hannah Quill",
    }
    answers |= {f"impact_{chair.id(name)}": texts[name] for name in children}
    answers |= day("spoke_on", today()) | day("agreed-0-by", next_weekday(5)) | day("date", next_weekday(5))
    return answers


def test_the_page_is_in_order_and_nothing_is_ticked(grace: Chair) -> None:
    page = lint(grace.client.get(grace.begins_informal("Alder"))).content.decode()
    assert "checked" not in page
    assert 'value="Priya Nairn"' in page
    assert "Maya" in page
    assert "on a plan for" in page
    assert "Select all 3 children on a plan" in page


def test_the_usual_reasons_come_first_and_the_rest_are_folded(grace: Chair) -> None:
    page = grace.client.get(grace.begins_informal("Alder")).content.decode()
    folded = page.index("Other reasons")
    assert page.index('value="REPORT-LATE"') < page.index('value="VISITS-RECORD"') < folded
    assert folded < page.index('value="DRIFT"')


def test_a_record_for_three_siblings_keeps_each_childs_own_impact(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    response = grace.client.post(address, told(grace, "Maya", "Jude", "Noor"))
    resolution = Resolution.objects.get()
    assert response["Location"].startswith(f"/resolutions/{resolution.reference}")
    state = state_of(resolution)
    assert state.children[str(grace.cast.child("Jude").pk)].impact == "He did not know why people came."
    assert len(state.children) == 3
    assert state.here.stage == "informal"
    assert state.here.date == next_weekday(5)
    (action,) = state.actions.values()
    assert action.person == str(grace.cast.person("Hannah Quill").pk)
    assert [e.type for e in history_of(resolution)] == ["raised", "spoke"]
    notes = [str(m) for m in get_messages(response.wsgi_request)]
    assert notes == [f"Recorded. We will ask you on {next_weekday(5).day} {next_weekday(5):%B} if this is done."]


def test_the_day_to_check_again_and_each_action_are_said_as_they_are(grace: Chair) -> None:
    by, again = next_weekday(3), next_weekday(8)
    grace.client.post(grace.begins_informal("Alder"), told(grace, "Maya") | day("agreed-0-by", by) | day("date", again))
    address = f"/resolutions/{Resolution.objects.get().reference}"
    agreed = f"to do what was agreed. Grace Ollerton checks again on {full_day(again)}"
    priya = page_of(Chair(grace.cast, "Priya Nairn").client.get(address))
    assert f"Waiting for Hannah Quill (by {full_day(by)}) {agreed}" in priya
    assert f"Waiting for you (by {full_day(by)}) {agreed}" in page_of(Chair(grace.cast, "Hannah").client.get(address))
    assert f"You check again on {full_day(again)}" in page_of(grace.client.get(address))


def test_the_conference_of_the_day_is_linked_by_itself(grace: Chair) -> None:
    family = grace.cast.family("Alder")
    held = Conference.objects.create(
        authority=family.authority, family=family, reference="C-2026-0210", kind="review", held_on="2026-01-05T10:00Z"
    )
    grace.client.post(grace.begins_informal("Alder"), told(grace, "Maya"))
    assert state_of(Resolution.objects.get()).conference == held.reference


def without(*names: str) -> Change:
    return lambda answers: {k: v for k, v in answers.items() if k not in names}


def with_(**changes: object) -> Change:
    return lambda answers: answers | changes


def without_day(name: str) -> Change:
    return without(*(f"{name}_{part}" for part in ("day", "month", "year")))


def on(name: str, days: int) -> Change:
    return lambda answers: answers | day(name, today() + timedelta(days=days))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (without("children"), "Select at least one child"),
        (without("occasion"), "Select when this came up"),
        (without("grounds", "concern"), "Select a reason or enter what the concern is"),
        (with_(grounds=["RISK-NOW"]), "or take the reason away"),
        (without("risk"), "Select whether any child is at immediate risk now"),
        (without("spoke_name"), "Enter who you spoke to"),
        (without("how"), "Select how you spoke"),
        (without("agreed-0-what"), "Enter what will be done"),
        (without("agreed-0-who"), "Enter who will do it"),
        (without_day("agreed-0-by"), "Enter a date by which this will be done"),
        (without_day("date"), "Enter the date on which you will check again"),
        (on("date", -1), "The date must be today or later"),
        (on("spoke_on", 1), "The date of the conversation must be today or earlier"),
        (on("spoke_on", -40), "The date must be within the last 10 working days"),
        (on("agreed-0-by", -1), "The date of action 1 must be today or later"),
        (with_(spoke_on_month="13"), "“When did you speak?”: enter a real date, for example 12 5 2026"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(grace: Chair, change: Change, sentence: str) -> None:
    response = lint(grace.client.post(grace.begins_informal("Alder"), change(told(grace, "Maya"))))
    page = html.unescape(response.content.decode())
    assert "There is a problem" in page
    assert page.count(sentence) >= 2  # in the summary, which leads to it, and at its box
    assert not Resolution.objects.exists()


def test_what_is_missing_is_listed_in_the_order_of_the_page_and_each_in_its_own_words(grace: Chair) -> None:
    two = {"agreed-TOTAL_FORMS": "2", "agreed-INITIAL_FORMS": "0", "agreed-1-who": "Denise Harkaway"}
    answers = without("occasion", "concern", "grounds", "risk", "how", "agreed-0-what")(told(grace, "Maya"))
    answers = without_day("date")(answers) | {f"impact_{grace.id('Maya')}": ""} | two
    page = lint(grace.client.post(grace.begins_informal("Alder"), answers)).content.decode()
    summary = page[page.index("There is a problem") : page.index("<form method=")]
    said = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert [sentence for _, sentence in said] == [
        "Select when this came up",
        "Select a reason or enter what the concern is",
        "Enter how this affects Maya",
        "Select whether any child is at immediate risk now",
        "Select how you spoke",
        "Enter what will be done",
        "Enter what will be done (action 2)",
        "Enter a date by which this will be done (action 2)",
        "Enter the date on which you will check again",
    ]
    places = [page.index(f'id="{where}"') for where, _ in said]
    assert places == sorted(places)


def test_only_the_ticked_children_need_an_impact(grace: Chair) -> None:
    answers = told(grace, "Maya", "Noor") | {f"impact_{grace.id('Noor')}": ""}
    page = lint(grace.client.post(grace.begins_informal("Alder"), answers)).content.decode()
    assert "Enter how this affects Noor" in page
    assert "Enter how this affects Jude" not in page
    assert f'href="#id_impact_{grace.id("Noor")}"' in page


def test_select_all_ticks_every_child_on_a_plan_and_keeps_what_was_typed(grace: Chair) -> None:
    answers = told(grace) | {"select": "all"}
    page = lint(grace.client.post(grace.begins_informal("Alder"), answers)).content.decode()
    assert page.count('name="children" type="checkbox"') == 3
    for name in ("Maya", "Jude", "Noor"):
        assert f'value="{grace.id(name)}" checked' in page
    assert "The report reached Mum on the morning." in page
    assert "There is a problem" not in page


def test_a_child_who_is_not_on_a_plan_is_not_selected_with_the_others(grace: Chair) -> None:
    plan = grace.cast.plan("Jude")
    address = grace.begins_informal("Alder")
    jude = grace.id("Jude")
    plan.ends = today() - timedelta(days=1)
    plan.save()
    # Off the plan, Jude is no longer hers to see by it; his sisters still are.
    page = grace.client.post(address, told(grace) | {"select": "all"}).content.decode()
    assert f'value="{jude}" checked' not in page
    assert page.count("checked") >= 2


def test_add_another_action_keeps_everything_and_judges_nothing(grace: Chair) -> None:
    answers = told(grace, "Maya") | {"add": "agreed", "concern": ""}
    page = lint(grace.client.post(grace.begins_informal("Alder"), answers)).content.decode()
    assert "Action 2" in page
    assert 'value="Write up the two visits"' in page
    assert "There is a problem" not in page


def filled_in(page: str) -> dict[str, list[str]]:
    """What stands in the boxes of a page, but those that are empty, not ticked or hidden."""
    found: dict[str, list[str]] = {}
    for box in read(page).all("input", "textarea", "select"):
        chosen = [option.attrs["value"] for option in box.all("option") if "selected" in option.attrs]
        ticks = box.attrs.get("type") in ("radio", "checkbox")
        said = box.attrs.get("value", "") if box.tag == "input" else chosen[0] if chosen else box.text
        if said and box.attrs.get("type") not in ("hidden", "submit") and (not ticks or "checked" in box.attrs):
            found.setdefault(box.attrs["name"], []).append(said)
    return found


def test_a_row_more_and_a_row_fewer_keep_all_that_was_typed(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    grace.client.post(address, told(grace, "Maya") | {"concern": "Half a sent", "save": "later"})
    second = {"agreed-1-what": "Ring the school", "agreed-1-who": "somebody-outside", "agreed-1-outside": "Ms Bell"}
    typed = told(grace, "Maya", "Noor") | second | day("agreed-1-by", next_weekday(6)) | {"agreed-TOTAL_FORMS": "2"}
    wanted = {name: said if isinstance(said, list) else [said] for name, said in typed.items() if "FORMS" not in name}
    more = lint(grace.client.post(address, typed | {"add": "agreed"}, follow=True)).content.decode()
    assert filled_in(more) == wanted
    assert "Action 3" in more
    fewer = grace.client.post(address, typed | {"agreed-TOTAL_FORMS": "3", "remove": "agreed-2"}, follow=True)
    assert filled_in(lint(fewer).content.decode()) == wanted
    assert filled_in(grace.client.get(address).content.decode()) == wanted  # and whenever it is opened again


def test_a_draft_is_kept_half_done_and_shown_again_as_it_was(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    answers = {"children": [grace.id("Maya")], "concern": "Half a sent", "save": "later", "date_day": "x"}
    assert (
        grace.client.post(address, answers | {"agreed-TOTAL_FORMS": "1", "agreed-INITIAL_FORMS": "0"}).status_code
        == 302
    )
    page = lint(grace.client.get(address)).content.decode()
    assert "Half a sent" in page
    assert 'value="x"' in page
    assert "There is a problem" not in page
    (draft,) = drafts_of(grace.person)
    assert draft.href == address
    assert "Alder" not in draft.title + draft.href


def test_a_talk_of_last_week_is_recorded_as_one(grace: Chair) -> None:
    earlier = today() - timedelta(days=3)
    grace.client.post(grace.begins_informal("Alder"), told(grace, "Maya") | day("spoke_on", earlier))
    raised = history_of(Resolution.objects.get())[0]
    assert raised.payload["happened"] == earlier.isoformat()


def test_sending_twice_records_once(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    said = told(grace, "Maya") | {sending.FIELD: sending.signed(grace.person.pk, "drawn")}
    first, again = grace.client.post(address, said), grace.client.post(address, said)
    assert first["Location"] == again["Location"]
    assert Resolution.objects.count() == 1
    assert drafts_of(grace.person) == []
    assert "typed" not in Draft.objects.get().content


def test_an_immediate_risk_asks_to_act_first_and_can_still_be_an_informal_record(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    number = int(address.rpartition("/")[2])
    response = grace.client.post(address, told(grace, "Maya") | {"risk": "yes"})
    assert response["Location"] == f"/resolutions/new/{number}/act-first"
    pause = lint(grace.client.get(response["Location"])).content.decode()
    assert "Act first. Has someone acted to make every child safe?" in pause
    assert "tel:01632960100" in pause
    unsafe = lint(grace.client.get(f"/resolutions/new/{number}/not-yet-safe")).content.decode()
    assert "Your draft is saved" in unsafe
    assert f'href="/resolutions/new/{number}/carry-on"' in unsafe
    carry_on = f"/resolutions/new/{number}/carry-on"
    assert "Raise it at Stage 2" in lint(grace.client.get(carry_on)).content.decode()
    saved = grace.client.post(carry_on, {"carry_on": "informal"})
    resolution = Resolution.objects.get()
    assert saved["Location"].startswith(f"/resolutions/{resolution.reference}")
    assert resolution.risk


def test_an_informal_record_with_a_risk_becomes_a_formal_concern_with_everything_typed(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    number = int(address.rpartition("/")[2])
    grace.client.post(address, told(grace, "Maya") | {"risk": "yes"})
    acted = {"acted": "Strategy discussion held", "acted_by": "Priya Nairn"} | day("acted_on", today())
    made_safe = grace.client.post(f"/resolutions/new/{number}/made-safe", acted)
    assert made_safe["Location"] == f"/resolutions/new/{number}/carry-on"
    response = grace.client.post(f"/resolutions/new/{number}/carry-on", {"carry_on": "formal"})
    assert response["Location"] == f"/resolutions/new/{number}/tried"
    page = grace.client.get(f"/resolutions/new/{number}/impact").content.decode()
    assert "She was asked about things she had not heard before." in page


# Where each box of the informal page is found once the concern is formal: on its record, in the words of the record.
BECAME_FORMAL = {
    "children": "How this affects Maya",
    "occasion": "When it came up",
    "grounds": "Report not shared in time",
    "concern": "The report reached Mum on the morning.",
    "impact": "She was asked about things she had not heard before.",
    "risk": "Immediate risk",
    "spoke_name": "Spoke with Priya Nairn",
    "how": "in person on",
    "spoke_on": "{yesterday}",
    "agreed-what": "Write up the two visits",
    "agreed-who": "Hannah Quill, by",
    "agreed-by": "by {by}",
    "date": "To be looked at again on {date}",
}


def test_an_informal_record_that_becomes_formal_loses_nothing_that_was_typed(grace: Chair) -> None:
    address = grace.begins_informal("Alder")
    asked = Questions(grace, int(address.rpartition("/")[2]))
    by, yesterday, again = next_weekday(5), today() - timedelta(days=1), next_weekday(9)
    typed = told(grace, "Maya") | {"risk": "yes"} | day("date", again) | day("spoke_on", yesterday)
    boxes = {name.partition(f"_{grace.id('Maya')}")[0].replace("-0-", "-") for name in typed}
    boxes = {re.sub("_(day|month|year)$", "", name) for name in boxes if "FORMS" not in name}
    assert boxes == BECAME_FORMAL.keys()
    grace.client.post(address, typed)
    onward = grace.client.post(f"/resolutions/new/{asked.draft}/carry-on", {"carry_on": "formal"})
    assert onward["Location"] == asked.address("tried")
    (tried,) = re.findall("<textarea[^>]*>(.*?)</textarea>", page_of(asked.get("tried")), re.S)
    asked.says("tried", "stage", tried=tried.strip())
    asked.says("stage", "ask", stage="stage-2", why="Immediate risk")
    asked.says("ask", "spoken", ask="A safety plan today")
    spoken = page_of(asked.get("spoken"))
    assert 'value="Priya Nairn"' in spoken
    talk = {"spoken": "yes", "spoke_name": "Priya Nairn", "how": "in person"}
    asked.says("spoken", "people", **talk, **day("spoke_on", yesterday))
    asked.says("people", "check")
    check = page_of(asked.get("check"))
    assert f"Priya Nairn, in person, {short_day(yesterday)}" in check
    assert "Write up the two visits, Hannah Quill, by" in check
    asked.post("check", rung="yes", **{f"safe_{grace.id('Maya')}": "yes"})
    resolution = Resolution.objects.get()
    page = page_of(grace.client.get(f"/resolutions/{resolution.reference}"))
    days = {"by": full_day(by), "date": full_day(again), "yesterday": full_day(yesterday)}
    for box, words in BECAME_FORMAL.items():
        assert words.format(**days) in page, box
    assert state_of(resolution).here.spoke_with("team-manager") is not None
    assert state_of(resolution).here.spoke_with("group-manager") is not None  # the call, beside the talk


def page_of(response: Any) -> str:
    return html.unescape(lint(response).content.decode())


def test_the_partnerships_own_time_limit_is_said_and_kept(rosalind: Chair) -> None:
    address = rosalind.begins_informal("Plover")
    page = lint(rosalind.client.get(address)).content.decode()
    assert "At most 15 working days" in page
    assert "Elias Thornby, CAMHS Service Manager" in page
    agency = str(rosalind.cast.agency("Moorland Health Trust").pk)
    answers = told(rosalind) | {
        "children": [rosalind.id("Aisha")],
        f"impact_{rosalind.id('Aisha')}": "She is still waiting.",
        "occasion": "midpoint",
        "grounds": ["NOT-IMPLEMENTED"],
        "agency": agency,
        "spoke_name": "",
        "agreed-0-who": "Elias Thornby",
    }
    late = lint(rosalind.client.post(address, answers | day("date", next_weekday(60)))).content.decode()
    assert "The policy allows at most 15 working days" in late
    rosalind.client.post(address, answers)
    resolution = Resolution.objects.get()
    assert str(resolution.responsible_agency_id) == agency
    spoke = history_of(resolution)[1]
    assert spoke.payload["with_name"] == "Elias Thornby"
