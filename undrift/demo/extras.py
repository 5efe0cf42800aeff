"""What else is prepared beside the twelve: one of each thing that is looked for and seldom met.

See docs/start/demo.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from undrift.children.models import Conference, Plan
from undrift.demo.days import moment
from undrift.demo.households import Household
from undrift.demo.organisations import ChildFacts
from undrift.demo.script import Case
from undrift.demo.stories import EMAIL, IN_PERSON, PHONE, Demonstration, asked, complete, with_impacts
from undrift.engine.ladder import acts
from undrift.record.models import Notice

BETHAN, TOMASZ, IMRAN = "Bethan Pryce-Marlow", "Tomasz Wrenfield", "Imran Dastgir"
NEXT_TRY = timedelta(days=365)


def add_extras(demo: Demonstration) -> None:
    """Into the script; each also under its family's name in `demo.stories`."""
    for tell in EXTRAS:
        case = tell(demo)
        demo.stories[case.name] = case


def sent_back(demo: Demonstration) -> Case:
    """The answer was sent back yesterday, with what is missing; it is the Team Manager's turn again."""
    home = _home(demo, "Lapwing", "Tess", 12, "F", chair=BETHAN, team="Central", number=4301)
    case = _stage_one(
        demo, home, -5, BETHAN, "Yasmin Okell", "CHILD-VOICE",
        concern="What Tess wishes for is not in the last two reports.",
        impact="She told her worker twice, and has not read it anywhere.",
        ask="A report that begins with what Tess says.",
    )  # fmt: skip
    case.then(demo.days.at(-2, "14:30"), "Yasmin Okell", acts.Respond("agree", "The next report will say it."))
    case.then(
        demo.days.at(-1, "14:30"), "Denise Harkaway",
        acts.SendBack("Please say by when, and who tells Tess that we have read what she said."),
    )  # fmt: skip
    return case


def old(demo: Demonstration) -> Case:
    """Twenty-two working days old: not done informally, then more time at stage 1, with a reason."""
    days = demo.days
    home = _home(demo, "Fieldfare", "Rory", 8, "M", chair=TOMASZ, team="South", number=4311)
    case = _informal(
        demo, home, -22, TOMASZ, "Callum Stroud", "VISITS-RECORD", -15,
        concern="Three visits since the conference are not written up.",
        impact="When his worker changes, nobody will know what he has told us.",
        action=("Write up the three visits", "Kofi Ansell"),
    )  # fmt: skip
    case.then(
        days.at(-13, "11:00"), TOMASZ,
        acts.MoveOn(
            "stage-1", "not answered", different="One of the three visits is on file.",
            ask="The other two visits written up.",
            spoke=acts.Conversation(EMAIL, to="team-manager", name="Callum Stroud"),
        ),
    )  # fmt: skip
    why = "Rory's new worker starts this week, and is to write the visits up together with the one who made them."
    case.then(days.at(-6, "16:00"), TOMASZ, acts.GiveMoreTime(days.day(1), why))
    return case


def withdrawn(demo: Demonstration) -> Case:
    """Withdrawn the next day: what was missing turned up."""
    days = demo.days
    home = _home(demo, "Nuthatch", "Ines", 5, "F", chair=IMRAN, team="Central", number=4321)
    case = _informal(
        demo, home, -18, IMRAN, "Yasmin Okell", "GENOGRAM", -12,
        concern="No genogram was found for Ines's family.",
        impact="We do not know who in her family could help her.",
        action=("Find or make the genogram", "Ruth Pemberly"),
    )  # fmt: skip
    case.then(days.at(-17, "10:40"), IMRAN, acts.Withdraw("The genogram is on file, under an earlier plan."))
    return case


