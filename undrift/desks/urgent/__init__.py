"""What to do when a child is at risk now; open to everybody."""
