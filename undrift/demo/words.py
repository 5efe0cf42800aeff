"""What people write in the year: one or two sentences, facts only, written so that the child may read them.

Each concern has what it is about, how it affects a child, what is asked for, what is answered, what was done, and
what changed. Only what is written for one child (`impact`, `changed`) says `{name}`, the child's first name: the rest
stands in the copy of each brother and sister, and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One kind of concern. `grounds` are the policy's codes."""

    grounds: tuple[str, ...]
    concern: tuple[str, ...]
    impact: tuple[str, ...]
    ask: tuple[str, ...]
    answer: tuple[str, ...]
    action: tuple[str, ...]
    helped: tuple[str, ...]
    changed: tuple[str, ...]


THEMES: dict[str, Theme] = {
    "drift": Theme(
        ("DRIFT",),
        (
            "Three of the steps that were agreed at the review have not begun.",
            "The plan reads as it did at the last conference, and two of its dates have passed.",
            "The parenting course that was agreed in the plan has not been booked.",
            "The referral that the core group agreed was not sent.",
        ),
        (
            "{name} was told that things would be different by now.",
            "{name} still waits for the help that was promised.",
            "For {name} the days at home are as they were at the start of the plan.",
        ),
        (
            "A date and a person for each step.",
            "The steps done before the next core group, or a new plan for them.",
        ),
        (
            "Each step has a person and a date now. I will look at them every two weeks.",
            "The steps were left when the worker changed. The new worker has taken them on.",
        ),
        (
            "Book the course with the parents",
            "Send the referral and tell the core group",
            "Go through the plan's dates with the family",
        ),
        (
            "The course has begun, and evenings are calmer.",
            "The first of the steps has helped already.",
        ),
        (
            "{name} has the help that the plan speaks of.",
            "The plan moves again, and {name} knows what comes next.",
        ),
    ),
    "report": Theme(
        ("REPORT-LATE",),
        (
            "The report was shared on the morning of the conference.",
            "The family had the report for one evening. The policy asks for three days.",
            "The report came after the conference had begun.",
        ),
        (
            "{name} heard things in the meeting that nobody had talked about before.",
            "{name} had no time to say what is right and what is not.",
            "{name}'s family could not prepare, so less of the meeting was about {name}.",
        ),
        (
            "The next report five days before the conference.",
            "A talk with the family about the report that came late.",
        ),
        (
            "The next report will be with the family five days before.",
            "We now ask for drafts ten days before each conference.",
        ),
        ("Share the next report five days before", "Go through the report with the family at home"),
        (
            "The family read the report together and added a page.",
            "Nobody was surprised in the meeting.",
        ),
        (
            "{name} and the family had the report in time.",
            "{name} could say what was missing, and it was put in.",
        ),
    ),
    "core-group": Theme(
        ("CORE-GROUP",),
        (
            "The last two core groups were seven weeks apart. The plan says every four.",
            "The core group was moved twice and has no new date.",
            "Two of the last three core groups were held without school and health.",
        ),
        (
            "Nobody has put together what is known about how {name} is.",
            "{name}'s school has not heard what was agreed.",
            "What {name} asked for in the last meeting has not been talked about since.",
        ),
        ("Core groups on fixed days.", "A date for the core group that was missed, with everybody there."),
        ("Core groups are on fixed days until the review.", "I will chair the next core group myself."),
        ("Set the dates of core groups until the review", "Hold the core group that was missed"),
        (
            "Everybody came, and the teacher too.",
            "The group met, and the family's question was the first thing on the list.",
        ),
        ("Core groups meet as the plan says.", "Everybody around {name} knows the plan."),
    ),
    "visits": Theme(
        ("VISITS-RECORD",),
        (
            "Two of the last four visits are not on file.",
            "The visits are on file, but not who was seen alone.",
            "The notes of visits since the conference are very short.",
        ),
        (
            "If another worker comes, they will not know what {name} has said.",
            "We cannot show that {name} was listened to.",
            "What {name} showed the worker cannot be found again.",
        ),
        ("Every visit written up within two days.",),
        ("The visits are written up, and I read each one.",),
        ("Write up the visits", "Read the notes of visits each week"),
        (
            "The notes tell what was said, in the same words.",
            "The next worker can read what helps and what does not.",
        ),
        ("What {name} says is on file.", "Visits are written up, and {name} has read one of them."),
    ),
    "fathers": Theme(
        ("FATHERS",),
        (
            "Dad was not invited, and the plan does not say why.",
            "Nobody has asked Dad what he can do.",
        ),
        (
            "{name} sees Dad every week, and he does not know the plan.",
            "{name} would like Dad to be asked.",
        ),
        ("An invitation to the next core group, or the reason why not.",),
        ("He is invited, and we will meet him before.",),
        ("Meet Dad and invite him", "Write down how he takes part"),
        ("He came, and it was a good meeting.", "He drives to the clinic now."),
        ("{name}'s dad is part of the plan.", "Both sides of {name}'s family know the plan."),
    ),
    "voice": Theme(
        ("CHILD-VOICE",),
        (
            "What a child wishes is not in the report.",
            "The plan does not say what we were told.",
        ),
        (
            "{name} told the worker twice, and has not read it anywhere.",
            "{name} says that grown-ups decide without asking.",
        ),
        ("A report that begins with what a child says.",),
        ("I have asked for time alone, away from adults, before each core group.",),
        ("Make time alone and write down what is said", "Ask how to take part in the review"),
        ("A page was written for the meeting.", "A drawing was sent, and it was talked about."),
        ("The plan begins with what {name} says.", "{name} knows that it was read."),
    ),
    "safety": Theme(
        ("SAFETY-PLAN",),
        (
            "There is no safety plan yet for the weekends.",
            "The safety plan was made before things changed at home and is out of date.",
        ),
        (
            "{name} does not know whom to call.",
            "{name} is too young to tell, so others have to know what to do.",
        ),
        ("A safety plan, shared with the family.",),
        ("It was written with the family yesterday and all have it.",),
        ("Write the safety plan with the family", "Go through the safety plan at the core group"),
        ("There are two numbers on the fridge.", "Everybody at home knows who does what."),
        ("{name} knows whom to call.", "There is a safety plan, and it is used."),
    ),
    "agency": Theme(
        ("OTHER-AGENCY",),
        (
            "The appointment that another agency agreed to has not been offered.",
            "The housing repair that the plan counts on has no date.",
        ),
        (
            "{name} has waited for three months.",
            "{name}'s room cannot be used until it is done.",
        ),
        ("A date, given by somebody who can keep it.",),
        ("I have spoken with the manager there, and we have a date.",),
        ("Ring the manager of the agency", "Tell the family the date"),
        ("The date was kept.", "The room can be used again."),
        ("{name} has what was agreed.",),
    ),
    "other": Theme(
        ("ASSESSMENT", "FGC", "GENOGRAM", "INTERPRETER"),
        (
            "What the conference asked to be prepared was not ready.",
            "Part of what the plan needs to rest on is missing.",
        ),
        (
            "Decisions about {name} are made without it.",
            "{name}'s family could not take part as they wished.",
        ),
        ("It is done before the next core group.",),
        ("It is begun and will be done by the date below.",),
        ("Do what was missing, with the family", "Share it with the core group"),
        ("It helped to see who is there for the family.",),
        ("It is done, and {name}'s family took part.",),
    ),
}  # fmt: skip

