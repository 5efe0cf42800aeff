"""Children and families: the lists, a child's record, a family's page."""
