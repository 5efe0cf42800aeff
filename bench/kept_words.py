"""What people meet in the demonstration, kept in a folder, so that a later state of the house can be held against it.

`python -m bench.kept_words keep FOLDER` makes a database of its own, loads the demonstration by a clock that stands
still, opens the addresses of the service as each of its people, and writes down what they read: pages, forms,
downloads, messages; besides, the states to which the histories fold, the manuals, and what the commands say.
`python -m bench.kept_words compare FOLDER FOLDER` says what differs, and exits with 1 where anything does.

It asks as a browser does and knows models only by their class names (`_model`). What has to follow when modules move
stands in one place, under "What knows the house from within".
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import json
import logging
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

import psycopg
import time_machine

from bench.visible import Asking, Page, Sending
from undrift.config import databases, embedded
from undrift.engine.dates.reasons import prove

NOW = datetime(2026, 5, 6, 10, 30, tzinfo=ZoneInfo("Europe/London"))  # a Wednesday, as the journeys tell it
HOST = "http://testserver"
NOBODY = "nobody signed in"
EVERY = "KEPT_WORDS_EVERY"  # as every how manieth person the pages are read
SHARE = "KEPT_WORDS_SHARE"  # which of the processes that share the people out
SHARES = 3  # always as many: what is drawn for each process does not turn on the machine
DOCS = ("access.md", "linter.md", "protocol-language.md", "protocol.schema.json", "manual", "protocols", "generated")

# How many addresses of one kind a person follows from page to page; beside them some are drawn.
OF_A_KIND = 2
MORE_OF_A_KIND = {"resolution": 6, "child": 3, "family": 3, "person": 3, "copy-text": 3}
ANY_RECORD = 0.5  # how often an address is asked of any record, beside one of those the person has opened
WRITTEN = 2  # searches by one person, of the words in `_searched`
# Pages that are the same for everybody are read by a few, and by whoever has not signed in: those open to anybody, and
# of what is one's own these.
READERS_OF_THE_SAME = 3
THE_SAME = frozenset(
    {"second-factor", "add-app", "add-passkey", "new-codes", "remove-factor", "prove", "change-password"}
    | {"own-sessions", "end-session", "end-other-sessions"}
)
FEW_CHOICES = 3  # of one field of a form that only asks, for one person

# What cannot be the same twice, and why.
MASKS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("a passkey's challenge is drawn anew", re.compile(r'(?<="challenge": ")[^"]+')),
    ("the secret of an app for codes is drawn anew", re.compile(r"\b(?:[A-Z2-7]{4} ?){8}(?![A-Z2-7])")),
    ("static files are named for what is in them", re.compile(r"(?<=\.)[0-9a-f]{12}(?=\.(?:css|js|svg|png|ico)\b)")),
    ("a link into an account is signed anew", re.compile(r"(?<=/)[A-Za-z0-9]+/[a-z0-9]{6}-[0-9a-f]{32}")),
    ("a session is named by a hash of its key", re.compile(r"(?<=account/sessions/)[0-9a-f]{8,}(?=/end)")),
)  # fmt: skip
# Ends the session or leads out of it; nothing is read there.
NOT_OPENED = frozenset({"sign-out", "session-left"})


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.kept_words", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    keeping = commands.add_parser("keep", help="write down what people meet")
    keeping.add_argument("folder", type=Path)
    keeping.add_argument("--quick", action="store_true", help="as every ninth person only")
    comparing = commands.add_parser("compare", help="say what differs between two folders")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--shared", action="store_true", help="only what is in both, as after a quick keeping")
    for part in PARTS:
        commands.add_parser(part, help="a part of keeping, on its own database").add_argument("folder", type=Path)
    asked = parser.parse_args(argv)
    if asked.command == "compare":
        return compare(asked.before, asked.after, shared=asked.shared)
    if asked.command == "keep":
        os.environ[EVERY] = "9" if asked.quick else "1"
        keep(asked.folder)
        return 0
    _in_the_house(lambda: PARTS[asked.command](asked.folder))
    return 0


# Keeping ------------------------------------------------------------------------------------------------------------


def keep(folder: Path) -> None:
    """Everything, into this folder, which may not hold anything yet."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} holds something already: name an empty folder, or one that is not there yet.")
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    _copy_docs(folder / "docs")
    with _data_folder() as data:
        _serve_and_keep(data, folder.resolve())
    print(f"Kept in {folder}, in {time.monotonic() - began:.0f} seconds.")


