"""One sending of every form that changes something: who sends what to where, from a state that acts have reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast
from tests.desks.importing.files import list_7
from tests.desks.importing.files import said as of_a_file
from tests.desks.raising.chairs import Chair, next_weekday
from tests.desks.raising.test_formal import to_the_check, to_the_stage
from tests.desks.raising.test_informal import told as informally
from tests.desks.raising.test_next_stage import raised
from tests.resolutions.reached import answered, drafted, informal, judged, stage_one
from undrift.access.emergency import Sought, open_found
from undrift.access.models import Exclusion, Listing, Opening
from undrift.access.restricting import exclude, name, restrict
from undrift.children.models import Allocation, AlsoInFamily, Child, CoreGroupMember, SameChild
from undrift.desks.frame import factor
from undrift.desks.frame.doers import OUTSIDE
from undrift.engine.ladder import acts
from undrift.engine.plan_cycle import acts as cycle_acts
from undrift.people.models import Cover, Grant, Holding, Person
from undrift.plan_cycle.actions import perform as do_in_cycle
from undrift.plan_cycle.periods import periods
from undrift.plan_cycle.queries import open_cycle
from undrift.record.drafts import keep as save_draft
from undrift.record.typed_texts import Where, keep
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Said = Mapping[str, object]
LONG = "He was told at the door that nobody would come before Monday."


@dataclass(frozen=True)
class Sending:
    who: Person
    path: str
    said: Said


Scene = Callable[[Cast, int], Sending]
SCENES: dict[str, Scene] = {}


def scene(*names: str) -> Callable[[Scene], Scene]:
    def noted(made: Scene) -> Scene:
        SCENES.update(dict.fromkeys(names, made))
        return made

    return noted


def on(box: str, day: date) -> dict[str, str]:
    return {f"{box}_day": str(day.day), f"{box}_month": str(day.month), f"{box}_year": str(day.year)}


def today() -> date:
    return timezone.localdate()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="undrift.people.seats.SignedIn")
    session = client.session
    factor.give(session, person, by="test")
    session.save()
    return client


def first_choice(person: Person, path: str, box: str) -> str:
    """The first answer that the page offers there."""
    page = signed_in(person).get(path).text
    found = re.search(rf'name="{box}"[^>]*value="([^"]+)"', page) or re.search(
        rf'name="{box}".*?<option value="([^"]+)"', page, re.DOTALL
    )
    assert found is not None, f"{path} offers no {box}"
    return found[1]


def at(r: Resolution, page: str) -> str:
    return f"/resolutions/{r.reference}/{page}"


# A concern ------------------------------------------------------------------------------------------------------------


def of_chair(page: str, said: Said, **in_days: int) -> Scene:
    """What the chair types, and in the boxes of a date a weekday so many days on."""

    def made(cast: Cast, _: int) -> Sending:
        path = at(stage_one(cast, at=timezone.now()).resolution, page)
        dates = {part: typed for name, days in in_days.items() for part, typed in on(name, next_weekday(days)).items()}
        return Sending(cast.person("Grace"), path, {**said, **dates})

    return made


def choosing(page: str, box: str, said: Said, *dated: str) -> Scene:
    """With the first of a box's choices, and today in the boxes of a date."""

    def made(cast: Cast, _: int) -> Sending:
        grace, path = cast.person("Grace"), at(stage_one(cast, at=timezone.now()).resolution, page)
        dates = {part: typed for name in dated for part, typed in on(name, today()).items()}
        return Sending(grace, path, {**said, **dates, box: first_choice(grace, path, box)})

    return made


SCENES |= {
    "note": of_chair("note", {"text": LONG}),
    "correct": of_chair("entries/1/correct", {"text": LONG}),
    "record-urgent": choosing("urgent", "at_risk", {"what": LONG}),
    "more-time": of_chair("more-time", {"why": LONG}, until=15),
    "withdraw": of_chair("withdraw", {"text": LONG}),
    "new-action": of_chair("actions/new", {"what": "Visit", "who": "Hannah Quill"}, by=9),
    "spoke": choosing("spoke", "role", {"how": "phone", "note": LONG}, "on"),
    "route": choosing("route", "route", {"note": LONG}, "on"),
    "share": choosing("share", "role", {"why": LONG}),
    "hand-over": choosing("hand-over", "person", {"why": LONG, "part": "team-manager"}),
    "hand-on-chair": choosing("chair", "person", {"why": LONG, "part": "chair"}),
    "close": of_chair("close", {"ending": "in-error", "why": LONG}),
}


