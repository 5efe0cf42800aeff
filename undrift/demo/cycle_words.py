"""What people write in plan cycles: facts only, so that the child may read them. `{name}` is the child's first name."""

from __future__ import annotations

# The outline plan by the parts of the partnership's protocol; a policy that lists none has it as one text.
OUTLINE = (
    "Evenings are the hardest time. When they get loud, {name} goes to Gran next door, and Gran rings the team.",
    "In three months {name} sleeps through the night. In a year nobody has to come any more.",
    "The parents go to the course from next week. The worker comes every week and asks {name} alone.",
    "The core group looks at it every six weeks, with what {name} says first.",
    "The review has its day. If {name} is hurt or stays away from school, it is held earlier.",
    "The worker sees {name} once a week, school every day, the health visitor once a month.",
)
WHOLE = (
    "{name} is safe in the evenings, and knows whom to ring.\n\n"
    "The parents go to the course; the worker comes every week and asks {name} alone. School tells the worker on the "
    "day when {name} is not there."
)
KEY_ACTIONS = (
    "Offer the parents a place on the course",
    "Book the hearing test, and go there with the family",
    "Write down the safety plan with the family",
    "Find a place at the breakfast club",
)
FED_BACK = (
    "It is done, and the family says that it helps.",
    "The place is there, and both have been there twice.",
    "It is written, and hangs in the kitchen.",
)
EXPERIENCES = (
    "{name} sleeps through most nights and is at school every day. Mornings are calmer.",
    "{name} says that it is quieter at home. {name} still does not know who comes on which day.",
    "{name} laughs more, and has told the worker twice what helps.",
    "For {name} little has changed: evenings are as loud as before.",
)
FOUND = ("", "The last visit is not written up yet.", "School was not at the last core group.")
MISSED = ("Two of those who were asked were ill.", "The room was shut, and nobody had another one.")
EVENTS = (
    ("{name} was not at school for three days.", "The worker came on the second day. {name} was ill, and is back."),
    ("The police were at the home in the night.", "The worker saw {name} alone the next morning and rang the chair."),
)
HOW = ("By phone, with the social worker", "By video call, with the social worker and the Team Manager")
AGREED = (
    "The worker rings the grandmother and asks whether she can come.",
    "The report goes to the parents on paper, and the worker reads it with them.",
)
LETTER = (
    "When people met about your family, your worker had come every week, also when it rained. You said what you "
    "wanted, and it was written down in your own words.\n\nNow you sleep better, and you know whom to ring."
)
# Tier and text; a letter to each child in the middle of each time between two conferences.
LETTERS = (
    ("exemplary", "Your worker drew a map of your day with you, from waking up to going to sleep. At the core group it"
     " lay on the table, and everybody began with it.\n\nWhat you were afraid of stood on it, and it was the first"
     " thing that changed."),
    ("good", "Everybody who had said that they would come did come. The plan was written so that you could read it.\n\n"
     "Somebody asked you each time how things were at home."),
    ("exemplary", "When the bus stopped running, your worker walked. You had been promised a visit, and you got it.\n\n"
     "Later you said that this was when you began to believe it."),
    ("good", "The people around you spoke to each other, and not past each other. Your mum knew each week what was"
     " asked of her, and who helped with it."),
    ("exemplary", "Your dad had not been asked for a year. Your worker found him, listened to him, and brought him"
     " to the table.\n\nNow he reads to you every week."),
    ("good", "Your reports came early enough for your family to read them before the conference. Nobody was surprised"
     " there."),
)  # fmt: skip
NOT_ACCEPTED = ("A visit of the health visitor every week", "There is nobody who could come so often before spring.")
TALKED = "Spoken about by phone on the same day, with a date for each step. It is looked at again at the core group."
APPEALED = "The conference did not hear from the school, and decided without it."
UPHELD = "The school had not been asked. The conference is held again, with the school."
