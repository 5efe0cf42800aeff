"""Children and their families: who is new, what is said of those on file, and who belongs to whom."""

from __future__ import annotations

from datetime import date

from undrift.applying.beside import Beside, day_of, grouped
from undrift.applying.said import ONE_CHILD, Many
from undrift.applying.wants import Want
from undrift.children import in_bulk
from undrift.children.models import Child, Family
from undrift.intake.extract import ChildRow, is_by_name
from undrift.intake.findings import Finding, Place, warn
from undrift.intake.plan_rules import place_of, uk

FACTS = (
    ("sex", "sex", "sex"),
    ("first_name", "first_name", "First name"),
    ("last_name", "last_name", "Last name"),
)


def children(beside: Beside) -> None:
    """What the file says of each child; new ones come in, and stand in their families."""
    pairs = []
    for row in beside.extract.children:
        beside.before(row)
        child = beside.child(row) if beside.is_known(row.child_id) else _new(row, beside)
        if child is not None:
            pairs.append((row, child))
    _families(beside, pairs)
    for row, child in pairs:
        _facts(beside, row, beside.want(child, child.external_id, [child]))


def _new(row: ChildRow, beside: Beside) -> Child:
    child = in_bulk.new(Child, authority_id=beside.known.authority.pk, external_id=row.child_id)
    beside.new_children[row.child_id] = child
    beside.named.add(row.child_id)
    for former in row.former_ids:
        if former != row.child_id and former in beside.known.children:
            beside.said.ask(
                # Whose record may be closed to the reader is the one on file, and not the one of the row.
                Place(sheet=row.sheet, row=row.row, child=former),
                f"child {row.child_id} had this number before, and this child is on file",
                wanted=ONE_CHILD,
                also=row.child_id,
            )
    return child


def _facts(beside: Beside, row: ChildRow, want: Want) -> None:
    fact = beside.deciding.fact
    for column, name, title in FACTS:
        if column in row.given:
            fact(want, row, title, name, getattr(row, column))
    _birth(beside, row, want)
    if "died" in row.given:
        _death(beside, row, want)
    if "restricted" in row.given and row.restricted is not None:
        _restriction(beside, row, want)


def _birth(beside: Beside, row: ChildRow, want: Want) -> None:
    """Once born, the day that was expected is history and not an error to be erased."""
    unborn = beside.not_yet(row.born)
    expected = row.expected or (row.born if unborn else None)
    if {"born", "expected"} & row.given and expected is not None:
        if beside.not_yet(expected) and want.held("date_of_birth") is not None:
            beside.said.of_many(Many.UNBORN, row, "Expected date of birth")
            return
        beside.deciding.fact(want, row, "Expected date of birth", "expected_birth", expected)
    elif "born" in row.given and not (unborn or row.expected):
        died = want.held("died_on")
        if row.born is not None and died is not None and died < row.born and "died" not in row.given:
            beside.said.beside(
                _before_birth(row, "Date of birth", died, row.born, "Imported without the date of birth.")
            )
            return
        beside.deciding.fact(want, row, "Date of birth", "date_of_birth", row.born)


def _death(beside: Beside, row: ChildRow, want: Want) -> None:
    """Whoever has died is seen by those alone who are named for them, at once."""
    if beside.not_yet(row.died):
        beside.said.of_many(Many.NOT_YET, row, "Date of death")
        return
    born = want.held("date_of_birth")
    if row.died is not None and born is not None and row.died < born:
        beside.said.beside(_before_birth(row, "Date of death", row.died, born, "Imported without the date of death."))
        return
    before = want.held("died_on")
    if not beside.deciding.fact(want, row, "Date of death", "died_on", row.died) or want.held("died_on") == before:
        return
    restricted = want.held("restricted")
    want.take("restricted", True)
    say = beside.said.beside if restricted else beside.said.one
    say(
        warn(
            place_of(row, "Date of death"),
            f"the child died on {uk(row.died)}",
            wanted="Look at who has to see the record, and name them for it.",
            did="Held as it is" + (", and still restricted." if restricted else ", and restricted at once."),
        )
    )


def _before_birth(row: ChildRow, column: str, died: date, born: date, did: str) -> Finding:
    """One of the two days is the file's, and the other is on file."""
    return warn(
        place_of(row, column),
        f"date of death {uk(died)} is before the date of birth {uk(born)}",
        wanted="Put right the one that is wrong, in the case system or here.",
        did=did,
        code="8535Q",
    )


