"""The two walks together pass through every stage, every role that has a part, and every way out of each stage.

What they passed is read from the walks as they are kept; as a scene is walked it is compared with what is kept of it.
"""

from __future__ import annotations

import pytest

from tests.walkthrough import kept
from tests.walkthrough.passed import Passed, every_exit, every_role_with_a_part, every_stage
from undrift import library

POLICIES = pytest.mark.parametrize("policy", library.shipped())


def passed_by(policy: str) -> Passed:
    return kept.all_passed(kept.kept(policy).values())


@POLICIES
def test_each_scene_is_kept_and_nothing_else(policy: str) -> None:
    found = [heading.partition(" (")[0] for heading in kept.kept(policy)]
    assert list(dict.fromkeys(found)) == kept.scenes_of(policy), f"Write it anew: {kept.AGAIN}"


@POLICIES
def test_every_stage_is_passed(policy: str) -> None:
    assert passed_by(policy).stages == every_stage(library.load(policy))


@POLICIES
def test_every_way_out_of_every_stage_is_taken(policy: str) -> None:
    asked = every_exit(library.load(policy))
    assert sorted(asked - passed_by(policy).exits) == []
    assert passed_by(policy).exits <= asked


@POLICIES
def test_every_role_with_a_part_acts_or_is_told(policy: str) -> None:
    assert sorted(every_role_with_a_part(library.load(policy)) - passed_by(policy).roles) == []


@POLICIES
def test_the_count_at_the_end_is_what_the_scenes_add_up_to(policy: str) -> None:
    text = (kept.FOLDER / f"{policy}.md").read_text("utf-8")
    assert text == kept.whole(policy, kept.kept(policy)), f"Write it anew: {kept.AGAIN}"


def test_a_scene_that_went_otherwise_is_found_and_says_how_to_keep_it() -> None:
    heading, text = next(iter(kept.kept("walsall").items()))
    assert kept.differs("walsall", heading, text) == ""
    said = kept.differs("walsall", heading, text.replace("Wednesday 13 May 2026", "Thursday 14 May 2026"))
    assert kept.AGAIN in said
    assert "+" in said
    assert "Thursday 14 May 2026" in said
