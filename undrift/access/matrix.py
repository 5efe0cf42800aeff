"""The declared matrix: which role may do what, by which tie. `matrix.toml` is the one place where it is written.

Code, tests and the documentation's page all read it from here. What it does not say is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

INSIDE, PARTNER, EITHER = "inside", "partner", "either"
OTHERWISE = ""
SOURCE = Path(__file__).with_name("matrix.toml")


class Tie(StrEnum):
    """What ties a person to a child or a resolution. `OUT` and `ELSEWHERE` tie to nothing, and open nothing."""

    CHAIR = "C"
    ALLOCATED = "A"
    UNIT = "U"
    OWES = "O"
    TOLD = "T"
    WHOLE = "W"
    NAMED = "N"
    INVITED = "I"
    GLASS = "B"
    OUT = "out"
    ELSEWHERE = "elsewhere"


class Action(StrEnum):
    """What somebody may want to do."""

    LIST = "list"
    CHILD = "child"
    READ = "read"
    ADD = "add"
    RAISE = "raise"
    ANSWER = "answer"
    APPROVE = "approve"
    DECIDE = "decide"
    TRACK = "track"
    PLAN = "plan"
    COPY = "copy"
    LOG = "log"
    AUDIT = "audit"
    GUARD = "guard"
    GLASS = "glass"
    KEEP = "keep"
    BRING = "bring"
    REPORT = "report"


# On these the engine decides, of whatever the person reads by a tie of their own: the tie that the matrix names says
# whose work knows the act, and their part in the resolution says who does it.
ACTS = frozenset({Action.RAISE, Action.ANSWER, Action.APPROVE, Action.DECIDE, Action.TRACK, Action.PLAN})


class Condition(StrEnum):
    """How a child's record stands towards a person, whatever ties them to it."""

    USUAL = "usual"
    RESTRICTED = "restricted"
    EXCLUDED = "excluded"


Ties = frozenset[Tie]


@dataclass(frozen=True)
class Role:
    """A role, where it is held ("inside" children's social care, in a "partner" agency, or "either"), by which kinds
    of post, and its cells. The one with `otherwise` is held there by every other post.
    """

    id: str
    name: str
    where: str
    posts: frozenset[str]
    otherwise: bool
    cells: Mapping[Action, Ties]


@dataclass(frozen=True)
class Matrix:
    """`meanings` are the actions in words; `restricted` are the ties that open a restricted child."""

    roles: Mapping[str, Role]
    meanings: Mapping[Action, str]
    restricted: Ties

    def ties(self, roles: Iterable[str], action: Action) -> Ties:
        """The ties that open an action to somebody who holds these roles. A role that is not declared has none."""
        held = (self.roles[role] for role in roles if role in self.roles)
        return frozenset().union(*(role.cells.get(action, frozenset()) for role in held))

    def opens(self, role: str, action: Action, tie: Tie, condition: Condition = Condition.USUAL) -> bool:
        """One cell: whether this tie opens the action to the role. An undeclared role is refused."""
        if condition is Condition.EXCLUDED or tie not in self.ties([role], action):
            return False
        return condition is Condition.USUAL or tie in self.restricted

    def roles_of(self, posts: Iterable[str], *, partner: bool) -> frozenset[str]:
        """The roles that come with holding these kinds of post, in children's social care or in a partner agency."""
        held = self.by_post[PARTNER if partner else INSIDE]
        return frozenset(held.get(post, held[OTHERWISE]) for post in posts)

    @cached_property
    def by_post(self) -> Mapping[str, Mapping[str, str]]:
        """The role of each kind of post, inside and in a partner agency. What is not named there is `OTHERWISE`."""
        return {where: self._posts_in(where) for where in (INSIDE, PARTNER)}

    def _posts_in(self, where: str) -> Mapping[str, str]:
        here = [role for role in self.roles.values() if role.where in (where, EITHER)]
        posts = [(post, role.id) for role in here for post in (*role.posts, *([OTHERWISE] if role.otherwise else ()))]
        found = dict(posts)
        if len(found) < len(posts) or OTHERWISE not in found:
            raise MatrixError(f"{where}: a kind of post holds one role, and one role is held by every other post.")
        return found


class MatrixError(ValueError):
    """The matrix says something that means nothing."""


def read(text: str) -> Matrix:
    """The matrix from its text. Refuses (`MatrixError`) an action, a tie or a kind of post that it cannot place."""
    said = tomllib.loads(text)
    meanings = {Action(name): words for name, words in said["actions"].items()}
    if missing := set(Action) - set(meanings):
        raise MatrixError(f"[actions] does not say what {', '.join(sorted(missing))} means.")
    roles = {name: _role(name, dict(cells)) for name, cells in said["roles"].items()}
    found = Matrix(MappingProxyType(roles), MappingProxyType(meanings), _ties("restricted", said["restricted"]))
    assert found.by_post  # refuses a kind of post that holds two roles
    return found


def _role(name: str, said: dict[str, object]) -> Role:
    words, where = str(said.pop("name")), str(said.pop("where", INSIDE))
    posts, otherwise = said.pop("posts", []), bool(said.pop("otherwise", False))
    assert isinstance(posts, list)
    if unknown := set(said) - set(Action):
        raise MatrixError(f"[roles.{name}] {', '.join(sorted(unknown))}: there is no such action.")
    cells = {Action(action): _ties(f"roles.{name}.{action}", str(ties)) for action, ties in said.items()}
    return Role(name, words, where, frozenset(posts), otherwise, MappingProxyType(cells))


def _ties(place: str, letters: str) -> Ties:
    known = {str(tie): tie for tie in Tie if len(tie) == 1}
    if unknown := set(letters) - set(known):
        raise MatrixError(f"{place}: {', '.join(sorted(unknown))} is no tie. Ties are {', '.join(known)}.")
    return frozenset(known[letter] for letter in letters)


@cache
def matrix() -> Matrix:
    """The shipped matrix."""
    return read(SOURCE.read_text(encoding="utf-8"))
