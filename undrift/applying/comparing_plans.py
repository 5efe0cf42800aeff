"""Plans: which plan on file a row means, what it says of it, and what a file never does to a plan by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from undrift.applying.beside import Beside
from undrift.applying.keys import by_name, of_plan
from undrift.applying.said import Many
from undrift.applying.wants import Want
from undrift.children import in_bulk
from undrift.children.models import AllocationPart, Child, Plan
from undrift.intake.extract import MeetingRow, PlanRow
from undrift.intake.plan_rules import place_of, uk
from undrift.library.numbers import SAME_PLAN

LONGEST_TEXT = 200

FACTS = (
    ("initial_category", "initial_category", "First category"),
    ("latest_category", "latest_category", "Latest category"),
    ("latest_review", "latest_review", "Latest review"),
    ("previous_plans", "previous_plans", "Number of previous plans"),
)


def plans(beside: Beside) -> None:
    """What the file says of each plan. A plan that begins after the file's own day has not begun.

    Those on file come first, then the later before the earlier: whatever the order of the rows, the same is asked.
    """
    new: dict[tuple[int, object], Plan] = {}
    rows = [(row, child, _met(beside, row, child)) for row, child in _begun(beside)]
    for row, child, met in sorted(rows, key=lambda one: (one[2] is None, -one[0].starts.toordinal())):
        plan = met or new.get((id(child), row.starts))
        if plan is None:
            if _asked(beside, row, child):
                continue
            plan = in_bulk.new(Plan, authority_id=beside.known.authority.pk, child_id=child.pk, starts=row.starts)
            in_bulk.lead(plan, "child", child)
            new[id(child), row.starts] = plan
        else:
            beside.plans_met.add(plan.pk)
        want = beside.want(plan, of_plan(row, child.external_id), [child])
        if want.new and not want.values:
            want.values["starts"] = row.starts
            beside.new_plans.setdefault(id(child), []).append(want)
        if row.starts != plan.starts:
            beside.deciding.fact(want, row, "Start of the plan", "starts", row.starts)
        _facts(beside, row, want)
        _in_order(beside, row, want)


def _begun(beside: Beside) -> Iterator[tuple[PlanRow, Child]]:
    for row in beside.extract.plans:
        child = beside.child(row)
        if child is not None and beside.not_yet(row.starts):
            beside.said.of_many(Many.NOT_YET, row, "Start of the plan")
        elif child is not None:
            yield row, child


def _of(beside: Beside, child: Child) -> list[Plan]:
    return list(beside.known.plans.get(child.pk, ())) if child.pk is not None else []


def _met(beside: Beside, row: PlanRow, child: Child) -> Plan | None:
    """The plan of that start; else the one that the source's own key became, whose start the source has put right."""
    on_file = _of(beside, child)
    exact = next((plan for plan in on_file if plan.starts == row.starts), None)
    if exact is not None or not row.source_key:
        return exact
    found: Plan | None = beside.remembered("plan", row.source_key, on_file)
    return found


def _asked(beside: Beside, row: PlanRow, child: Child) -> bool:
    """Whether a plan that is not on file is asked about, and not begun."""
    for plan in _of(beside, child):
        apart = abs(plan.starts - row.starts)
        runs_with = (plan.ends is None or plan.ends >= row.starts) and (row.ends is None or row.ends >= plan.starts)
        if apart <= SAME_PLAN and runs_with:
            beside.plans_met.add(plan.pk)
            beside.said.ask(
                place_of(row, "Start of the plan"),
                f"the plan begins on {uk(row.starts)} in the file, and on {uk(plan.starts)} here",
                wanted="If it is one plan, put the start right in the case system, to the day on file.",
            )
            return True
    other = _runs_already(beside, child) if row.ends is None or beside.not_yet(row.ends) else None
    if other is not None:
        beside.plans_replaced.add(other.pk)
        beside.said.ask(
            place_of(row, "Start of the plan"),
            f"a plan that began {uk(row.starts)} would run beside the one that began {uk(other.starts)}",
            wanted="If it is one plan, put its start right, here or in the case system; if it is another, give the"
            " earlier one its end first; else leave it. Then check the file again.",
        )
        return True
    if row.ends is None and beside.known.newest is not None and beside.known.newest > beside.extract.as_at:
        beside.said.ask(
            place_of(row),
            f"the plan that began {uk(row.starts)} runs in this file, and a younger file did not have it",
            wanted="Import the newest file again; if the plan is missing there, look at it in the case system.",
        )
        return True
    return False


def _runs_already(beside: Beside, child: Child) -> Plan | None:
    """The child's plan that runs, on file or new, as the file would have it: beside it none begins unasked."""
    for plan in (*_of(beside, child), *(want.thing for want in beside.new_plans.get(id(child), ()))):
        assert isinstance(plan, Plan)
        want = beside.wants.get(id(plan))
        ends = want.held("ends") if want is not None else plan.ends
        if ends is None or beside.not_yet(ends):
            return plan
    return None


