"""Brothers and sisters are put together, and core groups changed, by somebody who says so; the history keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.resolutions import reached
from undrift.access.restricting import exclude
from undrift.children.models import Child, Conference, CoreGroupMember, FactChange, Plan
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.record.families import NotChanged, add_member, core_group, end_member, join, part, why_not_moved
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.rebuild import rebuild

DAY = timedelta(days=1)


def put(cast: Cast, child: str, into: str) -> None:
    join(cast.child(child), cast.child(into), by=cast.person("Pauline"), at=NOW, why="The file knew no families")


def test_a_child_is_put_into_the_family_of_a_brother_or_sister_and_out_again(west: Cast) -> None:
    kai, tyler = west.child("Kai"), west.child("Tyler")
    put(west, "Kai", "Tyler")
    assert west.child("Kai").family == tyler.family
    change = FactChange.objects.get(child=kai, field="family")
    assert (change.was, change.now) == (str(kai.family_id), str(tyler.family_id))
    assert (change.by, change.why) == (west.person("Pauline"), "The file knew no families")
    part(west.child("Kai"), by=west.person("Pauline"), at=NOW)
    own = Child.objects.get(pk=kai.pk).family
    assert own.pk not in (kai.family_id, tyler.family_id)
    assert own.name == "Sorrel"
    assert FactChange.objects.filter(child=kai, field="family").count() == 2


def test_what_a_family_has_goes_with_the_last_of_its_children(west: Cast) -> None:
    conference = Conference.objects.create(
        authority=west.authority, family=west.family("Sorrel"), reference="C-2026-9001", kind="review",
        planned_for=NOW + DAY,
    )  # fmt: skip
    member = CoreGroupMember.objects.create(
        authority=west.authority, family=west.family("Sorrel"), name="Ms Vane", starts=TODAY
    )
    put(west, "Kai", "Tyler")
    conference.refresh_from_db()
    member.refresh_from_db()
    assert conference.family == west.family("Heron")
    assert (member.family, member.child) == (west.family("Heron"), west.child("Kai"))


def ahead(cast: Cast, family: str, chair: str) -> Conference:
    return Conference.objects.create(
        authority=cast.authority, family=cast.family(family), reference="C-2026-9001", kind="initial",
        planned_for=NOW + DAY, chair=cast.person(chair),
    )  # fmt: skip


def off_plan(cast: Cast, *who: str) -> None:
    for name in who:
        cast.child(name).plans.update(ends=TODAY - 60 * DAY)


@pytest.mark.parametrize(("guarded", "of"), [("Kai", "Heron"), ("Tyler", "Sorrel")])
def test_no_restricted_record_is_opened_by_who_is_put_beside_it(west: Cast, guarded: str, of: str) -> None:
    """By a child that comes into the family of a conference ahead, or brings one of its own."""
    off_plan(west, "Kai", "Tyler")
    Child.objects.filter(pk=west.child(guarded).pk).update(restricted=True)
    ahead(west, of, "Imran")
    with pytest.raises(NotChanged, match="a record is not opened to them by this"):
        put(west, "Kai", "Tyler")
    assert west.child("Kai").family == west.family("Sorrel")


def test_nobody_gives_themselves_a_child_by_putting_it_into_a_family(west: Cast) -> None:
    off_plan(west, "Kai", "Tyler")
    ahead(west, "Heron", "Pauline")
    with pytest.raises(NotChanged, match="it would open a record to you"):
        put(west, "Kai", "Tyler")
    join(west.child("Kai"), west.child("Tyler"), by=west.person("Judith"), at=NOW)
    assert west.child("Kai").family == west.family("Heron")


def test_what_brothers_and_sisters_share_stays_with_them(west: Cast) -> None:
    shared = CoreGroupMember.objects.filter(family=west.family("Alder"), child=None).count()
    put(west, "Noor", "Kai")
    assert shared == CoreGroupMember.objects.filter(family=west.family("Alder"), child=None).count() > 0


def test_no_child_leaves_those_with_whom_an_open_concern_is_about_it(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    with pytest.raises(NotChanged, match="open concern"):
        put(west, "Maya", "Kai")
    assert west.child("Maya").family == west.family("Alder")
    assert why_not_moved(west.child("Noor")) == ""
    perform(acts.Withdraw("Raised in error."), resolution=resolution, by=west.person("Grace"), at=NOW)
    put(west, "Maya", "Kai")
    resolution.refresh_from_db()
    assert resolution.family == west.family("Alder")  # what ended is as it was


def test_an_open_concern_about_the_child_alone_goes_with_it(west: Cast) -> None:
    resolution = reached.stage_one(west, "Maya").resolution
    put(west, "Maya", "Kai")
    resolution.refresh_from_db()
    assert resolution.family == west.family("Sorrel")
    assert rebuild(west.authority, write=False) == []


def ended_for(cast: Cast, resolution: Resolution) -> None:
    act = acts.EndForChild(str(cast.child("Maya").pk), "moved", "Her new council has the file.")
    perform(act, resolution=resolution, by=cast.person("Grace"), at=NOW)


def settled_for(cast: Cast, resolution: Resolution) -> None:
    reached.answered(cast, resolution, NOW)
    act = acts.Judge({str(cast.child("Maya").pk): True, str(cast.child("Jude").pk): False}, reached.REASON)
    perform(act, resolution=resolution, by=cast.person("Grace"), at=NOW)


@pytest.mark.parametrize("over", [ended_for, settled_for])
def test_what_is_over_for_the_child_stays_with_the_brother_for_whom_it_goes_on(
    west: Cast, over: Callable[[Cast, Resolution], None]
) -> None:
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    over(west, resolution)
    put(west, "Maya", "Kai")
    resolution.refresh_from_db()
    assert resolution.family == west.child("Jude").family == west.family("Alder")
    assert rebuild(west.authority, write=False) == []


def test_who_is_together_is_not_put_together_and_who_is_alone_not_apart(west: Cast, north: Cast) -> None:
    with pytest.raises(NotChanged, match="in one family already"):
        put(west, "Maya", "Jude")
    with pytest.raises(NotChanged, match="family of one"):
        part(west.child("Kai"), by=west.person("Pauline"), at=NOW)
    elsewhere = Child.objects.filter(authority=north.authority).first()
    assert elsewhere is not None
    with pytest.raises(NotChanged, match="different councils"):
        join(west.child("Kai"), elsewhere, by=west.person("Pauline"), at=NOW)


# The core group -------------------------------------------------------------------------------------------------------


def test_an_open_concern_goes_to_whoever_chairs_for_the_child_in_its_new_family(west: Cast) -> None:
    """Before there is a plan, that is the chair of the family's initial conference."""
    Plan.objects.filter(child=west.child("Kai")).delete()
    ahead(west, "Sorrel", "Grace")
    concern = reached.stage_one(west, "Kai").resolution
    Plan.objects.filter(child=west.child("Tyler")).delete()
    Conference.objects.create(
        authority=west.authority, family=west.family("Heron"), reference="C-2026-9002", kind="initial",
        planned_for=NOW + 3 * DAY, chair=west.person("Imran"),
    )  # fmt: skip
    put(west, "Kai", "Tyler")
    concern.refresh_from_db()
    assert concern.chair == west.person("Imran")
    assert Notice.objects.filter(case=concern.pk, to_person=west.person("Imran"), kind="handed_on").exists()
    part(west.child("Kai"), by=west.person("Pauline"), at=NOW + DAY)
    assert rebuild(west.authority, write=False) == []


