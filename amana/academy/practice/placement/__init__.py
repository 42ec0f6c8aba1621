"""Where to begin: a few questions for one's sector, and what follows from them."""
