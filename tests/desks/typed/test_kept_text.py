"""What is typed is its writer's alone: kept, offered again, cleared when it is sent or after a stated time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair
from tests.desks.raising.test_formal import to_the_stage
from tests.resolutions.reached import drafted, stage_one
from undrift.desks.frame import sending
from undrift.desks.frame.row_buttons import rows_changed
from undrift.engine.ladder import acts
from undrift.library.numbers import TYPED_KEPT
from undrift.record.models import Draft, Event, Submission, TypedText
from undrift.record.typed_texts import clear_old
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

TEXT = "The nurse has not seen her since Easter."
BELOW = "What you typed is below. Check it, then send it."
Be = Callable[[str], Client]


@pytest.fixture
def be(west: Cast) -> Be:
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(west.person(name), backend="undrift.people.seats.SignedIn")
        return client

    return signed_in


@pytest.fixture
def r(west: Cast) -> Resolution:
    return stage_one(west, at=timezone.now()).resolution


def at(r: Resolution, page: str) -> str:
    return f"/resolutions/{r.reference}/{page}"


def number_on(page: str) -> str:
    (found,) = set(re.findall(r'name="sending" value="([^"]+)"', page))
    return str(found)


def typing(client: Client, path: str, said: Mapping[str, str], number: str = "") -> Any:
    """As the page's script keeps it."""
    number = number or number_on(client.get(path).text)
    return client.post("/typed", {**said, sending.FIELD: number, "_path": path})


