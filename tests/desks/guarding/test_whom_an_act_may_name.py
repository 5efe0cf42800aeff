"""Nobody who is kept out, or could not open it, is offered, given anything or told; and nobody learns why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.models import Look
from undrift.access.restricting import exclude
from undrift.desks.concern.typed_so_far import FORMAL
from undrift.engine.ladder import acts
from undrift.people.models import Person
from undrift.record import drafts
from undrift.record.models import Duty, Notice
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_sixth_of_may")]

Be = Callable[[str], Client]
SOON = NOW + timedelta(minutes=5)
BY_THEN = TODAY + timedelta(days=9)
NO = "{} cannot take this on here. Choose somebody else."


def keep_out(cast: Cast, name: str, child: str = "Maya") -> Person:
    exclude(cast.child(child), cast.person(name), "is a relative of the family", cast.person("Nadia"), NOW)
    return cast.person(name)


def without_a_part(cast: Cast) -> Person:
    """Somebody of the council whose post reads no resolution."""
    return cast.person("Jo Talbot")


def asked(person: Person) -> acts.ActionAsked:
    return acts.ActionAsked("Ask the school.", person.name, BY_THEN, str(person.pk))


def handed(person: Person) -> acts.Act:
    return acts.HandOver("team-manager", str(person.pk), person.name, "Away for a month.")


ACTS: dict[str, tuple[str, Callable[[Person], acts.Act]]] = {
    "hand over": ("Grace", handed),
    "agree an action": ("Grace", lambda person: acts.AgreeAction(asked(person))),
    "answer": ("Priya", lambda person: acts.Respond("agree", "The report goes out in time.", (asked(person),))),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_refuses_in_the_same_words_whoever_is_kept_out_elsewhere_or_without_a_part(
    west: Cast, north: Cast, name: str
) -> None:
    found = reached.stage_one(west, "Maya").resolution
    by, act = ACTS[name]
    nobody = Person.objects.create_user(
        "leaver@westmarch.example", name="Somebody Gone", agency=west.person("Jo Talbot").agency
    )
    for person in (keep_out(west, "Denise"), north.person("Rosalind"), without_a_part(west), nobody):
        with pytest.raises(Refused, match=NO.format(person.name)):
            perform(act(person), resolution=found, by=west.person(by), at=SOON)
    assert Resolution.objects.get().last_seq == found.last_seq
    rightly = west.person("Callum" if name == "hand over" else "Hannah")
    perform(act(rightly), resolution=found, by=west.person(by), at=SOON)


def test_raising_refuses_likewise(west: Cast) -> None:
    act = acts.Raise(
        stage="informal",
        children=tuple(reached.children_of(west, "Maya")),
        grounds=("REPORT-LATE",),
        concern="The report came on the morning.",
        spoke=reached.SPOKE,
        actions=(asked(keep_out(west, "Hannah")),),
        date=BY_THEN,
    )
    with pytest.raises(Refused, match=NO.format("Hannah Quill")):
        perform(act, by=west.person("Grace"), at=SOON, context=context_for([west.child("Maya")], SOON))


def test_no_page_offers_them(west: Cast, be: Be) -> None:
    found = reached.stage_one(west, "Maya").resolution
    way = f"/resolutions/{found.reference}"
    before = {page: be("Grace").get(f"{way}/{page}").text for page in ("hand-over", "share")}
    keep_out(west, "Denise")
    keep_out(west, "Stephen")
    for page, text in before.items():
        now = lint(be("Grace").get(f"{way}/{page}")).text
        assert "Stephen Ropley" in text
        for name in ("Denise Harkaway", "Stephen Ropley", "Simon Eddery"):  # his work opens no resolution
            assert name not in now
    asks = {"what": "Ask.", "by_day": "15", "by_month": "5", "by_year": "2026"}
    typed = be("Grace").post(f"{way}/actions/new", {**asks, "who": "Denise Harkaway"})
    nobody = be("Grace").post(f"{way}/actions/new", {**asks, "who": "Nobody Atall"})
    assert "choose a person, or somebody outside" in typed.text
    assert "choose a person, or somebody outside" in nobody.text
    outside = {"who": "somebody-outside", "outside": "Denise Harkaway"}
    posted = be("Grace").post(f"{way}/actions/new", {**asks, **outside})
    assert posted.status_code == 302  # a name is a name: nobody is given anything by it
    assert not Duty.objects.filter(person=west.person("Denise"), must="do the action").exists()


def test_an_action_of_somebody_kept_out_since_waits_for_the_chair(west: Cast) -> None:
    found = reached.stage_one(west, "Maya").resolution
    perform(acts.AgreeAction(asked(west.person("Hannah"))), resolution=found, by=west.person("Grace"), at=SOON)
    assert Duty.objects.get(must="do the action").person == west.person("Hannah")
    keep_out(west, "Hannah")
    assert Duty.objects.get(must="do the action").person == west.person("Grace")


def test_what_was_not_sent_yet_is_not_sent_to_somebody_kept_out_since(west: Cast) -> None:
    reached.stage_one(west, "Maya")
    reached.stage_one(west, "Tyler")
    assert Notice.objects.filter(to_person=west.person("Priya")).count() == 2
    keep_out(west, "Priya")
    (left,) = Notice.objects.filter(to_person=west.person("Priya"), dropped_at=None)
    assert left.case.about.get().child == west.child("Tyler")


# Before it is raised ------------------------------------------------------------------------------------------------


def draft_of(cast: Cast, *names: str) -> str:
    """Grace's formal concern about these of the Alders, up to the page that says who it goes to."""
    typed = {
        "children": [cast.child(name).public_id for name in names], "risk": ["no"], "stage": ["stage-1"],
        "concern": ["Nothing moves."], "grounds": ["NO-PROGRESS"],
    }  # fmt: skip
    pages = ["children", "source", "concern", "impact", "risk", "tried", "stage", "ask", "spoken"]
    content = {"family": cast.family("Alder").reference, "typed": typed, "pages": pages}
    kept = drafts.keep(cast.person("Grace"), FORMAL, content, authority=cast.authority)
    return f"/resolutions/new/{kept.pk}/people"


