"""The pages: each desk is one kind of work, and a page fetches, asks, acts and leads on."""