@contextlib.contextmanager
def _data_folder() -> Iterator[Path]:
    """For one run: its PostgreSQL, secret key, mail and seals."""
    with tempfile.TemporaryDirectory(prefix="undrift-words-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def _serve_and_keep(data: Path, folder: Path) -> None:
    os.environ["UNDRIFT_DATA"] = str(data)
    cluster = embedded.Cluster(databases.working_cluster().folder, durable=False)
    with embedded.serving(cluster):
        databases.make_roles_and_database(cluster)
        _run("manage.py", "make_ready", "--verbosity", "0", environ=_environ(data) | {databases.AS_OWNER: "1"})
        _stop_the_clock(cluster)
        _part("load", folder, _environ(data))
        _part("scene", folder, _environ(data) | {databases.SERVES_PAGES: "1"})
        for part in ("record", "messages", "commands"):
            _part(part, folder, _environ(data))
        _read_pages(folder, _environ(data) | {databases.SERVES_PAGES: "1"})


def _read_pages(folder: Path, environ: Mapping[str, str]) -> None:
    """By several processes at once, each as some of the people."""
    command = [sys.executable, "-m", "bench.kept_words", "pages", str(folder)]
    started = [
        subprocess.Popen(command, cwd=databases.CHECKOUT, env={**environ, SHARE: str(share)}) for share in range(SHARES)
    ]
    ended = [each.wait() for each in started]
    if any(ended):
        raise SystemExit("The pages could not be read: the lines above say why.")


def _environ(data: Path) -> dict[str, str]:
    """As the demonstration is served, whatever the surroundings say."""
    unset = {"DEBUG", "DATABASE_URL", "DATABASE_OWNER_URL", "SEAL_FILE", "SINGLE_SIGN_ON", "SITE_URL", "STATIC_ROOT"}
    return {key: value for key, value in os.environ.items() if key not in unset} | {
        "DJANGO_SETTINGS_MODULE": "undrift.config.settings",
        "UNDRIFT_DATA": str(data),
        "UNDRIFT_DEMO": "1",
        "ALLOW_EMBEDDED_DB": "1",
        "ALLOWED_HOSTS": "testserver",
        "SECRET_KEY": "only for keeping words, on a database that is thrown away",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONHASHSEED": "0",
    }


def _stop_the_clock(cluster: embedded.Cluster) -> None:
    """The database's clock stands still, too: both roles find functions of ours before PostgreSQL's own."""
    with psycopg.connect(cluster.url(embedded.SUPERUSER, databases.DATABASE), autocommit=True) as superuser:
        for name in ("clock_timestamp", "now"):
            told = f"SELECT '{NOW.isoformat()}'::timestamptz"
            superuser.execute(
                f"CREATE FUNCTION {name}() RETURNS timestamptz STABLE LANGUAGE sql AS $${told}$$".encode()
            )
        for role in (databases.OWNER, databases.APPLICATION):
            superuser.execute(f"ALTER ROLE {role} SET search_path = public, pg_catalog".encode())


def _part(name: str, folder: Path, environ: Mapping[str, str]) -> None:
    began = time.monotonic()
    _run("-m", "bench.kept_words", name, str(folder), environ=environ)
    print(f"{name}: {time.monotonic() - began:.0f} seconds", flush=True)


def _run(*arguments: str, environ: Mapping[str, str]) -> None:
    if subprocess.run([sys.executable, *arguments], cwd=databases.CHECKOUT, env=environ).returncode != 0:
        raise SystemExit(f"`{' '.join(arguments)}` failed: the lines above say why.")


def _copy_docs(folder: Path) -> None:
    """Each by its own name, wherever below docs/ it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in (found for name in DOCS for found in sorted((databases.CHECKOUT / "docs").rglob(name))):
        if source.is_dir():
            shutil.copytree(source, folder / source.name, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / source.name)


def _in_the_house(work: Callable[[], None]) -> None:
    """With Django set up, by the clock that stands still, and with chance that falls the same each time."""
    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # pages that refuse are noted as they are, and need no line each
    random.seed(2018)
    with time_machine.travel(NOW, tick=False):
        work()


def load(folder: Path) -> None:
    from django.core.management import call_command

    call_command("load_demo", today=NOW.date(), stdout=io.StringIO())


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """A line of JSON for each; how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)


# What knows the house from within: when modules move, this part follows, and nothing else ----------------------------


def _model(name: str) -> Any:
    """A model by the name of its class, in whichever room it lives."""
    from django.apps import apps

    found = [model for model in apps.get_models() if model.__name__ == name]
    assert len(found) == 1, f"{len(found)} models are called {name}: change _model's callers in bench/kept_words.py."
    return found[0]


