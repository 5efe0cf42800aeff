"""Who is told of what changes hands, of the partnership's business, and of a starred recommendation."""

from __future__ import annotations

from datetime import date

from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.messages.texts import write
from undrift.record.handing_on import follow_the_children
from undrift.record.models import Notice
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution


def told(r: Resolution, kind: str) -> dict[str, str]:
    """What each is asked, by given name."""
    sent = Notice.objects.filter(case=r.pk, kind=kind).select_related("to_person")
    return {notice.to_person.given_name: notice.ask for notice in sent}


def handed(cast: Cast, role: str, to: str) -> acts.HandOver:
    person = cast.person(to)
    return acts.HandOver(role, str(person.pk), person.name, "It belongs there.")


def test_whoever_said_it_is_not_theirs_and_the_approver_hear_who_has_it(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    perform(acts.SayNotMine("Callum Stroud", "They moved."), resolution=r, by=west.person("Priya"), at=NOW)
    perform(handed(west, "team-manager", "Callum"), resolution=r, by=west.person("Grace"), at=NOW)
    found = told(r, "handed_over")
    assert found["Callum"] == "respond"
    assert (found["Priya"], found["Denise"]) == ("", "")


def with_an_action(cast: Cast) -> Resolution:
    """Agreed at stage 1, and Hannah Quill does something."""
    r = reached.stage_one(cast, "Maya").resolution
    hannah = cast.person("Hannah")
    action = acts.ActionAsked("Write up the two visits", hannah.name, date(2026, 5, 20), str(hannah.pk))
    perform(acts.AgreeAction(action), resolution=r, by=cast.person("Grace"), at=NOW)
    return r


def test_a_new_chair_is_made_known_to_whoever_answers_and_does_what_was_agreed(west: Cast) -> None:
    r = with_an_action(west)
    perform(handed(west, "chair", "Imran"), resolution=r, by=west.person("Grace"), at=NOW)
    found = told(r, "handed_over")
    assert found["Imran"] == "decide"
    assert {"Priya", "Denise", "Hannah"} <= found.keys()


def test_so_it_is_where_the_child_has_another_chair(west: Cast) -> None:
    r, imran = with_an_action(west), west.person("Imran")
    Plan.objects.filter(child=west.child("Maya")).update(chair=imran)
    follow_the_children(NOW)
    assert told(r, "handed_on").keys() == {"Imran"}
    assert {"Priya", "Denise", "Hannah"} <= told(r, "chair_changed").keys()


def test_the_partnership_is_told_what_it_needs_without_a_link_to_what_it_cannot_read(west: Cast) -> None:
    act = acts.Raise(
        stage="stage-5", children=tuple(reached.children_of(west, "Maya")), grounds=("NO-PROGRESS",), concern="Drift.",
        ask="Decide.", why_this_stage="It is grave.",
    )  # fmt: skip
    r = perform(act, by=west.person("Grace"), at=NOW, context=context_for([west.child("Maya")], NOW)).resolution
    director = r.next_person
    assert director is not None
    answer = acts.Respond("agree", "It is.", consider={"wider-partnership": True})
    perform(answer, resolution=r, by=director, at=NOW)
    notices = Notice.objects.filter(case=r.pk, ask="for the partnership")
    notice = notices.select_related("to_person", "case__authority", "case__chair").get()
    text = write(notice)
    assert text.subject == "For the partnership: a council brings something to you"
    assert r.reference not in text.subject + text.body
    assert r.authority.name not in text.subject + text.body
    client = Client()
    client.force_login(notice.to_person)
    page = lint(client.get("/")).text
    assert "For the partnership" in page
    assert r.authority.name in page
    for hidden in ("Maya", "Alder", r.reference, "/resolutions/"):
        assert hidden not in page, hidden
    assert client.get(f"/resolutions/{r.reference}").status_code == 404
    assert "?brought=past" not in page
    reached.judged(west, r, NOW)
    page = lint(client.get("/")).text
    assert r.authority.name not in page, "it is decided"
    assert "Nothing is brought to the partnership now." in page
    assert 'href="/?brought=past"' in page
    assert r.authority.name in lint(client.get("/?brought=past")).text


def test_the_social_worker_is_in_the_core_group_that_is_told(north: Cast) -> None:
    r = scene.starred(north, at=NOW)
    worker = r.social_worker
    assert worker is not None
    notice = Notice.objects.get(case=r.pk, kind="raised", to_person=worker)
    assert notice.role == "core-group"


def test_the_first_mail_to_an_agency_says_starred_recommendation_and_no_number(north: Cast) -> None:
    r = scene.starred(north, at=NOW)
    text = write(Notice.objects.get(case=r.pk, kind="raised", ask="respond"))
    assert f"starred recommendation {r.reference}" in text.subject
    assert "stage" not in text.subject
    assert "stage 4" not in text.body
