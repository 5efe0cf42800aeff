"""What a person, a post and a holding may be; and that every field is classed as personal or not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import IntegrityError, models

from tests.cast import TODAY, Cast, northmoor, westmarch
from undrift.people.models import Agency, Cover, Holding, Person, Post
from undrift.people.personal import PERSONAL_FIELDS
from undrift.people.privacy import NOT_PERSONAL, PERSONAL, unclassified


def test_every_stored_field_is_classed_as_personal_or_not() -> None:
    assert unclassified(PERSONAL_FIELDS, apps.get_app_config("people").get_models()) == []
    classes = {one for fields in PERSONAL_FIELDS.values() for one in fields.values()}
    assert classes == {PERSONAL, NOT_PERSONAL}


def test_a_field_nobody_classed_is_found() -> None:
    less = {label: dict(fields) for label, fields in PERSONAL_FIELDS.items()}
    del less["people.Person"]["phone"]
    less["people.Person"]["shoe_size"] = PERSONAL
    stored = apps.get_app_config("people").get_models()
    assert unclassified(less, stored) == ["people.Person.phone", "people.Person.shoe_size"]


@pytest.mark.django_db
def test_sign_in_takes_the_email_address_in_any_case() -> None:
    cast = westmarch()
    person = Person.objects.create_user(
        " Grace.Second@Westmarch.Example ", "a long enough secret", name="Grace Second", authority=cast.authority
    )
    assert person.email == "grace.second@westmarch.example"
    assert authenticate(username="GRACE.SECOND@westmarch.example", password="a long enough secret") == person
    assert authenticate(username="grace.second@westmarch.example", password="another secret") is None
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert authenticate(username="grace.second@westmarch.example", password="a long enough secret") is None


@pytest.mark.django_db
def test_nobody_of_the_cast_can_sign_in_by_password_until_one_is_set() -> None:
    cast = westmarch()
    assert not any(person.has_usable_password() for person in cast.built.people.values())


@pytest.mark.parametrize(
    ("name", "greeting"), [("Grace Ollerton", "Grace"), ("Dr Meena Kessler", "Meena"), ("Ayo", "Ayo")]
)
def test_a_greeting_uses_the_given_name(name: str, greeting: str) -> None:
    assert Person(name=name).given_name == greeting


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (lambda c: Person(email="Big@x.example", name="x", authority=c.authority), "person_email_lower"),
        (lambda c: Person(email="x@x.example", name="x"), "belongs_somewhere"),
        (lambda c: Agency(name="x", kind="other"), "agency_one_owner"),
        (
            lambda c: Agency(name="x", kind="other", authority=c.authority, partnership=c.built.partnership),
            "agency_one_owner",
        ),
        (
            lambda c: Post(
                authority=c.authority,
                agency=c.unit("North").agency,
                unit=c.unit("North"),
                slug="x",
                title="x",
                heads_unit=True,
            ),
            "post_one_head",
        ),
        (
            lambda c: Post(authority=c.authority, agency=c.unit("North").agency, slug="x", title="x", heads_unit=True),
            "head_has_unit",
        ),
        (
            lambda c: Holding(
                authority=c.authority,
                post=c.post("team-manager", "North"),
                person=c.person("Dev"),
                starts=TODAY,
                ends=TODAY - timedelta(days=1),
            ),
            "holding_ends_after_start",
        ),
        (
            lambda c: Cover(authority=c.authority, away=c.person("Dev"), covering=c.person("Dev"), starts=TODAY),
            "cover_by_another",
        ),
    ],
)
def test_what_cannot_be_true_is_refused_by_the_database(make: Callable[[Cast], models.Model], constraint: str) -> None:
    wrong = make(westmarch())
    with pytest.raises(IntegrityError, match=constraint):
        wrong.save()


@pytest.mark.django_db
@pytest.mark.parametrize("build", [westmarch, northmoor])
def test_the_cast_has_only_invented_numbers_and_addresses(build: Callable[[], Cast]) -> None:
    cast = build()
    people = cast.built.people.values()
    assert all(person.email.endswith(".example") for person in people)
    numbers = [person.phone for person in people] + [
        number
        for council in cast.built.authorities.values()
        for number in (council.front_door_phone, council.out_of_hours_phone, council.mailbox_phone)
    ]
    assert all(number.startswith("01632 960") and len(number) == 12 for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert all(Holding.objects.filter(person=person).exists() for person in people)


@pytest.mark.django_db
def test_northmoor_is_three_councils_that_share_their_agencies() -> None:
    cast = northmoor()
    assert sorted(cast.built.authorities) == ["harrowdale", "northmoor", "saltmere"]
    shared = Agency.objects.filter(partnership=cast.built.partnership, authority=None)
    assert {"health", "police", "education", "housing"} <= set(shared.values_list("kind", flat=True))
