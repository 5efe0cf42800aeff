"""One line of the benchmark's report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A ratio of two figures from one run, and what it must be: `at_least`, `at_most`, or neither (only told)."""

    what: str
    ratio: float
    seen: str  # the two figures with their units
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        high_enough = self.at_least is None or self.ratio >= self.at_least
        return high_enough and (self.at_most is None or self.ratio <= self.at_most)

    @property
    def bound_in_words(self) -> str:
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None) or "no bound"
