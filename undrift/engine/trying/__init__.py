"""Policies tried out: worked examples played through the engine, and a whole ladder on a calendar."""