@contextlib.contextmanager
def _every_row() -> Iterator[None]:
    """Where pages are served the database shows nothing to whoever does not say for whom: here, for the service."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('undrift.reach', 'service', true)")
        yield


def _states() -> Iterator[tuple[str, Any, Any, Any]]:
    """Each resolution's reference, the state its history folds to, its agenda and its standing."""
    # ADAPT: where these four live.
    from undrift.engine.ladder.agenda import agenda
    from undrift.engine.ladder.standing import standing
    from undrift.record.adopted import rules_of
    from undrift.record.history import state_of

    for resolution in _model("Resolution").objects.select_related("authority").order_by("reference"):
        state, rules = state_of(resolution), rules_of(resolution)
        duties = agenda(rules, state, NOW)
        yield resolution.reference, state, duties, standing(rules, state, NOW, duties)


def _written() -> Iterator[tuple[str, Any, Any]]:
    """Each message of the outbox: its kind, its row, and its text as it is sent (`subject` and `body`)."""
    # ADAPT: where the outbox is, and how a message is worded.
    from undrift.messages.post import OUTBOXES

    for outbox in OUTBOXES:
        for row in outbox.model._default_manager.select_related(*outbox.read_with).order_by("pk"):
            yield outbox.model.__name__, row, outbox.write(row)


def _command(*argv: str) -> str:
    """What a command of `undrift` says, and how it ends."""
    # ADAPT: where the command line is.
    from undrift.cli.main import main as undrift

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = undrift(argv)
    return f"{said.getvalue()}exit {status}\n"


# What is named, whatever its number ---------------------------------------------------------------------------------


def _child_name(child: Any) -> str:
    return f"{child.first_name} {child.last_name} {child.date_of_birth or child.expected_birth}"


# Each model that an address names by number or by a drawn id: how a row is called, and what is read with it.
# ADAPT: where a field or a class is called otherwise.
CALLED: Mapping[str, tuple[Callable[[Any], str], tuple[str, ...]]] = {
    "Child": (lambda row: _child_name(row), ()),
    "Family": (lambda row: f"{row.name} of {row.authority.code}", ("authority",)),
    "Resolution": (lambda row: str(row.reference), ()),
    "Person": (lambda row: str(row.name), ()),
    "Post": (lambda row: f"{row.title}, {row.unit or row.agency}", ("unit", "agency")),
    "Cover": (lambda row: f"{row.away.name} by {row.covering.name} from {row.starts}", ("away", "covering")),
    "Draft": (lambda row: f"draft of {row.person.name}", ("person",)),
    "Opening": (lambda row: f"opening by {row.person.name}", ("person",)),
    "Exclusion": (lambda row: f"{row.person.name} kept out of {_child_name(row.child)}", ("person", "child")),
    "Listing": (lambda row: f"{row.person.name} named for {_child_name(row.child)}", ("person", "child")),
}
BY_WORD = {"Child": "public_id", "Family": "reference", "Resolution": "reference"}  # the others by number
# What the number stands for that comes behind this in an address.
BEHIND: Sequence[tuple[str, str]] = (
    ("people/posts/", "Post"),
    ("people/", "Person"),
    ("/cover/", "Cover"),
    ("/openings/", "Opening"),
    ("/new/", "Draft"),
    ("/names/", "Listing"),
    ("/kept-out/", "Exclusion"),
)


@dataclass(frozen=True)
class Called:
    """By model: each row's name, for the word or number that stands for it in an address."""

    names: Mapping[str, Mapping[str, str]]

    def in_text(self, text: str) -> str:
        """Drawn ids give way to names, and what is drawn anew each time to a mark."""
        for _, mask in MASKS:
            text = mask.sub("…", text)
        return DRAWN_ID.sub(lambda found: _drawn_ids().get(found[0], "(drawn anew)"), text)

    def in_address(self, address: str) -> str:
        return self.in_text(NUMBER.sub(self._named, address))

    def _named(self, found: re.Match[str]) -> str:
        return found[1] + self.names[dict(BEHIND)[found[1]]].get(found[2], "#")

    def value(self, name: str) -> str:
        """The word or number of the one row whose name begins like this."""
        if name.startswith("number of "):
            with _every_row():
                first, _, last = name.removeprefix("number of ").partition(" ")
                return str(_model("Child").objects.get(first_name=first, last_name=last).external_id)
        rows = [(called, value) for names in self.names.values() for value, called in names.items()]
        return min(row for row in rows if row[0].startswith(name))[1]

    def values(self, model: str) -> list[str]:
        """Every row's word or number, in the order of their names."""
        return [value for value, _ in sorted(self.names[model].items(), key=lambda item: item[1])]


