"""docs/configuration.md, made from the tables of what is refused: `python -m undrift.config.documented [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from undrift.config import bad_databases, bad_settings
from undrift.config.databases import CHECKOUT
from undrift.config.refusals import Rule

PAGE = CHECKOUT / "docs/configuration.md"
HEAD = """# Configuration

Made from `undrift/config/bad_settings.py` and `bad_databases.py` by `python -m undrift.config.documented`. Do not edit.

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
| `EMAIL_FROM` | the address that messages come from |
| `BEHIND_PROXY` | `1` behind a proxy that ends TLS and sets `X-Forwarded-Proto` itself |
| `SINGLE_SIGN_ON` | a TOML file of the councils' providers: see [signing in](signing-in.md) |
| `SEAL_FILE` | where seals of the history are kept, best on another disk |
| `LOG_LEVEL` | `INFO` unless set |
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


def main() -> int:
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
