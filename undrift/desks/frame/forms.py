"""How a form looks. Any plain Django form is drawn as the design system draws it; pages write no markup for fields.

`FORM_RENDERER = "undrift.desks.frame.forms.Renderer"`. Choices that need a hint are `Option`s, dates are `DateField`s,
things one may add another of are `Rows`. A form says what a choice uncovers: `reveals = {"agree": {"no": ["why"]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.http import QueryDict

from undrift.desks.frame.row_buttons import AT_MOST
from undrift.desks.frame.sentences import called_of, own_sentences
from undrift.desks.frame.typed import as_number, typed_before, wrong_before
from undrift.engine.written import written

IN_A_ROW = "data-in-a-row"
PARTS = ("day", "month", "year")
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


class Option(str):
    """The label of a choice, with a line of explanation; `divided` puts the word "or" above it."""

    hint: str
    divided: bool

    def __new__(cls, label: str, hint: str = "", *, divided: bool = False) -> Option:
        option = super().__new__(cls, label)
        option.hint, option.divided = hint, divided
        return option


class DateInput(forms.Widget):
    """Day, month and year in three boxes, named `<name>_day`, `<name>_month`, `<name>_year`."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> tuple[str, ...]:
        return tuple(str(data.get(f"{name}_{part}", "")).strip() for part in PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_day" if id_ else ""


class DateField(forms.Field):
    """A date typed as three parts; the month may be a number or a name. Gives a `date`."""

    widget = DateInput

    def to_python(self, value: object) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        day, month, year = value if isinstance(value, (tuple, list)) else ("", "", "")
        missing = [part for part, typed in zip(PARTS, (day, month, year), strict=True) if not typed]
        if len(missing) == 3:
            return None
        if missing:
            raise self._wrong(f"The date must include a {' and a '.join(missing)}", *missing)
        if len(year) != 4:
            raise self._wrong("The year must have 4 numbers, for example 2026", "year")
        try:
            return date(int(year), MONTHS.get(month[:3].lower()) or int(month), int(day))
        except ValueError:
            raise self._wrong("Enter a real date, for example 12 5 2026", *PARTS) from None

    def _wrong(self, sentence: str, *parts: str) -> ValidationError:
        """Names the date: a page may ask for several."""
        called = called_of(self)
        return ValidationError(f"{called}: {sentence[0].lower()}{sentence[1:]}" if called else sentence,
                               code="date", params={"parts": parts})  # fmt: skip

    def prepare_value(self, value: object) -> object:
        return (str(value.day), str(value.month), str(value.year)) if isinstance(value, date) else value

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


@dataclass(frozen=True, slots=True)
class DatePart:
    name: str
    html_name: str
    id: str
    value: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    value: str
    label: str
    checked: bool
    hint: str
    divided: bool
    reveals: tuple[forms.BoundField, ...]


# The first row that fits decides; the name is also the template's in forms/kinds/.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.Widget, "input"),
)
CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "input": "govuk-input", "file": "govuk-file-upload"}


