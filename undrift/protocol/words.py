"""A protocol in plain words: who plays which part, what each stage asks and by when, and how a concern moves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from undrift.protocol.clocks import Agreed, Clock, Immediately, NoClock, SameWorkingDay, ToSuitTheChild
from undrift.protocol.model import Duty, Exit, Protocol, SpeakFirst, Stage

WIDTH = 100

OUTCOMES = {
    "done": "when it is done",
    "not answered": "when it is not answered in time",
    "not done": "when what was agreed is not done in time",
    "not accepted": "when the answer does not resolve it",
    "accepted": "when the answer resolves it",
    "immediate risk": "at once when a child is at immediate risk",
}
IN_THE_PLAN_CYCLE = {**OUTCOMES, "not accepted": "when an agency does not accept a recommendation"}
STARTS = {
    "raised": "from when it was raised",
    "entered": "",
    "spoke": "from the conversation",
    "not accepted": "from when the answer was found not to resolve it",
    "approved": "from when the answer was approved",
    "conference": "from the conference",
    "initial conference": "from the initial conference",
    "review conference": "from the review conference",
    "core group": "from the core group",
    "last conference": "from the last conference",
    "halfway to the next review": "from half-way to the next review",
}
DAYS = {
    "working": "The policy counts working days: Monday to Friday, less bank holidays and the authority's closure days.",
    "calendar": "The policy counts calendar days: every day of the week.",
    "unstated": (
        'Where the policy says only "days", it does not say which. The authority that adopts it chooses working days '
        "or calendar days, and every date says what was chosen."
    ),
}


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
    """A heading with what stands under it: sentences, a list, or the table of stages."""

    heading: str
    sentences: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def explain(protocol: Protocol) -> str:
    """The whole protocol in plain words, laid out for a terminal or a printed page."""
    return "\n\n".join(_plain(section) for section in sections(protocol)) + "\n"


def explain_markdown(protocol: Protocol) -> str:
    """The same as Markdown."""
    return "\n\n".join(_markdown(section, level) for level, section in _levels(sections(protocol))) + "\n"


def stage_rows(protocol: Protocol) -> tuple[Row, ...]:
    """The table of stages, the lowest first."""
    return tuple(_row(protocol, stage) for stage in protocol.stages)


def stage_title(stage: Stage) -> str:
    """A stage as people call it, with its number where its title does not say it."""
    return f"{stage.number}. {stage.title}" if stage.number and stage.number not in stage.title else stage.title


def time_of(clock: Clock) -> str:
    """The time that a clock gives, as it stands in a table."""
    match clock:
        case Agreed(None):
            return "a date agreed between them"
        case ToSuitTheChild():
            return "a time that suits the child"
        case NoClock():
            return "no time set"
        case Immediately():
            return "immediately"
        case SameWorkingDay():
            return "the same working day"
        case _:
            return str(clock)


def sections(protocol: Protocol) -> Iterator[Section]:
    """The parts of the explanation, in order; those that the policy leaves out are left out."""
    yield _title(protocol)
    yield Section("Who plays which part", items=tuple(_roles(protocol)))
    yield Section("The stages", rows=stage_rows(protocol), sentences=(*_copied(protocol), *_caps(protocol)))
    yield Section("How it moves", items=tuple(_movement(protocol, stage) for stage in protocol.stages))
    if protocol.routes:
        yield Section("Beside the ladder", items=tuple(_routes(protocol)))
    if protocol.milestones:
        yield Section("In the plan cycle", items=tuple(_milestones(protocol)))
    if protocol.principles:
        yield Section("Principles", items=tuple(_with_clause(p.text, p.clause) for p in protocol.principles))
    yield Section(
        'What "days" means', sentences=(DAYS[protocol.head.bare_days], *map(_equivalent, protocol.head.equivalent))
    )


def _title(protocol: Protocol) -> Section:
    head, source = protocol.head, protocol.head.source
    dated = f", dated {source.dated.day} {source.dated:%B %Y}" if source.dated else ""
    publisher = f" of {source.publisher}" if source.publisher else ""
    sentences = [
        head.summary,
        f"Written from “{source.title}”{publisher}{dated}.",
        source.note,
        f"For: {_and(head.applies_to)}." + (f" In: {_and(head.areas)}." if head.areas else ""),
        f"Protocol {head.id}, version {head.version}.",
    ]
    return Section(head.title, sentences=tuple(filter(None, sentences)))


def _roles(protocol: Protocol) -> Iterator[str]:
    for role in protocol.roles.values():
        instead = f"; failing that, the {role.otherwise.removeprefix('the ')}" if role.otherwise else ""
        yield f"{role.title}: the {role.held_by.removeprefix('the ')}{instead}."


def _row(protocol: Protocol, stage: Stage) -> Row:
    asked = stage.answer
    answers = [asked] if asked else list(stage.duties)
    approver = asked.approved_by if asked else None
    told = [protocol.title_of(role) for role in (*stage.tells.start, *stage.tells.move)]
    told += [f"{protocol.title_of(role)} (once resolved)" for role in stage.tells.resolved]
    return Row(
        stage=stage_title(stage),
        answers=", ".join(dict.fromkeys(protocol.title_of(duty.who) for duty in answers)) or "nobody",
        approves=protocol.title_of(approver) if approver else "",
        time="; ".join(dict.fromkeys(map(_time_from, answers))),
        told=", ".join(told),
    )


def _time_from(duty: Duty) -> str:
    if isinstance(duty.within, Agreed) and duty.within.longest is None and duty.of == "spoke":
        return "a date agreed in the conversation"
    return f"{time_of(duty.within)} {STARTS[duty.of]}".rstrip()


def _copied(protocol: Protocol) -> Iterator[str]:
    if protocol.always_copied:
        titles = _and(tuple(f"the {protocol.title_of(role)}" for role in protocol.always_copied))
        yield _with_clause(f"Always copied in: {titles}.", protocol.always_copied_clause)


def _caps(protocol: Protocol) -> Iterator[str]:
    for cap in protocol.caps:
        titles = _and(tuple(stage_title(protocol.stage(each)) for each in cap.over))
        start = STARTS[cap.of] or "from when the first of them began"
        yield _with_clause(f"Together at most {time_of(cap.within)} {start}: {titles}.", cap.clause)


def _movement(protocol: Protocol, stage: Stage) -> str:
    said = [f"{stage_title(stage)}."]
    if stage.speak_first:
        said.append(_speak_first(protocol, stage.speak_first))
    for duty in stage.others:
        if duty.must == "speak" and duty.to:
            said.append(
                f"The {protocol.title_of(duty.who)} speaks with the {protocol.title_of(duty.to)} within {duty.within}."
            )
    if stage.chair_sets_date:
        said.append("The chair may set an earlier date within the longest time.")
    said += [_way(protocol, stage, way) for way in stage.exits]
    if not stage.is_raised:
        said.append("A step of the plan cycle: nothing is raised at it.")
    elif not stage.may_start_here:
        said.append("A concern cannot start here.")
    if stage.only_on_plan:
        said.append("Only while the child is on a child protection plan.")
    if stage.directs:
        said.append("What the answer directs is done, whether or not the chair is content with it.")
    for each in stage.consider:
        said.append(f"The {protocol.title_of(each.who)} considers: {each.question}")
        if each.tells:
            said.append(f"Of a yes {_and(_the(protocol, each.tells))} {_is(each.tells)} told.")
    return " ".join(said)


def _speak_first(protocol: Protocol, first: SpeakFirst) -> str:
    how = f": {_and(first.prefer, 'or')}" if first.prefer else ""
    return f"First speak with the {protocol.title_of(first.to)}{how}."


def _way(protocol: Protocol, stage: Stage, way: Exit) -> str:
    words = IN_THE_PLAN_CYCLE if stage.kind == "milestone" else OUTCOMES
    when = _and(tuple(words[outcome] for outcome in way.when), "or")
    match way.to:
        case "resolved":
            return f"Resolved {when}."
        case "ended":
            kind = f" ({way.ending.replace('-', ' ')})" if way.ending else ""
            return f"Ends{kind} {when}."
        case higher:
            return f"To {stage_title(protocol.stage(higher))} {when}."


def _routes(protocol: Protocol) -> Iterator[str]:
    for route in protocol.routes:
        urgent = "Urgent: " if route.urgent else ""
        to = f" To: {route.to.rstrip('.')}." if route.to else ""
        within = f" Within {route.within} {STARTS[route.of]}".rstrip() + "." if route.within else ""
        told = f" {_and(_the(protocol, route.tells))} {_is(route.tells)} told." if route.tells else ""
        asks = f" To write: {route.asks.removeprefix('Enter ')}." if route.asks else ""
        said = f"{urgent}{route.title}. {route.text}{to}{within}{asks}{told[:2].upper()}{told[2:]}"
        yield _with_clause(said.strip(), route.clause)


def _the(protocol: Protocol, roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"the {protocol.title_of(role)}" for role in roles)


def _is(roles: Sequence[str]) -> str:
    return "is" if len(roles) == 1 else "are"


def _milestones(protocol: Protocol) -> Iterator[str]:
    for milestone in protocol.milestones:
        who = f", by the {protocol.title_of(milestone.who)}" if milestone.who else ""
        start = STARTS[milestone.of] if milestone.of else ""
        within = f": {time_of(milestone.within)} {start}".rstrip() if milestone.within else ""
        yield f"{milestone.title}{who}{within.replace('before from', 'before')}."


def _equivalent(said: str) -> str:
    return f"The policy holds that {said.replace('=', 'is the same as')}."


def _with_clause(text: str, clause: str) -> str:
    return f"{text} ({clause})" if clause else text


def _and(words: Sequence[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


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
        yield (1 if number == 0 else 2), section


def _markdown(section: Section, level: int) -> str:
    parts = [f"{'#' * level} {section.heading}"]
    if section.rows:
        used = _used(section.rows)
        head = [" | ".join(COLUMNS[n] for n in used), " | ".join("---" for _ in used)]
        body = [" | ".join(_cells(row)[n].replace("|", "\\|") for n in used) for row in section.rows]
        parts.append("\n".join(f"| {line} |" for line in (*head, *body)))
    parts += section.sentences
    if section.items:
        parts.append("\n".join(f"- {item}" for item in section.items))
    return "\n\n".join(parts)