NUMBER = re.compile(rf"({'|'.join(re.escape(before) for before, _ in BEHIND)})(\d+)\b")
DRAWN_ID = re.compile(r"(?<![A-Za-z0-9])[2-9bcdfghjkmnpqrstvwxz]{12}(?![A-Za-z0-9])")


@cache
def _called() -> Called:
    """Asked for the first time before any page is: within a page's transaction it would widen what that one sees."""
    with _every_row():
        return Called({model: dict(_named(model)) for model in CALLED})


@cache
def _drawn_ids() -> Mapping[str, str]:
    names = _called().names
    return {value: f"({name})" for model in ("Child", "Family") for value, name in names[model].items()}


def _named(model: str) -> Iterator[tuple[str, str]]:
    """A second row of the same name says which it is, in the order in which they were made."""
    name, read_with = CALLED[model]
    seen: Counter[str] = Counter()
    for row in _model(model)._default_manager.select_related(*read_with).order_by("pk"):
        called = name(row)
        seen[called] += 1
        yield str(getattr(row, BY_WORD.get(model, "pk"))), called if seen[called] == 1 else f"{called} {seen[called]}"


# A little more than the demonstration holds --------------------------------------------------------------------------

# Who does what before anybody reads: the address, with families and children by name, and what is answered there.
# Every other box of the form is filled in by `Sending.filled_in`. Each step leads on to the pages after it.
Step = tuple[str, str, Mapping[str, str]]
SCENE: Sequence[Step] = (
    ("Grace Ollerton", "/families/{Sorrel of westmarch}/raise", {"kind": "raise"}),
    ("Grace Ollerton", "/families/{Hazel of westmarch}/raise", {"kind": "raise_informal"}),
    ("Imran Dastgir", "/families/{Teal of westmarch}/raise", {"kind": "raise"}),
    ("Rosalind Amery", "/families/{Plover of northmoor}/raise", {"kind": "raise"}),
    ("Ronan Hesketh", "/search/emergency", {"by": "number", "number": "{number of Robin Fern}"}),
    ("Judith Calloway", "/children/{Ruby Hazel}/who-may-see/restrict", {}),
    ("Judith Calloway", "/guarding/restricted/{Ruby Hazel}/name", {}),
    ("Jo Talbot", "/people/add", {"email": "new.person@westmarch.example", "how": "invite"}),
    ("Jo Talbot", "/people/{Hannah Quill}/cover", {}),
    ("Priya Nairn", "/account/cover", {}),
)
STEPS_ON = 8  # pages of one concern, at most


def scene(folder: Path) -> None:
    """Drafts, an emergency opening, a restriction, letters: the demonstration as it is loaded has none."""
    rows = [row for step in SCENE for row in _play(*step)]
    _write(folder / "scene.jsonl", rows)
    for row in rows:
        print(f"  {row['who']}: {row['address']} answered {row['status']} {row['to']}")


