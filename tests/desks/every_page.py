"""How every address is opened that shows a page: by whom, and from which state, reached by acts.

An address that takes a form is opened as `tests/desks/typed/sendings.py` reaches it. What shows no page is named with
the reason, so that an address of tomorrow stands in one of the tables or fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import Cast, northmoor
from tests.desks.home import scene
from tests.desks.raising.chairs import Chair, next_weekday
from tests.desks.raising.test_formal import to_the_check, to_the_stage
from tests.desks.typed import sendings
from tests.desks.typed.sendings import SCENES, at, signed_in, today
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.reached import answered, judged, stage_one
from undrift.access.restricting import LONGEST_WHY, exclude, name, restrict
from undrift.children.models import Conference
from undrift.engine.plan_cycle import acts
from undrift.people.links import INVITATION, NEW_PASSWORD
from undrift.people.models import Person
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.periods import periods
from undrift.plan_cycle.queries import picture_of
from undrift.record.drafts import keep as save_draft
from undrift.record.models import GoodPracticeReport
from undrift.record.typed_texts import Where, keep
from undrift.record.who_plays import context_for

PASSWORD = "a long walk beside the canal"


@dataclass(frozen=True)
class Shown:
    """A page to look at, and the browser that may open it. `shows` is what stands on it once something is there."""

    client: Client
    path: str
    shows: str = ""


Opener = Callable[[Cast], Shown]

# Answers to a press, to a script or to a provider: there is nothing to look at.
NO_PAGE: Mapping[str, str] = {
    "health": "a word for whoever watches the service",
    "sign-in-with-passkey": "what a page's script asks for",
    "openid_connect_login": "leads to the provider",
    "openid_connect_callback": "the provider leads back",
    "sign-out": "a press, which leads to the page that one has signed out",
    "session-left": "what a page's script asks for",
    "session-stay": "what a page's script asks for",
    "session-end": "a press, which leads to signing in",
    "resolutions-csv": "a file",
    "children-csv": "a file",
    "allocation-csv": "a file",
    "audit-export": "a file",
    "keep-text": "what a page's script sends",
}
# Buttons on other pages: the address takes a press and leads back.
PRESSED = {
    "new-codes", "child-unname", "child-readmit", "restricted-unname", "restricted-readmit", "glass-end",
    "settle-grant", "person-cover-end", "own-cover-end", "invite-person", "open-account", "clear-kept-text",
    "clear-kept-draft", "end-other-sessions", "end-session", "allocation-end",
}  # fmt: skip


def nobody(path: str) -> Opener:
    return lambda _: Shown(Client(), path)


def by(who: str, path: str) -> Opener:
    """A page of one's own, or of a list; `{maya}` and the like stand for who is asked about."""

    def opened(cast: Cast) -> Shown:
        child, priya = cast.child("Maya"), cast.person("Priya")
        known = {
            "maya": child.public_id,
            "number": child.external_id,
            "priya": str(priya.pk),
            "council": cast.authority.code,
        }
        return Shown(signed_in(cast.person(who)), path.format(**known, family=cast.family("Alder").reference))

    return opened


def a_month_of_conferences(cast: Cast) -> Shown:
    """One of each, and two on one day."""
    grace, first = cast.person("Grace"), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    made_of: list[tuple[int, dict[str, Any]]] = [
        (0, {"held_on": first}), (7, {}), (7, {"kind": "initial", "chair": None}), (30, {"cancelled_at": first}),
    ]  # fmt: skip
    for number, (day, made) in enumerate(made_of):
        given = {"kind": "review", "chair": grace, "planned_for": first + timedelta(days=day)} | made
        family = cast.child("Maya").family
        Conference.objects.create(authority=cast.authority, family=family, reference=f"C-2026-9{number}", **given)
    return Shown(signed_in(grace), "/conferences?month=2026-12", shows="Nobody on file")


def a_report(path: str) -> Opener:
    """What was published is there to be read."""

    def opened(cast: Cast) -> Shown:
        asked = SCENES["good-practice-words"](cast, 0)
        signed_in(asked.who).post(asked.path, dict(asked.said))
        report = GoodPracticeReport.objects.latest("pk").pk
        return Shown(signed_in(cast.person("Grace")), path.format(report=report), "Marcus Penhale")

    return opened


