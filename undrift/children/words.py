"""The fixed answers about a child, as they are chosen on pages."""

from undrift.children.models.family import Sex
from undrift.children.models.plan import Category

CATEGORIES: tuple[tuple[str, str], ...] = tuple((value, str(label)) for value, label in Category.choices)
SEXES: tuple[tuple[str, str], ...] = tuple((value, str(label)) for value, label in Sex.choices)
