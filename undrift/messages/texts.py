"""What a message says. Reference, date and link: never a name, an age or a word of the concern.

Each kind of notice has its subject and its sentences in the table below; `write` fills them in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from undrift.access.rows import visible_to
from undrift.engine.dates.moments import LONDON, in_words, london_date
from undrift.engine.duties import must_of, of_what, subject_of
from undrift.engine.ladder.audience import (
    CHECK,
    DIRECTED,
    FIND_OUT,
    FOR_THE_PARTNERSHIP,
    ON_WHAT_WAS_AGREED,
    SHARED_WITH_THEM,
    TAKE_THE_STEP,
)
from undrift.engine.musts import ANSWERS, Must
from undrift.plan_cycle.queries import page_for
from undrift.plan_cycle.words import is_cycle, is_of_a_key_action, what_happened, words_of
from undrift.protocol.model import Stage
from undrift.record.adopted import protocol_of
from undrift.record.handing_on import A_PART_IS_LEFT, ALSO_TOLD, HANDED_ON
from undrift.record.held import one_has_died
from undrift.record.history import action_set, duty_passed
from undrift.resolutions.in_a_line import worth_deciding
from undrift.resolutions.models import Resolution
from undrift.resolutions.where_done import OF_ONE, RECORD, done_on

if TYPE_CHECKING:
    from undrift.record.models import Notice


@dataclass(frozen=True)
class Text:
    subject: str
    body: str


@dataclass(frozen=True)
class Facts:
    """All that a text may use."""

    reference: str
    thing: str  # "resolution", "starred recommendation"
    stage: str
    by: date | None
    chair: str
    ring: str
    approver: str  # the title of whoever approves the answer at this stage; "" where nobody has to
    late: bool = False  # the date has passed

    @property
    def named(self) -> str:
        """What it is, and at which stage where that is another word."""
        at = "" if self.stage == self.thing else f" ({self.stage})"
        return f"{self.thing} {self.reference}{at}"

    @property
    def raised(self) -> str:
        return self.thing if self.stage == self.thing else f"{self.thing} at {self.stage}"

    @property
    def day(self) -> str:
        """The date for a subject: "Tue 12 May"."""
        return f"{self.by:%a} {self.by.day} {self.by:%b}" if self.by else ""

    @property
    def in_words(self) -> str:
        return in_words(self.by) if self.by else ""

    @property
    def in_that_time(self) -> str:
        """What has to happen by the same date, with a space before it."""
        return f" The {self.approver} needs to approve your response in that time." if self.approver else ""


Line = Callable[[Facts], str]
Wording = tuple[Line, Line]


def _asks(verb: str, what: str, body: str) -> Wording:
    """A subject that begins with what to do and by when, or, where that day is over, since when it is owed.

    "{by}" in the body is the date with its comma; what was due is said at the end.
    """

    def subject(f: Facts) -> str:
        when = f", was due {f.day}" if f.by and f.late else f" by {f.day}" if f.by else ""
        return f"{verb}{when}: {what.format(f=f)}"

    return subject, _with_its_date(body)


def _in_time(subject: str, by_when: str, body: str) -> Wording:
    """A subject that says what came, then by when something is to be done about it."""

    def headed(f: Facts) -> str:
        when = "" if not f.by else ". It was due {f.day}" if f.late else by_when
        return f"{subject}{when}".format(f=f)

    return headed, _with_its_date(body)


def _with_its_date(body: str) -> Line:
    """Nobody is asked for anything by a day that is over: of that it is said when it was due."""

    def text(f: Facts) -> str:
        was = f" It was due on {f.in_words}." if f.by and f.late else ""
        return body.format(f=f, by=f" by {f.in_words}" if f.by and not f.late else "") + was

    return text


def _new_day(what: str, of: str, body: str) -> Wording:
    """A subject that says what became of a date, which one it is, and of what; "{day}" in the body is the date."""

    def subject(f: Facts) -> str:
        return f"{what}{f', {f.day}' if f.by else ''}: {of.format(f=f)}"

    return subject, lambda f: body.format(f=f, day=f": {f.in_words}" if f.by else "")


def _says(subject: str, body: str) -> Wording:
    return (lambda f: subject.format(f=f)), (lambda f: body.format(f=f))


def _with_a_new_date(subject: str, body: str) -> Wording:
    """What came, and the new date where it brought one."""

    def said(f: Facts) -> str:
        return f"It has a new date: {f.in_words}. {body}" if f.by else body

    return (lambda f: subject.format(f=f)), said


FOR_INFORMATION = "This is for your information. There is nothing you need to do."
# Of a plan cycle, to somebody of another agency to whom the child's record is not open: no link that leads nowhere.
NOT_OPEN = "The child’s record is not open to you here."
NOT_OPEN_BY_IT = "This message does not open the record to you."
HEARS_FROM_THE_CHAIR = f"{NOT_OPEN} The chair of the conference tells you what you need to know."
TELLS_THE_CHAIR = f"{NOT_OPEN} Tell the chair of the conference when it is done: the chair records it."
RECORD_NOT_OPEN = "The record is not open to you."
READ = re.compile(r" Read [^.]*\.|,? and may read it(?=\.)")  # what a message asks or lets somebody read on the record
COPIED_IN = "You are copied in, as the policy says. There is nothing you need to do."
CHECK_IT = "A child is at immediate risk. Check that somebody has acted."
RING_NOW = _says(
    "Immediate risk: ring about {f.reference}",
    "A child is at immediate risk. Ring now, make sure that the child is safe, and record the call.",
)
BROUGHT = _says(
    "For the partnership: a council brings something to you",
    "A council brings what it answered at {f.stage} to the attention of the wider partnership. The record is not open "
    "to you, and nothing of it stands here. Your home says which council, and where to ring: agree with it what the "
    "partnership needs to know.",
)
CHECK_NOW = _says("Immediate risk: check {f.reference}", CHECK_IT)

# By the event's type and what is asked; with an empty ask for those who are told for information.
WORDINGS: Mapping[tuple[str, str], Wording] = {
    ("raised", "respond"): _asks(
        "Respond", "{f.named}",
        "{f.chair} has raised a {f.raised} for a child your team works with. "
        "Please respond{by}.{f.in_that_time}",
    ),
    ("raised", "settle"): _in_time(
        "Agreed with you: {f.named}", ". Checked again on {f.day}",
        "{f.chair} has recorded what you agreed in conversation. Read who does what, and see that it is done{by}.",
    ),
    ("raised", "do the action"): _asks(
        "Do what was agreed", "an action on {f.reference}", "An action on {f.reference} is yours{by}. Read it.",
    ),
    ("raised", "approve"): _asks(
        "For your approval", "the response to {f.named}",
        "{f.chair} has raised a {f.raised}. The response to it needs your approval{by}. "
        "You are told when it is there to read.",
    ),
    ("raised", Must.RING): RING_NOW,
    ("raised", CHECK): CHECK_NOW,
    ("raised", ""): _says("For information: {f.named}", FOR_INFORMATION),
    ("moved_on", "respond"): _asks(
        "Respond", "{f.reference} is now at {f.stage}",
        "{f.chair} has moved {f.reference} to {f.stage}. Please respond{by}.{f.in_that_time}",
    ),
    ("moved_on", "approve"): _asks(
        "For your approval", "the response to {f.reference}, now at {f.stage}",
        "{f.chair} has moved {f.reference} to {f.stage}. The response to it needs your approval{by}. "
        "You are told when it is there to read.",
    ),
    ("moved_on", Must.RING): RING_NOW,
    ("moved_on", CHECK): CHECK_NOW,
    ("moved_on", ""): _says("Now at {f.stage}: {f.reference}", FOR_INFORMATION),
    ("answer_drafted", "approve"): _asks(
        "Approve", "response to {f.reference}", "A response to {f.reference} needs your approval{by}.",
    ),
    ("answer_drafted", ""): _says("Response written: {f.reference}", FOR_INFORMATION),
    ("sent_back", ""): _says("Changes asked: response to {f.reference}", FOR_INFORMATION),
    ("sent_back", "respond"): _in_time(
        "Changes asked: response to {f.reference}", " (still due {f.day})",
        "A response to {f.reference} came back with a comment. Please send it again{by}.",
    ),
    ("answered", "decide"): _in_time(
        "Response received: {f.reference}", ". Your decision by {f.day}",
        "{f.reference} has been answered. Please decide{by}.",
    ),
    ("approved", "decide"): _in_time(
        "Response received: {f.reference}", ". Your decision by {f.day}",
        "{f.reference} has been answered. Please decide{by}.",
    ),
    ("answered", ""): _says("Response sent: {f.reference}", "The response to {f.reference} is with the chair."),
    ("approved", ""): _says("Response approved: {f.reference}", "The response to {f.reference} is with the chair."),
    **dict.fromkeys((("answered", FOR_THE_PARTNERSHIP), ("approved", FOR_THE_PARTNERSHIP)), BROUGHT),
    ("date_lapsed", Must.DECIDE_NEXT): _asks(
        "Decide", "no response to {f.reference}",
        "The date for {f.reference} passed without a response. Please decide what next{by}.",
    ),
    ("date_lapsed", ON_WHAT_WAS_AGREED): _asks(
        "Decide", "what was agreed is not recorded as done, {f.reference}",
        "The agreed date for {f.reference} passed, and what was agreed is not recorded as done. "
        "Please decide what next{by}.",
    ),
    ("date_lapsed", Must.DECIDE_ON_THE_ACTION): _asks(
        "Decide", "an action on {f.reference} is late",
        "The date of an action on {f.reference} passed, and nobody has said that it is done. "
        "Please decide on it{by}.",
    ),
    ("date_lapsed", Must.DECIDE): _asks(
        "Decide", "{f.reference} waits for you", "Your decision on {f.reference} is waited for. Please decide{by}.",
    ),
    ("date_lapsed", Must.CONFIRM_THE_ACTION): _asks(
        "Confirm", "an action on {f.reference} is done",
        "Somebody said that an action on {f.reference} is done. Please confirm it, or say what is still needed{by}.",
    ),
    ("date_lapsed", Must.AGREE_THE_DATE): _asks(
        "Answer", "a new date is asked for, {f.reference}",
        "Somebody asks for a new date for an action on {f.reference}. Please agree it or not{by}.",
    ),
    ("date_lapsed", Must.DECIDE_IF_IT_GOES_ON): _asks(
        "Decide", "a plan has ended, {f.reference}",
        "A child's plan has ended with {f.reference} open. Please decide whether it goes on{by}.",
    ),
    ("date_lapsed", Must.DECIDE_WHO_DOES_IT): _asks(
        "Decide", "nobody does an action on {f.reference}",
        "Whoever was to do an action on {f.reference} is no longer here. Please decide who does it{by}.",
    ),
    ("date_lapsed", Must.DECIDE_WHOSE): _asks(
        "Decide", "whose is {f.reference}?",
        "Whoever was asked about {f.reference} says that it is not theirs to answer. "
        "Please decide whose it is{by}.",
    ),
    ("date_lapsed", Must.RESOLVE): _asks(
        "Write what changed", "{f.reference}",
        "All that was agreed on {f.reference} is done. Please write what changed for each child, and resolve it{by}.",
    ),
    ("date_lapsed", Must.SPEAK): _asks(
        "Speak", "no conversation is recorded on {f.reference}",
        "The policy asks you for a conversation about {f.reference}, and none is recorded. "
        "Please speak, and record it{by}.",
    ),
    ("date_lapsed", Must.APPROVE): _asks(
        "Approve", "response to {f.reference}",
        "The date for {f.reference} has passed, and a response waits for your approval. You can still approve it; "
        "the chair decides what next.",
    ),
    ("date_lapsed", TAKE_THE_STEP): _asks(
        "Record", "a step on {f.reference}",
        "The date of a step that the policy asks of you on {f.reference} has passed. Take it, and record it.",
    ),
    ("date_lapsed", FIND_OUT): _asks(
        "Find out", "a step on {f.reference} is not recorded",
        "The date of a step that the policy asks for on {f.reference} has passed, and nobody has recorded it.",
    ),
    ("date_lapsed", "respond"): _says(
        "Not answered: {f.reference}",
        "The date for {f.reference} has passed. You can still respond; the chair decides what next.",
    ),
    ("date_lapsed", "settle"): _says(
        "Agreed date passed: {f.reference}", "The agreed date for {f.reference} has passed. The chair decides.",
    ),
    ("date_lapsed", "ring"): _says(
        "No call recorded: ring about {f.reference}",
        "No call is on record that makes sure a child is safe, {f.reference}. Ring now, and record the call.",
    ),
    ("date_lapsed", ""): _says("A date passed: {f.reference}", FOR_INFORMATION),
    ("judged", ""): _says("Decided: {f.reference}", "The chair has decided on {f.reference}. Read the decision."),
    ("more_time_given", ""): _new_day(
        "New date", "{f.reference}", "The chair has given more time for {f.reference}{day}.",
    ),
    ("action_done", "confirm"): _asks(
        "Confirm", "an action on {f.reference} is done", "An action on {f.reference} is done. Please confirm it{by}.",
    ),
    ("action_done", ""): _says("Done: an action on {f.reference}", FOR_INFORMATION),
    ("action_agreed", "do the action"): _asks(
        "Do what was agreed", "an action on {f.reference}", "An action on {f.reference} is yours{by}. Read it.",
    ),
    ("action_agreed", ""): _says(
        "An action was added: {f.reference}",
        "Somebody else than the chair has put down an action that was agreed on {f.reference}. Its date and who does "
        "it stand there; the chair can change both.",
    ),
    ("action_agreed", DIRECTED): _asks(
        "Do what was directed", "an action on {f.reference}",
        "A Chief Officer directs an action on {f.reference} that is yours{by}. Read it.",
    ),
    ("action_returned", "do the action"): _asks(
        "More to do", "an action on {f.reference}", "An action on {f.reference} is not complete yet. "
        "Read what is still needed{by}.",
    ),
    ("action_confirmed", ""): _says("Complete: an action on {f.reference}. Thank you", FOR_INFORMATION),
    ("action_date_changed", ""): _new_day(
        "New date", "an action on {f.reference}", "An action on {f.reference} has a new date{day}.",
    ),
    ("action_date_asked", "agree the new date"): _asks(
        "Answer", "a new date is asked for, {f.reference}",
        "Somebody asks for a new date for an action on {f.reference}. Please agree it or not{by}.",
    ),
    ("action_date_asked", ""): _says("A new date is asked for: an action on {f.reference}", FOR_INFORMATION),
    ("action_date_declined", ""): _new_day(
        "The date stays", "an action on {f.reference}",
        "The new date that you asked for was not agreed: the date stays{day}. Read why.",
    ),
    ("owner_left", "decide who does it"): _asks(
        "Decide", "nobody does an action on {f.reference}",
        "Whoever was to do an action on {f.reference} is no longer here. Please decide who does it{by}.",
    ),
    ("owner_left", ""): _says("Nobody does it any more: an action on {f.reference}", FOR_INFORMATION),
    ("action_given", "do the action"): _asks(
        "Do what was agreed", "an action on {f.reference}", "An action on {f.reference} is yours{by}. Read it.",
    ),
    ("action_given", ""): _says(
        "Somebody else does it: an action on {f.reference}",
        "An action on {f.reference} that was yours is somebody else's from now on. Nothing more is asked of you there.",
    ),
    ("said_not_mine", "decide whose it is"): _asks(
        "Decide", "whose is {f.reference}?",
        "Whoever was asked about {f.reference} says that it is not theirs to answer. Please decide whose it is{by}.",
    ),
    ("said_not_mine", ""): _says("Said to be another’s to answer: {f.reference}", FOR_INFORMATION),
    ("said_to_stay", ""): _says(
        "It stays with you: {f.reference}", "The chair has decided that {f.reference} is yours to answer. Read why.",
    ),
    ("action_dropped", ""): _says("No longer needed: an action on {f.reference}", FOR_INFORMATION),
    ("date_lapsed", "do the action"): _says(
        "Agreed date passed: an action on {f.reference}",
        "The date of an action on {f.reference} has passed. You can still say that it is done; the chair decides.",
    ),
    ("asked_again", "respond"): _asks(
        "Respond again", "{f.reference} ({f.stage})",
        "{f.chair} asks for another answer on {f.reference}{by}. Read what is still needed.",
    ),
    ("asked_again", ""): _says("Asked again: {f.reference}", FOR_INFORMATION),
    ("urgent_action_recorded", "ring"): _says(
        "Urgent action recorded: ring about {f.reference}",
        "Somebody has recorded urgent action to keep a child safe. Ring now, make sure that the child is safe, "
        "and record the call.",
    ),
    ("urgent_action_recorded", CHECK): _says(
        "Urgent action recorded: check {f.reference}",
        "Somebody has recorded urgent action to keep a child safe. Check that what has been done is enough.",
    ),
    ("rung_back", Must.RING): _says(
        "Call made, not safe yet: {f.reference}",
        "Somebody has rung, and a child is not safe yet. Act, then ring again and record the call.",
    ),
    ("rung_back", CHECK): _says("Call made, not safe yet: check {f.reference}", CHECK_IT),
    ("rung_back", ""): _says(
        "Call made: {f.reference}",
        "Somebody has rung and made sure: the immediate risk is over. There is nothing more to check.",
    ),
    ("ring_given_up", ""): _says("No call was made: {f.reference}", FOR_INFORMATION),
    ("child_ended", ""): _says("Ended for one child: {f.reference}", FOR_INFORMATION),
    ("child_reopened", ""): _says("Open again: {f.reference}", FOR_INFORMATION),
    ("plan_ended", "decide whether it goes on"): _asks(
        "Decide", "a plan has ended, {f.reference}",
        "A child's plan has ended with {f.reference} open. Please decide whether it goes on{by}.",
    ),
    ("plan_ended", ""): _says(
        "A plan has ended: {f.reference}",
        "A child's plan has ended with {f.reference} open. Its chair decides whether it goes on. "
        "There is nothing you need to do.",
    ),
    ("plan_end_taken_back", ""): _says(
        "A plan goes on: {f.reference}",
        "It was on file that a child's plan had ended, and that is taken back: the plan goes on, and so does "
        "{f.reference}. There is nothing to decide about it any more.",
    ),
    ("carried_on", ""): _says("Goes on after the plan: {f.reference}", FOR_INFORMATION),
    ("route_taken", SHARED_WITH_THEM): _says(
        "Shared with you, as the policy says: {f.reference}",
        "Another route was used on {f.reference}, and the policy has it shared with you; the record says by whom, and "
        "what has been tried. Nothing is asked of you.",
    ),
    ("route_taken", ""): _says("Another route was used: {f.reference}", FOR_INFORMATION),
    ("handed_over", "respond"): _asks(
        "Over to you", "{f.reference}", "{f.chair} asks you to take on {f.reference}. Read what is asked{by}.",
    ),
    ("handed_over", "decide"): _says(
        "Over to you: {f.reference}", "The chair's part of {f.reference} is yours from now on. Read where it stands.",
    ),
    ("handed_over", "approve"): _asks(
        "Over to you", "{f.reference}", "{f.chair} asks you to approve the response to {f.reference}{by}. Read it.",
    ),
    ("handed_over", ""): _with_a_new_date("Handed over: {f.reference}", FOR_INFORMATION),
    ("corrected", ""): _says(
        "What you wrote was marked as made in error: {f.reference}",
        "An entry of yours on {f.reference} was marked as made in error. It stays there, struck through, with who said "
        "so and why. Read it; if it is right as it was, say so in a note.",
    ),
    ("shared", SHARED_WITH_THEM): _says(
        "Shared with you: {f.reference}",
        "{f.reference} is shared with you; the record says by whom and why. Nothing is asked of you.",
    ),
    ("shared", ""): _says("Shared with somebody: {f.reference}", FOR_INFORMATION),
    ("resolved", ""): _says("Resolved: {f.reference}. Thank you", "{f.reference} is resolved. Thank you."),
    ("withdrawn", ""): _says("Withdrawn: {f.reference}", "{f.reference} was withdrawn. Nothing more is asked."),
    ("closed", ""): _says("Closed: {f.reference}. Thank you", "{f.reference} is closed. Thank you."),
}  # fmt: skip
# Of what no act brings about.
OF_NO_EVENT: Mapping[tuple[str, str], Wording] = {
    ("handed_on", ""): _says(
        "Over to you: {f.reference}",
        "The chair's part of {f.reference} is yours from now on. Read where it stands.",
    ),
    ("chair_changed", ""): _says(
        "Another chair: {f.reference}",
        "{f.chair} has the chair's part of {f.reference} from now on.",
    ),
    ("also_told", ""): _says(
        "For information: {f.named}",
        "You have a part for a child whom {f.reference} is about, and so you are told of it and may read it. "
        "Nothing is asked of you.",
    ),
    ("also_told", CHECK): _says(
        "For information: {f.named}",
        "You have a part for a child whom {f.reference} is about, and so you are told of it and may read it.",
    ),
    ("also_told", A_PART_IS_LEFT): _says(
        "One part is no longer yours: {f.named}",
        "A part of {f.reference} went with a child to somebody else. You keep your part for another child whom it is "
        "about, and may read it. Nothing is asked of you there for now.",
    ),
    ("no_longer", ""): _says(
        "No longer yours: {f.reference}",
        "Your part of {f.reference} went with the child to somebody else. Nothing more is asked of you there.",
    ),
    ("post_vacant", ""): _says(
        "Nobody holds the post: {f.reference}",
        "{f.reference} waits for a post that nobody holds. Please find out who takes it up.",
    ),
}
THANKS = ". Thank you"
OTHERWISE_ASKED = _asks("Your turn", "{f.reference} ({f.stage})", "Something is asked of you on {f.reference}{by}.")
OTHERWISE = _says("News of {f.reference}", "There is news of {f.reference}.")


def write(notice: Notice) -> Text:
    """The subject and the plain text of a notice. It needs the notice's resolution, its chair and its authority."""
    if is_cycle(notice.case):
        return _of_a_cycle(notice)
    facts = _facts(notice)
    otherwise = OTHERWISE_ASKED if notice.ask else OTHERWISE
    subject, body = {**WORDINGS, **OF_NO_EVENT}.get((notice.kind, notice.ask), otherwise)
    where, said = _where(notice, facts), body(facts)
    if notice.ask != FOR_THE_PARTNERSHIP and not _is_open(notice):
        where, said = _not_open(notice, facts), READ.sub("", said)
    if said == FOR_INFORMATION and notice.role in protocol_of(notice.case).always_copied:
        said = COPIED_IN
    parts = [said, where, genuine(facts.ring)]
    if notice.urgent and _comes_to_it(notice):
        rings = notice.ask != CHECK and notice.role in protocol_of(notice.case).stage(notice.stage).judged_by
        return _urgently(Must.RING if rings else notice.ask, facts, parts)
    told = Text(subject(facts), _joined(parts))
    return _without_thanks(told) if THANKS in told.subject and one_has_died(notice.case_id) else told


