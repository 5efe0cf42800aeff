"""A protocol in plain words: who plays which part, what each stage asks and by when, and how a concern moves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from undrift.protocol.checks.cycle import offers_of
from undrift.protocol.clocks import Agreed, NoClock, SetByTheAuthority, counts_back
from undrift.protocol.model import Checklist, Duty, GoodPractice, Milestone, Note, Protocol, Stage
from undrift.protocol.stage_words import (
    STARTS,
    Time,
    and_,
    examples_of,
    has_,
    in_which_areas,
    is_,
    said_of,
    stage_title,
    time_of,
    titles,
    told_by,
    with_clause,
)

__all__ = ["WIDTH", "Row", "Section", "explain", "explain_markdown", "sections", "stage_rows", "stage_title", "time_of"]

WIDTH = 100

DAYS = {
    "working": "The policy counts working days: Monday to Friday, less bank holidays and the authority's closure days.",
    "calendar": "The policy counts calendar days: every day of the week.",
    "unstated": (
        'Where the policy says only "days", it does not say which. The authority that adopts it chooses working days '
        "or calendar days, and every date says what was chosen."
    ),
}

TOLD_APART = (
    'The policy says "working days" where it means them: Monday to Friday, less bank holidays and the authority\'s '
    'closure days. Where it says only "days", every day of the week is counted.'
)

FINAL_SAY = "Whoever chairs may overrule what the conference decides of a plan, and writes why."


@dataclass(frozen=True)
class Row:
    """One line of the stage table, and what `undrift explain --json` gives of a stage."""

    stage: str
    answers: str
    approves: str
    time: str
    told: str


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it: sentences, a list (led in by `lead`), or the table of stages.

    Level 3 stands under the level 2 before it.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    level: int = 2
    lead: str = ""


def explain(protocol: Protocol) -> str:
    """The whole protocol in plain words, laid out for a terminal or a printed page."""
    return "\n\n".join(_plain(section) for section in sections(protocol)) + "\n"


def explain_markdown(protocol: Protocol) -> str:
    """The same as Markdown."""
    return "\n\n".join(_markdown(section, level) for level, section in _levels(sections(protocol))) + "\n"


def stage_rows(protocol: Protocol, time: Time = time_of) -> tuple[Row, ...]:
    """The table of stages, the lowest first."""
    return tuple(_row(protocol, stage, time) for stage in protocol.stages)


def sections(protocol: Protocol, area: str = "", time: Time = time_of) -> Iterator[Section]:
    """The parts of the explanation, in order; those that the policy leaves out are left out.

    With an area (and the protocol `in_area`) only what is so there; without one, what is so in each. `time` words a
    clock, with what an authority has chosen.
    """
    yield _title(protocol)
    for overlay in protocol.overlays:
        notes = (*map(_noted, overlay.notes), *((FINAL_SAY,) if overlay.final_say else ()))
        if notes and area in ("", overlay.area):
            yield Section(f"In {overlay.name}", items=notes)
    if protocol.head.purpose:
        yield Section("What it is for", sentences=protocol.head.purpose)
    if protocol.principles:
        yield Section("Principles", items=tuple(with_clause(p.text, p.clause) for p in protocol.principles))
    yield Section("Who plays which part", items=tuple(_roles(protocol)))
    yield Section("The stages", rows=stage_rows(protocol, time), sentences=(*_copied(protocol), *_caps(protocol, time)))
    for stage in protocol.stages:
        told, examples = tuple(said_of(protocol, stage, time)), tuple(examples_of(stage))
        yield Section(stage_title(stage), told, examples, level=3, lead="For example:" if examples else "")
    if protocol.routes:
        yield Section("Beside the ladder", items=tuple(_routes(protocol, time)))
    if protocol.milestones:
        yield Section("In the plan cycle", items=tuple(_milestones(protocol, time)))
    if protocol.occasions:
        yield Section("When a concern may come up", items=tuple(each.title for each in protocol.occasions))
    if protocol.grounds:
        yield Section("What a concern may be about", items=tuple(ground.title for ground in protocol.grounds))
    yield from (_checklist(protocol, checklist) for checklist in protocol.checklists)
    if protocol.good_practice:
        yield Section("Good practice", items=tuple(_practice(protocol, each) for each in protocol.good_practice))
    yield Section('What "days" means', sentences=(_days(protocol), *map(_equivalent, protocol.head.equivalent)))
    if protocol.head.legislation:
        yield Section("The law and the guidance it names", items=protocol.head.legislation)


def _days(protocol: Protocol) -> str:
    told_apart = protocol.head.bare_days == "calendar" and protocol.says_working_days
    return TOLD_APART if told_apart else DAYS[protocol.head.bare_days]


def _noted(note: Note) -> str:
    return with_clause(note.text, note.clause)


def _checklist(protocol: Protocol, checklist: Checklist) -> Section:
    who = f"For the {and_(titles(protocol, checklist.who), 'and the')}." if checklist.who else ""
    when = f"{checklist.when}." if checklist.when else ""
    said = tuple(filter(None, (with_clause(when, checklist.clause) if when else "", who)))
    return Section(checklist.title, said, tuple(item.question for item in checklist.items))


def _practice(protocol: Protocol, practice: GoodPractice) -> str:
    shared = f" Shared with the {and_(titles(protocol, practice.shared_with), 'and the')}."
    reported = " It forms part of the good practice report." if practice.reported else ""
    text = f" {practice.text}" if practice.text else ""
    return with_clause(f"{practice.title}.{shared}{reported}{text}", practice.clause)


def _title(protocol: Protocol) -> Section:
    head, source = protocol.head, protocol.head.source
    dated = f", dated {source.dated.day} {source.dated:%B %Y}" if source.dated else ""
    publisher = f" of {source.publisher}" if source.publisher else ""
    sentences = [
        head.summary,
        f"Written from “{source.title}”{publisher}{dated}.",
        source.note,
        f"To be read with {and_(head.read_with)}." if head.read_with else "",
        f"For: {and_(head.applies_to)}." + (f" In: {and_(head.areas)}." if head.areas else ""),
        f"Protocol {head.id}, version {head.version}.",
    ]
    return Section(head.title, sentences=tuple(filter(None, sentences)))


def _roles(protocol: Protocol) -> Iterator[str]:
    for role in protocol.roles.values():
        instead = f"; failing that, the {role.otherwise.removeprefix('the ')}" if role.otherwise else ""
        yield f"{role.title}{in_which_areas(protocol, role)}: the {role.held_by.removeprefix('the ')}{instead}."


def _row(protocol: Protocol, stage: Stage, time: Time) -> Row:
    asked = stage.answer
    answers = [asked] if asked else list(stage.duties)
    approver = asked.approved_by if asked else None
    return Row(
        stage=stage_title(stage),
        answers=", ".join(dict.fromkeys(protocol.title_of(duty.who) for duty in answers)) or "nobody",
        approves=protocol.title_of(approver) if approver else "",
        time="; ".join(dict.fromkeys(_time_from(duty, time) for duty in answers)),
        told="; ".join(told_by(protocol, stage)),
    )


def _time_from(duty: Duty, time: Time) -> str:
    if isinstance(duty.within, Agreed) and duty.within.longest is None and duty.of == "spoke":
        return "a date agreed in the conversation"
    said = time(duty.within)
    return said if isinstance(duty.within, Agreed | NoClock) else f"{said} {STARTS[duty.of]}".rstrip()


def _copied(protocol: Protocol) -> Iterator[str]:
    if protocol.always_copied:
        titles = and_(tuple(f"the {protocol.title_of(role)}" for role in protocol.always_copied))
        yield with_clause(f"Always copied in: {titles}.", protocol.always_copied_clause)


def _caps(protocol: Protocol, time: Time) -> Iterator[str]:
    for cap in protocol.caps:
        titles = and_(tuple(stage_title(protocol.stage(each)) for each in cap.over))
        start = STARTS[cap.of] or "from when the first of them began"
        yield with_clause(f"Together at most {time(cap.within)} {start}: {titles}.", cap.clause)


def _routes(protocol: Protocol, time: Time) -> Iterator[str]:
    for route in protocol.routes:
        urgent = "Urgent: " if route.urgent else ""
        to = f" To: {route.to.rstrip('.')}." if route.to else ""
        within = f" Within {time(route.within)} {STARTS[route.of]}".rstrip() + "." if route.within else ""
        asks = f" To write: {route.asks.removeprefix('Enter ')}." if route.asks else ""
        told = f" The {and_(titles(protocol, route.tells), 'and the')} {is_(route.tells)} told." if route.tells else ""
        decided = f" Decided by the {and_(titles(protocol, route.decided_by), 'or the')}." if route.decided_by else ""
        said = f"{urgent}{route.title}. {route.text}{to}{within}{asks}{told}{decided}"
        yield with_clause(said.strip(), route.clause)


def _milestones(protocol: Protocol, time: Time) -> Iterator[str]:
    for milestone in protocol.milestones:
        who = f", by the {protocol.title_of(milestone.who)}" if milestone.who else ""
        said = (f"{milestone.title}{who}{milestone_time(milestone, time)}.", *_of_milestone(protocol, milestone))
        yield with_clause(" ".join(said), milestone.clause)


def milestone_time(milestone: Milestone, time: Time = time_of) -> str:
    """By when a step of the plan cycle is owed, and how often again, to be read after who owes it."""
    said = []
    if milestone.within and milestone.of:
        back = counts_back(milestone.within)
        if isinstance(milestone.within, SetByTheAuthority):
            said.append(f"as long {'before' if back else 'after'} the {milestone.of} as the authority sets")
        elif isinstance(milestone.within, Agreed):
            said.append(time(milestone.within))
        else:
            said.append(f"{time(milestone.within)} {f'the {milestone.of}' if back else STARTS[milestone.of]}")
    if milestone.every:
        ours = isinstance(milestone.every, SetByTheAuthority)
        said.append("again as often as the authority sets" if ours else f"again every {time(milestone.every)}")
    return f": {', '.join(said)}" if said else ""


_FOLLOWS = {
    "not_done": "Not done in time",
    "not_accepted": "A recommendation that is not accepted",
    "cancelled": "Cancelled",
}


def _of_milestone(protocol: Protocol, milestone: Milestone) -> Iterator[str]:
    if milestone.met_by:
        yield f"Met by: {milestone.met_by}."
    if milestone.contains:
        yield f"It contains {'; '.join(milestone.contains)}."
    if listed := protocol.checklist(milestone.checklist or ""):
        yield f"The {listed.title[:1].lower()}{listed.title[1:]} is gone through."
    if milestone.occasion:
        found = next(each.title for each in protocol.occasions if each.id == milestone.occasion)
        yield f"A concern that is found with it came up {found[:1].lower()}{found[1:]}."
    if milestone.tells:
        yield f"The {and_(titles(protocol, milestone.tells), 'and the')} {has_(milestone.tells)} it."
    for word, follows in offers_of(milestone):
        stage = stage_title(protocol.stage(follows.offers))
        clause = follows.clause if follows.clause != milestone.clause else ""
        yield with_clause(f"{_FOLLOWS[word]}: a concern is offered at {stage}.", clause)


def _equivalent(said: str) -> str:
    return f"The policy holds that {said.replace('=', 'is the same as')}."


# Laying it out ---------------------------------------------------------------------------------------------------

COLUMNS = ("Stage", "Who answers", "Who approves", "Time", "Told")


def _cells(row: Row) -> tuple[str, ...]:
    return (row.stage, row.answers, row.approves, row.time, row.told)


def _used(rows: Sequence[Row]) -> list[int]:
    """The columns in which some row says something."""
    return [n for n in range(len(COLUMNS)) if any(_cells(row)[n] for row in rows)]


def _plain(section: Section) -> str:
    underline = "-" * min(len(section.heading), WIDTH)
    parts = [f"{textwrap.fill(section.heading, WIDTH)}\n{underline}"]
    if section.rows:
        parts.append(_plain_table(section.rows))
    parts += [textwrap.fill(sentence, WIDTH) for sentence in section.sentences]
    if section.lead:
        parts.append(section.lead)
    if section.items:
        parts.append("\n".join(_plain_item(item) for item in section.items))
    return "\n\n".join(parts) if section.rows else "\n".join(parts)


def _plain_item(item: str) -> str:
    return textwrap.fill(item, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _plain_table(rows: Sequence[Row]) -> str:
    used = _used(rows)
    table = [[COLUMNS[n] for n in used], *([_cells(row)[n] for n in used] for row in rows)]
    widths = _widths(table)
    lines: list[str] = []
    for number, cells in enumerate(table):
        wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
        for line in range(max(map(len, wrapped))):
            parts = [cell[line] if line < len(cell) else "" for cell in wrapped]
            lines.append("  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip())
        if number == 0:
            lines.append("  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _widths(table: Sequence[Sequence[str]]) -> list[int]:
    """Wide enough for the longest cell, narrowed from the widest down until the line fits."""
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    while sum(widths) + 2 * (len(widths) - 1) > WIDTH:
        widths[widths.index(max(widths))] -= 1
    return widths


def _levels(parts: Iterator[Section]) -> Iterator[tuple[int, Section]]:
    for number, section in enumerate(parts):
        yield (1 if number == 0 else section.level), section


def _markdown(section: Section, level: int) -> str:
    parts = [f"{'#' * level} {section.heading}"]
    if section.rows:
        used = _used(section.rows)
        head = [" | ".join(COLUMNS[n] for n in used), " | ".join("---" for _ in used)]
        body = [" | ".join(_cells(row)[n].replace("|", "\\|") for n in used) for row in section.rows]
        parts.append("\n".join(f"| {line} |" for line in (*head, *body)))
    parts += section.sentences
    if section.lead:
        parts.append(section.lead)
    if section.items:
        parts.append("\n".join(f"- {item}" for item in section.items))
    return "\n\n".join(parts)
