"""What the policy's principles point out to the one who judges an answer. A pointer decides nothing."""

from __future__ import annotations

from undrift.engine.ladder.state import Answer, State
from undrift.engine.rules import Rules
from undrift.protocol.model import Principle, Protocol


def pointers(rules: Rules, state: State) -> tuple[str, ...]:
    """Sentences to show beside the answer at the stage where it stands, each with its clause; none without an answer.

    An answer is pointed out whenever it names an obstacle that the principle does not accept, with its own words.
    """
    answer = state.here.answer
    if answer is None:
        return ()
    return tuple(_sentence(rules.protocol, p, answer) for p in rules.protocol.principles if _bites(p, answer))


def _bites(principle: Principle, answer: Answer) -> bool:
    return bool(set(answer.obstacles) & set(principle.obstacles))


def _sentence(protocol: Protocol, principle: Principle, answer: Answer) -> str:
    titles = {o.id: o.title for o in protocol.obstacles}
    named = "; ".join(titles.get(code, code) for code in answer.obstacles if code in principle.obstacles)
    where = f" ({principle.clause})" if principle.clause else ""
    only = ", and offers no action" if not answer.actions else ""
    return f"The answer names this as standing in the way{only}: {named}. {principle.text}{where}"
