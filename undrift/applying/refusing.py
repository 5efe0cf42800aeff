"""Why a file is not applied, or an import not undone."""

from __future__ import annotations

import re

from undrift.applying.wants import Compared
from undrift.children.models import ImportRun
from undrift.intake.extract import Extract
from undrift.intake.findings import Severity
from undrift.people.models import Authority

STOPPED, CHANGED_SINCE, BRAKE, BUSY = "stopped", "changed-since", "brake", "busy"
CONFIRM, OTHER_COUNCIL, NOT_UNDONE, NO_LONGER = "confirm", "other-council", "not-undone", "no-longer"

SAY_SO = "If it is whole, say so and apply it."


class NotApplied(ValueError):
    """Nothing was written: the sentence says why and what to do, the code tells which of the reasons it is."""

    def __init__(self, sentence: str, code: str) -> None:
        self.sentence, self.code = sentence, code
        super().__init__(sentence)


def changed_since() -> NotApplied:
    """What was written until then is taken back with the transaction."""
    return NotApplied(
        "What is on file has changed since the check, and so would what the file changes. Check the file again.",
        CHANGED_SINCE,
    )


def brake_sentence(compared: Compared) -> str:
    """Why so much is not believed at once."""
    return (
        f"Of {compared.open_before} open plans {compared.ends} would end and {compared.missing} are missing from the "
        "file, which is more than a tenth. Look whether it is the right file, and whole; then say so and apply it."
    )


def confirm_sentence(compared: Compared) -> str:
    """Where only somebody who looks can tell whether the file is whole; "" where there is nothing of the kind."""
    asked = [one for one in compared.findings if one.severity is Severity.CONFIRM]
    return " ".join([*(f"{one.place}: {one.found}. {one.wanted}" for one in asked), SAY_SO]) if asked else ""


def other_council(extract: Extract, authority: Authority) -> str:
    """How the file shows that it is another council's; "" where it does not.

    By the council that it names, by its three figures or those of the files before, or by having been another's.
    """
    if extract.council and _is_a_name(extract.council):
        if _plain(extract.council) not in {_plain(authority.code), _plain(authority.name)}:
            return f"The file says that it is of another council than {authority.name}"
    elif extract.council and authority.lea:
        if extract.council.lstrip("0") != authority.lea.lstrip("0"):
            return f"The file says that it is of council {extract.council}, and {authority.name} is {authority.lea}"
    elif extract.council:
        before = ImportRun.objects.filter(authority=authority, undone_at=None).exclude(council="")
        numbers = {run for run in before.values_list("council", flat=True) if not _is_a_name(run)}
        if numbers and extract.council not in numbers:
            return f"The file says that it is of council {extract.council}, and those before were of {min(numbers)}"
    elsewhere = ImportRun.objects.filter(sha256=extract.sha256, undone_at=None).exclude(authority=authority)
    if extract.sha256 and elsewhere.exists():
        return "This very file has been imported into another council of the service"
    return ""


def _is_a_name(council: str) -> bool:
    return re.search(r"[a-z]", council, re.IGNORECASE) is not None


def _plain(name: str) -> str:
    """A council's name without what councils are called: "Westmarch Council" and "westmarch" are one."""
    words = re.findall(r"[a-z]+", name.casefold())
    left = [word for word in words if word not in {"council", "borough", "city", "county", "metropolitan", "of", "the"}]
    return " ".join(left)
