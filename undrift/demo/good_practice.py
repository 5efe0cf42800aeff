"""The good practice report of Westmarch over the last quarter, as it was published."""

from __future__ import annotations

from undrift.demo.stories import Demonstration
from undrift.plan_cycle.good_practice import Chosen, Making, publish
from undrift.plan_cycle.periods import periods

AT_MOST = 6  # sentences


def publish_last_quarter(demo: Demonstration) -> None:
    """Of each letter one sentence in which nothing was found that would tell who the child is, if there is one."""
    over = periods(demo.days.today)[1]
    making = Making(demo.people["Marcus Penhale"], demo.days.at(-1, "15:20"), over.first, over.last)
    plain = [[one for one in offered.sentences if not one.found] for offered in making.offered]
    texts = {those[0].text: those[0].key for those in plain if those}
    chosen = [Chosen(key, text, sure=True) for text, key in list(texts.items())[:AT_MOST]]
    if chosen:
        publish(making, chosen)
