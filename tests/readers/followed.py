"""Scenes in which what was agreed is followed: added, done, confirmed, sent back, moved, given to another, ended."""

from __future__ import annotations

import re

from tests.desks.typed.sendings import on
from tests.readers import reached
from tests.readers.cast import GRACE, HANNAH, IMRAN, PRIYA, TYLER
from tests.readers.places import Reader, so
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.walking import Walker

A1 = "actions/a1"


def agreed(s: Scene, what: str) -> tuple[Walker, Walker]:
    """A talk in which this was agreed with the social worker, for the seventh working day."""
    grace = s.be(GRACE)
    reached.spoken_about(s, TYLER, what, HANNAH, s.day(7), s.day(15))
    return grace, s.be(HANNAH)


@scene
def an_action_is_added(s: Scene) -> None:
    grace, _ = agreed(s, "Share the next report")
    grace.opens_the_record()
    grace.clicks("Add an action")
    s.watch(GRACE, HANNAH, next=(GRACE, "actions/a2"))
    grace.types(s.word("AgreeAction.action.what"), into="What will be done?")
    grace.types("somebody-outside", into="Who will do it?")
    grace.types(s.word("AgreeAction.action.who"), into="If somebody outside, who?")
    grace.types_day(s.day(11), into="By when?")
    grace.clicks("Add action")
    s.looks()
    grace.opens_the_record()
    grace.clicks("Add an action")
    grace.types("Visit in the morning", into="What will be done?")
    s.watch(GRACE, PRIYA, next=(PRIYA, "actions/a3"))
    grace.types(s.choice("AgreeAction.action.person", PRIYA), into="Who will do it?")
    grace.types_day(s.on("AgreeAction.action.by", 12), into="By when?")
    grace.clicks("Add action")
    s.looks()


@scene
def an_action_is_begun_done_returned_and_confirmed(s: Scene) -> None:
    what = s.word("StartAction.id")
    s.reads("StartAction.id", *so(what, "In progress"))
    grace, hannah = agreed(s, what)
    s.watch(GRACE, HANNAH, next=(HANNAH, A1))
    hannah.opens_the_record()
    hannah.clicks("Update", about=what)
    hannah.chooses("In progress", to="Is it done?")
    hannah.clicks("Save")
    s.looks()
    s.walk.on(3)
    s.watch(GRACE, HANNAH, next=(GRACE, A1))
    s.choice("FinishAction.id", what, f"Confirm an action {what}", *so(what, "Done, waiting for chair"))
    steps_done(s, hannah, what)
    s.looks()
    s.watch(GRACE, HANNAH, next=(HANNAH, A1))
    s.choice("ReturnAction.id", what, *so(what, "In progress", "still needed"))
    grace.opens_the_record()
    grace.clicks("Confirm complete", about=what)
    grace.chooses("Not yet", to="Is this complete?")
    grace.types(s.word("ReturnAction.why"), into="What is still needed?")
    grace.clicks("Save")
    s.looks()
    steps.does(hannah, what, "He read it.")
    s.watch(GRACE, HANNAH)
    s.choice("ConfirmAction.id", what, *so(what, "2026 Complete", "2026: complete"))
    steps.confirms(grace, what)
    s.looks()


def steps_done(s: Scene, hannah: Walker, what: str) -> None:
    hannah.opens_the_record()
    hannah.clicks("Update", about=what)
    hannah.chooses("Done", to="Is it done?")
    hannah.types_day(s.on("FinishAction.on", 1), into="When was it done?")
    hannah.types(s.word("FinishAction.helped"), into="How do you know it has helped?")
    hannah.clicks("Save")


