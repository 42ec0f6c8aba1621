"""Pages: the API itself, its other formats, and the keys to it."""
