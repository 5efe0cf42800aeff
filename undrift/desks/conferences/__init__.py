"""Conferences, a month at a time: day by day as a list, and the month as a whole."""
