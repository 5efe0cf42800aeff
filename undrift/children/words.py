"""The fixed answers about a child, as they are chosen on pages."""

from undrift.children.models.conference import ConferenceKind
from undrift.children.models.family import Sex
from undrift.children.models.plan import Category

CATEGORIES: tuple[tuple[str, str], ...] = tuple((value, str(label)) for value, label in Category.choices)
SEXES: tuple[tuple[str, str], ...] = tuple((value, str(label)) for value, label in Sex.choices)
CONFERENCE_KINDS: tuple[tuple[str, str], ...] = tuple((v, str(label)) for v, label in ConferenceKind.choices)
