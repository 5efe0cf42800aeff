"""Children, families, plans and conferences: the facts around which a concern arises."""
