"""Wrong tries and codes that were used: rows of their own, so that nothing else washes them out."""

from django.db import models


class WrongTry(models.Model):
    """How often somebody tried in vain by what they typed, told apart by a hash of it."""

    key = models.CharField(max_length=64, unique=True)
    tries = models.PositiveIntegerField()
    last = models.DateTimeField(db_index=True)


class UsedCode(models.Model):
    """A code of an app that was taken once, until it is good no longer."""

    key = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)
