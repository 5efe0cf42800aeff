"""Who may see a child, and who has looked: for the child's chair and for those who guard the council's records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from tests.resolutions.guarded import information_governance
from undrift.access.models import Exclusion, Listing, Look, Restriction
from undrift.access.restricting import ask_to_lift, exclude, name, restrict

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_sixth_of_may")]

Be = Callable[[str], Client]
MONTH = TODAY + timedelta(days=30)
RELATIVE = "is a relative of the family"


def of(cast: Cast, child: str, page: str) -> str:
    return f"/children/{cast.child(child).public_id}/{page}"


def on(day: date) -> dict[str, str]:
    return {"until_day": str(day.day), "until_month": str(day.month), "until_year": str(day.year)}


# Who sees these pages -------------------------------------------------------------------------------------------------

LOGS = {"Grace", "Judith", "Marcus", "Nadia", "Priya", "Denise", "Farah", "Stephen", "Angela", "Bethan"}
GUARDS = {"Grace", "Judith", "Marcus", "Nadia", "Bethan"}
EVERYBODY = LOGS | {"Hannah", "Imran", "Kofi", "Callum", "Siobhan", "Pauline", "Jo Talbot"}


@pytest.mark.parametrize(("page", "allowed"), [("looks", LOGS), ("who-may-see", GUARDS)])
def test_the_matrix_says_who_sees_them_and_for_others_they_are_absent(
    west: Cast, be: Be, page: str, allowed: set[str]
) -> None:
    information_governance(west)
    found = {one: be(one).get(of(west, "Maya", page)).status_code for one in EVERYBODY}
    assert found == {one: 200 if one in allowed else 404 for one in EVERYBODY}


def test_each_is_led_there_from_the_childs_page_who_may_go_there(west: Cast, be: Be) -> None:
    for who in ("Grace", "Judith", "Priya", "Hannah"):
        page = be(who).get(of(west, "Maya", "")[:-1]).text
        for link, allowed in (("looks", LOGS), ("who-may-see", GUARDS)):
            assert (f'href="{of(west, "Maya", link)}"' in page) is (who in allowed), (who, link)


def test_an_administrator_sees_none_of_it(west: Cast, be: Be) -> None:
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    client, maya = be("Jo Talbot"), west.child("Maya").public_id
    for path in ("openings", "restricted", "audit", f"restricted/{maya}", "openings/1"):
        answer = client.get(f"/guarding/{path}")
        assert answer.status_code == 403, path
        assert "Safeguarding and Review, and information governance, keep this." in answer.text
    assert client.get("/search/emergency").status_code == 403
    assert client.post("/guarding/audit/export").status_code == 403


def test_information_governance_reads_the_number_and_no_name(west: Cast, be: Be) -> None:
    information_governance(west)
    for page in ("looks", "who-may-see"):
        text = lint(be("Bethan").get(of(west, "Maya", page))).text
        assert "Child 4101" in text
        assert "Maya" not in text
        assert "Alder" not in text


# Who has looked -------------------------------------------------------------------------------------------------------


def test_who_has_looked_says_who_when_where_and_by_which_tie_and_who_tried_in_vain(west: Cast, be: Be) -> None:
    found = reached.stage_one(west).resolution
    be("Hannah").get(of(west, "Maya", "history"))
    be("Priya").get(f"/resolutions/{found.reference}")
    be("Kofi").get(f"/resolutions/{found.reference}")
    be("Imran").get(of(west, "Maya", "")[:-1])
    page = lint(be("Grace").get(of(west, "Maya", "looks")))
    words = " ".join(page.text.split())
    for said in (
        "Hannah Quill", "Social Worker, North", "Child record: history", "The child’s social worker",
        "Priya Nairn", "Team Manager, North", "Has, or had, something to do",
        "Kofi Ansell", "Imran Dastgir", "Refused: nothing was shown",
    ):  # fmt: skip
        assert said in words, said
    assert words.count("Refused: nothing was shown") == 2


def test_it_says_nothing_of_looks_at_another_child(west: Cast, be: Be) -> None:
    be("Kofi").get(of(west, "Ella", "")[:-1])
    assert "Kofi Ansell" not in be("Grace").get(of(west, "Maya", "looks")).text


def test_twenty_five_a_page_the_latest_first(west: Cast, be: Be) -> None:
    grace = be("Grace")
    for _ in range(26):
        grace.get(of(west, "Maya", "history"))
    first = lint(grace.get(of(west, "Maya", "looks"))).text
    assert first.count('data-label="When"') == 25
    assert "Previous" not in first
    second = lint(grace.get(of(west, "Maya", "looks?page=2"))).text
    assert second.count('data-label="When"') == 3  # 26 and these two
    assert "looks?page=2" in first
    assert "There is nothing on this page." in grace.get(of(west, "Maya", "looks?page=9")).text


def test_looking_who_has_looked_is_a_look(west: Cast, be: Be) -> None:
    information_governance(west)
    be("Grace").get(of(west, "Maya", "looks"))
    be("Bethan").get(of(west, "Maya", "who-may-see"))
    be("Kofi").get(of(west, "Maya", "who-may-see"))
    maya = west.child("Maya")
    assert list(Look.objects.order_by("pk").values_list("page", "how", "refused", "tried", "children")) == [
        ("child-looks", "chair", False, "", [maya.pk]),
        ("child-guard", "whole", False, "", [maya.pk]),
        ("child-guard", "", True, maya.public_id, []),
    ]


def test_being_named_opens_the_record_and_not_who_may_see_it(west: Cast, be: Be) -> None:
    """The post answers for a restricted record in the council's register, where its child is a number."""
    name(west.child("Robin"), west.person("Marcus"), "Asked for advice", MONTH, west.person("Imran"), NOW)
    page = be("Marcus").get(of(west, "Robin", "")[:-1])
    assert page.status_code == 200
    for link in ("looks", "who-may-see"):
        assert of(west, "Robin", link) not in page.text
        assert be("Marcus").get(of(west, "Robin", link)).status_code == 404
    assert be("Marcus").get(f"/guarding/restricted/{west.child('Robin').public_id}").status_code == 200


