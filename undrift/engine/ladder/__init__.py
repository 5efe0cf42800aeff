"""What each act brings about, or why it may not happen: checked by `engine.decide`, which is where to come in."""
