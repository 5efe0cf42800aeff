"""The twelve families, each in the state where its journey starts. `load(today)` sets them on stage, and nothing else.

Every state is reached by acts of the people concerned, at moments told from today by working days. The last of them
lies before today, so the day begins as the journeys say. See docs/start/demo.md.

Cover: Denise Harkaway is away, and Owen Tarrant covers, in a week that lies behind and in one that lies ahead. Today
she is at work, for she approves Lily Wren-Ash's answer.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from undrift.demo.cycle_stories import live_stories
from undrift.demo.cycles import Told, play
from undrift.demo.days import Days
from undrift.demo.households import GRACE, Household, Households, plovers_key_action, settle_twelve
from undrift.demo.organisations import Organisation, build_northmoor, build_westmarch
from undrift.demo.script import Case, Script, concerns, mark_as_told
from undrift.engine.ladder import acts
from undrift.library import calendars
from undrift.people.models import Cover, Person
from undrift.resolutions.models import Resolution

PASSWORD = "demo-only-password"

IN_PERSON, PHONE, EMAIL = "in person", "phone", "email"


@dataclass
class Demonstration:
    """What stands after loading: `homes["Rowan"].child["Finn"]`, `case("Rowan")`, `people["Priya Nairn"]`."""

    days: Days
    west: Organisation
    north: Organisation
    homes: Households
    script: Script
    stories: dict[str, Case] = field(default_factory=dict)
    cycles: list[Told] = field(default_factory=list)

    @property
    def people(self) -> Mapping[str, Person]:
        return self.script.people

    def case(self, family: str) -> Resolution:
        """The resolution of a family's story, as it stands in the database."""
        return Resolution.objects.select_related("authority").get(pk=self.stories[family].done.pk)


def load(today: date) -> Demonstration:
    """Both organisations with their people, the twelve families and the restricted one, in their states.

    Only inserts: give it a database without the demonstration. Everybody's password is `PASSWORD`.
    """
    with transaction.atomic():
        demonstration = set_the_stage(today)
        finish(demonstration)
    return demonstration


def set_the_stage(today: date) -> Demonstration:
    """People, families, and the script of the twelve, not performed yet."""
    days = Days(today, calendars.load("england-and-wales"))
    west, north = build_westmarch(today), build_northmoor(today)
    homes = Households(west, north, days)
    settle_twelve(homes)
    script = Script(days, ChainMap(west.people, north.people), _covers(west, days))
    demonstration = Demonstration(days, west, north, homes, script)
    for family, tell in STORIES.items():
        demonstration.stories[family] = tell(demonstration)
    return demonstration


def finish(demonstration: Demonstration) -> None:
    """Number the conferences, perform the script and the plan cycles, let everybody sign in."""
    demonstration.homes.diary.write()
    plovers_key_action(demonstration.homes)
    demonstration.script.play()
    live_stories(demonstration.homes, demonstration.cycles)
    played = play(demonstration.cycles, demonstration.people, demonstration.days.today)
    mark_as_told([*demonstration.script.played, *played])
    numbers = [person.pk for person in demonstration.people.values()]
    # One hash for all: they share the password, and a hash costs more than an act.
    Person.objects.filter(pk__in=numbers).update(password=make_password(PASSWORD))


def _covers(west: Organisation, days: Days) -> Sequence[Cover]:
    weeks = ((-34, -30, "Leave"), (3, 7, "Leave"))
    return Cover.objects.bulk_create(
        Cover(
            authority=west.authority, away=west.people["Denise Harkaway"], covering=west.people["Owen Tarrant"],
            starts=days.day(first), ends=days.day(last), reason=reason,
        )
        for first, last, reason in weeks
    )  # fmt: skip


# --- the stories, in the order of the table in docs/start/demo.md -------------------------------------------


def heron(demo: Demonstration) -> Case:
    """Agreed informally; the date passed yesterday and nobody has said that it is done."""
    days, home = demo.days, demo.homes["Heron"]
    return demo.script.raised(
        "Heron", home.children, days.at(-8, "11:20"), GRACE,
        acts.Raise(
            stage="informal",
            children=with_impacts(home, Tyler="He is talked about, and his dad does not know the plan."),
            grounds=("FGC", "FATHERS"),
            concern="No family meeting has been held, and Tyler's father was not invited to the core group.",
            occasion="other",
            spoke=acts.Conversation(PHONE, to="team-manager", name="Priya Nairn"),
            actions=(
                asked("Offer a date for a family meeting", demo, "Hannah Quill", days.day(-1)),
                asked("Write to Tyler's father and invite him", demo, "Hannah Quill", days.day(-1)),
            ),
            date=days.day(-1),
        ),
    )  # fmt: skip


def wren_ash(demo: Demonstration) -> Case:
    """At stage 1; the Team Manager's answer is due on the next working day."""
    days, home = demo.days, demo.homes["Wren-Ash"]
    return demo.script.raised(
        "Wren-Ash", home.children, days.at(-6, "14:05"), GRACE,
        acts.Raise(
            stage="stage-1",
            children=with_impacts(home, Lily="She was told that people would meet every month, and they did not."),
            grounds=("CORE-GROUP",),
            concern="The last two core groups were seven weeks apart. The plan says every four weeks.",
            occasion="other",
            ask="Core groups on dates that everybody knows, and a date for the one that was missed.",
            tried="Spoken about at the end of last month; the next core group was moved again.",
            spoke=acts.Conversation(IN_PERSON, to="team-manager", name="Priya Nairn"),
        ),
    )  # fmt: skip


