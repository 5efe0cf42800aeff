"""The numbers that decide something about people, each with where it comes from.

What an authority settles for itself is not here: those are its choices (`people.models.organisation.default_choices`).
Nor are the sizes of pages, boxes and batches, which decide nothing. Lengths of time of a policy stand in its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from undrift.engine.plan_cycle import national, on_file, prompts
from undrift.protocol.checks.times import CUSTOM_CAP

# Emergency openings
OPEN_FOR = timedelta(minutes=60)
OPENING_FRESH_SECONDS = 5 * 60  # how lately the second factor must have been given
REASON_LETTERS = 20  # of the reason, at the least
REVIEWED_WITHIN = 2  # working days
HANDED_UP_AFTER = 5  # working days without a review

# Looks that should worry
MANY_REFUSED = 20
REFUSED_WITHIN = timedelta(hours=1)
MANY_CHILDREN = 30  # in a day, by no tie of one's own: more than these
GONE_BACK = 3  # times in a day: a bookmark of old is pressed once or twice
ALARMS_SHOWN = timedelta(days=30)

# Restricted records
ONE_LOOK = timedelta(hours=1)  # a concern is raised over a dozen pages: one look
LONGEST_NAMED = 6  # months: then the name is looked at again
NAMED_FOR_AT_FIRST = timedelta(days=14)

# Plans and concerns
FIRST_REVIEW_MONTHS = national.FIRST_REVIEW_WITHIN.number
LATER_REVIEW_MONTHS = national.LATER_REVIEWS_WITHIN.number
LATE_REVIEW = prompts.LATE_REVIEW  # from its third review on, the chair is asked to look at a plan's drift
LONG_ON_PLAN = prompts.LONG_ON_PLAN  # months
LONG_OPEN = CUSTOM_CAP  # working days since a concern was raised
HIGHEST_LEVELS = 2  # the last stages of a ladder, where a director or a chief officer answers
CHECK_AGAIN_AFTER = 5  # working days after an informal talk, where nothing else is said
MIDWAY_AHEAD = timedelta(days=14)
CALL_LEADS_FOR = timedelta(days=14)  # after an urgent action on what has ended, while the call that makes sure is owed
FOLLOWED_FOR = timedelta(days=21)  # after a plan, or an initial conference, its chair still chairs for the child
SOON_DAYS = 2  # working days
UNDONE_SHOWN = timedelta(days=30)  # what was to be from a day on, and could not be done then

# Births
BORN_EARLY = timedelta(weeks=18)  # between the day that was expected and the day of the birth
OVERDUE = timedelta(weeks=4)  # after the expected day, a child who is not born yet

# Files that bring children in
SAME_PLAN = timedelta(days=14)  # between two starts of one running plan, told differently
SAME_CONFERENCE = on_file.SAME_CONFERENCE  # between the day it was planned for and the day it was held
A_GREAT_PART = 10  # of the open plans one in so many: more of them do not end or go missing in one file unasked

LONGEST_RUN = timedelta(minutes=15)  # then an import that has not ended is said to have been interrupted

# Seals
UNDER_WAY = timedelta(minutes=30)  # how long a row may come late to a seal
NEAR = 1_000  # of the numbers before the first that is sealed, how many may still come

# What is typed and not sent
TYPED_KEPT = timedelta(days=90)

# Accounts
FRESH_SECONDS = 10 * 60  # how lately one must have proved who one is, to change how one signs in
FREE_TRIES = 5  # wrong ones, before there is a wait
LONGEST_WAIT = 15 * 60  # seconds
REMEMBERED = 24 * 60 * 60  # seconds that wrong tries count
CONFIRMED_WITHIN = timedelta(hours=24)
LONGEST_COVER = 12  # months: then it is set again
UNUSED_DAYS = 60

# Messages
TRIES_BEFORE_SAYING_SO = 6

OURS = "Ours: "
SOURCES: Mapping[str, str] = {
    "OPEN_FOR": OURS + "long enough for one visit or one call at night; whoever needs more opens it again.",
    "OPENING_FRESH_SECONDS": OURS + "a screen left open for longer may be somebody else's.",
    "REASON_LETTERS": OURS + "what a sentence has at the least; one word is no reason.",
    "REVIEWED_WITHIN": OURS + "while whoever opened the record still remembers.",
    "HANDED_UP_AFTER": OURS + "a working week.",
    "MANY_REFUSED": OURS + "far more than slips of the finger.",
    "REFUSED_WITHIN": OURS + "with MANY_REFUSED.",
    "MANY_CHILDREN": OURS + "more than somebody's whole caseload, in one day.",
    "GONE_BACK": OURS + "a bookmark of old is pressed once or twice.",
    "ALARMS_SHOWN": OURS + "a month of them.",
    "ONE_LOOK": OURS + "long enough to raise a concern at one sitting; who sits down again has looked again.",
    "LONGEST_NAMED": OURS + "two reviews of a plan may have passed by then.",
    "NAMED_FOR_AT_FIRST": OURS + "offered, and changed by whoever names somebody.",
    "FIRST_REVIEW_MONTHS": "Working Together to Safeguard Children: within three months of the initial conference.",
    "LATER_REVIEW_MONTHS": "Working Together to Safeguard Children: at intervals of no more than six months.",
    "LATE_REVIEW": OURS + "at the third review a plan has run for nine months or more.",
    "LONG_ON_PLAN": OURS + "the length at which the policies and the sector look again.",
    "LONG_OPEN": "The IRO Handbook's custom for the whole formal process, as the linter has it.",
    "HIGHEST_LEVELS": OURS + "both shipped policies end with a director and a chief officer.",
    "CHECK_AGAIN_AFTER": OURS + "offered as an example, and typed by the chair.",
    "MIDWAY_AHEAD": OURS + "a fortnight is what a diary shows.",
    "LONGEST_RUN": OURS + "several times what the largest council's file takes.",
    "UNDER_WAY": OURS + "no act of the service takes as long.",
    "NEAR": OURS + "far more than are given at one time.",
    "CALL_LEADS_FOR": OURS + "a fortnight; later it is a gap in the record, and no longer first of what waits.",
    "FOLLOWED_FOR": "Pan-Lancashire, Introduction, complaints and appeals: an appeal within 21 days of the conference.",
    "UNDONE_SHOWN": OURS + "long enough to be met by whoever allocates, who then says it again.",
    "SOON_DAYS": OURS + "today, tomorrow and the day after; a colour, never a rule.",
    "BORN_EARLY": OURS + "hardly a child lives who was born before the 22nd week of 40; what is further is mistyped.",
    "OVERDUE": OURS + "no pregnancy lasts four weeks longer than was expected; the birth has not been told.",
    "SAME_PLAN": OURS + "some systems give the conference's day, others the day it was written down; asked, not done.",
    "SAME_CONFERENCE": OURS + "a conference is put off by a week or two; one that is put off for longer is another.",
    "A_GREAT_PART": OURS + "a report that failed loses far more; a council ends fewer plans between two files.",
    "TYPED_KEPT": OURS + "a quarter of a year: longer than leave; what nobody came back to by then is stale.",
    "FRESH_SECONDS": OURS + "ten minutes at one's own account.",
    "FREE_TRIES": OURS + "a mistyped password or two, and the other one; then each try costs twice the wait.",
    "LONGEST_WAIT": OURS + "nobody is locked out of an account by others.",
    "REMEMBERED": OURS + "a day later the counting begins anew.",
    "CONFIRMED_WITHIN": OURS + "a second administrator is there within a day, or it is asked for again.",
    "TRIES_BEFORE_SAYING_SO": OURS + "half an hour of trying; a mail server that is busy has answered by then.",
    "LONGEST_COVER": OURS + "a year of parental leave; nobody stands in for another for ever.",
    "UNUSED_DAYS": OURS + "longer than leave, shorter than a job that has ended.",
}
