"""Who may do what, written a second time and the other way round: by action. Only the matrix itself is the source.

A role or an action that is new, and a cell that is changed, has to be written here as well, or the build fails.
Each letter is a tie (`undrift/access/matrix.toml` says which); a role that an action does not name is refused it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from undrift.access.matrix import Action, Tie

CHAIRS_SERVICE = "chair review-manager principal-iro safeguarding-head"
LADDER = "team-manager group-manager head-of-service head-of-csc assistant-director director colleague"
IN_CARE = f"{CHAIRS_SERVICE} social-worker {LADDER}"
PARTNERS = "partner-manager partner-lead partner-chief partner"

ROLES = frozenset(
    f"{IN_CARE} {PARTNERS} partnership-manager business-support auditor information-governance out-of-hours "
    "administrator".split()
)

OPENED_BY: Mapping[Action, Mapping[str, str]] = {
    Action.LIST: {
        "CAUOTN": "chair team-manager group-manager head-of-service colleague",
        "CAUOTWNB": "review-manager principal-iro",
        "CAUOTWN": "safeguarding-head head-of-csc assistant-director director",
        "CAOTN": "social-worker",
        "OT": PARTNERS,
        "N": "auditor information-governance",
        "B": "out-of-hours",
    },
    Action.CHILD: {
        "CAUNI": "chair team-manager group-manager head-of-service colleague",
        "CAUWNIB": "review-manager principal-iro",
        "CAUWNI": "safeguarding-head head-of-csc assistant-director director",
        "CANI": "social-worker",
        "W": "business-support",
        "N": "auditor information-governance",
        "B": "out-of-hours",
    },
    Action.READ: {
        "CAUOTN": "chair team-manager group-manager head-of-service colleague",
        "CAUOTWNB": "review-manager principal-iro",
        "CAUOTWN": "safeguarding-head head-of-csc assistant-director director",
        "CAOTN": "social-worker",
        "OT": PARTNERS,
        "N": "auditor information-governance",
        "B": "out-of-hours",
    },
    Action.ADD: {
        "CAUOTN": "chair team-manager group-manager head-of-service colleague",
        "CAUOTWN": "review-manager principal-iro safeguarding-head head-of-csc assistant-director director",
        "CAOTN": "social-worker",
        "OT": PARTNERS,
    },
    Action.RAISE: {"C": IN_CARE},
    Action.ANSWER: {"O": f"{IN_CARE} {PARTNERS}"},
    Action.APPROVE: {"O": f"{IN_CARE} {PARTNERS}"},
    Action.DECIDE: {"CO": IN_CARE},
    Action.TRACK: {"CAO": f"{CHAIRS_SERVICE} social-worker", "CAUO": LADDER, "O": PARTNERS},
    Action.PLAN: {
        "CAU": "chair team-manager group-manager head-of-service colleague",
        "CAUW": "review-manager principal-iro safeguarding-head head-of-csc assistant-director director",
        "CA": "social-worker",
    },
    Action.COPY: {
        "CAUOTN": "chair team-manager group-manager head-of-service colleague",
        "CAUOTWN": "review-manager principal-iro safeguarding-head head-of-csc assistant-director director",
        "CAOTN": "social-worker",
    },
    Action.LOG: {
        "C": "chair",
        "CW": "review-manager principal-iro",
        "W": "safeguarding-head head-of-csc assistant-director director information-governance",
        "U": "team-manager group-manager head-of-service",
        "N": "auditor",
    },
    Action.AUDIT: {"W": "review-manager principal-iro safeguarding-head information-governance"},
    Action.GUARD: {
        "C": "chair",
        "CW": "review-manager principal-iro",
        "W": "safeguarding-head information-governance",
    },
    Action.GLASS: {"W": "review-manager principal-iro out-of-hours"},
    Action.BRING: {"W": "review-manager principal-iro safeguarding-head business-support administrator"},
    Action.REPORT: {"W": "review-manager principal-iro"},
    Action.KEEP: {"W": "review-manager principal-iro safeguarding-head administrator"},
}
OPEN_WHERE_RESTRICTED = "CAONB"


@cache
def opened_by(role: str, action: Action) -> frozenset[Tie]:
    """The ties that open an action to a role, by this table."""
    letters = [letters for letters, roles in OPENED_BY[action].items() if role in roles.split()]
    return frozenset(Tie(letter) for each in letters for letter in each)
