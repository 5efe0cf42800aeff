"""Adding another row and taking one away, without JavaScript: what was typed, with one row more or one fewer."""

from __future__ import annotations

from django.http import QueryDict

from undrift.desks.frame.typed import as_number

AT_MOST = 100  # rows of one page: more than anybody writes, and each takes the page time to draw


def rows_changed(posted: QueryDict) -> QueryDict | None:
    """What was typed, as it stands after "add another" or "remove" was pressed; None where neither was."""
    if prefix := posted.get("add", ""):
        return _with_one_more(posted, prefix)
    group, _, index = posted.get("remove", "").rpartition("-")
    row = _number(index)
    return _without(posted, group, row) if group and row is not None else None


def _number(said: str) -> int | None:
    """A row's number as a page writes it; None for anything else."""
    number = as_number(said)
    return number if number is not None and number <= AT_MOST else None


def _rows(posted: QueryDict, prefix: str) -> int | None:
    return _number(posted.get(f"{prefix}-TOTAL_FORMS", ""))


def _with_one_more(posted: QueryDict, prefix: str) -> QueryDict | None:
    count = _rows(posted, prefix)
    if count is None:
        return None
    changed = posted.copy()
    changed[f"{prefix}-TOTAL_FORMS"] = str(count + 1)
    return changed


def _without(posted: QueryDict, prefix: str, gone: int) -> QueryDict | None:
    count = _rows(posted, prefix)
    if count is None or gone >= count:
        return None
    changed = QueryDict(mutable=True)
    for name, values in posted.lists():
        if _stays(name, prefix, gone):
            changed.setlist(_moved_up(name, prefix, gone), values)
    changed[f"{prefix}-TOTAL_FORMS"] = str(count - 1)
    return changed


def _row_of(name: str, prefix: str) -> tuple[int, str] | None:
    """The row that a box stands in, and what it is called there."""
    index, _, box = name.removeprefix(f"{prefix}-").partition("-")
    row = _number(index)
    return (row, box) if name.startswith(f"{prefix}-") and box and row is not None else None


def _stays(name: str, prefix: str, gone: int) -> bool:
    at = _row_of(name, prefix)
    return at is None or at[0] != gone


def _moved_up(name: str, prefix: str, gone: int) -> str:
    at = _row_of(name, prefix)
    return name if at is None or at[0] < gone else f"{prefix}-{at[0] - 1}-{at[1]}"
