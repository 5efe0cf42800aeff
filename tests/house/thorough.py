"""How much is asked: a sample as a rule, everything with THOROUGH=1, which is how `make test-all` runs the tests.

The same tests run either way. What differs is how many cases are drawn at random, how often axe looks at pages that
are much alike, at which widths a journey is told, and of how many stages and keepers; each of those tests asks here.
"""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"


# A desk whose pages the journeys walk through at a desk's width anyway is walked through on a phone.
WIDTHS = (1280, 375) if THOROUGH else (375,)


def drawn(number: int) -> int:
    """A tenth of this many random cases; all of them where everything is asked."""
    return number if THOROUGH else -(-number // 10)
