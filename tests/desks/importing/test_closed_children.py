"""Of a child whose record is closed to whoever brings files in, no file tells whether it agrees with what is on file.

They may write anything into a row about such a child, and look at what its check says. Right or wrong, it is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.importing.files import be, said
from tests.desks.page_lint import lint
from undrift.access.models import Listing
from undrift.applying.from_file import apply_check, check_file
from undrift.applying.told import tell
from undrift.children.models import Child, ImportRun
from undrift.intake.findings import Place, warn

pytestmark = pytest.mark.django_db

ROBIN = "4151"  # restricted, and nobody names Jo Talbot for it
IMRAN, RUTH, GRACE = (f"{name}@westmarch.example" for name in ("imran.dastgir", "ruth.pemberly", "grace.ollerton"))
ON_FILE = [
    ("child_id,first_name,last_name,sex,born,family", f"{ROBIN},Robin,Vane,female,2017-06-06,Fern"),
    ("child_id,starts,initial_category,latest_category", f"{ROBIN},2026-02-03,neglect,neglect"),
    ("child_id,kind,held_on,chair", f"{ROBIN},initial,2026-02-03,{IMRAN}"),
    ("child_id,name,agency,role,starts", f"{ROBIN},A Visitor,,school nurse,2026-02-04"),
    ("child_id,looked_after_from,iro_name", f"{ROBIN},2026-03-02,B Reviewer"),
]
LISTS = ("findings", "changes")
# The heading, what is on file, and what is not.
GUESSES = [
    ("child_id,first_name", "Robin", "Zebedee"),
    ("child_id,last_name", "Vane", "Pole"),
    ("child_id,sex", "female", "male"),
    ("child_id,born", "2017-06-06", "2015-05-05"),
    ("child_id,born,sex", "2017-06-06,female", "2015-05-05,male"),
    ("child_id,first_name,last_name,born", "Robin,Vane,2017-06-06", "Zebedee,Pole,2015-05-05"),
    ("child_id,expected", "", "2026-09-01"),
    ("child_id,died", "", "2026-05-01"),
    ("child_id,family", "Fern", "Smith"),
    ("child_id,restricted", "yes", "no"),
    ("child_id,starts,team", "2026-02-03,", "2026-01-06,"),
    ("child_id,starts,team", "2026-02-03,", "2026-02-05,"),
    ("child_id,starts,ends,team", "2026-02-03,2026-05-01,", "2025-02-03,2026-05-01,"),
    ("child_id,starts,initial_category", "2026-02-03,neglect", "2026-02-03,physical"),
    ("child_id,starts,latest_category", "2026-02-03,neglect", "2026-02-03,physical"),
    ("child_id,starts,chair", f"2026-02-03,{IMRAN}", f"2026-02-03,{GRACE}"),
    ("child_id,starts,chair", f"2026-02-03,{IMRAN}", f"2026-02-03,{RUTH}"),
    ("child_id,starts,worker", f"2026-02-03,{RUTH}", f"2026-02-03,{IMRAN}"),
    ("child_id,starts,team", "2026-02-03,Central", "2026-02-03,North"),
    ("child_id,starts,team", "2026-02-03,Central", "2026-02-03,"),
    ("child_id,kind,held_on", "initial,2026-02-03", "initial,2026-02-10"),
    ("child_id,kind,held_on", "initial,2026-02-03", "review,2026-02-03"),
    ("child_id,kind,held_on,chair", f"initial,2026-02-03,{IMRAN}", f"initial,2026-02-03,{GRACE}"),
    ("child_id,name,role,starts", "A Visitor,school nurse,2026-02-04", "C Other,school nurse,2026-02-04"),
    ("child_id,name,role,starts", "A Visitor,school nurse,2026-02-04", "A Visitor,health visitor,2026-02-04"),
    ("child_id,name,starts", "A Visitor,2026-02-04", "A Visitor,2026-02-11"),
    ("child_id,looked_after_from", "2026-03-02", "2026-03-09"),
    ("child_id,looked_after_from,looked_after_until", "2026-03-02,", "2026-03-02,2026-04-01"),
    ("child_id,looked_after_from,iro_name", "2026-03-02,B Reviewer", "2026-03-02,D Reviewer"),
]


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def guarded(west: Cast) -> Cast:
    assert Child.objects.get(external_id=ROBIN).restricted
    for head, row in ON_FILE:
        content = f"{head}\n{row}\n".encode()
        check = check_file(west.authority, "children", "on-file.csv", content, as_at=TODAY, at=NOW, by=None)
        apply_check(check, at=NOW, by=None, agreed=True)
    return west


def checked(client: Client, *lines: str) -> str:
    file = SimpleUploadedFile("rows.csv", "".join(f"{line}\n" for line in lines).encode())
    answer = client.post("/import", said(file, format="children"))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def told(client: Client, path: str, lists: Sequence[str] = LISTS) -> list[str]:
    """All that the page and the files of that address say, but under which name it is kept."""
    texts = [client.get(path).text.partition("<main")[2], *(client.get(f"{path}?as={of}").text for of in lists)]
    return [
        re.sub(r'/import/(runs/\d+|\w+)|name="(sending|csrfmiddlewaretoken)" value="[^"]+"', "", one) for one in texts
    ]


def looked_at(client: Client, *lines: str, applied: bool = False) -> list[str]:
    """The check, and what is applied after it; then as if it had never been."""
    with transaction.atomic():
        path = checked(client, *lines)
        found = told(client, path)
        assert "Check before you apply" in found[0], (lines, found[0])
        if applied:
            answer = client.post(path, {"agreed": "on"})
            assert answer.status_code == 302, (lines, answer.text.partition("<main")[2])
            run = answer.headers["Location"]
            found += [*told(client, run), *told(client, f"{run}/undo", ()), *told(client, "/import", ())]
        transaction.set_rollback(True)
    return found


def test_a_guess_that_is_right_is_told_in_the_words_of_one_that_is_wrong(guarded: Cast) -> None:
    client = be(guarded, "Jo Talbot")
    differ = []
    for number, (head, right, wrong) in enumerate(GUESSES):
        one, other = (looked_at(client, head, f"{ROBIN},{guess}", applied=number % 4 == 0) for guess in (right, wrong))
        if one != other:
            at = next((pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), (one, other))
            differ.append((head, right, wrong, _where(*map(str, at))))
    assert not differ, "\n\n".join(map(str, differ))


def _where(one: str, other: str) -> tuple[str, str]:
    place = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return one[max(0, place - 80) : place + 200], other[max(0, place - 80) : place + 200]


def named(cast: Cast, name: str) -> None:
    said = {"authority": cast.authority, "child": cast.child("Robin"), "by": cast.person("Judith")}
    Listing.objects.create(person=cast.person(name), why="Has to see it", starts=TODAY, **said)


def test_whoever_may_see_the_child_is_told_what_would_change(guarded: Cast) -> None:
    named(guarded, "Nadia")
    client = be(guarded, "Nadia")
    one, other = (looked_at(client, "child_id,first_name", f"{ROBIN},{name}") for name in ("Robin", "Zebedee"))
    assert one != other
    assert "closed to you" not in " ".join(one)


def test_the_rows_about_closed_children_are_counted_and_that_they_change_nothing_is_not_said(guarded: Cast) -> None:
    client = be(guarded, "Jo Talbot")
    path = checked(client, "child_id,first_name", f"{ROBIN},Zebedee", "70001,Wren")
    page = lint(client.get(path)).text
    assert "1 row about children whose record is closed to you: told to those who guard it" in page
    path = checked(client, "child_id,first_name", f"{ROBIN},Zebedee")
    page = lint(client.get(path)).text
    assert "all of it is on file" not in page
    assert "Nothing that can be told to you." in page
    run = client.post(path, {}).headers["Location"]
    assert "Nothing changed" not in lint(client.get(run)).text
    undone = lint(client.get(f"{run}/undo")).text
    assert "0 facts changed by this import" in undone
    assert "1 row about children whose record is closed to you" in undone
    assert ImportRun.objects.latest("pk").counts["child_updated"] == 1


def test_what_tells_of_two_children_is_for_whoever_may_see_both(guarded: Cast) -> None:
    kai = guarded.child("Kai").external_id
    run = ImportRun.objects.latest("pk")
    one = warn(Place(child=kai), "it may be another child", did="Nothing was merged.")
    tell(run, [replace(one, also=ROBIN), replace(one, found="it stands alone")])
    path = f"/import/runs/{run.pk}"
    for page in told(be(guarded, "Jo Talbot"), path)[:2]:
        assert "it stands alone" in page
        assert "it may be another child" not in page
    named(guarded, "Nadia")
    for page in told(be(guarded, "Nadia"), path)[:2]:
        assert "it may be another child" in page
