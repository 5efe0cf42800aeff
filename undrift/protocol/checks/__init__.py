"""What the linter looks for, one file for each family of checks."""