def _of_a_cycle(notice: Notice) -> Text:
    """Of a plan cycle: what is asked, or what happened, by the titles that the policy and the service have for it."""
    case = notice.case
    if notice.ask:
        asks = _asks("Your turn", "{f.thing} ({f.reference})", "In a plan cycle this is yours{by}: {f.thing}.")
        facts = _facts_of_a_cycle(notice)
        subject, body = (line(facts) for line in asks)
    else:
        what = what_happened(notice.kind)
        if notice.kind == "date_lapsed":
            what = f"{what}, {words_of(protocol_of(case), must_of(duty_passed(case.pk, notice.seq)))}"
        subject, body = f"For information: {what} ({case.reference})", f"In a plan cycle: {what}. {FOR_INFORMATION}"
    where = TELLS_THE_CHAIR if notice.ask else HEARS_FROM_THE_CHAIR
    site = settings.SITE_URL.rstrip("/")
    if child := page_for(case, notice.to_person, timezone.now()):
        where = f"Read it here: {site}/children/{child}/cycle"
    elif action := _key_action(notice):
        where = f"Tell the chair here: {site}/key-actions/{case.reference}/{action}"
    return Text(subject, _joined([body, where, genuine(case.authority.mailbox_phone)]))


def _key_action(notice: Notice) -> str:
    """That on which it asks somebody by name, when it was set or its date has passed; "" where it asks another thing.

    Whoever is asked for a part alone has no page of it but the child's.
    """
    if notice.role or not is_of_a_key_action(protocol_of(notice.case), notice.ask):
        return ""
    match notice.kind:
        case "key_action_set":
            return action_set(notice.case_id, notice.seq)
        case "date_lapsed":
            return of_what(duty_passed(notice.case_id, notice.seq))
        case _:
            return ""


