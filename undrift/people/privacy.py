"""The two classes of a stored field, and what is left unclassified in a room."""

from collections.abc import Iterable, Mapping

from django.db import models

PERSONAL = "personal"
NOT_PERSONAL = "not personal"

# Model label to field name to class; many-to-many fields are listed under the model that declares them.
FieldClasses = Mapping[str, Mapping[str, str]]


def classified(not_personal: str, personal: str) -> dict[str, str]:
    """The fields of one model, named in two lists of words; the number of a row says nothing of anybody."""
    return (
        {"id": NOT_PERSONAL}
        | dict.fromkeys(not_personal.split(), NOT_PERSONAL)
        | dict.fromkeys(personal.split(), PERSONAL)
    )


def unclassified(table: FieldClasses, stored: Iterable[type[models.Model]]) -> list[str]:
    """Stored fields that the table does not name, and names in it that are no stored field; sorted."""
    kept = {f"{model._meta.label}.{name}" for model in stored for name in _names(model)}
    named = {f"{label}.{name}" for label, fields in table.items() for name in fields}
    return sorted(kept ^ named)


def _names(model: type[models.Model]) -> list[str]:
    return [field.name for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)]
