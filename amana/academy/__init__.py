"""How people learn it: courses, and certificates of what they can do."""
