"""The two organisations for pages, under the versions of the policies that are shipped."""

from tests.resolutions.conftest import north, west

__all__ = ["north", "west"]
