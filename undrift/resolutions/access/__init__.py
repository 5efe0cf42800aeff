"""Who may see what. A resolution or a child is fetched through here alone: whoever holds one has been checked.

What somebody may see follows from posts, cover, children and lists, by the declared `matrix`, never from an account's
flag. What is out of scope is as absent as what does not exist. Every fetch of one record, and every refusal, is kept
as a look. This is the first lock; PostgreSQL itself is the second (`second_lock`).
"""

from undrift.resolutions.access.doors import (
    NotFound,
    fetch,
    fetch_child,
    fetch_family,
    fetch_family_of,
    fetch_with_children,
    shown_by_glass,
    turned_away,
)
from undrift.resolutions.access.matrix import Action, Tie, matrix
from undrift.resolutions.access.rows import Among, children_visible_to, row_by_row, visible_to
from undrift.resolutions.access.scope import Scope, people_of, scope_of

__all__ = [
    "Action",
    "Among",
    "NotFound",
    "Scope",
    "Tie",
    "children_visible_to",
    "fetch",
    "fetch_child",
    "fetch_family",
    "fetch_family_of",
    "fetch_with_children",
    "matrix",
    "people_of",
    "row_by_row",
    "scope_of",
    "shown_by_glass",
    "turned_away",
    "visible_to",
]
