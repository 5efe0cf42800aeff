"""The policy's page shows the policy whole, as the council has adopted it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.desks.page_lint import lint
from undrift import library
from undrift.people.models import Authority, ClosureDay
from undrift.protocol.model import Part
from undrift.protocol.words import COLUMNS

pytestmark = pytest.mark.django_db

# What the text has for the service alone: by what it names and finds things, and by what it decides.
NOT_READ_OUT = {
    "id", "code", "kind", "usually_starts", "ground", "areas", "area", "calendar", "bare_days", "equivalent",
    "reference", "held_by", "otherwise", "number", "dated", "ending", "formality", "done",
    # said where they bite, in sentences of their own
    "within", "of", "who", "when", "to", "must", "sent_by", "judged_by", "tells", "approved_by", "sets_out",
    "prefer", "asks", "may", "contains", "obstacles", "shared_with", "applies_to", "words", "offers", "occasion",
    "decided_by", "checklist",
    # the clause is the address in the published text; it is said beside what asks something
    "clause", "always_copied", "always_copied_clause", "over",
}  # fmt: skip
NOT_THE_POLICYS = {"obstacles"}  # the service's own list of what may stand in the way


def texts(part: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a protocol that is written to be read, with the name of its field."""
    if isinstance(part, Part):
        for name in type(part).model_fields:
            if name not in NOT_READ_OUT | NOT_THE_POLICYS:
                yield from texts(getattr(part, name), name)
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value, field)
    elif isinstance(part, tuple):
        for value in part:
            yield from texts(value, field)
    elif isinstance(part, str) and part:
        yield field, part


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def said(html: bytes) -> str:
    return words(html.decode().partition("<main")[2])


def council(protocol_id: str, area: str = "", **more: Any) -> Authority:
    return Authority.objects.create(
        code="westmarch", name="Westmarch Council", protocol_id=protocol_id, area=area,
        protocol_version=library.load(protocol_id).head.version, **more,
    )  # fmt: skip


@pytest.mark.parametrize(("protocol_id", "area"), [("walsall", ""), ("pan-lancashire", "lancashire")])
def test_every_text_of_the_policy_stands_on_its_page(client: Client, protocol_id: str, area: str) -> None:
    council(protocol_id, area)
    page = said(lint(client.get(reverse("policy"))).content)
    protocol = library.load(protocol_id, area=area)
    written = [
        (field, text) for field, text in texts(protocol) if text not in (protocol.head.id, protocol.head.version)
    ]
    assert len(written) > 80
    missing = [(field, text) for field, text in written if text.rstrip(".") not in page]
    assert [each for each in missing if each[1] not in {o.title for o in protocol.overlays}] == []


def test_each_stage_has_its_time_its_approver_its_note_and_its_examples(client: Client) -> None:
    council("walsall")
    page = said(client.get(reverse("policy")).content)
    assert (
        "The Team Manager answers within 7 days, which Westmarch Council counts as working days, with the approval"
        in page
    )
    assert "A conference is cancelled" in page
    assert "Staffing, cooperation between agencies and resources are not accepted as obstacles" in page
    assert "Adoption and Children Act 2002" in page


# Who is told at each stage besides those it goes to, as the two policies say it; None is nobody.
WALSALL_COPIES = "Group Manager for Safeguarding and Review (always copied in); Principal IRO (always copied in)"
TOLD = {
    ("walsall", ""): [WALSALL_COPIES] * 6,
    ("pan-lancashire", "lancashire"): [
        "CSC Team Manager",
        "Nobody else",
        "Nobody else",
        "CSC Team Manager; Core Group; CSC Quality & Review Manager",
        "Directorate Safeguarding Manager; Head of CSC; Head of Safeguarding, Inspection & Audit",
        "Director of Targeted & Assessment Services (in Lancashire only)",
    ],
}


@pytest.mark.parametrize(("protocol", "area"), TOLD)
def test_each_stage_says_who_is_told_and_who_is_always_copied(client: Client, protocol: str, area: str) -> None:
    council(protocol, area)
    page = client.get(reverse("policy")).content.decode()
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert [words(row[-1]) for row in rows if len(row) == len(COLUMNS)][1:] == TOLD[protocol, area]
    besides = words(page).count("Told besides:")
    assert besides == len([told for told in TOLD[protocol, area] if told != "Nobody else"])


def test_what_the_council_chose_is_said_in_its_own_words(client: Client) -> None:
    own = council("walsall", choices={"bare_days": "calendar", "chair_decides_within": "3 working days",
                                      "draft_before": "1 working day"})  # fmt: skip
    ClosureDay.objects.create(authority=own, date="2026-12-24", reason="Christmas closure")
    page = said(client.get(reverse("policy")).content)
    assert "Westmarch Council counts calendar days" in page
    assert "Within 3 working days of the answer" in page
    assert "A draft answer reaches them 1 working day before" in page
    assert "24 December 2026: Christmas closure" in page


def test_no_target_of_the_councils_own_is_said_too(client: Client) -> None:
    council("walsall", choices={"chair_decides_within": "none"})
    assert "the council has set none of its own" in said(client.get(reverse("policy")).content)


@pytest.mark.parametrize(("area", "so"), [("lancashire", True), ("blackpool", False)])
def test_what_is_so_in_one_area_stands_on_the_page_of_that_area_alone(client: Client, area: str, so: bool) -> None:
    council("pan-lancashire", area)
    page = said(client.get(reverse("policy")).content)
    assert ("has the final say" in page) is so
    assert ("Director of Targeted & Assessment Services" in page) is so


def test_a_policy_that_is_not_at_hand_is_named_and_asked_for(client: Client) -> None:
    Authority.objects.create(code="w", name="Westmarch Council", protocol_id="walsall", protocol_version="1999.1")
    page = said(lint(client.get(reverse("policy"))).content)
    assert "walsall, version 1999.1" in page
    assert "Ask an administrator" in page


def test_whoever_has_no_council_chooses_one_of_those_within_reach(client: Client, west: Cast, north: Cast) -> None:
    page = client.get(reverse("policy"))
    links = re.findall(r'href="(/help/policy/[^"]+)"', lint(page).content.decode())
    assert sorted(link.rpartition("/")[2] for link in links) == ["harrowdale", "northmoor", "saltmere", "westmarch"]
    assert all(lint(client.get(link)).status_code == 200 for link in links)
    client.force_login(north.person("Moira"))  # the shared agencies answer to three councils
    links = re.findall(r'href="(/help/policy/[^"]+)"', client.get(reverse("policy")).content.decode())
    assert sorted(link.rpartition("/")[2] for link in links) == ["harrowdale", "northmoor", "saltmere"]
    assert client.get("/help/policy/no-such-council").status_code == 404


def test_it_stands_in_the_menu_of_everybody(client: Client, west: Cast, north: Cast) -> None:
    for cast in (west, north):
        for person in cast.built.people.values():
            client.force_login(person)
            menu = client.get(reverse("help")).content.decode().partition('aria-label="Menu"')[2].partition("</nav>")[0]
            assert f'href="{reverse("policy")}"' in menu, person.name
