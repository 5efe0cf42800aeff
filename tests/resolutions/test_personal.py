"""Every field of the record is declared personal or not."""

from django.apps import apps

from undrift.people.privacy import unclassified
from undrift.resolutions.personal import PERSONAL_FIELDS


def test_every_stored_field_of_the_record_is_classified() -> None:
    assert unclassified(PERSONAL_FIELDS, apps.get_app_config("resolutions").get_models()) == []


def test_a_field_that_nobody_classified_is_found() -> None:
    table = {label: dict(fields) for label, fields in PERSONAL_FIELDS.items()}
    del table["resolutions.Event"]["payload"]
    missing = unclassified(table, apps.get_app_config("resolutions").get_models())
    assert missing == ["resolutions.Event.payload"]