def a_note_to_choose_from(cast: Cast) -> Shown:
    SCENES["good-practice-words"](cast, 0)
    return Shown(
        signed_in(cast.person("Marcus")),
        f"/good-practice/choose?period={periods(today())[0].key}",
        "Tick the sentences",
    )


OPENERS: dict[str, Opener] = {
    "conferences": a_month_of_conferences,
    **{
        page: nobody(path)
        for page, path in {
            "urgent": "/urgent",
            "help": "/help",
            "words": "/help/words",
            "policy": "/help/policy",
            "components": "/help/components",
            "accessibility": "/accessibility",
            "privacy": "/privacy",
            "sign-in": "/sign-in",
            "account_login": "/sign-in",
            "sign-on-failed": "/sign-in/failed",
            "socialaccount_login_cancelled": "/sign-in/failed",
            "not-known-here": "/sign-in/not-known",
            "account-closed": "/sign-in/closed",
            "signed-out": "/signed-out",
            "session-ended": "/session-ended",
            "demo": "/demo",
            "forgotten": "/forgotten-password",
            "forgotten-sent": "/forgotten-password/sent",
        }.items()
    },
    "council-policy": by("Grace", "/help/policy/{council}"),
    "children": by("Grace", "/children"),
    "need-to-know": by("Judith", "/guarding"),
    "reports": by("Grace", "/reports"),
    "good-practice": a_report("/good-practice"),
    "good-practice-report": a_report("/good-practice/{report}"),
    "good-practice-choose": a_note_to_choose_from,
    "second-factor": by("Grace", "/account/second-factor"),
    "add-app": by("Grace", "/account/second-factor/app"),
    "add-passkey": by("Grace", "/account/second-factor/passkey"),
    "own-sessions": by("Grace", "/account/sessions"),
    "family": by("Grace", "/families/{family}"),
    "people": by("Judith", "/people"),
    "people-gaps": by("Judith", "/people/gaps"),
    "person": by("Judith", "/people/{priya}"),
    "import": by("Jo Talbot", "/import"),
    "allocation": by("Judith", "/allocation"),
    "allocation-give": by("Judith", "/allocation/give?c={maya}"),
    "allocation-child": by("Judith", "/allocation/children/{maya}"),
}


def opener(*names: str) -> Callable[[Opener], Opener]:
    def noted(made: Opener) -> Opener:
        OPENERS.update(dict.fromkeys(names, made))
        return made

    return noted


def answered_one(cast: Cast) -> str:
    """The reference of what was raised, answered and judged, with every text in it."""
    r = stage_one(cast, at=timezone.now()).resolution
    answered(cast, r, timezone.now())
    judged(cast, r, timezone.now(), settled=False)
    return r.reference


def with_one(page: str, who: str = "Grace") -> Opener:
    """A page on which a concern that was answered stands."""

    def opened(cast: Cast) -> Shown:
        reference = answered_one(cast)
        return Shown(signed_in(cast.person(who)), page.format(reference=reference, maya=cast.child("Maya").public_id))

    return opened


OPENERS |= {
    "home": with_one("/"),
    "resolutions": with_one("/resolutions"),
    "resolution": with_one("/resolutions/{reference}"),
    "schedule": with_one("/resolutions/{reference}/schedule"),
    "raise-sent": with_one("/resolutions/{reference}/sent"),
    "copy-text": with_one("/resolutions/{reference}/copy/{maya}"),
    "child": with_one("/children/{maya}"),
    "child-resolutions": with_one("/children/{maya}/resolutions"),
    "child-history": with_one("/children/{maya}/history"),
}


@opener("stage-log")
def a_log(_: Cast) -> Shown:
    """Under a policy that keeps one."""
    cast = under_shipped_versions(northmoor())
    r = scene.starred(cast, timezone.now(), today() + timedelta(days=30))
    return Shown(signed_in(cast.person("Rosalind")), "/resolutions/logs/starred", r.reference)


@opener("search")
def searching(cast: Cast) -> Shown:
    answered_one(cast)
    client = signed_in(cast.person("Grace"))
    client.post("/search", {"q": cast.child("Maya").external_id})
    return Shown(client, "/search", "11 months")


