"""A plan cycle of three children in which every text that an act may carry is a token, of the children it is about."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, get_args, get_type_hints

from django.urls import URLPattern

from tests.canaries import tokens
from tests.cast import NOW, Cast
from undrift.desks.cycle.urls import urlpatterns
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.kinds import ACT_NAMES
from undrift.people.models import Person
from undrift.plan_cycle.actions import perform
from undrift.record.models import Case
from undrift.record.who_plays import context_for

DAY = timedelta(days=1)
LEADS_TO = re.compile(r"(?:/letters/|check(?::|%3A))(\d+)")
PARTS = (acts.Decision, acts.Dissent, acts.Fact)
CHOSEN = """
JoinChild.child FixConference.kind FixConference.children FixConference.reconvenes MoveConference.conference
PostponeConference.conference CancelConference.conference Decision.category Dissent.child HoldConference.kind
HoldConference.conference HoldConference.children ShareReport.conference HoldDiscussion.conference
HoldDiscussion.outcome HoldDiscussion.answers WriteOutline.conference WriteOutline.child SendSheet.conference
SetKeyAction.conference SetKeyAction.children SetKeyAction.person FeedBack.id HoldCoreGroup.children
MissCoreGroup.children NotAccept.children RecordEvent.child FinishCheck.child FinishCheck.view FinishCheck.next_step
FinishCheck.answers DoStep.milestone DoStep.conference DoStep.child WriteNote.child WriteNote.tier TakeRoute.route
TakeRoute.party TakeRoute.conference TakeRoute.children DecideRoute.id BeginConcern.offer BeginConcern.reference
DeclineOffer.offer EndPlan.child EndPlan.ending RecordEndTakenBack.child RecordLapse.duty Begin.children
"""
# Texts of acts that hold no token here.
WITHOUT: Mapping[str, str] = {
    **dict.fromkeys(CHOSEN.split(), "chosen, and not written"),
    "Decision.overruled": "only Lancashire's chair may; tests/walkthrough/test_pan_lancashire.py reads both children's",
    "DecideRoute.why": "Walsall decides on no route; Pan-Lancashire's goes through tests/walkthrough",
    "EndCycle.why": "of all the children",
    "RecordEndTakenBack.source": "who said so, in the service's own words",
}


def written() -> Iterator[str]:
    """Every text of an act that somebody writes, as "FinishCheck.notes"."""
    for kind in (*ACT_NAMES.values(), *PARTS):
        hints = get_type_hints(kind)
        for part in dataclasses.fields(kind):
            holds_text = hints[part.name] is str or str in get_args(hints[part.name]) or "str" in str(hints[part.name])
            label = f"{kind.__name__}.{part.name}"
            if holds_text and label not in WITHOUT and label != "HoldConference.decisions":
                yield label


@dataclass
class Written:
    """Each token with its field and the children whom it is about."""

    case: Case | None = None
    of: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    entry_of: dict[str, str] = field(default_factory=dict)  # of an entry of one child, by its number
    _rows: Iterator[int] = field(default_factory=lambda: count(1))

    def word(self, label: str, *children: str) -> str:
        number = next(self._rows)
        found = tokens.word(number, number)
        self.of[found] = label, frozenset(children)
        return found

    def foreign(self, text: str, child: str) -> set[str]:
        """The fields of what a page says that is about other children alone, and where it leads to what is theirs."""
        said = (self.of[token] for token in tokens.tokens_in(text) if token in self.of)
        leads_to = {number for number in LEADS_TO.findall(text) if self.entry_of.get(number, child) != child}
        return {label for label, about in said if child not in about} | {f"entry {number}" for number in leads_to}

    def shown(self, text: str) -> set[str]:
        return {self.of[token][0] for token in tokens.tokens_in(text) if token in self.of}


def lived(west: Cast) -> Written:
    """Both children have a part of their own in every act that may be about one; the third one joins."""
    said, grace, today = Written(), west.person("Grace"), NOW.date()
    maya, jude, noor = (str(west.child(name).pk) for name in ("Maya", "Jude", "Noor"))
    both, word = (maya, jude), said.word
    context = context_for([west.child("Maya"), west.child("Jude")], NOW)
    at = iter(NOW - timedelta(minutes=number) for number in range(120, 0, -1))

    def does(act: acts.Act, by: Person = grace) -> int:
        how: dict[str, Any] = {"case": said.case} if said.case is not None else {"context": context}
        done = perform(act, by=by, at=next(at), **how)
        said.case = done.case
        if isinstance(act, acts.FinishCheck | acts.WriteNote):
            said.entry_of[str(done.case.last_seq)] = act.child
        return int(done.case.last_seq)

    west.child("Noor").plans.update(ends=today - 9 * DAY)
    does(acts.FixConference("initial", today, both, place=word("FixConference.place", *both),
                            invited=(word("FixConference.invited", *both),)))  # fmt: skip
    does(acts.PostponeConference("c1", word("PostponeConference.why", *both)))
    does(acts.MoveConference("c1", today, word("MoveConference.why", *both)))
    does(acts.ShareReport("c1", today, word("ShareReport.whose", *both)))
    does(acts.HoldDiscussion("c1", today, "concern", {}, word("HoldDiscussion.how", *both),
                             word("HoldDiscussion.notes", *both)))  # fmt: skip
    does(acts.HoldConference(
        "c1", today, {child: acts.Decision(True, "NEG") for child in both}, False,
        came=(word("HoldConference.came", *both),), missing=(word("HoldConference.missing", *both),),
        dissents=tuple(acts.Dissent(word("Dissent.who", child), word("Dissent.why", child),
                                    word("Dissent.advice", child), child) for child in both),
    ))  # fmt: skip
    does(acts.SendSheet("c1", today, (word("SendSheet.to", *both),)))
    for child in both:
        does(acts.WriteOutline("c1", child, (word("WriteOutline.parts", child),)))
        does(acts.SetKeyAction("c1", (child,), word("SetKeyAction.wording", child), today + 9 * DAY,
                               word("SetKeyAction.who", child), agency=word("SetKeyAction.agency", child)))  # fmt: skip
    does(acts.FeedBack("k1", today, False, word("FeedBack.text", maya)))
    for child in both:
        does(acts.HoldCoreGroup((child,), today, (word("HoldCoreGroup.came", child),)))
        does(acts.MissCoreGroup((child,), today, word("MissCoreGroup.why", child)))
        one = does(acts.NotAccept((child,), word("NotAccept.agency", child), word("NotAccept.recommendation", child),
                                  word("NotAccept.why", child)))  # fmt: skip
        does(acts.RecordEvent(child, today, word("RecordEvent.what", child), word("RecordEvent.response", child)))
        does(acts.FinishCheck(
            child, today, word("FinishCheck.experience", child), "concern", "raise",
            {word("FinishCheck.actions", child): "drifting"},
            {word("FinishCheck.facts", child): acts.Fact(word("Fact.value", child), today)},
            notes=word("FinishCheck.notes", child),
        ))  # fmt: skip
        does(acts.WriteNote(child, "good", word("WriteNote.text", child), word("WriteNote.worker", child)))
        does(acts.TakeRoute("share-with-head-of-safeguarding", today, word("TakeRoute.who", child), "parent",
                            word("TakeRoute.text", child), "c1", (child,)))  # fmt: skip
        does(acts.DeclineOffer(f"not accepted:{one}", word("DeclineOffer.why", child)))
        does(acts.Correct(one, word("Correct.why", child)))
    does(acts.JoinChild(noor, word("JoinChild.why", noor)))
    does(acts.FixConference("review", today + 40 * DAY, both))
    does(acts.CancelConference("c2", word("CancelConference.why", *both)))
    does(acts.FixConference("review", today + 50 * DAY, (jude,), place=word("FixConference.place", jude),
                            invited=(word("FixConference.invited", jude),)))  # fmt: skip
    return said


def addresses(said: Written, public_id: str, child: str) -> Iterator[str]:
    """Every address of the cycle, with whatever it may be asked of that the history holds."""
    assert said.case is not None
    known = {
        "conference": ("c1", "c2", "c3"),
        "action": ("k1", "k2"),
        "entry": range(1, said.case.last_seq + 1),
        "note": range(1, said.case.last_seq + 1),
        "route": ("r1", "r2"),
        "offer": [f"{kind}:{number}" for kind in ("check", "not accepted") for number in range(said.case.last_seq + 1)]
        + ["cancelled:c2", "discussion:c1", "not done:k1", "not done:k2"],
    }
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern).replace("<str:public_id>", public_id)
        asked = next((name for name in known if f":{name}>" in route), "")
        for each in known.get(asked, ("",)):
            yield "/" + route.replace(f"<str:{asked}>", str(each)).replace(f"<int:{asked}>", str(each))
