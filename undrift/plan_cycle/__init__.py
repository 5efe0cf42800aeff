"""The plan cycle of a family's children, kept as a case of its own: conferences and what follows between them."""
