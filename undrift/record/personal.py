"""Every stored field of the record: does it say something of a living person?

A test fails for a field that is missing here.
"""

from undrift.people.privacy import FieldClasses, classified

PERSONAL_FIELDS: FieldClasses = {
    # Who did what and when is about the actor; the payload is about children. The hashes say nothing by themselves.
    "record.Event": classified(
        "authority seq version previous_hash hash",
        "case type payload by_person by_name by_role on_behalf_of on_behalf_of_name happened_at recorded_at",
    ),
    "record.Seal": classified("batch made_at count heads rows previous_root root", ""),
    "record.Ending": classified("of_table number said at", ""),
    "record.ReferenceCounter": classified("scope letters year last", ""),
    # A reference leads to a family; the rest is the story of its children and of those who answer.
    "record.Case": classified(
        "authority kind protocol_id protocol_version people_at last_seq last_hash sealed_seq summary_version",
        "reference family children team chair social_worker responsible_agency raising_agency tag next_role "
        "next_person next_name next_must due due_at turns_at then_tag then_role then_person then_name then_must "
        "then_due then_due_at ended_at last_at",
    ),
    "record.CaseChild": classified("authority", "case child settled"),
    "record.Duty": classified(
        "authority key post basis never_late",
        "case stage who person name must action due due_at met_at gone_at lapsed_at",
    ),
    # Confirmed by a person to let no child be recognised; who published it is said in it.
    "record.GoodPracticeReport": classified(
        "authority first last team team_name sentences numbers replaces why at", "by by_name"
    ),
    "record.Draft": classified("authority kind", "person case content saved_at"),
    # Of a form that names a child the address does, too.
    "record.TypedText": classified("page number tab count why", "person address content wrong sentence saved_at"),
    "record.Submission": classified("number tab said", "person address onward sent_at"),
    "record.Notice": classified(
        "authority seq kind ask stage created_at next_attempt_at dropped_at attempts",
        # A mail server's answer often repeats the address.
        "case to_person role due urgent sent_at last_error",
    ),
}