def _play(who: str, address: str, answers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """One step, and the pages of questions behind it as long as each leads to another."""
    called = _called()
    with _every_row():
        person = _model("Person").objects.get(name=who)
    reader = _signed_in(person)
    address = _told_of(called, address)
    answers = {name: _told_of(called, words) for name, words in answers.items()}
    for _ in range(STEPS_ON):
        shown = reader.client.get(address)
        page = Page(shown.content.decode(), str)
        forms = [
            form
            for form in page.sending
            if shown.status_code == 200 and _may_send(_within(form.action or address, address))
        ]
        if not forms:
            yield {"who": who, "address": called.in_address(address), "status": shown.status_code, "to": "no form"}
            return
        filled = {**forms[-1].filled_in(NOW.date()), **answers}
        response = reader.client.post(_within(forms[-1].action or address, address), filled)
        onward = _within(response.headers.get("Location", ""), address)
        _called.cache_clear()
        told = {"address": _called().in_address(address), "to": _called().in_address(onward)}
        yield {"who": who, "status": response.status_code, **told}
        if not onward or onward == address or "/new/" not in onward:
            return
        address = onward


def _told_of(called: Called, words: str) -> str:
    """With the word or number of whom it names in brackets."""
    return re.sub(r"\{(.+?)\}", lambda found: called.value(found[1]), words)


# The record, the messages, the commands ------------------------------------------------------------------------------


def record(folder: Path) -> None:
    children = {str(row.pk): _child_name(row) for row in _model("Child").objects.all()}
    people = {str(row.pk): row.name for row in _model("Person").objects.all()}
    plain = _Plain(children, people)
    rows = [
        {"reference": reference, "state": plain(state), "agenda": plain(duties), "standing": plain(step)}
        for reference, state, duties, step in _states()
    ]
    print(f"{_write(folder / 'record.jsonl', rows)} histories folded")


@dataclass(frozen=True)
class _Plain:
    """A value as JSON can hold it, with names instead of the numbers of children and people."""

    children: Mapping[str, str]
    people: Mapping[str, str]

    def __call__(self, value: Any, of: str = "") -> Any:
        if hasattr(value, "none_because") and hasattr(value, "calendar"):  # a due date: as a reader is told of it
            value = {"date": value.date, "at": value.at, "none_because": value.none_because, "proof": prove(value)}
        if is_dataclass(value) and not isinstance(value, type):
            value = {name: getattr(value, name) for name in value.__dataclass_fields__}
        if isinstance(value, Mapping):
            return {self._name(str(key), of): self(item, _of(str(key), of)) for key, item in value.items()}
        if isinstance(value, frozenset | set):
            return sorted(self(item, of) for item in value) if value else []
        if isinstance(value, tuple | list):
            return [self(item, of) for item in value]
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        return self._name(value, of) if isinstance(value, str) else value if _is_plain(value) else str(value)

    def _name(self, text: str, of: str) -> str:
        known = self.children if of in CHILDREN_IN else self.people if of in PEOPLE_IN else {}
        return known.get(text, text)


CHILDREN_IN = frozenset({"children", "child", "filed", "id of children"})
PEOPLE_IN = frozenset({"person", "handed", "copied"})


def _of(key: str, of: str) -> str:
    """What a field holds. The items of a mapping of children are children still, but for what is written of each."""
    if of == "children":
        return "children" if key.isdigit() else "id of children" if key == "id" else key
    return of if of == "handed" else key


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float)


def messages(folder: Path) -> None:
    called = _called()
    rows = [
        {
            "kind": kind,
            "about": str(getattr(getattr(row, "case", None), "reference", "")),
            "to": _addressee(row),
            "subject": called.in_text(text.subject),
            "body": "\n".join(called.in_address(line) for line in text.body.splitlines()),
        }
        for kind, row, text in _written()
    ]
    rows.sort(key=lambda row: tuple(row.values()))
    print(f"{_write(folder / 'messages.jsonl', rows)} messages: {dict(Counter(row['kind'] for row in rows))}")


def _addressee(row: Any) -> str:
    """A letter is of an act about somebody's account."""
    to = getattr(row, "to_person", None) or getattr(getattr(row, "act", None), "person", None)
    return str(to.name) if to else ""


def commands(folder: Path) -> None:
    from django.core.management import call_command

    said = io.StringIO()
    call_command("say_who_one_can_be", stdout=said)
    rows = [{"command": "say_who_one_can_be", "says": said.getvalue()}]
    rows += [{"command": " ".join(argv), "says": _called().in_text(_command(*argv))} for argv in COMMANDS]
    _write(folder / "commands.jsonl", rows)
    for row in rows[1:]:
        print(f"undrift {row['command']}: {row['says'].strip().splitlines()[-2:]}")


COMMANDS = (("verify",), ("rebuild", "--dry-run"))


# The pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One address of the service. `parts` are what its route leaves open."""

    name: str
    route: str
    parts: tuple[str, ...]
    same: bool  # for everybody

    def path(self, parts: Mapping[str, str]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: parts[found[1]], self.route)

    def model(self, part: str) -> str:
        """What this part of the address names; empty for what names no row."""
        before = self.route.split(f":{part}>")[0].rpartition("<")[0]
        if part in ("public_id", "child"):
            return "Child"
        if part in ("family", "reference"):
            return "Family" if before.startswith("/families/") else "Resolution"
        return next((model for behind, model in BEHIND if before.endswith(behind)), "")


# Parts of an address that name no row of a table: some that mean something, and one that does not.
PLAIN_PARTS: Mapping[str, tuple[str, ...]] = {
    "act": ("restrict", "name", "keep-out", "lift", "nothing"),
    "page": ("children", "concern", "impact", "stage", "people", "made-safe", "no-such-page"),
    "action": ("a1", "a2", "a9"),
    "provider_id": ("nobody",),
    "uidb64": ("MQ",),
    "token": ("no-such-token",),
    "which": ("no-such-session",),
}
ABSENT_NUMBER = "999999999"


