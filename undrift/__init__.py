"""A policy, written as a text file, becomes a running casework service."""

__version__ = "0.13.0"
