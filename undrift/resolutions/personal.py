"""Every stored field of a resolution: does it say something of a living person?

A test fails for a field that is missing here.
"""

from undrift.people.privacy import PERSONAL, FieldClasses

PERSONAL_FIELDS: FieldClasses = {
    "resolutions.Resolution": dict.fromkeys(
        "case raised_at first_stage stage highest_stage entered_at formality risk grounds ending".split(),  # noqa: SIM905
        PERSONAL,
    ),
}
