"""Every stored field of the record: does it say something of a living person?

A test fails for a field that is missing here.
"""

from undrift.people.privacy import NOT_PERSONAL, PERSONAL, FieldClasses


def _fields(not_personal: str, personal: str) -> dict[str, str]:
    return (
        {"id": NOT_PERSONAL}
        | dict.fromkeys(not_personal.split(), NOT_PERSONAL)
        | dict.fromkeys(personal.split(), PERSONAL)
    )


PERSONAL_FIELDS: FieldClasses = {
    # Who did what and when is about the actor; the payload is about children. The hashes say nothing by themselves.
    "resolutions.Event": _fields(
        "authority seq version previous_hash hash",
        "resolution type payload by_person by_name by_role on_behalf_of on_behalf_of_name happened_at recorded_at",
    ),
    "resolutions.Seal": _fields("batch made_at count heads previous_root root", ""),
    "resolutions.ReferenceCounter": _fields("scope letters year last", ""),
    # A reference leads to a family; the rest is the story of its children and of those who answer.
    "resolutions.Resolution": _fields(
        "authority protocol_id protocol_version people_at last_seq last_hash sealed_seq summary_version",
        "reference family children team chair social_worker responsible_agency raising_agency raised_at "
        "first_stage stage highest_stage entered_at formality risk grounds tag next_role next_person "
        "next_name next_must due due_at turns_at then_tag then_role then_person then_name then_must "
        "then_due then_due_at ended_at ending last_at",
    ),
    "resolutions.ResolutionChild": _fields("authority", "resolution child settled"),
    "resolutions.Duty": _fields(
        "authority key post basis never_late",
        "resolution stage who person name must action due due_at met_at gone_at lapsed_at",
    ),
    "resolutions.Look": _fields("authority page", "person name at children resolution tried how refused"),
    "resolutions.Alert": _fields(
        "authority kind day reference created_at next_attempt_at attempts", "to_person about sent_at last_error"
    ),
    "resolutions.Draft": _fields("authority kind", "person resolution content saved_at"),
    "resolutions.Notice": _fields(
        "authority seq kind ask stage created_at next_attempt_at attempts",
        # A mail server's answer often repeats the address.
        "resolution to_person role due urgent sent_at last_error",
    ),
}
