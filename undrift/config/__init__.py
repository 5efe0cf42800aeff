"""One settings file, what is refused at start-up, and how the service starts and stops."""
