"""Children and their plans: the facts around which concerns arise, and where each fact came from."""

from undrift.children.models.also_in_family import AlsoInFamily
from undrift.children.models.conference import Conference, KeyAction, MidpointCheck
from undrift.children.models.family import Child, Family, Voice
from undrift.children.models.looked_after import LookedAfter
from undrift.children.models.plan import CoreGroupMember, Plan
from undrift.children.models.provenance import (
    Allocation,
    AllocationPart,
    Entity,
    FactChange,
    ImportCheck,
    ImportedRow,
    ImportRun,
    ImportTold,
    Telling,
)
from undrift.children.models.same_child import SameChild

__all__ = [
    "Allocation",
    "AllocationPart",
    "AlsoInFamily",
    "Child",
    "Conference",
    "CoreGroupMember",
    "Entity",
    "FactChange",
    "Family",
    "ImportCheck",
    "ImportRun",
    "ImportTold",
    "ImportedRow",
    "KeyAction",
    "LookedAfter",
    "MidpointCheck",
    "Plan",
    "SameChild",
    "Telling",
    "Voice",
]