@cache
def _places() -> tuple[Place, ...]:
    from django.urls import get_resolver

    return tuple(_walked(get_resolver().url_patterns, "/"))


def _walked(patterns: Sequence[Any], before: str) -> Iterator[Place]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walked(pattern.url_patterns, route)
        elif pattern.name not in NOT_OPENED:
            same = pattern.name in THE_SAME or not getattr(pattern.callback, "login_required", True)
            yield Place(pattern.name or "", route, tuple(pattern.pattern.converters), same)


@dataclass(frozen=True, order=True)
class Answer:
    """What came of one request. `to` is where it leads on; `words` what is read."""

    address: str
    status: int
    to: str
    kind: str
    words: str


def pages(folder: Path) -> None:
    """Nobody, then each person of this share by name; then what was linked and none of them has opened yet."""
    every, share = int(os.environ.get(EVERY, "1")), int(os.environ.get(SHARE, "0"))
    with _every_row():
        people = list(_model("Person").objects.order_by("name", "pk"))[::every][share::SHARES]
    _called()
    readers = [_signed_in(person) for person in people]
    missing = [reader.name for reader in readers if not reader.is_in]
    readers = [reader for reader in readers if reader.is_in]
    if share == 0:
        readers.insert(0, Reader(NOBODY))
    own = [place for place in _places() if not place.same]
    for number, reader in enumerate(readers):
        reader.go(_places() if share == 0 and number <= READERS_OF_THE_SAME else own)
        _write(folder / "pages" / f"{reader.name}.jsonl", (asdict(answer) for answer in sorted(reader.answers)))
        if number % 10 == 0:
            print(f"  share {share}: {number} of {len(readers)} readers", flush=True)
    _open_what_is_left(readers)
    for reader in readers:
        _write(folder / "pages" / f"{reader.name}.jsonl", (asdict(answer) for answer in sorted(reader.answers)))
    statuses = Counter(answer.status for reader in readers for answer in reader.answers)
    print(f"{statuses.total()} answers to {len(readers)} readers {dict(sorted(statuses.items()))}")
    if missing:
        print(f"could not sign in: {missing}")
    if share == 0:  # the one that asks for what is the same for everybody
        print(f"never asked: {sorted({place.name for place in _places()} - _names_asked(readers))}")


def _names_asked(readers: Sequence[Reader]) -> set[str]:
    return {kind.partition("?")[0] for reader in readers for kind in reader.of_a_kind}


def _signed_in(person: Any) -> Reader:
    """By the page on which the demonstration lets one choose."""
    from django.urls import reverse

    reader = Reader(person.name)
    answer = reader.client.post(reverse("demo"), {"person": person.pk})
    reader.is_in = answer.status_code == 302
    return reader


def _open_what_is_left(readers: Sequence[Reader]) -> None:
    """Each record's own page that somebody was led to is opened by somebody who was."""
    opened = {address for reader in readers for address in reader.opened}
    for reader in readers:
        for address in sorted(reader.linked - opened, key=_called().in_address):
            if _kind(address) in MORE_OF_A_KIND and "?" not in address:
                opened.add(address)
                reader.open(address)


