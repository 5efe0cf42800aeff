"""Pages that only say something, and the gallery of components for those who make pages."""
