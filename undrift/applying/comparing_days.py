"""What the file says beside the days on file: a plan and the child's birth and death, and two plans that run together.

What stands in the file itself is compared when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from undrift.applying.beside import Beside
from undrift.applying.wants import Want
from undrift.children.models import Child, Plan
from undrift.intake.dfe_rules import broken
from undrift.intake.findings import Finding, Place, warn
from undrift.intake.plan_rules import LONGEST_PREGNANCY, uk


def days(beside: Beside) -> None:
    """Of each child of whom a plan, the birth or the death becomes another."""
    born = beside.born.keys()
    for want in [want for want in beside.wants.values() if isinstance(want.thing, Child | Plan)]:
        child = want.about[0]
        of_child = beside.wants.get(id(child))
        match want.thing:
            case Plan() if want.new or "starts" in want.values:
                others = [one for one in _plans(beside, child) if one is not want]
                found = chain(
                    () if child.external_id in born else _beside_birth(want, child, of_child),
                    () if beside.extract.whole else _together(beside, want, others, child),
                )
            case Child() if not want.new and {"date_of_birth", "died_on"} & want.values.keys():
                on_file = [one for one in _plans(beside, child) if one.thing.pk not in beside.plans_met and not one.new]
                found = chain.from_iterable(_beside_birth(one, child, want) for one in on_file)
            case _:
                continue
        for finding in found:
            beside.said.one(finding)


def _plans(beside: Beside, child: Child) -> list[Want]:
    on_file = beside.known.plans.get(child.pk, ()) if child.pk is not None else ()
    return [*beside.new_plans.get(id(child), ()), *(beside.want(plan, "", [child]) for plan in on_file)]


def _beside_birth(want: Want, child: Child, of_child: Want | None) -> Iterator[Finding]:
    def held(name: str) -> Any:
        return of_child.held(name) if of_child is not None else getattr(child, name)

    starts, ends, died = want.held("starts"), want.held("ends"), held("died_on")
    birth = held("date_of_birth") or held("expected_birth")
    place = Place(child=child.external_id)
    if birth is not None and birth - starts > LONGEST_PREGNANCY:
        yield warn(
            place,
            f"the plan that began {uk(starts)} starts {(birth - starts).days} days before the date of birth",
            wanted="One of the dates is wrong.",
            did="Imported, flagged.",
        )
    if died is not None and starts > died:
        yield broken("8915", place, f"plan starts {uk(starts)}, after the child's date of death {uk(died)}")
    elif died is not None and (ends is None or ends > died):
        runs = f"ends {uk(ends)}" if ends else "has no end"
        yield broken("8920", place, f"the plan that began {uk(starts)} {runs}, and the child died on {uk(died)}")


def _together(beside: Beside, want: Want, others: list[Want], child: Child) -> Iterator[Finding]:
    """A file that is not the whole list does not name the plan beside which its own runs."""
    starts, ends = want.held("starts"), want.held("ends")
    for other in others:
        if other.new or other.thing.pk in beside.plans_met:
            continue
        begun, over = other.held("starts"), other.held("ends")
        if (over is None or over > starts) and (ends is None or ends > begun):
            found = f"two plans that overlap: from {uk(starts)} in the file, and from {uk(begun)} here"
            yield broken("8940", Place(child=child.external_id), found)
