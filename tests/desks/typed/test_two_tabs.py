"""The same form open twice: no text lands in another record, and none of it is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair, next_weekday
from tests.desks.raising.test_formal import to_the_check
from tests.desks.raising.test_informal import told
from tests.desks.typed.test_kept_text import BELOW, TEXT, at, number_on, typing
from tests.resolutions.reached import answered, informal, stage_one
from undrift.desks.frame import sending
from undrift.engine.ladder import acts
from undrift.record.models import Draft, Event, TypedText
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution


@pytest.mark.parametrize("kind", ["raise_informal", "raise"])
def test_a_draft_stays_with_its_family(west: Cast, kind: str) -> None:
    grace = Chair(west, "Grace")
    alder, heron = grace.begins("Alder", kind), grace.begins("Heron", kind)
    assert alder != heron
    page = grace.client.get(alder).text
    assert grace.id("Maya") in page
    assert grace.id("Tyler") not in page
    assert (grace.begins("Alder", kind), grace.begins("Heron", kind)) == (alder, heron)


def test_a_draft_whose_open_page_was_kept_by_its_script_is_not_begun_again(west: Cast) -> None:
    grace = Chair(west, "Grace")
    first = grace.begins_informal("Alder")
    typing(grace.client, first, {"concern": "Nobody came."})
    assert grace.begins_informal("Alder") != first
    assert Draft.objects.count() == 2


def home_leads_to(chair: Chair, title: str) -> str:
    """The page to which Home leads from that line."""
    home = lint(chair.client.get("/")).text
    assert title in home
    href = home[: home.index(title)].rpartition('href="')[2].partition('"')[0]
    return str(lint(chair.client.get(href)).text)


def test_a_second_text_of_an_informal_record_that_was_sent_is_kept_and_said(west: Cast) -> None:
    grace = Chair(west, "Grace")
    address = grace.begins_informal("Alder")
    one, two = (number_on(grace.client.get(address).text) for _ in range(2))
    said = told(grace, "Maya")
    grace.client.post(address, said | {sending.FIELD: one})
    reference = Resolution.objects.get().reference
    page = lint(grace.client.post(address, said | {"concern": TEXT, sending.FIELD: two}, follow=True)).text
    assert "You had sent this concern already" in page
    assert f"This draft was sent already, as {reference}." in page
    assert TEXT in page
    assert f'href="/resolutions/{reference}/note"' in page
    assert TEXT in home_leads_to(grace, "Not sent: informal record")
    assert Resolution.objects.count() == 1


def test_a_second_text_of_a_formal_concern_that_was_sent_is_kept_and_said(west: Cast) -> None:
    grace = Chair(west, "Grace")
    asked = to_the_check(grace)
    number = number_on(asked.get("tried").text)
    asked.post("check")
    page = lint(grace.client.post(asked.address("tried"), {"tried": TEXT, sending.FIELD: number}, follow=True)).text
    assert f"This draft was sent already, as {Resolution.objects.get().reference}." in page
    assert TEXT in page
    assert TEXT in home_leads_to(grace, "Not sent: concern")


def test_what_a_second_tab_types_after_the_first_was_sent_is_offered(west: Cast) -> None:
    grace, path = Chair(west, "Grace"), at(stage_one(west, at=timezone.now()).resolution, "note")
    client = grace.client
    typing(client, path, {"text": "She"})
    one, two = (number_on(client.get(path).text) for _ in range(2))
    client.post(path, {"text": "She is well.", sending.FIELD: one})
    assert BELOW not in client.get(path).text
    assert typing(client, path, {"text": TEXT}, two).json() == {"kept": True}
    assert f"{TEXT}</textarea>" in client.get(path).text
    assert TEXT in home_leads_to(grace, "Not sent: note on")
    typing(client, path, {"text": "She is well."}, one)  # on its way when that tab was sent
    assert f"{TEXT}</textarea>" in client.get(path).text
    client.post(path, {"text": TEXT, sending.FIELD: two})
    assert BELOW not in client.get(path).text
    assert [event.payload["text"] for event in Event.objects.filter(type="noted").order_by("seq")] == [
        "She is well.",
        TEXT,
    ]


def test_what_two_tabs_type_at_once_is_kept_of_both(west: Cast) -> None:
    grace, path = Chair(west, "Grace"), at(stage_one(west, at=timezone.now()).resolution, "note")
    client = grace.client
    typing(client, path, {"text": "She"})
    one, two = (number_on(client.get(path).text) for _ in range(2))
    typing(client, path, {"text": TEXT}, one)
    typing(client, path, {"text": "She is well."}, two)
    assert {row.content["text"][0] for row in TypedText.objects.all()} == {TEXT, "She is well."}
    home = client.get("/").text
    assert all(f"/typed/{row.pk}" in home for row in TypedText.objects.filter(content__text=[TEXT]))
    assert "She is well.</textarea>" in client.get(path).text
    client.post(path, {"text": "She is well.", sending.FIELD: two})
    assert f"{TEXT}</textarea>" in client.get(path).text


def test_a_save_that_arrives_late_does_not_replace_the_one_after_it(west: Cast) -> None:
    client, path = Chair(west, "Grace").client, at(stage_one(west, at=timezone.now()).resolution, "note")
    number = number_on(client.get(path).text)
    assert typing(client, path, {"text": TEXT, sending.COUNT: "2"}, number).json() == {"kept": True}
    for late in ("The nurse", ""):
        assert typing(client, path, {"text": late, sending.COUNT: "1"}, number).json() == {"kept": False}
    assert f"{TEXT}</textarea>" in client.get(path).text
    assert sending.COUNT not in TypedText.objects.get().content


# Another form ---------------------------------------------------------------------------------------------------------


def followed(client: Any, path: str, said: dict[str, str]) -> str:
    """The page that an answer to the form there leads to, sent once somebody else has decided."""
    return str(lint(client.post(path, said, follow=True)).text)


def test_what_was_typed_where_no_answer_was_in_is_kept_when_one_arrives(west: Cast) -> None:
    now = timezone.now()
    r = stage_one(west, at=now - timedelta(days=40)).resolution
    grace = Chair(west, "Grace")
    page = grace.client.get(at(r, "decide")).text
    said = {"spoke": TEXT, "next": "more-time", "seen": str(r.last_seq), sending.FIELD: number_on(page)}
    answered(west, r, now)
    page = followed(grace.client, at(r, "decide"), said)
    assert "This has changed since you opened it" in page
    assert "Denise Harkaway approved the answer at" in page
    assert TEXT in page
    assert BELOW not in grace.client.get(at(r, "decide")).text
    assert TEXT in home_leads_to(grace, "Not sent: decision about")


def test_what_was_typed_about_an_action_is_kept_when_it_is_done_meanwhile(west: Cast) -> None:
    r = informal(west, at=timezone.now()).resolution
    plan = acts.ActionAsked("Visit", "Hannah Quill", next_weekday(5), str(west.person("Hannah").pk))
    perform(acts.AgreeAction(plan), resolution=r, by=west.person("Grace"))
    grace, path = Chair(west, "Grace"), at(r, "actions/a1")
    page = grace.client.get(path).text
    assert 'name="no_need"' in page
    r.refresh_from_db()
    said = {"what": "date", "why_date": TEXT, "seen": str(r.last_seq), sending.FIELD: number_on(page)}
    perform(acts.FinishAction("a1", timezone.localdate(), ""), resolution=r, by=west.person("Hannah"))
    page = followed(grace.client, path, said)
    assert "Hannah Quill" in page
    assert TEXT in page
