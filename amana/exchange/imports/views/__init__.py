"""Pages of imports: what a file means, and what it would change."""
