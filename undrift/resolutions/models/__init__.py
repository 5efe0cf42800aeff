"""Concerns: what each has of its own, beside the case that holds its history."""

from undrift.resolutions.models.resolution import Resolution

__all__ = ["Resolution"]
