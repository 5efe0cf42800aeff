"""The codes of an authenticator app, by the clock that the service goes by."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

HALF_MINUTE = 30  # seconds that a code is shown


@pytest.fixture
def slow_fingers(settings: Any) -> None:
    """A code stays good while a busy machine types it into a browser. That it is good once is not changed by this."""
    settings.MFA_TOTP_TOLERANCE = 4


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // HALF_MINUTE))


def next_code(secret: str, clock: time_machine.Traveller) -> str:
    """The code that the app shows next, for the last one was used: half a minute goes by at once."""
    clock.shift(HALF_MINUTE)
    return code_of(secret)
