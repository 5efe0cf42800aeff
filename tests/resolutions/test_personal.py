"""Every field of the record, of who may see it and of each kind of case is declared personal or not."""

import pytest
from django.apps import apps

from undrift.access.personal import PERSONAL_FIELDS as OF_ACCESS
from undrift.people.privacy import FieldClasses, unclassified
from undrift.record.personal import PERSONAL_FIELDS as OF_RECORD
from undrift.resolutions.personal import PERSONAL_FIELDS as OF_RESOLUTIONS


@pytest.mark.parametrize(
    ("room", "table"), [("record", OF_RECORD), ("access", OF_ACCESS), ("resolutions", OF_RESOLUTIONS)]
)
def test_every_stored_field_of_a_room_is_classified(room: str, table: FieldClasses) -> None:
    assert unclassified(table, apps.get_app_config(room).get_models()) == []


def test_a_field_that_nobody_classified_is_found() -> None:
    table = {label: dict(fields) for label, fields in OF_RECORD.items()}
    del table["record.Event"]["payload"]
    assert unclassified(table, apps.get_app_config("record").get_models()) == ["record.Event.payload"]
