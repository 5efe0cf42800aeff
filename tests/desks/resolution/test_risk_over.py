"""What the record says of an immediate risk that is over."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform


def test_once_a_call_says_that_the_child_is_safe_the_record_warns_no_more(
    west: Cast, be: Callable[[str], Client]
) -> None:
    act = acts.Raise(
        stage="stage-1", children=tuple(reached.children_of(west, "Maya")), grounds=("NO-PROGRESS",), concern="Unseen.",
        ask="See her today.", why_this_stage="It cannot wait.", spoke=reached.SPOKE, risk=acts.Risk(),
    )  # fmt: skip
    done = perform(act, by=west.person("Grace"), at=NOW, context=context_for([west.child("Maya")], NOW))
    resolution = done.resolution
    address, warning = f"/resolutions/{resolution.reference}", "Nothing is recorded yet. Act first"
    assert warning in be("Grace").get(address).content.decode()
    entry = done.state.not_rung_back[0].seq
    perform(acts.RingBack(entry, "Priya Nairn"), resolution=resolution, by=west.person("Grace"), at=NOW)
    assert warning not in be("Grace").get(address).content.decode()


def test_what_was_done_for_one_child_is_nothing_done_for_the_other(west: Cast, be: Callable[[str], Client]) -> None:
    act = acts.Raise(
        stage="stage-1", children=tuple(reached.children_of(west, "Maya", "Jude")), grounds=("NO-PROGRESS",),
        concern="Unseen.", ask="See them today.", why_this_stage="It cannot wait.", spoke=reached.SPOKE,
        risk=acts.Risk(),
    )  # fmt: skip
    grace, children = west.person("Grace"), [west.child("Maya"), west.child("Jude")]
    resolution = perform(act, by=grace, at=NOW, context=context_for(children, NOW)).resolution
    warned = []
    for child in children:
        urgent = acts.RecordUrgentAction("At an aunt’s tonight.", children=(str(child.pk),))
        perform(urgent, resolution=resolution, by=grace, at=NOW)
        page = be("Grace").get(f"/resolutions/{resolution.reference}").content.decode()
        warned.append("Nothing is recorded yet. Act first" in page)
    assert warned == [True, False]
