"""A family, its children, and what each child has said."""

import secrets

from django.db import models

from undrift.people.models import Authority, Person

# No vowels and no look-alikes: it is read aloud on the telephone and must not spell anything.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
# Each byte as a letter, every letter as likely as another: what is left over above the last whole round is thrown away.
_ROUNDS = 256 // len(ALPHABET) * len(ALPHABET)
_LETTERS = (ALPHABET * 10)[:256].encode()
_LEFT_OVER = bytes(range(_ROUNDS, 256))


def opaque_id() -> str:
    """A name for addresses that says nothing about whom it names (about 57 bits)."""
    letters = secrets.token_bytes(24).translate(_LETTERS, _LEFT_OVER)
    return letters[:12].decode() if len(letters) >= 12 else opaque_id()


class Family(models.Model):
    """Children whose plans are looked at together. An import that knows no families makes one per child."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="families")
    name = models.CharField(max_length=200, blank=True, help_text="The family's name; empty when unknown.")
    reference = models.CharField(max_length=20, unique=True, default=opaque_id, editable=False)

    class Meta:
        verbose_name_plural = "families"
        indexes = [models.Index(fields=["authority", "name"])]

    def __str__(self) -> str:
        return f"{self.name} family" if self.name else "Family without a name on file"


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    NOT_STATED = "U", "Not stated"


class Child(models.Model):
    """One child. There is no address, telephone or school field, and there must not be one."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="children", db_index=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="children")
    external_id = models.CharField(
        max_length=60, blank=True, help_text="The child's number in the council's case system."
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    expected_birth = models.DateField(null=True, blank=True, help_text="For a child not yet born.")
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.NOT_STATED)
    public_id = models.CharField(max_length=20, unique=True, default=opaque_id, editable=False)
    restricted = models.BooleanField(default=False, help_text="Only people named for this child may see it.")
    died_on = models.DateField(null=True, blank=True)
    moved_on = models.DateField(null=True, blank=True, help_text="The day the child moved to another council.")
    moved_to = models.CharField(max_length=200, blank=True, help_text="The council that the child moved to.")

    class Meta:
        verbose_name_plural = "children"
        indexes = [
            models.Index(fields=["authority", "last_name", "first_name"]),
            # The few restricted children of a council are asked for on every page.
            models.Index(fields=["authority"], condition=models.Q(restricted=True), name="children_restricted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "external_id"],
                condition=~models.Q(external_id=""),
                name="children_child_external_id",
            ),
        ]

    def __str__(self) -> str:
        """The child's full name, or their number where the case system gave no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.called

    @property
    def called(self) -> str:
        """The first name, as pages use it; without one, the case system's number."""
        if self.first_name:
            return self.first_name
        return f"Child {self.external_id}" if self.external_id else "Child without a name"


class Voice(models.Model):
    """What a child said or showed, and the day it was heard."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="voices")
    text = models.TextField()
    heard_on = models.DateField()
    heard_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-heard_on", "-id"]
        get_latest_by = ["heard_on", "id"]
