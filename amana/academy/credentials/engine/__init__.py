"""Open Badges 3.0, pure: what a certificate says, how it is signed, and how anyone
finds out whether that still holds. Knows no database and no network."""
