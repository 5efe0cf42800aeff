"""Forms as they are drawn: names, labels, errors and rows, without a browser and without a script."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.as_read import as_read
from tests.desks.page_lint import findings, lint
from undrift.desks.frame.forms import DateField, Option, Question, Rows, as_typed
from undrift.desks.frame.row_buttons import AT_MOST
from undrift.desks.frame.typed import Offered, offered_here


class WhenForm(forms.Form):
    due = DateField(label="By when", error_messages={"required": "Enter a date by which this will be done"})


class AgreeForm(forms.Form):
    reveals = {"agree": {"no": ["why"]}}

    agree = forms.ChoiceField(
        label="Do you agree?", choices=[("yes", "Agree"), ("no", Option("Do not agree", "Say why", divided=True))],
        widget=forms.RadioSelect, error_messages={"required": "Select whether you agree"},
    )  # fmt: skip
    why = forms.CharField(label="Why not?", required=False, widget=forms.Textarea, max_length=300)


class ActionForm(forms.Form):
    what = forms.CharField(label="What", error_messages={"required": "Enter what will be done"})
    by = DateField(label="By when", error_messages={"required": "Enter a date"})


ActionRows = formset_factory(ActionForm, formset=Rows, extra=0, min_num=1)


def typed(day: str, month: str, year: str) -> WhenForm:
    return WhenForm({"due_day": day, "due_month": month, "due_year": year})


@pytest.mark.parametrize("month", ["5", "05", "May", "may", "MAY"])
def test_a_date_may_be_typed_with_a_number_or_a_name(month: str) -> None:
    form = typed("12", month, "2026")
    assert form.is_valid()
    assert form.cleaned_data["due"] == date(2026, 5, 12)


@pytest.mark.parametrize(
    ("parts", "sentence", "first"),
    [
        (("", "", ""), "Enter a date by which this will be done", "id_due_day"),
        (("12", "", "2026"), "“By when”: the date must include a month", "id_due_month"),
        (("", "", "2026"), "“By when”: the date must include a day and a month", "id_due_day"),
        (("12", "5", "26"), "“By when”: the year must have 4 numbers, for example 2026", "id_due_year"),
        (("31", "2", "2026"), "“By when”: enter a real date, for example 12 5 2026", "id_due_day"),
        (("x", "5", "2026"), "“By when”: enter a real date, for example 12 5 2026", "id_due_day"),
    ],
)
def test_a_date_says_what_is_wrong_and_where(parts: tuple[str, str, str], sentence: str, first: str) -> None:
    form = typed(*parts)
    assert form.errors["due"] == [sentence]
    due = form["due"]
    assert isinstance(due, Question)
    assert due.first_id == first
    assert sentence in str(form)


def test_a_known_date_is_shown_in_three_parts() -> None:
    page = str(WhenForm(initial={"due": date(2026, 5, 12)}))
    for part, value in (("day", "12"), ("month", "5"), ("year", "2026")):
        assert f'id="id_due_{part}" name="due_{part}" type="text" inputmode="numeric" value="{value}"' in page


def test_what_a_choice_uncovers_stands_below_it_and_nowhere_else() -> None:
    page = str(AgreeForm())
    assert page.count('name="why"') == 1
    assert page.index('value="no"') < page.index('id="id_agree_1_reveals"') < page.index('name="why"')
    assert 'data-reveals="id_agree_1_reveals"' in page
    assert '<div class="govuk-radios__divider">or</div>' in page
    assert 'id="id_agree_1_hint"' in page


def test_a_long_answer_is_counted_and_never_cut() -> None:
    page = str(AgreeForm())
    assert 'data-maxlength="300"' in page
    assert " maxlength=" not in page
    assert "You can enter up to 300 characters" in as_read(page)


def test_a_field_with_an_error_says_so_to_a_screen_reader() -> None:
    page = str(AgreeForm({}))
    assert 'aria-describedby="id_agree_error"' in page
    assert "Select whether you agree" in page
    assert " required" not in page  # the browser's own bubbles stay away


def test_a_field_whose_label_is_the_heading_becomes_the_heading() -> None:
    form = WhenForm()
    form.heading = "By when"  # type: ignore[attr-defined]  # as a page with one question sets it
    assert '<h1 class="govuk-fieldset__heading">By when</h1>' in str(form)
    assert "<h1" not in str(WhenForm())


def sent_rows(*rows: tuple[str, str], **pressed: str) -> Rows:
    data = {"action-TOTAL_FORMS": str(len(rows)), "action-INITIAL_FORMS": "0"} | pressed
    for index, (what, day) in enumerate(rows):
        data |= {f"action-{index}-what": what, f"action-{index}-by_day": day,
                 f"action-{index}-by_month": "5", f"action-{index}-by_year": "2026"}  # fmt: skip
    sent = ActionRows(data, prefix="action")
    assert isinstance(sent, Rows)
    return sent


def test_add_another_keeps_what_was_typed_and_judges_nothing_yet() -> None:
    again = sent_rows(("Write up the visits", "x"), add="action").shown_again()
    assert again is not None
    page = "".join(map(str, again))
    assert 'value="Write up the visits"' in page
    assert 'name="action-0-by_day" type="text" inputmode="numeric" value="x"' in page
    assert 'name="action-1-what"' in page
    assert "govuk-error-message" not in page


def test_remove_takes_away_that_row_and_no_other() -> None:
    again = sent_rows(("First", "1"), ("Second", "2"), remove="action-0").shown_again()
    assert again is not None
    page = "".join(map(str, again))
    assert "Second" in page
    assert "First" not in page


def test_sending_the_page_is_neither_adding_nor_removing() -> None:
    assert sent_rows(("First", "1")).shown_again() is None
    assert sent_rows(("First", "1"), add="another-group").shown_again() is None


def test_a_blank_row_beyond_the_first_is_no_answer_and_no_error() -> None:
    rows = sent_rows(("First", "1"))
    rows.data = {**rows.data, "action-TOTAL_FORMS": "2"}
    assert rows.is_valid(), rows.errors
    assert rows.answers == [{"what": "First", "by": date(2026, 5, 1)}]
    assert not sent_rows(("", "")).is_valid()


@pytest.mark.parametrize("said", ["1000", "2147483648", "9" * 30])
def test_a_form_that_says_it_has_thousands_of_rows_is_drawn_with_no_more_than_a_page_can_bear(said: str) -> None:
    rows = sent_rows(*(("First", "1") for _ in range(AT_MOST)))
    rows.data = {**rows.data, "action-TOTAL_FORMS": said}
    assert len(rows.forms) == AT_MOST
    before = QueryDict(f"action-TOTAL_FORMS={said}&action-0-what=First")
    token = offered_here.set(lambda: Offered("1", before, datetime(2026, 5, 6, tzinfo=UTC), "typed", 1))
    try:
        assert len(ActionRows(prefix="action").forms) <= AT_MOST
    finally:
        offered_here.reset(token)


def test_what_was_typed_is_kept_unjudged() -> None:
    assert as_typed(typed("31", "2", "26")) == {"due": ("31", "2", "26")}


def test_the_gallery_is_in_order_empty_wrong_and_with_a_row_added(db: None, client: Client) -> None:
    assert lint(client.get(reverse("components"))).status_code == 200
    rows = {"action-TOTAL_FORMS": "1", "action-INITIAL_FORMS": "0"}
    wrong = lint(client.post(reverse("components"), rows)).content.decode()
    assert "<title>Error: Components" in wrong
    more = lint(client.post(reverse("components"), rows | {"add": "action"})).content.decode()
    assert "Action 2" in more
    assert "<title>Components" in more


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("<h2>No first heading</h2>", "0 h1 headings"),
        ("<h1>Maya</h1><h3>Too deep</h3>", "a level is left out"),
        ("<h1>Maya</h1><input id='q' name='q'>", "has no label"),
        ("<h1>Maya</h1><form method='post'></form>", "csrf_token"),
        ("<h1>Maya</h1><p style='color:red'>late</p>", "a style of its own"),
        ("<h1>Maya</h1><script>1</script>", "inline script"),
        ("<h1>Maya</h1><a href='/x'></a>", "has no text"),
        ("<h1>Maya</h1><a href='/x'>here</a>", "say what it leads to"),
        ("<h1>Maya</h1><p>This field is required.</p>", "error_messages"),
        ("<h1>Maya</h1><p id='a'></p><p id='a'></p>", "used twice"),
        ("<h1>Noor</h1>", "begins with 'Noor'"),
        ("<h1>Maya</h1><p><span></p>", "closes"),
        ("<main><h1>Maya</h1><ul class='govuk-error-summary__list'><li>Enter it</li></ul><input></main>", "to no box"),
    ],
)
def test_the_lint_finds_what_it_is_there_to_find(body: str, finding: str) -> None:
    assert findings("<html><title>Maya - Undrift</title><body><h1>Maya</h1></body></html>") == []
    assert any(finding in found for found in findings(f"<html><title>Maya - Undrift</title><body>{body}</body></html>"))
