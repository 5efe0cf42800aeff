"""Whose row it is: one council's, or shared by the councils of one partnership."""

from django.db import models
from django.db.models import Q


class Owned(models.Model):
    """A row that belongs to one authority, or to a partnership whose authorities share it. Never to both."""

    authority = models.ForeignKey(
        "people.Authority",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The council whose row this is; empty when a whole partnership shares it.",
    )
    partnership = models.ForeignKey(
        "people.Partnership",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The partnership that shares this row; empty when one council owns it.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_owner",
                condition=Q(authority__isnull=False, partnership__isnull=True)
                | Q(authority__isnull=True, partnership__isnull=False),
            )
        ]