def linnet(demo: Demonstration) -> Case:
    """At stage 1; the approved answer came yesterday. It names capacity, and a day that is late for a baby."""
    days, home = demo.days, demo.homes["Linnet"]
    case = demo.script.raised(
        "Linnet", home.children, days.at(-6, "09:40"), GRACE,
        acts.Raise(
            stage="stage-1",
            children=with_impacts(
                home,
                Amara="She asks who will stay with her at night, and nobody can tell her yet.",
                Zion="He is two months old and cannot keep himself safe.",
            ),
            grounds=("SAFETY-PLAN",),
            concern="The safety plan that the conference asked for is not written yet.",
            occasion="after-conference",
            ask="A written safety plan, shared with the family, with the day on which it starts.",
            spoke=acts.Conversation(IN_PERSON, to="team-manager", name="Priya Nairn"),
        ),
    )  # fmt: skip
    case.then(
        days.at(-2, "16:10"), "Priya Nairn",
        acts.Respond(
            agree="agree in part",
            text="A safety plan is needed. The team is short of two workers, and it will be written when we can.",
            actions=(asked("Write the safety plan with the family", demo, "Dev Marchetti", days.day(12)),),
            obstacles=("capacity",),
        ),
    )  # fmt: skip
    case.then(days.at(-1, "11:35"), "Denise Harkaway", acts.Approve())
    return case


def rowan(demo: Demonstration) -> Case:
    """At stage 1; there is no answer, two working days after it was due."""
    days, home = demo.days, demo.homes["Rowan"]
    return demo.script.raised(
        "Rowan", home.children, days.at(-9, "10:15"), GRACE,
        acts.Raise(
            stage="stage-1",
            children=with_impacts(
                home,
                Ella="She has come to every meeting and says that they are all the same.",
                Sam="He looks after the little ones in the morning and comes to school tired.",
                Poppy="She still has no place at the nursery that was agreed for her.",
                Finn="He has missed two checks of how he is growing.",
            ),
            grounds=("NO-PROGRESS", "DRIFT"),
            concern="This is the second plan, and its third review. Five of the eight agreed steps have not begun.",
            occasion="after-conference",
            ask="A plan with dates for each of the five steps, and who takes each one.",
            tried="Talked about after the second review, and agreed informally; two steps were done.",
            spoke=acts.Conversation(EMAIL, to="team-manager", name="Callum Stroud"),
        ),
    )  # fmt: skip


def plover(demo: Demonstration) -> Case:
    """Talked about with the manager of CAMHS at the mid-point; fifteen working days have passed."""
    days, home = demo.days, demo.homes["Plover"]
    agency = demo.north.agencies["Moorland Health Trust"]
    return demo.script.raised(
        "Plover", home.children, days.at(-17, "15:20"), "Rosalind Amery",
        acts.Raise(
            stage="informal",
            children=with_impacts(home, Aisha="She said yes to talking with someone, and has heard nothing since."),
            grounds=("SPECIALIST", "NOT-IMPLEMENTED"),
            concern="The first appointment that was agreed at the conference has not been offered.",
            occasion="midpoint",
            spoke=acts.Conversation(PHONE, to="front-line-manager", name="Elias Thornby"),
            agency=str(agency.pk),
            recommendation="CAMHS to offer Aisha a first appointment",
        ),
        responsible=agency,
    )  # fmt: skip


def bramble(demo: Demonstration) -> Case:
    """Agreed at stage 1: of five actions three are complete, the fourth is late, the fifth is due tomorrow."""
    days, home = demo.days, demo.homes["Bramble"]
    case = demo.script.raised(
        "Bramble", home.children, days.at(-26, "13:45"), GRACE,
        acts.Raise(
            stage="stage-1",
            children=with_impacts(
                home,
                Leo="He comes to school hungry on some days.",
                Ada="She keeps part of her lunch for later, and asks what there will be at home.",
            ),
            grounds=("DRIFT", "CORE-GROUP"),
            concern="The steps on food, mornings and money that the review agreed have no dates.",
            occasion="after-conference",
            ask="Who does each step, and by when.",
            spoke=acts.Conversation(IN_PERSON, to="team-manager", name="Priya Nairn"),
        ),
    )  # fmt: skip
    case.then(
        days.at(-22, "10:30"), "Priya Nairn",
        acts.Respond(
            agree="agree",
            text="Each step now has a person and a date. I will look at them with Dev every Friday.",
            actions=(
                asked("Two places at breakfast club", demo, "Dev Marchetti", days.day(-14)),
                asked("Help Mum apply for free school meals", demo, "Dev Marchetti", days.day(-12)),
                asked("Core group with both grandparents", demo, "Hannah Quill", days.day(-8)),
                asked("Ask school each week how Leo and Ada arrive", demo, "Dev Marchetti", days.day(-2)),
                asked("A visit in the morning, with a written note", demo, "Dev Marchetti", days.day(1)),
            ),
        ),
    )  # fmt: skip
    case.then(days.at(-21, "09:15"), "Denise Harkaway", acts.Approve("Clear and dated. Thank you."))
    case.then(days.at(-20, "11:00"), GRACE, acts.Judge(case.for_each(True)))
    complete(case, "a1", "Dev Marchetti", GRACE, days, -15, "Both go, four mornings a week.")
    complete(case, "a2", "Dev Marchetti", GRACE, days, -12, "The form was sent with Mum, and the answer was yes.")
    complete(case, "a3", "Hannah Quill", GRACE, days, -8, "Leo and Ada know that Gran will fetch them on Fridays.")
    case.then(days.at(-6, "12:10"), "Dev Marchetti", acts.StartAction("a4", "School has agreed to tell us."))
    case.then(days.at(-4, "17:05"), "Dev Marchetti", acts.StartAction("a5"))
    return case