@dataclass
class Reader:
    """One person, and what they have read."""

    name: str
    client: Any = field(default_factory=lambda: _client())
    is_in: bool = False
    answers: list[Answer] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    of_a_kind: Counter[str] = field(default_factory=Counter)
    names: set[str] = field(default_factory=set)  # of the addresses to follow
    sent: set[tuple[str, str]] = field(default_factory=set)
    found: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by model: what they could open

    def go(self, places: Sequence[Place]) -> None:
        """From Home on, and whatever else there is at these places."""
        self.names = {place.name for place in places}
        self.follow(["/", *sorted(place.path({}) for place in places if not place.parts)])
        chance = random.Random(self.name)
        for place in places:
            if place.parts:
                for path in self._drawn(place, chance):
                    self.open(path)

    def follow(self, waiting: list[str]) -> None:
        """Each address once, and those that its page leads to."""
        queue = list(waiting)
        while queue:
            address = queue.pop(0)
            kind = _kind(address)
            if (
                _name(address) in self.names
                and address not in self.opened
                and self.of_a_kind[kind] < MORE_OF_A_KIND.get(kind, OF_A_KIND)
            ):
                queue += self.open(address)

    def open(self, address: str) -> list[str]:
        """Read the page; the addresses it leads to. Nothing that it leaves behind stays."""
        if address in self.opened:
            return []
        self.opened.add(address)
        self.of_a_kind[_kind(address)] += 1
        with _undone(self.client):
            page = self._read(self.client.get(address), "", address)
        if page is None:
            return []
        self._note_found(address)
        for form in page.sending:
            self._send(form, address)
        links = [_within(link, address) for link in page.links]
        links += [_within(link, address) for form in page.asking for link in self._asked(form, address)]
        self.linked.update(filter(None, links))
        return [link for link in links if link]

    def _read(self, response: Any, how: str, address: str) -> Page | None:
        """Note what came; the page, where it is one that opened."""
        called, kind = _called(), response.headers.get("Content-Type", "")
        page = Page(response.content.decode(), called.in_address) if kind.startswith("text/html") else None
        words = page.words if page else response.content.decode() if kind.startswith(TEXTS) else ""
        to = called.in_address(response.headers.get("Location", ""))
        key = how + called.in_address(address)
        again = sum(answer.address == key for answer in self.answers)
        key += f" ({again + 1})" if again else ""
        self.answers.append(Answer(key, response.status_code, to, kind, called.in_text(words)))
        return page if response.status_code == 200 else None

    def _note_found(self, address: str) -> None:
        from django.urls import resolve

        match = resolve(urlsplit(address).path)
        place = next((p for p in _places() if p.name == match.url_name and set(p.parts) == set(match.kwargs)), None)
        for part in place.parts if place else ():
            if place and (model := place.model(part)):
                self.found[model].add(str(match.kwargs[part]))

    def _drawn(self, place: Place, chance: random.Random) -> Iterator[str]:
        """This address of a record that they could open, and of any record."""
        for known in (True, False):
            if known or chance.random() < ANY_RECORD:
                yield place.path({part: self._part(place.model(part), part, chance, known) for part in place.parts})

    def _part(self, model: str, part: str, chance: random.Random, known: bool) -> str:
        if not model:
            return chance.choice(PLAIN_PARTS.get(part, (ABSENT_NUMBER,)))
        every = _called().values(model)
        offered = [value for value in every if value in self.found[model]] if known else every
        return chance.choice(offered or every or [ABSENT_NUMBER])

    def _asked(self, form: Asking, address: str) -> Iterator[str]:
        """Some of what a form that only asks can ask for: a choice of each field, or words to look for."""
        action, offered = form.action or urlsplit(address).path, Counter[str]()
        for choice in form.choices:
            offered[choice.name] += 1
            if offered[choice.name] <= FEW_CHOICES and not ROW.fullmatch(choice.value):
                yield f"{action}?{urlencode({choice.name: choice.value})}"
        for name in form.written:
            for words in _searched(self.name):
                yield f"{action}?{urlencode({name: words})}"

    def _send(self, form: Sending, address: str) -> None:
        """Left empty, then filled in, and where that leads: each kind of form once, and nothing of it stays."""
        action = _within(form.action or address, address)
        kind = (_kind(action), form.kind)
        if kind in self.sent or not _may_send(action) or _name(action) not in self.names:
            return
        self.sent.add(kind)
        said = form.filled_in(NOW.date()) | {name: _searched(self.name)[:1] for name in form.searching}
        for how, filled in (("left empty: ", form.left_empty()), ("filled in: ", said)):
            with _undone(self.client):
                response = self.client.post(action, filled)
                self._read(response, how, action)
                onward = _within(response.headers.get("Location", ""), action)
                if how == "filled in: " and onward:
                    self._read(self.client.get(onward), f"after {_called().in_address(action)}: ", onward)


TEXTS = ("text/", "application/json")
ROW = re.compile(r"[a-z]?\d+")
NOT_SENT = frozenset({"sign-out", "demo", "session-end", "session-stay"})  # they end the session, or say nothing


def _may_send(address: str) -> bool:
    return _name(address) not in ("", *NOT_SENT)


def _name(address: str) -> str:
    return _kind(address).partition("?")[0]


def _client() -> Any:
    from django.test import Client

    return Client(raise_request_exception=False)


@contextlib.contextmanager
def _undone(client: Any) -> Iterator[None]:
    """What a page writes (who has looked, what was sent) is taken back, so that the order of asking changes nothing."""
    from django.db import transaction

    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


