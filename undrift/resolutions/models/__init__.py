"""The record: history that is only added to, and what is worked out from it for the lists."""

from undrift.resolutions.models.alert import Alert
from undrift.resolutions.models.draft import Draft
from undrift.resolutions.models.event import Event, Seal
from undrift.resolutions.models.look import Look
from undrift.resolutions.models.notice import Notice
from undrift.resolutions.models.summary import Duty, ReferenceCounter, Resolution, ResolutionChild

__all__ = [
    "Alert",
    "Draft",
    "Duty",
    "Event",
    "Look",
    "Notice",
    "ReferenceCounter",
    "Resolution",
    "ResolutionChild",
    "Seal",
]
