"""The invented people of the demonstration, for whoever has just started it."""

from django.core.management.base import BaseCommand

from undrift.desks.account.cast import cast

MOST_NAMES = 8  # of each organisation; the sign-in page lists them all


class Command(BaseCommand):
    help = "List people one can be in the demonstration."

    def handle(self, *args: object, **options: object) -> None:
        for group in cast():
            self.stdout.write(f"\n{group.name}")
            for member in group.members[:MOST_NAMES]:
                self.stdout.write(f"  {member.name:24} {member.post}")
            if len(group.members) > MOST_NAMES:
                self.stdout.write(f"  and {len(group.members) - MOST_NAMES} more on the sign-in page")
