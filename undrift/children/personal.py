"""Every stored field about children and their plans: does it say something of a living person?

A test fails for a field that is missing here.
"""

from undrift.people.privacy import NOT_PERSONAL, PERSONAL, FieldClasses


def _personal(*names: str) -> dict[str, str]:
    return {"id": NOT_PERSONAL, "authority": NOT_PERSONAL} | dict.fromkeys(names, PERSONAL)


PERSONAL_FIELDS: FieldClasses = {
    # The reference and the public id say nothing to an outsider, but they lead to one child.
    "children.Family": _personal("name", "reference"),
    "children.Child": _personal(
        "family",
        "external_id",
        "first_name",
        "last_name",
        "date_of_birth",
        "expected_birth",
        "sex",
        "public_id",
        "restricted",
        "died_on",
        "moved_on",
        "moved_to",
    ),
    "children.Voice": _personal("child", "text", "heard_on", "heard_by"),
    "children.Plan": _personal(
        "child",
        "starts",
        "ends",
        "initial_category",
        "latest_category",
        "chair",
        "social_worker",
        "team",
        "last_visit",
        "seen_alone",
        "latest_review",
        "reviews_held",
        "previous_plans",
        "team_text",
        "worker_text",
    ),
    "children.CoreGroupMember": _personal("family", "child", "person", "name", "agency", "role", "starts", "ends"),
    "children.Conference": _personal(
        "family",
        "reference",
        "kind",
        "planned_for",
        "held_on",
        "cancelled_at",
        "chair",
        "participants",
        "quorate",
        "decision_sheet_sent_at",
        "next_review",
    ),
    "children.KeyAction": _personal(
        "family",
        "conference",
        "children",
        "wording",
        "agency",
        "who",
        "feedback_due",
        "status",
        "feedback",
        "feedback_on",
    ),
    "children.MidpointCheck": _personal("plan", "due", "done_at", "done_by", "view", "next_step"),
    "children.ImportRun": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "source_system": NOT_PERSONAL,
        # Analysts name files after children now and then.
        "file_name": PERSONAL,
        "sha256": NOT_PERSONAL,
        "as_at": NOT_PERSONAL,
        "council": NOT_PERSONAL,
        "started": NOT_PERSONAL,
        "by": PERSONAL,
        "counts": NOT_PERSONAL,
        "undone_at": NOT_PERSONAL,
        "undone_by": PERSONAL,
    },
    "children.ImportedRow": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "source_system": NOT_PERSONAL,
        "entity": NOT_PERSONAL,
        "source_key": PERSONAL,
        "object_id": PERSONAL,
        "row_hash": PERSONAL,
        "import_run": NOT_PERSONAL,
        "first_seen": NOT_PERSONAL,
        "last_seen": NOT_PERSONAL,
        "last_changed": NOT_PERSONAL,
        "told": PERSONAL,
    },
    "children.ImportCheck": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "source_system": NOT_PERSONAL,
        "reference": NOT_PERSONAL,
        "file_name": PERSONAL,
        "sha256": NOT_PERSONAL,
        "content": PERSONAL,
        "as_at": NOT_PERSONAL,
        "at": NOT_PERSONAL,
        "by": PERSONAL,
        "counts": NOT_PERSONAL,
        "digest": NOT_PERSONAL,
        "begun_at": NOT_PERSONAL,
        "failed_at": NOT_PERSONAL,
        "failed_why": NOT_PERSONAL,
    },
    "children.ImportTold": {
        "id": NOT_PERSONAL,
        "authority": NOT_PERSONAL,
        "check_of": NOT_PERSONAL,
        "run": NOT_PERSONAL,
        "kind": NOT_PERSONAL,
        "place": NOT_PERSONAL,
        "child": PERSONAL,
        "by": PERSONAL,
        "in_file": NOT_PERSONAL,
        # No names, but child numbers.
        "said": PERSONAL,
    },
    "children.FactChange": _personal(
        "child", "entity", "object_id", "field", "was", "now", "at", "by", "import_run", "why"
    ),
    "children.AlsoInFamily": _personal("child", "family", "by", "at", "why", "ended_by", "ended_at"),
    "children.LookedAfter": _personal("child", "starts", "ends", "iro", "iro_name"),
    "children.SameChild": _personal("kept", "other", "same", "by", "at", "why", "undone_by", "undone_at", "undone_why"),
    "children.Allocation": _personal(
        "child", "part", "person", "unit", "from_day", "why", "by", "at", "done_at", "ended_by", "ended_at"
    ),
}