@pytest.mark.parametrize("out", [(), ("Priya",), ("Priya", "Denise"), ("Denise",), ("Marcus", "Judith")])
def test_the_page_before_sending_names_whom_the_act_will_find(west: Cast, be: Be, out: tuple[str, ...]) -> None:
    for name in out:
        keep_out(west, name)
    shown = lint(be("Grace").get(draft_of(west, "Maya"))).text
    assert "relative" not in shown
    done = reached.stage_one(west, "Maya").resolution
    assert done.next_person is not None
    assert f'<dd class="govuk-summary-list__value">{done.next_person.name}<br>' in shown
    for name in out:
        assert f'<dd class="govuk-summary-list__value">{west.person(name).name}<br>' not in shown


def test_whoever_is_kept_out_of_a_brothers_record_alone_is_named_still(west: Cast, be: Be) -> None:
    """It goes by the children that are chosen, as the act does."""
    keep_out(west, "Priya", "Jude")
    shown = be("Grace").get(draft_of(west, "Maya")).text
    done = reached.stage_one(west, "Maya").resolution
    assert done.next_person == west.person("Priya")
    assert "Priya Nairn<br>" in shown


def test_a_concern_raised_from_a_childs_page_is_one_look(west: Cast, be: Be) -> None:
    alders = [child.pk for child in west.family("Alder").children.order_by("pk")]
    be("Grace").get(f"/children/{west.child('Maya').public_id}/raise")
    (look,) = Look.objects.all()
    assert (look.page, look.how, sorted(look.children)) == ("raise", "chair", alders)
    be("Kofi").get(f"/children/{west.child('Maya').public_id}/raise")
    assert Look.objects.filter(refused=True, tried=west.child("Maya").public_id).count() == 1