@scene("respond")
def responding(cast: Cast, _: int) -> Sending:
    priya, path = cast.person("Priya"), at(stage_one(cast, at=timezone.now()).resolution, "respond")
    boxes = set(re.findall(r'name="(consider-[^"]+)"', signed_in(priya).get(path).text))
    said = {"agree": "agree", "text": LONG, "actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0"}
    return Sending(priya, path, said | dict.fromkeys(boxes, "yes"))


@scene("approve")
def approving(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    drafted(cast, r, timezone.now())
    return Sending(cast.person("Denise"), at(r, "approve"), {"verdict": "approve"})


def of_each(cast: Cast, said: str) -> dict[str, str]:
    return {f"child-{cast.child(name).pk}": said for name in ("Maya", "Jude")}


@scene("decide")
def deciding(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    answered(cast, r, timezone.now())
    return Sending(
        cast.person("Grace"), at(r, "decide"), {f"child-{cast.child(n).pk}": "yes" for n in ("Maya", "Jude")}
    )


@scene("resolve")
def resolving(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    answered(cast, r, timezone.now())
    judged(cast, r, timezone.now())
    return Sending(
        cast.person("Grace"), at(r, "resolve"), {f"child-{cast.child(n).pk}": LONG for n in ("Maya", "Jude")}
    )


@scene("action")
def acting(cast: Cast, _: int) -> Sending:
    r = informal(cast, at=timezone.now()).resolution
    plan = acts.ActionAsked("Write them up", "Hannah Quill", next_weekday(9), str(cast.person("Hannah").pk))
    perform(acts.AgreeAction(plan), resolution=r, by=cast.person("Grace"))
    done = {"status": "done", **on("on", today()), "helped": LONG}
    return Sending(cast.person("Hannah"), at(r, "actions/a1"), done)


@scene("not-mine")
def saying_whose_it_is(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    return Sending(cast.person("Priya"), at(r, "not-mine"), {"who": "Callum Stroud", "why": LONG})


@scene("ask-again")
def asking_again(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    answered(cast, r, timezone.now())
    return Sending(cast.person("Grace"), at(r, "ask-again"), {"why": LONG, **on("until", next_weekday(5))})


@scene("end-for-child")
def ending_for_one(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    path = at(r, f"children/{cast.child('Maya').public_id}/end")
    return Sending(cast.person("Grace"), path, {"ending": "moved", "why": LONG})


@scene("reopen-child")
def opening_for_one(cast: Cast, _: int) -> Sending:
    r, maya = stage_one(cast, at=timezone.now()).resolution, cast.child("Maya")
    perform(acts.EndForChild(str(maya.pk), "moved", LONG), resolution=r, by=cast.person("Grace"))
    return Sending(cast.person("Grace"), at(r, f"children/{maya.public_id}/reopen"), {"why": LONG})


@scene("carry-on")
def going_on(cast: Cast, _: int) -> Sending:
    r, maya = stage_one(cast, "Maya", at=timezone.now()).resolution, cast.child("Maya")
    perform(acts.RecordPlanEnd(str(maya.pk), today()), resolution=r, by=None)
    return Sending(cast.person("Grace"), at(r, "carry-on"), {"children": [str(maya.pk)], "why": LONG})


@scene("rung")
def ringing(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    done = perform(acts.RecordUrgentAction(LONG), resolution=r, by=cast.person("Priya"))
    path = at(r, f"urgent/{done.events[-1].seq}/rung")
    safe = {f"safe_{cast.child(name).public_id}": "yes" for name in ("Maya", "Jude")}
    return Sending(cast.person("Grace"), path, {"to": "Hannah Quill", **on("on", today()), "note": LONG, **safe})


@scene("file")
def filing(cast: Cast, _: int) -> Sending:
    r = stage_one(cast, at=timezone.now()).resolution
    path = at(r, f"copy/{cast.child('Maya').public_id}/filed")
    return Sending(cast.person("Grace"), path, {"system": "Mosaic"})


# On the way to one ----------------------------------------------------------------------------------------------------


@scene("raise-choice")
def choosing_how(cast: Cast, number: int) -> Sending:
    path = reverse("raise-choice", kwargs={"family": cast.family("Heron").reference})
    if number:  # what was begun before is not empty
        to_the_stage(Chair(cast, "Grace"))
    return Sending(cast.person("Grace"), path, {"kind": "raise"})


@scene("raise-question")
def answering_a_question(cast: Cast, _: int) -> Sending:
    asked = to_the_stage(Chair(cast, "Grace"))
    return Sending(cast.person("Grace"), asked.address("tried"), {"tried": LONG})


@scene("raise-check")
def sending_it(cast: Cast, number: int) -> Sending:
    stage_one(cast, at=timezone.now())  # so that references are counted already
    asked = to_the_check(Chair(cast, "Grace"), onto="earlier" if number else "check")
    if number:
        asked.says("earlier", "check", linked="none")
    return Sending(cast.person("Grace"), asked.address("check"), {})


@scene("raise-informal")
def recording(cast: Cast, number: int) -> Sending:
    stage_one(cast, at=timezone.now())  # so that references are counted already
    grace = Chair(cast, "Grace")
    # About the same child and reason it would first be asked whether they belong together.
    said = {**informally(grace, "Maya", "Jude"), "grounds": [("REPORT-LATE", "VISITS-RECORD")[number]]}
    return Sending(grace.person, grace.begins_informal("Alder"), said)


@scene("raise-carry-on")
def carrying_on(cast: Cast, _: int) -> Sending:
    grace = Chair(cast, "Grace")
    address = grace.begins_informal("Alder")
    grace.client.post(address, informally(grace, "Maya") | {"risk": "yes"})
    draft = int(address.rsplit("/", 1)[1])
    return Sending(grace.person, reverse("raise-carry-on", args=[draft]), {"carry_on": "formal"})


def moved(cast: Cast) -> tuple[Person, Resolution, dict[str, object]]:
    grace = Chair(cast, "Grace")
    r = raised(cast, "Ella", "Sam", "Poppy", "Finn", stage="stage-1")
    said: dict[str, object] = {"seen": str(r.last_seq), "different": LONG, "ask": LONG, "risk": "no", "to": "stage-2"}
    said |= {f"impact_{grace.id(child)}": LONG for child in ("Ella", "Sam", "Poppy", "Finn")}
    return grace.person, r, said


@scene("next-stage")
def moving(cast: Cast, _: int) -> Sending:
    person, r, said = moved(cast)
    return Sending(person, at(r, "next-stage"), said)


@scene("next-stage-check")
def moving_on(cast: Cast, _: int) -> Sending:
    person, r, said = moved(cast)
    client = signed_in(person)
    client.post(at(r, "next-stage"), said)
    page = client.get(at(r, "next-stage/check")).text
    number = page.partition('name="draft" value="')[2].partition('"')[0]
    return Sending(person, at(r, "next-stage/check"), {"draft": number})


# Who may see ----------------------------------------------------------------------------------------------------------


def child_at(cast: Cast, child: str, page: str) -> str:
    return f"/children/{cast.child(child).public_id}/{page}"


@scene("child-guard-act")
def restricting(cast: Cast, number: int) -> Sending:
    child = ("Maya", "Jude")[number]
    return Sending(cast.person("Grace"), child_at(cast, child, "who-may-see/restrict"), {"reason": LONG})


@scene("child-unname")
def unnaming(cast: Cast, number: int) -> Sending:
    child = cast.child(("Maya", "Jude")[number])
    listing = name(child, cast.person("Callum"), LONG, today() + timedelta(days=9), cast.person("Judith"))
    assert isinstance(listing, Listing)
    return Sending(cast.person("Grace"), f"/children/{child.public_id}/who-may-see/names/{listing.pk}/end", {})


@scene("child-readmit")
def readmitting(cast: Cast, number: int) -> Sending:
    child = cast.child(("Maya", "Jude")[number])
    exclude(child, cast.person("Callum"), LONG, cast.person("Judith"))
    kept = Exclusion.objects.get(child=child)
    return Sending(cast.person("Grace"), f"/children/{child.public_id}/who-may-see/kept-out/{kept.pk}/end", {})


@scene("restricted-act")
def guarding(cast: Cast, number: int) -> Sending:
    child = cast.child(("Maya", "Jude")[number])
    restrict(child, cast.person("Grace"), LONG)
    return Sending(cast.person("Judith"), f"/guarding/restricted/{child.public_id}/ask-to-lift", {})


@scene("restricted-unname")
def unnaming_there(cast: Cast, number: int) -> Sending:
    child = cast.child(("Maya", "Jude")[number])
    restrict(child, cast.person("Grace"), LONG)
    listing = name(child, cast.person("Callum"), LONG, today() + timedelta(days=9), cast.person("Grace"))
    path = f"/guarding/restricted/{child.public_id}/names/{listing.pk}/end"
    return Sending(cast.person("Judith"), path, {})


@scene("restricted-readmit")
def readmitting_there(cast: Cast, number: int) -> Sending:
    child = cast.child(("Maya", "Jude")[number])
    restrict(child, cast.person("Grace"), LONG)
    exclude(child, cast.person("Callum"), LONG, cast.person("Grace"))
    kept = Exclusion.objects.get(child=child)
    return Sending(cast.person("Judith"), f"/guarding/restricted/{child.public_id}/kept-out/{kept.pk}/end", {})


def none_is_open() -> None:
    """Only one may be open at a time, so the one before is long over."""
    now = timezone.now()
    Opening.objects.filter(until__gt=now).update(until=now)  # as it is ended: nothing else of it may change


@scene("glass")
def breaking_the_glass(cast: Cast, number: int) -> Sending:
    none_is_open()
    said = {"by": "number", "number": str(cast.child("Maya").external_id)}
    return Sending(cast.person("Marcus"), "/search/emergency", said | {"purpose": "immediate-risk", "reason": LONG})


def opened(cast: Cast) -> Opening:
    none_is_open()
    sought = Sought(number=str(cast.child("Maya").external_id))
    made = open_found(sought, cast.person("Marcus"), "immediate-risk", LONG, timezone.now())
    assert made is not None
    return made


@scene("glass-end")
def shutting_it(cast: Cast, number: int) -> Sending:
    opened(cast)
    return Sending(cast.person("Marcus"), "/search/emergency/end", {})


@scene("opening")
def reviewing(cast: Cast, number: int) -> Sending:
    made = opened(cast)
    return Sending(cast.person("Judith"), f"/guarding/openings/{made.pk}", {"finding": "justified", "remark": ""})


# People ---------------------------------------------------------------------------------------------------------------


@scene("appoint")
def appointing(cast: Cast, number: int) -> Sending:
    post = cast.post("team-manager", ("North", "South")[number])
    Holding.objects.filter(post=post).update(ends=today() - timedelta(days=1))
    said = {"person": str(cast.person("Dev").pk), "as": "holder", "why": LONG, **on("starts", today())}
    return Sending(cast.person("Judith"), f"/people/posts/{post.pk}/appoint", said)


def cover(cast: Cast, number: int) -> dict[str, str]:
    first = today() + timedelta(days=30 * number)
    return {**on("starts", first), **on("ends", first + timedelta(days=2)), "covering": str(cast.person("Callum").pk)}


@scene("person-cover")
def covering(cast: Cast, number: int) -> Sending:
    said = {**cover(cast, number), "why": LONG}
    return Sending(cast.person("Jo Talbot"), f"/people/{cast.person('Priya').pk}/cover", said)


@scene("settle-grant")
def seconding(cast: Cast, number: int) -> Sending:
    """Asked by one who keeps the people, settled by another."""
    asked = covering(cast, number)
    signed_in(asked.who).post(asked.path, dict(asked.said))
    grant = Grant.objects.order_by("-pk")[0]
    return Sending(cast.person("Judith"), f"/people/waiting/{grant.pk}", {"do": "confirm"})


@scene("own-cover")
def own_cover(cast: Cast, number: int) -> Sending:
    return Sending(cast.person("Priya"), "/account/cover", cover(cast, number))


def covered(cast: Cast, number: int) -> Cover:
    first, priya = today() + timedelta(days=30 * number), cast.person("Priya")
    return Cover.objects.create(
        authority=cast.authority, away=priya, covering=cast.person("Callum"), starts=first, ends=first
    )


@scene("person-cover-end")
def ending_cover(cast: Cast, number: int) -> Sending:
    made = covered(cast, number)
    return Sending(cast.person("Jo Talbot"), f"/people/{cast.person('Priya').pk}/cover/{made.pk}/end", {})


@scene("own-cover-end")
def ending_own_cover(cast: Cast, number: int) -> Sending:
    return Sending(cast.person("Priya"), f"/account/cover/{covered(cast, number).pk}/end", {})


@scene("person-leaves")
def leaving(cast: Cast, number: int) -> Sending:
    person, jo = cast.person(("Priya", "Owen")[number]), cast.person("Jo Talbot")
    boxes = re.findall(r'name="(post-\d+)"', signed_in(jo).get(f"/people/{person.pk}/leaves").text)
    said = {**on("on", today() - timedelta(days=1)), "closes": "after", **dict.fromkeys(boxes, "nobody")}
    return Sending(cast.person("Jo Talbot"), f"/people/{person.pk}/leaves", said)


@scene("person-stays")
def staying(cast: Cast, number: int) -> Sending:
    asked = leaving(cast, number)
    signed_in(asked.who).post(asked.path, {**asked.said, **on("on", today() + timedelta(days=9))})
    return Sending(asked.who, asked.path.replace("leaves", "stays"), {"why": LONG})


@scene("add-person")
def adding(cast: Cast, number: int) -> Sending:
    agency = cast.person("Grace").agency
    assert agency is not None
    said = {"name": "Ines Farrow", "email": f"ines.{number}@westmarch.example", "phone": "", "agency": str(agency.pk),
            "how": "invite"}  # fmt: skip
    return Sending(cast.person("Jo Talbot"), "/people/add", said)


@scene("invite-person")
def inviting(cast: Cast, number: int) -> Sending:
    person = cast.person(("Dev", "Owen")[number])
    person.set_unusable_password()
    person.save()
    return Sending(cast.person("Jo Talbot"), f"/people/{person.pk}/invite", {})


@scene("not-signed-in")
def inviting_many(cast: Cast, number: int) -> Sending:
    person = cast.person(("Dev", "Owen")[number])
    person.set_unusable_password()
    person.save()
    return Sending(cast.person("Jo Talbot"), "/people/not-signed-in", {"people": [str(person.pk)]})


@scene("open-account")
def opening_an_account(cast: Cast, number: int) -> Sending:
    person = cast.person(("Dev", "Owen")[number])
    Person.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(days=61))
    return Sending(cast.person("Jo Talbot"), f"/people/{person.pk}/open", {})


@scene("lost-factor")
def lost(cast: Cast, number: int) -> Sending:
    person = cast.person(("Dev", "Owen")[number])
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(person, generate_totp_secret())
    return Sending(cast.person("Jo Talbot"), f"/people/{person.pk}/second-factor", {"do": "ask"})


# Bringing in ----------------------------------------------------------------------------------------------------------


@scene("import-check")
def applying(cast: Cast, number: int) -> Sending:
    jo = cast.person("Jo Talbot")
    answer = signed_in(jo).post("/import", of_a_file(list_7({"child_id": f"7000{number}"}), today()))
    return Sending(jo, answer.headers["Location"], {})


@scene("import-undo")
def undoing(cast: Cast, number: int) -> Sending:
    asked = applying(cast, number)
    answer = signed_in(asked.who).post(asked.path, dict(asked.said))
    return Sending(asked.who, f"{answer.headers['Location']}/undo", {})


# One's own ------------------------------------------------------------------------------------------------------------


@scene("clear-kept-text")
def clearing(cast: Cast, number: int) -> Sending:
    grace = cast.person("Grace")
    row = keep(Where(grace.pk, f"/resolutions/R-{number}/note", "note", "earlier"), {"text": [LONG]})
    return Sending(grace, f"/typed/{row}/clear", {})


@scene("clear-kept-draft")
def discarding(cast: Cast, number: int) -> Sending:
    priya, r = cast.person("Priya"), stage_one(cast, at=timezone.now()).resolution
    row = save_draft(priya, "respond", {"text": LONG}, authority=cast.authority, case=r)
    return Sending(priya, f"/drafts/{row.pk}/clear", {})


@scene("end-other-sessions")
def ending_sessions(cast: Cast, number: int) -> Sending:
    signed_in(cast.person("Grace"))  # the other one
    return Sending(cast.person("Grace"), "/account/sessions/others/end", {})


@scene("end-session")
def ending_a_session(cast: Cast, number: int) -> Sending:
    grace = cast.person("Grace")
    key = signed_in(grace).cookies[settings.SESSION_COOKIE_NAME].value
    assert Session.objects.filter(pk=key).exists()
    from undrift.desks.account.own_sessions import _name  # what a session is called on the page

    return Sending(grace, f"/account/sessions/{_name(key)}/end", {})


# Allocation -----------------------------------------------------------------------------------------------------------


def allocation(cast: Cast, child: str, day: date) -> Sending:
    query = f"c={cast.child(child).public_id}&part=chair&to={cast.person('Imran').pk}&day={day}"
    return Sending(cast.person("Judith"), f"/allocation/check?{query}", {"why": LONG})


@scene("allocation-check")
def allocating(cast: Cast, number: int) -> Sending:
    return allocation(cast, ("Maya", "Kai")[number], today())


@scene("allocation-end")
def taking_back_an_allocation(cast: Cast, number: int) -> Sending:
    asked = allocation(cast, "Kai", today() + timedelta(days=9))
    signed_in(asked.who).post(asked.path, dict(asked.said))
    planned = Allocation.objects.latest("pk")
    path = f"/allocation/children/{cast.child('Kai').public_id}/ahead/{planned.pk}/end"
    return Sending(cast.person("Jo Talbot"), path, {})


@scene("allocation-family")
def putting_together(cast: Cast, number: int) -> Sending:
    child, sibling = cast.child(("Kai", "Noor")[number]), cast.child("Tyler")
    said = {"where": "join", "number": sibling.external_id, "why": LONG}
    return Sending(cast.person("Pauline"), f"/allocation/children/{child.public_id}/family", said)


# A plan cycle ---------------------------------------------------------------------------------------------------------


def of_cycle(page: str, said: Callable[[Child], Said], *acts_before: Callable[[], cycle_acts.Act]) -> Scene:
    """Sent by the chair of a child's cycle, in which these acts were done before. `{child}` in a box is the child."""

    def made(cast: Cast, number: int) -> Sending:
        child, grace = cast.child(("Kai", "Tyler")[number]), cast.person("Grace")
        for act in acts_before:
            child_ids = {"{child}": str(child.pk)}
            open_one = open_cycle([child.pk])
            in_it = {"case": open_one} if open_one is not None else {"context": context_for([child], timezone.now())}
            do_in_cycle(_of(act(), child_ids), by=grace, **in_it)
        return Sending(grace, f"/children/{child.public_id}/cycle/{page}", said(child))

    return made


def _of(act: cycle_acts.Act, ids: Mapping[str, str]) -> cycle_acts.Act:
    """The act with the child in the place of `{child}`."""
    match act:
        case cycle_acts.HoldConference():
            return replace(act, decisions={ids.get(child, child): each for child, each in act.decisions.items()})
        case cycle_acts.WriteOutline() | cycle_acts.FinishCheck():
            return replace(act, child=ids["{child}"])
        case cycle_acts.SetKeyAction() | cycle_acts.NotAccept():
            return replace(act, children=tuple(ids.get(child, child) for child in act.children))
    return act


def held_of(child: Child) -> Said:
    rows = {"dissents-TOTAL_FORMS": "1", "dissents-INITIAL_FORMS": "0"}
    return {**on("on", today()), "quorate": "yes", f"decisions-{child.pk}": "plan", "came": "Sam", **rows}


def fixed() -> cycle_acts.Act:
    return cycle_acts.FixConference("review", today())


def was_held(on_plan: bool = True) -> cycle_acts.Act:
    return cycle_acts.HoldConference("c1", today(), {"{child}": cycle_acts.Decision(on_plan)})


def ends_the_plan() -> cycle_acts.Act:
    return was_held(on_plan=False)


def key_action() -> cycle_acts.Act:
    return cycle_acts.SetKeyAction("c1", ("{child}",), LONG, next_weekday(9), "Hannah Quill")


def outlined() -> cycle_acts.Act:
    return cycle_acts.WriteOutline("c1", "{child}", (LONG,) * 8)


def cancelled() -> cycle_acts.Act:
    return cycle_acts.CancelConference("c1", LONG)


OUTLINE = {f"parts-{number}": LONG for number in range(1, 9)}


def joining(cast: Cast, number: int) -> Sending:
    """A sister who is on no plan, in a family whose cycle has begun."""
    maya, sister, grace = cast.child("Maya"), cast.child(("Noor", "Jude")[number]), cast.person("Grace")
    for either in ("Noor", "Jude"):
        cast.child(either).plans.update(ends=today() - timedelta(days=9))
    if open_cycle([maya.pk]) is None:
        do_in_cycle(fixed(), by=grace, context=context_for([maya], timezone.now()))
    return Sending(grace, f"/children/{maya.public_id}/cycle/join", {"child": sister.pk, "why": LONG})


def checked(_: Child) -> Said:
    return {
        **on("on", today()), "experience": LONG, "view": "on-course", "next_step": "none",
        "actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0",
    }  # fmt: skip


def beginning(cast: Cast, number: int) -> Sending:
    """Of a child whose plan is over: a strategy discussion asks for a conference."""
    child = cast.child(("Kai", "Tyler")[number])
    child.plans.update(ends=today() - timedelta(days=9))
    return Sending(
        cast.person("Grace"), f"/children/{child.public_id}/cycle/strategy-discussion", dict(on("on", today()))
    )


def asked_of_an_agency(north: Cast) -> Sending:
    """How a key action stands, by somebody in another council's agency who was asked."""
    aisha, chair, elias = north.child("Aisha"), north.person("Rosalind Amery"), north.person("Elias Thornby")
    key = str(aisha.pk)
    held = cycle_acts.HoldConference("", today(), {key: cycle_acts.Decision(True)}, kind="review")
    case = do_in_cycle(held, by=chair, context=context_for([aisha], timezone.now())).case
    asks = cycle_acts.SetKeyAction("c1", (key,), LONG, next_weekday(9), elias.name, str(elias.pk))
    do_in_cycle(asks, case=case, by=chair)
    said = {"done": "no", "text": LONG, **on("on", today())}
    return Sending(elias, f"/key-actions/{case.reference}/k1", said)


SCENES |= {
    "cycle-begin": beginning,
    "cycle-fix": of_cycle("fix", lambda _: {"kind": "review", **on("on", today())}),
    "cycle-held-unfixed": of_cycle("held", lambda child: {"kind": "review", **held_of(child)}),
    "cycle-held": of_cycle("c1/held", held_of, fixed),
    "cycle-change": of_cycle("c1/change", lambda _: {"what": "postpone", "why": LONG}, fixed),
    "cycle-outline": of_cycle("c1/outline", lambda _: OUTLINE, fixed, was_held),
    "cycle-sent": of_cycle(
        "c1/sent", lambda _: {**on("on", today()), "to": "Sam Alder"}, fixed, was_held,
        outlined,
    ),
    "cycle-discussion": of_cycle(
        "c1/discussion", lambda _: {**on("on", today()), "notes": LONG, "outcome": "ready"}, fixed
    ),
    "cycle-report": of_cycle(
        "c1/report", lambda _: {**on("on", today()), "whose": "other", "other": "Health"}, fixed
    ),
    "cycle-key-action": of_cycle(
        "c1/key-action",
        lambda _: {"wording": LONG, "who": OUTSIDE, "outside": "Sam Alder", **on("by", next_weekday(9))},
        fixed, was_held,
    ),
    "cycle-core-group": of_cycle(
        "core-group", lambda _: {"held": "yes", **on("on", today()), "came": "Sam", "updated": "yes"}
    ),
    "cycle-not-accepted": of_cycle("not-accepted", lambda _: {"agency": "Health", "recommendation": LONG, "why": LONG}),
    "cycle-check": of_cycle("check", checked),
    "cycle-feedback": of_cycle(
        "actions/k1", lambda _: {"done": "no", "text": LONG, **on("on", today())}, fixed, was_held, key_action
    ),
    "cycle-note": of_cycle(
        "letters/new", lambda _: {"tier": "good", "text": LONG, "worker": "Hannah Quill", "quotable": "no"}
    ),
    "cycle-route": of_cycle(
        "routes/new",
        lambda _: {"route": "share-with-head-of-safeguarding", "party": "professional", "who": "Sam Alder",
                   "text": LONG, **on("on", today())},
    ),
    "cycle-event": of_cycle("event", lambda _: {**on("on", today()), "what": LONG}),
    "cycle-plan-ends": of_cycle("plan-ends", lambda _: {**on("on", today()), "ending": "moved"}, fixed, was_held),
    "cycle-correct": of_cycle("entries/2/correct", lambda _: {"why": LONG}, fixed),
    "cycle-end": of_cycle("end", lambda _: {"why": LONG}, fixed, ends_the_plan),
    "cycle-join": joining,
    "cycle-decline": of_cycle(
        "offers/cancelled:c1/decline", lambda _: {"why": LONG}, fixed, cancelled
    ),
}  # fmt: skip


@scene("good-practice-words")
def publishing(cast: Cast, number: int) -> Sending:
    """A sentence of a letter that may be quoted."""
    child, grace = cast.child(("Kai", "Tyler")[number]), cast.person("Grace")
    found = open_cycle([child.pk])
    in_it = {"case": found} if found is not None else {"context": context_for([child], timezone.now())}
    note = cycle_acts.WriteNote(str(child.pk), "exemplary", LONG, "Hannah Quill", True)
    case = do_in_cycle(note, by=grace, **in_it).case
    key, period = f"{case.pk}-{case.last_seq}", periods(today())[number * 9]
    path = f"/good-practice/words?period={period.key}&n{key}=0"
    return Sending(cast.person("Marcus"), path, {f"text-{key}-0": LONG, f"sure-{key}-0": "on", "over": ""})


# What is said of a child ----------------------------------------------------------------------------------------------


def said_of(cast: Cast, child: str, page: str, said: Said) -> Sending:
    path = f"/allocation/children/{cast.child(child).public_id}/{page}"
    return Sending(cast.person("Pauline"), path, {"why": LONG} | dict(said))


@scene("child-new")
def a_child_begins(cast: Cast, number: int) -> Sending:
    said = {"number": f"9{number}", "last_name": "Teal", "stands": "born", **on("born", today()), "family": "own"}
    return Sending(cast.person("Pauline"), "/allocation/new", said)


@scene("child-born")
def a_birth(cast: Cast, number: int) -> Sending:
    expected = Child.objects.filter(pk=cast.child(("Kai", "Noor")[number]).pk)
    expected.update(date_of_birth=None, expected_birth=today())
    return said_of(cast, ("Kai", "Noor")[number], "born", on("on", today()))


@scene("plan-ends")
def a_plan_ends(cast: Cast, number: int) -> Sending:
    return said_of(cast, ("Kai", "Noor")[number], "plan/end", on("on", today()))


@scene("plan-begins")
def a_plan_begins(cast: Cast, number: int) -> Sending:
    child = ("Kai", "Noor")[number]
    cast.plan(child).child.plans.update(ends=today() - timedelta(days=9))
    return said_of(cast, child, "plan", {**on("on", today()), "category": "NEG"})


@scene("plan-category")
def another_category(cast: Cast, number: int) -> Sending:
    return said_of(cast, ("Kai", "Noor")[number], "plan/category", {"category": "SAB"})


@scene("child-moves")
def a_move(cast: Cast, number: int) -> Sending:
    return said_of(cast, ("Kai", "Noor")[number], "moves", {**on("on", today()), "to": f"Northmoor {number}"})


@scene("child-died")
def a_death(cast: Cast, number: int) -> Sending:
    return said_of(cast, ("Kai", "Noor")[number], "died", on("on", today()))


@scene("child-looked-after")
def looked_after(cast: Cast, number: int) -> Sending:
    return said_of(
        cast, ("Kai", "Noor")[number], "looked-after", {**on("on", today()), "iro_name": f"Ms Vane {number}"}
    )


@scene("child-looked-after-ends")
def looked_after_no_longer(cast: Cast, number: int) -> Sending:
    asked = looked_after(cast, number)
    signed_in(asked.who).post(asked.path, dict(asked.said))
    return said_of(cast, ("Kai", "Noor")[number], "looked-after/end", on("on", today()))


@scene("child-same")
def two_records(cast: Cast, number: int) -> Sending:
    other = cast.child(("Tyler", "Ella")[number]).external_id
    said = {"number": other, "answer": "one", "goes_on": "this", "why": LONG}
    return said_of(cast, ("Kai", "Noor")[number], "same", said)


@scene("child-same-end")
def two_records_part(cast: Cast, number: int) -> Sending:
    asked = two_records(cast, number)
    signed_in(asked.who).post(asked.path, dict(asked.said))
    return Sending(cast.person("Jo Talbot"), f"{asked.path}/{SameChild.objects.latest('pk').pk}/end", {"why": LONG})


@scene("child-right")
def putting_right(cast: Cast, number: int) -> Sending:
    return said_of(cast, ("Kai", "Noor")[number], "right/last_name", {"value": f"Teal {number}"})


@scene("second-family-end")
def a_second_family_ends(cast: Cast, number: int) -> Sending:
    child = cast.child(("Kai", "Noor")[number])
    path = f"/allocation/children/{child.public_id}/family"
    said = {"where": "also", "number": cast.child("Tyler").external_id, "why": ""}
    signed_in(cast.person("Pauline")).post(path, said)
    return Sending(cast.person("Pauline"), f"{path}/{AlsoInFamily.objects.latest('pk').pk}/end", {"why": LONG})


@scene("core-group-member")
def adding_a_member(cast: Cast, number: int) -> Sending:
    said = {"how": "name", "name": f"Ms Vane {number}", "role": "Health visitor", **on("starts", today())}
    return Sending(cast.person("Pauline"), f"/allocation/children/{cast.child('Kai').public_id}/core-group", said)


@scene("core-group-end")
def ending_a_member(cast: Cast, number: int) -> Sending:
    asked = adding_a_member(cast, number)
    signed_in(asked.who).post(asked.path, dict(asked.said))
    path = f"{asked.path}/{CoreGroupMember.objects.latest('pk').pk}/end"
    return Sending(cast.person("Jo Talbot"), path, {**on("last_day", today()), "why": LONG})
