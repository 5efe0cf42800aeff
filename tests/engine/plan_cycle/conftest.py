"""No test here reaches a network or a database."""

from tests.house.shut_in import pure, shut_in

__all__ = ["pure", "shut_in"]
