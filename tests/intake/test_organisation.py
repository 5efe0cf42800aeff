"""The organisation as six CSV files: out and in again without a change; each wrong row said, place by place."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cast import NOW, TODAY, Cast, northmoor, westmarch
from undrift.applying.organisation import Applied, apply
from undrift.cli.main import main
from undrift.intake.organisation.checking import check
from undrift.intake.organisation.columns import TABLES, column_list, harmless, plain
from undrift.intake.organisation.exporting import export
from undrift.library import load
from undrift.people.finders import find
from undrift.people.models import Agency, Authority, Cover, Holding, Partnership, Person, Post, Unit

CHECKOUT = Path(__file__).resolve().parents[2]


def sent(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode("utf-8") for name, text in files.items()}


def into(authority: Authority, files: Mapping[str, str], **options: bool) -> Applied:
    return apply(check(sent(files)), authority, **options)


def one(table: str, *rows: str) -> dict[str, str]:
    """One file of some rows, without the columns that need not be there."""
    heads = {
        "units": "agency,kind,shared,unit,above",
        "posts": "agency,unit,post,title,heads_unit",
        "staff": "email,name,phone,agency",
        "holdings": "agency,unit,post,email,as,starts,ends",
        "covers": "away,covering,agency,unit,post,starts,ends,reason",
    }[table]
    return {f"{table}.csv": "\n".join([heads, *rows, ""])}


CSC = "Westmarch Children's Social Care"
AT_NORTH = f"{CSC},North,team-manager"
DEV, HANNAH = "dev.marchetti@westmarch.example", "hannah.quill@westmarch.example"
KINDS = "childrens-social-care, health, police, education, housing, voluntary, other"


def elsewhere(like: Authority) -> Authority:
    """An empty council of an empty partnership, as it stands before its first import."""
    return Authority.objects.create(
        code=f"new-{like.code}",
        name="New Council",
        partnership=Partnership.objects.create(name="New Partnership"),
        protocol_id=like.protocol_id,
        protocol_version=like.protocol_version,
    )


def at_new_addresses(files: Mapping[str, str]) -> dict[str, str]:
    """Those of its people, for a council of another name."""
    return {name: text.replace(".example", ".new.example") for name, text in people_of(files).items()}


def people_of(files: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in files.items() if name != "council.csv"}


@pytest.mark.django_db
@pytest.mark.parametrize("build", [westmarch, northmoor])
def test_what_was_exported_changes_nothing_when_it_is_imported(build: Callable[[], Cast]) -> None:
    authority = build().authority
    applied = into(authority, export(authority))
    assert (applied.changes, applied.findings) == (0, [])
    assert all(count["unchanged"] for name, count in applied.counts.items() if name != "covers")


@pytest.mark.django_db
def test_an_organisation_is_built_from_the_files_alone_and_the_second_time_nothing_changes() -> None:
    west = westmarch()
    Cover.objects.create(
        authority=west.authority, away=west.person("Priya"), covering=west.person("Callum"), starts=TODAY,
        post=west.post("team-manager", "North"), reason="On leave",
    )  # fmt: skip
    files, new = at_new_addresses(export(west.authority)), elsewhere(west.authority)
    first, second = into(new, files), into(new, files)
    assert (first.findings, second.findings, second.changes) == ([], [], 0)
    assert at_new_addresses(export(west.authority)) == people_of(export(new))
    assert first.counts["staff"]["new"] == Person.objects.filter(email__endswith=".new.example").count() == 26
    lead = Post.objects.get(agency__name="Westmarch Schools", agency__partnership=new.partnership)
    assert (lead.partnership, lead.authority) == (new.partnership, None)


@pytest.mark.django_db
def test_a_check_says_the_same_and_keeps_nothing() -> None:
    west = westmarch()
    files, new = at_new_addresses(export(west.authority)), elsewhere(west.authority)
    checked = into(new, files, only_check=True)
    assert not Agency.objects.filter(authority=new).exists()
    assert into(new, files).counts == checked.counts


@pytest.mark.django_db
def test_rows_may_stand_in_any_order_and_a_loop_in_the_tree_is_refused() -> None:
    west = westmarch()
    files = one("units", f"{CSC},,,Night Team,Night Service", f"{CSC},,,Night Service,Safeguarding")
    assert into(west.authority, files).counts["units"]["new"] == 2
    loop = one("units", f"{CSC},,,Night Service,Night Team")
    (finding,) = into(west.authority, loop).findings
    assert str(finding) == (
        "units.csv row 2, above: The unit above sits below this unit. A unit that is not below it. Row not imported."
    )


@pytest.mark.django_db
def test_a_last_day_ends_a_holding_and_the_next_holder_is_found() -> None:
    west = westmarch()
    starts = Holding.objects.get(person=west.person("Priya")).starts
    files = one(
        "holdings",
        f"{CSC},North,team-manager,priya.nairn@westmarch.example,,{starts:%d/%m/%Y},2026-05-05",
        f"{CSC},North,team-manager,DEV.MARCHETTI@westmarch.example,holder,2026-05-06,",
    )
    applied = into(west.authority, files)
    assert applied.counts["holdings"] == {"new": 1, "changed": 1, "unchanged": 0}
    assert find("manager of the child's team", west.case("Maya"), NOW).person == west.person("Dev")


WRONG_ROWS = [
    (one("staff", "not an address,Sam Poole,," + CSC), "email", "This is no email address"),
    (one("staff", "sam@westmarch.example,,," + CSC), "name", "Empty"),
    (one("staff", "sam@westmarch.example,Sam Poole,,Nowhere"), "agency", "There is no such agency"),
    (one("staff", f"sam@westmarch.example,{'x' * 201},,{CSC}"), "name", "More than 200 characters"),
    (one("staff", f"sam@westmarch.example,Sam Poole,{'0' * 31},{CSC}"), "phone", "More than 30 characters"),
    (one("staff", f"sam@westmarch.example,Sam Poole,,{CSC},more"), "", "More cells than columns"),
    (one("units", "New Agency,,,,"), "kind", "The agency is new, and its kind is not said"),
    (one("units", "New Agency,circus,,,"), "kind", f'"circus" is none of {KINDS}'),
    (one("units", f"{CSC},,,North,North"), "above", "A unit is not above itself"),
    (one("units", f"{CSC},,,North,Nowhere"), "above", "The agency has no such unit"),
    (one("posts", f"{CSC},North,Team Manager,Team Manager,"), "post", "Small letters, figures and hyphens only"),
    (one("posts", f"{CSC},North,second-manager,Manager,yes"), "heads_unit", "Another post manages this unit"),
    (one("posts", f"{CSC},,manager,Manager,yes"), "heads_unit", "A post that manages a unit names no unit"),
    (one("posts", f"{CSC},North,helper,Helper,perhaps"), "heads_unit", '"perhaps" is none of yes, no'),
    (one("holdings", f"{AT_NORTH},nobody@x.example,,2026-05-06,"), "email", "Nobody here has this email address"),
    (one("holdings", f"{CSC},North,juggler,{DEV},,2026-05-06,"), "post", "There is no such post there"),
    (one("holdings", f"{AT_NORTH},{DEV},,soon,"), "starts", "This is no day"),
    (one("holdings", f"{AT_NORTH},{DEV},,2026-05-06,2026-05-05"), "ends", "The last day is before the first"),
    (one("holdings", f"{AT_NORTH},{DEV},friend,2026-05-06,"), "as", '"friend" is none of holder, acting, deputy'),
    (one("covers", f"{DEV},{DEV.upper()},,,,2026-05-06,,"), "covering", "Nobody covers for themselves"),
    (one("covers", f"{DEV},{HANNAH},,,team-manager,2026-05-06,,"), "post", "Agency and post belong together"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("files", "column", "found"), WRONG_ROWS)
def test_a_wrong_row_is_left_out_with_its_place_and_reason(files: dict[str, str], column: str, found: str) -> None:
    west = westmarch()
    before = export(west.authority)
    (finding,) = into(west.authority, files).findings
    assert (finding.place.row, finding.place.column, finding.found) == (2, column, found)
    assert finding.wanted
    assert finding.did == "Row not imported."
    assert export(west.authority) == before


@pytest.mark.django_db
def test_a_wrong_row_stops_no_other_and_a_row_twice_is_said() -> None:
    west = westmarch()
    staff = f"sam@westmarch.example,Sam Poole,01632 960999,{CSC}"
    applied = into(west.authority, one("staff", staff, "x,y,z,w", staff))
    assert (applied.counts["staff"]["new"], [finding.place.row for finding in applied.findings]) == (1, [3, 4])
    sam = Person.objects.get(email="sam@westmarch.example")
    assert (sam.authority, sam.has_usable_password()) == (west.authority, False)


@pytest.mark.django_db
def test_nobody_of_another_organisation_is_taken_over() -> None:
    north, west = northmoor(), westmarch()
    files = one("staff", f"rosalind.amery@northmoor.example,Rosalind Amery,,{CSC}")
    (finding,) = into(west.authority, files).findings
    assert finding.found == "Somebody of another organisation has this email address"
    assert north.person("Rosalind").authority == north.authority


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfea\x00", "This cannot be read as CSV in UTF-8"),
        (b'agency,kind\n"a,b"', "Its columns are those of no file we know"),
        (b"", "Its columns are those of no file we know"),
        (b"email,name,phone,agency,shoe_size\n", "Its columns are those of no file we know"),
        (b"email,name,name,agency\n", "Its columns are those of no file we know"),
        (b'email,name,phone,agency\n"a', "This cannot be read as CSV in UTF-8"),
    ],
)
def test_a_file_that_is_none_of_the_six_stops_the_import(content: bytes, says: str) -> None:
    checked = check({"x.csv": content})
    assert checked.stopped
    assert checked.findings[0].found == says
    assert checked.findings[0].did == "Nothing was imported."


def test_a_byte_order_mark_spaces_and_capitals_in_the_heads_do_not_matter() -> None:
    content = "\ufeffEmail , NAME,phone,Agency\r\na@b.example,A B,,C\r\n".encode()
    checked = check({"people from HR.csv": content})
    assert checked.rows["staff"][0].cells == {"email": "a@b.example", "name": "A B", "phone": "", "agency": "C"}


FORMULAS = ["=1+1", "+44 1632 960000", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(...)"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_that_leaves_is_a_formula_and_it_comes_back_as_it_was(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert plain(harmless(cell)) == cell
    assert (harmless("O'Hara"), plain("'tis")) == ("O'Hara", "'tis")


@pytest.mark.django_db
def test_names_that_begin_like_formulas_survive_the_way_out_and_in() -> None:
    west = westmarch()
    Unit.objects.filter(name="North").update(name="=North()")
    Person.objects.filter(name="Dev Marchetti").update(phone="+44 1632 960201", name="@Dev")
    files = export(west.authority)
    cells = [cell for text in files.values() for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert into(west.authority, files).changes == 0


def test_the_published_columns_are_those_that_are_read() -> None:
    assert (CHECKOUT / "docs/reference/organisation-csv.md").read_text("utf-8") == column_list()


@pytest.mark.django_db
def test_the_commands_export_check_and_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    westmarch()
    assert main(["export", "organisation", "--authority", "westmarch", "--to", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["council.csv: 1 row", "units.csv: 19 rows"]
    files = [str(tmp_path / f"{table.name}.csv") for table in TABLES]
    assert main(["import", "organisation", *files, "--authority", "westmarch", "--check"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["Council: 0 new, 0 changed, 1 unchanged.", "Units: 0 new, 0 changed, 19 unchanged."]
    assert said[-1] == "Checked only: nothing was imported."
    assert main(["import", "organisation", *files, "--authority", "eastmarch"]) == 2
    (tmp_path / "units.csv").write_text("what,ever\n")
    assert main(["import", "organisation", str(tmp_path / "units.csv"), "--authority", "westmarch"]) == 1
    assert capsys.readouterr().out.startswith("Stopped: units.csv: Its columns are those of no file we know.")


# The council itself ---------------------------------------------------------------------------------------------------

COUNCIL = "code,council,policy,area,lea,partnership,front_door_phone\n"
EAST = "eastmarch,Eastmarch Council,walsall,,336,East Partnership,01632 960700\n"


def sent_for(tmp_path: Path, text: str, code: str, *options: str) -> int:
    (tmp_path / "council.csv").write_text(COUNCIL + text)
    return main(["import", "organisation", str(tmp_path / "council.csv"), "--authority", code, *options])


@pytest.mark.django_db
def test_a_council_that_is_not_here_is_made_by_its_own_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sent_for(tmp_path, EAST, "eastmarch", "--check") == 0
    assert not Authority.objects.exists()
    assert sent_for(tmp_path, EAST, "eastmarch") == 0
    assert "Council: 1 new, 0 changed, 0 unchanged." in capsys.readouterr().out
    made = Authority.objects.get()
    assert (made.code, made.name, made.lea, made.front_door_phone) == (
        "eastmarch", "Eastmarch Council", "336", "01632 960700",
    )  # fmt: skip
    assert (made.protocol_id, made.protocol_version) == ("walsall", load("walsall").head.version)
    assert made.partnership is not None
    assert made.partnership.name == "East Partnership"
    assert sent_for(tmp_path, EAST.replace("336", "337"), "eastmarch") == 0
    assert "Council: 0 new, 1 changed, 0 unchanged." in capsys.readouterr().out
    assert Authority.objects.get().lea == "337"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "code", "says"),
    [
        (EAST, "northmarch", 'No authority has the code "northmarch". There is none yet: send a council file'),
        (EAST.replace(",,336", ",lancashire,336"), "eastmarch", "area: The policy has no such area"),
        (EAST.replace("01632 960700", "0" * 31), "eastmarch", "front_door_phone: More than 30 characters"),
    ],
)
def test_why_a_council_is_not_made_is_said(
    row: str, code: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sent_for(tmp_path, row, code) == 2
    assert says in capsys.readouterr().err
    assert not Authority.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column"),
    [
        (EAST.replace("walsall", "pan-lancashire"), "policy"),
        (EAST.replace("East Partnership", "West Partnership"), "partnership"),
        (EAST.replace("eastmarch,", "northmarch,"), "code"),
        (EAST.replace("336", "33"), "lea"),
        (EAST.replace("walsall", "nobody's"), "policy"),
    ],
)
def test_of_a_council_that_is_here_its_policy_and_its_partnership_stay(
    row: str, column: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sent_for(tmp_path, EAST, "eastmarch") == 0
    before = Authority.objects.values().get()
    assert sent_for(tmp_path, row, "eastmarch") == 0
    assert f"Not imported: council.csv row 2, {column}: " in capsys.readouterr().out
    assert Authority.objects.values().get() == before


def imported(tmp_path: Path, north: Cast, *options: str) -> int:
    (tmp_path / "staff.csv").write_text("email,name,agency\n")
    return main(["import", "organisation", str(tmp_path / "staff.csv"), "--authority", "northmoor", *options])


def area_of(north: Cast) -> str:
    return Authority.objects.get(pk=north.authority.pk).area


@pytest.mark.django_db
def test_an_import_says_which_area_of_its_policy_the_council_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    north = northmoor()
    Authority.objects.filter(pk=north.authority.pk).update(area="")
    assert imported(tmp_path, north) == 0
    assert "import again with --area and one of blackburn-with-darwen, blackpool, lancashire" in capsys.readouterr().out
    assert (imported(tmp_path, north, "--area", "lancashire", "--check"), area_of(north)) == (0, "")
    assert (imported(tmp_path, north, "--area", "lancashire"), area_of(north)) == (0, "lancashire")
    assert "--area" not in capsys.readouterr().out


@pytest.mark.django_db
def test_an_area_that_the_policy_lacks_is_refused_and_nothing_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    north, _ = northmoor(), westmarch()
    assert (imported(tmp_path, north, "--area", "cumbria"), area_of(north)) == (2, "lancashire")
    assert "Its areas: blackburn-with-darwen, blackpool, lancashire." in capsys.readouterr().err
    assert main(["import", "organisation", str(tmp_path / "staff.csv"), "--authority", "westmarch",
                 "--area", "lancashire"]) == 2  # fmt: skip
    assert "is the same everywhere" in capsys.readouterr().err


def test_a_file_cut_at_any_byte_is_refused_or_a_whole_file_of_fewer_rows() -> None:
    (content,) = sent(one("holdings", f"{CSC},North,team-manager,{DEV},holder,2026-01-05,2026-05-06",
                          f"{CSC},North,team-manager,{HANNAH},holder,2026-05-07,")).values()  # fmt: skip
    rows = {content[: place + 1] for place in range(len(content)) if content[place : place + 1] == b"\n"}
    for length in range(1, len(content)):
        checked = check({"holdings.csv": content[:length]})
        assert checked.stopped is (content[:length] not in rows), length
    whole = check({"holdings.csv": content.removesuffix(b"\n")}, whole=True)
    assert whole == check({"holdings.csv": content})
    (said,) = check({"holdings.csv": content.removesuffix(b"\n")}).findings
    assert str(said) == (
        "holdings.csv: The last row has no line end, as in a file that was cut short: row 3. Look whether its last cell"
        " is whole; if not, export it again. If it is, say --yes for it. Nothing was imported."
    )
