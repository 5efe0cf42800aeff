"""An entry that was made in error: who may say so, and what is kept of it. The same for any kind of case."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Protocol

from undrift.engine.drafts import Decision, need
from undrift.engine.events import By
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import first_role, titles
from undrift.engine.written import written


class Kept(Protocol):
    """A state, as far as it says who wrote each entry and which of them are struck through."""

    @property
    def authors(self) -> Sequence[By]: ...

    @property
    def corrected(self) -> Container[int]: ...


def entry_refused(rules: Rules, state: Kept, entry: int, by: By) -> Refusal | None:
    """Why this person may not mark this entry as made in error; None where they may.

    Whoever wrote it may, and whoever keeps the records by the policy's text (`keeps_records`). What the service wrote
    follows from what people did: nobody marks it. An entry is marked once.
    """
    if not 1 <= entry <= len(state.authors) or entry in state.corrected:
        return Refusal("no-entry", "There is no such entry to correct.", about="seq")
    author = state.authors[entry - 1]
    if not author.person:
        return Refusal("the-services", _BY_ITSELF, about="seq")
    keepers = tuple(name for name, role in rules.protocol.roles.items() if role.keeps_records)
    if author.person == by.person or first_role(by, keepers):
        return None
    *named, last = author.name or "Whoever wrote this entry", *(f"the {titles(rules, (role,))}" for role in keepers)
    who = f"{', '.join(named)} or {last}" if named else last
    return Refusal("not-the-author", f"Only {who} can mark this entry as made in error.", about="seq")


_BY_ITSELF = "The service wrote this entry: it follows from what was done, so nobody marks it as made in error."


def correction(rules: Rules, state: Kept, entry: int, why: str, by: By) -> Decision:
    """An entry was made in error: it keeps its place and is struck through, once, with what is wrong with it."""
    refusal = entry_refused(rules, state, entry, by) or need(why, "why", "Enter what is wrong with this entry", "why")
    return refusal or (("corrected", {"seq": entry, "why": written(why)}),)
