"""Chairs who raise concerns: signed in, with the answers they give."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from undrift.desks.concern.typed_so_far import FORMAL, INFORMAL
from undrift.record.models import Draft

Answers = dict[str, object]


def day(name: str, value: date) -> Answers:
    """A date as it is typed into its three boxes."""
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def today() -> date:
    return timezone.localdate()


def typed(answers: Answers) -> Answers:
    """As they are sent: a length of time stands for the day so far from the one on which the test runs."""
    sent: Answers = {}
    for box, said in answers.items():
        sent |= day(box, today() + said) if isinstance(said, timedelta) else {box: said}
    return sent


def next_weekday(days: int) -> date:
    """A day so many days on, and not at a weekend."""
    found = today() + timedelta(days=days)
    return found + timedelta(days=(7 - found.weekday()) % 7 if found.weekday() > 4 else 0)


class Chair:
    """Somebody signed in, who raises concerns."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.cast, self.person = cast, cast.person(name)
        self.client = Client()
        self.client.force_login(self.person)

    def id(self, first_name: str) -> str:
        return self.cast.child(first_name).public_id

    def begins(self, family: str, kind: str) -> str:
        """The address of the first page."""
        choice = reverse("raise-choice", kwargs={"family": self.cast.family(family).reference})
        response = self.client.post(choice, {"kind": kind})
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    def begins_informal(self, family: str) -> str:
        return self.begins(family, INFORMAL)

    def begins_formal(self, family: str) -> Questions:
        address = self.begins(family, FORMAL)
        return Questions(self, int(address.split("/")[3]))


class Questions:
    """The question pages of one draft."""

    def __init__(self, chair: Chair, draft: int) -> None:
        self.chair, self.draft = chair, draft

    def address(self, page: str) -> str:
        named = {"check": "raise-check", "act-first": "raise-act-first", "pause": "raise-pause"}
        if page in named:
            return reverse(named[page], args=[self.draft])
        return reverse("raise-question", args=[self.draft, page])

    def get(self, page: str) -> Any:
        return self.chair.client.get(self.address(page))

    def post(self, page: str, **answers: object) -> Any:
        return self.chair.client.post(self.address(page), answers)

    def says(self, page: str, onto: str, **answers: object) -> None:
        """Answers a page and is led on to the next."""
        response = self.post(page, **answers)
        assert response.status_code == 302, response.content.decode()
        assert response["Location"] == self.address(onto)

    def kept(self) -> Draft:
        return Draft.objects.get(pk=self.draft)
