"""What every address opens, and which action of the access matrix it takes. An address that is not here is refused.

`of` says what an address leads to; the page itself fetches that through `access`, which asks for the tie. Here it is
asked whether the reader's work knows the action at all; who is turned away learns no more than of an absent page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from undrift.access.fetching import turned_away
from undrift.access.matrix import Action, matrix
from undrift.access.scope import roles_in
from undrift.desks.frame.signed import page_of
from undrift.people import clock
from undrift.people.models import Person
from undrift.people.seats import seat_of


class Of(StrEnum):
    """What an address leads to."""

    ANYONE = "anyone"  # nothing of anybody's: open before signing in
    OWN = "own"  # the reader's own account, lists and drafts
    CHILD = "child"
    FAMILY = "family"
    RESOLUTION = "resolution"
    DRAFT = "draft"
    COUNCIL = "council"  # the reader's council's organisation or log


# A try at one of these leaves a trace, whatever comes of it.
RECORDS = (Of.CHILD, Of.FAMILY, Of.RESOLUTION)


@dataclass(frozen=True)
class Rule:
    """`action` None: whoever is signed in may open it."""

    of: Of
    action: Action | None = None


def _all(rule: Rule, *names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, rule)


RULES: Mapping[str, Rule] = {
    **_all(
        Rule(Of.ANYONE),
        *("health", "urgent", "help", "words", "policy", "council-policy", "components", "accessibility", "privacy"),
        *(
            "sign-in",
            "account_login",
            "mfa_authenticate",
            "sign-in-with-passkey",
            "openid_connect_login",
            "openid_connect_callback",
        ),
        *("sign-on-failed", "socialaccount_login_cancelled", "not-known-here", "account-closed"),
        *("sign-out", "signed-out", "session-ended", "session-left", "demo"),
        *("forgotten", "forgotten-sent", "first-password", "new-password"),
    ),
    **_all(
        Rule(Of.OWN),
        # Lists hold what the reader may see: for some nothing, and the page says so.
        *("home", "resolutions", "resolutions-csv", "search", "children", "children-csv", "conferences"),
        *("need-to-know", "good-practice", "good-practice-report", "stage-log", "reports", "key-action"),
        *("keep-text", "kept-text", "clear-kept-text", "kept-draft", "clear-kept-draft"),
        *("own-cover", "own-cover-end", "session-stay", "session-end"),
        *("second-factor", "add-app", "add-passkey", "new-codes", "remove-factor", "prove"),
        *("change-password", "own-sessions", "end-session", "end-other-sessions"),
    ),
    **_all(Rule(Of.CHILD, Action.CHILD), "child", "child-resolutions", "child-history", "child-facts"),
    **_all(Rule(Of.CHILD, Action.CHILD), "child-cycle", "cycle-sheet", "cycle-letter"),
    **_all(
        Rule(Of.CHILD, Action.PLAN),
        *(
            "cycle-begin",
            "cycle-fix",
            "cycle-held-unfixed",
            "cycle-held",
            "cycle-change",
            "cycle-outline",
            "cycle-sent",
        ),
        *("cycle-discussion", "cycle-report", "cycle-key-action", "cycle-core-group", "cycle-not-accepted"),
        *("cycle-check", "cycle-feedback", "cycle-note", "cycle-route", "cycle-decide", "cycle-decline"),
        *("cycle-event", "cycle-join", "cycle-plan-ends", "cycle-end", "cycle-correct"),
    ),
    **_all(Rule(Of.FAMILY, Action.CHILD), "family"),
    **_all(Rule(Of.CHILD, Action.RAISE), "raise-choice"),
    **_all(
        Rule(Of.DRAFT, Action.RAISE),
        *("raise-informal", "raise-check", "raise-pause", "raise-act-first", "raise-not-yet-safe"),
        *("raise-carry-on", "raise-question"),
    ),
    **_all(Rule(Of.RESOLUTION, Action.RAISE), "raise-sent", "next-stage", "next-stage-pause", "next-stage-check"),
    **_all(Rule(Of.RESOLUTION, Action.READ), "resolution", "schedule"),
    **_all(Rule(Of.RESOLUTION, Action.ADD), "note", "correct", "spoke", "route", "record-urgent", "rung"),
    **_all(Rule(Of.RESOLUTION, Action.ANSWER), "respond", "not-mine"),
    **_all(Rule(Of.RESOLUTION, Action.APPROVE), "approve"),
    **_all(
        Rule(Of.RESOLUTION, Action.DECIDE),
        *("decide", "more-time", "hand-over", "hand-on-chair", "resolve", "close", "withdraw", "share", "ask-again"),
        *("carry-on", "end-for-child", "reopen-child"),
    ),
    **_all(Rule(Of.RESOLUTION, Action.TRACK), "action", "new-action"),
    **_all(Rule(Of.RESOLUTION, Action.COPY), "copy-text", "file"),
    **_all(Rule(Of.CHILD, Action.LOG), "child-looks"),
    **_all(Rule(Of.CHILD, Action.GUARD), "child-guard", "child-guard-act", "child-unname", "child-readmit"),
    **_all(
        Rule(Of.COUNCIL, Action.GUARD),
        *("openings", "opening", "restricted"),
        *("restricted-child", "restricted-act", "restricted-unname", "restricted-readmit"),
    ),
    **_all(Rule(Of.COUNCIL, Action.REPORT), "good-practice-choose", "good-practice-words"),
    **_all(Rule(Of.COUNCIL, Action.AUDIT), "audit", "audit-export"),
    **_all(Rule(Of.COUNCIL, Action.GLASS), "glass", "glass-end"),
    **_all(
        Rule(Of.COUNCIL, Action.KEEP),
        *("people", "people-gaps", "appoint", "person", "person-cover", "person-cover-end"),
        *("person-leaves", "person-stays"),
        *("add-person", "not-signed-in", "invite-person", "open-account", "lost-factor"),
        *("people-waiting", "settle-grant"),
    ),
    **_all(Rule(Of.COUNCIL, Action.BRING), "import", "import-check", "import-run", "import-undo"),
    **_all(
        Rule(Of.COUNCIL, Action.BRING),
        *("allocation", "allocation-csv", "allocation-give", "allocation-check", "allocation-child", "allocation-end"),
        *("allocation-family", "second-family-end", "core-group-member", "core-group-end"),
        *("child-new", "child-born", "plan-begins", "plan-ends", "plan-category", "child-moves", "child-died"),
        *("child-looked-after", "child-looked-after-ends"),
        *("child-right", "same-children", "child-same", "child-same-end"),
    ),
}


# What a council's pages say to those whose work does not know them.
GUARDED = "Safeguarding and Review, and information governance, keep this. Ask one of them."
REFUSALS: Mapping[Action, str] = {
    Action.KEEP: "Administrators and Safeguarding and Review keep this. Ask one of them.",
    Action.BRING: "Administrators, business support and Safeguarding and Review bring children in. Ask one of them.",
    Action.GUARD: GUARDED,
    Action.AUDIT: GUARDED,
    Action.REPORT: "Safeguarding and Review, and the Principal IRO, publish this. Ask one of them.",
    Action.GLASS: "Only the emergency duty team and Safeguarding and Review open a record in an emergency."
    " If a child is at risk, ring one of them.",
}


class RuleFirst:
    """No page whose address has no rule, and none whose action the reader's work does not know."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = RULES.get(match.url_name or "") if match is not None else None
        if rule is None:
            raise Http404
        if rule.action is not None and not (request.user.is_authenticated and knows(request.user, rule.action)):
            if rule.of is Of.COUNCIL:  # that a council has people is no secret
                raise PermissionDenied(REFUSALS[rule.action])
            if rule.of in RECORDS and request.user.is_authenticated:
                turned_away(request.user, str(next(iter(kwargs.values()), "")), page=page_of(request))
            raise Http404
        return None


