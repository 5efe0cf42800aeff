"""What is kept of a child, and that every field is classed as personal or not."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError

from tests.cast import NOW, northmoor, westmarch
from undrift.children.models import Child, Conference, CoreGroupMember, Plan
from undrift.children.models.family import ALPHABET, opaque_id
from undrift.children.personal import PERSONAL_FIELDS
from undrift.people.privacy import unclassified


def test_every_stored_field_is_classed_as_personal_or_not() -> None:
    assert unclassified(PERSONAL_FIELDS, apps.get_app_config("children").get_models()) == []


def test_no_field_holds_where_a_child_lives_or_how_to_reach_them() -> None:
    names = " ".join(name for fields in PERSONAL_FIELDS.values() for name in fields)
    assert not any(word in names for word in ("address", "phone", "postcode", "school", "placement"))


def test_a_public_id_says_nothing_and_is_never_given_twice() -> None:
    ids = {opaque_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(len(one) == 12 and set(one) <= set(ALPHABET) for one in ids)


@pytest.mark.parametrize(
    ("child", "called", "name"),
    [
        (Child(first_name="Maya", last_name="Alder", external_id="4101"), "Maya", "Maya Alder"),
        (Child(external_id="4101"), "Child 4101", "Child 4101"),
        (Child(), "Child without a name", "Child without a name"),
    ],
)
def test_a_child_without_a_name_on_file_goes_by_their_number(child: Child, called: str, name: str) -> None:
    assert (child.called, str(child)) == (called, name)


@pytest.mark.django_db
def test_a_child_has_one_plan_from_one_day() -> None:
    plan = westmarch().plan("Maya")
    with pytest.raises(IntegrityError, match="plan_child_start"):
        Plan.objects.create(authority=plan.authority, child=plan.child, starts=plan.starts)


@pytest.mark.django_db
def test_a_plan_cannot_end_before_it_starts() -> None:
    plan = westmarch().plan("Maya")
    plan.ends = date(2020, 1, 1)
    with pytest.raises(IntegrityError, match="plan_ends_after_start"):
        plan.save()


@pytest.mark.django_db
def test_a_case_number_is_one_childs_within_a_council_and_free_in_another() -> None:
    maya, aisha = westmarch().child("Maya"), northmoor().child("Aisha")
    aisha.external_id = maya.external_id
    aisha.save()
    with pytest.raises(IntegrityError, match="child_external_id"):
        Child.objects.create(authority=maya.authority, family=maya.family, external_id=maya.external_id)


@pytest.mark.django_db
def test_a_core_group_member_is_a_person_or_at_least_a_name() -> None:
    family = westmarch().family("Alder")
    CoreGroupMember.objects.create(
        authority=family.authority, family=family, name="Grandmother", starts=date(2026, 1, 1)
    )
    with pytest.raises(IntegrityError, match="coregroup_somebody"):
        CoreGroupMember.objects.create(authority=family.authority, family=family, starts=date(2026, 1, 1))


@pytest.mark.django_db
def test_a_conference_is_planned_or_held() -> None:
    family = westmarch().family("Alder")
    facts = {"authority": family.authority, "family": family, "kind": "review"}
    Conference.objects.create(reference="C-2026-0001", planned_for=NOW, **facts)
    with pytest.raises(IntegrityError, match="conference_has_a_time"):
        Conference.objects.create(reference="C-2026-0002", **facts)
