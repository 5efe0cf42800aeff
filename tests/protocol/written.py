"""An invented policy that nothing is wrong with; tests change a line of it and see what is said."""

SOUND = """\
always_copied = ["director"]

[protocol]
id = "heathmoor"
version = "2026.1"
title = "Concerns"
applies_to = ["child protection plan"]
source = { title = "Concerns policy" }

[role.chair]
title = "Conference Chair"
held_by = "chair of the child's conference"

[role.manager]
title = "Team Manager"
held_by = "manager of the child's team"

[role.head]
title = "Head of Service"
held_by = "manager one unit above the child's team"

[role.director]
title = "Director"
held_by = "the authority's Director"

[[stage]]
id = "talk"
title = "Talk"
formality = "informal"
clause = "1"
to = ["manager"]
speak_first = { to = "manager" }
duty = [{ who = "manager", must = "settle", within = "5 working days", of = "entered" }]
exits = [
  { to = "resolved", when = ["accepted"] },
  { to = "formal", when = ["not answered", "not accepted", "not done"] },
]

[[stage]]
id = "formal"
title = "Formal"
formality = "formal"
clause = "2"
to = ["manager", "head"]
may_start_here = false
duty = [{ who = "manager", must = "respond", within = "8 working days", approved_by = "head" }]
exits = [
  { to = "resolved", when = ["accepted"] },
  { to = "top", when = ["not answered", "not accepted", "not done"] },
]

[[stage]]
id = "top"
title = "Top"
formality = "formal"
clause = "3"
to = ["director"]
duty = [{ who = "director", must = "respond", within = "6 working days" }]
exits = [
  { to = "resolved", when = ["accepted"] },
  { to = "ended", when = ["not answered", "not accepted"], ending = "disagreement-recorded" },
]

[[cap]]
over = ["formal", "top"]
within = "14 working days"

[[route]]
id = "urgent"
title = "Act now"
urgent = true

[[milestone]]
id = "sheet"
title = "Decision sheet"
done = "sent the decision sheet"
who = "chair"
within = "1 working day"
of = "conference"

[[ground]]
code = "DRIFT"
title = "Drift and delay"
kind = "the plan"

[[ground]]
code = "RISK-NOW"
title = "A child is at risk now"
kind = "risk"
usually_starts = "formal"
"""


def changed(*changes: tuple[str, str]) -> str:
    """The sound text with lines of it replaced; each has to be there exactly once."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
