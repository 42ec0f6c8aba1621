"""Open Badges 3.0, pure: what a certificate contains, how it is signed, and how anyone
finds out whether it is still valid. Knows no database and no network."""
