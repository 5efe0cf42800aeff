"""Scenes beside the stages: what was done at once and the calls, talks, notes, sharing, routes, what was wrong."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import AISHA, BASHIR, ELIAS, GRACE, LINNETS, NADIA, PRIYA, ROSALIND, TRUST, TYLER
from tests.readers.places import so
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import NOT_YET, Agreed


@scene
def urgent_action_and_the_call(s: Scene) -> None:
    grace, priya = s.be(GRACE), s.be(PRIYA)
    reached.raised(s, LINNETS)
    priya.opens_the_record()
    priya.clicks("A child is at risk now")
    entry = "urgent/3/rung"
    s.watch(GRACE, PRIYA, next=(GRACE, entry), child="Zion")
    done = s.word("RecordUrgentAction.what")
    priya.types(done, into="What was done to keep the child safe?")
    priya.ticks(
        s.choice(
            "RecordUrgentAction.children",
            "Zion",
            "Immediate risk: Zion",
            "For Zion",
            "Is Zion safe now",
            "A child was at immediate risk",
        ),
        to=steps.WHOSE_RISK,
    )
    priya.types(s.word("RecordUrgentAction.who"), into="By whom?")
    priya.types_day(s.on("RecordUrgentAction.on", -6), into="When?")
    priya.clicks("Save")
    s.looks()
    s.watch(GRACE, PRIYA, next=(GRACE, entry), child="Zion")
    s.choice("RingBack.entry", done, *so(done, "Rung on"))
    grace.opens(f"{s.walk.record}/{entry}")
    grace.types(s.word("RingBack.to"), into="Who did you ring?")
    grace.types_day(s.on("RingBack.on", -5), into="When?")
    grace.chooses(
        s.choice("RingBack.safe", NOT_YET, "Zion is not safe yet", "Immediate risk: Zion"), to="Is Zion safe now?"
    )
    grace.types(s.word("RingBack.note"), into="What was said?")
    grace.clicks("Save")
    s.looks()


@scene
def no_call_was_made(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    priya = s.be(PRIYA)
    priya.opens_the_record()
    done = s.word("GiveUpRing.entry")
    s.reads("GiveUpRing.entry", *so(done, "No call was made"))
    steps.records_what_was_done(priya, done)
    steps.withdraws(grace, "It was another child.")
    s.watch(GRACE, PRIYA)
    grace.opens(f"{s.walk.record}/urgent/3/rung")
    grace.chooses("No, and it is no longer possible", to="Was the call made?")
    grace.types(s.word("GiveUpRing.why"), into="Why is a call no longer possible?")
    grace.clicks("Save")
    s.looks()


@scene
def a_talk_for_which_nobody_was_reached(s: Scene) -> None:
    rosalind = s.be(ROSALIND)
    steps.raises_informally(rosalind, AISHA, Agreed("Ring Aisha", ELIAS, s.day(8)), again=s.day(10), agency=TRUST)
    s.watch(ROSALIND, ELIAS)
    rosalind.opens_the_record()
    rosalind.clicks("Record a conversation")
    s.choice("Speak.conversation.to", BASHIR)
    rosalind.chooses(s.choice("Speak.conversation.name", BASHIR), to="Who did you speak to?")
    rosalind.chooses(
        s.choice("Speak.conversation.how", "Could not reach them", "could not reach", "Not reached"), to="How?"
    )
    rosalind.types_day(s.on("Speak.conversation.on", -4), into="When?")
    rosalind.types(s.word("Speak.conversation.note"), into="What was said?")
    rosalind.clicks("Save")
    s.looks()


@scene
def a_note_and_what_was_wrong_with_it(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    grace.opens_the_record()
    grace.clicks("Add a note or a phone call")
    s.watch(GRACE, PRIYA)
    said = s.word("Note.text")
    grace.types(said, into="Your note")
    grace.clicks("Save note")
    s.looks()
    s.watch(GRACE, PRIYA)
    s.choice("Correct.seq", "3", "Note added", "“Note” of 6 May 2026 was entered in error")
    grace.opens(f"{s.walk.record}/entries/3/correct")
    grace.types(s.word("Correct.why"), into="What is wrong with this entry?")
    grace.clicks("Mark as made in error")
    s.looks()


@scene
def it_is_shared(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    grace.opens_the_record()
    grace.clicks("Share it with somebody")
    s.watch(GRACE, NADIA)
    s.choice("Share.role", NADIA, NADIA, "the Head of Service for Safeguarding")
    grace.chooses(NADIA, to="Who do you share it with?")
    grace.types(s.word("Share.why"), into="Why do you share it with them?")
    grace.clicks("Share")
    s.looks()


@scene
def a_route_beside_the_stages(s: Scene) -> None:
    rosalind = s.be(ROSALIND)
    steps.raises_informally(rosalind, AISHA, Agreed("Ring Aisha", ELIAS, s.day(8)), again=s.day(10), agency=TRUST)
    s.watch(ROSALIND, ELIAS)
    rosalind.opens_the_record()
    rosalind.clicks("Record a route beside the stages")
    rosalind.chooses(s.choice("TakeRoute.route", "Complaint about a conference"), to="Which route?")
    rosalind.types_day(s.on("TakeRoute.on", -4), into="When?")
    rosalind.types(s.word("TakeRoute.who"), into="Who took it?")
    rosalind.types(s.word("TakeRoute.note"), into="What is there to note?")
    rosalind.clicks("Record")
    s.looks()


@scene
def the_text_is_filed(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    grace.opens_the_record()
    grace.clicks("Copy text for Zion")
    s.watch(GRACE, PRIYA, child="Zion")
    s.choice("File.child", "Zion", "Filed on Zion’s record", "Copy text for Zion Filed")
    grace.clicks("Mark as filed")
    s.looks()
