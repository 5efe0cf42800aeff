"""What each act brings about, or why it may not happen: checked by `engine.ladder.decide`, the way in."""