def test_what_the_script_keeps_is_offered_on_the_same_page_and_to_nobody_else(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    assert typing(grace, path, {"text": TEXT}).json() == {"kept": True}
    page = lint(grace.get(path)).text
    assert BELOW in page
    assert f"{TEXT}</textarea>" in page
    assert TEXT not in be("Priya").get(path).text
    assert TEXT not in lint(grace.get(at(r, "withdraw"))).text
    row = TypedText.objects.get()
    assert be("Priya").get(f"/typed/{row.pk}").status_code == 404
    be("Priya").post(f"/typed/{row.pk}/clear")
    assert TEXT in lint(grace.get(f"/typed/{row.pk}")).text
    grace.post(f"/typed/{row.pk}/clear", {"onward": "form"})
    assert BELOW not in grace.get(path).text


def test_it_goes_when_it_is_sent_and_what_comes_late_does_not_bring_it_back(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    number = number_on(grace.get(path).text)
    typing(grace, path, {"text": TEXT}, number)
    grace.post(path, {"text": TEXT, sending.FIELD: number})
    assert not TypedText.objects.exists()
    typing(grace, path, {"text": TEXT}, number)  # on its way when the form was sent
    page = grace.get(path).text
    assert BELOW not in page
    assert TEXT not in page
    assert "Drafts to continue" not in grace.get("/").text


def test_what_was_typed_and_taken_out_again_is_not_kept(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    number = number_on(grace.get(path).text)
    typing(grace, path, {"text": TEXT}, number)
    assert typing(grace, path, {"text": ""}, number).json() == {"kept": False}
    assert not TypedText.objects.exists()


def test_the_script_keeps_nothing_under_another_person_or_off_the_pages(west: Cast, be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    for number in (sending.signed(west.person("Priya").pk, "x"), "1.x:made-up", ""):
        assert grace.post("/typed", {"text": TEXT, sending.FIELD: number, "_path": path}).status_code == 400
    mine = sending.signed(west.person("Grace").pk, "x")
    for elsewhere in ("https://elsewhere.example/", "/sign-in", "/search", "/nowhere", ""):
        assert grace.post("/typed", {"text": TEXT, sending.FIELD: mine, "_path": elsewhere}).status_code == 400
    assert not TypedText.objects.exists()


def test_an_error_is_answered_by_a_redirect_and_stands_on_the_page_it_leads_to(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "more-time")
    grace.led_back = False  # type: ignore[attr-defined]  # the answer itself is looked at
    answer = grace.post(path, {"why": TEXT, "until_day": "31", "until_month": "2", "until_year": "2027"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    for _ in range(2):  # as often as it is reloaded
        page = lint(grace.get(path)).text
        assert "<title>Error: " in page
        assert page.count("enter a real date") == 2
        assert f"{TEXT}</textarea>" in page
        assert 'name="until_day"' in page
        assert 'value="31"' in page
    assert not Event.objects.filter(type="more_time_given").exists()


def test_a_password_and_a_code_are_never_kept(be: Be) -> None:
    grace = be("Grace")
    number = number_on(grace.get("/account/second-factor").text)
    grace.post("/account/password", {"password": "old words", "new_password": "new words", sending.FIELD: number})
    grace.post("/account/second-factor/app", {"code": "123456", sending.FIELD: number})
    kept = " ".join(str(row.content) for row in TypedText.objects.all())
    assert not any(word in kept for word in ("old words", "new words", "123456"))


def test_the_second_sending_shows_the_first_ones_outcome(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    said = {"text": TEXT, sending.FIELD: number_on(grace.get(path).text)}
    first, again = grace.post(path, said), grace.post(path, said)
    assert first.headers["Location"] == again.headers["Location"]
    assert "You had sent this already. It counts once." in grace.get(again.headers["Location"]).text
    assert grace.post(path, said | {"text": "Other words."}).status_code == 302  # which is another note
    notes = [event.payload["text"] for event in Event.objects.filter(type="noted").order_by("seq")]
    assert notes == [TEXT, "Other words."]


def test_a_refused_sending_may_be_sent_again(be: Be, r: Resolution) -> None:
    grace, path = be("Grace"), at(r, "note")
    said = {"text": "", sending.FIELD: number_on(grace.get(path).text)}
    grace.post(path, said)
    assert number_on(grace.get(path).text).split(".")[:2] == said[sending.FIELD].split(".")[:2]
    assert grace.post(path, said | {"text": TEXT}).status_code == 302
    assert Submission.objects.count() == 1


def test_it_is_forgotten_after_the_time_that_the_page_states(west: Cast, be: Be, r: Resolution) -> None:
    grace = be("Grace")
    typing(grace, at(r, "note"), {"text": TEXT})
    grace.post(at(r, "note"), {"text": "Sent.", sending.FIELD: number_on(grace.get(at(r, "withdraw")).text)})
    to_the_stage(Chair(west, "Grace"))
    page = grace.get(f"/typed/{TypedText.objects.get().pk}").text
    assert f"after {TYPED_KEPT.days} days" in page
    now = timezone.now()
    assert clear_old(now) == 0
    assert clear_old(now + TYPED_KEPT - timedelta(hours=1)) == 0
    assert clear_old(now + TYPED_KEPT + timedelta(hours=1)) == 2
    assert not TypedText.objects.exists()
    assert not Draft.objects.exists()
    assert not Submission.objects.exists()


def test_a_page_of_somebody_elses_is_kept_for_them(west: Cast, be: Be, r: Resolution) -> None:
    """Priya sits down where Grace left a page open, and signs in; the page is sent."""
    number = number_on(be("Grace").get(at(r, "note")).text)
    priya = Client(enforce_csrf_checks=True)
    priya.force_login(west.person("Priya"), backend="undrift.people.seats.SignedIn")
    answer = priya.post(at(r, "note"), {"text": TEXT, sending.FIELD: number})
    assert answer.status_code == 403
    assert "kept for them, and offered to them alone" in lint(answer).text
    assert TEXT not in priya.get(at(r, "note")).text
    assert TEXT in be("Grace").get(at(r, "note")).text
    assert not Event.objects.filter(type="noted").exists()


# Drafts ---------------------------------------------------------------------------------------------------------------


def test_pressing_raise_again_makes_no_second_empty_draft_and_an_empty_one_is_on_no_list(west: Cast, be: Be) -> None:
    grace = Chair(west, "Grace")
    first, again = grace.begins("Heron", "raise"), grace.begins("Heron", "raise")
    assert first == again
    assert Draft.objects.count() == 1
    assert "Drafts to continue" not in grace.client.get("/").text
    to_the_stage(grace)
    assert grace.begins("Heron", "raise") != first
    assert Draft.objects.count() == 2


def test_drafts_say_family_stage_and_risk_and_an_immediate_risk_stands_first(west: Cast, r: Resolution) -> None:
    grace = Chair(west, "Grace")
    to_the_stage(grace, risk="yes")
    to_the_stage(grace, family="Alder", child="Maya").post("tried", tried="Two emails")
    typing(grace.client, at(r, "note"), {"text": TEXT})
    page = lint(grace.client.get("/")).text
    listed = page[page.index("Drafts to continue") :]
    first, *rest = re.findall(r"<li>(.*?)</li>", listed[: listed.index("</ul>")], re.DOTALL)
    assert "Immediate risk" in first
    assert "Heron family, no stage chosen yet" in first
    assert not any("Immediate risk" in one for one in rest)
    assert any("Alder family" in one for one in rest)
    assert any(f"Not sent: note on {r.reference}" in one and "Stage 1" in one for one in rest)
    assert not re.search(r"Tyler|Maya", listed[: listed.index("</ul>")])
    for name in ("Heron", "Alder"):
        assert west.family(name).reference not in listed  # a number that nobody reads


def drafts_on_home(chair: Chair) -> list[str]:
    listed = lint(chair.client.get("/")).text.partition("Drafts to continue")[2].partition("</ul>")[0]
    return [" ".join(unescape(one).split()) for one in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


def as_drawn(page: str) -> dict[str, list[str]]:
    """What a browser sends of a form in which nothing was touched."""
    said: dict[str, list[str]] = {}
    for box in re.findall(r"<input[^>]*>", page.partition("<main")[2]):
        named = dict(re.findall(r'(name|value|type)="([^"]*)"', box))
        ticked = named.get("type") not in ("checkbox", "radio") or "checked" in box
        if "name" in named and ticked:
            said.setdefault(unescape(named["name"]), []).append(unescape(named.get("value", "")))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        said.setdefault(name, []).append(unescape(value).strip())
    return said


@pytest.mark.parametrize("kind", ["raise_informal", "raise"])
def test_a_draft_in_which_nothing_was_typed_is_on_no_list_and_nobody_is_told_that_it_was_kept(
    west: Cast, kind: str
) -> None:
    grace = Chair(west, "Grace")
    address = grace.begins("Heron", kind)
    said = as_drawn(grace.client.get(address).text)
    if kind == "raise_informal":
        assert [value for name, values in said.items() if name.startswith("spoke_") for value in values if value]
    kept = grace.client.post(address, {**said, "save": "later"}, follow=True).text
    assert "You have typed nothing yet, so no draft was kept." in kept
    assert "Your draft is saved" not in kept
    assert drafts_on_home(grace) == []
    choice = grace.client.get(reverse("raise-choice", kwargs={"family": west.family("Heron").reference})).text
    assert "You have begun before" not in choice
    grace.client.post(address, {**said, "concern": TEXT, "children": grace.id("Tyler"), "save": "later"})
    assert len(drafts_on_home(grace)) == 1
    fresh = number_on(grace.client.get(address).text)
    grace.client.post(address, {**said, "sending": fresh, "save": "later"})  # taken out again
    assert drafts_on_home(grace) == []


def test_a_move_to_the_next_stage_is_a_draft_only_once_something_was_typed(west: Cast, r: Resolution) -> None:
    grace = Chair(west, "Grace")
    late = timezone.now() + timedelta(days=30)
    with time_machine.travel(late):
        grace = Chair(west, "Grace")
        said = as_drawn(grace.client.get(at(r, "next-stage")).text)
        grace.client.post(at(r, "next-stage"), {**said, "save": "later"})
        assert drafts_on_home(grace) == []
        grace.client.post(at(r, "next-stage"), {**said, "different": "He was seen once since.", "save": "later"})
        (one,) = drafts_on_home(grace)
        assert "“He was seen once since.”" in one


def test_an_answer_that_came_back_is_a_draft_only_once_it_was_changed(west: Cast, r: Resolution) -> None:
    priya = Chair(west, "Priya")
    drafted(west, r, timezone.now())
    perform(acts.SendBack("By when?"), resolution=r, by=west.person("Denise"))
    said = as_drawn(priya.client.get(at(r, "respond")).text)
    priya.client.post(at(r, "respond"), {**said, "save": "later"})
    assert drafts_on_home(priya) == []
    priya.client.post(at(r, "respond"), {**said, "text": "The report goes out on Friday.", "save": "later"})
    (one,) = drafts_on_home(priya)
    assert "“The report goes out on Friday.”" in one


def test_two_drafts_of_one_kind_are_told_apart_by_their_first_words_and_when_they_were_kept(west: Cast) -> None:
    grace = Chair(west, "Grace")
    first = "No visit since March, and the plan that was made at the conference says every ten days."
    for words in (first, "Nobody came to the core group."):
        address = grace.begins_informal("Heron")
        grace.client.post(address, {"concern": words, "children": grace.id("Tyler"), "save": "later"})
    one, other = drafts_on_home(grace)
    assert "(Heron family, Informal resolution), saved" in one
    assert "“Nobody came to the core group.”" in one
    assert "“No visit since March, and the plan that was made at the …”" in other
    choice = grace.client.get(reverse("raise-choice", kwargs={"family": west.family("Heron").reference})).text
    assert "Nobody came to the core group." in choice


def test_what_was_taken_out_again_until_the_form_stood_as_it_was_drawn_is_kept_no_more(be: Be, r: Resolution) -> None:
    grace = be("Grace")
    page = at(r, "spoke")
    fresh = grace.get(page).text
    said = {name: values[0] for name, values in as_drawn(fresh).items()}
    number = number_on(fresh)
    assert typing(grace, page, {**said, "note": TEXT}, number).json() == {"kept": True}
    assert TEXT in grace.get("/").text
    again = number_on(grace.get(page).text)
    assert typing(grace, page, {**said, "_as_drawn": "1", "_count": "2"}, number).json() == {"kept": False}
    assert "Not sent: conversation" not in grace.get("/").text
    # A page that was drawn with what had been typed before says it again: that is somebody's own.
    assert typing(grace, page, {**said, "note": TEXT, "_as_drawn": "1"}, again).json() == {"kept": True}


def test_what_was_typed_about_something_that_ended_can_be_read_and_cleared(west: Cast, r: Resolution) -> None:
    grace = Chair(west, "Grace")
    typing(grace.client, at(r, "urgent"), {"what": TEXT})
    perform(acts.RecordUrgentAction("She was seen."), resolution=r, by=west.person("Grace"))
    grace.client.post(at(r, "next-stage"), {"different": TEXT, "save": "later"})
    assert "Draft: move" in grace.client.get("/").text
    perform(acts.Withdraw("It was settled."), resolution=r, by=west.person("Grace"))
    page = lint(grace.client.get("/")).text
    (draft,) = re.findall(r'href="(/drafts/[^"]+)"[^>]*>Draft: move', page)
    assert TEXT in lint(grace.client.get(draft)).text
    listed = page[page.index("Drafts to continue") :]
    (kept,) = re.findall(r'href="(/[^"]+)"[^>]*>Not sent: urgent action', listed)
    assert TEXT in lint(grace.client.get(kept)).text
    (cleared,) = re.findall(r'action="([^"]*clear[^"]*)"', grace.client.get(kept).text)
    grace.client.post(cleared)
    assert "Not sent: urgent action" not in grace.client.get("/").text


def test_every_text_that_waits_is_on_the_list(be: Be, r: Resolution) -> None:
    grace, pages = be("Grace"), ("note", "withdraw", "close", "more-time", "spoke", "share", "hand-over")
    for page in pages:
        typing(grace, at(r, page), {"text": TEXT})
    assert grace.get("/").text.count("Not sent: ") == len(pages)


def test_an_empty_response_is_not_kept(be: Be, r: Resolution) -> None:
    priya, path = be("Priya"), at(r, "respond")
    priya.post(path, {"text": "", "save": "later"})
    assert not Draft.objects.exists()
    priya.post(path, {"text": TEXT, "save": "later"})
    assert Draft.objects.count() == 1
    assert TEXT in priya.get(path).text


# Rows -----------------------------------------------------------------------------------------------------------------


def test_another_row_and_one_fewer_keep_what_was_typed(be: Be, r: Resolution) -> None:
    priya, path = be("Priya"), at(r, "respond")
    said = {"text": TEXT, "actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0", "actions-0-what": "Visit"}
    page = lint(priya.post(path, said | {"add": "actions"})).text
    assert f"{TEXT}</textarea>" in page
    assert 'value="Visit"' in page
    assert 'name="actions-1-what"' in page
    two = said | {"actions-TOTAL_FORMS": "2", "actions-1-what": "Ring"}
    page = lint(priya.post(path, two | {"remove": "actions-0"})).text
    assert 'value="Ring"' in page
    assert 'value="Visit"' not in page
    assert 'name="actions-1-what"' not in page


@pytest.mark.parametrize("saved", ["by its writer", "as an answer that came back"])
def test_a_row_that_was_removed_does_not_come_back_with_another(west: Cast, be: Be, r: Resolution, saved: str) -> None:
    priya, path = be("Priya"), at(r, "respond")
    rows = {"text": TEXT, "actions-TOTAL_FORMS": "2", "actions-INITIAL_FORMS": "0"}
    rows |= {"actions-0-what": "Visit", "actions-1-what": "Ring"}
    if saved == "by its writer":
        priya.post(path, rows | {"save": "later"})
    else:
        visit, ring = (acts.ActionAsked(what, "Hannah Quill", timezone.localdate()) for what in ("Visit", "Ring"))
        perform(acts.Respond("agree", TEXT, (visit, ring)), resolution=r, by=west.person("Priya"))
        perform(acts.SendBack("When?"), resolution=r, by=west.person("Denise"))
    assert 'value="Ring"' in priya.get(path).text
    priya.post(path, rows | {"remove": "actions-1"})
    one = {name: said for name, said in rows.items() if name != "actions-1-what"} | {"actions-TOTAL_FORMS": "1"}
    page = priya.post(path, one | {"add": "actions"}).text
    assert 'name="actions-1-what"' in page
    assert 'value="Ring"' not in page


def test_an_answer_saved_after_it_came_back_is_the_one_that_is_shown(west: Cast, be: Be, r: Resolution) -> None:
    priya, path = be("Priya"), at(r, "respond")
    drafted(west, r, timezone.now())
    perform(acts.SendBack("When?"), resolution=r, by=west.person("Denise"))
    priya.post(path, {"text": TEXT, "save": "later"})
    assert f"{TEXT}</textarea>" in priya.get(path).text


@pytest.mark.parametrize("late", [{"text": TEXT}, {"text": ""}])
def test_what_the_script_sends_late_takes_no_row_away(be: Be, r: Resolution, late: dict[str, str]) -> None:
    priya, path = be("Priya"), at(r, "respond")
    number = number_on(priya.get(path).text)
    said = {"actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0", "actions-0-what": ""}
    page = priya.post(path, said | {"text": late["text"], "add": "actions", sending.FIELD: number}).text
    assert 'name="actions-1-what"' in page
    assert typing(priya, path, said | late, number).json() == {"kept": False}
    assert 'name="actions-1-what"' in priya.get(path).text
    assert typing(priya, path, said | {"text": "Since then."}, number_on(page)).json() == {"kept": True}
    assert "Since then.</textarea>" in priya.get(path).text


def test_what_the_script_sends_late_takes_no_error_away(be: Be, r: Resolution) -> None:
    priya, path = be("Priya"), at(r, "respond")
    number = number_on(priya.get(path).text)
    assert "There is a problem" in priya.post(path, {"text": TEXT, sending.FIELD: number}).text
    typing(priya, path, {"text": TEXT}, number)
    assert "There is a problem" in priya.get(path).text


@pytest.mark.parametrize(
    "said",
    [
        "",
        "add=rows",
        "add=rows&rows-TOTAL_FORMS=x",
        "add=rows&rows-TOTAL_FORMS=9999",
        "add=rows&rows-TOTAL_FORMS=\N{ARABIC-INDIC DIGIT THREE}",
        "remove=rows-1&rows-TOTAL_FORMS=1",
        "remove=rows&rows-TOTAL_FORMS=1",
        "remove=rows-x&rows-TOTAL_FORMS=1",
    ],
)
def test_what_is_no_press_of_a_row_button_is_left_alone(said: str) -> None:
    assert rows_changed(QueryDict(said)) is None


def test_the_rows_after_the_one_that_goes_move_up() -> None:
    changed = rows_changed(QueryDict("remove=a-1&a-TOTAL_FORMS=3&a-0-x=0&a-1-x=1&a-2-x=2&a-2-y=3&b-1-x=4"))
    assert changed is not None
    changed.pop("remove")
    assert changed.dict() == {"a-TOTAL_FORMS": "2", "a-0-x": "0", "a-1-x": "2", "a-1-y": "3", "b-1-x": "4"}


def test_every_form_that_is_drawn_says_which_drawing_it_is_of(be: Be, r: Resolution) -> None:
    page = be("Grace").get(reverse("resolution", args=[r.reference])).text
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.DOTALL)
    assert forms
    assert all('name="sending"' in form for form in forms)
