"""Open plans that a whole list does not have any more, and children who may have come back under another number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from undrift.applying.beside import Beside, grouped
from undrift.applying.numbers import plain
from undrift.applying.said import uk
from undrift.children.models import Child, Plan
from undrift.intake.findings import Finding, Place, warn


@dataclass
class Gone:
    """How many plans were open before the file, would end by it, and are missing from it; what is to be said."""

    open_before: int = 0
    ends: int = 0
    missing: int = 0
    asked: int = 0
    findings: list[Finding] = field(default_factory=list)


def gone(beside: Beside) -> Gone:
    """Nothing is ended because it is absent: a list leaves out what is long past, and a report that failed all."""
    found = Gone()
    absent: list[Plan] = []
    in_file = {plain(number) for number in beside.extract.children_in_file}
    children = {child.pk: child for child in beside.known.children.values()}
    younger = beside.known.newest is not None and beside.known.newest > beside.extract.as_at
    for plan in (plan for of_child in beside.known.plans.values() for plan in of_child):
        child = children.get(plan.child_id)
        if child is None or (plan.ends is not None and not beside.not_yet(plan.ends)) or beside.not_yet(plan.starts):
            continue
        found.open_before += 1
        want = beside.wants.get((Plan, id(plan)))
        if want is not None and "ends" in want.values:
            found.ends += 1
        if plan.pk in beside.plans_met or not beside.extract.whole or younger:
            continue
        if plan.pk not in beside.known.told_of_plans:
            continue  # what no file has told of is missing from none
        if _named_again(beside, child, plan):
            found.findings.append(_another(child, plan))
        elif plain(child.external_id) not in in_file and child.external_id not in beside.named:
            found.missing += 1
            absent.append(plan)
            found.findings.append(_missing(child, plan))
    offers = list(_renumbered(beside, absent, children))
    found.findings += offers
    found.asked = len(offers)
    return found


def _named_again(beside: Beside, child: Child, plan: Plan) -> bool:
    """Whether the file has a plan of the child, and it is another one."""
    others = beside.known.plans.get(child.pk, ())
    return id(child) in beside.new_plans or any(one.pk in beside.plans_met for one in others if one is not plan)


def _another(child: Child, plan: Plan) -> Finding:
    return warn(
        Place(child=child.external_id),
        f"the plan that began {uk(plan.starts)} was open, and the list now gives another plan",
        did="Nothing was changed; give the earlier plan its end.",
    )


def _missing(child: Child, plan: Plan) -> Finding:
    return warn(
        Place(child=child.external_id),
        f"the plan that began {uk(plan.starts)} was open and is now missing from the list",
        did="Nothing was changed; find out whether it has ended.",
    )


def _renumbered(beside: Beside, absent: list[Plan], children: dict[int, Child]) -> Iterator[Finding]:
    """A new child has the birth, the plan's start and, as far as they are given, the names of one who is gone."""
    if not absent:
        return
    candidates = grouped(((children[plan.child_id].date_of_birth, plan.starts), plan) for plan in absent)
    for wants in beside.new_plans.values():
        for want in wants:
            (new,) = want.about
            alike = [
                children[plan.child_id]
                for plan in candidates.get((new.date_of_birth, want.held("starts")), ())
                if new.pk is None and new.date_of_birth and _could_be(new, children[plan.child_id])
            ]
            for child in alike:
                yield warn(
                    Place(child=new.external_id),
                    f"a new number, with the birth and the plan's start of child {child.external_id}, who is missing",
                    wanted="If they are one child, keep the old number in the case system: records are not merged.",
                    did="Imported as another child; nothing was merged.",
                )


def _could_be(new: Child, old: Child) -> bool:
    return all(
        not mine or not theirs or mine.casefold() == theirs.casefold()
        for mine, theirs in ((new.first_name, old.first_name), (new.last_name, old.last_name))
    ) and (new.sex == old.sex or "U" in (new.sex, old.sex))
