"""A course's files, read, checked and compiled. Pure: no database, no page."""
