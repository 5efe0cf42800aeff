"""Every stored field of who may see and who has looked: does it say something of a living person?

A test fails for a field that is missing here.
"""

from undrift.people.privacy import FieldClasses, classified

PERSONAL_FIELDS: FieldClasses = {
    "access.Look": classified("authority page", "person name at children case tried how refused"),
    "access.Alert": classified(
        "authority kind day reference created_at next_attempt_at attempts", "to_person about sent_at last_error"
    ),
    "access.Restriction": classified(
        "authority", "child reason set_by set_at lift_asked_by lift_asked_at lifted_by lifted_at"
    ),
    "access.Listing": classified("authority", "child person why starts ends by ended_by ended_at"),
    "access.Exclusion": classified("authority", "child person why by since lifted_by lifted_at"),
    "access.Opening": classified(
        "authority",
        "child person purpose reason opened_at until review_due reviewed_by reviewed_at finding remark",
    ),
}