def entered_care(demo: Demonstration) -> Case:
    """Closed, because the child became looked after: another process takes the concern on."""
    days = demo.days
    home = _home(demo, "Larch", "Callie", 4, "F", chair=TOMASZ, team="South", number=4331)
    child = home.children[0]
    case = _stage_one(
        demo, home, -30, TOMASZ, "Callum Stroud", "ASSESSMENT",
        concern="The assessment of who could look after Callie has no date.",
        impact="She does not know where she will live.",
        ask="A date for the assessment.",
    )  # fmt: skip
    case.then(
        days.at(-26, "14:15"), "Callum Stroud",
        acts.Respond(
            "agree", "The assessment is booked.", actions=(asked("Hold it", demo, "Kofi Ansell", days.day(-15)),)
        ),
    )  # fmt: skip
    case.then(days.at(-25, "10:00"), "Owen Tarrant", acts.Approve())
    case.then(days.at(-24, "10:00"), TOMASZ, acts.Judge(case.for_each(True)))
    case.then(
        days.at(-16, "15:30"), TOMASZ,
        acts.Close(
            "looked-after", "The review of Callie's care plan takes this on; her IRO has it.",
            {str(child.pk): "Callie lives with her aunt now."},
        ),
    )  # fmt: skip
    Plan.objects.filter(child=child).update(ends=days.day(-16))
    return case


def corrected(demo: Demonstration) -> Case:
    """A note in the wrong place, struck through and still there to read."""
    days = demo.days
    home = _home(demo, "Dunnock", "Asa", 9, "M", chair=BETHAN, team="North", number=4341)
    case = _informal(
        demo, home, -10, BETHAN, "Priya Nairn", "REPORT-LATE", 3,
        concern="The report for the review came on the evening before.",
        impact="He could not read it together with his advocate.",
        action=("Share the next report five days before", "Hannah Quill"),
    )  # fmt: skip
    case.then(days.at(-7, "09:50"), BETHAN, acts.Note("The review is moved to the week after."))
    case.then(days.at(-7, "10:05"), BETHAN, acts.Correct(3, "This note belongs to another family."))
    return case