def looked_at(page: str, shows: str) -> Opener:
    """A log in which somebody stands who has looked."""

    def opened(cast: Cast) -> Shown:
        reference, maya = answered_one(cast), cast.child("Maya").public_id
        for path in (f"/resolutions/{reference}", f"/children/{maya}"):
            signed_in(cast.person("Grace")).get(path)
        return Shown(signed_in(cast.person("Judith")), page.format(maya=maya), shows)

    return opened


OPENERS |= {
    "child-looks": looked_at("/children/{maya}/looks", "Chairs for the child"),
    "audit": looked_at("/guarding/audit", "Chairs for the child"),
}


@opener("child-facts")
def facts_that_changed(cast: Cast) -> Shown:
    asked = sendings.putting_right(cast, 0)
    signed_in(asked.who).post(asked.path, {**asked.said, "why": "Spelled as it was heard."})
    return Shown(signed_in(cast.person("Grace")), f"/children/{cast.child('Kai').public_id}/facts", "as it was heard")


@opener("same-children")
def alike(cast: Cast) -> Shown:
    for number in (0, 1):
        asked = sendings.a_child_begins(cast, number)
        signed_in(asked.who).post(asked.path, {**asked.said, "first_name": "Ada", "why": ""})
    return Shown(signed_in(cast.person("Pauline")), "/allocation/alike", "Look at them")


@opener("kept-text")
def kept_text(cast: Cast) -> Shown:
    grace = cast.person("Grace")
    row = keep(Where(grace.pk, "/resolutions/R-0/note", "note", "earlier"), {"text": [sendings.LONG]})
    return Shown(signed_in(grace), f"/typed/{row}")


@opener("kept-draft")
def kept_draft(cast: Cast) -> Shown:
    priya, r = cast.person("Priya"), stage_one(cast, at=timezone.now()).resolution
    row = save_draft(priya, "respond", {"text": sendings.LONG}, authority=cast.authority, case=r)
    return Shown(signed_in(priya), f"/drafts/{row.pk}")


# Signing in -----------------------------------------------------------------------------------------------------------


def with_app(cast: Cast) -> Person:
    grace = cast.person("Grace")
    grace.set_password(PASSWORD)
    grace.save()
    with context.request_context(RequestFactory().get("/")):
        TOTP.activate(grace, generate_totp_secret())
        RecoveryCodes.activate(grace)
    return grace


@opener("mfa_authenticate")
def asked_for_a_code(cast: Cast) -> Shown:
    client = Client()
    client.post("/sign-in", {"email": with_app(cast).email, "password": PASSWORD})
    return Shown(client, "/sign-in/code")


@opener("first-password")
def invited(cast: Cast) -> Shown:
    person = cast.person("Dev")
    person.set_unusable_password()
    person.save()
    return Shown(*led(INVITATION.parts_for(person), "/invitation/{uidb64}/{token}"))


@opener("new-password")
def forgotten(cast: Cast) -> Shown:
    return Shown(*led(NEW_PASSWORD.parts_for(with_app(cast)), "/new-password/{uidb64}/{token}"))


def led(parts: Mapping[str, str], link: str) -> tuple[Client, str]:
    """By the link of a letter to the page that it leads to."""
    client = Client()
    return client, client.get(link.format(**parts)).headers["Location"]


@opener("change-password")
def another_password(cast: Cast) -> Shown:
    return Shown(signed_in(with_app(cast)), "/account/password")


@opener("prove")
def proving(cast: Cast) -> Shown:
    return Shown(signed_in(with_app(cast)), "/account/prove?next=/account/password")


@opener("remove-factor")
def removing(cast: Cast) -> Shown:
    grace = with_app(cast)
    app = Authenticator.objects.get(user=grace, type=Authenticator.Type.TOTP)
    return Shown(signed_in(grace), f"/account/second-factor/{app.pk}/remove")


# On the way to a concern ----------------------------------------------------------------------------------------------


@opener("raise-act-first")
def acting_first(cast: Cast) -> Shown:
    grace = Chair(cast, "Grace")
    return Shown(grace.client, to_the_stage(grace, risk="yes").address("act-first"))


@opener("raise-pause")
def pausing(cast: Cast) -> Shown:
    grace = Chair(cast, "Grace")
    return Shown(grace.client, to_the_check(grace).address("pause"))


@opener("raise-not-yet-safe")
def not_safe_yet(cast: Cast) -> Shown:
    grace = Chair(cast, "Grace")
    return Shown(
        grace.client, to_the_stage(grace, risk="yes").address("act-first").replace("act-first", "not-yet-safe")
    )


