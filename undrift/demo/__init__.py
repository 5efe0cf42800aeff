"""Invented people and a year of their work, told from today and reached by acts."""
