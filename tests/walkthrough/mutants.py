"""What the rows of `docs/traceability.md` claim, taken away or changed one thing at a time.

Mutants of a policy change one line of its text, and the policy is read anew. Mutants of the engine take from its one
table of what can happen: nobody is told of an event any more, or a field of it is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from undrift.engine.events import Event
from undrift.engine.ladder import audience, kinds, raising
from undrift.engine.ladder.state import State
from undrift.library import protocols

WALSALL, LANCASHIRE = "walsall", "pan-lancashire"
_ALIVE: list[Any] = []  # what is kept by a policy's identity must not meet another at the same place


@dataclass(frozen=True)
class Mutant:
    """`row`: what it makes untrue. `change` makes it, for as long as it lasts; `at` is the stage that it is of."""

    name: str
    row: str
    change: Callable[[], Any]
    at: str = ""


# Of a policy's text ---------------------------------------------------------------------------------------------------


def text(policy: str, row: str, old: str, new: str, within: str = "") -> Mutant:
    """One line changed: the first with `old` after the line that is `within`."""

    @contextmanager
    def change() -> Iterator[None]:
        whole = protocols.text_of(policy)
        start = whole.index(f"\n{within}\n") if within else 0
        at = whole.index(old, start)
        changed = whole[:at] + new + whole[at + len(old) :]

        def text_of(asked: str) -> str:
            return changed if asked == policy else REAL(asked)

        with patch.object(protocols, "text_of", text_of):
            _forget()
            _ALIVE.append(protocols.load(policy))  # read here: what is no policy is no mutant
            try:
                yield
            finally:
                _forget()

    return Mutant(
        f"{policy}, {within or 'top'}: {old} -> {new or 'nothing'}", row, change, re.sub('^id = "|"$', "", within)
    )


REAL = protocols.text_of


def _forget() -> None:
    protocols._read.cache_clear()
    protocols._in_area.cache_clear()


def stage(name: str) -> str:
    return f'id = "{name}"'


def of_days() -> Iterator[Mutant]:
    for name, row, old, new in (
        ("stage-1", "W-82", "7 days", "8 days"), ("stage-2", "W-85", "4 days", "5 days"),
        ("stage-3", "W-88", "3 days", "4 days"), ("stage-4", "W-90", "3 days", "2 days"),
        ("stage-5", "W-92", "3 days", "1 day"),
    ):  # fmt: skip
        yield text(WALSALL, row, f'within = "{old}"', f'within = "{new}"', stage(name))
    for name, row, old, new in (
        ("informal", "L-39", "15", "16"), ("starred", "L-44", "5", "6"), ("formal-escalation", "L-53", "5", "4"),
        ("chief-officer", "L-57", "5", "7"), ("conference", "L-20", "1", "2"),
    ):  # fmt: skip
        if name != "conference":
            yield text(LANCASHIRE, row, f'within = "{old} working days"', f'within = "{new} working days"', stage(name))
    yield text(LANCASHIRE, "L-20", 'within = "1 working day"', 'within = "2 working days"', stage("decision-sheet"))
    yield text(
        LANCASHIRE, "L-32", 'within = "10 working days"', 'within = "9 working days"', stage("core-group-meeting")
    )
    yield text(LANCASHIRE, "L-13", 'within = "21 days"', 'within = "20 days"', stage("appeal"))
    # Of an informal stage nothing would be missed: a talk on an earlier day makes the record one of that day.
    yield text(LANCASHIRE, "L-44", 'of = "entered"', 'of = "spoke"', stage("starred"))
    yield text(WALSALL, "W-66", 'of = "entered"', 'of = "raised"', stage("stage-2"))
    yield text(LANCASHIRE, "L-15", "chair_sets_date = true", "chair_sets_date = false", stage("starred"))


def of_people() -> Iterator[Mutant]:
    for name, row, who in (
        ("stage-1", "W-83", "group-manager"), ("stage-2", "W-86", "head-of-service"),
        ("stage-3", "W-88", "assistant-director"),
    ):  # fmt: skip
        yield text(WALSALL, row, f', approved_by = "{who}"', "", stage(name))
    for name, row, to, left in (
        ("stage-1", "W-79", '["team-manager", "group-manager"]', '["team-manager"]'),
        ("stage-2", "W-84", '["group-manager", "head-of-service"]', '["group-manager"]'),
        ("stage-3", "W-87", '["head-of-service", "assistant-director"]', '["head-of-service"]'),
        ("stage-4", "W-89", '["assistant-director", "director"]', '["assistant-director"]'),
    ):  # fmt: skip
        yield text(WALSALL, row, f"to = {to}", f"to = {left}", stage(name))
    for name, row in (("stage-1", "W-82"), ("stage-2", "W-85"), ("stage-3", "W-88"), ("stage-4", "W-90")):
        yield text(
            WALSALL, row, 'who = "', 'who = "principal-iro", must = "respond", within = "7 days" }, #', stage(name)
        )
    yield text(WALSALL, "W-77", '["group-manager-sr", "principal-iro"]', '["group-manager-sr"]')
    yield text(WALSALL, "W-77", '["group-manager-sr", "principal-iro"]', '["principal-iro"]')
    yield text(WALSALL, "W-93", ', tells = ["partnership-business-manager"]', "", stage("stage-5"))
    yield text(
        WALSALL, "W-60", 'tells = ["head-of-safeguarding"]', "tells = []", stage("share-with-head-of-safeguarding")
    )
    for role, row, old, new in (
        ("team-manager", "W-82", "manager of the child's team", "manager one unit above the child's team"),
        ("group-manager", "W-83", "manager one unit above", "manager two units above"),
        ("head-of-service", "W-86", "manager two units above", "manager one unit above"),
        ("assistant-director", "W-88", "the authority's Assistant Director", "the authority's Principal IRO"),
        ("director", "W-92", "the authority's Director of Children's Services", "the authority's Assistant Director"),
        ("head-of-safeguarding", "W-60", "the authority's Head of Service for", "the authority's Group Manager for"),
    ):  # fmt: skip
        yield text(WALSALL, row, old, new, f"[role.{role}]\ntitle = " + _title(WALSALL, role))
    for role in ("csc-team-manager", "core-group", "csc-quality-review-manager"):
        yield text(LANCASHIRE, "L-42", f'"{role}"', '"chair"', stage("starred"))
    for role in ("directorate-safeguarding-manager", "head-of-csc", "head-of-safeguarding-audit"):
        yield text(LANCASHIRE, "L-55", f'"{role}"', '"chair"', stage("formal-escalation"))
    yield text(LANCASHIRE, "L-60", 'tells = { start = ["director-targeted-assessment"] }', "", stage("chief-officer"))
    for role, row, old in (
        ("front-line-manager", "L-41", "Front-line Manager"), ("safeguarding-lead", "L-52", "Safeguarding Lead"),
        ("chief-officer", "L-57", "Chief Officer"),
    ):  # fmt: skip
        held = f"[role.{role}]\ntitle = " + _title(LANCASHIRE, role)
        yield text(LANCASHIRE, row, f"the responsible agency's {old}", "the authority's Head of CSC", held)


def _title(policy: str, role: str) -> str:
    found = re.search(rf"^\[role\.{role}\]\ntitle = (.*)$", REAL(policy), re.M)
    assert found is not None, role
    return found[1]


def of_words() -> Iterator[Mutant]:
    for name, row, title in (
        ("PREP-FAMILY", "W-37", "Family not prepared"), ("GENOGRAM", "W-39", "No cultural genogram"),
        ("FATHERS", "W-43", "Fathers not invited"), ("INTERPRETER", "W-48", "No interpreter booked"),
        ("DRIFT", "W-55", "Agreed tasks not completed"), ("STATUTORY", "W-33", "Statutory responsibility not met"),
    ):  # fmt: skip
        yield text(WALSALL, row, f'title = "{title}', 'title = "x', f'code = "{name}"')
    yield text(WALSALL, "W-35", "significant, relevant, valid and impactful?", "x?", stage("before-raising"))
    yield text(WALSALL, "W-64", "Fathers are not involved", "x", stage("stage-1"))
    yield text(WALSALL, "W-69", "A conference is cancelled", "x", stage("stage-2"))
    yield text(WALSALL, "W-08", "are not accepted as obstacles", "x", stage("no-excuse"))
    yield text(WALSALL, "W-20", "At the pre-conference discussion", "x", stage("pre-conference"))
    yield text(WALSALL, "W-26", "reported = true", "reported = false", stage("exemplary"))
    for name, row, title in (
        ("LEGAL-GATEWAY", "L-49", "A legal gateway meeting has to be considered"),
        ("VISITS", "L-50", "Agreed visits by"), ("HOUSING", "L-51", "Housing is needed"),
    ):  # fmt: skip
        yield text(LANCASHIRE, row, f'title = "{title}', 'title = "x', f'code = "{name}"')
    yield text(LANCASHIRE, "L-28", "that legal advice is sought", "x", stage("conference"))
    for name, row in (("starred", "L-41"), ("formal-escalation", "L-52"), ("chief-officer", "L-57")):
        yield text(LANCASHIRE, row, 'number = "', 'number = "1', stage(name))


def of_ways() -> Iterator[Mutant]:
    for name, row, when in (
        ("starred", "L-47", "not answered"), ("starred", "L-47", "not accepted"), ("starred", "L-56", "not done"),
        ("formal-escalation", "L-57", "not answered"), ("formal-escalation", "L-59", "not done"),
    ):  # fmt: skip
        yield text(LANCASHIRE, row, f'"{when}"', '"immediate risk"', stage(name))
    yield text(
        LANCASHIRE, "L-54", '  { who = "chair", must = "speak"', '  # { who = "chair"', stage("formal-escalation")
    )
    yield text(LANCASHIRE, "L-64", "only_on_plan = true", "only_on_plan = false", stage("starred"))
    yield text(LANCASHIRE, "L-58", "directs = true", "directs = false", stage("chief-officer"))
    yield text(LANCASHIRE, "L-43", 'sets_out = ["ask", "completion"]', 'sets_out = ["ask"]', stage("starred"))
    yield text(WALSALL, "W-80", "speak_first = {", "# speak_first = {", stage("stage-1"))
    yield text(
        WALSALL, "W-93", '{ id = "wider-partnership", who', '# { id = "wider-partnership", who', stage("stage-5")
    )


def of_the_cycle() -> Iterator[Mutant]:
    """Steps before, at and after a conference, and the notes to a child."""
    for name, row, old, new in (
        ("good", "W-24", '["team-manager"]', '["principal-iro"]'),
        ("exemplary", "W-25", ', "principal-iro"]', "]"),
        ("exemplary", "W-25", '"group-manager-sr", ', ""),
        ("report-initial", "W-56", '"1 day before"', '"2 days before"'),
        ("report-review", "W-57", '"3 days before"', '"2 days before"'),
        ("pre-conference-discussion", "W-19", 'checklist = "pre-conference"', ""),
    ):  # fmt: skip
        yield text(WALSALL, row, old, new, stage(name))
    sheet = stage("decision-sheet")
    yield text(LANCASHIRE, "L-19", 'tells = ["participants", ', "tells = [", sheet)
    yield text(LANCASHIRE, "L-19", ', "csc-team-manager"]', "]", sheet)
    for row, part in (
        ("L-21", "the risks to the child, and"), ("L-22", "short and longer term objectives"),
        ("L-23", "who is responsible for each, and by when"), ("L-24", "how progress will be monitored"),
        ("L-25", "the date of the review, "), ("L-26", "how and how often core group members"),
    ):  # fmt: skip
        yield text(LANCASHIRE, row, part, "x", sheet)
    for name, row, old, new in (
        ("key-action-feedback", "L-36", 'offers = "informal"', 'offers = "starred"'),
        ("midpoint-check", "L-37", '"same working day"', '"2 working days"'),
        ("appeal", "L-14", "reconvenes = true", "reconvenes = false"),
        ("appeal", "L-12", '"directorate-safeguarding-manager"', '"head-of-csc"'),
    ):  # fmt: skip
        yield text(LANCASHIRE, row, old, new, stage(name))
    for policy, row, name, occasion in (
        (WALSALL, "W-20", "pre-conference-discussion", "pre-conference"),
        (LANCASHIRE, "L-37", "midpoint-check", "midpoint"),
    ):  # fmt: skip
        yield text(policy, row, f'\noccasion = "{occasion}"', "", stage(name))
    yield text(LANCASHIRE, "L-08", "final_say = true", "final_say = false", 'area = "lancashire"')


# Of the engine --------------------------------------------------------------------------------------------------------


def in_place_of(name: str, **cells: Any) -> Callable[[], Any]:
    return lambda: patch.dict(_events(), {name: replace(kinds.EVENTS[name], **cells)})


def _events() -> dict[str, Any]:
    found: Mapping[str, Any] = kinds.EVENTS
    assert isinstance(found, dict)
    return found


def of_telling() -> Iterator[Mutant]:
    for event, row in (
        ("raised", "W-81"), ("answer_drafted", "W-83"), ("approved", "W-83"), ("answered", "W-90"),
        ("sent_back", "W-83"), ("moved_on", "W-66"), ("date_lapsed", "W-62"), ("action_agreed", "W-14"),
        ("action_done", "W-14"), ("action_confirmed", "W-14"), ("action_date_asked", "W-14"),
        ("action_date_declined", "W-14"), ("asked_again", "W-14"), ("more_time_given", "W-82"),
        ("urgent_action_recorded", "W-68"), ("route_taken", "W-60"), ("child_ended", "W-16"),
        ("child_reopened", "W-16"), ("withdrawn", "W-07"), ("resolved", "W-04"), ("closed", "L-57"),
    ):  # fmt: skip
        yield Mutant(f"nobody is told of {event}", row, in_place_of(event, tells=audience.nobody))


def forgetting(event: str, field: str) -> Callable[[], Any]:
    real: Callable[[Any, Event], State] = kinds.EVENTS[event].fold

    def fold(state: Any, entry: Event) -> State:
        said = dict(entry.payload)
        if field in said:
            said[field] = type(said[field])() if said[field] is not None else None
        return real(state, replace(entry, payload=said))

    if event == "raised":  # with it a history begins, and no table is asked
        return lambda: patch.object(raising, "raised", fold)
    return in_place_of(event, fold=fold)


def of_fields() -> Iterator[Mutant]:
    for event, field, row in (
        ("raised", "concern", "W-81"), ("raised", "grounds", "W-37"), ("raised", "ask", "W-81"),
        ("raised", "occasion", "W-21"), ("raised", "actions", "W-28"), ("moved_on", "different", "W-66"),
        ("answer_drafted", "text", "W-83"), ("answer_drafted", "actions", "W-14"), ("answered", "actions", "L-45"),
    ):  # fmt: skip
        yield Mutant(f"{event} forgets {field}", row, forgetting(event, field))


def all_mutants() -> list[Mutant]:
    makers = (of_days, of_people, of_words, of_ways, of_the_cycle, of_telling, of_fields)
    return [mutant for make in makers for mutant in make()]
