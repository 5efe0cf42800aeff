"""Any of seven dates, typed into any date box of any page: an error at that box, or a record that can still be shown.

What is taken stands in a table, so that a limit which moves is noticed. After each date that is taken, the pages about
it, every message and the worker's sweep are tried; after a few of them, by everybody's pages and in later years.
"""

from __future__ import annotations

import ast
import html
import os
import random
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from tests.canaries.pages import Reader
from tests.cast import NOW, TODAY
from tests.desks.dated import PLACES, Reached, west
from tests.desks.every_page import OPENERS, PRESSED
from tests.desks.test_any_date import DESKS
from tests.desks.typed.sendings import LONG, SCENES, Said, on, signed_in
from tests.desks.walked import Walk, around
from tests.house.thorough import THOROUGH
from undrift.children.models import Child
from undrift.desks.frame.forms import PARTS, DateField, Question
from undrift.people.models import Person

pytestmark = pytest.mark.django_db
LATER = (NOW + timedelta(days=40), datetime(2029, 6, 4, 11, tzinfo=UTC), datetime(2062, 6, 5, 11, tzinfo=UTC))
# Typed at every box each time; of the others two that are drawn, and all of them where everything is asked.
ALWAYS = ("before", "today")
# After a date was typed into so many boxes, drawn, what others see is opened, and in later years: where everything is
# asked, after each, and after these by one holder of every post.
BOXES = 8 if THOROUGH else 2

# What each box takes, of: 1926, ten years ago, the day before the plan, today, in 3 years, 2062, 9999.
TAKEN: Mapping[str, str] = {
    "ask-again.until": "today",
    "more-time.until": "",
    "new-action.by": "today",
    "record-urgent.on": "before today",
    "route.on": "before today",
    "rung.on": "today",
    "spoke.on": "before today",
    "appoint.starts": "today",
    "own-cover.starts": "today",
    "own-cover.ends": "today",
    "person-cover.starts": "today",
    "person-cover.ends": "today",
    "person-leaves.on": "today",
    "raise-informal.spoke_on": "today",
    "raise-informal.agreed-0-by": "today",
    "raise-informal.date": "",
    "respond.actions-0-by": "today",
    "child-born.on": "before today",
    "child-died.on": "before today",
    "child-looked-after.on": "before today",
    "child-looked-after-ends.on": "today",
    "child-moves.on": "today",
    "child-new.born": "2016 before today",
    "child-new.expected": "today",
    "core-group-end.last_day": "today",
    "core-group-member.starts": "before today",
    "plan-begins.on": "today",
    "plan-ends.on": "today",
    "cycle-begin.on": "before today",
    "cycle-change.on": "today",
    "cycle-check.on": "before today",
    "cycle-core-group.on": "before today",
    "cycle-discussion.on": "before today",
    "cycle-event.on": "before today",
    "cycle-feedback.on": "today",
    "cycle-fix.on": "today",
    "cycle-held.on": "before today",
    "cycle-held.next_review": "today",
    "cycle-held-unfixed.on": "before today",
    "cycle-held-unfixed.next_review": "today",
    "cycle-key-action.by": "today",
    "cycle-plan-ends.on": "today",
    "cycle-report.on": "before today",
    "cycle-route.on": "before today",
    "cycle-sent.on": "today",
    "key-action.on": "today",
    "action.on": "today",
    "action.by": "today",
    "action-by-chair.on": "today",
    "action-by-chair.by": "today",
    "decide-unanswered.spoke_on": "before today",
    "hand-over-late.until": "today",
    "more-time-informal.until": "",
    "rung-after-the-end.on": "today",
    "raise-spoken.spoke_on": "before today",
    "raise-people.asked_by": "today",
    "raise-made-safe.acted_on": "before today",
    "raise-ask-starred.completion": "today",
    "raise-people-starred.date": "today",
    "raise-informal-partnership.spoke_on": "today",
    "raise-informal-partnership.agreed-0-by": "today",
    "raise-informal-partnership.date": "",
    "next-stage.acted_on": "today",
    "next-stage.asked_by": "today",
    "next-stage-from-informal.acted_on": "today",
    "next-stage-from-informal.spoke_on": "today",
    "next-stage-from-informal.asked_by": "today",
    "next-stage-to-starred.completion": "today",
    "next-stage-to-starred.date": "today",
    "next-stage-to-starred.acted_on": "before today",
    "next-stage-starred.date": "today",
    "next-stage-starred.acted_on": "before today",
    "child-guard-name.until": "today",
    "restricted-name.until": "today",
    "glass.born": "2016 before today",
    "audit.since": "1926 2016 before today",
    "audit.until": "1926 2016 before today",
    "audit-export.since": "1926 2016 before today",
    "audit-export.until": "1926 2016 before today",
    "allocation-give.from_day": "today",
    "right-date_of_birth.value": "2016 before today",
    "right-expected_birth.value": "",
    "right-died_on.value": "before today",
    "right-moved_on.value": "",
    "right-plan-starts.value": "before today",
    "right-plan-ends.value": "today",
    "right-care-starts.value": "before",
    "right-care-ends.value": "",
    "import.as_at": "before today",
}
DRAWN = random.Random(os.environ["SEED"]).sample([box for box in TAKEN if TAKEN[box]], BOXES)
# Shows every part of a page, and does nothing with what is typed.
ONLY_SHOWN = {"components"}
GALLERY = {"help.gallery.EverythingForm", "help.gallery.ActionForm"}
# A page that is reached in another way here, under the name of what it asks there.
OTHERWISE = {"person-cover": {"starts", "ends"}}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def typed(child: Child) -> Mapping[str, date]:
    begins = max(plan.starts for plan in child.plans.all())
    return {
        "1926": date(1926, 4, 30),
        "2016": TODAY.replace(year=TODAY.year - 10),
        "before": begins - timedelta(days=1),
        "today": TODAY,
        "2029": TODAY.replace(year=TODAY.year + 3),
        "2062": date(2062, 1, 3),
        "9999": date.max,
    }


