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