def before_a_bank_holiday(demo: Demonstration) -> Case:
    """Raised on the Thursday before a bank holiday Monday: the seven working days pass over it."""
    days = demo.days
    number = days.number_of(days.thursday_before_bank_holiday)
    home = _home(
        demo, "Sycamore", "Noah", 11, "M", chair=IMRAN, team="North", number=4351, months=max(4, -number // 20 + 3)
    )  # fmt: skip
    case = _stage_one(
        demo, home, number, IMRAN, "Priya Nairn", "CORE-GROUP",
        concern="The first core group was held without school.",
        impact="School could not say how he is doing there.",
        ask="A core group with school.",
    )  # fmt: skip
    answer = acts.Respond(
        "agree", "The next core group is held at school.",
        actions=(asked("Hold the core group at school", demo, "Hannah Quill", days.day(number + 9)),),
    )  # fmt: skip
    case.then(days.at(number + 6, "09:30"), "Priya Nairn", answer)
    case.then(days.at(number + 7, "16:40"), "Denise Harkaway", acts.Approve())
    case.then(days.at(number + 8, "11:00"), IMRAN, acts.Judge(case.for_each(True)))
    complete(case, "a1", "Hannah Quill", IMRAN, days, number + 9, "His teacher came, and he was asked first.")
    changed = {str(home.children[0].pk): "School knows the plan, and Noah knows whom to ask there."}
    case.then(days.at(number + 11, "11:00"), IMRAN, acts.Resolve(changed))
    return case


def covered(demo: Demonstration) -> Case:
    """Approved by Owen Tarrant while Denise Harkaway was away."""
    days = demo.days
    home = _home(demo, "Redstart", "Mabel", 6, "F", chair=BETHAN, team="North", number=4361)
    case = _stage_one(
        demo, home, -37, BETHAN, "Priya Nairn", "FATHERS",
        concern="Mabel's father lives near by and has not been asked to the core group.",
        impact="She sees him every week, and he does not know the plan.",
        ask="An invitation, and a way for both parents to take part.",
    )  # fmt: skip
    answer = acts.Respond(
        "agree", "He is invited to the next one.",
        actions=(asked("Invite Mabel's father", demo, "Hannah Quill", days.day(-27)),),
    )  # fmt: skip
    case.then(days.at(-33, "10:00"), "Priya Nairn", answer)
    case.then(days.at(-32, "13:00"), "Denise Harkaway", acts.Approve())
    case.then(days.at(-31, "10:30"), BETHAN, acts.Judge(case.for_each(True)))
    complete(case, "a1", "Hannah Quill", BETHAN, days, -27, "He came, and told what Mabel likes to do with him.")
    changed = {str(home.children[0].pk): "Mabel's dad is part of the plan."}
    case.then(days.at(-25, "11:00"), BETHAN, acts.Resolve(changed))
    return case


EXTRAS: tuple[Callable[[Demonstration], Case], ...] = (
    sent_back, old, withdrawn, entered_care, corrected, before_a_bank_holiday, covered,
)  # fmt: skip


def finish_extras(demo: Demonstration) -> None:
    """What is left once the script has been performed: a message that did not arrive, a conference not needed."""
    unsent = Notice.objects.filter(case=demo.stories["Lapwing"].done, kind="sent_back")
    unsent.update(
        sent_at=None, attempts=6, last_error="SMTPRecipientsRefused: 552 the mailbox is full",
        # Far off, so that it still fails when somebody looks.
        next_attempt_at=moment(demo.days.today, "08:00") + NEXT_TRY,
    )  # fmt: skip
    left = Conference.objects.filter(family=demo.homes["Larch"].family, held_on=None)
    left.update(cancelled_at=demo.days.at(-16, "15:40"))


# --- what they are made of ----------------------------------------------------------------------------


WORKERS = {"North": "Dev Marchetti", "Central": "Ruth Pemberly", "South": "Kofi Ansell"}


def _home(
    demo: Demonstration, name: str, first: str, years: int, sex: str,
    *, chair: str, team: str, number: int, months: int = 5,
) -> Household:  # fmt: skip
    """One child on a plan for so many months."""
    days = demo.days
    return demo.homes.settle(
        name,
        [ChildFacts(first_name=first, born=days.born(years=years, months=number % 11, days=number % 27), sex=sex)],
        plan_starts=days.months_ago(months, 8), reviews=[days.months_ago(months - 3, 20)],
        next_review=days.or_last_working_day(days.today + timedelta(days=30 + number % 40)),
        chair=chair, social_worker=WORKERS[team], team=team, seen=days.day(-(number % 9) - 1), number=number,
    )  # fmt: skip


def _informal(
    demo: Demonstration, home: Household, number: int, chair: str, manager: str, ground: str, agreed: int,
    *, concern: str, impact: str, action: tuple[str, str],
) -> Case:  # fmt: skip
    days, name = demo.days, home.children[0].first_name
    return demo.script.raised(
        home.family.name, home.children, days.at(number, "10:50"), chair,
        acts.Raise(
            stage="informal", children=with_impacts(home, **{name: impact}), grounds=(ground,), concern=concern,
            occasion="after-conference", spoke=acts.Conversation(PHONE, to="team-manager", name=manager),
            actions=(asked(action[0], demo, action[1], days.day(agreed)),), date=days.day(agreed),
        ),
    )  # fmt: skip


def _stage_one(
    demo: Demonstration, home: Household, number: int, chair: str, manager: str, ground: str,
    *, concern: str, impact: str, ask: str,
) -> Case:  # fmt: skip
    days, name = demo.days, home.children[0].first_name
    return demo.script.raised(
        home.family.name, home.children, days.at(number, "10:50"), chair,
        acts.Raise(
            stage="stage-1", children=with_impacts(home, **{name: impact}), grounds=(ground,), concern=concern,
            occasion="other", ask=ask, spoke=acts.Conversation(IN_PERSON, to="team-manager", name=manager),
        ),
    )  # fmt: skip
