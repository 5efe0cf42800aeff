"""Links that work once: to choose a first password, and a new one for a forgotten one.

Django's own tokens: nothing is stored, and a token is worth nothing after the password has changed or somebody has
signed in. One kind is never taken for the other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode

from undrift.people import clock
from undrift.people.models import AccountAct, Person
from undrift.people.models.account import What


class OneTimeLink(PasswordResetTokenGenerator):
    """Tokens of one kind. PASSWORD_RESET_TIMEOUT is the longest that any may last."""

    def __init__(self, kind: str, lasts: timedelta) -> None:
        super().__init__()
        self.key_salt, self.lasts = f"undrift.people.links.{kind}", lasts

    def parts_for(self, person: Person) -> dict[str, str]:
        """What stands in the address, made now."""
        return {"uidb64": urlsafe_base64_encode(force_bytes(person.pk)), "token": self.make_token(person)}

    def check_token(self, user: Any, token: str | None) -> bool:
        if not token or not super().check_token(user, token):
            return False
        return self._num_seconds(self._now()) - base36_to_int(token.split("-")[0]) <= self.lasts.total_seconds()

    def _now(self) -> datetime:
        # Django counts by the clock on the wall, by which a link would live an hour more or less twice a year.
        return clock.now().astimezone(UTC).replace(tzinfo=None)


class Invitation(OneTimeLink):
    """A newer invitation makes the earlier ones worth nothing."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        invited = AccountAct.objects.filter(person=user.pk, what=What.INVITED).order_by("-pk")
        return f"{super()._make_hash_value(user, timestamp)}{invited.values_list('pk', flat=True).first()}"


INVITATION = Invitation("invitation", timedelta(days=3))
NEW_PASSWORD = OneTimeLink("new password", timedelta(hours=1))