@pytest.mark.parametrize("name", PLACES)
def test_a_date_is_told_at_its_box_or_taken(name: str, chance: random.Random) -> None:
    place, walk = PLACES[name], Walk()
    with transaction.atomic():
        reached = place.reached()
        for box, more in place.boxes.items():
            days, known = typed(reached.child), TAKEN[f"{name}.{box}"].split()
            others = sorted(days.keys() - ALWAYS)
            for word in days if THOROUGH else (*ALWAYS, *chance.sample(others, 2)):
                with transaction.atomic():
                    client = signed_in(reached.sending.who)
                    answer = client.post(
                        reached.sending.path, {**afresh(reached.sending.said), **more, **on(box, days[word])}
                    )
                    taken = not errors(answer)
                    assert taken == (word in known), f"{box}: {word} is {'taken' if taken else 'refused'}"
                    if not taken:
                        told_at_the_box(reached, box, days[word], answer)
                    else:
                        answer = brought_to_its_end(reached, client, answer)
                        walk.swept(NOW)
                        if THOROUGH or word == known[0]:
                            shown_afterwards(reached, answer, walk, drawn=f"{name}.{box}" in DRAWN)
                    transaction.set_rollback(True)
        transaction.set_rollback(True)
    assert not walk.amiss


def told_at_the_box(reached: Reached, box: str, day: date, answer: Any) -> None:
    """At this one and at no other, with all that was typed still there."""
    assert answer.status_code == 200
    assert errors(answer) == [f"#id_{box}_day"], f"{box} of {day}"
    page = html.unescape(answer.text)
    assert [re.findall(rf'name="{box}_{part}"[^>]*value="([^"]*)"', page)[0] for part in PARTS] == [
        str(getattr(day, part)) for part in PARTS
    ]
    assert LONG in page or LONG not in reached.sending.said.values()


def brought_to_its_end(reached: Reached, client: Client, answer: Any) -> Any:
    """What is asked in several pages is sent to the last."""
    if answer.status_code in (302, 303) and reached.then is not None:
        answer = reached.then(client, answer)
    assert answer.status_code in (200, 302, 303)
    assert not errors(answer), f"taken, and refused later: {errors(answer)}"
    return answer


def afresh(said: Said) -> Said:
    """A file is read from its beginning again."""
    for each in said.values():
        if hasattr(each, "seek"):
            each.seek(0)
    return said