def test_somebody_is_in_the_core_group_from_a_day_to_a_day(west: Cast) -> None:
    kai, pauline = west.child("Kai"), west.person("Pauline")
    member = add_member(kai, from_day=TODAY, by=pauline, at=NOW, person=west.person("Siobhan"), role="Health visitor")
    assert member.agency == west.person("Siobhan").agency
    assert member in core_group(kai, TODAY)
    end_member(member, last_day=TODAY + DAY, by=pauline, at=NOW)
    assert member in core_group(kai, TODAY + DAY)
    assert member not in core_group(kai, TODAY + 2 * DAY)
    changes = FactChange.objects.filter(child=kai, entity="core-group").values_list("field", "now")
    assert list(changes) == [("", "on file"), ("ends", str(TODAY + DAY))]


def test_somebody_without_an_account_is_known_by_name_and_agency(west: Cast) -> None:
    agency = west.person("Siobhan").agency
    member = add_member(
        west.child("Kai"), from_day=TODAY, by=west.person("Pauline"), at=NOW, name=" Ms Vane ", agency=agency
    )
    assert (member.name, member.agency, member.person) == ("Ms Vane", agency, None)
    with pytest.raises(NotChanged, match="already"):
        add_member(west.child("Kai"), from_day=TODAY, by=west.person("Pauline"), at=NOW, name="ms vane")
    with pytest.raises(NotChanged, match="Choose a person"):
        add_member(west.child("Kai"), from_day=TODAY, by=west.person("Pauline"), at=NOW, name=" ")


