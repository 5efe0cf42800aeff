"""When a conference has to be held: the statutory guidance, which stands above every policy.

Working Together to Safeguard Children: the initial conference within 15 working days of the strategy discussion that
began the enquiry, the first review within three months of it, each later one within six months of the one before.
"""

from __future__ import annotations

from undrift.protocol.clocks import Counted, Unit

INITIAL_WITHIN = Counted(15, Unit.WORKING_DAYS)
FIRST_REVIEW_WITHIN = Counted(3, Unit.MONTHS)
LATER_REVIEWS_WITHIN = Counted(6, Unit.MONTHS)
CLAUSE = "Working Together to Safeguard Children, child protection conferences"
