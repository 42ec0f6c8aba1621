"""Files of administrative areas, whatever their columns are called: a mapping states
which is the code, the name and the code of the area above (ADR 95)."""
