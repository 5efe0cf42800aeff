"""How long to wait before the next try: a delay that grows with each wrong one, never a locked account."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

from undrift.library.numbers import FREE_TRIES, LONGEST_WAIT, REMEMBERED


def seconds_to_wait(who: str) -> int:
    """0 when a try is welcome. Counted for what was typed (an address, a person's codes), whether it exists or not."""
    tries, last = cache.get(_key(who), (0, 0.0))
    if tries < FREE_TRIES:
        return 0
    left: float = last + min(2 ** (tries - FREE_TRIES + 1), LONGEST_WAIT) - time.time()
    return max(0, round(left))


def sentence(who: str) -> str:
    """What to say to somebody who has to wait; empty when a try is welcome."""
    wait = seconds_to_wait(who)
    return f"Too many tries. Wait {_in_words(wait)}, then try again" if wait else ""


def remember_wrong_try(who: str) -> None:
    tries, _ = cache.get(_key(who), (0, 0.0))
    cache.set(_key(who), (tries + 1, time.time()), REMEMBERED)


def forget_wrong_tries(who: str) -> None:
    cache.delete(_key(who))


def _key(who: str) -> str:
    return "wrong-tries-" + hashlib.sha256(who.strip().lower().encode()).hexdigest()


def _in_words(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 60 else f"{-(-seconds // 60)} minutes"