# In per cent of the year's resolutions.
THEME_PARTS = {
    "drift": 24, "report": 18, "core-group": 14, "visits": 12, "fathers": 9, "voice": 8, "safety": 6, "agency": 5,
    "other": 4,
}  # fmt: skip

NOT_DONE = (
    "Only part of it is done.",
    "It is not done, and there is no new date.",
    "It was begun and has stopped.",
)
NOT_YET = (
    "We agree with part of it and will do it when we can.",
    "It has begun; we cannot say yet when it is done.",
)
NOT_ENOUGH = (
    "The answer gives no dates.",
    "The answer does not say who does it.",
    "It leaves out what is needed first.",
)
DIFFERENT = (
    "The agreed date has passed.",
    "Nothing has changed at home since.",
    "It has waited for two weeks.",
)
RISK = (
    "Somebody who must not be there was at home.",
    "For an evening no grown-up was at home.",
)
RISK_ACTED = (
    "Strategy discussion held the same day; an aunt stays at home.",
    "Visit made at once; Gran stays at home.",
)
TALKED = ("phone", "in person", "video call", "phone", "in person")
TOLD = ("email", "in person", "in person", "email", "in person")  # before a formal stage (Walsall, stage one)

VOICES = (
    "I like it when people come when they said they would.",
    "I want to know what the meeting is about before it starts.",
    "School is the best part of my week.",
    "I would like my gran to come to the meeting.",
    "I do not want to tell it again to somebody new.",
    "Mornings are better now.",
    "I want my own bed back.",
    "My worker plays cards with me. I win.",
    "It helps when it is quiet in the evening.",
    "I would like to do the drawing again.",
    "I want to see my brother more.",
    "I said it at the meeting and they wrote it down.",
)
CHECK_VIEW = (
    "On the way: most steps are done or have dates.",
    "Some steps are late. The worker and I have talked about what comes first.",
    "Better for the children than at the conference; the plan is kept.",
    "Little has changed since the conference.",
)
CHECK_NEXT = (
    "None needed",
    "Talk with the Team Manager",
    "Look again in four weeks",
    "Write a good practice note",
)