class Question(forms.BoundField):
    """A field on a page, with what its template needs to know."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        vars(field)["which"] = _which(form)
        field.label = self.label
        own_sentences(field)

    @property
    def kind(self) -> str:
        return next(kind for widget, kind in KINDS if isinstance(self.field.widget, widget))

    @property
    def template(self) -> str:
        return f"forms/kinds/{self.kind}.html"

    @property
    def data(self) -> Any:
        """What came with the form: a text in which nobody can see anything is none."""
        given = super().data
        return written(given) and given if isinstance(given, str) else given

    def value(self) -> Any:
        """What is shown: what was typed here before and not sent, where there is something."""
        if self.form.is_bound or self.is_hidden:
            return super().value()
        typed = typed_before()
        if typed is None or not _was_in(typed, self.form):
            return super().value()
        return self.field.prepare_value(self.field.widget.value_from_datadict(typed, {}, self.html_name))

    @property
    def errors(self) -> ErrorList:
        """What is wrong with it: found now, or when the form was last sent and led back here."""
        found: ErrorList = super().errors
        if not self.form.is_bound and (wrong := wrong_before(self.html_name)):
            return self.form.error_class(wrong, renderer=self.form.renderer)
        return found

    @property
    def is_heading(self) -> bool:
        """Whether this field's label is the page's own heading (a page that asks one thing)."""
        return bool(self.label) and self.label == getattr(self.form, "heading", None)

    @property
    def is_in_a_row(self) -> bool:
        """Whether its answers stand beside one another: short ones, of which a page asks many."""
        return IN_A_ROW in self.field.widget.attrs

    @property
    def is_revealed(self) -> bool:
        reveals = getattr(self.form, "reveals", {})
        return any(self.name in names for by_value in reveals.values() for names in by_value.values())

    @property
    def first_id(self) -> str:
        """The id of the input that a link from the error summary goes to."""
        if self.kind == "date":
            return next((part.id for part in self.parts if part.wrong), f"{self.auto_id}_day")
        return f"{self.auto_id}_0" if self.kind in ("radios", "checkboxes") else self.auto_id

    @property
    def limit(self) -> dict[str, int] | None:
        """`{"words": n}` or `{"length": n}` for a long answer that is counted as it is typed."""
        words = self.field.widget.attrs.get("data-maxwords")
        length = getattr(self.field, "max_length", None)
        return {"words": int(words)} if words else {"length": int(length)} if length else None

    @property
    def textarea_attrs(self) -> dict[str, Any]:
        # No maxlength: a browser would cut a pasted paragraph without a word. The counter says it instead.
        return {
            name: value
            for name, value in self.build_widget_attrs(dict(self.field.widget.attrs)).items()
            if name not in ("maxlength", "data-maxwords", "cols", "rows", "class")
        }

    @property
    def choices(self) -> Iterator[Choice]:
        reveals = getattr(self.form, "reveals", {}).get(self.name, {})
        for widget in self.subwidgets:
            data, label = widget.data, widget.data["label"]
            yield Choice(
                id=widget.id_for_label,
                value=str(data["value"]),
                label=label,
                checked=bool(data["selected"]),
                hint=getattr(label, "hint", ""),
                divided=getattr(label, "divided", False),
                reveals=tuple(self.form[name] for name in reveals.get(str(data["value"]), ())),
            )

    @property
    def parts(self) -> tuple[DatePart, ...]:
        value = self.value()
        typed = value if isinstance(value, (tuple, list)) else ("", "", "")
        named = {part for error in self.errors.as_data() for part in (error.params or {}).get("parts", PARTS)}
        return tuple(
            DatePart(part, f"{self.html_name}_{part}", f"{self.auto_id}_{part}", text, part in named)
            for part, text in zip(PARTS, typed, strict=True)
        )

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        # The server says what is missing, in words; the browser's own bubbles say it differently on each machine.
        built.pop("required", None)
        if css := CLASSES.get(self.kind):
            wrong = f"{css}--error" if self.errors else ""
            built["class"] = " ".join(filter(None, (css, wrong, self.field.widget.attrs.get("class", ""))))
        return built


def _which(form: forms.BaseForm) -> str:
    """Of rows, the second and those after it say which they are."""
    number = str(form.prefix or "").rpartition("-")[2]
    return f" ({int(number) + 1})" if number.isdigit() and number != "0" else ""


def _was_in(typed: QueryDict, form: forms.BaseForm) -> bool:
    """A page may have several forms; a field left out of `typed` may be a box that was not ticked."""
    return any(
        not field.field.widget.value_omitted_from_data(typed, {}, field.html_name)
        for field in form
        if not isinstance(field.field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.HiddenInput)
    )


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Question


def as_typed(form: forms.BaseForm) -> dict[str, Any]:
    """What somebody typed so far, unjudged: the `initial` of a form that is shown again without errors."""
    return {name: form[name].data for name in form.fields}


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # Django's class takes no type while running
    """Questions one may answer several times. Works without JavaScript: "Add another" is a submit button.

    A view asks `again = rows.shown_again()` before it validates: the rows with one more or one fewer when
    that is what was pressed, else None. After validation `answers` holds the rows that were filled in.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self._typed_count() is not None:
            self.initial = None  # a row that was taken out since is not filled with what a draft said there

    def initial_form_count(self) -> int:
        # A row that was shown and left blank may stay blank, however often the page was shown.
        return 0 if self.is_bound else super().initial_form_count()

    def total_form_count(self) -> int:
        """As many rows as there were, when what was typed before is shown again; never more than a page can bear."""
        before = self._typed_count()
        return min(before if before is not None else super().total_form_count(), AT_MOST)

    def _typed_count(self) -> int | None:
        """How many rows there were in what is shown again; None where nothing of them is."""
        typed = None if self.is_bound else typed_before()
        return as_number(typed.get(f"{self.prefix}-TOTAL_FORMS", "")) if typed is not None else None

    def shown_again(self) -> Rows | None:
        if not self.is_bound:
            return None
        pressed_add = self.data.get("add") == self.prefix
        group, _, index = self.data.get("remove", "").rpartition("-")
        if not pressed_add and group != self.prefix:
            return None
        kept = [as_typed(form) for form in self.forms if pressed_add or index != form.prefix.rpartition("-")[2]]
        again = type(self)(initial=kept, prefix=self.prefix, form_kwargs=self.form_kwargs)
        again.extra = int(pressed_add)
        return again

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [answer for answer in self.cleaned_data if answer]
