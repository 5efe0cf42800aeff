"""Protocol and history in, state and duties out. Takes everything as arguments: text, history, calendar, moment."""
