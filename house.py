#!/usr/bin/env python3
"""Sets this copy up and runs it: `python3 house.py COMMAND`. The Makefile is a shorter way to say the same.

Standard library only, and a grammar that older Pythons read too, so that they can be told so in a sentence.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOCKS = CHECKOUT / "requirements"
STYLES = CHECKOUT / "undrift/desks/static/vendor"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18
SITE = "build/site"
TEST_PROCESSES = 2
CHOOSING = ("-k", "-m", "-n", "--lf", "--last-failed", "--sw", "--stepwise", "--pdb", "--trace", "-s")
REACH_THE_RULE_BOOK = (
    "tests/protocol",
    "tests/engine",
    "tests/library/test_examples.py",
    "tests/library/test_protocols.py",
)
CHROMIUMS = ("chromium", "google-chrome", "chromium-browser")
SHELL = "chromium-headless-shell"

# The shell finds the environment by the file's own place, for a first line that names it has a length limit.
LAUNCHER = """#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
' '''
import sys

from undrift.cli.main import main

sys.exit(main())
"""


class Stop(Exception):
    """A step cannot be done; the message says why and what to do."""


def run(*command, quiet=False, **environ):
    """Run a command in the checkout, or stop with its own words and the command's name."""
    output = subprocess.PIPE if quiet else None
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=str(CHECKOUT),
        env={**os.environ, **environ},
        stdout=output,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if ended.returncode != 0:
        if ended.stdout:
            sys.stderr.write(ended.stdout.decode(errors="replace"))
        raise Stop(f"`{' '.join(map(str, command))}` failed: the lines above say why.")


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def check_machine():
    if sys.version_info < OLDEST_PYTHON:
        raise Stop(
            f"Undrift needs Python 3.11 or newer, and this is {sys.version.split()[0]}. "
            "Where a newer one is installed, name it: `make run PYTHON=python3.11`."
        )
    if os.name != "posix":
        raise Stop("Undrift runs on Linux and macOS. On Windows, use it inside WSL.")


def digest(*paths):
    found = hashlib.sha256(sys.version.encode())
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


class Step:
    """Something done once, and again only when what it is made from changes."""

    def __init__(self, name, made_from, made=()):
        self.stamp = STAMPS / name
        self.now = digest(*made_from)
        self.made = made

    def is_done(self):
        present = all(path.exists() for path in self.made)
        return present and self.stamp.exists() and self.stamp.read_text() == self.now

    def done(self):
        STAMPS.mkdir(exist_ok=True)
        self.stamp.write_text(self.now)


def make_venv():
    """A virtual environment of this Python; made anew when it was made by another."""
    step = Step("python", [], [PYTHON])
    if step.is_done():
        return
    usable = PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""]).returncode == 0
    if usable and VENV.joinpath("pyvenv.cfg").exists() and (uv() or has_pip()):
        step.done()
        return
    say("Making a virtual environment in .venv.")
    if VENV.exists():
        shutil.rmtree(str(VENV))
    if uv():
        run(uv(), "venv", "--quiet", "--python", sys.executable, VENV)
    elif importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "This Python cannot make a virtual environment: its module ensurepip is missing. "
            "On Debian and Ubuntu: `apt install python3-venv`. Then run the same command again."
        )
    else:
        run(sys.executable, "-m", "venv", VENV)
    step.done()


def uv():
    return shutil.which("uv")


