"""The page of one resolution, and the small pages beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Link
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt, of_another_form
from undrift.desks.resolution.forms import WhyForm
from undrift.engine.ladder import acts
from undrift.engine.musts import OF_AN_ACTION, Must
from undrift.resolutions.child_file import also_named, of_child
from undrift.resolutions.dated import STILL
from undrift.resolutions.picture import Picture

if TYPE_CHECKING:
    from undrift.children.models import Child

# What the viewer can do, in the order in which it is offered: act, words, address, whether it is the main thing to do.
_BUTTONS = (
    ("approve", "Read and approve", "approve"),
    ("respond", "Respond", "respond"),
    ("judge", "Decide", "decide"),
    ("resolve", "Say what changed and close", "resolve"),
    ("move_on", "Move to the next stage", "next-stage"),
)
# What else: in groups, so that nobody looks for a note among the endings.
_MOVE = (
    *_BUTTONS,
    ("ask_again", "Ask again at this stage", "ask-again"),
    ("carry_on", "Carry on after the plan", "carry-on"),
    ("give_more_time", "Give more time", "more-time"),
    ("hand_over", "Ask somebody else to take it on", "hand-over"),
    ("hand_over", "Hand the chair’s part on", "hand-on-chair"),
    ("say_not_mine", "This is not mine to answer", "not-mine"),
)
_ADD = (
    ("agree_action", "Add an action", "new-action"),
    ("note", "Add a note or a phone call", "note"),
    ("speak", "Record a conversation", "spoke"),
    ("share", "Share it with somebody", "share"),
    ("take_route", "Record a route beside the stages", "route"),
)
_END = (
    ("close", "Close without resolving", "close"),
    ("withdraw", "Withdraw", "withdraw"),
)
_WAYS = (("Move it on", _MOVE), ("Add to the record", _ADD), ("End it", _END))


@dataclass(frozen=True)
class Ways:
    """Things that may be done besides the main one, under a heading."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Part:
    """One child's part in it: how it stands, and what the viewer may do about it."""

    child: Child
    words: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Copy:
    """One child's text for the case system, and whether somebody has filed it."""

    child: Child
    filed: bool