def _facts_of_a_cycle(notice: Notice) -> Facts:
    """What is asked, by when, and where; a cycle has no stages."""
    case, late = notice.case, notice.due is not None and notice.due < london_date(notice.created_at)
    what = words_of(protocol_of(case), notice.ask)
    return Facts(case.reference, what, "", notice.due, "", case.authority.mailbox_phone, "", late)


def _without_thanks(text: Text) -> Text:
    """A child has died: what came of the concern is said, and nobody is congratulated."""
    return Text(text.subject.replace(THANKS, ""), text.body.replace(THANKS, ""))


def _comes_to_it(notice: Notice) -> bool:
    """Whether whoever gets it has something to do there from now on; what asks for the call alone says so itself."""
    if notice.kind == HANDED_ON or (notice.kind == "handed_over" and notice.ask):
        return True
    return notice.kind in ("raised", "moved_on", ALSO_TOLD) and notice.ask not in ("", A_PART_IS_LEFT, Must.RING)


def _urgently(ask: str, facts: Facts, parts: list[str]) -> Text:
    """Of a child at immediate risk: whoever judges rings, whoever answers acts and rings, all others check that it is
    done.
    """
    what = "check that somebody has acted"
    if ask == Must.RING:
        what, first = "a call is owed", RING_NOW[1](facts)
    elif ask in ANSWERS:
        what, first = f"ring {facts.chair} now", "Act first. Do not wait to use the service."
    else:
        first = CHECK_IT
    said = parts if first in parts else [first, *parts]
    return Text(f"IMMEDIATE RISK, {what}: {facts.reference} ({facts.stage})", _joined(said))


