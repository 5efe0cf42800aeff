"""Where scenes begin: concerns that were raised, answered and decided by acts, where that is not what is looked at.

What a field is about goes in through the page; only what comes before it does not.
"""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tests.readers.scene import Scene
from tests.walkthrough.steps import Concern
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

SPOKE = acts.Conversation("phone", None, "team-manager")


def raised(s: Scene, concern: Concern, stage: str = "stage-1") -> None:
    """At a formal stage of Walsall's policy."""
    act = acts.Raise(
        stage, _children(s, concern), ("REPORT-LATE",), concern.words, ask=concern.ask, why_this_stage="It is grave.",
        spoke=SPOKE,
    )  # fmt: skip
    _raise(s, concern, act)


def spoken_about(s: Scene, concern: Concern, what: str, who: str, by: date, again: date) -> None:
    """In an informal talk, with one agreed action."""
    person = s.walk.demo.people[who]
    action = acts.ActionAsked(what, who, by, str(person.pk))
    spoke = acts.Conversation("phone", None, "team-manager", "Priya Nairn")
    children = _children(s, concern)
    grounds = ("REPORT-LATE",)
    _raise(
        s, concern, acts.Raise("informal", children, grounds, concern.words, spoke=spoke, actions=(action,), date=again)
    )


def spoken_about_in_northmoor(s: Scene, concern: Concern) -> None:
    """In an informal talk by the other policy, in which no agency was named yet."""
    spoke = acts.Conversation("phone", None, "front-line-manager", "Elias Thornby")
    children, day = _children(s, concern), s.day(8)
    _raise(s, concern, acts.Raise("informal", children, (), concern.words, spoke=spoke, date=day))


def _raise(s: Scene, concern: Concern, act: acts.Raise) -> None:
    home = s.walk.demo.homes[concern.family]
    children = [home.child[name] for name in concern.impacts]
    context = context_for(children, timezone.now())
    done = perform(act, by=s.walk.demo.people[home.chair], at=timezone.now(), context=context)
    s.walk.record = f"/resolutions/{done.resolution.reference}"
    arrived(s)


def _children(s: Scene, concern: Concern) -> tuple[acts.ChildConcern, ...]:
    child = s.walk.demo.homes[concern.family].child
    return tuple(acts.ChildConcern(str(child[name].pk), said, name) for name, said in concern.impacts.items())


def does(s: Scene, name: str, act: acts.Act) -> None:
    """Somebody does this on the record of the scene."""
    perform(act, resolution=here(s), by=s.walk.demo.people[name], at=timezone.now())
    arrived(s)


def answered(
    s: Scene, name: str, text: str, *actions: acts.ActionAsked, approves: str = "", agree: str = "agree"
) -> None:
    does(s, name, acts.Respond(agree, text, actions))
    if approves:
        does(s, approves, acts.Approve())


def decided(s: Scene, name: str, why: str = "") -> None:
    """For every child alike: accepted, or not, with why."""
    does(s, name, acts.Judge({str(child): not why for child in here(s).about.values_list("child_id", flat=True)}, why))


def arrived(s: Scene) -> None:
    """Its letters have come, and are none of those that the next look is about."""
    s.walk.works()
    s.letters = len(s.walk.box.letters)


def here(s: Scene) -> Resolution:
    return Resolution.objects.get(reference=s.walk.record.rpartition("/")[2])
