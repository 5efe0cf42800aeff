"""Plan cycles are reached by acts, as people do them. The organisations are the cast's."""

from tests.resolutions.conftest import north, west

__all__ = ["north", "west"]
