"""Whatever a row claims is taken away in turn, and a scene that the row names notices.

In `make test` a sample of them, in `make test-all` every one. A scene notices where something that it asserts is not
so, or where what its people met is not what is kept. Of the scenes that a row names, those that come to its stage are
walked first, the shortest before the others.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from contextlib import nullcontext
from functools import partial

import pytest

from tests.house.test_traceability import ROWS
from tests.house.thorough import THOROUGH
from tests.journeys.looked import Looked
from tests.messages.letterbox import Letterbox, letterbox
from tests.walkthrough import kept
from tests.walkthrough.mutants import Mutant, all_mutants
from tests.walkthrough.passed import read_again
from tests.walkthrough.stage import a_walk

__all__ = ["letterbox"]

USUALLY = 8
LEAST = 100
SCENES = {row.id: [shown for shown in row.shown_by if shown.startswith("tests/walkthrough/")] for row in ROWS}


def scenes_of(mutant: Mutant) -> list[tuple[str, str, object]]:
    """Module, name and what it is walked for: first those that come to its stage, and of these the shortest."""
    found = []
    for shown in SCENES[mutant.row]:
        path, _, name = shown.partition("::")
        module = path.removesuffix(".py").replace("/", ".")
        function = getattr(importlib.import_module(module), name)
        marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
        found += [(module, name, each) for each in (marks[0].args[1] if marks else [None])]
    policy = importlib.import_module(found[0][0]).POLICY
    sections = kept.kept(policy)

    def place(scene: tuple[str, str, object]) -> tuple[bool, int]:
        text = sections[heading(scene)]
        return mutant.at not in read_again(text).stages, len(text)

    return sorted(found, key=place)


def heading(scene: tuple[str, str, object]) -> str:
    _, name, each = scene
    return kept.heading_of(name if each is None else f"{name}[{each}]")


def walk_it(scene: tuple[str, str, object], box: Letterbox, looked: Looked) -> None:
    """Raises what the scene asserts, or `Noticed`, as soon as it does not go as it is kept."""
    module, of = importlib.import_module(scene[0]), heading(scene)
    more = () if scene[2] is None else (scene[2],)
    with a_walk(box, looked, partial(kept.notice, module.POLICY, of)) as walk:
        getattr(module, scene[1])(walk, *more)
        if differs := kept.differs(module.POLICY, of, walk.section(of)):
            raise kept.Noticed(differs)


# A scene that asserts something, or that is compared with what is kept of it. Whatever else is raised is a breakdown of
# the service or of the scene: it shows that something is wrong, and not that anybody looks at what the row claims.
NOTICES = (AssertionError, kept.Noticed)


def killed_by(mutant: Mutant, box: Letterbox, looked: Looked) -> str:
    """The scene that noticed, and what; empty where none did. One that breaks down has noticed nothing."""
    with mutant.change():
        for scene in scenes_of(mutant):
            try:
                walk_it(scene, box, looked)
            except NOTICES as noticed:
                return f"{heading(scene)}: {type(noticed).__name__}"
            except Exception as breakdown:  # the next scene may look
                print(f"{heading(scene)} breaks down: {breakdown!r}", flush=True)
    return ""


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_a_row_claims_is_missed_by_its_scenes_when_it_is_gone(
    letterbox: Letterbox, looked: Looked, seed: int
) -> None:
    every = all_mutants()
    assert len({mutant.name for mutant in every}) == len(every) >= LEAST
    assert [mutant.name for mutant in every if not SCENES[mutant.row]] == []
    chosen = every if THOROUGH else random.Random(seed).sample(every, USUALLY)
    began, alive = time.monotonic(), []
    for mutant in chosen:
        if not (by := killed_by(mutant, letterbox, looked)):
            alive.append(mutant.name)
        print(f"{time.monotonic() - began:.0f} s  {mutant.row} {mutant.name}: {by or 'ALIVE'}", flush=True)
    killed = len(chosen) - len(alive)
    print(f"{killed} of {len(chosen)} killed in {time.monotonic() - began:.0f} s; made {len(every)}")
    assert alive == []


@pytest.mark.parametrize(
    ("raised", "killed"),
    [(AssertionError("not told"), True), (kept.Noticed("otherwise"), True), (KeyError("stage-1"), False),
     (TypeError("no such field"), False), (StopIteration(), False)],
    ids=lambda each: type(each).__name__ if isinstance(each, BaseException) else "",
)  # fmt: skip
def test_only_what_a_scene_asserts_or_compares_counts_as_noticed(
    raised: Exception, killed: bool, monkeypatch: pytest.MonkeyPatch, looked: Looked
) -> None:
    def walk(*asked: object) -> None:
        raise raised

    monkeypatch.setattr(sys.modules[__name__], "walk_it", walk)
    mutant = Mutant("nothing is changed", "W-82", nullcontext)
    assert bool(killed_by(mutant, Letterbox(), looked)) is killed
