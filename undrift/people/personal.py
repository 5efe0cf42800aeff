"""Every stored field about people and posts: does it say something of a living person?

A test fails for a field that is missing here. Extracts, canary tests and access requests read this table.
"""

from undrift.people.privacy import NOT_PERSONAL, PERSONAL, FieldClasses

_OWNER = {"id": NOT_PERSONAL, "authority": NOT_PERSONAL, "partnership": NOT_PERSONAL}

PERSONAL_FIELDS: FieldClasses = {
    "people.Partnership": {"id": NOT_PERSONAL, "name": NOT_PERSONAL},
    "people.Authority": {
        "id": NOT_PERSONAL,
        "code": NOT_PERSONAL,
        "name": NOT_PERSONAL,
        "partnership": NOT_PERSONAL,
        "nation": NOT_PERSONAL,
        "protocol_id": NOT_PERSONAL,
        "protocol_version": NOT_PERSONAL,
        "area": NOT_PERSONAL,
        "accountable_at_last": NOT_PERSONAL,
        "choices": NOT_PERSONAL,
        "front_door_phone": NOT_PERSONAL,
        "out_of_hours_phone": NOT_PERSONAL,
        "mailbox": NOT_PERSONAL,
        "mailbox_phone": NOT_PERSONAL,
    },
    "people.ClosureDay": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "date": NOT_PERSONAL,
        "reason": NOT_PERSONAL,
    },
    "people.RosterVersion": {"scope": NOT_PERSONAL, "version": NOT_PERSONAL},
    "people.Agency": {**_OWNER, "name": NOT_PERSONAL, "kind": NOT_PERSONAL},
    "people.Unit": {**_OWNER, "agency": NOT_PERSONAL, "name": NOT_PERSONAL, "parent": NOT_PERSONAL},
    "people.Post": {
        **_OWNER,
        "agency": NOT_PERSONAL,
        "unit": NOT_PERSONAL,
        "slug": NOT_PERSONAL,
        "title": NOT_PERSONAL,
        "heads_unit": NOT_PERSONAL,
    },
    "people.Person": {
        "id": NOT_PERSONAL,
        "password": PERSONAL,
        "last_login": PERSONAL,
        "email": PERSONAL,
        "name": PERSONAL,
        "phone": PERSONAL,
        "authority": NOT_PERSONAL,
        "partnership": NOT_PERSONAL,
        "agency": PERSONAL,
        "is_active": PERSONAL,
        "leaves_on": PERSONAL,
    },
    "people.Holding": {
        **_OWNER,
        "post": PERSONAL,
        "person": PERSONAL,
        "starts": PERSONAL,
        "ends": PERSONAL,
        "kind": PERSONAL,
    },
    "people.Cover": {
        **_OWNER,
        "away": PERSONAL,
        "covering": PERSONAL,
        "post": PERSONAL,
        "starts": PERSONAL,
        "ends": PERSONAL,
        # Why somebody is away may be their health: free text is treated as if it were.
        "reason": PERSONAL,
    },
    "people.Vacancy": {
        **_OWNER,
        "post": NOT_PERSONAL,
        "since": NOT_PERSONAL,
        "noticed_at": NOT_PERSONAL,
        "ended": NOT_PERSONAL,
        "fell_to": PERSONAL,
        "how": PERSONAL,
    },
    "people.AccountAct": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "person": PERSONAL,
        "what": PERSONAL,
        "by": PERSONAL,
        "by_role": PERSONAL,
        "at": PERSONAL,
    },
    "people.Letter": {
        "id": NOT_PERSONAL,
        "act": PERSONAL,
        "created_at": NOT_PERSONAL,
        "next_attempt_at": NOT_PERSONAL,
        "sent_at": NOT_PERSONAL,
        "attempts": NOT_PERSONAL,
        # A mail server repeats the address that it refused.
        "last_error": PERSONAL,
    },
}
