"""How long to wait before the next try: a delay that grows with each wrong password, never a locked account."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

FREE_TRIES = 5
LONGEST_WAIT = 15 * 60  # seconds
REMEMBERED = 24 * 60 * 60  # seconds


def seconds_to_wait(email: str) -> int:
    """0 when a try is welcome. Counted for the address typed, whether anybody has it or not."""
    tries, last = cache.get(_key(email), (0, 0.0))
    if tries < FREE_TRIES:
        return 0
    wait = min(2 ** (tries - FREE_TRIES + 1), LONGEST_WAIT)
    return max(0, round(last + wait - time.time()))


def remember_wrong_try(email: str) -> None:
    tries, _ = cache.get(_key(email), (0, 0.0))
    cache.set(_key(email), (tries + 1, time.time()), REMEMBERED)


def forget_wrong_tries(email: str) -> None:
    cache.delete(_key(email))


def _key(email: str) -> str:
    return "wrong-tries-" + hashlib.sha256(email.strip().lower().encode()).hexdigest()
