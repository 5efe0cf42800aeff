"""The Standard Safeguarding Dataset: a council's own tables as CSV files, from any of the case systems."""