@opener("next-stage-pause")
def pausing_on_the_way_up(cast: Cast) -> Shown:
    person, r, _ = sendings.moved(cast)
    return Shown(signed_in(person), at(r, "next-stage/pause"))


# Who may see ----------------------------------------------------------------------------------------------------------


@opener("child-guard")
def who_may_see(cast: Cast) -> Shown:
    shut(cast)
    return Shown(signed_in(cast.person("Grace")), f"/children/{cast.child('Maya').public_id}/who-may-see")


@opener("restricted")
def the_restricted(cast: Cast) -> Shown:
    shut(cast)
    return Shown(signed_in(cast.person("Judith")), "/guarding/restricted")


@opener("restricted-child")
def the_restricted_child(cast: Cast) -> Shown:
    shut(cast)
    return Shown(signed_in(cast.person("Judith")), f"/guarding/restricted/{cast.child('Maya').public_id}")


def shut(cast: Cast) -> None:
    """Restricted for a reason, with somebody named and somebody kept out."""
    maya, grace, why = cast.child("Maya"), cast.person("Grace"), sendings.LONG[:LONGEST_WHY]
    restrict(maya, grace, sendings.LONG)
    name(maya, cast.person("Dev"), why, next_weekday(9), grace)
    exclude(maya, cast.person("Callum"), why, grace)


@opener("openings")
def the_openings(cast: Cast) -> Shown:
    sendings.opened(cast)
    return Shown(signed_in(cast.person("Judith")), "/guarding/openings")


# People and files -----------------------------------------------------------------------------------------------------


@opener("people-waiting")
def what_waits(cast: Cast) -> Shown:
    asked = sendings.covering(cast, 0)
    signed_in(asked.who).post(asked.path, {**asked.said, "why": "They rang in."})
    return Shown(signed_in(cast.person("Judith")), "/people/waiting", "They rang in")


@opener("import-run")
def what_was_imported(cast: Cast) -> Shown:
    asked = sendings.applying(cast, 0)
    answer = signed_in(asked.who).post(asked.path, dict(asked.said))
    return Shown(signed_in(asked.who), answer.headers["Location"])


def deciding(_: Cast) -> Shown:
    """An appeal, which another council's policy has decided by somebody."""
    cast = under_shipped_versions(northmoor())
    aisha, now = cast.child("Aisha"), timezone.now()
    chair = cast.person("Rosalind Amery")
    held = acts.HoldConference("", today(), {str(aisha.pk): acts.Decision(True)}, kind="review")
    case = perform(held, context=context_for([aisha], now), by=chair).case
    perform(acts.TakeRoute("appeal", today(), sendings.LONG, "parent", sendings.LONG, "c1"), case=case, by=chair)
    decides = picture_of(aisha, chair, now).found["directorate-safeguarding-manager"].person
    assert decides is not None
    return Shown(signed_in(decides), f"/children/{aisha.public_id}/cycle/routes/r1")


def asked(_: Cast) -> Shown:
    """A key action, about which another council's policy asks somebody in an agency."""
    sent = sendings.asked_of_an_agency(under_shipped_versions(northmoor()))
    return Shown(signed_in(sent.who), sent.path)


def of_a_form(page: str) -> Opener:
    def opened(cast: Cast) -> Shown:
        sending = SCENES[page](cast, 0)
        return Shown(signed_in(sending.who), sending.path)

    return opened


def after(page: str, path: str) -> Opener:
    """A page of the plan cycle in which that form was sent; `{cycle}` is where it begins."""

    def opened(cast: Cast) -> Shown:
        asked = SCENES[page](cast, 0)
        signed_in(asked.who).post(asked.path, dict(asked.said))
        return Shown(signed_in(asked.who), path.format(cycle=asked.path[: asked.path.index("/cycle") + 6]))

    return opened


OPENERS |= {
    "child-cycle": after("cycle-key-action", "{cycle}"),
    "cycle-sheet": after("cycle-sent", "{cycle}/c1/sheet"),
    "cycle-letter": after("cycle-note", "{cycle}/letters/2"),
    "cycle-decide": deciding,
    "key-action": asked,
}


OPENERS |= {page: of_a_form(page) for page in SCENES.keys() - OPENERS.keys() - PRESSED}
