"""Why a value need not stand in a place, or a field in none: the words of the table in docs/reference/readers.md."""

from __future__ import annotations

from collections.abc import Mapping

MUST = "yes"
REASONS: Mapping[str, str] = {
    "letter": "A letter has a reference, a date and a link: no name, and no word of the record.",
    "date": "The one date in a letter is the day by which its reader has to act, or the new one that it is about.",
    "untold": "Nobody has to do anything because of it, so no letter goes out.",
    "list": "A list says of whom, why, where it stands, whose turn it is and by when, and leads to the rest.",
    "event": "It was done once: what happened says so, on the same page, for as long as there is a record.",
    "above": "It stands above what happened, and stays there; what happened names the step.",
    "draft": "Between whoever answers and whoever approves: the chair reads the answer once it is approved.",
    "way": "It is how it was dealt with, and nothing about the child: it stays on the record.",
    "whole": "It is of the whole concern, and may name brothers and sisters: it stays on the record.",
    "promise": "It is promised, and nothing of the child's plan before the chair has accepted the answer.",
    "stood": "It says the same as before: what was so there is so still.",
    "last": "Nothing is asked of anybody because of it.",
    "beside": "Whoever acts next is asked about something else, and reads it on the record.",
}
# Of fields that hold nothing which somebody says: nothing can be looked for.
NOT_SAID: Mapping[str, str] = {
    "policy": "The policy says it, and the service puts it in: with whom one talks first, by phone, now.",
    "on file": "The service looks it up on its own when the act is done, and judges by it.",
    "unasked": "No form asks for it. Examples and other programs may say it, and it is then told with what happened.",
    "of calls": "Of the call about a risk alone: no other conversation says which children are safe.",
}
