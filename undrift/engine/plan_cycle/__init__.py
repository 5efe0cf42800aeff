"""The plan cycle of a family's children: conferences, core groups, checks, and what follows between them."""
