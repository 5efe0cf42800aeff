"""Children and their plans: the facts around which concerns arise, and where each fact came from."""

from undrift.children.models.conference import Conference, KeyAction, MidpointCheck
from undrift.children.models.family import Child, Family, Voice
from undrift.children.models.plan import CoreGroupMember, Plan
from undrift.children.models.provenance import ImportedChange, ImportedRow, ImportRun

__all__ = [
    "Child",
    "Conference",
    "CoreGroupMember",
    "Family",
    "ImportRun",
    "ImportedChange",
    "ImportedRow",
    "KeyAction",
    "MidpointCheck",
    "Plan",
    "Voice",
]
