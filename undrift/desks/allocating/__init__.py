"""Who has which children: the lists of those who lack somebody, and saying who chairs, works with and manages them."""
