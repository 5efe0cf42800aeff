"""Who has not signed in for 60 days, and so cannot; and opening an account again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from undrift.library.numbers import UNUSED_DAYS
from undrift.people.dormant import dormant, reopen
from undrift.people.models import Person


class Command(BaseCommand):
    help = f"List accounts closed because nobody used them for {UNUSED_DAYS} days; --open EMAIL opens one again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--open", metavar="EMAIL", help="open this account again")

    def handle(self, *args: object, open: str | None, **options: Any) -> None:
        now = timezone.now()
        if open:
            person = Person.objects.filter(email=Person.objects.normalize_email(open)).first()
            if person is None:
                raise CommandError(f"Nobody has the email address {open}. Check it against the list of people.")
            reopen(person, now)
            self.stdout.write(f"{person.name} can sign in again.")
            return
        for person in dormant(now):
            self.stdout.write(f"{person.email:50} last signed in {person.last_login:%d %B %Y}")
