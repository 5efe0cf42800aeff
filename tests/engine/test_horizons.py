"""Each date that is typed lies within what it means; what is too far off is said with the last day that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from undrift.engine.dates import horizons

TODAY = date(2026, 5, 6)
# The horizon, and how many days from today the first and the last day lie that it takes; None where there is none.
TAKES: dict[Callable[[date | None, date], str], tuple[int | None, int | None]] = {
    horizons.too_far_ahead: (None, 184),
    horizons.too_long_ago: (-366, None),
    horizons.no_first_day: (0, 184),
    horizons.no_last_day: (-92, 184),
    horizons.no_day_of_birth: (-26 * 366, 280),
    horizons.no_day_of_the_past: (-26 * 366, 0),
    horizons.no_day_of_the_log: (None, 0),
    horizons.no_day_of_a_file: (-2 * 366, 0),
}


@pytest.mark.parametrize("horizon", TAKES)
def test_a_horizon_takes_its_first_and_last_day_and_no_other_beyond(
    horizon: Callable[[date | None, date], str],
) -> None:
    assert horizon(None, TODAY) == ""
    for end, beyond in zip(TAKES[horizon], (-1, 1), strict=True):
        if end is not None:
            assert horizon(TODAY + timedelta(days=end), TODAY) == ""
            assert horizon(TODAY + timedelta(days=end + beyond), TODAY)


def test_how_far_ahead_is_said_before_it_is_asked() -> None:
    assert horizons.far_ahead(TODAY) == "6 November 2026 at the latest, within 6 months"