def errors(answer: Any) -> list[str]:
    """The boxes to which the summary of errors leads."""
    if "html" not in answer.headers.get("Content-Type", ""):
        return []
    summary = re.search(r'class="govuk-error-summary".*?</ul>', answer.text, re.DOTALL)
    return re.findall(r'href="([^"]*)"', summary[0]) if summary else []


def shown_afterwards(reached: Reached, answer: HttpResponseBase, walk: Walk, *, drawn: bool) -> None:
    who = reached.sending.who
    led = [answer.headers["Location"]] if "Location" in answer.headers else []
    pages = [*led, reached.at or reached.sending.path, *around(reached.child)]
    walk.near(who, pages)
    if not (drawn or THOROUGH):
        return
    for person in (who, *those_with_a_part(reached.child, everybody=drawn and THOROUGH)):
        walk.far(person, pages)
    for then in LATER:
        with time_machine.travel(then, tick=False):
            walk.swept(then)
            walk.near(who, ["/", *pages])


def those_with_a_part(child: Child, *, everybody: bool) -> Iterator[Person]:
    """The child's chair; or of each kind of post somebody who holds one."""
    chair, met = child.plans.latest("starts").chair, set[str]()
    if chair is not None:
        yield chair
    for person in Person.objects.filter(holdings__post__authority=child.authority).distinct().order_by("pk"):
        posts = set(person.holdings.filter(ends=None).values_list("post__slug", flat=True))
        if everybody and posts - met:
            met |= posts
            yield person


# No box is left out ---------------------------------------------------------------------------------------------------


def asked_for(page: str) -> set[str]:
    """The dates that the forms of a page ask for and send."""
    forms = [form for form in Reader(page).forms if form.method == "post"]
    return {name.removesuffix("_year") for form in forms for name in form.boxes if name.endswith("_year")}


def forms_with_a_date() -> set[str]:
    """The classes of forms in the desks that ask for a date, by themselves or by a function that makes one."""
    nodes = [(path, node) for path in DESKS.rglob("*.py") for node in ast.parse(path.read_text()).body]
    makes = {"DateField"}
    while True:
        found = {node.name for _, node in nodes if isinstance(node, ast.FunctionDef) and calls(node, makes)} - makes
        if not found:
            break
        makes |= found
    return {
        f"{'.'.join(path.relative_to(DESKS).with_suffix('').parts)}.{node.name}"
        for path, node in nodes
        if isinstance(node, ast.ClassDef) and calls(node, makes)
    }


def calls(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Call) and getattr(each.func, "id", "") in names for each in ast.walk(node))


def test_every_box_of_these_pages_stands_in_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[str] = set()
    made: Any = Question.__init__

    def noted(self: Question, form: Any, field: Any, name: str) -> None:
        if isinstance(field, DateField):
            drawn.update(f"{kind.__module__}.{kind.__name__}" for kind in type(form).__mro__)
        made(self, form, field, name)

    monkeypatch.setattr(Question, "__init__", noted)
    for name, place in PLACES.items():
        with transaction.atomic():
            reached = place.reached()
            page = signed_in(reached.sending.who).get(reached.at or reached.sending.path)
            assert asked_for(page.text) == place.boxes.keys(), name
            transaction.set_rollback(True)
    assert {f"{name}.{box}" for name, place in PLACES.items() for box in place.boxes} == TAKEN.keys()
    left_out = {form for form in forms_with_a_date() if f"undrift.desks.{form}" not in drawn}
    assert left_out == GALLERY, f"Say in dated.py how {sorted(left_out - GALLERY)} is reached."


def test_no_other_page_asks_for_a_date(chance: random.Random) -> None:
    """Pages of which somebody will add a date one day: a quarter of them, drawn, and all where everything is asked."""
    elsewhere = sorted((OPENERS.keys() | SCENES.keys()) - PLACES.keys() - ONLY_SHOWN - PRESSED)
    for name in elsewhere if THOROUGH else chance.sample(elsewhere, len(elsewhere) // 4):
        with transaction.atomic():
            if name in SCENES:
                sending = SCENES[name](west(), 0)
                page = signed_in(sending.who).get(sending.path, follow=True)
            else:
                shown = OPENERS[name](west())
                page = shown.client.get(shown.path, follow=True)
            assert page.status_code == 200 or name in SCENES, name
            assert asked_for(page.text) <= OTHERWISE.get(name, set()), name
            transaction.set_rollback(True)
