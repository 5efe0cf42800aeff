"""The log of looks has one row for one raise, however many pages it takes; and never none."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.desks.raising.chairs import Chair
from tests.desks.raising.test_formal import to_the_check
from undrift.access.models import Look
from undrift.access.traced import Traced


def looks() -> int:
    return Look.objects.filter(page="raise", refused=False).count()


def test_one_raise_is_one_look(grace: Chair) -> None:
    asked = to_the_check(grace)
    assert asked.post("check").status_code == 302
    assert looks() == 1


def test_another_family_or_another_sitting_is_another_look(grace: Chair) -> None:
    address = grace.begins_informal("Heron")
    grace.begins_informal("Linnet")
    assert looks() == 2
    again = Client()
    again.force_login(grace.person)  # another session knows nothing of the first
    again.get(address)
    assert looks() == 3


def test_the_same_look_is_one_for_an_hour_and_another_is_not() -> None:
    traced, at = Traced({}), timezone.now()
    assert not traced.already([2, 1], "chair", "raise", at)
    assert traced.already([1, 2], "chair", "raise", at + timedelta(minutes=59))
    assert not traced.already([1], "chair", "raise", at)
    assert not traced.already([1, 2], "whole", "raise", at)
    assert not traced.already([1, 2], "chair", "raise", at + timedelta(minutes=61))