@require_safe
def show(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    return render(request, "resolution/show.html", page(picture))


def page(picture: Picture) -> dict[str, object]:
    reference = picture.resolution.reference
    main = _main(picture)
    return {
        "heading": picture.title,
        "whose_page": _whose_page(picture),
        "reference": reference,
        "picture": picture,
        "main": main,
        "ways": tuple(_ways(picture, main)),
        "approval": picture.approval if main and main.href == reverse("respond", args=[reference]) else "",
        "whose": _whose(picture),
        "withheld": _withheld(picture),
        "parts": tuple(_parts(picture)),
        "rings": tuple(_rings(picture)),
        "copies": tuple(_copies(picture)) if _offers(picture, "copy-text") else (),
        "schedule_href": reverse("schedule", args=[reference]),
        "urgent_href": reverse("record-urgent", args=[reference]) if _offers(picture, "record-urgent")
        else reverse("urgent"),
    }  # fmt: skip


def _whose_page(picture: Picture) -> str:
    """The record of the child, or of the family where it is about several; "" for whoever may not open it."""
    if not is_known(picture.viewer, "child"):
        return ""
    family = picture.resolution.family
    if len(picture.pages) > 1 and family is not None:
        return reverse("family", args=[family.reference])
    return reverse("child", args=picture.pages) if len(picture.pages) == 1 else ""


def _offers(picture: Picture, name: str) -> bool:
    """What an emergency opening opens is there to be read, and no more."""
    return not picture.read_only and is_known(picture.viewer, name)


def _ways(picture: Picture, main: Link | None) -> Iterator[Ways]:
    """Every group with something in it. What the button leads to, in its own words, is not said twice."""
    for heading, acts_of_it in _WAYS:
        links = (
            Link(words, reverse(name, args=[picture.resolution.reference]))
            for act, words, name in acts_of_it
            if picture.moves[act].allowed and _fits(picture, act) and _offers(picture, name)
        )
        if left := tuple(link for link in links if main is None or link.href != main.href):
            yield Ways(heading, left)
    if len(picture.state.children) == 1 and (again := tuple(_again(picture, picture.children[0]))):
        yield Ways("Take it back", again)


def _again(picture: Picture, child: Child) -> Iterator[Link]:
    """To open it again for a child of whom it is settled or ended, or once all of it has ended."""
    kept = picture.state.children.get(str(child.pk))
    over = kept is not None and (kept.settled or kept.ended or picture.state.ended)
    if over and picture.moves["reopen_child"].allowed and _offers(picture, "reopen-child"):
        href = reverse("reopen-child", args=[picture.resolution.reference, child.public_id])
        yield Link(f"Open it again for {child.called}", href)


def _parts(picture: Picture) -> Iterator[Part]:
    """Where children differ, or the viewer may end or open it for one of them."""
    reference = picture.resolution.reference
    for child in picture.children:
        kept = picture.state.children.get(str(child.pk))
        if kept is None:
            continue
        links = [*_again(picture, child)]
        may_end = picture.moves["end_for_child"].allowed and _offers(picture, "end-for-child")
        if may_end and kept.ended is None and len(picture.state.children) > 1:
            links.append(
                Link(f"End it for {child.called}", reverse("end-for-child", args=[reference, child.public_id]))
            )
        yield Part(child, picture.words_of_part(kept), tuple(links))


def _copies(picture: Picture) -> Iterator[Copy]:
    return (Copy(child, str(child.pk) in picture.state.filed) for child in picture.children)


def _rings(picture: Picture) -> Iterator[Link]:
    """The calls that are still to be made."""
    if picture.moves["ring_back"].allowed and _offers(picture, "rung"):
        for urgent in picture.state.not_rung_back:
            who = picture.to_ring(urgent)
            if who != picture.viewer.name:
                yield Link(f"I have rung {who}", reverse("rung", args=[picture.resolution.reference, urgent.seq]))


def _main(picture: Picture) -> Link | None:
    """The one thing to do: when it is the viewer's turn, or what they are late with and can still do."""
    if picture.read_only:
        return None
    if not picture.mine:
        return _late(picture) or _owed_talk(picture)
    reference = picture.resolution.reference
    match picture.step.must:
        case must if must in OF_AN_ACTION and picture.step.duty is not None:
            return Link(_ON_AN_ACTION[must], reverse("action", args=[reference, picture.step.duty.action]))
        case Must.DECIDE_IF_IT_GOES_ON:
            return Link("Decide whether it goes on", reverse("carry-on", args=[reference]))
        case Must.DO_WHAT_WAS_AGREED:
            left = [action for action in picture.state.open_actions if action.to_do]
            if not left:
                return None
            first = min(left, key=lambda action: action.person != picture.by.person)
            return Link("Update what was agreed", reverse("action", args=[reference, first.id]))
        case Must.DECIDE_NEXT if _moves_on(picture):
            return Link("Decide what to do", reverse("next-stage", args=[reference]))
        case Must.DECIDE_NEXT:
            return Link("Decide what to do", reverse("decide", args=[reference]))
        case Must.DECIDE:
            return Link("Decide", reverse("decide", args=[reference]))
    for act, words, name in _BUTTONS:
        if picture.moves[act].allowed and _fits(picture, act) and is_known(picture.viewer, name):
            return Link(words, reverse(name, args=[reference]))
    return None


def _late(picture: Picture) -> Link | None:
    """For whoever did not answer or approve in time: the date has passed, and they still can."""
    if not picture.still_open_to_them:
        return None
    offered = ((words, name) for act, words, name in _BUTTONS if act in STILL and picture.moves[act].allowed)
    return next((Link(words, reverse(name, args=[picture.resolution.reference])) for words, name in offered), None)


def _owed_talk(picture: Picture) -> Link | None:
    """For whoever owes a talk that the policy asks for, while somebody else has the turn."""
    talk = picture.talk_owed
    if talk is None or talk.who not in picture.by.roles or not picture.moves["speak"].allowed:
        return None
    return Link("Record the conversation", reverse("spoke", args=[picture.resolution.reference]))


def _moves_on(picture: Picture) -> bool:
    """Whether nothing is left to judge here and it may go on; from the highest stage nothing does."""
    decided = picture.state.here.judged is not None or not picture.stage.is_raised
    return decided and picture.moves["move_on"].allowed


_ON_AN_ACTION: Mapping[str, str] = {
    Must.CONFIRM_THE_ACTION: "Confirm the action",
    Must.DO_THE_ACTION: "Update the action",
    Must.DECIDE_ON_THE_ACTION: "Decide on the action",
    Must.AGREE_THE_DATE: "Answer about the new date",
    Must.DECIDE_WHO_DOES_IT: "Decide who does it",
}


def _fits(picture: Picture, act: str) -> bool:
    """Some acts are allowed and make no sense here; they are not offered."""
    if act == "judge":
        return not picture.state.accepted
    return True


def _whose(picture: Picture) -> Link | None:
    """For the chair, where whoever was asked says that it is not theirs."""
    if not picture.moves["say_it_stays"].allowed or not _offers(picture, "hand-over"):
        return None
    return Link("Decide whose it is", reverse("hand-over", args=[picture.resolution.reference]))


def _withheld(picture: Picture) -> tuple[str, ...]:
    """For the one whose turn it nearly is: why the button is not here."""
    wanted = [*(act for act, _, _ in _BUTTONS), "give_more_time"]
    reasons = [picture.moves[a].refusal for a in wanted]
    told = ("own-answer", "with-approver", "no-time-left")
    return tuple(dict.fromkeys(r.sentence for r in reasons if r is not None and r.code in told))


@require_safe
def copy_text(request: SignedRequest, reference: str, child: str) -> HttpResponse:
    """One child's record as text for the case system: nothing of a brother's or sister's."""
    return _copy(request, picture_of(request, reference), child)


def _copy(request: SignedRequest, picture: Picture, child: str) -> HttpResponse:
    public = {c.public_id: c for c in picture.children}
    if child not in public:
        return render(request, "404.html", {"heading": "Page not found"}, status=404)
    lines = tuple(of_child(picture, str(public[child].pk)))
    context = {
        "heading": "Copy text",  # the caption names the child: a browser keeps the titles of the pages it has shown
        "caption": f"For {public[child].called}",
        "picture": picture,
        "child": public[child],
        "text": "".join(f"{line}\n" for line in lines if line),
        "also_named": " and ".join(also_named(picture, str(public[child].pk), lines)),
        "filed": str(public[child].pk) in picture.state.filed,
        "back": reverse("resolution", args=[picture.resolution.reference]),
    }
    return render(request, "resolution/copy.html", context)


def file(request: SignedRequest, reference: str, child: str) -> HttpResponse:
    picture = picture_of(request, reference)
    public = {c.public_id: c for c in picture.children}
    if request.method == "POST" and child in public:
        may(picture, "file")
        form = Form(request.POST)  # asks nothing
        act = acts.File(str(public[child].pk), request.POST.get("system", ""))
        done = attempt(request, picture, act, form, done="Marked as filed on the case system.")
        if done is not None:
            return done
    return _copy(request, picture, child)


def note(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "note")
    form = WhyForm(
        request.POST if request.method == "POST" else None,
        label="Your note",
        hint="What you heard or did, and what it means for the child",
        missing="Enter the note",
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(request, picture, acts.Note(form.cleaned_data["text"]), form, done="Your note is on the record.")
        if done is not None:
            return done
    return ask(request, picture, form, heading="Add a note or a phone call", button="Save note")


def ask(
    request: SignedRequest, picture: Picture, form: BaseForm, *, heading: str, button: str, **context: Any
) -> HttpResponse:
    """A question about a resolution, with the way back to it.

    What was typed into another form, which stood here until somebody decided, is led to instead.
    """
    if (kept := of_another_form(request, picture, form, context.get("rows"))) is not None:
        return kept
    reference = picture.resolution.reference
    return render_question(
        request,
        form,
        heading=heading,
        button=button,
        back=reverse("resolution", args=[reference]),
        caption=f"{picture.word.capitalize()} {reference}",
        **{"template": "resolution/ask.html", "picture": picture, "reference": reference, **context},
    )