# Of the youngest, who cannot say it themselves.
SMALL_IMPACT = (
    "{name} cannot tell us, so others have to notice in time.",
    "{name} needs this now; a few weeks are long at this age.",
    "{name} needs the grown-ups to know what was agreed.",
)
SMALL_CHANGED = (
    "Things around {name} are as the plan says.",
    "{name} has what was agreed, and it is seen each week.",
)


@dataclass(frozen=True)
class Recommendation:
    """As a conference words it for an agency, with what is asked, what is answered and what came of it."""

    ground: str
    wording: str
    ask: str
    answer: str
    changed: str


# The partnership's year, by the kind of agency.
RECOMMENDATIONS: dict[str, tuple[Recommendation, ...]] = {
    "health": (
        Recommendation(
            "SPECIALIST",
            "CAMHS to offer {name} a first appointment",
            "Offer the appointment",
            "An appointment is offered",
            "{name} has been to the first appointment.",
        ),
        Recommendation(
            "AGENCY-REPORT",
            "Health to send a report for the review",
            "Send the report",
            "The report is sent",
            "The core group knows how {name} is growing.",
        ),
    ),
    "police": (
        Recommendation(
            "AGENCY-INFORMATION",
            "Police to share what is known about visits to the house",
            "Share it with the core group",
            "It is shared at the next core group",
            "The safety plan for {name} rests on facts now.",
        ),
        Recommendation(
            "RISK-ASSESSMENT",
            "Police to take part in the risk assessment",
            "Name an officer and a date",
            "An officer takes part",
            "The assessment is done, and {name} is safer at weekends.",
        ),
    ),
    "education": (
        Recommendation(
            "FAMILY-SUPPORT",
            "School to offer {name} a place at breakfast club",
            "Offer the place",
            "A place is kept from Monday",
            "{name} starts the day with breakfast and a friend.",
        ),
        Recommendation(
            "AGENCY-REPORT",
            "School to write how {name} is doing",
            "Send the report",
            "The report is written",
            "{name}'s teacher has told us what goes well.",
        ),
    ),
    "housing": (
        Recommendation(
            "HOUSING",
            "Housing to repair the heating at home",
            "Repair it, with a date",
            "The repair is booked",
            "{name}'s room is warm.",
        ),
        Recommendation(
            "HOUSING",
            "Housing to assess the family's need for a larger home",
            "Make the assessment",
            "The assessment is booked",
            "The family has moved up the list, and {name} has seen the new area.",
        ),
    ),
    "childrens-social-care": (
        Recommendation(
            "VISITS",
            "Social worker to see {name} every ten working days",
            "Visits as agreed",
            "Visits have fixed days now",
            "{name} is seen as agreed.",
        ),
        Recommendation(
            "DELAY",
            "The assessment of {name}'s needs to be finished",
            "Finish the assessment",
            "It is written by the date below",
            "{name} has an assessment, and the plan follows it.",
        ),
    ),
}
