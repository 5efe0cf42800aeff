"""Who may come near a child's record, who has looked, and who is told of it."""

from undrift.access.models.alert import Alert
from undrift.access.models.look import Look
from undrift.access.models.need_to_know import Exclusion, Finding, Listing, Opening, Restriction

__all__ = ["Alert", "Exclusion", "Finding", "Listing", "Look", "Opening", "Restriction"]