@lru_cache(100_000)
def _kind(address: str) -> str:
    """The name of an address of ours, with what is asked of it; empty for any other."""
    from django.urls import Resolver404, resolve

    whole = urlsplit(address)
    try:
        name = str(resolve(whole.path).url_name)
    except Resolver404:
        return ""
    asked = sorted({key for key, _ in parse_qsl(whole.query)})
    return "" if name in NOT_OPENED else f"{name}?{'&'.join(asked)}" if asked else name


def _within(link: str, address: str) -> str:
    """Where a link leads on this service, without what stands behind "#"; empty for one that leads away."""
    whole = urlsplit(urldefrag(urljoin(HOST + address, link)).url)
    if not link or f"{whole.scheme}://{whole.netloc}" != HOST:
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


def _searched(reader: str) -> list[str]:
    """What somebody may look for: a family, a child, a reference, each drawn."""
    chance, called = random.Random(f"{reader} looks for"), _called()
    family = chance.choice(sorted(called.names["Family"].values())).rpartition(" of ")[0]
    return [family, chance.choice(called.values("Resolution"))][:WRITTEN]


# Comparing ----------------------------------------------------------------------------------------------------------

LINES_SHOWN = 12


def compare(before: Path, after: Path, *, shared: bool = False) -> int:
    """Say each difference; 1 where there is any."""
    old, new = dict(_kept(before)), dict(_kept(after))
    differing = 0
    for key in sorted(old.keys() & new.keys() if shared else old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            differing += 1
            print(f"\n{' | '.join(filter(None, key))}\n{_told(old.get(key), new.get(key))}")
    counted = Counter(what for what, _, _ in old.keys() & new.keys())
    print(f"\nCompared {counted.total()}: {', '.join(f'{number} {what}' for what, number in sorted(counted.items()))}.")
    print(f"{differing} differences; only in one folder: {len(old.keys() ^ new.keys())}.")
    return 1 if differing else 0


Key = tuple[str, str, str]  # what it is, whose, and which


def _kept(folder: Path) -> Iterator[tuple[Key, str]]:
    """Everything in the folder, as text by key."""
    if not folder.is_dir():
        raise SystemExit(f"There is no folder {folder}: make it with `python -m bench.kept_words keep {folder}`.")
    for path in sorted((folder / "docs").rglob("*")):
        if path.is_file():
            yield ("docs", "", str(path.relative_to(folder / "docs"))), path.read_text("utf-8")
    for path in sorted((folder / "pages").glob("*.jsonl")):
        for row in _rows(path):
            yield ("pages", path.stem, row["address"]), f"{row['status']} {row['to']} {row['kind']}\n{row['words']}"
    for row in _rows(folder / "record.jsonl"):
        yield ("record", "", row["reference"]), json.dumps(_unnamed(row), indent=1, ensure_ascii=False, sort_keys=True)
    for row in _rows(folder / "commands.jsonl"):
        yield ("commands", "", row["command"]), row["says"]
    yield ("scene", "", "every step"), (folder / "scene.jsonl").read_text("utf-8")
    seen: Counter[tuple[str, str]] = Counter()
    for row in sorted(_rows(folder / "messages.jsonl"), key=lambda row: str(row["body"])):
        which = row["to"], row["subject"]  # what a reader sees of it, and not which table holds it
        seen[which] += 1
        yield ("messages", which[0], f"{which[1]} ({seen[which]})"), row["body"]


# By what a duty is named within the house. Nobody reads it; whose it is, what, and when stand beside it.
NAMES_WITHIN = frozenset({"key", "action", "subject", "nth", "visit"})


def _unnamed(row: dict[str, Any]) -> dict[str, Any]:
    """A history's outcome without the names that its duties have for each other."""
    step = row["standing"]
    duties = [_without_names(duty) for duty in row["agenda"]]
    return row | {"agenda": duties, "standing": step | {"duty": _without_names(step["duty"])}}


def _without_names(duty: dict[str, Any] | None) -> dict[str, Any] | None:
    return duty and {name: value for name, value in duty.items() if name not in NAMES_WITHIN}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)


def _told(old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return "  only in the second" if old is None else "  only in the first"
    lines = list(difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0))[2:]
    more = [f"... {len(lines) - LINES_SHOWN} lines more"] if len(lines) > LINES_SHOWN else []
    return "\n".join(f"  {line}" for line in [*lines[:LINES_SHOWN], *more])


PARTS: Mapping[str, Callable[[Path], None]] = {
    "load": load,
    "scene": scene,
    "record": record,
    "messages": messages,
    "commands": commands,
    "pages": pages,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