@scene
def a_new_date_is_asked_for_declined_and_agreed(s: Scene) -> None:
    what = s.word("AskForActionDate.id")
    s.reads("AskForActionDate.id", f"A new date is asked for {what}", *so(what, "Asked for", "Why another date"))
    grace, hannah = agreed(s, what)
    s.watch(GRACE, HANNAH, next=(GRACE, A1))
    steps.asks_for_a_date(hannah, what, s.on("AskForActionDate.by", 12), s.word("AskForActionDate.why"))
    s.looks()
    s.watch(GRACE, HANNAH, next=(HANNAH, A1))
    s.choice("DeclineActionDate.id", what, *so(what, "Why the date stays"))
    answers(grace, what, "No, the date stays", s.word("DeclineActionDate.why"))
    s.looks()
    new = s.day(13)
    s.choice("ChangeActionDate.id", what, *so(what, f"{new.day} {new:%B %Y} Due", f"by {new:%A} {new.day} {new:%B %Y}"))
    steps.asks_for_a_date(hannah, what, s.on("ChangeActionDate.by", 13), "I am on leave.")
    s.watch(GRACE, HANNAH, next=(HANNAH, A1))
    answers(grace, what, "Agree it", s.word("ChangeActionDate.why"))
    s.looks()


def answers(chair: Walker, what: str, verdict: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Decide", about=what)
    chair.chooses(verdict, to="Do you agree the new date?")
    chair.types(why, into="Why?")
    chair.clicks("Save")


@scene
def an_action_is_given_to_others_and_ended(s: Scene) -> None:
    what = s.word("GiveAction.id")
    grace, _ = agreed(s, what)
    outside = s.word("GiveAction.who")
    s.reads("GiveAction.id", what, f"{what} {outside}", f"{what} ({outside}")
    s.watch(GRACE, HANNAH, next=(GRACE, A1))
    gives(grace, what, "somebody-outside", outside, s.word("GiveAction.why"))
    s.looks()
    s.watch(GRACE, PRIYA, next=(PRIYA, A1))
    gives(grace, what, s.choice("GiveAction.person", PRIYA), "", "He is back.")
    s.looks()
    s.watch(GRACE, PRIYA)
    s.choice("DropAction.id", what, *so(what, "No longer needed"))
    steps.ends_the_action(grace, what, s.word("DropAction.why"))
    s.looks()


def gives(chair: Walker, what: str, who: str, outside: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Decide", about=what)
    chair.chooses("Give it to somebody else", to="What happens with it?")
    chair.types(who, into="Who will do it?")
    chair.types(outside, into="If somebody outside, who?")
    chair.types(why, into="Why does somebody else do it?")
    chair.clicks("Continue")


@scene
def the_child_gets_another_chair(s: Scene) -> None:
    reached.raised(s, TYLER)
    s.watch(IMRAN, PRIYA, child="Tyler")
    jo, imran = s.walk.demo.people["Jo Talbot"], s.walk.demo.people[IMRAN]
    child = s.walk.demo.homes["Heron"].child["Tyler"]
    s.choice("RecordWentOver.part", "chair", "Another chair", "Conference chair", "Chair")
    s.choice("RecordWentOver.name", IMRAN)
    s.choice("RecordWentOver.before", GRACE, f"until then {GRACE}")
    s.choice("RecordWentOver.why", "Jo Talbot", "Said by Jo Talbot")
    page = Reader(jo)
    said = {"part": "chair", "chair": str(imran.pk), **on("from_day", s.day(0))}
    check = page.client.post(f"/allocation/give?c={child.public_id}", said).headers["Location"]
    page.client.post(check, {"why": "She has moved to another post."})
    s.looks()


@scene
def whoever_was_to_do_it_has_left(s: Scene) -> None:
    what = s.word("RecordOwnerLeft.id")
    s.reads("RecordOwnerLeft.id", *so(what, "is no longer here"))
    agreed(s, what)
    s.watch(GRACE, PRIYA, next=(GRACE, A1))
    jo, hannah = s.walk.demo.people["Jo Talbot"], s.walk.demo.people[HANNAH]
    address = f"/people/{hannah.pk}/leaves"
    page = Reader(jo)
    boxes = set(re.findall(r'name="(post-\d+|children|worked)"', page.html(address)))
    said = {**on("on", s.day(0)), "closes": "after", **dict.fromkeys(boxes, "nobody")}
    page.client.post(address, said)
    s.walk.on(2)
    s.looks()
