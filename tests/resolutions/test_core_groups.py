"""Core groups are each child's own, from a day to a day; whoever has no account is named, so that somebody tells them.

A row of the table is one membership in a family of two children, in the group of one or of both, with its days; beside
it stands whether a recommendation about Aisha alone is told to them, and can be opened by them.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.resolutions.reached import children_of
from undrift.access.bringing import Bringer
from undrift.access.fetching import NotFound, fetch
from undrift.access.matrix import Action, Tie
from undrift.access.scope import scope_of
from undrift.children.models import Child, CoreGroupMember, Plan
from undrift.desks.concern.matter import Matter
from undrift.desks.concern.who_and_when import parts
from undrift.engine.ladder import acts
from undrift.people.models import Holding, Person
from undrift.people.roster import in_reach
from undrift.record.adopted import rules_for
from undrift.record.handing_on import new_day
from undrift.record.models import Notice
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

DAY = timedelta(days=1)
LONG_AGO = date(2026, 2, 24)

# in whose group, first day, last day: told?
MEMBERSHIPS = (
    ("both", LONG_AGO, None, True),
    ("Aisha", LONG_AGO, None, True),
    ("Tariq", LONG_AGO, None, False),  # a sibling's alone
    ("both", TODAY, None, True),
    ("both", TODAY + DAY, None, False),  # not begun
    ("both", LONG_AGO, TODAY + 30 * DAY, True),  # an end that is still to come
    ("both", LONG_AGO, TODAY, True),  # the last day counts
    ("both", LONG_AGO, TODAY - DAY, False),
    ("Aisha", LONG_AGO, TODAY - DAY, False),
)


@pytest.fixture
def siblings(north: Cast) -> Cast:
    """The Plovers with a second child, and nobody in their core group yet."""
    aisha = north.child("Aisha")
    tariq = Child.objects.create(
        authority=aisha.authority, family=aisha.family, first_name="Tariq", date_of_birth=date(2014, 3, 1)
    )
    plan = Plan.objects.get(child=aisha)
    plan.pk, plan.child = None, tariq
    plan.save()
    CoreGroupMember.objects.filter(family=aisha.family).delete()
    return north


def in_the_group(cast: Cast, whose: str, starts: date, ends: date | None, **who: object) -> CoreGroupMember:
    aisha = cast.child("Aisha")
    child = None if whose == "both" else Child.objects.get(family=aisha.family, first_name=whose)
    return CoreGroupMember.objects.create(
        authority=aisha.authority, family=aisha.family, child=child, starts=starts, ends=ends, **who
    )


def starred(cast: Cast) -> Resolution:
    """About Aisha alone. Its stage tells the core group."""
    child, trust = cast.child("Aisha"), cast.agency("Moorland Health Trust")
    act = acts.Raise(
        stage="starred", children=tuple(children_of(cast, "Aisha")), concern="The service agreed has not begun.",
        recommendation="Offer a first appointment.", ask="Offer a first appointment.",
        completion=TODAY + 20 * DAY, why_this_stage="It cannot wait.", agency=str(trust.pk),
    )  # fmt: skip
    return perform(act, by=cast.person("Rosalind"), at=NOW, context=context_for([child], NOW)).resolution


def told_of(resolution: Resolution) -> set[Person]:
    return set(Person.objects.filter(pk__in=Notice.objects.filter(case=resolution.case_id).values("to_person")))


@pytest.mark.parametrize(("whose", "starts", "ends", "told"), MEMBERSHIPS)
def test_a_member_is_told_on_the_days_and_about_the_child_of_the_membership(
    siblings: Cast, whose: str, starts: date, ends: date | None, told: bool
) -> None:
    gethin = siblings.person("Gethin")
    in_the_group(siblings, whose, starts, ends, person=gethin)
    resolution = starred(siblings)
    assert (gethin in told_of(resolution)) is told
    if told:
        assert fetch(Resolution, resolution.reference, gethin, action=Action.READ)
    else:
        with pytest.raises(NotFound):
            fetch(Resolution, resolution.reference, gethin, action=Action.READ)


def test_who_has_no_account_is_named_on_the_record_and_before_it_is_sent(siblings: Cast, client: Client) -> None:
    in_the_group(siblings, "Aisha", LONG_AGO, None, name="Wendy Sparrow")
    in_the_group(siblings, "Tariq", LONG_AGO, None, name="Of the other child")
    in_the_group(siblings, "both", LONG_AGO, TODAY - DAY, name="No longer in it")
    in_the_group(siblings, "both", LONG_AGO, None, person=siblings.person("Gethin"))
    resolution = starred(siblings)
    client.force_login(siblings.person("Rosalind"), backend=settings.AUTHENTICATION_BACKENDS[0])
    record = client.get(f"/resolutions/{resolution.reference}").content.decode()
    assert "Gethin Aldersey, Nell Harcastle. Not told: no account, tell them: Wendy Sparrow" in record
    assert "Of the other child" not in record
    assert "No longer in it" not in record
    rules = rules_for(siblings.authority)
    aisha = siblings.child("Aisha")
    matter = Matter(siblings.person("Rosalind"), rules, aisha.family, (aisha,), {}, NOW, stage="starred")
    stage = rules.protocol.stage("starred")
    (part,) = (one for one in parts(matter, stage, ["core-group"]) if one.title == "Core Group")
    assert (part.name, part.how) == (
        "Gethin Aldersey, Nell Harcastle",
        "Not told: no account, tell them: Wendy Sparrow.",
    )


def test_who_left_is_in_the_group_and_not_told(siblings: Cast) -> None:
    gethin = siblings.person("Gethin")
    in_the_group(siblings, "both", LONG_AGO, None, person=gethin)
    Person.objects.filter(pk=gethin.pk).update(is_active=False)
    resolution = starred(siblings)
    assert gethin not in told_of(resolution)


def test_who_has_no_post_is_named_on_the_record_and_before_it_is_sent_and_is_not_told(
    siblings: Cast, client: Client
) -> None:
    """By a post alone is anything read: a link would lead them nowhere."""
    gethin = siblings.person("Gethin")
    in_the_group(siblings, "Aisha", LONG_AGO, None, person=gethin)
    Holding.objects.filter(person=gethin).update(ends=TODAY - DAY, ended_at=NOW)
    resolution = starred(siblings)
    assert gethin not in told_of(resolution)
    with pytest.raises(NotFound):
        fetch(Resolution, resolution.reference, gethin, action=Action.READ)
    client.force_login(siblings.person("Rosalind"), backend=settings.AUTHENTICATION_BACKENDS[0])
    record = client.get(f"/resolutions/{resolution.reference}").content.decode()
    assert "Not told: no post in which to read it, tell them: Gethin Aldersey" in record
    rules, aisha = rules_for(siblings.authority), siblings.child("Aisha")
    matter = Matter(siblings.person("Rosalind"), rules, aisha.family, (aisha,), {}, NOW, stage="starred")
    told = parts(matter, rules.protocol.stage("starred"), ["core-group"])
    (part,) = (one for one in told if one.title == "Core Group")
    assert part.how.endswith("Not told: no post in which to read it, tell them: Gethin Aldersey.")


def test_only_who_could_read_it_is_offered_for_a_core_group(siblings: Cast) -> None:
    """Each who is offered, told of a record, can open it; and each who could not is not offered."""
    by = siblings.person("Rosalind")
    Holding.objects.filter(person=siblings.person("Gethin")).update(ends=TODAY - DAY, ended_at=NOW)
    offered = Bringer(by, siblings.authority, NOW).people()
    assert siblings.person("Gethin") not in offered
    for person in Person.objects.filter(in_reach(siblings.authority), is_active=True, leaves_on=None):
        could = Tie.TOLD in scope_of(person, NOW).ties(Action.READ)
        assert (person in offered) is could, person
    assert offered


@pytest.mark.parametrize("ended", [False, True])
def test_after_the_last_day_a_member_still_reads_what_they_were_told_and_hears_nothing_more(
    siblings: Cast, client: Client, ended: bool
) -> None:
    """Where the concern ended on that day, the record names them as of then; where it goes on, no more."""
    gethin, rosalind = siblings.person("Gethin"), siblings.person("Rosalind")
    in_the_group(siblings, "Aisha", LONG_AGO, TODAY, person=gethin)
    resolution = starred(siblings)
    if ended:
        perform(acts.Withdraw("Offered the same day."), resolution=resolution, by=rosalind, at=NOW)
        assert Notice.objects.filter(case=resolution.case_id, to_person=gethin, kind="withdrawn").exists()
    told = Notice.objects.filter(case=resolution.case_id, to_person=gethin).count()
    with time_machine.travel(NOW + DAY, tick=False):
        new_day(NOW + DAY)
        assert fetch(Resolution, resolution.reference, gethin, action=Action.READ)
        if not ended:
            perform(acts.Withdraw("Offered after all."), resolution=resolution, by=rosalind, at=NOW + DAY)
        client.force_login(rosalind, backend=settings.AUTHENTICATION_BACKENDS[0])
        record = client.get(f"/resolutions/{resolution.reference}").content.decode()
        people = record[record.index(">People<") : record.index("What happened")]
        assert ("Gethin Aldersey" in people) is ended
    assert Notice.objects.filter(case=resolution.case_id, to_person=gethin).count() == told