def _where(notice: Notice, facts: Facts) -> str:
    """The one link of a notice: where a date has passed, the page on which what is late is done."""
    if notice.ask == FOR_THE_PARTNERSHIP:
        return link("")
    if notice.kind == "no_longer":
        return NOT_OPEN_BY_IT
    name = done_on(notice.ask) if notice.kind == "date_lapsed" and notice.ask else RECORD
    if name == RECORD or (name == "decide" and not worth_deciding(protocol_of(notice.case), notice.stage)):
        return link(facts.reference)
    about = [subject_of(duty_passed(notice.case_id, notice.seq))] if name in OF_ONE else []
    return f"Do it here: {settings.SITE_URL.rstrip('/')}{reverse(name, args=[facts.reference, *about])}"


def _is_open(notice: Notice) -> bool:
    """Whether they may open the record now: a right may have ended with what they did, or with what was decided."""
    return visible_to(Resolution, notice.to_person, timezone.now()).filter(pk=notice.case_id).exists()


def _not_open(notice: Notice, facts: Facts) -> str:
    """What they can do instead: no link that leads nowhere."""
    asked = notice.ask not in ("", A_PART_IS_LEFT)
    what = f"Tell {facts.chair} when it is done" if asked else f"{facts.chair} tells you what you need to know"
    return f"{RECORD_NOT_OPEN} {what}."


