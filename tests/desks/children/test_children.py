"""A child's pages, a family's page, the list of children: one child's story at a time, only for those who may."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.restricting import restrict
from undrift.children.models import ImportedRow, ImportRun, KeyAction, Plan
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform

pytestmark = pytest.mark.django_db

Get = Callable[[str, str], Any]


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def get(west: Cast) -> Get:
    def got(name: str, path: str) -> Any:
        client = Client()
        client.force_login(west.person(name))
        return client.get(path)

    return got


def of(cast: Cast, child: str, page: str = "") -> str:
    return f"/children/{cast.child(child).public_id}{page}"


def test_the_child_comes_first_then_how_things_are_then_the_stage(west: Cast, get: Get) -> None:
    scene.plan_cycle(west)
    reached.stage_one(west)
    page = lint(get("Grace", of(west, "Maya"))).text
    order = ["Maya Alder, 9", "How things are for Maya", "evenings are quieter now", "Raise a concern",
             "Open resolutions", "The plan", "Brothers and sisters"]  # fmt: skip
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert "Heard by Hannah Quill on Tuesday 14 April 2026" in page
    assert "Jude Alder" in page
    assert "Noor Alder" in page


def test_the_plan_is_told_in_facts_with_the_day_of_the_source(west: Cast, get: Get) -> None:
    plan = west.plan("Ella")
    Plan.objects.filter(pk=plan.pk).update(last_visit="2026-04-20", seen_alone="yes")
    run = ImportRun.objects.create(
        authority=west.authority, source_system="annex-a", file_name="list-7.xlsx", sha256="0" * 64,
        as_at="2026-05-01", started=NOW,
    )  # fmt: skip
    ImportedRow.objects.create(
        authority=west.authority, source_system="annex-a", entity="plan", source_key="x", object_id=plan.pk,
        row_hash="0" * 64, import_run=run, first_seen=NOW, last_seen=NOW, last_changed=NOW,
    )  # fmt: skip
    page = lint(get("Grace", of(west, "Ella"))).text
    for said in ("Neglect", "Friday 3 January 2025", "16 months", "Second plan", "Third review or later",
                 "Monday 20 April 2026, seen alone (as at 1 May 2026)"):  # fmt: skip
        assert said in page, said


def test_without_anything_on_file_the_page_says_so(west: Cast, get: Get) -> None:
    page = lint(get("Grace", of(west, "Kai"))).text
    assert "Nothing that Kai said or showed is on file yet." in page
    assert "No resolution that you may see is open." in page
    assert "No visit on file" in page
    assert "None on file that you can see." in page


@pytest.mark.parametrize("page", ["", "/resolutions", "/history"])
def test_a_childs_page_says_nothing_of_what_was_said_about_a_sibling(west: Cast, get: Get, page: str) -> None:
    found = reached.stage_one(west, "Maya", "Jude").resolution
    reached.answered(west, found, NOW)
    reached.judged(west, found, NOW)
    maya = lint(get("Grace", of(west, "Maya", page))).text
    assert "Jude has waited" not in maya
    assert get("Grace", of(west, "Jude", "/history")).text.count("Jude has waited for months.") == 1


def test_the_history_tells_this_childs_part_of_a_decision(west: Cast, get: Get) -> None:
    found = scene.response_in(west)
    verdicts = {str(west.child("Amara").pk): True, str(west.child("Zion").pk): False}
    perform(acts.Judge(verdicts, "No date for Zion."), resolution=found, by=west.person("Grace"), at=NOW)
    assert "Accepted for Amara." in get("Grace", of(west, "Amara", "/history")).text
    zion = lint(get("Grace", of(west, "Zion", "/history"))).text
    assert "Not accepted for Zion." in zion
    assert "Accepted for Amara" not in zion
    assert "Still asked about" in get("Grace", of(west, "Zion")).text


@pytest.mark.parametrize(
    ("acted", "names", "shown"),
    [
        ("Strategy discussion held", ["Maya"], True),
        ("Strategy discussion held", ["Maya", "Jude"], True),
        ("Jude sleeps at his aunt's", ["Maya", "Jude"], False),
    ],
)
def test_the_history_and_the_copy_tell_of_an_immediate_risk_and_what_was_done(
    west: Cast, get: Get, acted: str, names: list[str], shown: bool
) -> None:
    act = acts.Raise(
        "stage-2", tuple(reached.children_of(west, *names)), concern="A new adult lives there.",
        risk=acts.Risk(f"{acted} (Priya Nairn, Wednesday 6 May 2026)"),
    )  # fmt: skip
    context = context_for([west.child(name) for name in names], NOW)
    found = perform(act, by=west.person("Grace"), at=NOW, context=context).resolution
    said = html.escape(f"Done to keep the child safe: {acted} (Priya Nairn")
    history = lint(get("Grace", of(west, "Maya", "/history"))).text
    assert "A child was at immediate risk." in history
    assert (said in history) is shown
    copy = get("Grace", f"/resolutions/{found.reference}/copy/{west.child('Maya').public_id}").text
    assert "A child was at immediate risk." in copy
    assert said in copy
    assert ("The text names Jude. Take out" in copy) is not shown


def test_the_history_never_says_that_somebody_was_spoken_with_who_was_not_reached(west: Cast, get: Get) -> None:
    talk = acts.Conversation("could not reach", None, "team-manager", "Owen Tarrant", "Rang twice.")
    perform(acts.Speak(talk), resolution=reached.stage_one(west, "Maya").resolution, by=west.person("Grace"), at=NOW)
    page = lint(get("Grace", of(west, "Maya", "/history"))).text
    assert "Could not reach Owen Tarrant." in page
    assert "with Owen Tarrant" not in page


@pytest.mark.parametrize("page", ["", "/resolutions", "/history"])
@pytest.mark.parametrize("name", ["Imran", "Kofi", "Callum", "Siobhan", "Jo", "Dev"])
def test_a_child_out_of_sight_is_as_absent_as_one_that_does_not_exist(
    west: Cast, get: Get, name: str, page: str
) -> None:
    hidden, absent = get(name, of(west, "Maya", page)), get(name, f"/children/23456789bcdf{page}")
    assert hidden.status_code == absent.status_code == 404
    assert _plain(hidden.text) == _plain(absent.text)


@pytest.mark.parametrize(
    ("name", "sees"),
    [("Grace", True), ("Hannah", True), ("Priya", True), ("Denise", True), ("Judith", True), ("Kofi", False)],
)
def test_chair_worker_managers_and_the_service_see_the_child(west: Cast, get: Get, name: str, sees: bool) -> None:
    assert (get(name, of(west, "Maya")).status_code == 200) is sees


@pytest.mark.parametrize(("name", "sees"), [("Imran", True), ("Ruth", True), ("Judith", False), ("Yasmin", False)])
def test_a_restricted_child_is_there_only_for_those_named(west: Cast, get: Get, name: str, sees: bool) -> None:
    assert (get(name, of(west, "Robin")).status_code == 200) is sees
    assert ("Robin Fern" in get(name, "/children").text) is sees


@pytest.mark.parametrize(("name", "may"), [("Grace", True), ("Hannah", False), ("Priya", False)])
def test_only_who_chairs_is_offered_to_raise_a_concern(west: Cast, get: Get, name: str, may: bool) -> None:
    link = f'href="{of(west, "Maya")}/raise"'
    assert (link in get(name, of(west, "Maya")).text) is may
    family = f"/families/{west.family('Alder').reference}"
    assert (f'href="{family}/raise"' in get(name, family).text) is may


def test_the_way_to_raise_leads_to_a_page_that_opens(west: Cast, get: Get) -> None:
    assert get("Grace", f"{of(west, 'Maya')}/raise").status_code in (200, 302)
    assert get("Grace", f"/families/{west.family('Alder').reference}/raise").status_code in (200, 302)


def test_a_child_at_immediate_risk_is_marked_in_words(west: Cast, get: Get) -> None:
    scene.at_risk(west)
    page = lint(get("Grace", of(west, "Kai"))).text
    assert "Immediate risk" in page
    assert "Act first" in page


def test_urgent_help_stands_beside_the_button(west: Cast, get: Get) -> None:
    assert get("Grace", of(west, "Maya")).text.count('href="/urgent"') >= 3  # header, page, footer


def test_titles_and_addresses_name_no_child(west: Cast, get: Get) -> None:
    reached.stage_one(west)
    family = f"/families/{west.family('Alder').reference}"
    for path in (of(west, "Maya"), of(west, "Maya", "/resolutions"), of(west, "Maya", "/history"), family, "/children"):
        title = get("Grace", path).text.partition("<title>")[2].partition("</title>")[0]
        assert not {"Maya", "Alder"} & set(title.replace(":", " ").split()), title
        assert "maya" not in path.lower()
        assert "alder" not in path.lower()


def test_siblings_stand_together_each_with_their_own_status(west: Cast, get: Get) -> None:
    one = reached.stage_one(west, "Maya", "Jude").resolution
    page = lint(get("Grace", f"/families/{west.family('Alder').reference}")).text
    assert page.count(f"{one.reference}: still asked about") == 2
    assert page.count("No resolution that you may see is open") == 1
    assert "Raise a concern for these children" in page


def test_a_familys_page_shows_what_conferences_asked_and_what_was_said_of_it(north: Cast, client: Client) -> None:
    scene.key_action_overdue(north)
    done = scene.key_action_overdue(north)
    done.status, done.feedback, done.feedback_on = "done", "It is on Friday.", TODAY
    done.save()
    client.force_login(north.person("Rosalind"))
    page = " ".join(lint(client.get(f"/families/{north.family('Plover').reference}")).text.split())
    shown = page.partition("Key actions of the conferences</caption>")[2].partition("</table>")[0]
    assert shown.count("CAMHS to offer a first appointment") == 2
    assert shown.count("Elias Thornby, Moorland Health Trust") == 2
    assert "24 April 2026" in shown
    assert "7 working days late" in shown
    assert "Waiting for feedback" in shown
    assert "Done, 6 May 2026. It is on Friday." in shown


def test_a_key_action_that_names_a_child_out_of_sight_is_not_shown(west: Cast, get: Get) -> None:
    family = west.family("Alder")
    for name, wording in (("Maya", "A place at the club"), ("Jude", "A bed of his own")):
        action = KeyAction.objects.create(
            authority=west.authority, family=family, wording=wording, feedback_due=TODAY, who=west.person("Hannah")
        )
        action.children.add(west.child("Maya"), west.child(name))
    page = get("Grace", f"/families/{family.reference}").text
    assert "A place at the club" in page
    assert "A bed of his own" in page
    restrict(west.child("Jude"), by=west.person("Judith"), reason="A relative works here.", at=NOW)
    page = get("Priya", f"/families/{family.reference}").text
    assert "A place at the club" in page
    assert "A bed of his own" not in page


def test_a_family_none_of_whose_children_are_mine_is_absent(west: Cast, get: Get) -> None:
    assert get("Kofi", f"/families/{west.family('Alder').reference}").status_code == 404
    assert get("Kofi", f"/families/{west.family('Rowan').reference}").status_code == 200


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("", ["Maya Alder", "Ella Rowan", "Kai Sorrel"], []),
        ("?review=third", ["Ella Rowan"], ["Maya Alder"]),
        ("?length=long", ["Finn Rowan"], ["Kai Sorrel"]),
        ("?plan=again", ["Sam Rowan"], ["Tyler Heron"]),
        ("?concern=with", ["Maya Alder"], ["Noor Alder", "Ella Rowan"]),
        ("?concern=without", ["Noor Alder"], ["Maya Alder"]),
        ("?review=nonsense", ["Maya Alder", "Ella Rowan"], []),
        ("?review=third&concern=with", [], ["Maya Alder", "Ella Rowan"]),
    ],
)
def test_the_list_is_narrowed(west: Cast, get: Get, query: str, there: list[str], not_there: list[str]) -> None:
    reached.stage_one(west, "Maya", "Jude")
    page = lint(get("Grace", f"/children{query}")).text
    assert [name for name in there if name not in page] == []
    assert [name for name in not_there if name in page] == []


def test_an_empty_list_says_when_children_appear(west: Cast, get: Get) -> None:
    assert "No child on a plan is yours to see." in lint(get("Siobhan", "/children")).text


@pytest.mark.parametrize("name", ["Grace", "Judith", "Priya"])
def test_lists_take_the_same_few_queries_however_much_there_is(west: Cast, name: str) -> None:
    client = Client()
    client.force_login(west.person(name))
    paths = ("/children", f"/families/{west.family('Alder').reference}")
    reached.stage_one(west)
    client.get("/children")  # the first page of a session writes the session
    few = [asked(client, path) for path in paths]
    for _ in range(4):
        reached.stage_one(west, "Maya", "Jude", "Noor")
    assert [asked(client, path) for path in paths] == few
    assert max(few) <= 16


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def _plain(html: str) -> str:
    """Without what is new on every page, whatever it shows."""
    return re.sub(r'name="(csrfmiddlewaretoken|sending)" value="[^"]*"', "", html)


# What a reader is not shown is hidden, and not said to be absent -----------------------------------------------------


@pytest.mark.parametrize("open_one", [True, False])
def test_whoever_is_shown_no_resolution_is_not_told_that_there_is_none(west: Cast, get: Get, open_one: bool) -> None:
    """The same page whether one is open or not: business support opens a child's record, and no resolution."""
    if open_one:
        reached.stage_one(west, "Maya", "Jude")
    family = f"/families/{west.family('Alder').reference}"
    for path in ("/children", "/lists/children", of(west, "Maya"), family):
        answer = get("Pauline", path)
        assert answer.status_code == 200
        main = answer.text.partition("<main")[2].partition("</main>")[0] or answer.text
        assert re.findall(r"(?i)none is open|resolutions?\b[^<]*|1 open|still asked", main) == [], path
    assert "Resolutions are not shown to you." in get("Pauline", of(west, "Maya", "/resolutions")).text
    assert "What happened in resolutions is not shown to you." in get("Pauline", of(west, "Maya", "/history")).text


@pytest.mark.parametrize(
    ("name", "says"), [("Judith", "No resolution is open."), ("Priya", "No resolution that you may see is open.")]
)
def test_none_is_said_of_all_by_whoever_sees_all(west: Cast, get: Get, name: str, says: str) -> None:
    family = f"/families/{west.family('Alder').reference}"
    for path in (of(west, "Maya"), family):
        page = lint(get(name, path)).text
        assert says in page
    assert ("None open that you may see" in get(name, "/children").text) is (name == "Priya")
