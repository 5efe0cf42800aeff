"""What people do again and again on the pages: raise, answer, approve, decide, move on, follow what was agreed.

Each begins where its person is led to it: by Home, by a letter, or by the record, and ends on the record's own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tests.walkthrough.walking import Walk, Walker

YES, NO = "Yes", "No"
RISK = "Is any child at immediate risk now?"
WHOSE_RISK = "Which children are at immediate risk?"
NOT_YET = "Not yet, or not known"
WANTED = "What do you want to happen?"
SPEAK = "How did you speak?"


@dataclass(frozen=True, kw_only=True)
class Concern:
    """What a chair says of a concern. `impacts`: each child and how it affects that child."""

    family: str
    impacts: Mapping[str, str]
    reason: tuple[str, ...]
    words: str
    came_up: str = "At another time"
    ask: str = "A date for it, and who does it."


@dataclass(frozen=True)
class Agreed:
    """One action: what, by whom, by when."""

    what: str
    who: str
    by: date


def begins_a_concern(chair: Walker, concern: Concern, kind: str) -> None:
    """From Home by the list of children to the family, and from there to the first question."""
    first, *others = concern.impacts
    chair.goes_home()
    chair.clicks("Children")
    chair.clicks(concern.family, about=f"of {first}")
    chair.clicks(f"Raise a concern for {'these children' if others or family_of_several(chair) else 'this child'}")
    chair.presses_the_choice(kind, "Informal or ")
    chair.clicks("Continue")


def family_of_several(chair: Walker) -> bool:
    return "Raise a concern for these children" in chair.text()


def raises_informally(
    chair: Walker, concern: Concern, *agreed: Agreed, again: date, how: str = "By phone", agency: str = "",
    spoke_on: date | None = None,
    shown: Iterable[str] = (),
) -> None:  # fmt: skip
    """The two-minute record on one page."""
    begins_a_concern(chair, concern, "Informal")
    chair.ticks(*concern.impacts, to="Which children?")
    records_the_talk(chair, concern, *agreed, again=again, how=how, agency=agency, spoke_on=spoke_on, shown=shown)


def records_the_talk(
    chair: Walker, concern: Concern, *agreed: Agreed, again: date, how: str = "By phone", agency: str = "",
    spoke_on: date | None = None,
    shown: Iterable[str] = (),
) -> None:  # fmt: skip
    """On the page that asks for it, where the children are ticked."""
    chair.chooses(concern.came_up, to="When did this come up?")
    if any(reason not in chair.text() for reason in concern.reason):
        chair.unfolds("Other reasons")
    chair.ticks(*concern.reason)
    chair.types(concern.words, into="What is the concern?")
    for child, impact in concern.impacts.items():
        chair.types(impact, into=f"How does this affect {child}?")
    chair.chooses(NO, to=RISK)
    chair.chooses(how, to=SPEAK)
    types_actions(chair, agreed)
    chair.types_day(again, into="Check again on")
    if agency:
        chair.chooses(agency, to="Which agency is responsible?")
    if spoke_on:
        chair.types_day(spoke_on, into="When did you speak?")
    chair.sees(*shown)
    chair.clicks("Save record")
    chair.walk.record = chair.where()
    chair.walk.works()


def types_actions(who: Walker, agreed: Iterable[Agreed]) -> None:
    for number, action in enumerate(agreed, 1):
        if number > 1:
            who.clicks("Add another action")
        who.types(action.what, into="What will be done?", within=f"Action {number}")
        who.types(action.who, into="Who will do it?", within=f"Action {number}")
        who.types_day(action.by, into="By when?", within=f"Action {number}")


def raises_formally(
    chair: Walker,
    concern: Concern,
    stage: str,
    *,
    why: str = "",
    spoke: str = "In person",
    tried_to_speak: str = "",
    tried: str = "",
    shown: Iterable[str] = (),
    copied: Iterable[str] = (),
) -> None:
    """Question by question, to the answers that are checked, and sent."""
    begins_a_concern(chair, concern, "Formal")
    raises_what_was_begun(
        chair, concern, stage, why=why, spoke=spoke, tried_to_speak=tried_to_speak, tried=tried, shown=shown,
        copied=copied,
    )  # fmt: skip


def raises_what_was_begun(
    chair: Walker, concern: Concern, stage: str, *, why: str = "", spoke: str = "In person", tried_to_speak: str = "",
    tried: str = "",
    shown: Iterable[str] = (),
    copied: Iterable[str] = (),
) -> None:  # fmt: skip
    """From the first of the questions on."""
    says_what_it_is(chair, concern)
    chair.chooses(NO, to=RISK)
    chair.clicks("Continue")
    chair.types(tried, into="What has already been tried?")
    chair.clicks("Continue")
    chair.chooses(stage, to="Which stage should it start at?")
    if why:
        chair.types(why, into="Why not an earlier stage?")
    chair.clicks("Continue")
    chair.types(concern.ask, into=WANTED)
    chair.clicks("Continue")
    if stage == "Stage 1":
        says_who_was_spoken_to(chair, "Team Manager", spoke, tried_to_speak)
        chair.clicks("Continue")
    chair.sees(*shown)
    if copied:
        chair.ticks(*copied, to="Copy in anybody else?")
    chair.clicks("Continue")
    sends(chair)


@dataclass(frozen=True, kw_only=True)
class Starred:
    """What a starred recommendation sets out besides: who acts, what, and by when."""

    agency: str
    recommendation: str
    action: str
    completed: date
    answer_by: date | None = None


def makes_a_starred_recommendation(
    chair: Walker, concern: Concern, starred: Starred, *, shown: Iterable[str] = ()
) -> None:
    begins_a_concern(chair, concern, "Starred recommendation (stage 4)")
    says_what_it_is(chair, concern)
    chair.chooses(NO, to=RISK)
    chair.clicks("Continue")
    chair.clicks("Continue")
    chair.clicks("Continue")
    chair.types(starred.recommendation, into="Recommendation")
    chair.types(starred.action, into="Action required")
    chair.types_day(starred.completed, into="When should it be completed?")
    chair.clicks("Continue")
    chair.chooses(starred.agency, to="Which agency is responsible?")
    chair.clicks("Continue")
    chair.sees(*shown)
    if starred.answer_by:
        chair.types_day(starred.answer_by, into="When do you want the answer?")
    chair.clicks("Continue")
    sends(chair)


def says_what_it_is(chair: Walker, concern: Concern) -> None:
    chair.ticks(*concern.impacts)
    chair.clicks("Continue")
    chair.chooses(concern.came_up, to="When did this come up?")
    chair.clicks("Continue")
    chair.ticks(*concern.reason)
    chair.types(concern.words, into="In your own words")
    chair.clicks("Continue")
    for child, impact in concern.impacts.items():
        chair.types(impact, into=f"How does this affect {child}?")
    chair.clicks("Continue")


def says_who_was_spoken_to(chair: Walker, title: str, spoke: str, tried: str = "") -> None:
    question = f"Have you spoken to the {title}?"
    if tried:
        chair.chooses("I tried, and could not reach them", to=question)
        chair.types(tried, into="How did you try, and why could they not be reached?")
    else:
        chair.chooses(YES, to=question)
        chair.chooses(spoke, to=SPEAK)


def sends(chair: Walker) -> None:
    """The pause before the highest levels, the answers, the button, and the record."""
    if "Check your answers" in chair.buttons():
        chair.clicks("Check your answers")
    chair.presses_what_begins("Send to ")
    chair.presses_what_begins("Open ")
    chair.walk.record = chair.where()
    chair.walk.works()


# Answering ------------------------------------------------------------------------------------------------------------


def answers(
    who: Walker, text: str, *agreed: Agreed, agree: str = "Agree", stopped_by: Iterable[str] = (),
    partnership: str = "", sees: Iterable[str] = (),
) -> None:  # fmt: skip
    """By the link of the letter; sent to the approver where the policy asks for one, else to the chair."""
    by_the_letter(who, "Respond", "/respond")
    who.sees(*sees)
    who.chooses(agree, to="Do you agree there is a concern?")
    who.types(text, into="What will you do, and why?")
    types_actions(who, agreed)
    if stopped_by:
        who.ticks(*stopped_by, to="Is anything stopping this?")
    if partnership:
        who.chooses(partnership, to="Will you bring this to the attention of the wider partnership?")
    who.presses_what_begins("Send to ")
    who.walk.works()


def by_the_letter(who: Walker, words: str, page: str) -> None:
    """To the page where it is done: from the record, or at once where the letter says that it is late."""
    who.reads_the_letter()
    if not who.where().endswith(page):
        who.clicks(words)


def approves(who: Walker) -> None:
    by_the_letter(who, "Read and approve", "/approve")
    who.chooses("Approve", to="Do you approve this response?")
    who.clicks("Save decision")
    who.walk.works()


def sends_back(who: Walker, comment: str) -> None:
    by_the_letter(who, "Read and approve", "/approve")
    who.chooses("Send back", to="Do you approve this response?")
    who.types(comment, into="What needs to change?")
    who.clicks("Save decision")
    who.walk.works()


def answers_again(who: Walker, text: str) -> None:
    """What was sent back is there to be changed, with the comment."""
    by_the_letter(who, "Respond", "/respond")
    who.types(text, into="What will you do, and why?")
    who.presses_what_begins("Send to ")
    who.walk.works()


# Deciding -------------------------------------------------------------------------------------------------------------


def asked_about(chair: Walker, child: str) -> str:
    done, resolved = f"Has it been done for {child}?", f"Does this resolve it for {child}?"
    return done if done in chair.text() else resolved


def accepts(chair: Walker, *children: str, sees: Iterable[str] = ()) -> None:
    chair.opens_the_record()
    chair.sees(*sees)
    chair.presses("Decide what to do" if "Decide what to do" in chair.buttons() else "Decide")
    for child in children:
        chair.chooses(YES, to=asked_about(chair, child))
    chair.clicks("Save decision")
    chair.walk.works()


def does_not_accept(
    chair: Walker,
    *children: str,
    why: str,
    onward: str,
    keep: Iterable[str] = (),
    sees: Iterable[str] = (),
) -> None:
    chair.opens_the_record()
    chair.presses("Decide what to do" if "Decide what to do" in chair.buttons() else "Decide")
    chair.sees(*sees)
    for child in children:
        chair.chooses(NO, to=asked_about(chair, child))
    chair.types(why, into="If not, why?")
    if keep:
        chair.ticks(*keep, to="If not, which of the promised actions are to be done all the same?")
    chair.chooses(onward, to="If not, what next?")
    chair.clicks("Save decision")


def finds_no_answer(chair: Walker, onward: str, spoke_to: str = "", spoke: str = "", on: date | None = None) -> None:
    """A date has passed: the chair says what comes next, and of a talk with whom it was and when."""
    chair.opens_the_record()
    chair.clicks("Decide what to do")
    if on is not None:
        chair.chooses(spoke_to, to="Have you spoken to anyone about it?")
        chair.types_day(on, into="When did you speak?")
        chair.types(spoke, into="What was said?")
    chair.chooses(onward, to="What happens next?")
    chair.clicks("Continue")


def finds_it_not_done(chair: Walker) -> None:
    """The date of an informal talk has passed, and the chair moves it on from the record."""
    chair.opens_the_record()
    chair.clicks("Move to the next stage")


def moves_on(
    chair: Walker,
    different: str,
    *,
    ask: str = "",
    risk: str = NO,
    acted: str = "",
    spoke_to: str = "",
    how: str = "In person",
    tried_to_speak: str = "",
    shown: Iterable[str] = (),
    answer_by: date | None = None,
    complete_by: date | None = None,
    asked_as: str = WANTED,
) -> None:
    """The page of the next stage, the answers to check, and the record."""
    chair.types(different, into="What is different now?")
    if ask:
        chair.types(ask, into=asked_as)
    if RISK in chair.text():
        chair.chooses(risk, to=RISK)
        if risk == YES:
            chair.types(acted, into="What has been done to keep the child safe?")
            chair.types(chair.person.name, into="Who did it?")
    if spoke_to:
        says_who_was_spoken_to(chair, spoke_to, how, tried_to_speak)
    if answer_by:
        chair.types_day(answer_by, into="When do you want the answer?")
    if complete_by:
        chair.types_day(complete_by, into="When should it be completed?")
    chair.sees(*shown)
    chair.clicks("Continue")
    sends(chair)


# What was agreed ------------------------------------------------------------------------------------------------------


def does(who: Walker, action: str, helped: str) -> None:
    """Whoever does it says that it is done, and how they know that it helped."""
    who.goes_home()
    who.clicks("Update action", about=action)
    who.chooses("Done", to="Is it done?")
    who.types(helped, into="How do you know it has helped?")
    who.clicks("Save")
    who.walk.works()


def confirms(chair: Walker, action: str) -> None:
    chair.opens_the_record()
    chair.clicks("Confirm complete", about=action)
    chair.chooses("Confirm complete", to="Is this complete?")
    chair.clicks("Save")
    chair.walk.works()


def asks_for_a_date(who: Walker, action: str, to: date, why: str) -> None:
    who.goes_home()
    who.clicks("Update action", about=action)
    who.chooses("Ask for a new date", to="Is it done?")
    who.types_day(to, into="New date")
    who.types(why, into="Why does the date change?")
    who.clicks("Save")
    who.walk.works()


def answers_about_the_date(chair: Walker, verdict: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Answer about the new date")
    chair.chooses("Agree it" if verdict == YES else "No, the date stays", to="Do you agree the new date?")
    chair.types(why, into="Why?")
    chair.clicks("Save")
    chair.walk.works()


def finds_it_late(chair: Walker, what: str) -> None:
    """An agreed action is late: the chair says what happens with it."""
    chair.opens_the_record()
    chair.clicks("Decide on the action")
    chair.chooses(what, to="What happens with it?")
    chair.clicks("Continue")


def ends_the_action(chair: Walker, action: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Decide", about=action)
    chair.chooses("End it", to="What happens with it?")
    chair.types(why, into="Why is it enough as it is, or no longer needed?")
    chair.clicks("Continue")
    chair.walk.works()


def gives_more_time(chair: Walker, until: date, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Give more time")
    chair.types_day(until, into="New date")
    chair.types(why, into="Why is more time right for the child?")
    chair.clicks("Save new date")
    chair.walk.works()


def withdraws(chair: Walker, why: str) -> None:
    chair.opens_the_record()
    chair.clicks("Withdraw")
    chair.types(why, into="Why are you withdrawing it?")
    chair.presses_what_begins("Withdraw ")
    chair.walk.works()


def records_a_conversation(chair: Walker, with_whom: str, said: str) -> None:
    chair.opens_the_record()
    owed, offered = "Record the conversation", "Record a conversation"
    chair.clicks(owed if owed in chair.buttons() else offered)
    chair.chooses(with_whom, to="Who did you speak to?")
    chair.chooses("By phone", to="How?")
    chair.types(said, into="What was said?")
    chair.clicks("Save")
    chair.walk.works()


def takes_a_route(who: Walker, route: str, note: str, taken_by: str = "") -> None:
    who.opens_the_record()
    who.clicks("Record a route beside the stages")
    who.chooses(route, to="Which route?")
    who.types(taken_by, into="Who took it?")
    who.types(note, into="What is there to note?")
    who.clicks("Record")
    who.walk.works()


def carries_on(chair: Walker, shown: str, why: str) -> None:
    chair.goes_home()
    chair.presses_what_begins("Decide whether it goes on")
    chair.sees(shown)
    chair.types(why, into="Why does it go on without a plan?")
    chair.clicks("Carry on")
    chair.walk.works()


# Each child -----------------------------------------------------------------------------------------------------------


def ends_for(chair: Walker, child: str, how: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks(f"End it for {child}")
    chair.chooses(how, to=f"How does it end for {child}?")
    chair.types(why, into=f"What happens for {child} now?")
    chair.clicks("Save")
    chair.walk.works()


def opens_again_for(chair: Walker, child: str, why: str) -> None:
    chair.opens_the_record()
    chair.clicks(f"Open it again for {child}")
    chair.types(why, into="Why is it open again?")
    chair.clicks("Open it again")
    chair.walk.works()


# Safe now -------------------------------------------------------------------------------------------------------------


def records_what_was_done(who: Walker, what: str, *children: str) -> None:
    """From the record: done first, then said; for which of several children."""
    who.clicks("A child is at risk now")
    who.types(what, into="What was done to keep the child safe?")
    if children:
        who.ticks(*children, to=WHOSE_RISK)
    who.types(who.person.name, into="By whom?")
    who.clicks("Save")
    who.walk.works()


def rings_back(chair: Walker, said: str, *children: str, safe: str = "Yes, safe") -> None:
    """Whether each of the children is safe now is said with it."""
    chair.goes_home()
    chair.presses_what_begins("Record the call")
    for child in children:
        chair.chooses(safe, to=f"Is {child} safe now?")
    chair.types(said, into="What was said?")
    chair.clicks("Save")
    chair.walk.works()


def raises_at_risk(chair: Walker, concern: Concern, acted: str, by: str, suggested: str) -> None:
    begins_a_concern(chair, concern, "Formal")
    says_what_it_is(chair, concern)
    chair.chooses(YES, to=RISK)
    if len(concern.impacts) > 1:
        chair.ticks(*concern.impacts, to=WHOSE_RISK)
    chair.clicks("Continue")
    chair.sees("Act first. Has someone acted to make every child safe?", "999")
    chair.clicks("Yes, someone has acted")
    chair.types(acted, into="What was done?")
    chair.types(by, into="Who did it?")
    chair.clicks("Continue")
    chair.clicks("Continue")
    chair.sees(suggested)
    chair.clicks("Continue")
    chair.types(concern.ask, into=WANTED)
    chair.clicks("Continue")
    chair.clicks("Continue")
    chair.presses_the_choice(YES, "Have you rung ")
    for child in concern.impacts:
        chair.chooses(NOT_YET, to=f"Is {child} safe now?")
    sends(chair)


def closes_with_what_changed(chair: Walker, *, not_spoken: str = "", **changed: str) -> None:
    """`not_spoken` is why a talk that the policy asks for was not held."""
    chair.opens_the_record()
    chair.clicks("Say what changed and close")
    if not_spoken:
        chair.types(not_spoken, into="Why was the talk with the CSC Senior Manager not held?")
    for child, words in changed.items():
        chair.types(words, into=f"What changed for {child}?")
    chair.presses_what_begins("Close ")
    chair.walk.works()


def records_the_disagreement(chair: Walker, walk: Walk, what_now: str) -> None:
    """Above the highest stage stands nobody: it goes on record."""
    chair.sees("Close without resolving")
    chair.chooses("Not agreed at the highest stage; the disagreement is on record", to="How does it end?")
    chair.types(what_now, into="What happens for the child now?")
    chair.presses_what_begins("Close ")
    walk.works()
