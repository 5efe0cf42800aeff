"""What a refusal to start is made of: a sentence that says what is wrong, and one that says what to set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from undrift.config import databases


@dataclass(frozen=True, slots=True)
class Setup:
    """What is judged: the settings as Django has them, and the environment they were read from."""

    settings: Any
    environ: Mapping[str, str]

    @property
    def in_production(self) -> bool:
        return not (self.settings.DEBUG or self.settings.DEMO)


@dataclass(frozen=True, slots=True)
class Rule:
    """`set_by` names the settings to change, `wrong` tells whether to refuse, `sentence` and `remedy` say it."""

    id: str
    set_by: str
    sentence: str
    remedy: str
    wrong: Callable[[Any], bool]
    also_at_home: bool = False  # in development and in the demonstration too


class Refused(ImproperlyConfigured):
    """The service does not start. The message lists everything that is wrong, each with what to set."""

    def __init__(self, broken: Sequence[Rule]) -> None:
        self.broken = tuple(broken)
        said = "\n".join(f"  {rule.sentence}\n      {rule.remedy}" for rule in broken)
        count = "one thing is" if len(broken) == 1 else f"{len(broken)} things are"
        super().__init__(f"Undrift does not start: {count} not safe.\n{said}")


def is_local(url: str) -> bool:
    """Does this address stay on this machine: a socket, or the machine's own name?"""
    said = databases.parts(url)
    hosts = f"{said.get('host') or ''},{said.get('hostaddr') or ''}".split(",")
    return all(host.startswith(("/", "@")) or host in ("", "localhost", "127.0.0.1", "::1") for host in hosts)
