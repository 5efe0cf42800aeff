"""A person who may sign in, and nothing more: what they may do follows from posts and children."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from undrift.people.models.organisation import Agency, Authority, Partnership


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A saved person. Without a password nobody can sign in as them by password.

        Given an agency and no owner, the person belongs where the agency belongs.
        """
        agency = fields.get("agency")
        if agency and not fields.get("authority") and not fields.get("partnership"):
            fields |= {"authority": agency.authority, "partnership": agency.partnership}
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        # Django lowers the domain only; one person would then have two addresses.
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=self.normalize_email(username))


class Person(AbstractBaseUser):
    """Somebody with a name, an email address to sign in with and a number to ring."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=30, blank=True)
    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text="The council they work in; empty for people of agencies that a partnership shares.",
    )
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    leaves_on = models.DateField(
        null=True, blank=True, help_text="The last day they work here. The account is closed when it is over."
    )
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When the account was closed, if it is.")

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(name="people_person_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="people_person_belongs_somewhere",
                condition=Q(authority__isnull=False) | Q(partnership__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def serves_on(self, day: date) -> bool:
        """Whether the account is open, and will still be on that day."""
        return self.is_active and (self.leaves_on is None or self.leaves_on >= day)

    @property
    def given_name(self) -> str:
        """The name for a greeting. "Dr" and the like are left off."""
        words = [word for word in self.name.split() if word.rstrip(".").lower() not in {"dr", "prof", "sir"}]
        return words[0] if words else self.name
