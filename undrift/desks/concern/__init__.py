"""What the pages of a concern share, whether it is raised or moves on: its matter, its questions, its drafts."""