def link(reference: str) -> str:
    """The one link of a message: the page that it is about, behind the sign-in; without a reference, one's own home."""
    site = settings.SITE_URL.rstrip("/")
    return f"Read it here: {site}/resolutions/{reference}" if reference else f"It is on your home: {site}/"


def _facts(notice: Notice) -> Facts:
    resolution = notice.case
    protocol = protocol_of(resolution)
    stage = protocol.stage(notice.stage)
    approver = stage.answer.approved_by if stage.answer else None
    return Facts(
        reference=resolution.reference,
        thing=protocol.called_at(notice.stage),
        stage=_stage_words(stage),
        by=notice.due,
        chair=resolution.chair.name if resolution.chair else protocol.words.chair,
        ring=resolution.authority.mailbox_phone,
        approver=protocol.title_of(approver) if approver else "",
        late=notice.due is not None and notice.due < london_date(notice.created_at),
    )


def _stage_words(stage: Stage) -> str:
    """As whoever is asked would call it: by its name, and by its number only where that is its name."""
    return stage.short if stage.number in stage.title else stage.title.lower()


def genuine(ring: str) -> str:
    """The last words of a message, with the number by which to check it where there is one."""
    return f"This email contains no personal details on purpose.{to_check(ring)}"


def to_check(ring: str) -> str:
    return f" To check that it is genuine, ring {ring}." if ring else ""


def moment_in_words(at: datetime) -> str:
    """Tuesday 12 May 2026, 09:30, as clocks here show it."""
    return f"{in_words(london_date(at))}, {at.astimezone(LONDON):%H:%M}"


def _joined(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"