def _facts(beside: Beside, row: PlanRow, want: Want) -> None:
    fact = beside.deciding.fact
    if "ends" in row.given:
        _end(beside, row, want)
    if "last_visit" in row.given:
        _visit(beside, row, want)
    for column, name, title in FACTS:
        value = getattr(row, column)
        if column not in row.given:
            continue
        if column == "latest_review" and beside.not_yet(value):
            beside.said.of_many(Many.NOT_YET, row, title)
            continue
        fact(want, row, title, name, value)
    if "worker" in row.given:
        fact(want, row, "Worker", "worker_text", row.worker[:LONGEST_TEXT])
    if "team" in row.given:
        _team(beside, row, want)
    for column, part, title, email in (
        ("chair", AllocationPart.CHAIR, "Chair", row.chair),
        ("worker_email", AllocationPart.SOCIAL_WORKER, "Social worker", row.worker_email),
    ):
        name = f"{part}_id"
        found = beside.taker(row, want.about[0], email, title, part, want.held(name)) if column in row.given else None
        if found is not None:
            fact(want, row, title, name, found)
        elif column in row.given and not email:
            fact(want, row, title, name, None)
    reviews(want, row.reviews_held or 0)


def reviews(want: Want, held: int) -> None:
    """At least as many reviews were held as anybody knows of: the count goes up alone."""
    known = max(held, 1 if want.held("latest_review") else 0)
    if known > want.held("reviews_held"):
        want.take("reviews_held", known)


def allocated(beside: Beside, row: MeetingRow, plans: Sequence[Want]) -> None:
    """The team and the worker of a conference's row are those of the child's plan that runs, where no row of the plan
    tells them. They are kept with a plan: of a child without one nothing is, and a name gives nobody a part.
    """
    runs = [want for want in plans if not beside.not_yet(want.held("starts"))]
    runs = [want for want in runs if want.held("ends") is None or beside.not_yet(want.held("ends"))]
    if len(runs) != 1:
        beside.said.of_many(Many.NO_PLAN, row, "Allocated Worker")
        return
    (want,) = runs
    if row.worker and "worker_text" not in want.said:
        beside.deciding.fact(want, row, "Worker", "worker_text", row.worker[:LONGEST_TEXT])
    if row.team and "team_text" not in want.said:
        _team(beside, row, want)


def _end(beside: Beside, row: PlanRow, want: Want) -> None:
    """A plan that had ended and runs again is asked about."""
    if beside.not_yet(row.ends):
        beside.said.of_many(Many.NOT_YET, row, "End of the plan")
        return
    on_file = want.held("ends")
    if row.ends is not None or on_file is None or beside.not_yet(on_file):
        if row.ends is not None or on_file is None:
            beside.deciding.fact(want, row, "End of the plan", "ends", row.ends)
        return
    if beside.deciding.is_newer(want, "ends"):
        beside.said.of_many(Many.OLDER, row, "End of the plan")
        return
    assert isinstance(want.thing, Plan)
    beside.said.ask(
        place_of(row, "End of the plan"),
        f"the plan that began {uk(want.thing.starts)} ended on {uk(on_file)} here, and the file says that it runs",
        wanted="A plan that ended stays ended: put it right in the case system, as another plan with its start.",
    )


def _in_order(beside: Beside, row: PlanRow, want: Want) -> None:
    """No plan ends before it begins: of two days of which one is the file's and one is on file, neither is taken."""
    starts, ends = want.held("starts"), want.held("ends")
    if want.new or ends is None or starts <= ends:
        return
    for name in ("starts", "ends"):
        want.values.pop(name, None)
        want.said.pop(name, None)
    beside.said.ask(
        place_of(row),
        f"with the days of the file, the plan would begin on {uk(starts)} and end on {uk(ends)}",
        wanted="Put the start and the end right in the case system, or here on the child's page.",
    )


def _visit(beside: Beside, row: PlanRow, want: Want) -> None:
    """Whether the child was seen alone is told of the last visit, and goes with it."""
    if beside.not_yet(row.last_visit):
        beside.said.of_many(Many.NOT_YET, row, "Last visit")
        return
    before = want.held("last_visit")
    if not beside.deciding.fact(want, row, "Last visit", "last_visit", row.last_visit) or "seen_alone" not in row.given:
        return
    if want.held("last_visit") != before and not want.new:
        if want.held("seen_alone") != row.seen_alone:
            want.take("seen_alone", row.seen_alone)
        want.said["seen_alone"] = row.seen_alone
    else:
        beside.deciding.fact(want, row, "Seen alone", "seen_alone", row.seen_alone)


def _team(beside: Beside, row: PlanRow | MeetingRow, want: Want) -> None:
    """The unit of that name. A team that somebody chose stays while the file goes on naming the same."""
    text = row.team[:LONGEST_TEXT]
    unit = beside.known.units.get(by_name(row.team))
    if unit is None and text:
        beside.said.of_many(Many.TEAM, row, "Team")
    if beside.deciding.is_newer(want, "team") and want.held("team_id") != unit:
        beside.said.of_many(Many.OLDER, row, "Team")
        return
    before = want.held("team_text")
    if not beside.deciding.fact(want, row, "Team", "team_text", text):
        return
    if (want.held("team_id") is None or before != text) and want.held("team_id") != unit:
        want.take("team_id", unit)
    if want.held("team_id") == unit:
        want.said["team"] = str(unit or "")
