"""Exercises in which the mechanism is tried around a table, and what they led to."""
