"""A look in words: which page, and what opened it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from undrift.access.models import Look
from undrift.people.leaving import name_of
from undrift.people.models import Holding

TIES: Mapping[str, str] = {
    "chair": "Chairs for the child, or covers for who does",
    "allocated": "The child’s social worker",
    "unit": "Manages the team",
    "owes": "Has, or had, something to do",
    "told": "Was told, as the policy says",
    "whole": "By their post, for the whole council",
    "invited": "Invited to the initial conference",
    "named": "Named on the child’s list",
    "conferences": "List of conferences, as a file",
    "glass": "Emergency opening",
    "audit": "Audit",
    "list": "In a list of what they may see",
}
PAGES: Mapping[str, str] = {
    "child": "Child record",
    "child-resolutions": "Child record: resolutions",
    "child-history": "Child record: history",
    "child-looks": "Who has looked",
    "child-guard": "Who may see",
    "restricted-child": "Who may see",
    **dict.fromkeys(
        (f"{door}-{act}" for door in ("child", "restricted") for act in ("guard-act", "act", "unname", "readmit")),
        "Who may see: a change",
    ),
    "family": "Family record",
    "resolution": "Resolution",
    "audit-export": "Log of looks, exported",
    "resolutions-csv": "List of resolutions, as a file",
    "children-csv": "List of children, as a file",
    "glass": "Emergency opening",
}


def page_in_words(look: Look) -> str:
    return PAGES.get(look.page) or look.page.replace("-", " ").capitalize() or "Not a page"


def how_in_words(look: Look) -> str:
    return "Refused: nothing was shown" if look.refused else TIES.get(look.how, look.how.capitalize())


def posts_of(looks: Iterable[Look], day: date) -> dict[int, str]:
    """The posts that those who looked hold today. One query."""
    held = Holding.objects.filter(Q(ends=None) | Q(ends__gte=day), person__in={one.person for one in looks})
    posts: dict[int, list[str]] = {}
    for holding in held.filter(starts__lte=day).select_related("post__unit", "post__agency").order_by("pk"):
        posts.setdefault(holding.person_id, []).append(name_of(holding.post))
    return {person: "; ".join(names) for person, names in posts.items()}
