"""Notices to people: a reference, a date, a link and nothing else."""
