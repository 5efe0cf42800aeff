"""Which version of a roster the database vouches for. Its triggers alone write it: `migrations/roster_version.sql`."""

from django.db import models


class RosterVersion(models.Model):
    """Another one whenever the units, posts, holders, cover or people of this council or partnership change."""

    scope = models.CharField(primary_key=True, max_length=40, help_text='"authority 3" or "partnership 1".')
    version = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.scope}: {self.version}"
