"""A child has died: the record is held, and goes on where the death is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.applying.test_said_by_page import by
from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.alerts import DEATH_TAKEN_BACK, HELD
from undrift.access.models import Alert
from undrift.access.restricting import ask_to_lift, lift, restrict
from undrift.access.restricting import name as name_on_list
from undrift.access.scope import scope_of
from undrift.applying import by_hand
from undrift.applying.putting_right import OF_CHILD, put_right
from undrift.desks.home.waiting import Waiting
from undrift.engine.ladder import acts
from undrift.messages.alert_texts import write as written
from undrift.messages.post import send_due
from undrift.people import clock
from undrift.record.handing_on import hand_on_all, new_day
from undrift.record.models import Duty, Notice
from undrift.record.outcomes import Refused
from undrift.record.sweep import sweep
from undrift.resolutions.actions import perform
from undrift.resolutions.holding import hold
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended
from undrift.resolutions.queries import waiting_for
from undrift.resolutions.rebuild import rebuild

DAY = timedelta(days=1)
DEATH = next(fact for fact in OF_CHILD if fact.column == "died_on")
LATER = NOW + 60 * DAY


def dies(cast: Cast, name: str) -> None:
    by_hand.died(cast.child(name), on=TODAY, **by(cast))


def lives(cast: Cast, name: str) -> None:
    put_right(cast.child(name), DEATH, None, why="Another child", **by(cast))


def again(resolution: Resolution) -> Resolution:
    return Resolution.objects.get(pk=resolution.pk)


def turn(resolution: Resolution) -> tuple[object, ...]:
    row = again(resolution)
    duties = Duty.objects.filter(case=row.pk).order_by("key").values_list("key", "person", "due", "gone_at")
    return row.tag, row.next_person_id, row.due, row.turns_at, row.then_person_id, row.risk, tuple(duties)


def test_a_record_about_nobody_who_lives_is_nobodys_turn_and_no_date_of_it_passes(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    before, told = turn(resolution), Notice.objects.filter(case=resolution.pk)
    said = told.count()
    dies(west, "Maya")
    assert turn(resolution) == ("Held", None, None, None, None, False, ())
    for name in ("Grace", "Priya"):
        assert resolution.pk not in [row.pk for row in waiting_for(west.person(name), now=LATER).rows]
    assert (sweep(LATER), record_plans_ended(LATER, children=[west.child("Maya").pk])) == (0, 0)
    new_day(LATER)
    hand_on_all(west.authority, LATER)
    assert (told.count(), told.filter(sent_at=None, dropped_at=None).count()) == (said, 0)
    assert [*rebuild(write=False)] == []
    lives(west, "Maya")
    assert turn(resolution) == before
    assert sweep(LATER) > 0


def test_what_is_found_to_be_held_by_the_worker_is_held(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    before = turn(resolution)
    type(west.child("Maya")).objects.filter(pk=west.child("Maya").pk).update(died_on=TODAY)
    assert send_due() == 0  # before anybody came to hold it
    assert (hold(NOW), hold(NOW)) == (1, 0)
    assert turn(resolution)[0] == "Held"
    type(west.child("Maya")).objects.filter(pk=west.child("Maya").pk).update(died_on=None)
    assert (hold(NOW), hold(NOW)) == (1, 0)
    assert turn(resolution) == before


def test_it_is_added_to_and_ended_and_nothing_else_is_done(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    told = Notice.objects.filter(case=resolution.pk).count()
    dies(west, "Maya")
    for act in (reached.ANSWER, acts.RecordUrgentAction("We rang 999."), acts.GiveMoreTime(TODAY + 9 * DAY, "x")):
        with pytest.raises(Refused, match="held as it is"):
            perform(act, resolution=resolution, by=west.person("Priya"), at=NOW)
    grace = west.person("Grace")
    perform(acts.Note("The coroner has the file."), resolution=resolution, by=grace, at=NOW)
    perform(acts.Close("another-process", "The review takes it up."), resolution=resolution, by=grace, at=NOW)
    assert Notice.objects.filter(case=resolution.pk).count() == told
    with pytest.raises(Refused, match="held as it is"):
        perform(acts.ReopenChild(str(west.child("Maya").pk), "It goes on."), resolution=resolution, by=grace, at=NOW)


def test_nothing_is_raised_about_a_child_who_has_died(west: Cast) -> None:
    dies(west, "Maya")
    with pytest.raises(Refused, match="has died"):
        reached.stage_one(west, "Maya", "Jude")
    reached.stage_one(west, "Jude")


def test_where_it_goes_on_for_a_brother_lists_say_who_has_died_and_that_nothing_is_asked_of_her(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    dies(west, "Maya")
    priya, grace, client = west.person("Priya"), west.person("Grace"), Client()
    (task,) = Waiting(priya, scope_of(priya, NOW), NOW).tasks
    assert task.title == "Maya (died) and Jude Alder"
    client.force_login(grace)
    page = client.get(f"/families/{west.family('Alder').reference}").content.decode()
    assert f"{resolution.reference}: held" in page
    assert page.count(f"{resolution.reference}: still asked about") == 1


def test_it_goes_on_for_a_brother_with_an_action_after_his_part_is_settled(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    plan = acts.ActionAsked("Visit weekly.", "Hannah Quill", TODAY + 9 * DAY)
    answer = acts.Respond(agree="agree", text="So be it.", actions=(plan,))
    perform(answer, resolution=resolution, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=resolution, by=west.person("Denise"), at=NOW)
    reached.judged(west, resolution, NOW)
    before = turn(resolution)
    dies(west, "Maya")
    assert turn(resolution) == before
    assert sweep(LATER) > 0


def test_what_is_asked_for_the_one_who_died_is_held_and_the_brothers_goes_on(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    dies(west, "Maya")
    reached.answered(west, resolution, NOW)
    jude = str(west.child("Jude").pk)
    done = perform(acts.Judge({jude: True}), resolution=resolution, by=west.person("Grace"), at=NOW)
    assert done.state.accepted
    with pytest.raises(Refused, match=r"no part|not asked|settled|child"):
        perform(acts.Judge({str(west.child("Maya").pk): True}), resolution=resolution, by=west.person("Grace"), at=NOW)
    lives(west, "Maya")
    assert again(resolution).next_person == west.person("Grace")


# Who sees it, and who hears of it -------------------------------------------------------------------------------------


def opens(cast: Cast, name: str, resolution: Resolution) -> bool:
    """Through the first lock, on the connection that the second binds."""
    client = Client()
    client.force_login(cast.person(name), backend=settings.AUTHENTICATION_BACKENDS[0])
    return bool(client.get(f"/resolutions/{resolution.reference}").status_code == 200)


def test_only_the_chair_and_the_worker_and_those_named_see_it(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    assert opens(west, "Priya", resolution)
    dies(west, "Maya")
    seen = [name for name in ("Grace", "Hannah", "Priya", "Denise") if opens(west, name, resolution)]
    assert seen == ["Grace", "Hannah"]
    until = clock.today() + 30 * DAY
    name_on_list(west.child("Maya"), west.person("Denise"), "leads the review", until, west.person("Grace"))
    assert opens(west, "Denise", resolution)


def test_those_who_have_the_child_are_told_once_in_a_letter_that_names_nobody(west: Cast) -> None:
    reached.stage_one(west, "Maya")
    dies(west, "Maya")
    told = Alert.objects.filter(kind=HELD)
    assert set(told.values_list("to_person", flat=True)) == {west.person(name).pk for name in ("Grace", "Hannah")}
    lives(west, "Maya")
    dies(west, "Maya")
    assert told.count() == 2
    text = written(told[0])
    assert text.subject == "For information: a record of yours is held from now on"
    assert not [name for name in ("Maya", "Alder", west.child("Maya").public_id, "Grace") if name in text.body]


def test_where_a_death_is_taken_back_those_who_guard_the_record_hear_that_it_is_restricted_still(west: Cast) -> None:
    """It came with the death, and two people lift it: nothing else says that it is to be lifted."""
    maya, kai = west.child("Maya"), west.child("Kai")
    dies(west, "Maya")
    lives(west, "Maya")
    maya.refresh_from_db()
    assert maya.restricted
    told = Alert.objects.filter(kind=DEATH_TAKEN_BACK).select_related("authority", "to_person")
    guards = {west.person(name) for name in ("Judith", "Marcus")}
    assert guards <= {alert.to_person for alert in told}
    text = written(told[0])
    assert "stays restricted until two people lift that" in text.body
    assert "/guarding/restricted" in text.body
    assert not [name for name in ("Maya", "Alder") if name in text.subject + text.body]
    ask_to_lift(maya, west.person("Judith"), NOW)
    lift(maya, west.person("Marcus"), NOW)
    restrict(kai, west.person("Judith"), "A relative works here.", NOW)
    dies(west, "Kai")
    lives(west, "Kai")
    assert not told.filter(about=kai.pk).exists(), "somebody has restricted it for a reason of its own"


def test_a_concern_about_a_child_who_has_died_is_closed_as_that(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    record = f"/resolutions/{resolution.reference}"
    assert "The child died" not in page(west, "Grace", f"{record}/close")
    dies(west, "Maya")
    assert "The child died" in page(west, "Grace", f"{record}/close")
    client = Client()
    client.force_login(west.person("Grace"), backend=settings.AUTHENTICATION_BACKENDS[0])
    client.post(f"{record}/close", {"ending": "died", "why": "The review of the death has it."})
    assert again(resolution).ending == "died"
    assert "The child died" in page(west, "Grace", record)


def page(cast: Cast, name: str, address: str) -> str:
    client = Client()
    client.force_login(cast.person(name), backend=settings.AUTHENTICATION_BACKENDS[0])
    return " ".join(client.get(address).content.decode().split())


def test_the_pages_say_that_it_is_held_and_offer_nothing_that_goes_on(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    child, record = f"/children/{west.child('Maya').public_id}", f"/resolutions/{resolution.reference}"
    assert "A child is at risk now" in page(west, "Grace", record)
    assert "Raise a concern" in page(west, "Grace", child)
    dies(west, "Maya")
    shown = page(west, "Grace", record)
    assert "The child has died. This record is held as it is: no date of it passes." in shown
    assert "Add a note" in shown
    for words in ("A child is at risk now", "Decide what to do", "Respond", "working days late", "Give more time"):
        assert words not in shown, words
    shown = page(west, "Grace", child)
    assert "Maya has died. This record is held as it is" in shown
    assert "Held: Nobody" in shown
    assert "Raise a concern" not in shown
    for name in ("Grace", "Priya", "Hannah"):
        assert resolution.reference not in page(west, name, "/")


def test_the_part_of_the_one_who_died_is_said_to_be_held(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    dies(west, "Maya")
    assert "This part is held as it is" in page(west, "Grace", f"/resolutions/{resolution.reference}")
