"""The record: cases, history that is only added to, and what is worked out from it for the lists."""

from undrift.record.models.case import OPEN, Case, CaseChild, Kind, ReferenceCounter, Turn
from undrift.record.models.draft import Draft
from undrift.record.models.duty import Duty
from undrift.record.models.event import Ending, Event, Seal
from undrift.record.models.notice import NO_LONGER, Notice
from undrift.record.models.report import GoodPracticeReport
from undrift.record.models.typed import Submission, TypedText

__all__ = [
    "NO_LONGER",
    "OPEN",
    "Case",
    "CaseChild",
    "Draft",
    "Duty",
    "Ending",
    "Event",
    "GoodPracticeReport",
    "Kind",
    "Notice",
    "ReferenceCounter",
    "Seal",
    "Submission",
    "Turn",
    "TypedText",
]
