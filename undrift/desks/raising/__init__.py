"""Raising a concern, from the plan or from a stage, page by page."""
