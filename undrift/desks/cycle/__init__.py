"""A child's plan cycle: what is owed and by whom, each act as a page of its own."""
