"""The linter: what is likely to go wrong with a policy once people live by it.

A text that comes here is a protocol already, for `protocol.reader` has checked its form; this looks at its sense.
"""

from __future__ import annotations

from dataclasses import dataclass

from undrift.protocol.checks import grounds, ladder, times, undone, who
from undrift.protocol.checks.table import CHECKS, SEVERITIES, Check, Severity
from undrift.protocol.model import Protocol

# Importing a family enters its checks in the table; here they are named in the order of the page.
FAMILIES = {"1": who, "2": ladder, "3": times, "4": grounds, "5": undone}


@dataclass(frozen=True)
class Finding:
    """One thing found. `place` is written as in the reader's faults (`stage[2].duty[1]`)."""

    code: str
    sentence: str
    place: str
    clause: str
    severity: Severity


def lint(protocol: Protocol, holders: set[str] | None = None) -> tuple[Finding, ...]:
    """Everything found, the gravest first, then in order of code and place.

    `holders` are the roles that somebody holds in the authority; without it nobody asks who holds what.
    """
    held = None if holders is None else frozenset(holders)
    found = [
        Finding(each.code, one.sentence, one.place, one.clause, each.severity)
        for each in checks()
        for one in each.find(protocol, held)
    ]
    return tuple(sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.code)))


def checks() -> tuple[Check, ...]:
    """Every check, in order of code."""
    return tuple(CHECKS[code] for code in sorted(CHECKS))


def page() -> str:
    """The page of the documentation that tells of every check, as Markdown."""
    lines = [PAGE_HEAD]
    for each in checks():
        lines += [
            f"## {each.code} {each.title}",
            f"*{each.severity.capitalize()}.* {each.why}",
            f"```toml\n{each.wrong}\n```",
            f"**To mend it.** {each.mend}",
        ]
    return "\n\n".join(lines) + "\n"


PAGE_HEAD = """<!-- Written by `python -m undrift.cli.generated` from the table of checks. Change it there. -->

# What `undrift check` looks for

A text that can be read may still be a policy that people cannot live by. `undrift check` reads it the way somebody
would who has run such a policy for years. An **error** is something the policy itself contradicts: mend it before
the policy is adopted. A **warning** is something that usually is a slip; where it is meant, leave it. **Information**
is what you will want to know in any case. What is numbered **UD5..** a text can say and the service cannot do: it is
refused when the text is read, so that what is accepted is done.

Under each heading: why it matters, a text that brings it up, and how to mend it."""