def _restriction(beside: Beside, row: ChildRow, want: Want) -> None:
    if row.restricted:
        if not want.held("restricted"):
            want.take("restricted", True)
        want.said["restricted"] = "yes"
    elif want.held("restricted"):
        beside.said.ask(
            place_of(row, "Restricted"),
            "the record is restricted here, and the file says that it is not",
            wanted="If it need not be restricted any more, ask on the child's page to lift it; a second person agrees.",
        )


# Families -------------------------------------------------------------------------------------------------------------


def _families(beside: Beside, pairs: list[tuple[ChildRow, Child]]) -> None:
    """Children with one key are one family. A child without a key stands alone until somebody says more."""
    together = grouped((row.family_key, (row, child)) for row, child in pairs)
    for key, members in together.items():
        if key:
            _one_family(beside, key, members)
    placed = {id(child) for key, members in together.items() if key for _, child in members}
    for row, child in pairs:
        if child.pk is None and id(child) not in placed:
            placed.add(id(child))
            in_bulk.lead(child, "family", _new_family(beside, row.family))
        _name(beside, row, child)


def _one_family(beside: Beside, key: str, members: list[tuple[ChildRow, Child]]) -> None:
    only_named = is_by_name(key)
    row = beside.known.rows.get(("family", key))
    number = row.object_id if row is not None and row.object_id in beside.known.families else None
    if number is None:
        number = next((child.family_id for _, child in members if child.family_id is not None), None)
    family = Family(pk=number, authority=beside.known.authority) if number is not None else None
    if family is None:
        family = _new_family(beside, next((row.family for row, _ in members if row.family), ""))
    if not only_named and (row is None or row.object_id != family.pk):
        beside.family_keys[key] = family
    for row_of, child in members:
        if only_named and len(members) > 1 and (child.pk is None or child.family_id != family.pk):
            beside.said.of_many(Many.BY_NAME, row_of, "Family")
        if child.pk is None:
            in_bulk.lead(child, "family", family)
        elif child.family_id != family.pk:
            _move(beside, row_of, child, family)


def _move(beside: Beside, row: ChildRow, child: Child, family: Family) -> None:
    """A child who stands alone moves; of a family with a history, only somebody decides who belongs to it."""
    known = beside.known
    alone = known.in_family[child.family_id] == 1 and child.family_id not in known.settled_families
    said_later = known.is_newer("child", child.pk, "family")
    if alone and family.pk is not None and not said_later and not _opens(beside, child.family_id, family.pk):
        beside.want(child, child.external_id, [child]).take("family_id", family.pk)
        _conferences(beside, child, family.pk)
        return
    beside.said.ask(
        place_of(row, "Family"),
        "the file puts the child into another family than the one on file",
        wanted="If that is right, move the child on the child's page.",
    )


def _opens(beside: Beside, *families: int) -> bool:
    """Whether a move between the two may open a record: a restricted one, or one to whoever brings the file in."""
    chaired = (one.chair_id for number in families for one in beside.known.conferences.get(number, ()))
    restricted = any(beside.known.restricted_in.get(number) for number in families)
    return restricted or not beside.known.oneself.isdisjoint(chaired)


def _conferences(beside: Beside, child: Child, family: int) -> None:
    """They go with the child; one that the family has of that kind and day is the same conference."""
    has = {(one.kind, day_of(one)) for one in beside.known.conferences.get(family, ())}
    for conference in list(beside.known.conferences.get(child.family_id, ())):
        if (conference.kind, day_of(conference)) not in has:
            beside.want(conference, "", [child]).take("family_id", family)


def _new_family(beside: Beside, name: str) -> Family:
    family = in_bulk.new(Family, authority_id=beside.known.authority.pk, name=name[:200])
    beside.new_families.append(family)
    return family


def _name(beside: Beside, row: ChildRow, child: Child) -> None:
    """A family without a name gets the file's; another name than the one on file is said. Of a child who moves, it is
    the family that the child moves to.
    """
    number = beside.family_of(child)
    if not row.family or "family" not in row.given or child.pk is None or number is None:
        return
    families = beside.known.families
    on_file = families.get(number, "")
    if not on_file:
        beside.family_names.append((child, row.family[:200]))
        families[number] = row.family[:200]
    elif on_file != row.family[:200]:
        beside.said.of_many(Many.FAMILY_NAME, row, "Family")
