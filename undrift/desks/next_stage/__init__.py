"""Moving a concern to its next stage, page by page."""
