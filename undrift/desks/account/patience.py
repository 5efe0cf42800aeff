"""How long to wait before the next try: a delay that grows with each wrong one, never a locked account."""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code

from undrift.people import tries


def begin_try(who: str) -> str:
    """What to say to somebody who has to wait. Empty when the try is welcome: from now on it counts as a wrong one."""
    wait = tries.take(who)
    return f"Too many tries. Wait {_in_words(wait)}, then try again" if wait else ""


def forget_wrong_tries(who: str) -> None:
    """It was a right one."""
    tries.forget(who)


def takes(known: Authenticator, code: str) -> bool:
    """Whether this is a code of it, given for the first time."""
    if known.type != Authenticator.Type.TOTP:
        return bool(known.wrap().validate_code(code))
    secret = get_adapter().decrypt(known.data["secret"])
    return validate_totp_code(secret, code) and use_code(known.user_id, code)


def use_code(person: int, code: str) -> bool:
    """Whether this code of the person's app is used for the first time; from now on it is used."""
    lasts = timedelta(seconds=2 * app_settings.TOTP_PERIOD)  # until it is good nowhere, whatever a clock says
    return tries.use_once(f"app code {code} of {person}", lasts)


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
