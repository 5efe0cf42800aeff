"""Concerns about a child's plan: the one way to change them, and the questions that lists ask."""