def test_of_one_child_or_of_every_child_of_the_family(west: Cast) -> None:
    siobhan, maya = west.person("Dev"), west.child("Maya")
    one = add_member(maya, from_day=TODAY, by=west.person("Pauline"), at=NOW, person=siobhan, whole_family=False)
    assert one in core_group(maya, TODAY)
    assert one not in core_group(west.child("Jude"), TODAY)
    assert set(FactChange.objects.values_list("child", flat=True)) == {maya.pk}


def test_nobody_puts_in_a_core_group_themselves_or_somebody_for_whom_they_stand_in(west: Cast) -> None:
    kai, judith, hannah = west.child("Kai"), west.person("Judith"), west.person("Hannah")
    Cover.objects.create(authority=west.authority, away=hannah, covering=judith, starts=TODAY)
    for person in (judith, hannah):
        with pytest.raises(NotChanged, match="Nobody puts themselves in a core group") as refused:
            add_member(kai, from_day=TODAY, by=judith, at=NOW, person=person)
        assert refused.value.field == "person"
    assert add_member(kai, from_day=TODAY, by=west.person("Pauline"), at=NOW, person=judith).person == judith


def test_whoever_is_kept_out_of_the_record_is_in_no_core_group(west: Cast) -> None:
    exclude(west.child("Kai"), west.person("Siobhan"), "is a relative", west.person("Judith"), NOW)
    with pytest.raises(NotChanged) as refusal:
        add_member(west.child("Kai"), from_day=TODAY, by=west.person("Pauline"), at=NOW, person=west.person("Siobhan"))
    assert "relative" not in refusal.value.sentence


@pytest.mark.parametrize(("days", "may"), [(-185, False), (-184, True), (184, True), (185, False)])
def test_a_day_of_a_core_group_is_within_six_months(west: Cast, days: int, may: bool) -> None:
    def adding() -> CoreGroupMember:
        return add_member(
            west.child("Kai"), from_day=TODAY + days * DAY, by=west.person("Pauline"), at=NOW, name="Ms Vane"
        )

    if may:
        assert adding().starts == TODAY + days * DAY
    else:
        with pytest.raises(NotChanged):
            adding()


def test_nobody_ends_before_they_began(west: Cast) -> None:
    member = add_member(west.child("Kai"), from_day=TODAY, by=west.person("Pauline"), at=NOW, name="Ms Vane")
    with pytest.raises(NotChanged, match="on or after"):
        end_member(member, last_day=TODAY - DAY, by=west.person("Pauline"), at=NOW)


def test_nor_in_that_of_the_family_whoever_is_kept_out_of_a_brothers_or_sisters(west: Cast) -> None:
    exclude(west.child("Jude"), west.person("Dev"), "is a relative", west.person("Judith"), NOW)
    maya, pauline, dev = west.child("Maya"), west.person("Pauline"), west.person("Dev")
    with pytest.raises(NotChanged, match="cannot be in this core group"):
        add_member(maya, from_day=TODAY, by=pauline, at=NOW, person=dev)
    assert add_member(maya, from_day=TODAY, by=pauline, at=NOW, person=dev, whole_family=False).child == maya
