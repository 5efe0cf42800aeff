"""Files into what is known: compared, written, undone."""
