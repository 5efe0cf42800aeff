"""From an empty council to a concern that is raised: its people by a command, its children from its own files."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.desks.importing.files import list_7
from tests.intake.test_organisation import at_new_addresses, elsewhere
from tests.journeys.telling import Telling, on
from undrift.cli.import_ import run
from undrift.intake.organisation.exporting import export
from undrift.people.models import Person

pytestmark = [pytest.mark.browser]

IMPACT = "She was asked about things she had not heard before and went quiet."


def organisation(tell: Telling, folder: Path) -> list[str]:
    """The five files of a council that works as Westmarch does, with people of its own."""
    files = at_new_addresses(export(tell.demo.west.authority))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]


def own_csv(tell: Telling) -> bytes:
    """Who the two children are, that they are one family, and who chairs for them."""
    began = tell.today - timedelta(days=90)
    tables = {
        "children.csv": [
            "child_id,first_name,last_name,family",
            "90001,Wren,Calder,Calder",
            "90002,Linus,Calder,Calder",
        ],
        "plans.csv": [
            "child_id,starts,chair,worker",
            *(
                f"{number},{began.isoformat()},grace.ollerton@westmarch.new.example,hannah.quill@westmarch.new.example"
                for number in (90001, 90002)
            ),
        ],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for name, lines in tables.items():
            zipped.writestr(name, "\n".join([*lines, ""]))
    return packed.getvalue()


def annex_a(tell: Telling) -> bytes:
    began, born = tell.today - timedelta(days=90), tell.today - timedelta(days=4_000)
    of_each = {"starts": began, "born": born, "visit": tell.today - timedelta(days=9), "review": None}
    file = list_7({"child_id": 90001, **of_each}, {"child_id": 90002, **of_each}, {"child_id": None, **of_each})
    return bytes(file.read())


def test_a_council_brings_its_children_in_and_a_chair_raises_a_concern(tell: Telling, tmp_path: Path) -> None:
    tell.given("a council that the service knows by name, whose people were brought in by a command")
    council = elsewhere(tell.demo.west.authority)
    assert run(["organisation", *organisation(tell, tmp_path), "--authority", council.code]) == 0
    people = {person.name: person for person in Person.objects.filter(email__endswith=".new.example")}
    jo = tell.somebody(tell, people["Jo Talbot"])
    jo.signed_in()
    jo.goes_home()

    tell.when("an administrator opens Import, and sees what is asked")
    jo.clicks("Import")
    jo.sees("Nothing has been brought in yet.", "Annex A", "0 imports")
    jo.misses_everything("Check the file", "Select what kind of file it is", "Choose the file")

    tell.when("she checks the workbook that was made for the last inspection")
    jo.chooses("Annex A, Lists 5 and 7", to="What kind of file is it?")
    jo.attaches("annex.xlsx", annex_a(tell), into="Which file?")
    jo.clicks("Check the file")
    jo.sees("Check before you apply", "No child number that can be used", "90001", "Rows left out 1")

    tell.then("all of it is applied, and the row that was wrong is said")
    jo.clicks("Apply")
    jo.sees("Applied.", "An import", "Left out", on(tell.today), "90002")

    tell.when("she says with our own CSV who chairs")
    jo.clicks("Import")
    jo.sees("1 import", "The last import")
    jo.chooses("Our own CSV", to="What kind of file is it?")
    jo.attaches("chairs.zip", own_csv(tell), into="Which file?")
    jo.clicks("Check the file")
    jo.does_not_see("Wren", "Linus", "Hannah")
    jo.clicks("Apply")
    jo.sees("Applied.")
    jo.does_not_see("Wren", "Linus", "Hannah")

    tell.then("the chair finds the children, and records what was agreed about one of them")
    grace = tell.somebody(tell, people["Grace Ollerton"])
    grace.signed_in()
    grace.goes_home()
    grace.clicks("See your children")
    grace.clicks("Calder", about="of Wren")
    grace.sees("Wren", "Linus")
    grace.clicks("Raise a concern for these children")
    grace.chooses("Informal", to="Informal or formal?")
    grace.clicks("Continue")
    grace.ticks("Wren", to="Which children?")
    grace.chooses("Immediately after the conference", to="When did this come up?")
    grace.ticks("Report not shared in time")
    grace.types(IMPACT, into="How does this affect Wren?")
    grace.chooses("No", to="Is any child at immediate risk now?")
    grace.finds("Priya Nairn", into="Who did you speak to?")
    grace.chooses("In person", to="How did you speak?")
    grace.types("Write up the two visits", into="What will be done?", within="Action 1")
    grace.types("Hannah Quill", into="Who will do it?", within="Action 1")
    grace.types_day(tell.due_in(3), into="By when?", within="Action 1")
    grace.types_day(tell.due_in(3), into="Check again on")
    grace.clicks("Save record")
    grace.sees("Recorded.", "Informal resolution", IMPACT)
