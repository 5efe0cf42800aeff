"""Bringing the council's children in: a file is checked, then applied, and the last one can be undone."""