# Acts -----------------------------------------------------------------------------------------------------------------


def test_restricting_takes_the_viewer_to_the_register_if_it_shuts_the_record_to_them(west: Cast, be: Be) -> None:
    marcus, way = be("Marcus"), of(west, "Maya", "who-may-see/restrict")
    assert lint(marcus.get(way)).status_code == 200
    assert "Say why only those named may see this record" in lint(marcus.post(way, {"reason": ""})).text
    answer = marcus.post(way, {"reason": "A relative works here."}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/guarding/restricted/{west.child('Maya').public_id}"
    text = lint(answer).text
    assert "Grace Ollerton, Hannah Quill" in text
    assert "A relative works here." in text
    assert "Maya" not in text
    assert marcus.get(of(west, "Maya", "who-may-see")).status_code == 404
    assert marcus.get(of(west, "Maya", "")[:-1]).status_code == 404


def test_two_people_lift_it_the_chair_and_somebody_who_guards_the_council(west: Cast, be: Be) -> None:
    grace, judith, maya = be("Grace"), be("Judith"), west.child("Maya")
    grace.post(of(west, "Maya", "who-may-see/restrict"), {"reason": "A relative works here."})
    grace.post(of(west, "Maya", "who-may-see/ask-to-lift"))
    assert "A second person has to lift it." in lint(grace.get(of(west, "Maya", "who-may-see"))).text
    again = lint(grace.post(of(west, "Maya", "who-may-see/lift")))
    assert "You asked for this restriction to be lifted." in again.text
    register = lint(judith.get("/guarding/restricted")).text
    assert "Asked for by Grace Ollerton" in register
    assert lint(judith.get(f"/guarding/restricted/{maya.public_id}/lift")).status_code == 200
    lifted = judith.post(f"/guarding/restricted/{maya.public_id}/lift", follow=True)
    assert lifted.redirect_chain[-1][0] == of(west, "Maya", "who-may-see")
    assert Restriction.objects.get().lifted_by == west.person("Judith")
    assert judith.get(f"/guarding/restricted/{maya.public_id}").status_code == 404


def test_somebody_is_named_and_taken_off(west: Cast, be: Be) -> None:
    imran, callum = be("Imran"), west.person("Callum")
    way = of(west, "Robin", "who-may-see/name")
    text = lint(imran.get(way)).text
    assert 'value="20"' in text  # in two weeks
    assert "Imran Dastgir</option>" not in text
    sent = {"person": str(callum.pk), "why": "Covers", **on(TODAY + timedelta(days=400))}
    assert "The last day must be from today to Friday 6 November 2026." in lint(imran.post(way, sent)).text
    sent |= on(MONTH)
    assert "Callum Stroud is on the list until Friday 5 June 2026." in lint(imran.post(way, sent, follow=True)).text
    assert be("Callum").get(of(west, "Robin", "")[:-1]).status_code == 200
    listing = Listing.objects.get(person=callum)
    imran.post(of(west, "Robin", f"who-may-see/names/{listing.pk}/end"))
    assert be("Callum").get(of(west, "Robin", "")[:-1]).status_code == 404


def test_somebody_is_kept_out_what_they_owe_goes_on_and_they_are_let_in_again(west: Cast, be: Be) -> None:
    found = reached.stage_one(west).resolution
    marcus, priya = be("Marcus"), west.person("Priya")
    way = of(west, "Maya", "who-may-see/exclude")
    assert lint(marcus.get(way)).status_code == 200
    done = lint(marcus.post(way, {"person": str(priya.pk), "why": RELATIVE}, follow=True)).text
    assert "Priya Nairn is kept out from now on. 1 resolution has changed hands" in done
    assert be("Priya").get(f"/resolutions/{found.reference}").status_code == 404
    assert "Denise Harkaway" in be("Grace").get(f"/resolutions/{found.reference}").text
    kept = Exclusion.objects.get()
    back = of(west, "Maya", f"who-may-see/kept-out/{kept.pk}/end")
    assert "is no longer kept out" in lint(marcus.post(back, follow=True)).text
    assert be("Priya").get(f"/resolutions/{found.reference}").status_code == 200
    assert "is not kept out any more" in marcus.post(back, follow=True).text


def test_whoever_is_kept_out_finds_neither_the_record_nor_its_guarding(west: Cast, be: Be) -> None:
    exclude(west.child("Robin"), west.person("Marcus"), RELATIVE, west.person("Judith"), NOW)
    robin = west.child("Robin").public_id
    assert be("Marcus").get(f"/guarding/restricted/{robin}").status_code == 404
    assert "Child 4151" not in be("Marcus").get("/guarding/restricted").text
    assert "Child 4151" in lint(be("Judith").get("/guarding/restricted")).text


def test_the_register_is_for_those_who_guard_the_whole_council(west: Cast, be: Be) -> None:
    robin = west.child("Robin").public_id
    assert be("Grace").get("/guarding/restricted").status_code == 403
    assert be("Imran").get(f"/guarding/restricted/{robin}").status_code == 403
    assert be("Priya").get("/guarding/restricted").status_code == 403
    assert be("Judith").get(f"/guarding/restricted/{west.child('Maya').public_id}").status_code == 404
    assert be("Judith").get("/guarding/restricted/23456789bcdf").status_code == 404


def test_acts_of_another_child_or_none_are_not_there(west: Cast, be: Be) -> None:
    listing = name(west.child("Robin"), west.person("Callum"), "Covers", MONTH, west.person("Imran"), NOW)
    grace = be("Grace")
    assert grace.post(of(west, "Maya", f"who-may-see/names/{listing.pk}/end")).status_code == 404
    assert grace.post(of(west, "Robin", f"who-may-see/names/{listing.pk}/end")).status_code == 404
    assert grace.get(of(west, "Maya", "who-may-see/burn")).status_code == 404
    assert grace.get(of(west, "Maya", f"who-may-see/names/{listing.pk}/end")).status_code == 405
    assert Listing.objects.get().ends == MONTH


def test_a_record_of_another_council_is_absent(west: Cast, north: Cast, be: Be) -> None:
    ask_to_lift(west.child("Robin"), west.person("Imran"), NOW)
    for page in ("looks", "who-may-see", "who-may-see/restrict"):
        assert be("Marcus").get(of(north, "Aisha", page)).status_code == 404
