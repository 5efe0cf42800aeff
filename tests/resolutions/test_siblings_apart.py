"""Where children of one concern have different teams or workers, who answers for any of them is told and named."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.access.fetching import fetch
from undrift.children.models import Plan
from undrift.desks.concern.matter import Matter
from undrift.desks.concern.who_and_when import parts
from undrift.record.adopted import rules_for
from undrift.record.models import Notice
from undrift.resolutions.models import Resolution


@pytest.fixture
def apart(west: Cast) -> Cast:
    """Jude has moved to the South team, with Kofi as his worker; Maya has not."""
    plan = west.plan("Jude")
    Plan.objects.filter(pk=plan.pk).update(team=west.unit("South"), social_worker=west.person("Kofi"))
    return west


def test_the_other_childs_manager_is_told_and_asked_for_nothing_and_can_read_it(apart: Cast) -> None:
    resolution = reached.stage_one(apart, "Maya", "Jude").resolution
    callum = apart.person("Callum")
    assert resolution.next_person == apart.person("Priya")
    assert set(Notice.objects.filter(to_person=callum).values_list("kind", "ask")) == {("raised", "")}
    assert fetch(Resolution, resolution.reference, callum, NOW)


def test_the_other_childs_chair_is_told_too_and_can_read_it(west: Cast) -> None:
    """It says so beside the chair; the chair, who raises it, is not told of it."""
    imran = west.person("Imran")
    Plan.objects.filter(pk=west.plan("Jude").pk).update(chair=imran)
    resolution = reached.stage_one(west, "Maya", "Jude").resolution
    assert resolution.chair == west.person("Grace")
    assert set(Notice.objects.filter(to_person=imran).values_list("kind", "ask")) == {("raised", "")}
    assert fetch(Resolution, resolution.reference, imran, NOW)


def test_of_one_child_alone_the_others_people_hear_nothing(apart: Cast) -> None:
    reached.stage_one(apart, "Maya")
    assert not Notice.objects.filter(to_person__in=[apart.person("Callum"), apart.person("Kofi")]).exists()


def test_they_are_named_before_it_is_sent_and_on_the_record(apart: Cast, client: Client) -> None:
    rules, both = rules_for(apart.authority), (apart.child("Maya"), apart.child("Jude"))
    matter = Matter(apart.person("Grace"), rules, both[0].family, both, {}, NOW, stage="stage-1")
    (responds, approves, *_) = parts(matter, rules.protocol.stage("stage-1"), [])
    assert "Also told, as a brother or sister has them: Callum Stroud" in responds.how
    assert "Owen Tarrant" in approves.how
    resolution = reached.stage_one(apart, "Maya", "Jude").resolution
    client.force_login(apart.person("Grace"), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(f"/resolutions/{resolution.reference}").content.decode()
    assert "Priya Nairn. Also told, as a brother or sister has them: Callum Stroud" in page
