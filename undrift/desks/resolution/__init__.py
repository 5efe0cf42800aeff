"""The page of one resolution, and the acts that may happen on it."""
