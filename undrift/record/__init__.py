"""What every kind of case has: a history that is only added to, and what is worked out from it."""
