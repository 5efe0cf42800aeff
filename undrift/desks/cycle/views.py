"""The page of a child's plan cycle: whose turn it is, what is due and why, the conferences, what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.family_facts import FamilyFacts
from undrift.applying.formats import FORMATS
from undrift.children.fact_words import said_by
from undrift.children.words import CATEGORIES
from undrift.desks.cycle import ways
from undrift.desks.cycle.doing import asked_in, cycle_of
from undrift.desks.frame.around_child import AroundChild
from undrift.desks.frame.components import Dated, Fact, Link, Moment, Table
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.counting import london_day
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.duties import Duty
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle.state import KINDS, NEXT_STEPS, OUTCOMES, PARTIES, VIEWS, Conference, KeyAction
from undrift.engine.plan_cycle.telling import Entry
from undrift.plan_cycle.picture import Picture

NO_DATE = "No date is set"


@dataclass(frozen=True)
class Shown:
    """One conference with what is said of it for this child, and what may be done about it."""

    title: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]


@require_safe
def show(request: SignedRequest, public_id: str) -> HttpResponse:
    picture = cycle_of(request, public_id)
    record = AroundChild(picture.child, request.user, picture.now, alone=True)
    acting = record.glass is None  # what an emergency opening opens is there to be read, and no more
    return render(request, "cycle/show.html", {
        "heading": "Child record: plan cycle",
        "record": record,
        "places": record.places("child-cycle"),
        "picture": picture,
        "ended": _ended(picture),
        "owed": _owed(picture, acting=acting),
        "why": tuple(_why(picture)),
        "links": ways.of_the_child(picture) if acting else (),
        "conferences": (
            *_planned_elsewhere(picture, acting=acting),
            *(_shown(picture, each, acting=acting) for each in picture.conferences),
        ),
        "prompts": picture.prompts,
        "offers": tuple(_offered(picture)) if acting else (),
        "key_actions": _key_actions(picture, acting=acting),
        "checks": _checks(picture),
        "beside": tuple(_beside(picture, acting=acting)),
        "moments": _moments(picture, acting=acting),
    })  # fmt: skip


def _ended(picture: Picture) -> str:
    """That the plan is over, and who says so or which file, where no entry here does; else ""."""
    last_day = picture.part.ended
    if last_day is None or not picture.state.children[picture.id].open:
        return ""
    changes = FamilyFacts(picture.viewer, picture.now).changes(picture.child)
    said = changes.filter(field="ends", was="").first()
    titles = {key: one.title for key, one in FORMATS.items()}
    by = f" Said by {said_by(said, titles)}, {full_day(london_date(said.at), short=True)}." if said is not None else ""
    return f"The plan ended on {full_day(last_day)}.{by}"


def _owed(picture: Picture, *, acting: bool) -> Table | None:
    """What, whose and by when; for whoever may do one of them, where it is done."""
    rows = [(picture.what(duty), picture.who(duty), _by(picture, duty)) for duty in picture.owed]
    places = [ways.of_duty(picture, duty) if acting else None for duty in picture.owed]
    heads: tuple[str, ...] = ("What", "Who", "By")
    if not any(places):
        return Table("What is due", heads, rows) if rows else None
    unless = ["On the day" if duty.must == CycleMust.HOLD else "Not for you" for duty in picture.owed]
    told = [(*row, place or word) for row, place, word in zip(rows, places, unless, strict=True)]
    return Table("What is due", (*heads, "Next"), told)


def _by(picture: Picture, duty: Duty) -> Dated | str:
    if duty.day is None:
        return (duty.due.none_because if duty.due is not None else "") or NO_DATE
    calendar = picture.rules.calendar
    return Dated(duty.day, due_label(duty.day, picture.now, calendar), lateness(duty.day, picture.now, calendar))


def _why(picture: Picture) -> list[tuple[str, str, tuple[str, ...]]]:
    """For each date that is counted: the question, the clause, the proof."""
    return [
        (f"Why {full_day(duty.day, short=True)} for {picture.what(duty)}?", duty.clause, lines)
        for duty in picture.owed
        if duty.day is not None and duty.basis != "agreed" and (lines := picture.why(duty))
    ]


NOT_FIXED_HERE = "Planned in the case system, and not fixed here yet"


def _planned_elsewhere(picture: Picture, *, acting: bool) -> Iterator[Shown]:
    """The conference that a file plans, where none is shown that lies ahead of this child: it is not fixed by that."""
    if any(c.ahead for c in picture.conferences) or not picture.part.open or picture.state.ended is not None:
        return
    planned = min((each for each in picture.file.planned if each.on >= picture.today), key=lambda p: p.on, default=None)
    if planned is None:
        return
    title = f"{KINDS.get(planned.kind, planned.kind)}, {full_day(planned.on, short=True)}"
    may = acting and picture.may("fix_conference")
    links = (Link("Fix it here", reverse("cycle-fix", args=[picture.child.public_id])),) if may else ()
    yield Shown(title, (Fact("State", NOT_FIXED_HERE),), links)


def _shown(picture: Picture, conference: Conference, *, acting: bool) -> Shown:
    links = ways.of_conference(picture, conference) if acting else ()
    if conference.id in picture.state.conferences and conference.held is not None:
        href = reverse("cycle-sheet", args=[picture.child.public_id, conference.id])
        links = (Link("Read the decision sheet", href), *links)
    return Shown(picture.called(conference), tuple(_facts(picture, conference)), links)


def _facts(picture: Picture, conference: Conference) -> list[Fact]:
    held, known = conference.held, conference.id in picture.state.conferences
    if held is None:
        where = ", ".join(filter(None, (f"{conference.time:%H:%M}" if conference.time else "", conference.place)))
        state = "Cancelled" if conference.cancelled else "Postponed" if conference.on is None else "Still to be held"
        state = state if known else NOT_FIXED_HERE
        return [
            Fact("State", state),
            *([Fact("Why", conference.why)] if conference.why else []),
            *([Fact("When and where", where)] if where else []),
            *([Fact("Invited", ", ".join(conference.invited))] if conference.invited else []),
            *_before(picture, conference),
        ]
    facts = [Fact("Decided", decision_of(picture, conference)), *([] if known else [Fact("Known from", "A file")])]
    if known:
        facts.append(Fact("Quorate", "Yes" if held.quorate else f"No. Missing: {', '.join(held.missing)}"))
    if not known and picture.rules.protocol.met_by("sheet sent"):
        facts.append(Fact("Decision sheet sent", picture.sheet_not_recorded))
    if conference.sheet is not None:
        facts.append(Fact("Decision sheet sent", full_day(london_day(conference.sheet[0]), short=True)))
    return [*facts, *_before(picture, conference)]


def _before(picture: Picture, conference: Conference) -> Iterator[Fact]:
    """What was done to prepare it: the reports, the discussion, and what was answered there with no."""
    title_of = picture.rules.protocol.title_of
    if shared := [f"{title_of(whose) or 'Report'}, {full_day(on, short=True)}" for whose, on in conference.reports]:
        yield Fact("Reports shared", "\n".join(shared))
    said = conference.discussion
    if said is None:
        return
    how = f", {said.how}" if said.how else ""
    yield Fact("Discussion before it", f"{OUTCOMES[said.outcome]}. {full_day(said.on, short=True)}{how}")
    if missing := [item.question for item in asked_in(picture, "discussion held") if said.answers.get(item.id) == "no"]:
        yield Fact("Answered with no", "\n".join(missing))
    if said.notes:
        yield Fact("Agreed there", said.notes)


def decision_of(picture: Picture, conference: Conference) -> str:
    """What was decided for this child, in words."""
    decided = conference.decided.get(picture.id)
    if decided is None:
        return "Nothing yet"
    if not decided.plan:
        return "No plan"
    category = dict(CATEGORIES).get(decided.category, "")
    return f"A child protection plan, {category.lower()}" if category else "A child protection plan"


def _offered(picture: Picture) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """What a concern may be raised of, and the two ways on. Nothing raises itself."""
    if not picture.may("begin_concern"):
        return
    child = picture.child.public_id
    for offer in picture.offers:
        raises = with_query(reverse("raise-choice", kwargs={"child": child}), {"from": offer.key})
        declines = reverse("cycle-decline", args=[child, offer.key])
        yield picture.offered(offer), (Link("Raise a concern", raises), Link("Raise nothing, and say why", declines))


def _key_actions(picture: Picture, *, acting: bool) -> Table | None:
    rows = [_key_action(picture, action, acting=acting) for action in picture.key_actions]
    heads = ("What", "Who", "By", "How it stands")
    return Table("Key actions", heads, rows) if rows else None


def _key_action(picture: Picture, action: KeyAction, *, acting: bool) -> tuple[object, ...]:
    calendar, said = picture.rules.calendar, action.fed_back
    if said is not None:
        stands = f"{'Done' if said.done else 'Not done'}. {said.text}"
        return action.wording, action.who, Dated(action.by, "Fed back", "met"), stands
    label, tone = due_label(action.by, picture.now, calendar), lateness(action.by, picture.now, calendar)
    href = reverse("cycle-feedback", args=[picture.child.public_id, action.id])
    link = Link("Say how it stands", href) if acting and picture.may_feed_back(action) else "Nothing heard yet"
    return action.wording, action.who, Dated(action.by, label, tone), link


def _checks(picture: Picture) -> Table | None:
    """Each check with the next step that it stated, and what that led to."""
    rows = [
        (full_day(check.on, short=True), check.experience, VIEWS[check.view], NEXT_STEPS[check.next_step],
         picture.led_to(check))
        for check in picture.state.children[picture.id].checks[::-1]
    ]  # fmt: skip
    heads = ("Looked on", "What is different for the child", "View", "Next step", "What it led to")
    return Table("Checks", heads, rows) if rows else None


def _beside(picture: Picture, *, acting: bool) -> Iterator[Fact]:
    """Letters, and ways that were taken beside the cycle."""
    child = picture.child.public_id
    for note in picture.state.notes:
        if note.child == picture.id:
            day = full_day(london_date(note.at))
            href = reverse("cycle-letter", args=[child, note.id])
            yield Fact("Good practice letter", day, href, "Read", f"the letter of {day}")
    for taken in picture.state.routes.values():
        if picture.id not in taken.children:
            continue
        route = picture.rules.protocol.route(taken.route)
        decided = {None: "Not decided yet", True: "Upheld", False: "Not upheld"}[taken.upheld]
        late = ", after the last day" if taken.late else ""
        said = f"{PARTIES[taken.party]}, {taken.who}, {full_day(taken.on)}{late}."
        href = reverse("cycle-decide", args=[child, taken.id]) if acting and picture.may_decide(taken) else ""
        says = f"{said} {decided}." if route is not None and route.decided_by else said
        yield Fact(route.title if route is not None else taken.route, says, href, "Decide", "on it")


def _correct(picture: Picture, entry: Entry, *, acting: bool) -> str:
    """Where the entry is marked as made in error; "" where it is already, or the viewer may not."""
    seq = entry.event.seq
    if not acting or not picture.may("correct") or seq in picture.state.corrected:
        return ""
    return reverse("cycle-correct", args=[picture.child.public_id, seq])


def _moments(picture: Picture, *, acting: bool) -> list[Moment]:
    corrected = picture.state.corrected
    return [
        Moment(
            entry.title,
            entry.event.at,
            by=f"{entry.event.by.name}, on behalf of {behalf}" if (behalf := entry.event.by.on_behalf_of)
            else entry.event.by.name,
            text=entry.text,
            struck=entry.event.seq in corrected,
            wrong="Made in error" if entry.event.seq in corrected else "",
            href=_correct(picture, entry, acting=acting),
            link="Made in error?",
            about=f"{entry.title}, entry {entry.event.seq}",
        )
        for entry in picture.entries
    ]  # fmt: skip