def curlew(demo: Demonstration) -> Case:
    """Through stages 2, 3 and 4 without an answer that resolves it; the Director answered yesterday at stage 5."""
    days, home = demo.days, demo.homes["Curlew"]
    dylan = home.child["Dylan"]
    case = demo.script.raised(
        "Curlew", home.children, days.at(-19, "09:20"), GRACE,
        acts.Raise(
            stage="stage-2",
            children=with_impacts(home, Dylan="He is well enough to leave hospital and has nowhere to go to."),
            grounds=("OTHER-AGENCY",),
            concern="No home with support has been found for Dylan's move out of hospital.",
            occasion="other",
            ask="A named home, and the day on which Dylan can move in.",
            tried="Housing and health were asked at two core groups; each waits for the other.",
            why_this_stage="Two agencies have to agree, and the Team Manager has asked them both.",
            spoke=acts.Conversation(IN_PERSON, to="team-manager", name="Yasmin Okell"),
        ),
    )  # fmt: skip
    refused = acts.Judge({str(dylan.pk): False}, "There is still no home and no date for Dylan.")
    case.then(days.at(-16, "15:00"), "Denise Harkaway", acts.Respond("agree", "Housing has been asked again."))
    case.then(days.at(-15, "10:00"), "Farah Lindley", acts.Approve())
    case.then(days.at(-14, "09:30"), GRACE, refused)
    case.then(days.at(-13, "09:30"), GRACE, _on("stage-3", "Housing has answered that it has no place this month."))
    case.then(days.at(-11, "14:00"), "Farah Lindley", acts.Respond("agree", "A meeting with health is asked for."))
    case.then(days.at(-10, "12:00"), "Stephen Ropley", acts.Approve())
    case.then(days.at(-9, "16:00"), GRACE, refused)
    case.then(days.at(-8, "09:30"), GRACE, _on("stage-4", "The meeting has no date, and the ward asks weekly."))
    case.then(
        days.at(-5, "16:30"), "Stephen Ropley",
        acts.Respond("agree in part", "The meeting was held. A place is hoped for; housing cannot give a date."),
    )  # fmt: skip
    case.then(days.at(-4, "09:10"), GRACE, refused)
    case.then(days.at(-4, "09:40"), GRACE, _on("stage-5", "Nobody below can settle it between the two agencies."))
    case.then(
        days.at(-1, "15:45"), "Angela Mirfield",
        acts.Respond(
            "agree",
            "I have spoken with the heads of housing and health. One of two homes will be ready for Dylan.",
            actions=(
                asked("View the two homes with Dylan", demo, "Ruth Pemberly", days.day(4)),
                asked("Hold the chosen home for Dylan", demo, "Tara Winfield", days.day(6)),
            ),
            obstacles=("placement", "partner"),
            consider={"wider-partnership": True},
        ),
    )  # fmt: skip
    return case


# Alder, Sorrel, Hazel, Aspen, Teal and Fern have nothing raised: their journeys begin with that.
STORIES = {
    "Heron": heron,
    "Wren-Ash": wren_ash,
    "Linnet": linnet,
    "Rowan": rowan,
    "Plover": plover,
    "Bramble": bramble,
    "Curlew": curlew,
}


def with_impacts(home: Household, **impacts: str) -> tuple[acts.ChildConcern, ...]:
    return concerns(home.children, impacts)


def asked(what: str, demo: Demonstration, who: str, by: date) -> acts.ActionAsked:
    return acts.ActionAsked(what, who, by, person=str(demo.people[who].pk))


def _on(to: str, different: str) -> acts.MoveOn:
    return acts.MoveOn(to, "not accepted", different=different, ask="A named home, and the day he can move in.")


def complete(case: Case, action: str, owner: str, chair: str, days: Days, number: int, helped: str) -> None:
    """Done by its owner, and confirmed by the chair on the next working day."""
    case.then(days.at(number, "16:20"), owner, acts.FinishAction(action, days.day(number), helped))
    case.then(days.at(number + 1, "09:05"), chair, acts.ConfirmAction(action))
