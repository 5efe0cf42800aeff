"""Pages of docs/reference made from the code: `python -m undrift.config.documented [--check]`.

docs/reference/configuration.md from what is refused
docs/reference/access.md from the access matrix and the rules of the addresses
docs/reference/organisation-csv.md and docs/reference/children-csv.md from their columns
docs/reference/dfe-rules.md from the table of DfE's rules
docs/reference/rooms.md from what each package says it is for
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import django

from undrift.config import bad_databases, bad_settings, rooms
from undrift.config.databases import CHECKOUT
from undrift.config.refusals import Rule

REFERENCE = CHECKOUT / "docs/reference"
AGAIN = "python -m undrift.config.documented"
HEAD = """# Configuration

Made from `undrift/config/bad_settings.py` and `undrift/config/bad_databases.py` by
`python -m undrift.config.documented`. Do not edit.

The service reads its settings from the environment. It does not start on a setting below that is wrong: the web
processes, the worker and every management command say the sentence and what to set. "Everywhere" means in
development and in the demonstration too; the rest holds in production.

| Set | To |
|---|---|
| `DATABASE_URL` | the application's role, with `?sslmode=verify-full` |
| `DATABASE_OWNER_URL` | the role that owns the tables; used by `manage.py make_ready` alone |
| `SECRET_KEY` | 50 or more random characters, the same on every machine |
| `SECRET_KEY_FALLBACKS` | earlier keys, newest first, with commas between them, while a key is changed |
| `ALLOWED_HOSTS` | the service's host names, with commas between them |
| `EMAIL_HOST`, `EMAIL_PORT`, `EMAIL_USE_TLS`, `EMAIL_HOST_USER`, `EMAIL_HOST_PASSWORD` | the mail server |
| `SITE_URL` | where the service is opened: links in messages begin with it; `http://localhost` at `PORT` unless set |
| `EMAIL_FROM` | the address that messages come from |
| `BEHIND_PROXY` | `1` behind a proxy that ends TLS and sets `X-Forwarded-Proto` itself |
| `SINGLE_SIGN_ON` | a TOML file of the councils' providers: see [signing in](../guides/signing-in.md) |
| `SEAL_FILE` | where seals of the history are kept, best on another disk |
| `LOG_LEVEL` | `INFO` unless set |
| `PG_BIN` | the folder of PostgreSQL's programs, for the database that a copy keeps itself |
"""


def page() -> str:
    return "\n".join(
        [
            HEAD,
            *table("Settings that are refused", bad_settings.RULES),
            *table("Database servers that are refused", bad_databases.RULES),
            "## The guards of every request, in their order",
            "",
            *[f"{number}. `{name}`" for number, name in enumerate(bad_settings.MIDDLEWARE, start=1)],
            "",
        ]
    )


def table(title: str, rules: Iterable[Rule]) -> list[str]:
    rows = [
        f"| {rule.id.removeprefix('undrift.')} | `{rule.set_by}` | {rule.sentence} | {rule.remedy} | "
        f"{'everywhere' if rule.also_at_home else ''} |"
        for rule in rules
    ]
    return [f"## {title}", "", "| | Setting | What is wrong | What to do | |", "|---|---|---|---|---|", *rows, ""]


ACCESS = """# Who may do what

Made from `undrift/access/matrix.toml` and `undrift/desks/frame/addresses.py` by
`python -m undrift.config.documented`. Do not edit. The same matrix decides in the service and is asserted, cell by
cell, by `tests/access`.

A person holds the roles that come with their posts, and with the posts of those they cover for. An action opens when
the role has it **and** a living tie binds the person to the child. What nothing opens answers as if it were not there.
Whoever is excluded from a child's record is tied by nothing, whatever their post. Each opening, and each try that
was refused, is kept and shown: "Who has looked".

| | The tie |
|---|---|
| C | chair of the child's conference |
| A | the child's allocated social worker |
| U | manages the team, or a unit above it |
| O | the step is, or was, theirs to do |
| T | the policy had them told |
| W | any child of the council |
| N | named on the child's list |
| B | broke the glass, within the hour |
"""


def access_page() -> str:
    """The matrix as a table, and the address book: what each address leads to, and the action it takes."""
    module, rules = import_module("undrift.access.matrix"), import_module("undrift.desks.frame.addresses")
    matrix, actions = module.matrix(), list(module.Action)
    cells = len(matrix.roles) * len(actions) * len(module.Tie) * len(module.Condition)
    return "\n".join(
        [
            ACCESS,
            f"A restricted child is opened by these ties alone: {_letters(matrix.restricted)}.",
            "",
            f"## The matrix: {len(matrix.roles)} roles, {len(actions)} actions, {cells:,} cells",
            "",
            "A cell is a role, an action, a tie (or none, or another council) and how the child's record stands:",
            "as usual, restricted, or closed to this person.",
            "",
            *_matrix_table(matrix, actions),
            "",
            "## The actions",
            "",
            *[f"- **{action}**: {words}" for action, words in matrix.meanings.items()],
            "",
            "## The addresses",
            "",
            "| Address | Leads to | Action |",
            "|---|---|---|",
            *[f"| {name} | {rule.of} | {rule.action or ''} |" for name, rule in rules.RULES.items()],
            "",
        ]
    )


def _matrix_table(matrix: Any, actions: Iterable[Any]) -> Iterator[str]:
    yield f"| Role | {' | '.join(actions)} |"
    yield f"|---{'|---' * len(list(actions))}|"
    for role in matrix.roles.values():
        yield f"| {role.name} | {' | '.join(_letters(role.cells.get(action, ())) for action in actions)} |"


def _letters(ties: Iterable[str]) -> str:
    return "".join(letter for letter in "CAUOTWNIB" if letter in set(ties))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undrift.config.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()
    pages = {
        REFERENCE / "configuration.md": page(),
        REFERENCE / "access.md": access_page(),
        REFERENCE / "children-csv.md": import_module("undrift.intake.children_csv.columns").column_list(),
        REFERENCE / "dfe-rules.md": import_module("undrift.intake.dfe_rules").page(),
        REFERENCE / "organisation-csv.md": import_module("undrift.intake.organisation.columns").column_list(),
        REFERENCE / "rooms.md": rooms.page(),
    }
    if "--check" in sys.argv:
        old = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in old:
            print(f"{path.relative_to(CHECKOUT)} is out of date. Run `{AGAIN}` and read what changed.", file=sys.stderr)
        return int(bool(old))
    for path, text in pages.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
