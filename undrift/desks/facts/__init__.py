"""What somebody says of a child by page: begun, born, on a plan and off it, moved away, dead; and what was mistyped."""
