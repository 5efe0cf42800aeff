"""The ladder of a protocol as a drawing: one box for each stage, arrows between them, the routes beside.

SVG in black on white, so that it prints; with a title and a description in words, so that it is read aloud; with no
script and no colour that means anything.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import escape

from undrift.protocol.checks.cycle import offers_of
from undrift.protocol.model import Milestone, Protocol, Stage
from undrift.protocol.words import Row, milestone_time, stage_rows, stage_title

MARGIN = 32
BOX = 440  # the width of a stage
GAP = 54  # between two stages, room for the words on the arrow
BESIDE = 300  # the width of a route
GUTTER = 72
PADDING = 16
LINE = 21
TITLE_LINE = 25
LETTER = 7.3  # the average width of a letter at 14px, wide enough for any sans serif
ACCEPTED = "When the answer resolves it, it is resolved. Otherwise it goes down the page."
INK, FAINT, PAPER = "#0b0c0c", "#505a5f", "#ffffff"

STYLE = f"""
text {{ font-family: Arial, Helvetica, sans-serif; fill: {INK}; font-size: 14px }}
.head {{ font-size: 20px; font-weight: 700 }}
.name {{ font-size: 17px; font-weight: 700 }}
.label {{ font-weight: 700 }}
.faint {{ fill: {FAINT} }}
.corner {{ fill: {FAINT}; text-anchor: end }}
.box {{ fill: {PAPER}; stroke: {INK}; stroke-width: 1.5 }}
.formal {{ stroke-width: 3 }}
.route {{ fill: {PAPER}; stroke: {INK}; stroke-width: 1.5; stroke-dasharray: 6 4 }}
.way {{ stroke: {INK}; stroke-width: 2; fill: none }}
"""


@dataclass(frozen=True)
class Text:
    """A line in a box: a word in bold, if any, and what follows it."""

    words: str
    label: str = ""
    style: str = ""


@dataclass(frozen=True)
class Box:
    lines: tuple[Text, ...]
    style: str
    corner: str = ""  # what kind of stage it is, in its upper right corner

    @property
    def height(self) -> int:
        titles = sum(line.style == "name" for line in self.lines)
        return 2 * PADDING + titles * TITLE_LINE + (len(self.lines) - titles) * LINE - 6


def diagram(protocol: Protocol) -> str:
    """The drawing as SVG text, whole and by itself. The same protocol gives the same text."""
    title = textwrap.wrap(protocol.head.title, 74)
    top = MARGIN + len(title) * 28 + 42
    stages = [_stage_box(stage, row) for stage, row in zip(protocol.stages, stage_rows(protocol), strict=True)]
    heights = [box.height for box in stages]
    bottom = top + sum(heights) + GAP * len(heights)
    beside = list(_beside(protocol, top))
    width = MARGIN * 2 + BOX + (GUTTER + BESIDE if beside else 0)
    height = max([bottom + TITLE_LINE + MARGIN, *(y + box.height + MARGIN for y, box in beside)])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="ladder-title ladder-words"'
        f' viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<title id="ladder-title">{escape(protocol.head.title)}: the ladder</title>',
        f'<desc id="ladder-words">{escape(in_words(protocol))}</desc>',
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10Z" fill="{INK}"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _line(MARGIN, top - 22, Text(ACCEPTED, style="faint")),
        *(_line(MARGIN, MARGIN + 18 + n * 28, Text(words, style="head")) for n, words in enumerate(title)),
        *_ladder(protocol, stages, top),
        *(part for y, box in beside for part in _drawn(box, MARGIN + BOX + GUTTER, y, BESIDE)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def in_words(protocol: Protocol) -> str:
    """What the drawing shows, for those who hear it."""
    said = [f"A ladder of {len(protocol.stages)} stages, the lowest first."]
    for stage, row in zip(protocol.stages, stage_rows(protocol), strict=True):
        approved = f", approved by {row.approves}" if row.approves else ""
        said.append(f"{row.stage}: {row.answers}{approved}, {row.time}.")
        said += [f"{_when(way.when)}: to {_where(protocol, way.to)}." for way in stage.exits]
    said += [f"Beside the ladder: {route.title}." for route in protocol.routes]
    said += [f"In the plan cycle: {each.title}{milestone_time(each)}." for each in protocol.milestones]
    return " ".join(said)


def _stage_box(stage: Stage, row: Row) -> Box:
    acts = "Does it" if stage.kind == "milestone" else "Answers"
    lines = [Text(stage_title(stage), style="name")]
    lines += _wrapped(acts, row.answers, BOX)
    lines += _wrapped("Approves", row.approves, BOX)
    lines += _wrapped("Time", row.time, BOX)
    lines += _wrapped("Told", row.told, BOX)
    if not stage.may_start_here:
        lines.append(Text("A concern does not start here.", style="faint"))
    return Box(tuple(lines), "box formal" if stage.formality == "formal" else "box", stage.formality)


def _beside(protocol: Protocol, top: int) -> Iterator[tuple[int, Box]]:
    """The routes from the top down, then the steps of the plan cycle, each with where it begins."""
    y = top
    for box in (*_routes(protocol), *map(partial(_step, protocol), protocol.milestones)):
        yield y, box
        y += box.height + 18


def _step(protocol: Protocol, milestone: Milestone) -> Box:
    """A step of the plan cycle, and the stage that is offered of it."""
    lines = [Text(words, style="name") for words in textwrap.wrap(milestone.title, 30)]
    lines += _wrapped("Does it", protocol.title_of(milestone.who) if milestone.who else "", BESIDE)
    lines += _wrapped("Time", milestone_time(milestone).removeprefix(": "), BESIDE)
    for word, follows in offers_of(milestone):
        where = f"{_where(protocol, follows.offers)} is offered"
        lines += _wrapped(word.replace("_", " ").capitalize(), where, BESIDE)
    return Box(tuple(lines), "box")


def _routes(protocol: Protocol) -> Iterator[Box]:
    """Those that are urgent first."""
    for route in sorted(protocol.routes, key=lambda route: not route.urgent):
        lines = [Text(words, style="name") for words in textwrap.wrap(route.title, 30)]
        if route.urgent:
            lines.insert(0, Text("Urgent: at any time", style="label"))
        lines += _wrapped("To", route.to, BESIDE)
        lines += _wrapped("Within", f"{route.within} of the {route.of}" if route.within else "", BESIDE)
        yield Box(tuple(lines), "route")


def _wrapped(label: str, words: str, width: int) -> list[Text]:
    """A label and its words, on as many lines as they need; nothing without words."""
    if not words:
        return []
    room = int((width - 2 * PADDING) / LETTER)
    first, *others = textwrap.wrap(f"{label}: {words}", room)
    return [Text(first.removeprefix(f"{label}:").strip(), label=f"{label}:"), *(Text(line) for line in others)]


def _ladder(protocol: Protocol, boxes: list[Box], top: int) -> Iterator[str]:
    y, middle = top, MARGIN + 56
    for number, (stage, box) in enumerate(zip(protocol.stages, boxes, strict=True)):
        yield from _drawn(box, MARGIN, y, BOX)
        y += box.height
        if number + 1 < len(boxes):
            below = protocol.stages[number + 1].id
            yield from _arrow(middle, y, _ways(protocol, stage, below))
        else:
            yield from _arrow(middle, y, _ways(protocol, stage, ""))
            yield _line(MARGIN, y + GAP + 18, Text(_end(stage), style="name"))
        y += GAP


def _arrow(x: int, y: int, words: list[str]) -> Iterator[str]:
    yield f'<path class="way" marker-end="url(#tip)" d="M{x} {y + 3}V{y + GAP - 3}"/>'
    start = y + GAP // 2 + 5 - (len(words) - 1) * LINE // 2
    for number, line in enumerate(words):
        yield _line(x + 16, start + number * LINE, Text(line))


def _ways(protocol: Protocol, stage: Stage, below: str) -> list[str]:
    """The words beside the arrow to the next box, then those of ways that lead elsewhere. Resolved is said on top."""
    ahead = [way for way in stage.exits if way.to == (below or "ended")]
    others = [way for way in stage.exits if way not in ahead and way.to != "resolved"]
    said = [_when(tuple(dict.fromkeys(outcome for way in ahead for outcome in way.when)))] if ahead else []
    return said + ["; ".join(f"{_when(way.when)}: to {_where(protocol, way.to)}" for way in others)] * bool(others)


def _end(stage: Stage) -> str:
    ends = next((way for way in stage.exits if way.to == "ended"), None)
    if ends is None:
        return "The top of the ladder"
    return f"Ended: {ends.ending.replace('-', ' ')}" if ends.ending else "Ended"


def _when(outcomes: tuple[str, ...]) -> str:
    *others, last = outcomes
    return " or ".join(filter(None, [", ".join(others), last])).capitalize()


def _where(protocol: Protocol, name: str) -> str:
    return next((stage_title(stage) for stage in protocol.stages if stage.id == name), name)


def _drawn(box: Box, x: int, y: int, width: int) -> Iterator[str]:
    yield f'<rect class="{box.style}" x="{x}" y="{y}" width="{width}" height="{box.height}" rx="2"/>'
    if box.corner:
        yield _line(x + width - PADDING, y + PADDING + TITLE_LINE - 8, Text(box.corner, style="corner"))
    baseline = y + PADDING - 4
    for line in box.lines:
        baseline += TITLE_LINE if line.style == "name" else LINE
        yield _line(x + PADDING, baseline - 4, line)


def _line(x: int, y: int, line: Text) -> str:
    style = f' class="{line.style}"' if line.style else ""
    label = f'<tspan class="label">{escape(line.label)}</tspan> ' if line.label else ""
    return f'<text x="{x}" y="{y}"{style}>{label}{escape(line.words)}</text>'
