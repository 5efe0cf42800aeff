"""Which council a file is brought into: the one of that code, or one that its own file makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from undrift import library
from undrift.intake.organisation.checking import Checked
from undrift.people.models import Authority, Partnership

LONGEST_PHONE = 30


class UnknownAuthorityError(ValueError):
    """No authority has this code; the sentence names those there are."""


class LeftOut(Exception):
    """The row cannot be used: the column, what was found, what is wanted."""

    def __init__(self, column: str, found: str, wanted: str) -> None:
        self.column, self.found, self.wanted = column, found, wanted
        super().__init__(found)


def authority_of(code: str) -> Authority:
    """The authority of that code. Refuses (`UnknownAuthorityError`) with the codes there are."""
    found = of_code(code)
    if not found:
        codes = ", ".join(Authority.objects.order_by("code").values_list("code", flat=True))
        known = f"There are: {codes}." if codes else NONE_YET
        raise UnknownAuthorityError(f'No authority has the code "{code}". {known}')
    return found[0]


def of_code(code: str) -> list[Authority]:
    """The authority of that code, or none."""
    return list(Authority.objects.filter(code=code))


NONE_YET = (
    "There is none yet: send a council file with that code (docs/reference/organisation-csv.md), or `make run`, which"
    " loads two invented ones."
)


def new_council(checked: Checked, code: str) -> Authority | None:
    """The council that a row of the files makes; None where no row has that code, or it cannot be used."""
    row = next((row.cells for row in checked.rows.get("council", ()) if row.cells["code"] == code), None)
    if row is None:
        return None
    policy = row["policy"].lower()
    try:
        said = said_of_itself(row) | {"area": area_of(policy, row["area"])}
    except LeftOut as why:
        raise UnknownAuthorityError(f"The council cannot be made: {why.column}: {why.found}. {why.wanted}") from why
    partnership = Partnership.objects.get_or_create(name=row["partnership"])[0] if row["partnership"] else None
    version = library.load(policy).head.version
    return Authority.objects.create(
        code=code, partnership=partnership, protocol_id=policy, protocol_version=version, **said
    )


def said_of_itself(row: Mapping[str, str]) -> dict[str, Any]:
    """What the file says of the council, by column."""
    phones = {name: row[name] for name in ("front_door_phone", "out_of_hours_phone", "mailbox_phone")}
    for name, number in phones.items():
        if len(number) > LONGEST_PHONE:
            raise LeftOut(name, f"More than {LONGEST_PHONE} characters", "One number.")
    return {"name": row["council"], "lea": row["lea"], "mailbox": row["mailbox"], **phones}


def area_of(policy: str, area: str) -> str:
    """The area, where the policy has it; refuses (`LeftOut`) one that it lacks."""
    areas = library.areas_of(policy)
    if area and area not in areas:
        raise LeftOut("area", "The policy has no such area", f"One of {', '.join(areas)}." if areas else "Nothing.")
    return area
