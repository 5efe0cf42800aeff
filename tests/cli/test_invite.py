"""The first administrator of a council is let in by a command; nobody else is, and nobody once one is there."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.cast import Cast, westmarch
from undrift.cli.main import main
from undrift.people.models import AccountAct, Letter, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def west() -> Cast:
    return westmarch()


def invite(address: str, *options: str, authority: str = "westmarch") -> int:
    return main(["invite", address, "--authority", authority, *options])


def test_the_first_administrator_is_owed_a_link(west: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    jo = west.person("Jo Talbot")
    assert invite(jo.email.upper()) == 0
    assert capsys.readouterr().out.startswith(f"{jo.email} is sent a link, which works once, for 3 days.")
    act = AccountAct.objects.get()
    assert (act.person, act.what, act.by, act.by_role, act.authority) == (jo, "invited", None, "", west.authority)
    assert Letter.objects.get().act == act
    assert invite(jo.email, "--json") == 0
    assert capsys.readouterr().out == f'{{"invited": "{jo.email}"}}\n'


@pytest.mark.parametrize("name", ["Grace", "Priya", "Hannah", "Denise"])
def test_nobody_is_let_in_by_it_who_does_not_keep_the_accounts(
    name: str, west: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invite(west.person(name).email) == 1
    assert "Nobody with this address keeps the accounts of Westmarch Council" in capsys.readouterr().err
    assert not AccountAct.objects.exists()


def test_once_one_has_signed_in_they_invite_the_others(west: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    jo = west.person("Jo Talbot")
    Person.objects.filter(pk=jo.pk).update(last_login=timezone.now())
    assert invite(jo.email) == 1
    assert "Jo Talbot has signed in, keeps the accounts of Westmarch Council" in capsys.readouterr().err
    assert not AccountAct.objects.exists()


def test_a_council_that_is_not_here_is_told_with_those_there_are(
    west: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invite("jo@talbot.example", authority="eastmarch") == 2
    assert 'No authority has the code "eastmarch". There are: westmarch.' in capsys.readouterr().err
