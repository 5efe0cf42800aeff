"""The chair's decisions: does it resolve it, what next, more time, somebody else, what changed, the endings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.forms import Option
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.beside import others
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.each_child import running_on_file
from undrift.desks.resolution.forms import (
    ELSE,
    EndForm,
    HandOverForm,
    JudgeForm,
    MoreTimeForm,
    ResolveForm,
    UnansweredForm,
    WhyForm,
)
from undrift.desks.resolution.views import ask
from undrift.engine.dates.due import due_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import unanswered, waiting_over, waits_until
from undrift.engine.ladder.ending import talk_owed
from undrift.engine.ladder.standing import whose_part
from undrift.engine.ladder.state import DIED, DISAGREEMENT, ENDINGS
from undrift.resolutions.picture import Picture

THANKS = " Thank you to everyone who made it happen."


def decide(request: SignedRequest, reference: str) -> HttpResponse:
    """An answer is judged; where a date has passed without one, the chair chooses what next."""
    picture = picture_of(request, reference)
    if unanswered(picture.rules, picture.state, picture.now):
        may(picture, "hand_over")
        return _unanswered(request, picture)
    if request.method != "POST":  # what was typed is told, and kept, where somebody else decided first
        may(picture, "judge")
    return _judge(request, picture)


def _judge(request: SignedRequest, picture: Picture) -> HttpResponse:
    settle = not picture.stage.asks_for_response
    form = JudgeForm(
        request.POST if request.method == "POST" else None,
        names=picture.asked_about or {c: n for c, n in picture.names.items() if f"child-{c}" in request.POST},
        promised=picture.not_agreed_yet,
        asks="Has it been done for {name}?" if settle else "Does this resolve it for {name}?",
        onward=_onward(picture),
    )
    if request.method == "POST" and form.is_valid():
        verdicts = form.verdicts()
        accepted = all(verdicts.values())
        after = "resolution" if accepted else _AFTER[form.cleaned_data["next"]]
        said = "Recorded." if accepted else "Recorded that it is not resolved yet."
        act = acts.Judge(verdicts, form.cleaned_data["why"], tuple(form.cleaned_data.get("keep", ())))
        done = attempt(request, picture, act, form, done=said, onward=after)
        if done is not None:
            return done
    heading = "Decide what to do" if settle else "Decide"
    intro = [picture.no_time_left] if settle and picture.no_time_left else []
    return ask(
        request, picture, form, heading=heading, button="Save decision", intro=intro, template="resolution/decide.html"
    )


_AFTER = {
    "next-stage": "next-stage",
    "more-time": "more-time",
    "ask-again": "ask-again",
    "close": "close",
    "hand-over": "hand-over",
    "wait": "resolution",
}


def _onward(picture: Picture) -> list[tuple[str, str]]:
    protocol = picture.rules.protocol
    higher = [s for s in protocol.ladder if protocol.position(s.id) > protocol.position(picture.stage.id)]
    ways: list[tuple[str, str]] = []
    if higher:
        ways.append(("next-stage", f"Move to {_low(higher[0].title)}"))
    if picture.moves["ask_again"].allowed:
        ways.append(("ask-again", "Ask again at this stage"))
    if not picture.moves["give_more_time"].refusal:
        ways.append(("more-time", "Give more time"))
    if not higher and picture.state.directed:
        ways.append(("wait", Option("Track what was directed until it is done", "It binds, and you confirm it then")))
    elif not higher:
        ways.append(("close", "Record that it is not agreed, and close"))
    return ways


def _low(title: str) -> str:
    return title[:1].lower() + title[1:]


def _unanswered(request: SignedRequest, picture: Picture) -> HttpResponse:
    asked = picture.stage.answer
    who = picture.holder(asked.who) if asked else ""
    ways: list[tuple[str, str]] = [*_onward(picture)]
    instead = Option(f"Ask somebody else instead of {who}", "For example another manager, or one above")
    ways.insert(min(1, len(ways)), ("hand-over", instead))
    people = [(role, Option(name, title)) for role, title, name in others(picture)]
    form = UnansweredForm(request.POST if request.method == "POST" else None, onward=ways, people=people)
    if request.method == "POST" and form.is_valid():
        onward = _AFTER[form.cleaned_data["next"]]
        if not form.has_spoken:
            return redirect(onward, picture.resolution.reference)
        act = acts.Speak(_talk(picture, form.cleaned_data))
        done = attempt(request, picture, act, form, fields={"spoke": "spoke_on"}, onward=onward)
        if done is not None:
            return done
    ends = waits_until(picture.rules, picture.state, picture.state.here)
    heading = f"No response by {full_day(london_date(ends))}" if ends else "No response"
    yours = "The policy moves nothing on by itself. You choose what is right for the child."
    intro = [said for said in (picture.allowed, picture.no_time_left, yours) if said]
    return ask(
        request, picture, form, heading=heading, button="Continue", intro=intro, template="resolution/decide.html"
    )


def _talk(picture: Picture, said: Mapping[str, Any]) -> acts.Conversation:
    """With whom it was said to be, and nobody else."""
    role = said["spoke_with"]
    if role == ELSE:
        return acts.Conversation("Spoken with", said["spoke_on"], "", said["spoke_name"].strip(), said["spoke"])
    return acts.Conversation("Spoken with", said["spoke_on"], role, picture.spoken_with(role), said["spoke"])


def more_time(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "give_more_time")
    form = MoreTimeForm(request.POST if request.method == "POST" else None, bounds=picture.bounds_of_more_time)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.GiveMoreTime(c["until"], c["why"])
        done = attempt(request, picture, act, form, done=f"New date: {full_day(c['until'])}.")
        if done is not None:
            return done
    intro = [f"The date that {picture.who_set_the_date} stays on the record, and reports count by it."]
    return ask(request, picture, form, heading="Give more time", button="Save new date", intro=intro)


def hand_over(request: SignedRequest, reference: str) -> HttpResponse:
    """Another manager takes the part of the one who was asked, or of the one who approves."""
    picture = picture_of(request, reference)
    may(picture, "hand_over")
    return _hand_over(request, picture, whose_part(picture.rules, picture.state))


def hand_on_chair(request: SignedRequest, reference: str) -> HttpResponse:
    """Another chair takes the chair's part of this one concern."""
    picture = picture_of(request, reference)
    may(picture, "hand_over")
    return _hand_over(request, picture, picture.stage.judged_by[0])


