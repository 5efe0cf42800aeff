"""The good practice report by its pages: who chooses from which notes, what is published, and who reads it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.desks.typed.sendings import signed_in
from tests.resolutions.guarded import REASON
from undrift.access.good_practice import notes_between
from undrift.access.models import Look
from undrift.access.restricting import restrict
from undrift.engine.plan_cycle import acts
from undrift.people.models import Unit
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.good_practice import Making
from undrift.plan_cycle.periods import period_asked, periods, titled
from undrift.plan_cycle.queries import open_cycle
from undrift.record.models import Case, GoodPracticeReport
from undrift.record.who_plays import context_for

pytestmark = pytest.mark.django_db
QUARTER = periods(TODAY)[0]
LETTER = "Hannah came every week, also when it rained. Maya, you said what you wanted. Now you sleep well."


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def written(
    cast: Cast, child: str = "Maya", text: str = LETTER, *, tier: str = "exemplary", quotable: bool = True
) -> str:
    """The note, as addresses name it."""
    one = cast.child(child)
    found = open_cycle([one.pk])
    in_it = {"case": found} if found is not None else {"context": context_for([one], NOW)}
    act = acts.WriteNote(str(one.pk), tier, text, "Hannah Quill", quotable)
    case = perform(act, by=cast.person("Grace"), **in_it).case
    return f"{case.pk}-{Case.objects.get(pk=case.pk).last_seq}"


def team_of(cast: Cast, who: str) -> Unit:
    return Unit.objects.get(posts__holdings__person=cast.person(who))


def choosing(cast: Cast, who: str = "Marcus", **asked: str) -> str:
    client = signed_in(cast.person(who))
    return unescape(lint(client.get(reverse("good-practice-choose"), {"period": QUARTER.key, **asked})).text)


def at(*ticked: str, **asked: str) -> str:
    """The address of the page on which these sentences are shortened: "12-2-0" is the first of a note."""
    query = [("period", QUARTER.key), *asked.items()]
    query += [(f"n{key.rpartition('-')[0]}", key.rpartition("-")[2]) for key in ticked]
    return f"{reverse('good-practice-words')}?{urlencode(query)}"


def says(cast: Cast, said: dict[str, str], *ticked: str, who: str = "Marcus", **more: Any) -> str:
    """What the page says after the words were sent, each confirmed."""
    client = signed_in(cast.person(who))
    words = {f"text-{key}": text for key, text in said.items()} | {f"sure-{key}": "on" for key in said}
    answer = client.post(at(*(ticked or said)), words | more, follow=True)
    return unescape(lint(answer).text)


def published(cast: Cast, **more: Any) -> GoodPracticeReport:
    key = f"{written(cast)}-0"
    assert "The report is published." in says(cast, {key: "[the worker] came every week."}, **more)
    return GoodPracticeReport.objects.latest("pk")


# The period -----------------------------------------------------------------------------------------------------------


def test_a_report_is_over_a_quarter_or_a_year_from_april() -> None:
    offered = periods(date(2026, 5, 6))
    assert [one.title for one in offered[:2]] == ["April to June 2026", "January to March 2026"]
    assert [one.title for one in offered[-2:]] == ["April 2026 to March 2027", "April 2025 to March 2026"]
    assert (offered[0].first, offered[0].last) == (date(2026, 4, 1), date(2026, 6, 30))
    assert len({one.key for one in offered}) == len(offered)


def test_without_a_period_it_is_the_last_quarter_that_is_over() -> None:
    offered = periods(date(2026, 1, 1))
    assert period_asked("", offered).title == period_asked("2020-q9", offered).title == "October to December 2025"
    assert period_asked("2026-q1", offered).first == date(2026, 1, 1)
    assert titled(date(2025, 4, 1), date(2026, 3, 31)) == "April 2025 to March 2026"


# Choosing -------------------------------------------------------------------------------------------------------------


def test_the_notes_of_the_period_are_offered_sentence_by_sentence_with_what_would_tell_the_child(west: Cast) -> None:
    written(west)
    text = choosing(west)
    for sentence in ("Hannah came every week, also when it rained.", "Now you sleep well."):
        assert sentence in text
    assert "“Maya”: a name of the child or the family" in text
    assert "“Hannah”: a worker’s name" in text
    assert "Exemplary work" in text


def test_a_note_that_may_not_be_quoted_and_one_made_in_error_are_not_offered(west: Cast) -> None:
    written(west, text="Nobody quotes this.", quotable=False)
    struck = written(west, text="This was about another child.")
    case, seq = struck.split("-")
    perform(acts.Correct(int(seq), "Another child."), by=west.person("Grace"), case=Case.objects.get(pk=case))
    text = choosing(west)
    assert "Nobody quotes this." not in text
    assert "about another child" not in text
    assert "No note of this period may be quoted." in text


def test_what_the_policy_reports_stands_first(west: Cast) -> None:
    written(west, text="The plan went on.", tier="good")
    written(west, "Tyler", text="He was heard.")
    text = choosing(west)
    assert text.index("He was heard.") < text.index("The plan went on.")


def test_another_period_and_another_team_have_their_own(west: Cast) -> None:
    written(west, text="The plan went on.")
    south = str(team_of(west, "Callum").pk)
    north = str(team_of(west, "Priya").pk)
    assert "The plan went on." in choosing(west, team=north)
    assert "The plan went on." not in choosing(west, team=south)
    assert "The plan went on." not in choosing(west, period=periods(TODAY)[1].key)
    assert "The plan went on." in choosing(west, period=periods(TODAY)[-2].key)


def test_a_child_who_is_closed_to_the_reader_is_not_chosen_from(west: Cast) -> None:
    written(west)
    restrict(west.child("Maya"), west.person("Grace"), REASON, NOW)
    text = choosing(west)
    assert "also when it rained" not in text
    assert "Maya" not in text


def test_reading_the_notes_leaves_one_look_at_their_children(west: Cast) -> None:
    written(west)
    client = signed_in(west.person("Marcus"))
    for _ in range(2):
        client.get(reverse("good-practice-choose"), {"period": QUARTER.key})
    look = Look.objects.get(page="good-practice-choose")
    assert (look.children, look.name) == ([west.child("Maya").pk], "Marcus Penhale")


@pytest.mark.parametrize("who", ["Grace", "Priya", "Hannah", "Pauline", "Jo Talbot", "Siobhan", "Nadia"])
def test_nobody_else_chooses(west: Cast, who: str) -> None:
    key = f"{written(west)}-0"
    client = signed_in(west.person(who))
    assert client.get(reverse("good-practice-choose")).status_code == 403
    assert client.post(at(key), {f"text-{key}": "She came.", f"sure-{key}": "on"}).status_code == 403
    assert "Make a report" not in client.get(reverse("good-practice")).text
    assert notes_between(west.person(who), NOW, QUARTER.first, QUARTER.last) == []
    assert not GoodPracticeReport.objects.exists()


def test_where_the_policy_has_no_such_notes_the_page_says_so(north: Cast) -> None:
    slug = "csc-quality-review-manager"
    found = next(p for p in north.built.people.values() if p.holdings.filter(post__slug=slug).exists())
    text = lint(signed_in(found).get(reverse("good-practice-choose"))).text
    assert "The policy says nothing of good practice" in text
    assert ">Good practice</a>" not in " ".join(text.split())


def test_ten_notes_ask_no_more_of_the_database_than_one(west: Cast) -> None:
    client = signed_in(west.person("Marcus"))
    written(west)
    client.get(reverse("good-practice-choose"), {"period": QUARTER.key})
    counts = []
    for number in (1, 9):
        for _ in range(number - 1):
            written(west)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("good-practice-choose"), {"period": QUARTER.key})
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1  # the look at one more child


# Publishing -----------------------------------------------------------------------------------------------------------


def test_a_sentence_is_shortened_confirmed_and_published_without_a_name(west: Cast) -> None:
    key = written(west)
    page = unescape(lint(signed_in(west.person("Marcus")).get(at(f"{key}-0", f"{key}-1"))).text)
    assert "[the worker] came every week, also when it rained." in page
    assert "[the child], you said" in page
    text = says(west, {f"{key}-1": "You said what you wanted.", f"{key}-0": "[the worker] came every week."})
    assert "The report is published." in text
    made = GoodPracticeReport.objects.get()
    assert made.sentences == [
        {"tier": "Exemplary work", "text": "[the worker] came every week."},
        {"tier": "Exemplary work", "text": "You said what you wanted."},
    ]
    assert (made.by_name, made.first, made.last, made.team) == ("Marcus Penhale", QUARTER.first, QUARTER.last, None)


@pytest.mark.parametrize("name", ["Maya", "maya", "Alder", "Jude"])
def test_a_name_of_a_child_or_a_family_is_never_published(west: Cast, name: str) -> None:
    key = f"{written(west, text=f'You were brave, {name}, and said so.')}-0"
    text = says(west, {key: f"You were brave, {name}."})
    assert f"Take out “{name}”: nothing is published with a name of a child or a family in it" in text
    assert not GoodPracticeReport.objects.exists()


def test_the_name_of_a_sister_whose_record_is_closed_is_never_published_either(west: Cast) -> None:
    key = f"{written(west, text='You and Noor were brave.')}-0"
    restrict(west.child("Noor"), west.person("Grace"), REASON, NOW)
    assert "Take out “Noor”" in says(west, {key: "You and Noor were brave."})


def test_each_sentence_is_confirmed_and_none_is_added_to(west: Cast) -> None:
    key = written(west)
    said = {f"{key}-0": "[the worker] came.", f"{key}-2": "Now you sleep well, and all is well with you now."}
    text = says(west, said, **{f"sure-{key}-0": ""})
    assert "Confirm that no child can be recognised by it" in text
    assert "Shorten it" in text
    assert "Enter what stands in the report" in says(west, {f"{key}-0": " "})
    assert not GoodPracticeReport.objects.exists()


def test_without_a_tick_there_is_nothing_to_shorten(west: Cast) -> None:
    written(west)
    assert "Tick at least one sentence" in lint(signed_in(west.person("Marcus")).get(at(), follow=True)).text


def test_a_sentence_of_a_note_that_may_not_be_quoted_is_not_published(west: Cast) -> None:
    key = f"{written(west, quotable=False)}-2"
    assert "Tick at least one sentence" in says(west, {key: "Now you sleep well."})
    assert not GoodPracticeReport.objects.exists()


# What was published ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Marcus", "Grace", "Priya", "Hannah", "Angela", "Pauline", "Jo Talbot"])
def test_the_staff_of_the_authority_read_it_and_nothing_leads_to_a_child(west: Cast, who: str) -> None:
    made = published(west)
    client = signed_in(west.person(who))
    listed = lint(client.get(reverse("good-practice")))
    assert "April to June 2026" in listed.text
    assert "Marcus Penhale" in listed.text
    page = lint(client.get(reverse("good-practice-report", args=[made.pk])))
    for answer in (listed, page):
        for child in ("Maya", west.child("Maya").public_id, "Alder", "4101"):
            assert child not in answer.text
        assert not re.search(r'href="/(children|families|resolutions)/', answer.text)
    assert "[the worker] came every week." in page.text


def test_nobody_of_a_partner_agency_or_of_another_council_reads_it(west: Cast, north: Cast) -> None:
    made = published(west)
    for stranger in (west.person("Siobhan"), north.person("Rosalind")):
        client = signed_in(stranger)
        assert client.get(reverse("good-practice-report", args=[made.pk])).status_code == 404
        assert "April to June" not in client.get(reverse("good-practice")).text


def test_how_many_notes_there_were_is_told_by_team_and_tier_but_no_small_number(west: Cast) -> None:
    for _ in range(5):
        written(west, tier="good")
    made = published(west)
    page = unescape(lint(signed_in(west.person("Grace")).get(reverse("good-practice-report", args=[made.pk]))).text)
    assert made.numbers["teams"] == [["North", [None, 5]]]
    assert "Not shown" in page


def test_it_is_a_file_too(west: Cast) -> None:
    made = published(west)
    answer = signed_in(west.person("Grace")).get(reverse("good-practice-report", args=[made.pk]), {"as": "csv"})
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["Sentence", "All teams", "Exemplary work", "[the worker] came every week."]
    assert ["Notes written", "North", "Exemplary work", "Not shown"] in rows


def test_a_new_version_replaces_the_old_one_and_both_say_so(west: Cast) -> None:
    old = published(west)
    key = f"{written(west)}-2"
    form = lint(signed_in(west.person("Marcus")).get(at(key))).text
    assert "replaces that version" in " ".join(form.split())
    assert "Enter what is different" in says(west, {key: "You sleep well."}, over=str(old.pk))
    text = says(west, {key: "You sleep well."}, over=str(old.pk), why="One more sentence.")
    assert "It replaces" in text
    assert "One more sentence." in text
    new = GoodPracticeReport.objects.latest("pk")
    assert new.replaces == old
    client = signed_in(west.person("Grace"))
    assert "This version was replaced" in client.get(reverse("good-practice-report", args=[old.pk])).text
    assert client.get(reverse("good-practice")).text.count("Replaced") == 1


def test_of_two_who_publish_at_once_the_second_reads_the_first(west: Cast) -> None:
    published(west)
    key = f"{written(west)}-2"
    assert "Somebody has published this report meanwhile" in says(west, {key: "You sleep well."}, over="", why="x")
    assert GoodPracticeReport.objects.count() == 1


def test_what_was_published_stays_as_it_is(west: Cast) -> None:
    made = published(west)
    for statement in ("UPDATE record_goodpracticereport SET why = 'x'", "DELETE FROM record_goodpracticereport"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert GoodPracticeReport.objects.get().pk == made.pk


def test_a_report_of_a_team_stands_beside_that_of_all(west: Cast) -> None:
    published(west)
    key, north = f"{written(west)}-2", team_of(west, "Priya")
    client = signed_in(west.person("Marcus"))
    client.post(at(key, team=str(north.pk)), {f"text-{key}": "You sleep well.", f"sure-{key}": "on", "over": ""})
    made = GoodPracticeReport.objects.latest("pk")
    assert (made.team, made.team_name, made.replaces) == (north, "North", None)
    making = Making(west.person("Marcus"), NOW + timedelta(days=1), QUARTER.first, QUARTER.last, north)
    assert making.replaces == made
