"""What the policy's principles point out to the one who judges an answer. A pointer decides nothing."""

from __future__ import annotations

from undrift.engine.ladder.state import Answer, State
from undrift.engine.rules import Rules
from undrift.protocol.model import Principle, Protocol


def pointers(rules: Rules, state: State) -> tuple[str, ...]:
    """Sentences to show beside the answer at the stage where it stands, each with its clause; none without an answer.

    An answer is pointed out when it names obstacles, all of them such as the principle does not accept, and
    offers no action.
    """
    answer = state.here.answer
    if answer is None:
        return ()
    return tuple(_sentence(rules.protocol, p, answer) for p in rules.protocol.principles if _bites(p, answer))


def _bites(principle: Principle, answer: Answer) -> bool:
    return bool(answer.obstacles) and not answer.actions and set(answer.obstacles) <= set(principle.obstacles)


def _sentence(protocol: Protocol, principle: Principle, answer: Answer) -> str:
    titles = {o.id: o.title for o in protocol.obstacles}
    named = "; ".join(titles.get(code, code) for code in answer.obstacles)
    where = f" ({principle.clause})" if principle.clause else ""
    return f"The answer names only this as standing in the way, and no action: {named}. {principle.text}{where}"
