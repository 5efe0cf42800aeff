"""Leafing through a long list: one page of it, and the addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from undrift.desks.frame.narrowing import with_query

Of = TypeVar("Of", bound=Model)
Row = TypeVar("Row")


PAGE = "page"  # what stands in the address; a page with two lists names the second's otherwise


def page_asked(request: HttpRequest, name: str = PAGE) -> int:
    asked = request.GET.get(name, "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def leaf(rows: QuerySet[Of, Row] | Sequence[Row], page: int, size: int) -> tuple[list[Row], bool]:
    """The rows of this page, and whether others follow."""
    found = list(rows[(page - 1) * size : page * size + 1])
    return found[:size], len(found) > size


def beside(here: str, page: int, more: bool, asked: Mapping[str, str] | None = None,
           name: str = PAGE) -> dict[str, str]:  # fmt: skip
    """The addresses of the page before and the page after, as the template for pages takes them."""
    kept = dict(asked or {})
    return {
        "previous": with_query(here, kept | ({name: str(page - 1)} if page > 2 else {})) if page > 1 else "",
        "next": with_query(here, kept | {name: str(page + 1)}) if more else "",
    }
