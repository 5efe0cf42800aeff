"""What templates may call: drawing components, dates and forms."""
