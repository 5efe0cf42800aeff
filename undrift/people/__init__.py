"""Who there is: authorities, agencies, units, posts and who holds them; and who may get in."""
