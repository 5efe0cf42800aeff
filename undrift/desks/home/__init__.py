"""Home: what is waiting for whoever is signed in, and by when."""
