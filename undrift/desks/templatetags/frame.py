"""What templates ask: dates as people say them, colours of statuses, everything that is wrong on a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.core.exceptions import ValidationError

from undrift.desks.frame import days
from undrift.desks.frame.keeping import note_wrong
from undrift.desks.frame.typed import Offered, Wrong, offered
from undrift.engine.dates.words import full_day
from undrift.people import clock

register = template.Library()

for say in (days.full_day, days.short_day, days.clock_time, days.day_and_time):
    register.filter(say.__name__, say, expects_localtime=True)

# Each status has one colour everywhere; the words carry the meaning, the colour only helps the eye.
STATUS_COLOURS = {
    "Draft": "grey",
    "Waiting for response": "blue",
    "Waiting for approval": "purple",
    "Waiting for chair": "yellow",
    "Actions in progress": "turquoise",
    "Resolved": "green",
    "Closed": "grey",
    "Withdrawn": "grey",
    "Immediate risk": "red",
    "Restricted": "grey",
    "Not started": "grey",
    "In progress": "blue",
    "Done, waiting for chair": "yellow",
    "Complete": "green",
    "Not done": "orange",
}


@register.filter
def status_colour(status: str) -> str:
    return STATUS_COLOURS.get(str(status), "grey")


@register.simple_tag
def printed_on() -> str:
    """Today, by the database's clock."""
    return full_day(clock.today(), short=True)


@register.filter
def any_href(rows: Iterable[Any]) -> bool:
    """Whether one of them leads somewhere: a column of links with none in it is left out."""
    return any(row.href for row in rows)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary, and the field it leads to."""

    message: str
    href: str = ""


@register.simple_tag(takes_context=True)
def find_problems(context: template.Context) -> list[Problem]:
    """Everything wrong on this page: of `form`, `rows`, each of `forms`, and the sentences in `errors`.

    In the order of the page: a form whose last questions stand below the rows names them in `below_rows`.
    """
    form = context.get("form")
    asked = [form, *(context.get("forms") or ()), context.get("rows")]
    first = next((box for one in asked if one is not None for box in _boxes_of([one])), "")
    # What is wrong with the whole leads to where it begins.
    errors = (error if isinstance(error, tuple) else (str(error), "") for error in context.get("errors") or ())
    said = [Problem(message, href or first) for message, href in errors]
    found = [problem for one in asked if one is not None for problem in _problems_of(one)]
    problems = said + found + (list(_below(form)) if form is not None and form.is_bound else [])
    if problems:
        _noted(context, [one for one in asked if one is not None], problems)
    elif (before := _offered(context)) is not None:
        boxes = set(_boxes_of([one for one in asked if one is not None]))
        # What was wrong with a box that is not here any more is wrong no more.
        return [Problem(message, href) for message, href in before.summary if href[:1] != "#" or href in boxes]
    return problems


def _boxes_of(asked: Iterable[Any]) -> Iterator[str]:
    for one in asked:
        if isinstance(one, forms.BaseFormSet):
            yield from _boxes_of(one.forms)
        else:
            drawn: Iterable[Any] = one
            yield from (f"#{field.first_id}" for field in drawn if not field.is_hidden)


@register.simple_tag(takes_context=True)
def find_offered(context: template.Context) -> Offered | None:
    """What its reader typed into the form of this page before and did not send, where it draws one."""
    before = _offered(context)
    # Whoever was just told what is wrong, or pressed "Add another", knows where the text comes from.
    return before if before is not None and before.why not in ("wrong", "again") else None


def _offered(context: template.Context) -> Offered | None:
    """Asked for only where a form is drawn: each page that has none would pay for the question."""
    form = context.get("form")
    drawn = isinstance(form, forms.BaseForm) and not form.is_bound and any(form.fields)
    return offered() if drawn or context.get("button") else None


def _noted(context: template.Context, asked: Iterable[Any], problems: Iterable[Problem]) -> None:
    """So that a form which was sent is led back to, with what is wrong with it."""
    request = context.get("request")
    if request is not None and request.method == "POST":
        boxes = dict(found for one in asked for found in _wrong_boxes(one))
        note_wrong(request, boxes, [(problem.message, problem.href) for problem in problems])


def _wrong_boxes(asked: forms.BaseForm | forms.BaseFormSet[Any]) -> Iterator[tuple[str, list[Wrong]]]:
    if isinstance(asked, forms.BaseFormSet):
        for form in asked.forms:
            yield from _wrong_boxes(form)
        return
    for field in asked:
        if field.errors:
            yield field.html_name, [_wrong(error) for error in field.errors.as_data()]


def _wrong(error: ValidationError) -> Wrong:
    (sentence,) = error.messages
    return Wrong(sentence, tuple((error.params or {}).get("parts", ())))


def _problems_of(asked: forms.BaseForm | forms.BaseFormSet[Any]) -> Iterator[Problem]:
    if not asked.is_bound:
        return
    first = next(_boxes_of([asked]), "")
    if isinstance(asked, forms.BaseFormSet):
        yield from (Problem(str(message), first) for message in asked.non_form_errors())
        for form in asked.forms:
            yield from _problems_of(form)
        return
    yield from (Problem(str(message), first) for message in asked.non_field_errors())
    below = getattr(asked, "below_rows", ())
    yield from _at_fields(asked, (name for name in asked.fields if name not in below))


def _below(form: forms.BaseForm) -> Iterator[Problem]:
    below = getattr(form, "below_rows", ())
    yield from _at_fields(form, (name for name in form.fields if name in below))


def _at_fields(form: forms.BaseForm, names: Iterable[str]) -> Iterator[Problem]:
    # The fields named first in the class come first on the page; what a choice uncovers follows that choice.
    for name in names:
        field: Any = form[name]
        yield from (Problem(str(message), f"#{field.first_id}") for message in field.errors)
