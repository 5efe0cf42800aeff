"""What is said to have happened lies within what the plan of one of the children can be about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.resolutions.reached import SPOKE, children_of, stage_one
from undrift.access.second_lock import enter
from undrift.children.models import Child, Plan
from undrift.engine.ladder import acts
from undrift.people.seats import seat_of
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for
from undrift.resolutions import how_far_back
from undrift.resolutions.actions import perform

pytestmark = pytest.mark.django_db

# The Alders' plans began on 4 December 2025, a quarter after this day; the Rowans' a year before.
FIRST = date(2025, 9, 3)
DAY = timedelta(days=1)


def raising(cast: Cast, *names: str, on: date) -> acts.Raise:
    return acts.Raise(
        stage="stage-1", children=tuple(children_of(cast, *names)), concern="It drifts.", ask="Dates.",
        spoke=acts.Conversation("phone", on, "team-manager"),
    )  # fmt: skip


def raised(cast: Cast, *names: str, on: date) -> None:
    children = [cast.child(name) for name in names]
    perform(raising(cast, *names, on=on), by=cast.person("Grace"), at=NOW, context=context_for(children, NOW))


def test_a_talk_before_the_plan_and_its_enquiry_is_refused_at_its_field(west: Cast) -> None:
    raised(west, "Maya", on=FIRST)
    with pytest.raises(Refused) as refused:
        raised(west, "Jude", on=FIRST - DAY)
    assert refused.value.refusal.about == "spoke"
    assert refused.value.refusal.sentence == (
        "The date must be 3 September 2025 or later. The plan began on 4 December 2025"
    )


@pytest.mark.parametrize(
    "act",
    [
        acts.Speak(acts.Conversation("phone", FIRST - DAY, "team-manager")),
        acts.RecordUrgentAction("She was seen.", on=FIRST - DAY),
        acts.TakeRoute("immediate-safeguarding", "She was seen.", on=FIRST - DAY),
        acts.TakeRoute("immediate-safeguarding", "She was seen.", of=FIRST - DAY),
    ],
    ids=lambda act: type(act).__name__,
)
def test_so_is_what_is_told_of_a_record_that_stands(west: Cast, act: acts.Act) -> None:
    r = stage_one(west).resolution
    with pytest.raises(Refused, match="The plan began on 4 December 2025"):
        perform(act, resolution=r, by=west.person("Grace"), at=NOW)


def test_what_began_under_an_earlier_plan_may_be_told_of_that_plan(west: Cast) -> None:
    maya = west.child("Maya")
    Plan.objects.filter(child=maya).update(ends=TODAY - 10 * DAY)
    Plan.objects.create(authority=west.authority, child=maya, starts=TODAY - DAY)
    talk = acts.Speak(acts.Conversation("phone", TODAY - 100 * DAY, "team-manager"))
    assert how_far_back.refused(talk, [str(maya.pk)], TODAY) is not None
    assert how_far_back.refused(talk, [str(maya.pk)], TODAY, TODAY - 20 * DAY) is None
    before = acts.Speak(acts.Conversation("phone", FIRST - DAY, "team-manager"))
    assert how_far_back.refused(before, [str(maya.pk)], TODAY, TODAY - 20 * DAY) is not None


def test_of_several_children_the_longest_plan_counts(west: Cast) -> None:
    maya, ella = (str(west.child(name).pk) for name in ("Maya", "Ella"))
    talk = acts.Speak(acts.Conversation("phone", FIRST - DAY, "team-manager"))
    assert how_far_back.refused(talk, [maya], TODAY) is not None
    assert how_far_back.refused(talk, [maya, ella], TODAY) is None


def test_it_is_the_same_for_all_who_act_whichever_of_the_children_they_may_see(west: Cast) -> None:
    maya, ella = west.child("Maya"), west.child("Ella")
    talk = acts.Speak(acts.Conversation("phone", FIRST - DAY, "team-manager"))
    priya, both = west.person("Priya"), [str(maya.pk), str(ella.pk)]
    with transaction.atomic():
        enter(priya, seat_of(priya, TODAY), NOW)
        assert {maya.pk} == set(Child.objects.filter(pk__in=[maya.pk, ella.pk]).values_list("pk", flat=True))
        assert how_far_back.refused(talk, both, TODAY) is None


def test_before_any_plan_it_counts_from_the_pregnancy_and_where_nothing_is_known_from_nowhere(west: Cast) -> None:
    kai = west.child("Kai")
    Plan.objects.filter(child=kai).delete()
    Child.objects.filter(pk=kai.pk).update(date_of_birth=None, expected_birth=TODAY + 180 * DAY)
    first = TODAY - 100 * DAY
    told = [acts.Speak(acts.Conversation("phone", day, "team-manager")) for day in (first, first - DAY)]
    assert how_far_back.refused(told[0], [str(kai.pk)], TODAY) is None
    refusal = how_far_back.refused(told[1], [str(kai.pk)], TODAY)
    assert refusal is not None
    assert "no child was expected" in refusal.sentence
    assert how_far_back.refused(told[1], ["999999999"], TODAY) is None


def test_a_day_since_it_began_is_asked_of_nothing(west: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        for act in (
            acts.Speak(SPOKE),
            acts.Speak(acts.Conversation("phone", TODAY, "team-manager")),
            acts.Note("Spoken."),
        ):
            assert how_far_back.refused(act, ["1"], TODAY, TODAY) is None
    assert not asked.captured_queries
