"""Pages for those who speak, and for those who listen."""