def knows(person: Person, action: Action) -> bool:
    """Whether any tie at all would open the action to this person. No query for whoever signed in."""
    roles = roles_in(seat_of(person, clock.today()))
    return bool(matrix().ties(roles, action))


def action_of(request: HttpRequest) -> Action:
    """The action by which this address fetches its record: a page has no other."""
    action = RULES[page_of(request)].action
    assert action is not None, f"The rule of {page_of(request)} names no action, so it leads to no record."
    return action


def is_known(person: Person, name: str) -> bool:
    """Whether a link to the address of that name is worth offering: its rule would not turn this person away."""
    action = RULES[name].action
    return action is None or knows(person, action)


def undeclared() -> list[str]:
    """What is wrong between the addresses and their rules, a sentence each; an empty list where all agree."""
    named = list(_addresses(get_resolver().url_patterns))
    wrong = [f"The address {route} has no rule: add its name to RULES in undrift/desks/frame/addresses.py."
             for route, name, _ in named if name not in RULES]  # fmt: skip
    wrong += [f"The address {route} is open to anybody by its view, and not by its rule, or the other way round."
              for route, name, view in named
              if name in RULES and (RULES[name].of is Of.ANYONE) == getattr(view, "login_required", True)]  # fmt: skip
    names = {name for _, name, _ in named}
    return wrong + [f"There is a rule for {name}, and no such address." for name in RULES if name not in names]


def _addresses(patterns: Sequence[Any], before: str = "/") -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or "", pattern.callback