def has_pip():
    return subprocess.run([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0


def install(name):
    """The packages of one lock, each checked against its hash."""
    lock = LOCKS / f"{name}.lock"
    step = Step(name, [lock])
    if step.is_done():
        return
    say(f"Installing the packages of requirements/{name}.lock.")
    if uv():
        # By the certificates that the machine trusts, as pip does: behind a council's proxy uv's own do not serve.
        asked = ("pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)
        run(uv(), *asked, UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
    else:
        quietly = ("-qq", "--disable-pip-version-check", "--no-input")
        run(PYTHON, "-m", "pip", "install", *quietly, "--require-hashes", "--no-deps", "-r", lock)
    step.done()


def put_on_path():
    """Make `import undrift` and the command `undrift` work in the environment, with nothing to build."""
    found = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([str(PYTHON), "-c", found], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    Path(packages, "undrift.pth").write_text(f"{CHECKOUT}\n")
    command = VENV / "bin" / "undrift"
    command.write_text(LAUNCHER)
    command.chmod(0o755)


def npm():
    """The machine's npm with a Node new enough, or the one that comes as a Python package."""
    if shutil.which("npm") and shutil.which("node"):
        said = subprocess.run(["node", "--version"], stdout=subprocess.PIPE).stdout.decode()  # "v20.20.2"
        if said[1:].split(".")[0].isdigit() and int(said[1:].split(".")[0]) >= OLDEST_NODE:
            return [shutil.which("npm")], {}
    install("node")
    # npm finds `node` by the path, so the environment's folder is put first.
    return [str(VENV / "bin" / "npm")], {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def fetch_styles(with_tests):
    """The design systems by npm's lock, then our copy of them among the static files."""
    locks = [CHECKOUT / "package.json", CHECKOUT / "package-lock.json"]
    axe = CHECKOUT / "node_modules/axe-core"
    fetched = Step("npm", locks, [CHECKOUT / "node_modules", *([axe] if with_tests else [])])
    if not fetched.is_done():
        say("Fetching the design systems' styles and scripts.")
        command, environ = npm()
        quietly = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        leave_out = () if with_tests else ("--omit=dev",)
        run(*command, "ci", *quietly, *leave_out, quiet=True, **environ)
        fetched.done()
    copied = Step("styles", [*locks, CHECKOUT / "undrift/config/vendored.py"], [STYLES / "govuk.css"])
    if not copied.is_done():
        run(PYTHON, "-m", "undrift.config.vendored", quiet=True)
        copied.done()


def find_browser():
    """Chromium for the journeys: installed where we may, asked for where we may not."""
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if any(map(shutil.which, CHROMIUMS)):
        if may_install and not shutil.which(SHELL):
            find_shell()
        return
    if may_install:
        say("Installing Chromium for the browser tests.")
        apt_get("update")
        apt_get("install", "chromium", "fonts-liberation")
        find_shell()
        return
    say(
        "No Chromium or Chrome was found, so the browser tests will be skipped. "
        "To run them: `sudo apt install chromium`, then the same command again."
    )


def find_shell():
    """The same Chromium without its windows, four times as quick; tried once, for not every system has it."""
    step = Step("shell", [])
    if step.is_done():
        return
    try:
        apt_get("install", SHELL)
    except Stop:
        say(f"The browser tests go on with the whole Chromium: {SHELL} cannot be installed.")
    step.done()


def apt_get(what, *packages):
    options = ("-y", "--no-install-recommends") if packages else ()
    run("apt-get", what, *options, *packages, quiet=True, DEBIAN_FRONTEND="noninteractive")


def set_up(with_tests=False):
    check_machine()
    begun = time.monotonic()
    make_venv()
    install("dev" if with_tests else "run")
    put_on_path()
    fetch_styles(with_tests)
    if time.monotonic() - begun > 2:
        say(f"Set up in {time.monotonic() - begun:.0f} seconds.")


def become(*command, **environ):
    """Go on as another program: signals, output and the exit code are its own."""
    sys.stdout.flush()
    os.chdir(str(CHECKOUT))
    os.execve(str(command[0]), [str(part) for part in command], {**os.environ, **environ})


def command_setup(arguments):
    set_up(with_tests=True)


def command_run(arguments):
    set_up()
    become(PYTHON, "-m", "undrift.config.run", *arguments)


def command_test(arguments, **environ):
    set_up(with_tests=True)
    find_browser()
    become(PYTHON, "-m", "pytest", *shared_out(arguments), *arguments, **environ)


def command_test_all(arguments):
    command_test(arguments, THOROUGH="1")


def shared_out(arguments):
    """The whole suite goes on in two processes where there are two cores; a few tests that somebody names, in one.

    Each takes the next file when it has none left, so that both end together (tests/house/longest_first.py).
    """
    chooses = any(not argument.startswith("-") or argument.startswith(CHOOSING) for argument in arguments)
    processes = min(TEST_PROCESSES, os.cpu_count() or 1)
    return () if chooses or processes < 2 else ("-n", str(processes), "--dist", "loadfile")


def covered():
    """The command that fails where the rule book has a line or a branch that no example reaches.

    Tests that draw their own cases are left out, or it would be a matter of luck.
    """
    told = ("-q", "-m", "not drawn", "--cov", "--cov-report=term-missing:skip-covered")
    return [PYTHON, "-m", "pytest", *told, *REACH_THE_RULE_BOOK]


def command_cover(arguments):
    set_up(with_tests=True)
    become(*covered(), *arguments)


def command_bench(arguments):
    set_up(with_tests=True)
    become(PYTHON, "-m", "bench", *arguments)


def command_check(arguments):
    set_up(with_tests=True)
    with ThreadPoolExecutor(min(TEST_PROCESSES, os.cpu_count() or 1)) as side_by_side:
        passed = list(side_by_side.map(lambda check: passes(*check), checks()))
    failed = [name for (name, _), well in zip(checks(), passed, strict=True) if not well]
    if failed:
        raise Stop(f"\n{len(failed)} of {len(checks())} checks failed: {', '.join(failed)}.")
    say(f"\nAll {len(checks())} checks passed.")


def checks():
    """Each check's name and command, the longest first: they go side by side, and none writes what another reads.

    A generated file has a command here that compares it with what would be made.
    """
    tools = VENV / "bin"
    shipped = sorted((CHECKOUT / "undrift/library").glob("*/protocol.toml"))
    return [
        ("every line of the rule book reached", covered()),
        ("types", [tools / "mypy", "undrift", "tests", "bench"]),
        ("format", [tools / "ruff", "format", "--check", "."]),
        ("lint", [tools / "ruff", "check", "."]),
        ("templates", [tools / "djhtml", "--tabwidth", "2", "--check", "undrift/desks/templates"]),
        ("import contracts", [tools / "lint-imports", "--no-logo"]),
        ("migrations current", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("generated pages current", [PYTHON, "-m", "undrift.cli.generated", "--check"]),
        ("configuration page current", [PYTHON, "-m", "undrift.config.documented", "--check"]),
        ("bank holidays current", [PYTHON, "-m", "undrift.library.calendars.make", "--check"]),
        ("manual current", [PYTHON, "-m", "undrift.library.manual", "--check"]),
        ("table of readers current", [PYTHON, "-m", "tests.readers", "--check"]),
        ("links of the documents", documents()),
        *[(f"protocol {text.parent.name}", [tools / "undrift", "check", text.parent.name]) for text in shipped],
    ]


def documents():
    """The command that makes the site. All pages are read anew, for Sphinx warns of a page only when it reads it."""
    strictly = ("-E", "-W", "--keep-going", "-q")
    return [VENV / "bin/sphinx-build", *strictly, "-b", "html", "-d", "build/doctrees", "docs", SITE]


def command_docs(arguments):
    set_up(with_tests=True)
    shutil.rmtree(str(CHECKOUT / SITE), ignore_errors=True)  # a page that is gone would stay
    run(*documents(), *arguments)
    say(f"The site is in {SITE}: open {SITE}/index.html.")


def passes(name, command):
    """Run one check; its output is shown only when it fails."""
    begun = time.monotonic()
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=str(CHECKOUT),
        env={**os.environ, "DEBUG": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    verdict = "ok" if ended.returncode == 0 else "FAILED"
    shown = "\n" + ended.stdout.decode(errors="replace") if ended.returncode != 0 else ""
    say(f"{verdict:6} {name} ({time.monotonic() - begun:.1f} s){shown}")
    return ended.returncode == 0


def command_reset(arguments):
    set_up(with_tests=False)
    become(PYTHON, "-m", "undrift.config.reset")


COMMANDS = {
    "setup": command_setup,
    "run": command_run,
    "test": command_test,
    "test-all": command_test_all,
    "check": command_check,
    "cover": command_cover,
    "docs": command_docs,
    "bench": command_bench,
    "demo-reset": command_reset,
}


def main():
    name, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in COMMANDS:
        sys.stderr.write(f"Say one of: {', '.join(COMMANDS)}. `make help` tells what each does.\n")
        return 2
    # What Python compiles it keeps: tests and checks start some hundred processes, each of which would compile it anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        COMMANDS[name](arguments)
    except Stop as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
