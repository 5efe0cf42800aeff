"""Two ways in which one name is written, and two names."""

import pytest

from undrift.applying.names import may_be_one

ONE = [
    ("Ruth Okafor", "ruth  OKAFOR"), ("Ruth Okafor", "Okafor, Ruth"), ("Ruth Okafor", "Ms R. Okafor"),
    ("Ruth Okafor", "Ruth Okafor-Smith"), ("R Okafor", "Okafor"), ("Ruth Okafor", ""), ("", ""), ("Dr Ash", "Kit Ash"),
    ("Zo\u00eb Vane", "ZO\u00cb VANE"),
]  # fmt: skip
TWO = [
    ("Ruth Okafor", "Dev Marchetti"), ("Ruth Okafor", "Ruth Marchetti"), ("Ruth Okafor", "R. M."),
    ("Kit Arden", "Kit Marlow"),
    ("Ruth Okafor", "Dev Okafor"), ("R Okafor", "D Okafor"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "other"), ONE)
def test_a_name_written_otherwise_may_be_one_persons(name: str, other: str) -> None:
    assert may_be_one(name, other)
    assert may_be_one(other, name)


@pytest.mark.parametrize(("name", "other"), TWO)
def test_another_name_is_anothers(name: str, other: str) -> None:
    assert not may_be_one(name, other)
    assert not may_be_one(other, name)
