"""The organisation: who works where, who is away, who leaves, and who may get in."""