NOBODY_COULD = "Nobody else holds a post in which this part could be taken. Ask those who keep the posts."


ANOTHER_PART = "This is about the part of the {now} now. Somebody has acted since you opened the page."


def _hand_over(request: SignedRequest, picture: Picture, role: str) -> HttpResponse:
    """The form says which part it is about: one that is not the one waited for any more is not given away."""
    people = {str(peer.person.pk): peer for peer in picture.could_take(role)}
    title = picture.rules.protocol.title_of(role)
    said, holder = picture.state.whose, picture.holder(role)
    not_theirs = said is not None and said.by.role == role
    data = request.POST.copy() if request.method == "POST" else None
    another = data is not None and data.get("part") != role
    if data is not None and another:
        data["part"] = role
        data.pop("person", None)
    late = role == (picture.stage.answer.who if picture.stage.answer else "")
    form = HandOverForm(
        data,
        people=[(number, Option(peer.person.name, peer.posts)) for number, peer in people.items()],
        stays=f"Nobody else: it stays with {holder}" if not_theirs else "",
        late=late
        and not picture.moves["give_more_time"].refusal
        and waiting_over(picture.rules, picture.state, picture.now),
        answers=not picture.is_settled_in_a_talk,
        initial={"until": _time_again(picture), "part": role},
    )
    if "until" in form.fields:
        form.fields["until"].help_text += f". {picture.bounds_of_more_time}"
    if another:
        form.add_error(None, ANOTHER_PART.format(now=title))
    if data is not None and form.is_valid():
        c = form.cleaned_data
        if (chosen := people.get(c["person"])) is not None:
            act: acts.Act = acts.HandOver(role, c["person"], chosen.person.name, c["why"], c.get("until"))
            told = f"{chosen.person.name} takes this on."
        else:
            act, told = acts.SayItStays(c["why"]), f"It stays with {holder}, who is told."
        done = attempt(request, picture, act, form, done=told)
        if done is not None:
            return done
    intro = [*(picture.not_mine[:1] if not_theirs else ()), *([] if people else [NOBODY_COULD])]
    return ask(request, picture, form, heading=f"Who takes the part of the {title}?", button="Save", intro=intro)


def _time_again(picture: Picture) -> date | None:
    """The day on which the answer would be due if the stage began today: a suggestion, for the chair to change."""
    asked = picture.stage.answer
    if asked is None:
        return None
    rules = picture.rules
    return due_if_counted(rules.counted(asked.within), picture.now, rules.calendar, bare_days=rules.bare_days).date


def resolve(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "resolve")
    talk = talk_owed(picture.rules, picture.state)
    names = {c.id: picture.names.get(c.id, "the child") for c in picture.state.living}
    form = ResolveForm(
        request.POST if request.method == "POST" else None,
        names=names,
        talk=picture.rules.protocol.title_of(talk.to or talk.who) if talk else "",
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.Resolve(form.changes(), c["too_long"], c.get("not_spoken", ""))
        thanks = "" if any(child.died_on for child in picture.children) else THANKS
        done = attempt(request, picture, act, form, done=f"Resolved.{thanks}")
        if done is not None:
            return done
    heading = "What changed?"
    return ask(
        request, picture, form, heading=heading, button=f"Close {picture.word}", template="resolution/decide.html"
    )


def close(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "close")
    may_be = {DISAGREEMENT: picture.may_record_disagreement, DIED: picture.state.nobody_lives}
    endings = [(key, words) for key, words in ENDINGS.items() if may_be.get(key, True)]
    ready = {"ending": DIED} if picture.state.nobody_lives else {}
    form = EndForm(request.POST if request.method == "POST" else None, endings=endings, initial=ready)
    if request.method == "POST" and form.is_valid():
        act = acts.Close(form.cleaned_data["ending"], form.cleaned_data["why"])
        done = attempt(request, picture, act, form, done="Closed. The whole record stays on file.")
        if done is not None:
            return done
    intro = [
        "Nothing more is asked of anybody then. What was written stays on record, and everyone with a part is told.",
        *running_on_file(picture, [child.id for child in picture.state.taking_part]),
        *picture.left_open,
    ]
    return ask(request, picture, form, heading="Close without resolving", button=f"Close {picture.word}", intro=intro)


def withdraw(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "withdraw")
    form = WhyForm(
        request.POST if request.method == "POST" else None,
        label="Why are you withdrawing it?",
        missing="Enter why you are withdrawing it",
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request, picture, acts.Withdraw(form.cleaned_data["text"]), form, done="Withdrawn. It stays on record."
        )
        if done is not None:
            return done
    intro = [
        "Withdraw it when it should not have been raised, or not like this. Nothing more is asked of anybody then. "
        "What was written stays on record, with your reason.",
        *picture.left_open,
    ]
    return ask(request, picture, form, heading="Withdraw", button=f"Withdraw {picture.word}", intro=intro, warning=True)
