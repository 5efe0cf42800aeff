"""Who there is: partnerships, councils, agencies, units, posts, and the people in them over time."""

from undrift.people.models.account import AccountAct, Letter
from undrift.people.models.grant import Grant
from undrift.people.models.organisation import (
    Agency,
    Authority,
    ClosureDay,
    Partnership,
    Post,
    Unit,
)
from undrift.people.models.person import Person
from undrift.people.models.roster_version import RosterVersion
from undrift.people.models.tenure import Cover, Holding, Vacancy
from undrift.people.models.tries import UsedCode, WrongTry

__all__ = [
    "AccountAct",
    "Agency",
    "Authority",
    "ClosureDay",
    "Cover",
    "Grant",
    "Holding",
    "Letter",
    "Partnership",
    "Person",
    "Post",
    "RosterVersion",
    "Unit",
    "UsedCode",
    "Vacancy",
    "WrongTry",
]
