"""Templates to take home from a course: procedures, map, forms, outline of a brief."""
